# Write the data and the reference figures that tests/oracle/test_mediation_oracle.py compares with.
# Run in this folder: Rscript make_mediation.R
suppressPackageStartupMessages({ library(lavaan); library(boot); library(sandwich); library(jsonlite) })

set.seed(404)
n <- 200
triad <- rep(seq_len(n / 2), each = 2)
u <- rep(rnorm(n / 2, 0, .5), each = 2)
hours <- round(rgamma(n, 2, .15), 1)
given <- round(rnorm(n, 3, .8), 3)
trust <- round(2 + .4 * given + .01 * hours + .12 * (given - 3) * (hours - 13) / 5 + u + rnorm(n, 0, .7), 3)
talk <- round(1 + .2 * given + rnorm(n, 0, .8), 3)
burden <- round(4 - .5 * trust - .1 * talk - .2 * given + .02 * hours + u + rnorm(n, 0, .8), 3)
write.csv(data.frame(triad, hours, given, trust, talk, burden), "mediation.csv", row.names = FALSE)
data <- read.csv("mediation.csv")
for (name in c("given", "hours")) data[[name]] <- data[[name]] - mean(data[[name]])

one <- sem("trust ~ a*given + hours\nburden ~ b*trust + c*given + hours\nab := a*b\ntotal := c + a*b",
           data, meanstructure = TRUE)
two <- sem("trust ~ a1*given + hours\ntalk ~ a2*given + hours
            burden ~ b1*trust + b2*talk + c*given + hours
            trust ~~ talk\ni1 := a1*b1\ni2 := a2*b2\nboth := i1 + i2", data, meanstructure = TRUE)
data$gh <- data$given * data$hours
sd_w <- sd(data$hours)
moderated <- sem(sprintf("trust ~ a*given + w*hours + a3*gh\nburden ~ b*trust + c*given + hours
  low := (a - %.12f*a3)*b\nhigh := (a + %.12f*a3)*b\nindex := a3*b", sd_w, sd_w), data, meanstructure = TRUE)
defined <- function(fit) {
  found <- parameterEstimates(fit)
  found <- found[found$op == ":=", ]
  setNames(as.list(found$est), found$lhs)
}

# Stacked sandwich over triads, and the bootstrap of triads.
m <- lm(trust ~ given + hours, data); y <- lm(burden ~ given + trust + hours, data)
se_a <- sqrt(vcovCL(m, data$triad, type = "HC0", cadjust = TRUE)[2, 2])
se_b <- sqrt(vcovCL(y, data$triad, type = "HC0", cadjust = TRUE)[3, 3])
parts <- split(seq_len(n), data$triad)
ab_of <- function(ids, picked) {
  d <- data[unlist(parts[picked]), ]
  coef(lm(trust ~ given + hours, d))[[2]] * coef(lm(burden ~ given + trust + hours, d))[[3]]
}
set.seed(1)
booted <- boot(seq_along(parts), ab_of, R = 6000)
ci <- boot.ci(booted, type = c("perc", "bca"), L = empinf(booted, type = "jack"))
# The distribution of the product of two normals, by integration.
a <- coef(m)[[2]]; b <- coef(y)[[3]]
below <- function(q) integrate(function(z) {
  s <- b + se_b * z
  dnorm(z) * ifelse(s > 0, pnorm((q / s - a) / se_a), pnorm((q / s - a) / se_a, lower.tail = FALSE))
}, -8, 8, subdivisions = 2000, rel.tol = 1e-9)$value
product <- sapply(c(.025, .975), function(p) uniroot(function(q) below(q) - p, a * b + c(-1, 1), tol = 1e-9)$root)

write_json(list(
  versions = list(R = as.character(getRversion()), lavaan = as.character(packageVersion("lavaan")),
                  boot = as.character(packageVersion("boot"))),
  one = defined(one), two = defined(two), moderated = defined(moderated), sd_w = sd_w,
  se_a = se_a, se_b = se_b, percentile = ci$percent[4:5], bca = ci$bca[4:5],
  boot_se = sd(booted$t), product = product,
  rho = cor(resid(m), resid(lm(burden ~ given + hours, data)))
), "mediation.json", digits = NA, auto_unbox = TRUE, pretty = TRUE)
