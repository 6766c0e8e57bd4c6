# Write the indices that tests/oracle/test_careless_oracle.py compares with.
# Run in this folder: Rscript careless.R
# The package careless is not in Debian: its definitions (1.2.2) are written out here anew, from its
# documentation and the papers it names; Mahalanobis distances come from psych.
suppressPackageStartupMessages({
  library(psych)
  library(jsonlite)
})

items <- paste0(rep(c("A", "C", "E", "N", "O"), each = 5), 1:5)
x <- as.matrix(read.csv("../cfa/bfi.csv")[1:300, items])
reversed <- c("A1", "C4", "C5", "E1", "E2", "O2", "O5")
keyed <- x
keyed[, reversed] <- 7 - keyed[, reversed]
na <- function(v) ifelse(is.na(v), NA, v)

runs <- apply(x, 1, function(v) {
  lengths <- rle(v[!is.na(v)])$lengths
  c(max(lengths), mean(lengths))
})

even_odd <- apply(keyed, 1, function(v) {
  halves <- sapply(split(v, rep(1:5, each = 5)), function(f) {
    c(mean(f[c(1, 3, 5)], na.rm = TRUE), mean(f[c(2, 4)], na.rm = TRUE))
  })
  halves <- halves[, colSums(is.na(halves)) == 0, drop = FALSE]
  if (ncol(halves) < 3) return(NA)
  r <- suppressWarnings(cor(halves[1, ], halves[2, ]))
  max(2 * r / (1 + r), -1)
})

pairs_of <- function(limit) {
  r <- cor(x, use = "pairwise.complete.obs")
  r[!upper.tri(r)] <- 0
  which(if (limit > 0) r > limit else r < limit, arr.ind = TRUE)
}
within <- function(pairs) apply(x, 1, function(v) {
  both <- cbind(v[pairs[, 1]], v[pairs[, 2]])
  both <- both[complete.cases(both), , drop = FALSE]
  if (nrow(both) < 3) return(NA)
  suppressWarnings(cor(both[, 1], both[, 2]))
})

# Guttman errors counted pair by pair; their most by trying every pattern of three items.
steps_of <- function(v, options) unlist(lapply(v, function(a) seq_len(options - 1) <= a))
guttman <- function(data, options) {
  steps <- t(apply(data, 1, steps_of, options = options))
  order <- order(-colMeans(steps))  # ties in the order of the items
  errors <- function(s) {
    s <- s[order]
    sum(sapply(seq_along(s), function(i) if (s[i]) sum(!s[seq_len(i - 1)]) else 0))
  }
  everything <- as.matrix(expand.grid(rep(list(0:(options - 1)), ncol(data))))
  most <- tapply(apply(t(apply(everything, 1, steps_of, options = options)), 1, errors),
                 rowSums(everything), max)
  list(errors = unname(apply(steps, 1, errors)),
       most = unname(most[as.character(rowSums(data))]))
}
fit <- x[complete.cases(x[, c("N1", "N2", "N3")]), c("N1", "N2", "N3")] - 1

complete <- x[complete.cases(x), ]
writeLines(toJSON(list(
  versions = list(R = as.character(getRversion()), psych = as.character(packageVersion("psych"))),
  longest = runs[1, ], mean_run = runs[2, ],
  irv = apply(x, 1, sd, na.rm = TRUE),
  mahalanobis = as.numeric(outlier(complete, plot = FALSE)),
  tail = pchisq(as.numeric(outlier(complete, plot = FALSE)), ncol(complete), lower.tail = FALSE),
  even_odd = even_odd,
  n_synonyms = nrow(pairs_of(.45)), synonyms = within(pairs_of(.45)),
  n_antonyms = nrow(pairs_of(-.30)), antonyms = within(pairs_of(-.30)),
  guttman = guttman(fit, 6)
), digits = NA, auto_unbox = TRUE, na = "null", pretty = FALSE), "careless.json")
