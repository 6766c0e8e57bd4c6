library(lavaan)
model <- paste(sapply(c("A", "C", "E", "N", "O"), function(scale) {
  paste(scale, "=~", paste0(scale, 1:5, collapse = " + "))
}), collapse = "\n")
lavaan_version <- paste("lavaan", packageVersion("lavaan"))
everything <- function(fit) {
  list(
    parameters = parameterEstimates(fit), fit = fitMeasures(fit),
    standardised = standardizedSolution(fit)
  )
}
fit_figures <- function(found) {
  loadings <- subset(found$parameters, op == "=~" & se > 0)
  chisq <- found$fit[intersect(c("chisq", "chisq.scaled"), names(found$fit))]
  list(
    loadings = loadings$est, se = loadings$se, chisq = unname(chisq),
    indices = unname(found$fit[c("cfi", "rmsea", "srmr")])
  )
}
