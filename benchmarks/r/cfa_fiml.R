source(file.path(dirname(arguments[1]), "factor_model.R"))
answers <- read.csv("answers.csv")
reference <- paste(lavaan_version, "cfa(missing = fiml), estimates, standardised and fit")
run <- function() everything(cfa(model, answers, missing = "fiml"))
figures <- fit_figures
