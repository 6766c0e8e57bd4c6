# Writes the results of psych, semTools, lavaan and of closed forms in base R that
# test_psychometrics_oracle.py compares with.
# Usage, from the top of the checkout: Rscript tests/oracle/psychometrics/psychometrics.R [RESULTS.json]
suppressPackageStartupMessages({
  library(psych)
  library(lavaan)
  library(semTools)
  library(jsonlite)
})
here <- "tests/oracle"
arguments <- commandArgs(trailingOnly = TRUE)
target <- if (length(arguments)) arguments[1] else file.path(here, "psychometrics/results.json")
neuroticism <- na.omit(read.csv(file.path(here, "reliability/data/bfi_neuroticism.csv"))[, 1:5])
holzinger <- read.csv(file.path(here, "cfa/holzinger.csv"))
items <- paste0("x", 1:9)

# --- coefficients of a covariance matrix
split_half <- function(data) {
  found <- psych::splitHalf(cor(data), n.sample = 10)
  list(lambda2 = unname(found$lambda2),
       lambda6 = psych::alpha(cor(data), n.obs = nrow(data))$total$`G6(smc)`)
}
# raw lambda 2 and 6 from the covariances, after Guttman (1945), eqs. 40 and 60
raw_lambdas <- function(data) {
  s <- cov(data); k <- ncol(s); off <- s - diag(diag(s))
  errors <- sapply(seq_len(k), function(j) summary(lm(data[, j] ~ ., data[, -j]))$r.squared)
  list(lambda2 = (sum(off) + sqrt(k / (k - 1) * sum(off^2))) / sum(s),
       lambda6 = 1 - sum(diag(s) * (1 - errors)) / sum(s))
}

# --- categorical omega and ordinal alpha
ordinal_of <- function(data) {
  model <- paste("f =~", paste(names(data), collapse = " + "))
  fit <- cfa(model, data, ordered = names(data), std.lv = TRUE, estimator = "WLSMV")
  r <- lavInspect(fit, "sampstat")$cov; k <- ncol(r)
  list(omega = unname(compRelSEM(fit, ord.scale = TRUE, obs.var = FALSE)),
       omega_observed = unname(compRelSEM(fit, ord.scale = TRUE, obs.var = TRUE)),
       alpha = k / (k - 1) * (1 - k / sum(r)), n = lavInspect(fit, "nobs"))
}

# --- omega hierarchical
second <- cfa("visual =~ x1 + x2 + x3
               textual =~ x4 + x5 + x6
               speed =~ x7 + x8 + x9
               g =~ NA*visual + textual + speed
               g ~~ 1*g", holzinger, estimator = "MLR")
l2 <- suppressWarnings(reliabilityL2(second, "g"))
share <- function(fit, general) {
  e <- lavInspect(fit, "est"); b <- if (is.null(e$beta)) diag(ncol(e$psi)) else
    solve(diag(ncol(e$psi)) - e$beta)
  w <- colSums(e$lambda) %*% b; colnames(w) <- colnames(e$psi)
  all <- drop(w %*% e$psi %*% t(w))
  c(w[, general]^2 * e$psi[general, general], all) / (all + sum(e$theta))
}
bifactor <- cfa("general =~ x1 + x2 + x3 + x4 + x5 + x6 + x7 + x8 + x9
                 visual =~ x1 + x2 + x3
                 textual =~ x4 + x5 + x6
                 speed =~ x7 + x8 + x9", holzinger, orthogonal = TRUE, std.lv = TRUE)
stopifnot(lavInspect(bifactor, "converged"))
# standard errors: the delta method with a numerical derivative in R
set_parameters <- getFromNamespace("lav_model_set_parameters", "lavaan")
second_parameters <- function(theta) {
  e <- set_parameters(second@Model, theta)@GLIST
  w <- colSums(e$lambda) %*% solve(diag(4) - e$beta)
  all <- drop(w %*% e$psi %*% t(w))
  c(w[4]^2 * e$psi[4, 4], all) / (all + sum(e$theta))
}
numeric_jacobian <- function(f, x) sapply(seq_along(x), function(i) {
  h <- 1e-6; up <- x; up[i] <- up[i] + h; down <- x; down[i] <- down[i] - h
  (f(up) - f(down)) / (2 * h)
})
theta <- coef(second)
slopes <- numeric_jacobian(second_parameters, as.numeric(theta))
second_se <- sqrt(diag(slopes %*% vcov(second) %*% t(slopes)))

# --- Mokken's H from Guttman errors, standard errors by a numerical derivative over patterns
# (the definition of Molenaar, 1991, and of Kuijpers, van der Ark and Croon, 2013)
mokken_of <- function(data) {
  data <- as.matrix(data) - min(data); k <- ncol(data); m <- max(data)
  key <- apply(data, 1, paste, collapse = "-")
  patterns <- data[!duplicated(key), , drop = FALSE]
  counts <- as.vector(table(factor(key, levels = unique(key))))
  n <- sum(counts)
  pairs <- combn(k, 2)
  coefficients <- function(weight) {
    p <- weight / sum(weight)
    f <- e <- numeric(ncol(pairs))
    for (q in seq_len(ncol(pairs))) {
      i <- pairs[1, q]; j <- pairs[2, q]
      popularity <- c(sapply(1:m, function(s) sum(p[patterns[, i] >= s])),
                      sapply(1:m, function(s) sum(p[patterns[, j] >= s])))
      order_of_steps <- order(-popularity)
      owner <- rep(1:2, each = m)[order_of_steps]; step <- rep(1:m, 2)[order_of_steps]
      # steps of one item keep their own order
      weigh <- function(a, b) {
        taken <- ifelse(owner == 1, a >= step, b >= step)
        sum(vapply(which(taken), function(s) sum(!taken[seq_len(s - 1)]), numeric(1)))
      }
      grid <- expand.grid(a = 0:m, b = 0:m)
      errors <- mapply(weigh, grid$a, grid$b)
      together <- mapply(function(a, b) sum(p[patterns[, i] == a & patterns[, j] == b]),
                         grid$a, grid$b)
      apart <- mapply(function(a, b) sum(p[patterns[, i] == a]) * sum(p[patterns[, j] == b]),
                      grid$a, grid$b)
      f[q] <- sum(errors * together); e[q] <- sum(errors * apart)
    }
    c(1 - sum(f) / sum(e),
      sapply(seq_len(k), function(i) {
        of <- colSums(pairs == i) > 0
        1 - sum(f[of]) / sum(e[of])
      }),
      1 - f / e)
  }
  slopes <- sapply(seq_along(counts), function(i) {
    h <- 1e-4; up <- counts; up[i] <- up[i] + h; down <- counts; down[i] <- down[i] - h
    (coefficients(up) - coefficients(down)) / (2 * h)
  })
  spread <- diag(counts)  # Poisson sampling: the coefficients do not depend on the total
  list(values = coefficients(counts), se = sqrt(diag(slopes %*% spread %*% t(slopes))), n = n)
}
small <- head(neuroticism, 120)[, 1:4]
ediz_like <- (head(neuroticism, 200) >= 4) * 1

# --- agreement
ratings <- holzinger[, c("x1", "x3", "x7")]
icc <- psych::ICC(ratings, lmer = FALSE)$results
first <- neuroticism$N1[1:300]; second_answer <- neuroticism$N2[1:300]
# psych's own variance of a weighted kappa is not that of Fleiss, Cohen and Everitt (1969, eq. 9);
# the delta method by numerical derivatives is.
kappa_of <- function(weights) {
  w <- outer(1:6, 1:6, weights)
  tab <- table(factor(first, 1:6), factor(second_answer, 1:6))
  found <- suppressWarnings(psych::cohen.kappa(tab, w = w, n.obs = sum(tab)))
  value <- function(cells) {
    p <- matrix(cells, 6) / sum(cells)
    chance <- sum(w * outer(rowSums(p), colSums(p)))
    (sum(w * p) - chance) / (1 - chance)
  }
  slope <- numeric_jacobian(value, as.numeric(tab) + 0)
  list(kappa = found$weighted.kappa, var = sum(slope^2 * as.numeric(tab)),
       plain = found$kappa, var_plain = found$var.kappa)
}
pair <- holzinger[, c("x1", "x3")]; gap <- pair$x3 - pair$x1
paired <- t.test(pair$x3, pair$x1, paired = TRUE)
trend <- summary(lm(gap ~ rowMeans(pair)))$coefficients

# --- two levels: saturated at both
clusters <- read.csv(file.path(here, "cfa/holzinger_clusters.csv"))
two <- holzinger[, c("x1", "x2", "x3", "x4")]; two$cluster <- rep(seq_len(101), length.out = 301)
two$cluster[c(5, 9, 44, 120)] <- c(6, 10, 45, 19)
shared <- sin(seq_len(101) * 12.9898)
for (j in 1:4) {
  two[, j] <- round(two[, j] + (shared + 0.7 * sin(seq_len(101) * (7.13 + j)))[two$cluster], 4)
}
saturated <- "level: 1
  x1 ~~ x1 + x2 + x3 + x4\n x2 ~~ x2 + x3 + x4\n x3 ~~ x3 + x4\n x4 ~~ x4
level: 2
  x1 ~~ x1 + x2 + x3 + x4\n x2 ~~ x2 + x3 + x4\n x3 ~~ x3 + x4\n x4 ~~ x4"
two_fit <- sem(saturated, two, cluster = "cluster")
stopifnot(lavInspect(two_fit, "converged"))
levels <- lavInspect(two_fit, "implied")
# --- a factor of reversed items beside correlated factors
bfi <- na.omit(read.csv(file.path(here, "cfa/bfi.csv"))[, c(paste0("A", 1:5), paste0("C", 1:5),
                                                           paste0("E", 1:5))])
turned <- c("A1", "C4", "C5", "E1", "E2")
bfi[, turned] <- 7 - bfi[, turned]
method_fit <- cfa("agreeable =~ A1 + A2 + A3 + A4 + A5
                   conscientious =~ C1 + C2 + C3 + C4 + C5
                   extravert =~ E1 + E2 + E3 + E4 + E5
                   reversed =~ A1 + C4 + C5 + E1 + E2
                   reversed ~~ 0*agreeable + 0*conscientious + 0*extravert", bfi)
stopifnot(lavInspect(method_fit, "converged"))
results <- list(
  method_factor = as.list(fitMeasures(method_fit, c("chisq", "df", "cfi", "rmsea", "srmr"))),
  versions = list(R = as.character(getRversion()), psych = as.character(packageVersion("psych")),
                  lavaan = as.character(packageVersion("lavaan")),
                  semTools = as.character(packageVersion("semTools"))),
  standardised = list(bfi = split_half(neuroticism), holzinger = split_half(holzinger[, items])),
  raw = list(bfi = raw_lambdas(neuroticism), holzinger = raw_lambdas(holzinger[, items])),
  ordinal = list(bfi = ordinal_of(neuroticism), dichotomous = ordinal_of(as.data.frame(ediz_like))),
  hierarchical = list(
    bifactor = list(values = unname(share(bifactor, "general")),
                    theta = min(diag(lavInspect(bifactor, "est")$theta))),
    second = list(values = unname(share(second, "g")), l2 = unname(l2), se = unname(second_se))),
  mokken = list(ordinal = mokken_of(small), dichotomous = mokken_of(ediz_like)),
  icc = list(agreement = unlist(icc[2, c("ICC", "lower bound", "upper bound")], use.names = FALSE),
             consistency = unlist(icc[3, c("ICC", "lower bound", "upper bound")],
                                  use.names = FALSE)),
  kappa = list(quadratic = kappa_of(function(a, b) 1 - (a - b)^2 / 25),
               linear = kappa_of(function(a, b) 1 - abs(a - b) / 5)),
  bland_altman = list(mean = mean(gap), sd = sd(gap), ci = as.vector(paired$conf.int),
                      p = paired$p.value, slope = trend[2, 1], slope_p = trend[2, 4]),
  two_levels = list(within = unname(levels$within$cov), between = unname(levels[[2]]$cov),
                    data = two))
write_json(results, target, auto_unbox = TRUE, digits = 12, matrix = "rowmajor")
