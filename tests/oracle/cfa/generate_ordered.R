# Writes the reference factor scores and modification indices of ordered items and of MLR.
# Run in this folder: Rscript generate_ordered.R
suppressMessages({
  library(lavaan); library(jsonlite)
})
definitions <- parse("generate.R")[3:7]
for (definition in definitions) eval(definition)
model <- "E =~ E1 + E2 + E3 + E4 + E5
          N =~ N1 + N2 + N3 + N4 + N5"
items <- c(paste0("E", 1:5), paste0("N", 1:5))
bfi <- na.omit(read.csv("bfi.csv"))[1:500, items]
ordered <- cfa(model, bfi, ordered = items, estimator = "WLSMV")
robust <- cfa(model, bfi, estimator = "MLR")
holes <- read.csv("bfi.csv")[1:500, items]
holes[seq(1, 500, 7), "E2"] <- NA
holes[seq(3, 500, 5), c("N1", "N4")] <- NA
pairwise <- cfa(model, holes, ordered = items, estimator = "WLSMV", missing = "pairwise")
indices <- function(fit) {
  found <- modindices(fit)
  found[, c("lhs", "op", "rhs", "mi", "epc")]
}
results <- list(
  versions = list(R = paste(R.version$major, R.version$minor, sep = "."),
                  lavaan = as.character(packageVersion("lavaan"))),
  scores = unname(unclass(lavPredict(ordered, method = "EBM")))[1:40, ],
  pairwise = record(pairwise),
  wlsmv_indices = indices(ordered), mlr_indices = indices(robust)
)
write_json(results, "ordered.json", digits = 10, auto_unbox = TRUE, dataframe = "columns")
