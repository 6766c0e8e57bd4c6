source(file.path(dirname(arguments[1]), "factor_model.R"))
answers <- read.csv("answers.csv")
reference <- paste(lavaan_version, "cfa(estimator = ML), estimates, standardised and fit")
run <- function() everything(cfa(model, answers))
figures <- fit_figures
