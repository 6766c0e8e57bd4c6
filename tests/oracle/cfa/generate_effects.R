# Writes the reference effect sizes of non-invariance: estimates of lavaan, integrals of R.
# Run in this folder: Rscript generate_effects.R
suppressMessages({
  library(lavaan); library(jsonlite)
})
model <- "E =~ E1 + E2 + E3 + E4 + E5
          N =~ N1 + N2 + N3 + N4 + N5"
factors <- list(E = paste0("E", 1:5), N = paste0("N", 1:5))
data <- na.omit(read.csv("bfi.csv"))
data$gender <- factor(data$gender)
value <- function(table, lhs, op, group, rhs = "") {
  table$est[table$lhs == lhs & table$op == op & table$rhs == rhs & table$group == group]
}
pooled <- function(item) {
  halves <- split(data[[item]], data$gender)
  sqrt(sum(sapply(halves, function(x) sum((x - mean(x))^2))) / (nrow(data) - 2))
}
# Expected answer by the factor; `level` is the intercept, or minus the mean of the thresholds.
measured <- function(table, factor, item, group) {
  slope <- value(table, factor, "=~", group, item)
  level <- value(table, item, "~1", group)
  list(slope = slope, level = level, expected = function(f) level + slope * f)
}
ordered <- function(table, factor, item, group) {
  residual <- sqrt(value(table, item, "~~", group, item))
  slope <- value(table, factor, "=~", group, item) / residual
  rows <- table$lhs == item & table$op == "|" & table$group == group
  limits <- table$est[rows] / residual
  list(slope = slope, level = -mean(limits),
       expected = function(f) rowSums(sapply(limits, function(t) pnorm(slope * f - t))))
}
effects <- function(fit, answer) {
  table <- parameterEstimates(fit)
  rows <- list()
  for (factor in names(factors)) for (item in factors[[factor]]) {
    marker <- lapply(1:2, function(g) answer(table, factor, factors[[factor]][1], g))
    side <- lapply(1:2, function(g) answer(table, factor, item, g))
    mean <- value(table, factor, "~1", 2)
    sd <- sqrt(value(table, factor, "~~", 2, factor))
    gap <- function(f) {
      shared <- (marker[[2]]$level - marker[[1]]$level + marker[[2]]$slope * f) / marker[[1]]$slope
      side[[2]]$expected(f) - side[[1]]$expected(shared)
    }
    over <- function(power) {
      inside <- function(f) gap(f)^power * dnorm(f, mean, sd)
      integrate(inside, mean - 9 * sd, mean + 9 * sd, rel.tol = 1e-10)$value
    }
    rows[[item]] <- list(item = item, dmacs = sqrt(over(2)) / pooled(item), difference = over(1))
  }
  do.call(rbind, lapply(rows, as.data.frame))
}
continuous <- cfa(model, data, group = "gender", estimator = "ML")
categorical <- cfa(model, data, group = "gender", ordered = unlist(factors), estimator = "WLSMV",
                   parameterization = "theta", std.lv = TRUE)
results <- list(
  versions = list(R = paste(R.version$major, R.version$minor, sep = "."),
                  lavaan = as.character(packageVersion("lavaan"))),
  continuous = effects(continuous, measured), ordinal = effects(categorical, ordered)
)
writeLines(toJSON(results, auto_unbox = TRUE, digits = 10, pretty = TRUE), "effects.json")
