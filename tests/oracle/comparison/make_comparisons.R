# Write the reference figures that tests/oracle/test_comparison_oracle.py compares with.
# Run in this folder: Rscript make_comparisons.R
library(jsonlite)

set.seed(61)
n <- 90
relation <- sample(c("a", "b", "c"), n, TRUE, c(.4, .35, .25))
data <- data.frame(
  relation, lives = ifelse(runif(n) < .35 + .3 * (relation == "a"), "yes", "no"),
  seeker = round(rnorm(n, 3, .8), 1), carer = round(rnorm(n, 3.4, 1), 1),
  professional = round(rnorm(n, 3.2, .6), 1),
  burden = round(rnorm(n, 3, ifelse(relation == "c", 1.4, .7)) + .5 * (relation == "b"), 2)
)
data$carer <- round(.5 * data$carer + .5 * data$seeker, 1)
write.csv(data, "comparisons.csv", row.names = FALSE)
data <- read.csv("comparisons.csv")

ncp_t <- function(t, df, tail) uniroot(function(x) pt(t, df, x) - tail, c(t - 12, t + 12), tol = 1e-12)$root
d_of <- function(t, df, size) c(ncp_t(t, df, .975), ncp_t(t, df, .025)) / size
ncp_f <- function(f, df1, df2, tail) if (pf(f, df1, df2) < tail) 0 else
  uniroot(function(x) pf(f, df1, df2, x) - tail, c(0, 200), tol = 1e-12)$root
ncp_chi <- function(x2, df, tail) if (pchisq(x2, df) < tail) 0 else
  uniroot(function(x) pchisq(x2, df, x) - tail, c(0, 400), tol = 1e-12)$root

two <- data[data$relation != "c", ]
x <- two$burden[two$relation == "a"]; y <- two$burden[two$relation == "b"]
welch <- t.test(x, y)
pooled <- sqrt(((length(x) - 1) * var(x) + (length(y) - 1) * var(y)) / (length(x) + length(y) - 2))
size <- sqrt(length(x) * length(y) / (length(x) + length(y)))
d <- (mean(x) - mean(y)) / pooled
j <- 1 - 3 / (4 * (length(x) + length(y)) - 9)
u <- wilcox.test(x, y, exact = FALSE, correct = TRUE)
r <- 2 * unname(u$statistic) / (length(x) * length(y)) - 1
spread <- sqrt((length(x) + length(y) + 1) / (3 * length(x) * length(y)))

omni <- oneway.test(burden ~ relation, data)
f <- unname(omni$statistic); df <- unname(omni$parameter)
ncp <- c(ncp_f(f, df[1], df[2], .975), ncp_f(f, df[1], df[2], .025))
h <- kruskal.test(burden ~ relation, data)
games <- function(a, b) {
  p <- data$burden[data$relation == a]; q <- data$burden[data$relation == b]
  v <- c(var(p) / length(p), var(q) / length(q))
  g_df <- sum(v)^2 / (v[1]^2 / (length(p) - 1) + v[2]^2 / (length(q) - 1))
  gap <- mean(p) - mean(q); se <- sqrt(sum(v))
  crit <- qtukey(.95, 3, g_df) / sqrt(2)
  c(gap, se, g_df, gap - crit * se, gap + crit * se,
    ptukey(abs(gap) / se * sqrt(2), 3, g_df, lower.tail = FALSE))
}
table_of <- table(data$lives, data$relation)
chi <- chisq.test(table_of, correct = FALSE)
scale <- n * (min(dim(table_of)) - 1)
small <- table(two$lives, two$relation)

pair <- t.test(data$seeker, data$carer, paired = TRUE)
gap <- data$seeker - data$carer
w <- wilcox.test(gap[gap != 0], exact = FALSE, correct = FALSE)
fried <- friedman.test(as.matrix(data[c("seeker", "carer", "professional")]))
ps <- c(t.test(data$seeker, data$carer, paired = TRUE)$p.value,
        t.test(data$seeker, data$professional, paired = TRUE)$p.value,
        t.test(data$carer, data$professional, paired = TRUE)$p.value)
write_json(list(
  versions = list(R = as.character(getRversion())),
  welch = c(mean(x) - mean(y), unname(welch$stderr), unname(welch$parameter), welch$conf.int, welch$p.value),
  g = c(d * j, d_of(d * size, length(x) + length(y) - 2, size) * j),
  u = c(unname(u$statistic), u$p.value), rank_biserial = c(r, tanh(atanh(r) + c(-1, 1) * qnorm(.975) * spread)),
  f_welch = c(f, df, omni$p.value),
  omega2 = c(df[1] * (f - 1) / (df[1] * (f - 1) + n), ncp / (ncp + n)),
  h = c(unname(h$statistic), unname(h$parameter), h$p.value), epsilon2 = unname(h$statistic) / (n - 1),
  games_howell = list(games("a", "b"), games("a", "c"), games("b", "c")),
  chi2 = c(unname(chi$statistic), unname(chi$parameter), chi$p.value),
  cramers_v = c(sqrt(unname(chi$statistic) / scale),
                sqrt(c(ncp_chi(chi$statistic, chi$parameter, .975), ncp_chi(chi$statistic, chi$parameter, .025)) / scale)),
  expected_min = min(chi$expected),
  fisher = c(small[1, 1] * small[2, 2] / (small[1, 2] * small[2, 1]), fisher.test(small)$p.value),
  paired = c(mean(gap), unname(pair$stderr), unname(pair$parameter), pair$conf.int, pair$p.value),
  d_z = c(mean(gap) / sd(gap), d_of(unname(pair$statistic), n - 1, sqrt(n))),
  w = c(unname(w$statistic), w$p.value),
  friedman = c(unname(fried$statistic), unname(fried$parameter), fried$p.value),
  kendall_w = unname(fried$statistic) / (n * 2), holm = p.adjust(ps, "holm")
), "comparisons.json", digits = NA, auto_unbox = TRUE, pretty = TRUE)
