# Propensity score mean squared error of a categorical variable, by logistic regression.
# From the top of the checkout: Rscript tests/oracle/synthetic/make_utility.R
real <- rep(c("a", "b", "c", "d"), c(30, 25, 12, 3))
synthetic <- rep(c("a", "b", "c", "d"), c(22, 27, 14, 5))
value <- factor(c(real, synthetic))
is_synthetic <- rep(0:1, c(length(real), length(synthetic)))
fit <- glm(is_synthetic ~ value, family = binomial, control = list(epsilon = 1e-14, maxit = 100))
share <- mean(is_synthetic)
n <- length(is_synthetic)
pmse <- mean((fitted(fit) - share)^2)
expected <- (nlevels(value) - 1) * (1 - share)^2 * share / n
found <- list(versions = list(R = as.character(getRversion())), real = real,
              synthetic = synthetic, s_pmse = pmse / expected)
writeLines(jsonlite::toJSON(found, auto_unbox = TRUE, digits = NA, pretty = TRUE),
           "tests/oracle/synthetic/utility.json")
