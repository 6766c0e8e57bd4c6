source(file.path(dirname(arguments[1]), "factor_model.R"))
answers <- read.csv("answers.csv")
reference <- paste(lavaan_version, "four cfa(estimator = MLR), fitMeasures and lavTestLRT")
levels <- list(
  "", "loadings", c("loadings", "intercepts"), c("loadings", "intercepts", "residuals")
)
run <- function() {
  fits <- lapply(levels, function(equal) {
    cfa(model, answers, estimator = "MLR", group = "group", group.equal = equal)
  })
  list(fit = lapply(fits, fitMeasures), tests = do.call(lavTestLRT, c(list(fits[[1]]), fits[-1])))
}
figures <- function(found) {
  list(
    chisq = sapply(found$fit, `[[`, "chisq.scaled"), cfi = sapply(found$fit, `[[`, "cfi.robust")
  )
}
