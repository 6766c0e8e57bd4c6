# Write the data and the reference figures that tests/oracle/test_full_information_oracle.py compares
# with: regressions by full-information maximum likelihood in lavaan. Run in this folder:
# Rscript make_full_information.R
suppressPackageStartupMessages({ library(lavaan); library(jsonlite) })

set.seed(20261128)
n <- 240
triad <- rep(seq_len(n / 2), each = 2)
shared <- rnorm(n / 2)[triad]
hours <- round(exp(rnorm(n, 2, .5)), 1)
relation <- sample(c("partner", "child", "other"), n, TRUE, c(.5, .3, .2))
trust <- round(.5 * shared + rnorm(n), 3)
reciprocity <- round(.4 * trust + rnorm(n), 3)
before <- round(-.3 * trust + .4 * shared + rnorm(n), 3)
burden <- round(2 + .04 * hours + .3 * (relation == "child") - .4 * trust - .2 * reciprocity +
                .15 * trust * reciprocity + .5 * before + .3 * shared + rnorm(n) * (1 + .3 * abs(trust)), 3)
gone <- function(p) runif(n) < p
burden[gone(plogis(-1.5 + before))] <- NA # at random: it depends on what is known before
trust[gone(.15)] <- NA
reciprocity[gone(plogis(-2 + hours / 12))] <- NA
relation[gone(.08)] <- NA
before[gone(.05)] <- NA
write.csv(data.frame(triad, burden, hours, relation, trust, reciprocity, before),
          "full_information.csv", row.names = FALSE, na = "")
data <- read.csv("full_information.csv", na.strings = "")

data$child <- as.numeric(data$relation == "child")
data$other <- as.numeric(data$relation == "other")
data$ct <- data$trust - mean(data$trust, na.rm = TRUE)
data$cr <- data$reciprocity - mean(data$reciprocity, na.rm = TRUE)
data$product <- data$ct * data$cr

fitted <- function(model, data, ...) sem(
  model, data, missing = "fiml", fixed.x = FALSE, meanstructure = TRUE,
  control = list(rel.tol = 1e-12, iter.max = 20000), baseline = FALSE, ...)
run <- function(model, ...) {
  fit <- fitted(model, data, ...)
  found <- parameterEstimates(fit)
  own <- found[found$lhs == "burden" & found$op %in% c("~", "~1"), ]
  names <- ifelse(own$op == "~1", "intercept", own$rhs)
  list(n = lavInspect(fit, "nobs"), r2 = unname(lavInspect(fit, "r2")["burden"]),
       b = setNames(lapply(seq_along(names), function(i)
         c(own$est[i], own$se[i])), names))
}
main <- "burden ~ hours + child + other + trust + reciprocity"
x <- c("hours", "child", "other", "trust", "reciprocity")
all_pairs <- function(v) paste(combn(v, 2, paste, collapse = " ~~ "), collapse = "\n")
first <- paste("burden ~ hours + child + other\nburden ~~ trust + reciprocity", all_pairs(x), sep = "\n")
product <- "burden ~ hours + ct + cr + product"
helped <- paste(main, "burden ~~ before", all_pairs(c(x, "before")), sep = "\n")
# The same model without each row or cluster: squared moves of the coefficients, summed.
jackknife <- function(model, units) {
  whole <- run(model, estimator = "ML")
  own <- function(fit) {
    found <- parameterEstimates(fit, se = FALSE)
    found[found$lhs == "burden" & found$op %in% c("~", "~1"), "est"]
  }
  full <- fitted(model, data, estimator = "ML")
  moves <- sapply(unique(units), function(u) own(fitted(
    model, data[units != u, ], estimator = "ML", se = "none", start = full)) - own(full))
  se <- sqrt(rowSums(moves^2))
  whole$b <- setNames(lapply(seq_along(se), function(i) c(whole$b[[i]][1], se[i])), names(whole$b))
  whole
}
wald <- lavTestWald(fitted(main, data, estimator = "MLR"), ".p4. == 0\n.p5. == 0") # trust, reciprocity
write_json(list(
  versions = list(R = as.character(getRversion()), lavaan = as.character(packageVersion("lavaan"))),
  model = run(main, estimator = "ML"),
  robust = run(main, estimator = "MLR"),
  cluster = run(main, estimator = "MLR", cluster = "triad"),
  wald_second_block = list(chi2 = wald$stat, df = wald$df),
  jackknife = jackknife(main, seq_len(n)),
  jackknife_cluster = jackknife(main, data$triad),
  first_block = run(first, estimator = "MLR"),
  product = run(product, estimator = "MLR"),
  auxiliary = run(helped, estimator = "MLR")
), "full_information.json", digits = NA, auto_unbox = TRUE, pretty = TRUE)
