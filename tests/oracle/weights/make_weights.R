# Write the figures that tests/oracle/test_weights_oracle.py compares with: raking, trimming, means
# and a regression by R's survey. Run in this folder: Rscript make_weights.R
suppressPackageStartupMessages({
  library(survey)
  library(jsonlite)
})

set.seed(20261122)
n <- 120
people <- data.frame(
  triad = rep(1:80, length.out = n),
  gender = sample(c("1", "2"), n, TRUE, c(0.7, 0.3)),
  age = sample(c("1", "2", "3"), n, TRUE, c(0.2, 0.5, 0.3)),
  hours = round(rgamma(n, 2, 0.1), 1)
)
people$burden <- round(2 + 0.02 * people$hours + 0.3 * (people$gender == "2") + rnorm(n, sd = 0.6), 3)
write.csv(people, "people.csv", row.names = FALSE)

margins <- list(
  data.frame(gender = c("1", "2"), Freq = n * c(0.5, 0.5)),
  data.frame(age = c("1", "2", "3"), Freq = n * c(0.4, 0.35, 0.25))
)
start <- svydesign(ids = ~1, weights = ~1, data = people)
raked <- rake(start, list(~gender, ~age), margins, control = list(maxit = 1000, epsilon = 1e-12, verbose = FALSE))
weights <- weights(raked)
trimmed <- weights(trimWeights(raked, upper = 1.5, strict = TRUE))

# Weights taken as given, as those of a file: what raking gains in precision is not counted.
given <- svydesign(ids = ~1, weights = weights, data = people)
clustered <- svydesign(ids = ~triad, weights = weights, data = people)
model <- function(design) {
  fit <- svyglm(burden ~ hours + gender, design)
  list(b = unname(coef(fit)), se = unname(sqrt(diag(vcov(fit)))), df = fit$df.residual)
}
mean_of <- function(design) {
  found <- svymean(~burden, design)
  list(mean = unname(coef(found)), se = c(SE(found)), df = degf(design))
}
write_json(
  list(
    versions = list(R = R.version.string, survey = as.character(packageVersion("survey"))),
    weights = unname(weights), trimmed = unname(trimmed),
    mean = mean_of(given), mean_clustered = mean_of(clustered),
    model = model(given), model_clustered = model(clustered)
  ),
  "weights.json", digits = NA, auto_unbox = TRUE
)
