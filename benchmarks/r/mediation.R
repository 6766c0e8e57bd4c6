library(lavaan)
people <- read.csv("mediation.csv")
model <- "
  first ~ a1 * predictor
  second ~ a2 * predictor
  outcome ~ b1 * first + b2 * second + predictor
  first ~~ second
  indirect1 := a1 * b1
  indirect2 := a2 * b2
"
times <- 10
reference <- paste(
  "lavaan", packageVersion("lavaan"), "sem(se = bootstrap), 100 samples timed, times 10 for 1,000"
)
run <- function() {
  set.seed(1)
  fit <- sem(model, people, se = "bootstrap", bootstrap = 100)
  subset(parameterEstimates(fit, boot.ci.type = "perc"), op == ":=")
}
figures <- function(found) {
  list(indirect = found$est, interval = c(found$ci.lower, found$ci.upper))
}
