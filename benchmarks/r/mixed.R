library(lme4)
waves <- read.csv("waves.csv")
reference <- paste(
  "lme4", packageVersion("lme4"), "lmer(burden ~ wave + role + trust + (1 | triad / person))"
)
run <- function() summary(lmer(burden ~ wave + role + trust + (1 | triad / person), waves))
figures <- function(found) {
  list(
    coefficients = unname(found$coefficients[, 1]), se = unname(found$coefficients[, 2]),
    variances = c(
      found$varcor[["person:triad"]][1], found$varcor[["triad"]][1], found$sigma^2
    )
  )
}
