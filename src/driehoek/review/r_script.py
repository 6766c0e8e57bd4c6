"""Pieces of an R script that recomputes statistics from exported rows."""

import json
from collections.abc import Collection, Mapping, Sequence

HEAD = """# Written by driehoek verify --with-r: recomputes main results from the files beside it.
suppressPackageStartupMessages({
  library(sandwich); library(clubSandwich); library(psych); library(lavaan); library(nlme)
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
    value = f"({own} - mean({own}, na.rm = TRUE))" if name in multiplied else own
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


def full_information_block(
    file: str, columns: Sequence[str], ids: Sequence[str], *, is_clustered: bool | None
) -> str:
    """Give the R code of a linear model by full information: every row with any value.

    ``is_clustered`` tells of which sandwich the standard errors are; None: they are another kind.
    """
    by = ', cluster = "cluster"' if is_clustered else ""
    names = [f"x{i}" for i in range(1, len(columns))]  # the first column is the intercept
    lines = [
        f"d <- read.csv({_text(file + '.csv')})",
        f"X <- as.data.frame(cbind(d$v0, {', '.join(columns[1:])}) * 1)",
        f"names(X) <- c('y', {', '.join(_text(each) for each in names)})",
        "there <- rowSums(!is.na(X)) > 0",
        "X$cluster <- d$cluster",
        f'fit <- sem({_text("y ~ " + " + ".join(names))}, X[there, ], missing = "fiml", '
        f'estimator = "MLR", fixed.x = FALSE, meanstructure = TRUE, baseline = FALSE{by}, '
        "control = list(rel.tol = 1e-12, iter.max = 20000))",
        'est <- subset(parameterEstimates(fit), lhs == "y" & op %in% c("~", "~1"))',
        'est <- est[order(est$op == "~"), ]',
        f"ids <- c({', '.join(_text(each) for each in ids)})",
        'for (i in seq_along(ids)) keep(ids[i], "estimate", est$est[i])',
    ]
    if is_clustered is not None:
        lines.append('for (i in seq_along(ids)) keep(ids[i], "se", est$se[i])')
    return "\n".join(lines)


def actor_partner_block(
    name: str, places: Sequence[tuple[int, int, str]], members: int, *, is_clustered: bool
) -> str:
    """Give the R code of an actor-partner model in one wave, CR2 where triads are tied together.

    Parameters
    ----------
    name : str
    places : sequence of (int, int, str)
        Of each coefficient the member, the member whose predictor it is (0: the intercept), and
        its id.
    members : int
    is_clustered : bool
    """
    columns = [
        f"(r$role == {member})" + (f" * (r$x{other} - centre)" if other else "")
        for member, other, _ in places
    ]
    lines = [
        f"d <- read.csv({_text(name + '.csv')})",
        f'x <- paste0("x", 1:{members})',
        "d <- d[complete.cases(d[x]), ]",
        f"r <- do.call(rbind, lapply(1:{members}, function(i) "
        'cbind(d[c("triad", "cluster", x)], role = i, y = d[[paste0("y", i)]])))',
        "r <- r[!is.na(r$y), ]",
        "r <- r[order(r$triad, r$role), ]",
        "centre <- mean(as.matrix(r[x]))",
        f"X <- cbind({', '.join(columns)}) * 1",
        "fit <- gls(y ~ X - 1, r, correlation = corSymm(form = ~ role | triad), "
        'weights = varIdent(form = ~ 1 | role), method = "REML", control = '
        "glsControl(tolerance = 1e-11, msTol = 1e-13, maxIter = 500, msMaxIter = 500))",
        f"ids <- c({', '.join(_text(each) for *_, each in places)})",
        'for (i in seq_along(ids)) keep(ids[i], "estimate", coef(fit)[i])',
    ]
    if is_clustered:
        lines += [
            'se <- sqrt(diag(as.matrix(vcovCR(fit, cluster = r$cluster, type = "CR2"))))',
            'for (i in seq_along(ids)) keep(ids[i], "se", se[i])',
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
