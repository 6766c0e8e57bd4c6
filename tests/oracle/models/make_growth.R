# Write the data and figures that tests/oracle/test_growth_oracle.py compares with: persons who
# differ in level and in change. Run in this folder: Rscript make_growth.R
suppressPackageStartupMessages({
  library(lme4)
  library(pbkrtest)
  library(lmerTest)
  library(jsonlite)
})

# One or two persons a triad, waves at 0, 0.5 and 1.25 (and 2) years, one row in eight away.
draw <- function(file, seed, triads, times, sd_slope, sd_triad) {
  set.seed(seed)
  people <- rep(seq_len(triads), times = 1 + (seq_len(triads) %% 2))
  data <- do.call(rbind, lapply(seq_along(people), function(i) {
    level <- rnorm(1, 0, 0.6)
    change <- -0.4 * sd_slope * level / 0.6 + rnorm(1, 0, sd_slope * sqrt(1 - 0.16))
    data.frame(triad = people[i], person = i, time = times, level = level, change = change)
  }))
  data$trust <- round(rnorm(nrow(data), 3.5, 0.8), 2)
  of_triad <- rnorm(triads, 0, sd_triad)
  data$score <- round(
    3 + 0.2 * data$time - 0.3 * (data$trust - 3.5) + 0.1 * data$time * (data$trust - 3.5) +
      of_triad[data$triad] + data$level + data$change * data$time + rnorm(nrow(data), 0, 0.5), 3
  )
  data <- data[runif(nrow(data)) > 0.125, c("triad", "person", "time", "trust", "score")]
  write.csv(data, file, row.names = FALSE)
}

of_file <- function(file) {
  data <- read.csv(file)
  control <- lmerControl(
    optimizer = "bobyqa", optCtrl = list(rhoend = 1e-10, maxfun = 1e6),
    check.conv.singular = "ignore"
  )
  model <- score ~ time + trust + (1 | triad) + (1 + time | triad:person)
  full <- lmerTest::lmer(model, data, control = control)
  plain <- lmerTest::lmer(
    score ~ time + trust + (1 | triad) + (1 | triad:person), data, control = control
  )
  kr <- coef(summary(full, ddf = "Kenward-Roger"))
  satterthwaite <- coef(summary(full, ddf = "Satterthwaite"))
  ml <- lme4::lmer(model, data, REML = FALSE, control = control)
  of_person <- VarCorr(full)[["triad:person"]]
  list(
    n = nrow(data),
    b = fixef(full), se = satterthwaite[, "Std. Error"],
    kr = list(se = kr[, "Std. Error"], df = kr[, "df"], p = kr[, "Pr(>|t|)"]),
    satterthwaite_df = satterthwaite[, "df"],
    variance_triad = VarCorr(full)[["triad"]][1, 1],
    variance_person = of_person[1, 1],
    variance_slope = of_person[2, 2],
    covariance = of_person[1, 2],
    variance_residual = sigma(full)^2,
    log_likelihood = as.numeric(logLik(full)),
    lr_slope = 2 * (as.numeric(logLik(full)) - as.numeric(logLik(plain))),
    ml = list(b = fixef(ml), log_likelihood = as.numeric(logLik(ml)))
  )
}

draw("growth.csv", 20261129, 80, c(0, 0.5, 1.25), 0.5, 0.4)
draw("growth_few.csv", 7, 14, c(0, 0.5, 1.25, 2), 0.4, 0.4)
draw("growth_flat.csv", 5, 40, c(0, 0.5, 1.25), 0, 0.4)
out <- list(
  cases = list(
    growth = of_file("growth.csv"), few = of_file("growth_few.csv"),
    flat = of_file("growth_flat.csv")
  ),
  versions = lapply(c(
    R = "base", lme4 = "lme4", pbkrtest = "pbkrtest", lmerTest = "lmerTest"
  ), function(name) as.character(packageVersion(name)))
)
write_json(out, "growth.json", digits = NA, auto_unbox = TRUE, pretty = TRUE)
