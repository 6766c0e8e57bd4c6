# Writes the results of psych and lavaan that the oracle tests compare with.
# Usage: Rscript reliability.R DATA_FOLDER RESULTS.json
suppressPackageStartupMessages({
  library(psych)
  library(lavaan)
  library(jsonlite)
})
arguments <- commandArgs(trailingOnly = TRUE)
read_items <- function(name) read.csv(file.path(arguments[1], paste0(name, ".csv")))

alphas <- function(items, use) {
  rows <- if (use == "complete") na.omit(items) else items[rowSums(!is.na(items)) > 0, ]
  result <- psych::alpha(rows, use = "pairwise", check.keys = FALSE, warnings = FALSE)
  pairs <- crossprod(!is.na(as.matrix(rows)))
  feldt <- alpha.ci(result$total$raw_alpha, n.obs = min(pairs), n.var = ncol(rows), digits = 15)
  list(raw = result$total$raw_alpha, standardised = result$total$std.alpha,
       mean_r = result$total$average_r, ci_low = feldt$lower.ci, ci_high = feldt$upper.ci,
       n = nrow(rows), if_dropped = result$alpha.drop$raw_alpha, r_drop = result$item.stats$r.drop,
       mean = result$item.stats$mean, sd = result$item.stats$sd)
}

one_factor <- function(items, missing) {
  model <- paste("f =~", paste(names(items), collapse = " + "))
  fit <- suppressWarnings(cfa(model, items, std.lv = TRUE, missing = missing,
                              control = list(rel.tol = 1e-14)))
  estimates <- lavInspect(fit, "est")
  loadings <- as.vector(estimates$lambda)
  errors <- diag(estimates$theta)
  list(loadings = loadings, errors = unname(errors), n = lavInspect(fit, "nobs"),
       omega = sum(loadings)^2 / (sum(loadings)^2 + sum(errors)))
}

holzinger <- read_items("holzinger")
set.seed(20261122)
resamples <- lapply(1:20, function(i) sample(nrow(holzinger), replace = TRUE))
resampled <- sapply(resamples, function(rows) {
  one_factor(holzinger[rows, c("x4", "x5", "x6", "x7")], "listwise")$omega
})

planned <- read_items("bfi_planned")
planned_resamples <- lapply(1:5, function(i) sample(nrow(planned), replace = TRUE))
planned_resampled <- sapply(planned_resamples, function(rows) {
  one_factor(planned[rows, ], "fiml")$omega
})

neuroticism <- read_items("bfi_neuroticism")
inventory <- neuroticism[neuroticism$answered_all == 1, 1:5]
neuroticism <- neuroticism[, 1:5]
results <- list(
  versions = list(R = as.character(getRversion()), psych = as.character(packageVersion("psych")),
                  lavaan = as.character(packageVersion("lavaan"))),
  alpha = list(
    bfi_neuroticism = list(complete = alphas(neuroticism, "complete"),
                           pairwise = alphas(neuroticism, "pairwise")),
    bfi_inventory = list(complete = alphas(inventory, "complete")),
    bfi_planned = list(complete = alphas(planned, "complete"),
                       pairwise = alphas(planned, "pairwise")),
    holzinger = list(complete = alphas(holzinger, "complete"))),
  omega = list(
    bfi_neuroticism = list(complete = one_factor(neuroticism, "listwise"),
                           fiml = one_factor(neuroticism, "fiml")),
    bfi_planned = list(complete = one_factor(planned, "listwise"),
                       fiml = one_factor(planned, "fiml")),
    holzinger = list(complete = one_factor(holzinger, "listwise")),
    heywood = list(complete = one_factor(read_items("heywood"), "listwise"))),
  resamples = list(rows = resamples, omega = resampled),
  planned_resamples = list(rows = planned_resamples, omega = planned_resampled))
write_json(results, arguments[2], auto_unbox = TRUE, digits = 15)
