# Usage: Rscript time_script.R SCRIPT REPEATS, in the folder with the data.
# SCRIPT reads the data and defines run(), figures(result) and reference (words); times, where it
# defines it, says how often what run() does would be done.
arguments <- commandArgs(trailingOnly = TRUE)
options(mc.cores = 1)
times <- 1
suppressWarnings(suppressMessages(source(arguments[1])))
seconds <- numeric()
for (i in seq_len(as.integer(arguments[2]))) {
  seconds[i] <- system.time(found <- suppressWarnings(suppressMessages(run())))[["elapsed"]]
}
jsonlite::write_json(
  list(
    seconds = times * seconds, figures = figures(found),
    reference = jsonlite::unbox(paste0(reference, " (R ", getRversion(), ")"))
  ),
  "reference.json", digits = NA
)
