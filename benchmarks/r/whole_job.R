# The work of a study as a good R user would write it: read, clean, score, reliability, factor
# models, invariance, regression, mixed model, figures and tables. Run in the folder of the study.
suppressPackageStartupMessages({
  library(psych)
  library(lavaan)
  library(sandwich)
  library(lmtest)
  library(lmerTest)
  library(mice)
  library(ggplot2)
})
reference <- paste(
  "an R script with psych, lavaan, sandwich, lmerTest, mice and ggplot2:",
  "the same statistics, one thread; ours on two cores"
)
scales <- split(sprintf("i%02d", 1:60), rep(paste0("s", 1:6), each = 10))
waves <- c("w1", "w2", "w3")
reversed <- sprintf("i%02d", seq(3, 60, 3))
items <- unlist(scales, use.names = FALSE)

read_wave <- function(wave) {
  answers <- read.csv(file.path("raw", paste0(wave, ".csv")), stringsAsFactors = FALSE)
  answers[items][!(sapply(answers[items], `%in%`, 1:5))] <- NA
  answers <- answers[!duplicated(answers$personcode, fromLast = TRUE), ]
  answers <- answers[rowMeans(!is.na(answers[items])) >= .25, ]
  answers[reversed] <- 6 - answers[reversed]
  for (scale in names(scales)) {
    part <- answers[scales[[scale]]]
    score <- rowMeans(part, na.rm = TRUE)
    score[rowMeans(!is.na(part)) < .75] <- NA
    answers[[scale]] <- score
  }
  answers$wave <- wave
  answers$gender <- factor(answers$gender)
  answers
}

one_factor <- function(scale) paste("f =~", paste(scales[[scale]], collapse = " + "))

omega_of <- function(fit) {
  values <- lavInspect(fit, "est")
  common <- sum(values$lambda)^2
  common / (common + sum(diag(values$theta)))
}

reliability_of <- function(answers, scale) {
  complete <- na.omit(answers[scales[[scale]]])
  found <- psych::alpha(complete, check.keys = FALSE)
  fit <- cfa(one_factor(scale), complete, std.lv = TRUE, se = "none", test = "none")
  samples <- bootstrapLavaan(fit, R = 200, FUN = omega_of)
  list(
    alpha = found$total$raw_alpha, item_rest = found$item.stats$r.drop,
    dropped = found$alpha.drop$raw_alpha, omega = omega_of(fit),
    interval = quantile(samples, c(.025, .975)), feldt = found$feldt
  )
}

structure_of <- function(answers, scale) {
  fit <- cfa(one_factor(scale), answers, std.lv = TRUE, estimator = "MLR", missing = "fiml")
  list(
    fit = fitMeasures(fit), loadings = standardizedSolution(fit),
    residuals = resid(fit, type = "cor"), indices = modindices(fit, sort. = TRUE)
  )
}

ladder_of <- function(answers, scale) {
  levels <- list(
    "", "loadings", c("loadings", "intercepts"), c("loadings", "intercepts", "residuals")
  )
  fits <- lapply(levels, function(equal) {
    cfa(
      one_factor(scale), answers, estimator = "MLR", missing = "fiml",
      group = "gender", group.equal = equal
    )
  })
  list(fit = lapply(fits, fitMeasures), tests = do.call(lavTestLRT, c(list(fits[[1]]), fits[-1])))
}

# Items are imputed, scores computed from them, and the models pooled.
imputed_linear <- function(answers) {
  used <- c(unlist(scales[c("s1", "s2", "s3")], use.names = FALSE), "age", "gender")
  sets <- mice(answers[used], m = 20, maxit = 10, printFlag = FALSE)
  fits <- lapply(seq_len(20), function(number) {
    completed <- complete(sets, number)
    for (scale in c("s1", "s2", "s3")) completed[[scale]] <- rowMeans(completed[scales[[scale]]])
    fit <- lm(s1 ~ age + gender + s2 + s3, completed)
    list(estimate = coef(fit), variance = diag(vcovHC(fit, "HC3")))
  })
  estimates <- sapply(fits, `[[`, "estimate")
  within <- rowMeans(sapply(fits, `[[`, "variance"))
  between <- apply(estimates, 1, var)
  data.frame(
    term = rownames(estimates), estimate = rowMeans(estimates),
    se = sqrt(within + (1 + 1 / 20) * between)
  )
}

draw <- function(everyone, found) {
  dir.create("figures_r", showWarnings = FALSE)
  save_as <- function(plot, name) {
    for (kind in c("png", "pdf")) {
      ggsave(file.path("figures_r", paste0(name, ".", kind)), plot, width = 6, height = 4)
    }
  }
  for (scale in names(scales)) {
    scores <- ggplot(everyone, aes(wave, .data[[scale]])) +
      geom_violin(na.rm = TRUE) + geom_jitter(width = .1, alpha = .3, na.rm = TRUE)
    save_as(scores, paste0("scores_", scale))
    long <- stack(everyone[everyone$wave == "w1", scales[[scale]]])
    likert <- ggplot(na.omit(long), aes(ind, fill = factor(values))) +
      geom_bar(position = "fill") + coord_flip()
    save_as(likert, paste0("likert_", scale))
  }
  for (name in c("linear", "mixed")) {
    forest <- ggplot(found[[name]], aes(estimate, term)) +
      geom_pointrange(aes(xmin = estimate - 1.96 * se, xmax = estimate + 1.96 * se))
    save_as(forest, paste0("forest_", name))
  }
}

write_tables <- function(tables) {
  dir.create("tables_r", showWarnings = FALSE)
  for (name in names(tables)) {
    table <- as.data.frame(tables[[name]])
    write.csv(table, file.path("tables_r", paste0(name, ".csv")))
    rows <- apply(table, 1, function(row) paste0("<tr><td>", paste(row, collapse = "</td><td>")))
    writeLines(c("<table>", rows, "</table>"), file.path("tables_r", paste0(name, ".html")))
  }
}

run <- function() {
  set.seed(20261122)
  by_wave <- lapply(setNames(waves, waves), read_wave)
  everyone <- do.call(rbind, by_wave)
  scored <- sapply(by_wave, function(answers) colMeans(answers[names(scales)], na.rm = TRUE))
  samples <- c(by_wave, list(all = everyone))
  reliability <- lapply(samples, function(answers) {
    lapply(setNames(nm = names(scales)), reliability_of, answers = answers)
  })
  first <- by_wave$w1
  structure <- lapply(setNames(nm = names(scales)), structure_of, answers = first)
  ladders <- lapply(setNames(nm = names(scales)), ladder_of, answers = first)
  linear <- lm(s1 ~ age + gender + s2 + s3, first)
  errors <- coeftest(linear, vcovHC(linear, "HC3"))
  mixed <- summary(lmer(s1 ~ wave + s2 + (1 | personcode), everyone), ddf = "Kenward-Roger")
  found <- list(
    imputed = imputed_linear(first),
    linear = data.frame(term = rownames(errors), estimate = errors[, 1], se = errors[, 2]),
    mixed = data.frame(
      term = rownames(mixed$coefficients), estimate = mixed$coefficients[, 1],
      se = mixed$coefficients[, 2]
    )
  )
  draw(everyone, found)
  fit_table <- t(sapply(structure, function(each) each$fit[c("chisq.scaled", "cfi.robust")]))
  loadings <- do.call(rbind, lapply(structure, `[[`, "loadings"))
  steps <- do.call(rbind, lapply(ladders, `[[`, "tests"))
  alphas <- sapply(reliability, sapply, `[[`, "alpha")
  omegas <- sapply(reliability, sapply, `[[`, "omega")
  write_tables(c(found, list(
    scores = scored, fit = fit_table, loadings = loadings, invariance = steps,
    alpha = alphas, omega = omegas
  )))
  list(
    scored = scored, alphas = alphas, omegas = omegas, structure = structure, ladders = ladders,
    found = found
  )
}

figures <- function(found) {
  loadings <- lapply(found$structure, function(each) subset(each$loadings, op == "=~")$est.std)
  chisq <- lapply(found$ladders, function(each) sapply(each$fit, `[[`, "chisq.scaled"))
  list(
    means = as.vector(t(found$scored)), alpha = as.vector(found$alphas),
    omega = as.vector(found$omegas), loadings = unlist(loadings, use.names = FALSE),
    ladder_chi2 = unlist(chisq, use.names = FALSE),
    imputed = unname(unlist(found$found$imputed[c("estimate", "se")])),
    linear = unname(unlist(found$found$linear[c("estimate", "se")])),
    mixed = unname(unlist(found$found$mixed[c("estimate", "se")]))
  )
}
