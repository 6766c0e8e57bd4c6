# Writes the reference figures for driehoek.psychometrics.cfa, polychoric and invariance.
# Run in this folder: Rscript generate.R [path to efc.csv of EUROFAMCARE]
suppressMessages({
  library(lavaan); library(psych); library(semTools); library(jsonlite)
})
arguments <- commandArgs(trailingOnly = TRUE)

measures <- c(
  "npar", "chisq", "df", "pvalue", "cfi", "tli", "rmsea", "rmsea.ci.lower", "rmsea.ci.upper",
  "srmr", "aic", "bic", "logl", "baseline.chisq", "baseline.df",
  "chisq.scaled", "pvalue.scaled", "chisq.scaling.factor", "cfi.scaled", "tli.scaled",
  "rmsea.scaled", "rmsea.ci.lower.scaled", "rmsea.ci.upper.scaled",
  "cfi.robust", "tli.robust", "rmsea.robust", "rmsea.ci.lower.robust", "rmsea.ci.upper.robust"
)
fit_figures <- function(fit) {
  found <- suppressWarnings(fitMeasures(fit))
  as.list(unclass(found[intersect(measures, names(found))]))
}
parameters <- function(fit) {
  table <- parameterEstimates(fit, remove.nonfree = TRUE)
  if (is.null(table$group)) table$group <- 1
  table[, c("lhs", "op", "rhs", "group", "est", "se")]
}
standardised <- function(fit) {
  table <- standardizedSolution(fit)
  if (is.null(table$group)) table$group <- 1
  table <- table[!is.na(table$se) & table$se > 0, ]
  table[, c("lhs", "op", "rhs", "group", "est.std", "se")]
}
record <- function(fit) {
  list(fit = fit_figures(fit), parameters = parameters(fit), standardised = standardised(fit))
}
indices <- function(fit) {
  table <- modindices(fit)
  if (is.null(table$group)) table$group <- 1
  table[, c("lhs", "op", "rhs", "group", "mi", "epc")]
}
difference <- function(free, strict) {
  test <- suppressWarnings(lavTestLRT(free, strict))
  list(chisq = test[2, "Chisq diff"], df = test[2, "Df diff"], p = test[2, "Pr(>Chisq)"])
}
ladder <- function(fits) {
  list(
    fits = lapply(fits, fit_figures),
    differences = setNames(
      Map(difference, fits[-length(fits)], fits[-1]), names(fits)[-1]
    )
  )
}
save_json <- function(x, name) {
  write_json(x, name, digits = 10, auto_unbox = TRUE, dataframe = "columns", pretty = FALSE)
}

hs <- HolzingerSwineford1939
items9 <- paste0("x", 1:9)
write.csv(hs[, c("school", items9)], "holzinger.csv", row.names = FALSE)
set.seed(1)
holes <- hs
for (item in items9) holes[runif(nrow(hs)) < .15, item] <- NA
write.csv(holes[, c("school", items9)], "holzinger_missing.csv", row.names = FALSE)

hs_model <- "visual =~ x1 + x2 + x3
             textual =~ x4 + x5 + x6
             speed =~ x7 + x8 + x9"
second_order <- paste(hs_model, "general =~ visual + textual + speed", sep = "\n")
bifactor <- "general =~ x1 + x2 + x3 + x4 + x5 + x6 + x7 + x8 + x9
             textual =~ x4 + x5 + x6
             speed =~ x7 + x8 + x9"
wanted <- list(loadings = "loadings", intercepts = c("loadings", "intercepts"),
               residuals = c("loadings", "intercepts", "residuals"))
school_ladder <- function(...) {
  ladder(c(
    list(configural = cfa(hs_model, ..., group = "school")),
    setNames(lapply(wanted, function(equal) cfa(hs_model, ..., group = "school",
                                                group.equal = equal)),
             c("metric", "scalar", "strict"))
  ))
}
ml <- cfa(hs_model, hs)
save_json(list(
  ml = record(ml),
  ml_indices = indices(ml),
  ml_residuals = unclass(lavResiduals(ml)$cov),
  means = record(cfa(hs_model, hs, meanstructure = TRUE)),
  variance_scaling = record(cfa(hs_model, hs, std.lv = TRUE)),
  residual_covariance = record(cfa(paste(hs_model, "x7 ~~ x8", sep = "\n"), hs)),
  equal_loadings = record(cfa("visual =~ x1 + a*x2 + a*x3
                               textual =~ x4 + x5 + x6
                               speed =~ x7 + x8 + x9", hs)),
  second_order = record(cfa(second_order, hs)),
  bifactor = record(cfa(bifactor, hs, std.lv = TRUE, orthogonal = TRUE)),
  mlr = record(cfa(hs_model, hs, estimator = "MLR")),
  fiml = record(cfa(hs_model, holes, missing = "fiml")),
  fiml_mlr = record(cfa(hs_model, holes, missing = "fiml", estimator = "MLR")),
  school_scalar = record(cfa(hs_model, hs, group = "school",
                             group.equal = c("loadings", "intercepts"))),
  ladder_ml = school_ladder(data = hs),
  ladder_mlr = school_ladder(data = hs, estimator = "MLR"),
  ladder_fiml_mlr = school_ladder(data = holes, estimator = "MLR", missing = "fiml")
), "holzinger.json")

items25 <- c(t(outer(c("A", "C", "E", "N", "O"), 1:5, paste0)))
answers <- psych::bfi[, c("gender", items25)]
write.csv(answers, "bfi.csv", row.names = FALSE, na = "")
bfi_model <- "A =~ A1 + A2 + A3 + A4 + A5
              C =~ C1 + C2 + C3 + C4 + C5
              E =~ E1 + E2 + E3 + E4 + E5
              N =~ N1 + N2 + N3 + N4 + N5
              O =~ O1 + O2 + O3 + O4 + O5"
seconds <- function(expression) system.time(expression)[["elapsed"]]
complete <- na.omit(answers)
time_psych <- seconds(by_psych <- suppressMessages(polychoric(answers[, items25])))
time_lavcor <- seconds(
  by_lavaan <- lavCor(complete[, items25], ordered = items25, output = "fit", se = "none")
)
pairwise <- lavCor(answers[, items25], ordered = items25, missing = "pairwise")
time_wlsmv <- seconds(
  wlsmv <- cfa(bfi_model, complete, ordered = items25, estimator = "WLSMV")
)
time_fiml <- seconds(
  fiml <- cfa(bfi_model, answers, missing = "fiml", estimator = "MLR")
)
gamma <- lavInspect(wlsmv, "gamma")
save_json(list(
  seconds = list(psych = time_psych, lavCor = time_lavcor, wlsmv = time_wlsmv, fiml = time_fiml),
  psych_pairwise = unclass(by_psych$rho),
  psych_thresholds = by_psych$tau,
  lavaan_listwise = unclass(lavInspect(by_lavaan, "sampstat")$cov),
  lavaan_pairwise = unclass(pairwise),
  gamma_diagonal = unname(diag(gamma)),
  gamma_row = unname(gamma[200, ]),
  wlsmv = record(wlsmv),
  wlsmv_indices = indices(wlsmv)[1:60, ],
  ulsmv = record(cfa(bfi_model, complete, ordered = items25, estimator = "ULSMV")),
  fiml_mlr = record(fiml)
), "bfi.json")

gender_ladder <- function(...) {
  ladder(c(
    list(configural = cfa(bfi_model, complete, ..., group = "gender")),
    setNames(lapply(wanted, function(equal) cfa(bfi_model, complete, ..., group = "gender",
                                                group.equal = equal)),
             c("metric", "scalar", "strict"))
  ))
}
ordinal_ladder <- function(model, data, items, group) {
  steps <- list(configural = character(), thresholds = "thresholds",
                metric = c("thresholds", "loadings"),
                scalar = c("thresholds", "loadings", "intercepts"),
                strict = c("thresholds", "loadings", "intercepts", "residuals"))
  fits <- lapply(steps, function(equal) {
    syntax <- measEq.syntax(
      configural.model = model, data = data, ordered = items, group = group,
      parameterization = "theta", ID.fac = "std.lv", ID.cat = "Wu.Estabrook.2016",
      group.equal = if (length(equal)) equal else ""
    )
    cfa(as.character(syntax), data, ordered = items, group = group,
        parameterization = "theta", estimator = "WLSMV")
  })
  list(ladder = ladder(fits), scalar = parameters(fits$scalar))
}
emotion <- "E =~ E1 + E2 + E3 + E4 + E5
            N =~ N1 + N2 + N3 + N4 + N5"
items10 <- c(paste0("E", 1:5), paste0("N", 1:5))
delta_group <- cfa(emotion, complete, ordered = items10, group = "gender", estimator = "WLSMV",
                   group.equal = c("loadings", "thresholds"))
time_ladder <- seconds(by_gender <- gender_ladder())
time_ordinal <- seconds(ordinal <- ordinal_ladder(bfi_model, complete, items25, "gender"))
save_json(list(
  seconds = list(continuous = time_ladder, ordinal = time_ordinal),
  continuous = by_gender,
  continuous_mlr = gender_ladder(estimator = "MLR"),
  ordinal = ordinal,
  delta_group = record(delta_group)
), "bfi_invariance.json")

set.seed(20)
factor_scores <- rnorm(400)
binary <- as.data.frame(sapply(c(.8, .7, .6, .7, .5, .9), function(loading) {
  as.integer(loading * factor_scores + sqrt(1 - loading^2) * rnorm(400) > qnorm(.35))
}))
names(binary) <- paste0("b", 1:6)
binary$group <- rep(1:2, 200)
write.csv(binary, "binary.csv", row.names = FALSE)
binary_fit <- cfa("f =~ b1 + b2 + b3 + b4 + b5 + b6", binary, ordered = paste0("b", 1:6),
                  estimator = "WLSMV")
sparse <- data.frame(a = rep(0:1, c(40, 20)), b = c(rep(0, 40), rep(0, 8), rep(1, 12)))
save_json(list(
  binary = record(binary_fit),
  correlations = unclass(lavCor(binary[, 1:6], ordered = paste0("b", 1:6))),
  sparse = unclass(lavCor(sparse, ordered = c("a", "b")))[1, 2]
), "binary.json")

if (length(arguments) == 1) {
  efc <- read.csv(arguments[1])
  cope <- setNames(efc[, grep("^c8[2-9]cop|^c90cop", names(efc))], paste0("cop", 1:9))
  cope$sex <- efc$c161sex
  negative <- paste0("cop", 2:7)
  negative_model <- paste("burden =~", paste(negative, collapse = " + "))
  both <- na.omit(cope[, c(negative, "sex")])
  save_json(list(
    ml = record(cfa(negative_model, both)),
    fiml_mlr = record(cfa(negative_model, cope, estimator = "MLR", missing = "fiml")),
    wlsmv = record(cfa(negative_model, both, ordered = negative, estimator = "WLSMV")),
    polychoric = unclass(lavCor(both[, negative], ordered = negative)),
    ladder_mlr = ladder(list(
      configural = cfa(negative_model, both, group = "sex", estimator = "MLR"),
      metric = cfa(negative_model, both, group = "sex", estimator = "MLR",
                   group.equal = "loadings"),
      scalar = cfa(negative_model, both, group = "sex", estimator = "MLR",
                   group.equal = c("loadings", "intercepts"))
    ))
  ), "cope.json")
}
save_json(c(
  list(R = as.character(getRversion())),
  sapply(c("lavaan", "psych", "semTools"), function(p) as.character(packageVersion(p)))
), "versions.json")
