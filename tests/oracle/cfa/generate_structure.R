# Writes the reference figures of dimensionality, factor scores, validity and polyserial.
# Run in this folder after generate.R: Rscript generate_structure.R
suppressMessages({
  library(lavaan); library(psych); library(semTools); library(jsonlite)
})
items25 <- c(t(outer(c("A", "C", "E", "N", "O"), 1:5, paste0)))
bfi <- na.omit(read.csv("bfi.csv"))[, items25]
correlations <- cor(bfi)
plain <- function(x) unname(unclass(as.matrix(x)))
extract <- function(fm) {
  fit <- fa(correlations, 5, n.obs = nrow(bfi), fm = fm, rotate = "none")
  list(loadings = plain(fit$loadings), communality = unname(fit$communality),
       chisq = fit$STATISTIC, df = fit$dof)
}
minres <- fa(correlations, 5, n.obs = nrow(bfi), fm = "minres", rotate = "none")
unrotated <- matrix(as.numeric(minres$loadings), 25)
turned <- function(method, ...) {
  found <- lavaan:::lav_matrix_rotate(unrotated, orthogonal = FALSE, method = method,
                                      row.weights = "none", rstarts = 30, tol = 1e-8, ...)
  list(loadings = plain(found$LAMBDA), phi = plain(found$PHI), value = found$f)
}
kaiser <- varimax(unrotated, normalize = TRUE, eps = 1e-12)
oblique <- promax(varimax(unrotated, normalize = TRUE, eps = 1e-12)$loadings, m = 4)
kmo <- KMO(correlations)
bartlett <- cortest.bartlett(correlations, n = nrow(bfi))
map <- VSS(bfi, n = 8, plot = FALSE)$map

hs_model <- "visual =~ x1 + x2 + x3
             textual =~ x4 + x5 + x6
             speed =~ x7 + x8 + x9"
holzinger <- read.csv("holzinger.csv")
missing <- read.csv("holzinger_missing.csv")
fit <- cfa(hs_model, holzinger)
fiml <- cfa(hs_model, missing, missing = "fiml")
regression <- lavPredict(fit)
bartlett_scores <- lavPredict(fit, method = "Bartlett")
incomplete <- lavPredict(fiml)

mixed <- data.frame(holzinger[, c("x1", "x4", "x9")],
                    grade = findInterval(holzinger$x2, c(5, 6, 7)),
                    half = as.integer(holzinger$x5 > 4.2))
polyserial <- lavCor(mixed, ordered = c("grade", "half"))
write.csv(mixed, "mixed.csv", row.names = FALSE)
write_json(list(
  kmo = kmo$MSA, kmo_items = unname(kmo$MSAi),
  bartlett = list(chisq = bartlett$chisq, df = bartlett$df),
  map = map,
  minres = extract("minres"), ml = extract("ml"),
  oblimin = turned("oblimin"), geomin = turned("geomin"),
  varimax = plain(kaiser$loadings), promax = plain(oblique$loadings),
  regression = plain(regression)[1:20, ], bartlett_scores = plain(bartlett_scores)[1:20, ],
  incomplete = plain(incomplete)[1:20, ],
  ave = as.list(suppressWarnings(AVE(fit))),
  reliability = as.list(suppressWarnings(compRelSEM(fit))),
  htmt = plain(htmt(hs_model, holzinger, htmt2 = FALSE)),
  polyserial = plain(polyserial)
), "structure.json", digits = 10, auto_unbox = TRUE)
