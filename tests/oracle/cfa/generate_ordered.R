# Writes the reference factor scores and modification indices of ordered items and of MLR.
# Run in this folder: Rscript generate_ordered.R
suppressMessages({
  library(lavaan); library(jsonlite)
})
model <- "E =~ E1 + E2 + E3 + E4 + E5
          N =~ N1 + N2 + N3 + N4 + N5"
items <- c(paste0("E", 1:5), paste0("N", 1:5))
bfi <- na.omit(read.csv("bfi.csv"))[1:500, items]
ordered <- cfa(model, bfi, ordered = items, estimator = "WLSMV")
robust <- cfa(model, bfi, estimator = "MLR")
indices <- function(fit) {
  found <- modindices(fit)
  found[, c("lhs", "op", "rhs", "mi", "epc")]
}
results <- list(
  versions = list(R = paste(R.version$major, R.version$minor, sep = "."),
                  lavaan = as.character(packageVersion("lavaan"))),
  scores = unname(unclass(lavPredict(ordered, method = "EBM")))[1:40, ],
  wlsmv_indices = indices(ordered), mlr_indices = indices(robust)
)
writeLines(toJSON(results, auto_unbox = TRUE, digits = 10), "ordered.json")
