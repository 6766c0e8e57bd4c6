"""Pieces of an R script that recomputes statistics from exported rows."""

import json
from collections.abc import Collection, Mapping, Sequence

HEAD = """# Written by driehoek verify --with-r: recomputes main results from the files beside it.
suppressPackageStartupMessages({
  library(sandwich); library(clubSandwich); library(psych); library(lavaan)
})
found <- list()
keep <- function(id, part, value) {
  found[[length(found) + 1]] <<- list(id = id, part = part, value = unname(value))
}
"""
TAIL = """
writeLines(jsonlite::toJSON(found, auto_unbox = TRUE, digits = NA), "results.json")
"""
ROBUST = {"cluster": "CR2", "cluster_cr1s": "CR1S"}


def column(term: str, short: Mapping[str, str], multiplied: Collection[str]) -> str:
    """Give the R expression of a column of the model: dummies, centred products, powers.

    Parameters
    ----------
    term : str
        As the statistics name it: ``a``, ``a[2]``, ``a:b[1]``, ``a^2`` or intercept.
    short : mapping of str to str
        Column of the exported file by variable.
    multiplied : collection of str
        Variables that are centred: those in a product or a square.
    """
    if term == "intercept":
        return "rep(1, nrow(d))"
    return " * ".join(_factor(each, short, multiplied) for each in term.split(":"))


def _factor(factor: str, short: Mapping[str, str], multiplied: Collection[str]) -> str:
    if factor.endswith("]"):
        name, _, level = factor[:-1].partition("[")
        return f"(as.character(d${short[name]}) == {_text(level)})"
    name, _, power = factor.partition("^")
    own = f"d${short[name]}"
    value = f"({own} - mean({own}))" if name in multiplied else own
    return f"{value}^{power}" if power else value


def linear_block(name: str, columns: Sequence[str], ids: Sequence[str], errors: str) -> str:
    """Give the R code of a linear model with its robust standard errors."""
    kind = ROBUST.get(errors)
    covariance = (
        f'as.matrix(vcovCR(fit, cluster = d$cluster, type = "{kind}"))'
        if kind
        else f'vcovHC(fit, type = "{errors}")'
    )
    lines = [
        f"d <- read.csv({_text(name + '.csv')})",
        f"X <- cbind({', '.join(columns)}) * 1",
        f'colnames(X) <- paste0("x", seq_len({len(columns)}))',
        "d$y <- d$v0",
        "fit <- lm(y ~ X - 1, data = d)",
        f"se <- sqrt(diag({covariance}))",
        f"ids <- c({', '.join(_text(each) for each in ids)})",
        'for (i in seq_along(ids)) { keep(ids[i], "estimate", coef(fit)[i]); '
        'keep(ids[i], "se", se[i]) }',
    ]
    return "\n".join(lines)


def mixed_block(
    name: str, columns: Sequence[str], ids: Sequence[str], slope: str | None = None
) -> str:
    """Give the R code of a mixed model: intercepts of triads, and of persons within them.

    ``slope`` is the column of the time over which persons differ in change.
    """
    of_persons = "(1 | person)" if slope is None else f"(1 + {slope} | person)"
    lines = [
        f"d <- read.csv({_text(name + '.csv')})",
        f"X <- cbind({', '.join(columns)}) * 1",
        f'colnames(X) <- paste0("x", seq_len({len(columns)}))',
        "d$y <- d$v0",
        "several <- any(tapply(d$person, d$triad, function(p) length(unique(p))) > 1)",
        f"random <- if (several) y ~ X - 1 + (1 | triad) + {of_persons} else "
        f"y ~ X - 1 + {of_persons}",
        "fit <- suppressMessages(suppressWarnings(lme4::lmer(random, data = d)))",
        f"ids <- c({', '.join(_text(each) for each in ids)})",
        'for (i in seq_along(ids)) keep(ids[i], "estimate", lme4::fixef(fit)[i])',
    ]
    return "\n".join(lines)


def alpha_block(file: str, alpha: str, omega: Sequence[str]) -> str:
    """Give the R code of Cronbach's alpha, and of omega total by a one-factor model."""
    lines = [
        f"d <- read.csv({_text(file + '.csv')})",
        "total <- suppressWarnings(suppressMessages("
        "psych::alpha(d, warnings = FALSE, check.keys = FALSE)))$total",
        f'keep({_text(alpha)}, "estimate", total$raw_alpha)',
    ]
    if omega:
        lines += [
            'model <- paste("f =~", paste(names(d), collapse = " + "))',
            'fit <- cfa(model, d, std.lv = TRUE, estimator = "ML")',
            'est <- lavInspect(fit, "est")',
            "shared <- sum(est$lambda)^2",
            f'keep({_text(omega[0])}, "estimate", shared / (shared + sum(diag(est$theta))))',
        ]
    return "\n".join(lines)


def pairs_block(file: str, pairs: Sequence[tuple[str, str]], ids: Sequence[str]) -> str:
    """Give the R code of correlations, each from the rows that have both."""
    lines = [f"d <- read.csv({_text(file + '.csv')})"]
    lines += [
        f'keep({_text(name)}, "estimate", cor(d${a}, d${b}, use = "complete.obs"))'
        for name, (a, b) in zip(ids, pairs, strict=True)
    ]
    return "\n".join(lines)


def _text(words: str) -> str:
    return json.dumps(words, ensure_ascii=False)
