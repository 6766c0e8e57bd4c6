# Write the data and figures that tests/oracle/test_crossed_oracle.py compares with: persons in triads,
# crossed with professionals of several triads. Run in this folder: Rscript make_crossed.R
suppressPackageStartupMessages({
  library(lme4)
  library(pbkrtest)
  library(lmerTest)
  library(jsonlite)
})

# Professionals have one to six triads; some triads change professional after a wave.
draw <- function(triads, professionals, spread, seed) {
  set.seed(seed)
  data <- expand.grid(wave = 0:2, member = 1:2, triad = 1:triads)
  first <- sample(professionals, triads, replace = TRUE)
  last <- ifelse(runif(triads) < .3, sample(professionals, triads, replace = TRUE), first)
  data$professional <- ifelse(data$wave < 2, first[data$triad], last[data$triad])
  data$person <- paste(data$triad, data$member, sep = "-")
  number <- as.integer(factor(data$person))
  data$trust <- round(rnorm(nrow(data), 3, 1), 3)
  data$training <- round(rnorm(professionals), 3)[data$professional]
  data$score <- round(
    4 + .3 * data$wave - .4 * data$trust + rnorm(triads, 0, .6)[data$triad] +
      rnorm(max(number), 0, .8)[number] + spread * rnorm(professionals)[data$professional] +
      rnorm(nrow(data)), 3
  )
  data[runif(nrow(data)) > .15, c("triad", "person", "professional", "wave", "trust", "training", "score")]
}

figures <- function(data) {
  data$step <- factor(data$wave)
  control <- lmerControl(
    optimizer = "bobyqa", optCtrl = list(rhoend = 1e-10, maxfun = 1e5),
    check.conv.singular = "ignore"
  )
  fit <- function(formula) lmerTest::lmer(formula, data, control = control)
  full <- fit(score ~ step + trust + training + (1 | triad / person) + (1 | professional))
  without <- fit(score ~ trust + training + (1 | triad / person) + (1 | professional))
  kr <- coef(summary(full, ddf = "Kenward-Roger"))
  satterthwaite <- coef(summary(full, ddf = "Satterthwaite"))
  test <- KRmodcomp(full, without)$test
  parts <- as.data.frame(VarCorr(full))
  variance <- function(group) parts$vcov[parts$grp == group]
  ml <- lme4::lmer(
    score ~ step + trust + training + (1 | triad / person) + (1 | professional), data,
    REML = FALSE, control = control
  )
  nested <- lme4::lmer(
    score ~ step + trust + training + (1 | triad / person), data, REML = FALSE, control = control
  )
  all_rows <- function(fit) list(
    b = unname(fixef(fit)), se = unname(sqrt(diag(as.matrix(vcov(fit))))),
    log_likelihood = as.numeric(logLik(fit)), variance_residual = sigma(fit)^2
  )
  list(
    ml = all_rows(ml), ml_nested = all_rows(nested),
    b = unname(fixef(full)), log_likelihood = as.numeric(logLik(full)),
    variances = list(
      variance_triad = variance("triad"), variance_person = variance("person:triad"),
      variance_crossed = variance("professional"), variance_residual = variance("Residual")
    ),
    kr = list(se = kr[, "Std. Error"], df = kr[, "df"], p = kr[, "Pr(>|t|)"]),
    satterthwaite = list(se = satterthwaite[, "Std. Error"], df = satterthwaite[, "df"]),
    step = list(f = test["Ftest", "stat"], df1 = test["Ftest", "ndf"], df2 = test["Ftest", "ddf"],
                p = test["Ftest", "p.value"])
  )
}

cases <- list(
  shared = draw(60, 20, .7, 6), few = draw(14, 6, .7, 7), singular = draw(40, 12, 0, 8)
)
for (name in names(cases)) {
  write.csv(cases[[name]], paste0("crossed_", name, ".csv"), row.names = FALSE)
}
out <- list(
  cases = lapply(cases, figures),
  versions = lapply(c(
    R = "base", lme4 = "lme4", pbkrtest = "pbkrtest", lmerTest = "lmerTest"
  ), function(name) as.character(packageVersion(name)))
)
write_json(out, "crossed.json", digits = NA, auto_unbox = TRUE, pretty = TRUE)
