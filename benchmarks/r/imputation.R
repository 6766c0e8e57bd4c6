library(mice)
ordered <- read.csv("ordered.csv")
reference <- paste("mice", packageVersion("mice"), "mice(m = 20, maxit = 5, method = \"pmm\")")
run <- function() mice(ordered, m = 20, maxit = 5, method = "pmm", seed = 1, printFlag = FALSE)
figures <- function(found) {
  sets <- complete(found, "all")
  list(
    means = unname(rowMeans(sapply(sets, colMeans))),
    correlations = rowMeans(sapply(sets, function(set) cor(set)[upper.tri(diag(ncol(set)))]))
  )
}
