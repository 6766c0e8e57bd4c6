# Write the data and the reference figures that tests/oracle/test_surface_oracle.py compares with.
# Run in this folder: Rscript make_surface.R
suppressPackageStartupMessages({ library(lavaan); library(sandwich); library(jsonlite) })

set.seed(77)
n <- 300
giving <- pmin(pmax(round(rnorm(n, 3.4, .9) * 4) / 4, 1), 5)
receiving <- pmin(pmax(round((.4 * giving + rnorm(n, 1.8, .8)) * 4) / 4, 1), 5)
hours <- round(rgamma(n, 2, .15), 1)
x <- giving - 3; y <- receiving - 3
burden <- round(3 + .25 * x - .35 * y + .15 * x^2 - .3 * x * y + .2 * y^2 + .01 * hours + rnorm(n, 0, .7), 3)
balance <- sample(-3:3, n, TRUE)
strain <- round(2 + .1 * balance + .15 * balance^2 + rnorm(n), 3)
write.csv(data.frame(giving, receiving, hours, burden, balance, strain), "surface.csv", row.names = FALSE)
data <- read.csv("surface.csv")
data$x <- data$giving - 3; data$y <- data$receiving - 3
data <- transform(data, x2 = x^2, xy = x * y, y2 = y^2)

source("features.R")
model <- paste("burden ~ b1*x + b2*y + b3*x2 + b4*xy + b5*y2 + hours", features, sep = "\n")
fit <- sem(model, data, fixed.x = TRUE, meanstructure = TRUE)
found <- parameterEstimates(fit)
found <- found[found$op == ":=", ]
k <- 7
se <- found$se * sqrt(n / (n - k)) # lavaan divides by n, least squares by n - k

ols <- lm(burden ~ x + y + x2 + xy + y2 + hours, data)
v <- vcovHC(ols, type = "HC3")
weights <- rbind(a1 = c(1, 1, 0, 0, 0), a2 = c(0, 0, 1, 1, 1), a3 = c(1, -1, 0, 0, 0),
                 a4 = c(0, 0, 1, -1, 1), a5 = c(0, 0, 1, 0, -1))
hc3 <- sqrt(diag(weights %*% v[2:6, 2:6] %*% t(weights)))
wald <- function(r) {
  gap <- r %*% coef(ols)[2:6]
  drop(t(gap) %*% solve(r %*% v[2:6, 2:6] %*% t(r)) %*% gap) / nrow(r)
}
zx <- scale(data$giving)[, 1]; zy <- scale(data$receiving)[, 1]
beside <- lm(burden ~ I(x - y) + hours, data)

curve <- lm(strain ~ balance + I(balance^2), data)
vc <- vcovHC(curve, type = "HC3"); b <- coef(curve)
g <- c(0, -1 / (2 * b[3]), b[2] / (2 * b[3]^2))
slope <- function(at) c(b[2] + 2 * b[3] * at, sqrt(drop(c(0, 1, 2 * at) %*% vc %*% c(0, 1, 2 * at))))
low <- slope(-3); high <- slope(3)
write_json(list(
  versions = list(R = as.character(getRversion()), lavaan = as.character(packageVersion("lavaan")),
                  sandwich = as.character(packageVersion("sandwich"))),
  lavaan = setNames(lapply(seq_len(nrow(found)), function(i) c(found$est[i], se[i])), found$lhs),
  hc3 = as.list(hc3),
  wald_polynomial = wald(diag(5)), wald_curved = wald(diag(5)[3:5, ]),
  wald_difference = wald(rbind(c(1, 1, 0, 0, 0), diag(5)[3:5, ])),
  shares = c(mean(zx - zy > .5), mean(abs(zx - zy) <= .5), mean(zy - zx > .5)),
  difference = c(coef(beside)[[2]], sqrt(vcovHC(beside, type = "HC3")[2, 2]), summary(beside)$r.squared),
  curve = list(turning_point = unname(c(-b[2] / (2 * b[3]), sqrt(drop(g %*% vc %*% g)))),
               slope_low = unname(low), slope_high = unname(high),
               u_shape = max(pt(-abs(low[1] / low[2]), n - 3), pt(-abs(high[1] / high[2]), n - 3)))
), "surface.json", digits = NA, auto_unbox = TRUE, pretty = TRUE)
