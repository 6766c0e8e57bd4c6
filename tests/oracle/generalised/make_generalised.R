# Write the data and the reference figures that tests/oracle/test_generalised_oracle.py compares with.
# Run in this folder: Rscript make_generalised.R
suppressPackageStartupMessages({
  library(sandwich); library(ordinal); library(MASS); library(numDeriv); library(jsonlite)
})

set.seed(811)
n <- 240
triad <- rep(seq_len(n / 2), each = 2)
u <- rep(rnorm(n / 2, 0, .5), each = 2)
relation <- sample(c("partner", "child", "other"), n, TRUE, c(.5, .3, .2))
hours <- round(rgamma(n, 2, .15), 1)
trust <- round(rnorm(n, 3, .8), 2)
eta <- -.4 * (trust - 3) + .03 * hours + .5 * (relation == "child") + u
data <- data.frame(
  triad, relation, hours, trust,
  stops = rbinom(n, 1, plogis(eta - .5)),
  grade = findInterval(eta + rlogis(n), c(-.8, .6, 1.8)),
  visits = rnbinom(n, size = 1.7, mu = exp(.4 + .6 * eta)),
  share = pmin(pmax(round(plogis(eta + rnorm(n, 0, 1)) * 4) / 4, 0), 1)
)
write.csv(data, "generalised.csv", row.names = FALSE)
data <- read.csv("generalised.csv")
data$relation <- factor(data$relation, levels = c("partner", "child", "other"))
tight <- glm.control(epsilon = 1e-14, maxit = 100)
right <- ~ hours + trust + relation

se <- function(v) unname(sqrt(diag(v)))
of_glm <- function(formula, family) {
  fit <- suppressWarnings(glm(formula, family, data, control = tight))
  list(b = unname(coef(fit)), model = se(vcov(fit) / summary(fit)$dispersion),
       robust = se(vcovCL(fit, seq_len(n), type = "HC0", cadjust = TRUE)),
       cluster = se(vcovCL(fit, data$triad, type = "HC0", cadjust = TRUE)),
       log_likelihood = as.numeric(logLik(fit)),
       null = as.numeric(logLik(update(fit, . ~ 1))))
}
logit <- of_glm(update(right, stops ~ .), binomial)
poisson <- of_glm(update(right, visits ~ .), poisson)
fraction <- of_glm(update(right, share ~ .), quasibinomial)

sandwich_of <- function(loglik_rows, at, clusters) {
  scores <- jacobian(loglik_rows, at)
  bread <- solve(-hessian(function(p) sum(loglik_rows(p)), at))
  sums <- rowsum(scores, clusters)
  g <- nrow(sums)
  list(model = se(bread), cluster = se(g / (g - 1) * bread %*% crossprod(sums) %*% bread))
}
x <- model.matrix(right, data)
nb <- glm.nb(update(right, visits ~ .), data, control = glm.control(epsilon = 1e-14, maxit = 200))
nb_rows <- function(p) dnbinom(data$visits, size = 1 / p[6], mu = exp(x %*% p[1:5]), log = TRUE)
nb_top <- optim(c(coef(nb), 1 / nb$theta), function(p) -sum(nb_rows(p)), method = "BFGS",
                control = list(reltol = 1e-16, maxit = 1000))$par
nb_errors <- sandwich_of(nb_rows, nb_top, data$triad)

data$ordered <- factor(data$grade, ordered = TRUE)
clm_fit <- clm(update(right, ordered ~ .), data = data,
               control = clm.control(gradTol = 1e-11, maxIter = 200))
theta <- coef(clm_fit)[1:3]; beta <- coef(clm_fit)[4:7]
po_rows <- function(p) {
  cuts <- c(-Inf, p[5:7], Inf)
  eta <- drop(x[, -1] %*% p[1:4])
  log(plogis(cuts[data$grade + 2] - eta) - plogis(cuts[data$grade + 1] - eta))
}
po_errors <- sandwich_of(po_rows, unname(c(beta, theta)), data$triad)

# Brant (1990): binary fits at each cut, their joint covariance.
fits <- lapply(0:2, function(j) {
  data$over <- data$grade > j
  glm(update(right, over ~ .), binomial, data, control = tight)
})
p <- sapply(fits, fitted)
v <- matrix(0, 12, 12)
for (j in 1:3) for (m in 1:3) {
  w <- p[, max(j, m)] * (1 - p[, min(j, m)])
  own <- function(k) solve(crossprod(x * (p[, k] * (1 - p[, k])), x))
  v[(j - 1) * 4 + 1:4, (m - 1) * 4 + 1:4] <- (own(j) %*% crossprod(x * w, x) %*% own(m))[-1, -1]
}
b <- unlist(lapply(fits, function(f) coef(f)[-1]))
contrast <- rbind(cbind(diag(4), -diag(4), matrix(0, 4, 4)), cbind(diag(4), matrix(0, 4, 4), -diag(4)))
wald <- function(d) drop(t(d %*% b) %*% solve(d %*% v %*% t(d)) %*% (d %*% b))
brant <- c(wald(contrast), sapply(1:4, function(k) wald(contrast[c(k, k + 4), ])))

write_json(list(
  versions = list(R = as.character(getRversion()), sandwich = as.character(packageVersion("sandwich")),
                  ordinal = as.character(packageVersion("ordinal")), MASS = as.character(packageVersion("MASS"))),
  logistic = logit, poisson = poisson, fractional = fraction,
  negative_binomial = c(list(b = unname(nb_top), log_likelihood = as.numeric(logLik(nb))), nb_errors),
  ordinal = c(list(b = unname(c(beta, theta)), log_likelihood = as.numeric(logLik(clm_fit)),
                   se = unname(sqrt(diag(vcov(clm_fit)))[c(4:7, 1:3)])), po_errors),
  brant = brant
), "generalised.json", digits = NA, auto_unbox = TRUE, pretty = TRUE)
