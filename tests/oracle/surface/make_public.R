# Write the public data and the reference figures of the test of public data in
# tests/oracle/test_surface_oracle.py: scores for verbal and quantitative reasoning (both 200 to 800)
# and a third test, of the data set sat.act of R's psych. The model, its defined parameters and its
# defaults (lavaan's MLR) are those of Schönbrodt's R package RSA, written as lavaan syntax.
# Run in this folder: Rscript make_public.R
suppressPackageStartupMessages({ library(lavaan); library(psych); library(jsonlite) })

scores <- na.omit(sat.act[, c("ACT", "SATV", "SATQ")])
write.csv(scores, "sat_act.csv", row.names = FALSE)
data <- transform(scores, x = SATV / 100 - 5, y = SATQ / 100 - 5)
data <- transform(data, x2 = x^2, xy = x * y, y2 = y^2)

source("features.R")
model <- paste("ACT ~ b1*x + b2*y + b3*x2 + b4*xy + b5*y2", features, sep = "\n")
fit <- sem(model, data, fixed.x = TRUE, meanstructure = TRUE, estimator = "MLR",
           control = list(rel.tol = 1e-14))
found <- parameterEstimates(fit)
found <- found[found$op == ":=", ]
write_json(list(
  versions = list(R = as.character(getRversion()), lavaan = as.character(packageVersion("lavaan")),
                  psych = as.character(packageVersion("psych"))),
  n = nrow(data), r2 = unname(inspect(fit, "r2")),
  lavaan = setNames(lapply(seq_len(nrow(found)), function(i) c(found$est[i], found$se[i])), found$lhs)
), "public.json", digits = NA, auto_unbox = TRUE, pretty = TRUE)
