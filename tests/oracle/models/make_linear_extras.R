# Write the reference figures that tests/oracle/test_linear_extras_oracle.py compares with.
# Run in this folder: Rscript make_linear_extras.R
suppressPackageStartupMessages({
  library(sandwich)
  library(clubSandwich)
  library(jsonlite)
})

used <- na.omit(read.csv("linear.csv", na.strings = ""))
used$relation <- factor(used$relation, levels = c("partner", "child", "other"))
used$cr <- used$reciprocity - mean(used$reciprocity)
used$ct <- used$trust - mean(used$trust)

cr2_of <- function(data) {
  data$cr <- data$reciprocity - mean(data$reciprocity)
  data$ct <- data$trust - mean(data$trust)
  one <- lm(burden ~ hours + relation, data)
  three <- lm(burden ~ hours + relation + cr * ct, data)
  v <- vcovCR(three, cluster = data$triad, type = "CR2")
  test <- coef_test(three, vcov = v, test = "Satterthwaite")
  wald <- function(terms) {
    found <- Wald_test(three, constrain_zero(terms, reg_ex = FALSE), vcov = v, test = "HTZ")
    list(f = found$Fstat, df1 = found$df_num, df2 = found$df_denom, p = found$p_val)
  }
  list(
    n = nrow(data), terms = names(coef(three)), b = unname(coef(three)), se = test$SE, df = test$df_Satt,
    p = test$p_Satt, relation = wald(c("relationchild", "relationother")),
    three = wald(c("cr", "ct", "cr:ct"))
  )
}

slopes_of <- function(fit, v, df, sd) {
  b <- coef(fit)
  at <- c(-sd, 0, sd)
  slope <- b["cr"] + b["cr:ct"] * at
  se <- sqrt(v["cr", "cr"] + 2 * at * v["cr", "cr:ct"] + at^2 * v["cr:ct", "cr:ct"])
  t2 <- qt(.975, df)^2
  # Johnson & Neyman: t^2 Var(slope) = slope^2 is a quadratic in the moderator.
  a <- b["cr:ct"]^2 - t2 * v["cr:ct", "cr:ct"]
  h <- b["cr"] * b["cr:ct"] - t2 * v["cr", "cr:ct"]
  c0 <- b["cr"]^2 - t2 * v["cr", "cr"]
  list(slope = unname(slope), se = unname(se),
       bounds = unname(sort((-h + c(-1, 1) * sqrt(h^2 - a * c0)) / a)))
}

three <- lm(burden ~ hours + relation + cr * ct, used)
plain <- lm(burden ~ hours + cr + ct, used)
n_k <- df.residual(three)
t_plain <- summary(three)$coefficients[, "t value"]
x <- model.matrix(three)[, -1]
part <- sapply(colnames(x), function(name) {
  other <- lm(x[, name] ~ x[, colnames(x) != name])
  without <- lm(used$burden ~ x[, colnames(x) != name])
  c(partial = cor(resid(other), resid(without)), part = cor(resid(other), used$burden))
})
cook <- cooks.distance(three)
lever <- hatvalues(three)
r2 <- summary(three)$r.squared
first <- summary(lm(burden ~ hours + relation, used))$r.squared
write_json(
  list(
    versions = list(R = as.character(getRversion()), sandwich = as.character(packageVersion("sandwich")),
                    clubSandwich = as.character(packageVersion("clubSandwich"))),
    hc4 = unname(sqrt(diag(vcovHC(three, type = "HC4")))),
    cr2 = cr2_of(used), cr2_few = cr2_of(used[used$triad <= 12, ]),
    partial = unname(part["partial", ]), part = unname(part["part", ]),
    f2 = r2 / (1 - r2), f2_change = (r2 - first) / (1 - r2),
    cook = list(max = max(cook), over = sum(cook > 4 / nrow(used))),
    leverage = list(max = max(lever), over = sum(lever > 2 * length(coef(three)) / nrow(used))),
    slopes = slopes_of(three, vcovHC(three, type = "HC3"), n_k, sd(used$trust))
  ),
  "linear_extras.json", digits = NA, auto_unbox = TRUE, pretty = TRUE
)
