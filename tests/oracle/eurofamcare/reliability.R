# Reliability of the six COPE items on their 894 complete rows: psych and lavaan.
# Rscript reliability.R path/to/efc.csv reliability.json
suppressMessages({library(psych); library(lavaan); library(semTools); library(jsonlite)})
arguments <- commandArgs(trailingOnly = TRUE)
data <- read.csv(arguments[1])
items <- na.omit(data[c("c83cop2", "c84cop3", "c85cop4", "c86cop5", "c87cop6", "c88cop7")])
found <- psych::alpha(items)
model <- paste("f =~", paste(names(items), collapse = " + "))
fit <- cfa(model, items, std.lv = TRUE, estimator = "ML")
estimates <- parameterEstimates(fit)
loadings <- estimates$est[estimates$op == "=~"]
errors <- estimates$est[estimates$op == "~~" & estimates$lhs != "f"]
ordinal <- cfa(model, items, ordered = names(items), std.lv = TRUE, estimator = "WLSMV")
r <- lavInspect(ordinal, "sampstat")$cov
s <- cov(items); k <- ncol(s); off <- s - diag(diag(s))
result <- list(
  versions = list(R = as.character(getRversion()), psych = as.character(packageVersion("psych")),
                  lavaan = as.character(packageVersion("lavaan")),
                  semTools = as.character(packageVersion("semTools"))),
  standardised_alpha = found$total$std.alpha,
  lambda2 = (sum(off) + sqrt(k / (k - 1) * sum(off^2))) / sum(s),
  lambda6 = 1 - sum(1 / diag(solve(s))) / sum(s),
  ordinal_alpha = k / (k - 1) * (1 - k / sum(r)),
  omega_categorical = unname(compRelSEM(ordinal, ord.scale = TRUE, obs.var = FALSE)),
  omega_categorical_observed = unname(compRelSEM(ordinal, ord.scale = TRUE, obs.var = TRUE)),
  n = nrow(items), alpha = found$total$raw_alpha,
  if_dropped = setNames(as.list(found$alpha.drop$raw_alpha), names(items)),
  item_rest = setNames(as.list(found$item.stats$r.drop), names(items)),
  omega = sum(loadings)^2 / (sum(loadings)^2 + sum(errors)))
write(toJSON(result, auto_unbox = TRUE, digits = 15, pretty = TRUE), arguments[2])
