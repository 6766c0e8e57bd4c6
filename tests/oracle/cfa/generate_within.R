# Writes the reference figures of invariance across waves: within_ladder.
# Run in this folder: Rscript generate_within.R
suppressMessages({
  library(lavaan); library(semTools); library(jsonlite)
})
set.seed(5)
n <- 500
traits <- matrix(rnorm(2 * n), n) %*% chol(matrix(c(1, .6, .6, 1.2), 2))
traits[, 2] <- traits[, 2] + .3
loadings <- c(.8, .7, .6, .7)
specific <- matrix(rnorm(4 * n), n)
answer <- function(wave) {
  latent <- sapply(1:4, function(k) {
    shift <- if (wave == 2 && k == 3) .3 else 0
    loadings[k] * traits[, wave] + .4 * specific[, k] + .6 * rnorm(n) + shift
  })
  apply(latent, 2, function(y) findInterval(y, c(-1.2, -.4, .5, 1.3)) + 1)
}
waves <- as.data.frame(cbind(answer(1), answer(2)))
names(waves) <- c(paste0("a", 1:4, "_w1"), paste0("a", 1:4, "_w2"))
holes <- waves
holes[runif(n) < .2, 5:8] <- NA
for (item in names(holes)) holes[runif(n) < .03, item] <- NA
write.csv(holes, "waves.csv", row.names = FALSE, na = "")

model <- "f1 =~ a1_w1 + a2_w1 + a3_w1 + a4_w1
          f2 =~ a1_w2 + a2_w2 + a3_w2 + a4_w2"
measures <- c("npar", "chisq", "df", "pvalue", "cfi", "tli", "rmsea", "srmr", "chisq.scaled",
              "cfi.scaled", "tli.scaled", "rmsea.scaled", "cfi.robust", "tli.robust",
              "rmsea.robust")
figures <- function(fit) {
  found <- suppressWarnings(fitMeasures(fit))
  as.list(unclass(found[intersect(measures, names(found))]))
}
difference <- function(free, strict) {
  test <- suppressWarnings(lavTestLRT(free, strict))
  list(chisq = test[2, "Chisq diff"], df = test[2, "Df diff"], p = test[2, "Pr(>Chisq)"])
}
climb <- function(steps, fit_one) {
  fits <- lapply(steps, fit_one)
  list(fits = lapply(fits, figures),
       differences = setNames(Map(difference, fits[-length(fits)], fits[-1]), names(fits)[-1]))
}
syntax <- function(equal, ...) {
  as.character(measEq.syntax(
    configural.model = model, data = holes, longFacNames = list(f = c("f1", "f2")),
    long.equal = if (length(equal)) equal else "", ...
  ))
}
continuous <- climb(
  list(configural = character(), metric = "loadings", scalar = c("loadings", "intercepts"),
       strict = c("loadings", "intercepts", "residuals")),
  function(equal) {
    cfa(syntax(equal, ID.fac = "marker", meanstructure = TRUE), holes, missing = "fiml",
        estimator = "MLR")
  }
)
items <- names(holes)
complete <- na.omit(holes)
ordinal <- climb(
  list(configural = character(), thresholds = "thresholds", metric = c("thresholds", "loadings"),
       scalar = c("thresholds", "loadings", "intercepts"),
       strict = c("thresholds", "loadings", "intercepts", "residuals")),
  function(equal) {
    cfa(syntax(equal, ordered = items, parameterization = "theta", ID.fac = "std.lv",
               ID.cat = "Wu.Estabrook.2016"),
        complete, ordered = items, parameterization = "theta", estimator = "WLSMV")
  }
)
write_json(list(continuous = continuous, ordinal = ordinal), "waves.json", digits = 10,
           auto_unbox = TRUE)
