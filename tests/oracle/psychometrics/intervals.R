# Writes standard errors of reliability between and within clusters, and of ordinal alpha, by the
# delta method on lavaan's covariance matrices. Run at the top: Rscript <this file> [results.json]
suppressMessages({
  library(lavaan); library(jsonlite)
})
folder <- "tests/oracle/psychometrics"
given <- commandArgs(trailingOnly = TRUE)
out <- if (length(given)) given[1] else file.path(folder, "intervals.json")

stored <- fromJSON(file.path(folder, "results.json"))
two_levels <- as.data.frame(stored$two_levels$data)
items <- setdiff(names(two_levels), "cluster")
p <- length(items)
level <- function(tag) {
  rows <- character()
  for (i in 1:p) for (j in i:p) {
    rows <- c(rows, sprintf("%s ~~ %s%d%d*%s", items[i], tag, i, j, items[j]))
  }
  paste(rows, collapse = "\n")
}
variances <- function(tag) paste(sprintf("%s%d%d", tag, 1:p, 1:p), collapse = " + ")
covariances <- function(tag) {
  pairs <- combn(p, 2)
  paste(sprintf("%s%d%d", tag, pairs[1, ], pairs[2, ]), collapse = " + ")
}
model <- paste0(
  "level: 1\n", level("w"), "\nlevel: 2\n", level("b"), "\n",
  "tw := ", variances("w"), " + 2*(", covariances("w"), ")\n",
  "tb := ", variances("b"), " + 2*(", covariances("b"), ")\n",
  "within := ", p, "/(", p, " - 1)*2*(", covariances("w"), ")/tw\n",
  "between := ", p, "/(", p, " - 1)*2*(", covariances("b"), ")/tb\n",
  "icc := tb/(tb + tw)"
)
fit <- suppressWarnings(sem(model, two_levels, cluster = "cluster", estimator = "MLR"))
found <- parameterEstimates(fit)
found <- found[found$op == ":=", ]
reliability <- setNames(as.list(found$se), found$lhs)[c("between", "within", "icc")]

bfi <- read.csv("tests/oracle/reliability/data/bfi_neuroticism.csv")
bfi <- na.omit(bfi[, setdiff(names(bfi), "answered_all")])
one <- cfa(paste("f =~", paste(names(bfi), collapse = " + ")), bfi, ordered = names(bfi),
           estimator = "WLSMV")
gamma <- lavInspect(one, "gamma")
k <- ncol(bfi)
last <- nrow(gamma) - rev(seq_len(k * (k - 1) / 2)) + 1
r <- lavInspect(one, "sampstat")$cov
slope <- k / (k - 1) * 2 * k / sum(r)^2
alpha_se <- slope * sqrt(sum(gamma[last, last]) / nrow(bfi))

results <- list(
  versions = list(R = paste(R.version$major, R.version$minor, sep = "."),
                  lavaan = as.character(packageVersion("lavaan"))),
  two_levels = reliability,
  ordinal_alpha = list(estimate = k / (k - 1) * (1 - k / sum(r)), se = alpha_se)
)
writeLines(toJSON(results, auto_unbox = TRUE, digits = 12, pretty = TRUE), out)
