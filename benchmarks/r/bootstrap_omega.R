library(lavaan)
answers <- read.csv("answers.csv")
model <- paste("f =~", paste(names(answers), collapse = " + "))
omega <- function(fit) {
  values <- lavInspect(fit, "est")
  loadings <- sum(values$lambda)^2
  loadings / (loadings + sum(diag(values$theta)))
}
whole <- cfa(model, answers, std.lv = TRUE, se = "none", test = "none")
times <- 10
reference <- paste(
  "lavaan", packageVersion("lavaan"), "bootstrapLavaan, 100 samples timed, times 10 for 1,000"
)
run <- function() {
  set.seed(1)
  bootstrapLavaan(whole, R = 100, FUN = omega)
}
figures <- function(found) {
  list(omega = omega(whole), interval = unname(quantile(found, c(.025, .975))))
}
