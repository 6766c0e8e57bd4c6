# Twins of public answers made by sequential trees, and their utility and risk beside ours.
#
#   Rscript tests/oracle/synthetic/compare_methods.R FOLDER answers
#   PYTHONPATH=tests .venv/bin/python tests/oracle/synthetic/write_twins.py FOLDER
#   Rscript tests/oracle/synthetic/compare_methods.R FOLDER
#
# The trees follow what Nowok, Raab & Dibben (2016, doi:10.18637/jss.v074.i11) and the manual of
# synthpop say of its defaults: variables one after another; the first drawn with replacement; each
# next one by a tree on all before it (rpart: at least 5 rows a leaf, complexity 1e-8); a donor
# drawn from the leaf; of a number first whether it is missing, and missing predictors as 0 with an
# indicator. This is that method in code of our own, and not the package.
# Answers: bfi of psych (Revelle, SAPA project), all 2800 rows, and 300 of them.
suppressPackageStartupMessages({library(psych); library(rpart)})
arguments <- commandArgs(trailingOnly = TRUE)
folder <- arguments[1]
seeds <- 1:3
place <- function(...) file.path(folder, paste0(..., ".csv"))
save_csv <- function(frame, path) write.csv(frame, path, row.names = FALSE, na = "", quote = FALSE)

answers <- setNames(bfi, tolower(names(bfi)))
items <- names(answers)[1:25]
answers <- answers[c("age", "education", "gender", items)]
# As in a twin: the ends of a number are pulled in to what 10 people lie at or beyond.
ends <- sort(answers$age)[c(10, nrow(answers) - 9)]
answers$age <- pmin(pmax(answers$age, ends[1]), ends[2])

if (length(arguments) > 1) {
  set.seed(20)
  save_csv(answers, place("answers_2800"))
  save_csv(answers[sort(sample(nrow(answers), 300)), ], place("answers_300"))
  quit()
}

from_leaves <- function(y, known, new) {
  kind <- if (is.factor(y)) "class" else "anova"
  tree <- rpart(y ~ ., data = data.frame(y = y, known), method = kind,
                control = rpart.control(minbucket = 5, cp = 1e-8, xval = 0))
  row_of_leaf <- tree
  row_of_leaf$frame$yval <- seq_len(nrow(tree$frame))
  leaf <- predict(row_of_leaf, new, type = "vector")
  donor <- vapply(leaf, function(each) {
    inside <- which(tree$where == each)
    inside[sample.int(length(inside), 1)]
  }, 1L)
  y[donor]
}

padded <- function(name, y) {
  gap <- is.na(y)
  setNames(data.frame(ifelse(gap, 0, y), factor(gap, c(FALSE, TRUE))), paste0(name, c("", "_gap")))
}

by_trees <- function(real) {
  n <- nrow(real)
  known <- new <- NULL
  made <- real
  for (name in names(real)) {
    y <- real[[name]]
    if (is.null(known)) {
      made[[name]] <- sample(y, n, replace = TRUE)
    } else {
      gap <- rep(FALSE, n)
      if (anyNA(y)) gap <- from_leaves(factor(is.na(y)), known, new) == "TRUE"
      made[[name]] <- NA_real_
      has <- !is.na(y)
      drawn <- from_leaves(y[has], known[has, , drop = FALSE], new[!gap, , drop = FALSE])
      made[[name]][!gap] <- drawn
    }
    here <- padded(name, y)
    there <- padded(name, made[[name]])
    both <- if (is.null(known)) list(here, there) else list(cbind(known, here), cbind(new, there))
    known <- both[[1]]
    new <- both[[2]]
  }
  made
}

# Raab, Nowok & Dibben (2021, arXiv:2109.12717): pMSE of a table over its expectation.
text <- function(frame) as.data.frame(lapply(frame, function(v) ifelse(is.na(v), "gap", v)))
ratio <- function(a, b) {
  cells <- table(c(a, b), rep(0:1, c(length(a), length(b))))
  size <- rowSums(cells)
  share <- length(b) / sum(size)
  pmse <- sum(size * (cells[, 2] / size - share)^2) / sum(size)
  pmse / ((nrow(cells) - 1) * share * (1 - share)^2 / sum(size))
}
tables <- function(real, synthetic) {
  a <- text(real[-1])
  b <- text(synthetic[-1])
  k <- ncol(a)
  two <- matrix(NA, k, k)
  for (i in seq_len(k)) for (j in seq_len(i - 1)) {
    two[i, j] <- two[j, i] <- ratio(paste(a[[i]], a[[j]]), paste(b[[i]], b[[j]]))
  }
  list(one = mapply(ratio, a, b), two = two)
}

# By a tree as well, over its mean where the labels are shuffled.
tree_pmse <- function(real, synthetic, shuffles = 10) {
  both <- rbind(real, synthetic)
  data <- do.call(cbind, lapply(names(both), function(name) padded(name, both[[name]])))
  one <- function(label) {
    tree <- rpart(label ~ ., data = data.frame(label = factor(label), data), method = "class",
                  control = rpart.control(cp = 1e-3, minbucket = 5, xval = 0))
    mean((predict(tree)[, 2] - mean(label))^2)
  }
  label <- rep(0:1, c(nrow(real), nrow(synthetic)))
  found <- one(label)
  c(found, found / mean(replicate(shuffles, one(sample(label)))))
}

keyed <- function(frame, keys) do.call(paste, text(frame)[keys])
rep_u <- function(real, synthetic, keys) {
  once <- function(frame) { n <- table(keyed(frame, keys)); names(n)[n == 1] }
  length(intersect(once(real), once(synthetic))) / nrow(real)
}
disco <- function(real, synthetic, keys, target) {
  told <- tapply(text(synthetic)[[target]], keyed(synthetic, keys), function(values) {
    if (length(unique(values)) == 1) values[1] else NA
  })
  hit <- told[keyed(real, keys)] == text(real)[[target]]
  mean(!is.na(hit) & hit)
}
rows_repeated <- function(real, synthetic) {
  n <- table(keyed(real, names(real)))
  sum(keyed(synthetic, names(real)) %in% names(n)[n == 1])
}

background <- c("education", "gender")
measure <- function(real, synthetic) {
  found <- tables(real, synthetic)
  pairs <- found$two[upper.tri(found$two)]
  tree <- tree_pmse(real, synthetic)
  r <- lapply(list(real, synthetic), function(d) cor(d[items], use = "pairwise.complete.obs"))
  r <- lapply(r, function(each) each[upper.tri(each)])
  knows <- list(c("age", background), c("age", background, items[1:2]))
  targets <- items[-(1:2)]
  told <- sapply(knows, function(keys) {
    mean(sapply(targets, function(target) disco(real, synthetic, keys, target)))
  })
  c(one_median = median(found$one), two_median = median(pairs), two_max = max(pairs),
    tree_pmse = tree[1], tree_ratio = tree[2], r_slope = unname(coef(lm(r[[2]] ~ r[[1]]))[2]),
    r_rmse = sqrt(mean((r[[1]] - r[[2]])^2)), rep_u = rep_u(real, synthetic, knows[[1]]),
    disco_background = told[1], disco_answers = told[2],
    rows_repeated = rows_repeated(real, synthetic))
}

every <- expand.grid(seed = seeds, n = c(2800, 300))
done <- parallel::mclapply(seq_len(nrow(every)), mc.cores = 6, mc.preschedule = FALSE, function(i) {
  run <- every[i, ]
  real <- read.csv(place("answers_", run$n))
  set.seed(run$seed)
  save_csv(by_trees(real), place("trees_", run$n, "_", run$seed))
  sapply(c("twin", "trees"), function(method) {
    set.seed(run$seed)
    measure(real, read.csv(place(method, "_", run$n, "_", run$seed))[names(real)])
  })
})
methods <- list()
for (n in unique(every$n)) {
  mean_of_seeds <- Reduce(`+`, done[every$n == n]) / length(seeds)
  for (method in c("twin", "trees")) {
    methods[[paste0(method, "_", n)]] <- as.list(mean_of_seeds[, method])
  }
}

# The same data for the oracle: one synthesis by trees, every measure that we compute too.
real <- read.csv(place("answers_300"))
synthetic <- read.csv(place("trees_300_1"))
here <- file.path("tests", "oracle", "synthetic")
save_csv(real, file.path(here, "answers_300.csv"))
save_csv(synthetic, file.path(here, "trees_300.csv"))
save_csv(answers[1:3], file.path(here, "background.csv"))
found <- tables(real, synthetic)
same <- list(
  one = as.list(found$one),
  pairs_median = as.list(setNames(apply(found$two, 1, median, na.rm = TRUE), names(found$one))),
  pairs_max = as.list(setNames(apply(found$two, 1, max, na.rm = TRUE), names(found$one))),
  rep_u = rep_u(real, synthetic, c("age", background)),
  disco = sapply(items, function(item) disco(real, synthetic, background, item), simplify = FALSE))
versions <- list(R = as.character(getRversion()), psych = as.character(packageVersion("psych")),
                 rpart = as.character(packageVersion("rpart")))
written <- list(versions = versions, seeds = length(seeds), methods = methods, same = same)
writeLines(jsonlite::toJSON(written, auto_unbox = TRUE, digits = NA, pretty = TRUE),
           file.path(here, "comparison.json"))
