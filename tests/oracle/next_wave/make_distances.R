# Effect sizes of two samples as R gives them. From the top of the checkout:
#   Rscript tests/oracle/next_wave/make_distances.R
a <- c(1, 2, 2, 3, 3, 3, 4, 4, 5, 5, 5, 5)
b <- c(1, 1, 1, 2, 2, 3, 3, 4, 4, 4, 5)
x <- c(12.5, 14.1, 9.9, 20.3, 16.7, 11.2)
y <- c(18.4, 22.9, 15.0, 30.1, 19.8)
table <- table(c(rep("a", length(a)), rep("b", length(b))), c(a, b))
chisq <- suppressWarnings(chisq.test(table, correct = FALSE))
t <- t.test(y, x, var.equal = TRUE)
shares <- suppressWarnings(prop.test(c(4, 17), c(50, 60), correct = FALSE))
found <- list(
  versions = list(R = as.character(getRversion())),
  a = a, b = b, x = x, y = y,
  w = sqrt(unname(chisq$statistic) / sum(table)),
  d = unname(t$statistic) * sqrt(1 / length(x) + 1 / length(y)),
  z_squared = unname(shares$statistic)
)
writeLines(jsonlite::toJSON(found, auto_unbox = TRUE, digits = NA, pretty = TRUE),
           "tests/oracle/next_wave/distances.json")
