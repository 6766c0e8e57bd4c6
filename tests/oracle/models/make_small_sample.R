# Write the figures that tests/oracle/test_small_sample_oracle.py compares with: degrees of freedom
# and tests of fixed effects in mixed models. Run in this folder: Rscript make_small_sample.R
suppressPackageStartupMessages({
  library(lme4)
  library(pbkrtest)
  library(lmerTest)
  library(jsonlite)
})

of_file <- function(file, keep) {
  data <- read.csv(file)
  data <- data[data$triad <= keep, ]
  data$role <- factor(data$role, levels = c("seeker", "carer", "professional"))
  control <- lmerControl(
    optimizer = "bobyqa", optCtrl = list(rhoend = 1e-10, maxfun = 1e5),
    check.conv.singular = "ignore"
  )
  full <- lmerTest::lmer(score ~ wave + role + trust + (1 | triad / person), data, control = control)
  without <- lmerTest::lmer(score ~ wave + trust + (1 | triad / person), data, control = control)
  kr <- coef(summary(full, ddf = "Kenward-Roger"))
  satterthwaite <- coef(summary(full, ddf = "Satterthwaite"))
  test <- KRmodcomp(full, without)$test
  fixed <- var(as.vector(model.matrix(full) %*% fixef(full)))
  parts <- as.data.frame(VarCorr(full))$vcov
  list(
    triads = keep,
    kr = list(se = kr[, "Std. Error"], df = kr[, "df"], p = kr[, "Pr(>|t|)"]),
    satterthwaite = list(se = satterthwaite[, "Std. Error"], df = satterthwaite[, "df"]),
    role = list(f = test["Ftest", "stat"], df1 = test["Ftest", "ndf"], df2 = test["Ftest", "ddf"],
                p = test["Ftest", "p.value"]),
    r2_marginal = fixed / (fixed + sum(parts)),
    r2_conditional = (fixed + sum(parts[1:2])) / (fixed + sum(parts))
  )
}

out <- list(
  cases = list(
    waves = of_file("waves.csv", 60), few = of_file("waves.csv", 12),
    singular = of_file("waves_without_triads.csv", 40)
  ),
  versions = lapply(c(
    R = "base", lme4 = "lme4", pbkrtest = "pbkrtest", lmerTest = "lmerTest"
  ), function(name) as.character(packageVersion(name)))
)
write_json(out, "small_sample.json", digits = NA, auto_unbox = TRUE, pretty = TRUE)
