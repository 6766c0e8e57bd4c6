# Write the reference figures that tests/oracle/test_multiplicity_oracle.py compares with.
# Run in this folder: Rscript make_families.R
library(jsonlite)
ps <- c(.001, .04, .012, .2, .04, .8, .0004)
estimate <- .04; se <- .05; bounds <- c(-.15, .15)
tost <- function(df) list(p_low = pt((estimate - bounds[1]) / se, df, lower.tail = FALSE),
                          p_high = pt((estimate - bounds[2]) / se, df),
                          ci = estimate + c(-1, 1) * qt(.95, df) * se)
write_json(list(versions = list(R = as.character(getRversion())), ps = ps,
                holm = p.adjust(ps, "holm"), bh = p.adjust(ps, "BH"),
                df37 = tost(37), normal = tost(Inf)),
           "families.json", digits = NA, auto_unbox = TRUE, pretty = TRUE)
