# One factor of the six COPE items (WLSMV on their 894 complete rows) and its invariance by the
# carer's sex (MLR on the 893 rows that have the sex as well): lavaan.
# Rscript structure.R path/to/efc.csv structure.json
suppressMessages({library(lavaan); library(jsonlite)})
arguments <- commandArgs(trailingOnly = TRUE)
data <- read.csv(arguments[1])
names <- c("c83cop2", "c84cop3", "c85cop4", "c86cop5", "c87cop6", "c88cop7")
model <- paste("negative =~", paste(names, collapse = " + "))
items <- na.omit(data[names])
ordered <- cfa(model, items, ordered = names, estimator = "WLSMV")
plain <- cfa(model, items, estimator = "ML")
standard <- standardizedSolution(ordered)
standard <- standard[standard$op == "=~", ]
measures <- c("chisq", "df", "chisq.scaled", "pvalue.scaled", "cfi.scaled", "tli.scaled",
              "rmsea.scaled", "rmsea.ci.lower.scaled", "rmsea.ci.upper.scaled", "srmr")
both <- na.omit(data[c(names, "c161sex")])
level <- function(equal) cfa(model, both, group = "c161sex", estimator = "MLR", group.equal = equal)
fits <- list(configural = level(""), metric = level("loadings"),
             scalar = level(c("loadings", "intercepts")),
             strict = level(c("loadings", "intercepts", "residuals")))
robust <- c("chisq", "chisq.scaled", "df", "pvalue.scaled", "cfi.robust", "tli.robust",
            "rmsea.robust", "srmr")
ladder <- lapply(fits, function(fit) as.list(unclass(fitMeasures(fit, robust))))
change <- lavTestLRT(fits$configural, fits$metric, fits$scalar, fits$strict,
                     method = "satorra.bentler.2001")
result <- list(
  versions = list(R = as.character(getRversion()),
                  lavaan = as.character(packageVersion("lavaan"))),
  n = nrow(items), wlsmv = as.list(unclass(fitMeasures(ordered, measures))),
  ml = as.list(unclass(fitMeasures(plain, c("chisq", "df", "cfi", "tli", "rmsea", "srmr")))),
  loadings = setNames(as.list(standard$est.std), standard$rhs),
  loadings_se = setNames(as.list(standard$se), standard$rhs),
  n_both = nrow(both), n_by_sex = as.list(table(both$c161sex)), ladder = ladder,
  differences = list(levels = names(fits)[-1], chisq = change[["Chisq diff"]][-1],
                     df = change[["Df diff"]][-1], p = change[["Pr(>Chisq)"]][-1]))
write(toJSON(result, auto_unbox = TRUE, digits = 12, pretty = TRUE), arguments[2])
