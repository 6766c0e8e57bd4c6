"""Tables as LaTeX, with the packages booktabs and longtable."""

import re
from collections.abc import Iterable

from driehoek.reporting.labels import Labels
from driehoek.reporting.symbols import pieces
from driehoek.reporting.table import Cell, Row, Table
from driehoek.reporting.widths import layout, room, shares
from driehoek.reporting.wording import word

SPECIAL = {
    "\\": r"\textbackslash{}", "&": r"\&", "%": r"\%", "$": r"\$", "#": r"\#", "_": r"\_",
    "{": r"\{", "}": r"\}", "~": r"\textasciitilde{}", "^": r"\textasciicircum{}",
    "<": r"\textless{}", ">": r"\textgreater{}", "[": "{[}", "]": "{]}", "\u00a0": "~",
    "−": "$-$", "–": "--", "×": r"$\times$", "²": "$^2$", "→": r"$\rightarrow$",
    "←": r"$\leftarrow$", "↔": r"$\leftrightarrow$", "≥": r"$\geq$", "≤": r"$\leq$",
    "∞": r"$\infty$", "“": "``", "”": "''", "…": r"\ldots{}",
}  # fmt: skip
GREEK = {
    letter: f"$\\{name}$"
    for letter, name in zip(
        "αβγδεζηθκλμνξπρστφχψωΓΔΘΛΞΠΣΦΨΩ",
        ["alpha", "beta", "gamma", "delta", "epsilon", "zeta", "eta", "theta", "kappa", "lambda",
         "mu", "nu", "xi", "pi", "rho", "sigma", "tau", "phi", "chi", "psi", "omega", "Gamma",
         "Delta", "Theta", "Lambda", "Xi", "Pi", "Sigma", "Phi", "Psi", "Omega"],
        strict=True,
    )
}  # fmt: skip
TRANSLATION = str.maketrans(SPECIAL | GREEK)
HATTED = re.compile("(\\w)\u0302")
SEPARATION = 3.2  # points beside each column
BABEL = {"nl": "dutch", "en": "english"}
DOCUMENT = r"""\documentclass[a4paper,10pt]{article}
\usepackage[T1]{fontenc}
\usepackage{lmodern}
\usepackage[%s]{babel}
\usepackage[margin=2cm]{geometry}
\usepackage{booktabs,longtable,array,pdflscape}
\begin{document}
%s\end{document}
"""


def latex_document(tables: Iterable[Table], labels: Labels) -> str:
    """Give a document with these tables, wide ones on pages on their side."""
    parts = []
    for table in tables:
        is_wide = layout(table)[0]
        content = table_latex(table, labels)
        parts.append(f"\\begin{{landscape}}\n{content}\\end{{landscape}}\n" if is_wide else content)
    return DOCUMENT % (BABEL.get(labels.language, "english"), "\\clearpage\n".join(parts))


def table_latex(table: Table, labels: Labels) -> str:
    """Render a table with its title and notes, to be put into a document."""
    marks = table.marks
    size = layout(table)[1]
    head = "".join(_head(table))
    rows = "".join(_row(row, table, marks) for row in table.rows)
    return (
        f"\\begingroup\\fontsize{{{size}}}{{{1.2 * size:.1f}}}\\selectfont"
        f"\\setlength{{\\tabcolsep}}{{{SEPARATION}pt}}\\setlength{{\\LTcapwidth}}{{\\linewidth}}\n"
        f"\\begin{{longtable}}{{{_columns(table, size)}}}\n"
        f"\\caption{{{escaped(table.title)}}}\\label{{tab:{table.name}}}\\\\\n"
        f"\\toprule\n{head}\\midrule\n\\endfirsthead\n"
        f"\\toprule\n{head}\\midrule\n\\endhead\n"
        f"\\bottomrule\n\\endfoot\n{rows}\\end{{longtable}}\n"
        f"{_notes(table, labels)}\\endgroup\n"
    )


def escaped(words: str) -> str:
    """Give words in which nothing is a command."""
    return HATTED.sub(r"$\\hat{\1}$", words.translate(TRANSLATION))


def _columns(table: Table, size: float) -> str:
    """Give each column the width it has in the other forms, labels and words to the left."""
    widths = shares(table, size, room(table))
    are_words = (True, *(column.is_words for column in table.columns))
    return "".join(
        f">{{\\ragged{'right' if is_words else 'left'}\\arraybackslash}}"
        f"p{{{width - 2 * SEPARATION:.1f}bp}}"
        for width, is_words in zip(widths, are_words, strict=True)
    )


def _head(table: Table) -> list[str]:
    lines = []
    if table.has_spanners:
        cells, rules, start = [""], [], 2
        for label, span in table.spans():
            cells.append(f"\\multicolumn{{{span}}}{{c}}{{{escaped(label)}}}")
            if label:
                rules.append(f"\\cmidrule(lr){{{start}-{start + span - 1}}}")
            start += span
        lines.append(f"{' & '.join(cells)} \\\\\n{''.join(rules)}\n")
    labels = [table.stub, *(column.label for column in table.columns)]
    return [*lines, " & ".join(_symbols(label) for label in labels) + " \\\\\n"]


def _symbols(label: str) -> str:
    return "".join(
        f"\\textit{{{escaped(part)}}}" if is_italic else escaped(part)
        for part, is_italic in pieces(label)
    )


def _row(row: Row, table: Table, marks: dict[str, str]) -> str:
    if row.is_heading:
        span = len(table.columns) + 1
        wide = f">{{\\raggedright}}p{{{room(table) - 2 * SEPARATION:.1f}bp}}"
        return f"\\multicolumn{{{span}}}{{{wide}}}{{\\textit{{{escaped(row.label)}}}}} \\\\\n"
    indent = f"\\hspace{{{row.level}em}}" if row.level else ""
    cells = (_cell(cell, table.language, marks) for cell in row.cells)
    return f"{indent}{' & '.join([escaped(row.label), *cells])} \\\\\n"


def _cell(cell: Cell, language: str, marks: dict[str, str]) -> str:
    raised = f"\\textsuperscript{{{marks[cell.reason]}}}" if cell.reason else ""
    return escaped(cell.written(language)) + raised


def _notes(table: Table, labels: Labels) -> str:
    notes = []
    if table.notes:
        said = escaped(" ".join(table.notes))
        notes.append(f"\\textit{{{escaped(word(table.language, 'note'))}}} {said}\\par\n")
    for reason, mark in table.marks.items():
        notes.append(f"\\textsuperscript{{{mark}}} {escaped(labels.sentence(reason))}\\par\n")
    return f"{{\\footnotesize\\noindent\\raggedright\n{''.join(notes)}}}\n" if notes else ""
