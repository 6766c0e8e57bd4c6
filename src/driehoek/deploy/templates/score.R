
arguments <- commandArgs(trailingOnly = TRUE)
file <- if (length(arguments) > 0) arguments[1] else "answers.csv"
out <- if (length(arguments) > 1) arguments[2] else "scores.csv"
first <- readLines(file, n = 1, encoding = "UTF-8", warn = FALSE)
separator <- if (grepl(";", first)) ";" else ","
raw <- read.csv(file, sep = separator, colClasses = "character", check.names = FALSE,
  na.strings = character(), encoding = "UTF-8")
names(raw)[1] <- sub("^\u{feff}", "", enc2utf8(names(raw)[1]))
n <- nrow(raw)
answers <- data.frame(row = seq_len(n) + 1)  # as a spreadsheet counts
shown <- list()
found <- list()

cell <- function(id) if (id %in% names(raw)) trimws(raw[[id]]) else rep("", n)

choice <- function(id, options, label) {
  value <- unname(options$values[cell(id)])
  structure(value, label = label, labels = options$labels)
}

number <- function(id, low, high, label) {
  text <- sub(",", ".", cell(id), fixed = TRUE)
  is_number <- grepl("^[-+]?[0-9]*[.]?[0-9]+$", text)
  value <- rep(NA_real_, n)
  value[is_number] <- as.numeric(text[is_number])
  value[(!is.na(low) & value < low) | (!is.na(high) & value > high)] <- NA
  structure(value, label = label)
}

# A question counts as presented unless routing hid it and nothing was answered to it.
presented <- function(id) !(shown[[id]] %in% FALSE & cell(id) == "")

counted <- function(id, turn, recode) {
  value <- as.numeric(answers[[id]])
  if (!is.null(recode)) return(unname(recode[as.character(value)]))
  if (is.na(turn)) value else turn - value
}

keep <- function(role_, about, scale, facet, score, n_answered, n_items, low, high) {
  rows <- which(role %in% role_)
  if (length(rows) == 0) return(invisible())
  found[[paste(role_, about, scale, facet, sep = "/")]] <<- data.frame(
    row = answers$row[rows], role = role_, about = about, scale = scale, facet = facet,
    score = score[rows], score_100 = (score[rows] - low) / (high - low) * 100,
    n_answered = n_answered[rows], n_items = n_items[rows])
}

score_items <- function(role_, about, scale, facet, items, turns, low, high, times,
                        share = NULL, least = NULL, recode = NULL) {
  values <- sapply(seq_along(items), function(i) counted(items[i], turns[i], recode[[i]]))
  values <- matrix(values, nrow = n)
  met <- matrix(sapply(items, function(id) if (is.null(shown[[id]])) rep(TRUE, n) else presented(id)),
    nrow = n)
  n_answered <- rowSums(!is.na(values))
  n_items <- rowSums(met | !is.na(values))
  needed <- if (is.null(least)) share * n_items - 1e-9 else rep(least, n)
  enough <- n_answered >= needed & n_answered > 0
  score <- ifelse(enough, rowSums(values, na.rm = TRUE) / pmax(n_answered, 1) * times, NA)
  keep(role_, about, scale, facet, score, n_answered, n_items, low, high)
}

score_parts <- function(role_, about, scale, facet, parts, method, low, high) {
  tables <- found[paste(role_, about, scale, parts, sep = "/")]
  if (any(sapply(tables, is.null))) return(invisible())
  total <- Reduce(`+`, lapply(tables, `[[`, "score"))
  score <- if (method == "mean") total / length(parts) else total
  answered <- Reduce(`+`, lapply(tables, `[[`, "n_answered"))
  items <- Reduce(`+`, lapply(tables, `[[`, "n_items"))
  rows <- which(role %in% role_)
  whole <- function(part) replace(rep(NA_real_, n), rows, part)
  keep(role_, about, scale, facet, whole(score), whole(answered), whole(items), low, high)
}
