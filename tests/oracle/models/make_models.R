# Write the simulated data and the reference figures that tests/oracle/test_models_oracle.py
# compares with. Run in this folder: Rscript make_models.R [path of eurofamcare/efc.csv]
library(sandwich)
library(lmtest)
library(lme4)
library(jsonlite)

argument <- commandArgs(trailingOnly = TRUE)
efc_file <- if (length(argument)) argument[[1]] else "../../../../shared/data/eurofamcare/efc.csv"

coefficients_of <- function(fit, covariance, df) {
  test <- coeftest(fit, vcov. = covariance, df = df)
  interval <- coefci(fit, vcov. = covariance, df = df)
  data.frame(
    term = rownames(test), b = test[, 1], se = test[, 2], t = test[, 3], p = test[, 4],
    low = interval[, 1], high = interval[, 2], row.names = NULL
  )
}

beta_of <- function(fit) {
  x <- model.matrix(fit)[, -1, drop = FALSE]
  coef(fit)[-1] * apply(x, 2, sd) / sd(model.response(model.frame(fit)))
}

gvif_of <- function(fit) {
  # Fox & Monette (1992) from the correlation of the coefficients.
  r <- cov2cor(vcov(fit)[-1, -1])
  owner <- attr(model.matrix(fit), "assign")[-1]
  labels <- attr(terms(fit), "term.labels")
  out <- sapply(seq_along(labels), function(i) {
    own <- owner == i
    det(r[own, own, drop = FALSE]) * det(r[!own, !own, drop = FALSE]) / det(r)
  })
  setNames(as.list(out), labels)
}

change_of <- function(smaller, larger, covariance) {
  classical <- anova(smaller, larger)
  robust <- waldtest(smaller, larger, vcov = covariance, test = "F")
  list(
    r2 = summary(larger)$r.squared,
    r2_change = summary(larger)$r.squared - summary(smaller)$r.squared,
    f_change = classical$F[2], f_change_df = classical$Df[2],
    f_change_df2 = classical$Res.Df[2], f_change_p = classical$`Pr(>F)`[2],
    wald_change = robust$F[2], wald_change_p = robust$`Pr(>F)`[2]
  )
}

simulate_linear <- function() {
  set.seed(20261122)
  n <- 240
  triad <- rep(seq_len(n / 2), each = 2)
  hours <- round(rgamma(n, 2, 0.1), 1)
  relation <- sample(c("partner", "child", "other"), n, TRUE, c(.5, .35, .15))
  reciprocity <- round(rnorm(n, 3.2, 0.8), 3)
  trust <- round(0.5 * reciprocity + rnorm(n, 2, 0.7), 3)
  burden <- 2 + 0.02 * hours - 0.5 * (reciprocity - 3) - 0.3 * trust +
    0.25 * (reciprocity - 3) * (trust - 3.5) + 0.4 * (relation == "child") +
    rep(rnorm(n / 2, 0, 0.4), each = 2) + rnorm(n, 0, 0.4 + 0.02 * hours)
  out <- data.frame(triad, hours, relation, reciprocity, trust, burden = round(burden, 4))
  out$burden[c(3, 50, 51)] <- NA
  out$trust[c(3, 77)] <- NA
  out$relation[c(120, 121)] <- NA
  out
}

simulate_waves <- function(n_triads, sd_triad, sd_person, seed) {
  set.seed(seed)
  rows <- expand.grid(wave = 0:2, role = c("seeker", "carer", "professional"), triad = seq_len(n_triads))
  rows$person <- paste(rows$triad, rows$role, sep = "-")
  people <- unique(rows$person)
  u <- rnorm(n_triads, 0, sd_triad)
  v <- setNames(rnorm(length(people), 0, sd_person), people)
  if (sd_triad == 0) { # members of a triad unlike each other: REML then ends at zero
    v <- setNames(v - ave(unname(v), sub("-.*", "", people)), people)
  }
  rows$trust <- round(rnorm(nrow(rows), 3.5, 0.7), 3)
  rows$score <- round(50 + 1.5 * rows$wave - 4 * rows$trust + 3 * (rows$role == "carer") +
    10 * (u[rows$triad] + v[rows$person] + rnorm(nrow(rows))), 3)
  keep <- runif(nrow(rows)) > 0.2
  rows[keep, c("triad", "person", "role", "wave", "trust", "score")]
}

linear_oracle <- function(data) {
  used <- na.omit(data)
  used$relation <- factor(used$relation, levels = c("partner", "child", "other"))
  used$cr <- used$reciprocity - mean(used$reciprocity)
  used$ct <- used$trust - mean(used$trust)
  one <- lm(burden ~ hours + relation, used)
  two <- lm(burden ~ hours + relation + cr + ct, used)
  three <- lm(burden ~ hours + relation + cr + ct + cr:ct, used)
  hc3 <- function(fit) vcovHC(fit, type = "HC3")
  cr1s <- function(fit) vcovCL(fit, cluster = used$triad, type = "HC1", cadjust = TRUE)
  g <- length(unique(used$triad))
  kinds <- c("HC0", "HC1", "HC2", "HC3")
  list(
    n = nrow(used), n_clusters = g,
    hc3 = coefficients_of(three, hc3(three), df.residual(three)),
    hc3_first = coefficients_of(one, hc3(one), df.residual(one)),
    cr1s = coefficients_of(three, cr1s(three), g - 1),
    classical = coefficients_of(three, vcov(three), df.residual(three)),
    se = sapply(kinds, function(k) sqrt(diag(vcovHC(three, type = k))), simplify = FALSE),
    beta = as.list(beta_of(three)),
    gvif = gvif_of(three),
    adjusted = summary(three)$adj.r.squared, residual_sd = summary(three)$sigma,
    change_two = change_of(one, two, hc3), change_three = change_of(two, three, hc3)
  )
}

square_oracle <- function(data) {
  used <- na.omit(data)
  used$relation <- factor(used$relation, levels = c("partner", "child", "other"))
  used$ch <- used$hours - mean(used$hours)
  fit <- lm(burden ~ ch + I(ch^2) + relation + ch:relation, used)
  coefficients_of(fit, vcovHC(fit, type = "HC3"), df.residual(fit))
}

mixed_oracle <- function(data) {
  data$role <- factor(data$role, levels = c("seeker", "carer", "professional"))
  control <- lmerControl(
    optimizer = "bobyqa", optCtrl = list(rhoend = 1e-10, maxfun = 1e5),
    check.conv.singular = "ignore"
  )
  fit <- lmer(score ~ wave + role + trust + (1 | triad / person), data, REML = TRUE, control = control)
  parts <- as.data.frame(VarCorr(fit))
  list(
    n = nobs(fit), b = as.list(fixef(fit)), se = as.list(sqrt(diag(as.matrix(vcov(fit))))),
    triad = parts$vcov[parts$grp == "triad"], person = parts$vcov[parts$grp == "person:triad"],
    residual = parts$vcov[parts$grp == "Residual"], log_likelihood = as.numeric(logLik(fit)),
    n_triads = ngrps(fit)[["triad"]], n_persons = ngrps(fit)[["person:triad"]]
  )
}

correlation_oracle <- function(data) {
  one <- cor.test(data$burden, data$trust, conf.level = 0.90)
  rank <- cor.test(data$hours, data$burden, method = "spearman", exact = FALSE)
  list(
    n = sum(complete.cases(data[c("burden", "trust")])), r = unname(one$estimate),
    low = one$conf.int[1], high = one$conf.int[2], p = one$p.value, rho = unname(rank$estimate)
  )
}

efc_oracle <- function(path) {
  efc <- read.csv(path)
  plain <- lm(neg_c_7 ~ c12hour + e42dep, efc)
  efc$impact <- rowSums(efc[paste0("c8", 3:8, "cop", 2:7)])
  fit <- lm(impact ~ c12hour + e42dep + c161sex + c160age, efc)
  list(
    negative_impact = list(
      n = nobs(plain), r2 = summary(plain)$r.squared,
      hc3 = coefficients_of(plain, vcovHC(plain, type = "HC3"), df.residual(plain)),
      classical = coefficients_of(plain, vcov(plain), df.residual(plain))
    ),
    six_items = list(
      n = nobs(fit), r2 = summary(fit)$r.squared, adjusted = summary(fit)$adj.r.squared,
      hc3 = coefficients_of(fit, vcovHC(fit, type = "HC3"), df.residual(fit)),
      beta = as.list(beta_of(fit)), vif = gvif_of(fit)
    )
  )
}

linear <- simulate_linear()
waves <- simulate_waves(60, 0.6, 0.8, 7)
flat <- simulate_waves(40, 0, 0.8, 11)
write.csv(linear, "linear.csv", row.names = FALSE, na = "")
write.csv(waves, "waves.csv", row.names = FALSE)
write.csv(flat, "waves_without_triads.csv", row.names = FALSE)
packages <- c("sandwich", "lmtest", "lme4", "jsonlite")
# Read back what was written: the figures then belong to the files, not to longer decimals.
write_json(
  list(
    versions = c(
      list(R = as.character(getRversion())),
      sapply(packages, function(p) as.character(packageVersion(p)), simplify = FALSE)
    ),
    linear = linear_oracle(read.csv("linear.csv", na.strings = "")),
    square = square_oracle(read.csv("linear.csv", na.strings = "")),
    mixed = mixed_oracle(read.csv("waves.csv")),
    mixed_singular = mixed_oracle(read.csv("waves_without_triads.csv")),
    correlation = correlation_oracle(read.csv("linear.csv", na.strings = "")),
    efc = efc_oracle(efc_file)
  ),
  "models.json", digits = NA, auto_unbox = TRUE, pretty = TRUE
)
