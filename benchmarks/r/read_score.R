has_table <- requireNamespace("data.table", quietly = TRUE)
if (has_table) data.table::setDTthreads(1)
reference <- if (has_table) {
  paste("data.table", packageVersion("data.table"), "fread, then base R")
} else {
  "base R read.csv (data.table is not installed)"
}
score <- function(answers, first) {
  part <- as.matrix(answers[, first:(first + 9)])
  reversed <- (first:(first + 9)) %% 3 == 0
  part[, reversed] <- 6 - part[, reversed]
  scores <- rowMeans(part, na.rm = TRUE)
  scores[rowSums(!is.na(part)) < 7.5] <- NA
  scores
}
run <- function() {
  answers <- if (has_table) {
    data.table::fread("sixty.csv", data.table = FALSE)
  } else {
    read.csv("sixty.csv")
  }
  sapply(0:5, function(scale) score(answers, 10 * scale + 1))
}
figures <- function(found) {
  list(
    means = colMeans(found, na.rm = TRUE), sds = apply(found, 2, sd, na.rm = TRUE),
    n_missing = colSums(is.na(found)), first = head(na.omit(found[, 1]), 1000)
  )
}
