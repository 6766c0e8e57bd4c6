# Write the figures that tests/oracle/test_pooling_oracle.py compares with: completed data sets of
# R's nhanes, and what mice pools from them. Run in this folder: Rscript make_pooling.R
suppressPackageStartupMessages({
  library(mice)
  library(jsonlite)
})

data <- nhanes
imputed <- mice(data, m = 7, method = "pmm", seed = 20261122, printFlag = FALSE)
sets <- do.call(rbind, lapply(1:7, function(i) cbind(set = i, complete(imputed, i))))
write.csv(sets, "nhanes_completed.csv", row.names = FALSE)

fits <- with(imputed, lm(chl ~ age + bmi + hyp))
smaller <- with(imputed, lm(chl ~ age))
pooled <- pool(fits)$pooled
infinite <- pool(fits, dfcom = Inf)$pooled
wald <- suppressWarnings(pool.compare(fits, smaller, method = "wald"))

# Two one-sided tests (Schuirmann, 1987) of the pooled slope of bmi, at 5 % each.
bounds <- c(-12, 12)
bmi <- pooled[3, ]
se <- sqrt(bmi$t)
equivalence <- list(
  bounds = bounds,
  p_low = pt((bmi$estimate - bounds[1]) / se, bmi$df, lower.tail = FALSE),
  p_high = pt((bmi$estimate - bounds[2]) / se, bmi$df),
  ci = bmi$estimate + c(-1, 1) * qt(.95, bmi$df) * se
)

logit <- with(imputed, glm(I(hyp - 1) ~ age + bmi, family = binomial))
logit_small <- with(imputed, glm(I(hyp - 1) ~ 1, family = binomial))
likelihood <- suppressWarnings(pool.compare(logit, logit_small, method = "likelihood"))
deviances <- lapply(likelihood$deviances, unlist)

# Li, Raghunathan & Rubin (1991) with whole covariance matrices. mice 3.15 takes their diagonals
# only (est1$pooled$ubar), so that its figure is another one where coefficients covary.
q <- t(sapply(fits$analyses, coef))[, 3:4]
u <- lapply(fits$analyses, function(fit) vcov(fit)[3:4, 3:4])
joint <- function(q, u) {
  m <- nrow(q)
  k <- ncol(q)
  within <- Reduce(`+`, u) / m
  r <- (1 + 1 / m) * sum(diag(cov(q) %*% solve(within))) / k
  f <- c(colMeans(q) %*% solve(within) %*% colMeans(q)) / (k * (1 + r))
  v <- k * (m - 1)
  df2 <- 4 + (v - 4) * (1 + (1 - 2 / v) / r)^2
  list(f = f, riv = r, df2 = df2, p = pf(f, k, df2, lower.tail = FALSE))
}

columns <- c("estimate", "t", "df", "riv", "fmi", "lambda")
out <- list(
  versions = list(R = R.version.string, mice = as.character(packageVersion("mice"))),
  pooled = pooled[, columns],
  infinite = infinite[, columns],
  equivalence = equivalence,
  r2 = as.vector(pool.r.squared(fits)),
  r2_adjusted = as.vector(pool.r.squared(fits, adjusted = TRUE)),
  wald = joint(q, u),
  wald_diagonal = list(f = c(wald$Dm), riv = wald$rm, df2 = wald$df2, p = c(wald$pvalue)),
  likelihood = list(
    own = deviances$dev0.M - deviances$dev1.M,
    at_pooled = deviances$dev0.L - deviances$dev1.L, f = likelihood$Dm, riv = likelihood$rm,
    df1 = likelihood$df1, df2 = likelihood$df2, p = likelihood$pvalue
  )
)
write_json(out, "pooling.json", digits = NA, auto_unbox = TRUE, pretty = TRUE)
