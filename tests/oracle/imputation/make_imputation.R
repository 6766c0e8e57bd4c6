# Write the figures that tests/oracle/test_imputation_oracle.py compares with: ordered answers with
# values missing at random, what mice makes of them, and Little's test from its equations.
# Run in this folder: Rscript make_imputation.R
suppressPackageStartupMessages({
  library(mice)
  library(MASS)
  library(jsonlite)
})

set.seed(20261122)
n <- 300
common <- rnorm(n)
items <- sapply(1:5, function(j) {
  as.numeric(cut(0.7 * common + rnorm(n, sd = 0.7), c(-Inf, -1, -0.3, 0.4, 1.1, Inf)))
})
colnames(items) <- paste0("q", 1:5)
x <- 0.5 * common + rnorm(n, sd = 0.9)
y <- rowMeans(items[, 1:2]) * 0.4 - 0.3 * x + rnorm(n, sd = 0.8)
data <- data.frame(items, x = round(x, 4), y = round(y, 4))
for (j in 1:3) data[runif(n) < plogis(-1.2 + 0.8 * x), j] <- NA # at random, given x
data[runif(n) < 0.1, "y"] <- NA
write.csv(data, "ordered.csv", row.names = FALSE, na = "")

imputed <- mice(data, m = 100, maxit = 10, method = "pmm", seed = 1, printFlag = FALSE)
columns <- c("estimate", "t", "fmi")
pooled <- pool(with(imputed, lm(y ~ q1 + q2 + x)))$pooled[, columns]
reduced <- nhanes
small <- mice(reduced, m = 100, maxit = 10, method = "pmm", seed = 1, printFlag = FALSE)
pooled_small <- pool(with(small, lm(bmi ~ age + chl)))$pooled[, columns]
write.csv(nhanes, "nhanes.csv", row.names = FALSE, na = "")

complete_items <- data.frame(q4 = factor(data$q4), q5 = data$q5, x = data$x)
ordered_fit <- polr(q4 ~ scale(q5) + scale(x), complete_items, Hess = TRUE)

# Little (1988), doi:10.1080/01621459.1988.10478722, equation 4: means and covariance by EM.
em <- function(d) {
  m <- colMeans(d, na.rm = TRUE)
  s <- diag(apply(d, 2, var, na.rm = TRUE))
  for (step in 1:20000) {
    sums <- 0 * m
    squares <- 0 * s
    for (i in seq_len(nrow(d))) {
      o <- !is.na(d[i, ])
      row <- d[i, ]
      extra <- 0 * s
      if (any(!o)) {
        if (any(o)) {
          w <- s[!o, o, drop = FALSE] %*% solve(s[o, o])
          row[!o] <- m[!o] + w %*% (d[i, o] - m[o])
          extra[!o, !o] <- s[!o, !o] - w %*% s[o, !o]
        } else {
          row <- m
          extra <- s
        }
      }
      sums <- sums + row
      squares <- squares + row %*% t(row) + extra
    }
    new_m <- sums / nrow(d)
    new_s <- squares / nrow(d) - new_m %*% t(new_m)
    moved <- max(abs(new_m - m), abs(new_s - s))
    m <- new_m
    s <- new_s
    if (moved < 1e-12) break
  }
  list(m = m, s = s)
}
little <- function(frame) {
  d <- as.matrix(frame)
  d <- d[rowSums(!is.na(d)) > 0, ]
  fit <- em(d)
  pattern <- apply(!is.na(d), 1, function(z) paste(as.integer(z), collapse = ""))
  stat <- 0
  df <- -ncol(d)
  for (p in unique(pattern)) {
    rows <- d[pattern == p, , drop = FALSE]
    o <- !is.na(rows[1, ])
    gap <- colMeans(rows[, o, drop = FALSE]) - fit$m[o]
    stat <- stat + nrow(rows) * c(t(gap) %*% solve(fit$s[o, o]) %*% gap)
    df <- df + sum(o)
  }
  list(chi2 = stat, df = df, p = pchisq(stat, df, lower.tail = FALSE),
       patterns = length(unique(pattern)), mean = unname(fit$m))
}

out <- list(
  versions = list(
    R = R.version.string, mice = as.character(packageVersion("mice")),
    MASS = as.character(packageVersion("MASS"))
  ),
  pooled = pooled,
  nhanes = pooled_small,
  polr = list(
    thresholds = unname(ordered_fit$zeta), slopes = unname(coef(ordered_fit)),
    se = unname(sqrt(diag(vcov(ordered_fit))))
  ),
  little = little(data), little_nhanes = little(nhanes)
)
write_json(out, "imputation.json", digits = NA, auto_unbox = TRUE, pretty = TRUE)
