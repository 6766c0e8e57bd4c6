# Write the simulated triads and the figures that tests/oracle/test_triadic_oracle.py compares with.
# Run in this folder: Rscript make_triadic.R
suppressPackageStartupMessages({
  library(nlme)
  library(lavaan)
  library(clubSandwich)
  library(jsonlite)
})

roles <- c("seeker", "carer", "professional")

simulate <- function(n, n_waves, seed) {
  set.seed(seed)
  lasting <- matrix(c(.5, .2, .1, .2, .8, -.1, .1, -.1, .4), 3)
  passing <- matrix(c(1, .4, .3, .4, 1.5, .2, .3, .2, .7), 3)
  out <- do.call(rbind, lapply(seq_len(n), function(triad) {
    u <- MASS::mvrnorm(1, rep(0, 3), lasting)
    level <- rnorm(3, 3, .6)
    do.call(rbind, lapply(seq_len(n_waves), function(wave) {
      x <- round(level + rnorm(3, 0, .5), 3)
      e <- MASS::mvrnorm(1, rep(0, 3), passing) + u
      y <- 4 + c(.5, .8, .2) * x + c(.1, .4, .3) * x[c(2, 1, 1)] + .2 * x[c(3, 3, 2)] + .1 * wave + e
      as.data.frame(as.list(c(triad = triad, wave = wave, setNames(x, paste0("x_", roles)),
                              setNames(round(y, 3), paste0("y_", roles)))))
    }))
  }))
  for (column in paste0("y_", roles)) out[runif(nrow(out)) < .12, column] <- NA
  out$professional <- professional_of(out$triad)
  out
}

# Professionals whom triads share: seven have two to twelve triads, the others one.
professional_of <- function(triad) ifelse(triad <= 40, findInterval(triad, c(1, 3, 6, 11, 23, 26, 30)), triad)

long_of <- function(wide, members, centre) {
  rows <- do.call(rbind, lapply(members, function(role) {
    others <- setdiff(members, role)
    data.frame(
      triad = wide$triad, wave = wide$wave, professional = wide$professional, role = role, y = wide[[paste0("y_", role)]],
      x = wide[[paste0("x_", role)]] - centre, p1 = wide[[paste0("x_", others[1])]] - centre,
      p2 = if (length(others) > 1) wide[[paste0("x_", others[2])]] - centre else 0
    )
  }))
  rows$role <- factor(rows$role, levels = members)
  rows$place <- as.integer(rows$role)
  rows <- rows[!is.na(rows$y), ]
  rows[order(rows$triad, rows$wave, rows$place), ]
}

tight <- glsControl(tolerance = 1e-11, msTol = 1e-13, maxIter = 500, msMaxIter = 500)

centre_of <- function(wide, members) {
  rows <- long_of(wide, members, 0)
  x <- as.matrix(wide[paste0("x_", members)])
  mean(x[match(paste(rows$triad, rows$wave), paste(wide$triad, wide$wave)), ])
}

# CR2 with the fitted covariance as the working one; tests that the actor effects are equal.
cluster_robust_of <- function(fit, cluster, roles) {
  coefs <- coef(fit)
  v <- vcovCR(fit, cluster = cluster, type = "CR2")
  tests <- coef_test(fit, vcov = v, test = "Satterthwaite", coefs = "All")
  effects <- paste0("role", roles, ":x")
  equal <- matrix(0, length(roles) - 1, length(coefs), dimnames = list(NULL, names(coefs)))
  equal[, effects[1]] <- 1
  for (i in seq_along(effects[-1])) equal[i, effects[i + 1]] <- -1
  htz <- function(constraints) {
    wald <- Wald_test(fit, constraints = constraints, vcov = v, test = "HTZ")
    list(f = wald$Fstat, df = nrow(constraints), df2 = wald$df_denom, p = wald$p_val)
  }
  # Members alike in everything: what follows a role's name (all partners are one kind) has one value.
  kind <- sub(":p[12]$", ":p", sub(paste0("^role(", paste(roles, collapse = "|"), ")"), "", names(coefs)))
  alike <- do.call(rbind, lapply(unique(kind), function(each) {
    own <- which(kind == each)
    t(sapply(own[-1], function(other) replace(numeric(length(coefs)), c(own[1], other), c(1, -1))))
  }))
  named <- function(values) as.list(setNames(values, names(coefs)))
  list(se = named(tests$SE), df = named(tests$df), p = named(tests$p_Satt),
       equal = htz(equal), alike = htz(alike),
       n_clusters = length(unique(cluster)))
}

three_of <- function(wide) {
  centre <- centre_of(wide, roles)
  rows <- long_of(wide, roles, centre)
  fit_by <- function(method, formula, correlation, weights) {
    gls(formula, rows, correlation = correlation, weights = weights, method = method, control = tight)
  }
  own <- y ~ 0 + role + role:x + role:p1 + role:p2
  free <- function() corSymm(form = ~ place | triad)
  by_role <- varIdent(form = ~ 1 | role)
  full <- fit_by("REML", own, free(), by_role)
  ml <- fit_by("ML", own, free(), by_role)
  robust <- cluster_robust_of(full, rows$professional, roles)
  rows$both <- rows$p1 + rows$p2
  alike <- gls(y ~ x + both, rows, correlation = corCompSymm(form = ~ 1 | triad), method = "ML",
               control = tight)
  apart <- gls(own, rows, weights = by_role, method = "ML", control = tight)
  ratio <- function(small) list(chi2 = 2 * as.numeric(logLik(ml) - logLik(small)),
                                df = attr(logLik(ml), "df") - attr(logLik(small), "df"))
  list(
    b = as.list(coef(full)), se = as.list(sqrt(diag(vcov(full)))),
    log_likelihood = as.numeric(logLik(full)), n = nrow(rows),
    distinguishable = ratio(alike), independent = ratio(apart), robust = robust
  )
}

waves_of <- function(wide) {
  rows <- long_of(wide, roles, centre_of(wide, roles))
  rows$occasion <- factor(rows$wave)
  fit <- lme(
    y ~ 0 + role + role:occasion + role:x + role:p1 + role:p2, rows,
    random = list(triad = pdSymm(~ 0 + role)),
    correlation = corSymm(form = ~ place | triad / occasion), weights = varIdent(form = ~ 1 | role),
    method = "REML",
    control = lmeControl(tolerance = 1e-9, msTol = 1e-10, maxIter = 500, msMaxIter = 1000)
  )
  list(b = as.list(fixef(fit)), se = as.list(sqrt(diag(vcov(fit)))),
       log_likelihood = as.numeric(logLik(fit)))
}

# A dyad over two waves, all four places free.
free_of <- function(wide) {
  wide <- wide[wide$wave <= 2, ]
  members <- roles[1:2]
  rows <- long_of(wide, members, centre_of(wide, members))
  rows$occasion <- factor(rows$wave)
  rows$place <- 2 * (rows$wave - 1) + rows$place
  fit <- gls(y ~ 0 + role + role:occasion + role:x + role:p1, rows, method = "REML", control = tight,
             correlation = corSymm(form = ~ place | triad), weights = varIdent(form = ~ 1 | place))
  list(b = as.list(coef(fit)), log_likelihood = as.numeric(logLik(fit)),
       robust = cluster_robust_of(fit, rows$professional, members))
}

dyad_of <- function(wide) {
  complete <- wide[!is.na(wide$y_seeker) & !is.na(wide$y_carer), ]
  fit <- sem("y_seeker ~ x_seeker + x_carer
              y_carer ~ x_carer + x_seeker
              y_seeker ~~ y_carer", complete, meanstructure = TRUE)
  found <- parameterEstimates(fit)
  list(
    b = setNames(found$est[1:4], c("seeker_actor", "seeker_partner", "carer_actor", "carer_partner")),
    r = lavInspect(fit, "cor.ov")["y_seeker", "y_carer"],
    residual = found$est[found$op == "~~" & found$lhs == "y_seeker" & found$rhs == "y_carer"],
    n = nrow(complete)
  )
}

one <- simulate(120, 1, 5)
three <- simulate(90, 3, 8)
write.csv(one, "one_wave.csv", row.names = FALSE, na = "")
write.csv(three, "three_waves.csv", row.names = FALSE, na = "")
out <- list(
  three = three_of(one), dyad = dyad_of(one), waves = waves_of(three), free = free_of(three),
  versions = lapply(c(R = "base", nlme = "nlme", lavaan = "lavaan", clubSandwich = "clubSandwich"),
                    function(name) as.character(packageVersion(name)))
)
out$dyad$b <- as.list(out$dyad$b)
write_json(out, "triadic.json", digits = NA, auto_unbox = TRUE, pretty = TRUE)
