# Writes the reference figures of people nested in clusters (triads).
# Run in this folder after generate.R: Rscript generate_clusters.R
suppressMessages({ library(lavaan); library(jsonlite) })
source_functions <- parse("generate.R")[3:7]
for (definition in source_functions) eval(definition)
holzinger <- read.csv("holzinger.csv")
missing <- read.csv("holzinger_missing.csv")
dependent <- order(holzinger$school, holzinger$x1 + holzinger$x4 + holzinger$x7)
cluster <- integer(nrow(holzinger))
cluster[dependent] <- ceiling(seq_len(nrow(holzinger)) / 4)
cluster <- ifelse(holzinger$school == "Pasteur", cluster + 1000L, cluster)
write.csv(data.frame(cluster = cluster), "holzinger_clusters.csv", row.names = FALSE)
holzinger$cluster <- missing$cluster <- cluster
model <- "visual =~ x1 + x2 + x3
          textual =~ x4 + x5 + x6
          speed =~ x7 + x8 + x9"
save_json <- function(x, name) write_json(x, name, digits = 10, auto_unbox = TRUE,
                                          dataframe = "columns")
save_json(list(
  mlr = record(cfa(model, holzinger, cluster = "cluster", estimator = "MLR")),
  fiml_mlr = record(cfa(model, missing, cluster = "cluster", estimator = "MLR",
                        missing = "fiml")),
  groups = record(cfa(model, holzinger, cluster = "cluster", estimator = "MLR", group = "school",
                      group.equal = "loadings"))
), "clusters.json")
