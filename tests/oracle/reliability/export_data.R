# Writes the example data behind the oracle to the folder given as first argument.
# Usage: Rscript export_data.R data
# bfi: psych (Revelle), SAPA project; HolzingerSwineford1939: lavaan (Rosseel).
suppressPackageStartupMessages({
  library(psych)
  library(lavaan)
})
folder <- commandArgs(trailingOnly = TRUE)[1]
save_csv <- function(frame, name) {
  write.csv(frame, file.path(folder, name), row.names = FALSE, na = "", quote = FALSE,
            fileEncoding = "UTF-8")
}
neuroticism <- bfi[, c("N1", "N2", "N3", "N4", "N5")]
# The published .8169 rests on the 2436 people who answered all 25 items of the inventory.
answered_all <- as.integer(complete.cases(bfi[, 1:25]))
save_csv(cbind(neuroticism, answered_all), "bfi_neuroticism.csv")
save_csv(HolzingerSwineford1939[, paste0("x", 1:9)], "holzinger.csv")

# Three forms, each without one or two of the five items; the first form is complete.
planned <- head(na.omit(neuroticism), 600)
form <- rep(1:3, length.out = nrow(planned))
planned[form == 2, c("N1", "N2")] <- NA
planned[form == 3, "N4"] <- NA
planned[17, 2:5] <- NA
save_csv(planned, "bfi_planned.csv")

# 25 rows of three loosely related items: lavaan's error variance of the first is negative.
for (seed in 1:500) {
  set.seed(seed)
  common <- rnorm(25)
  items <- round(data.frame(a = common + rnorm(25, sd = 0.6), b = 0.4 * common + rnorm(25),
                            c = 0.4 * common + rnorm(25), d = 0.3 * common + rnorm(25)), 2)
  fit <- suppressWarnings(cfa("f =~ a + b + c + d", items, std.lv = TRUE))
  if (lavInspect(fit, "converged") && min(diag(lavInspect(fit, "est")$theta)) < -0.05) break
}
save_csv(items, "heywood.csv")
