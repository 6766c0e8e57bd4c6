rule write_workbook:
    """Put every statistic into one workbook with typed numbers."""
    input:
        statistics=[public(f"statistics/{name}.csv") for name in STATISTICS],
        code=code("write_workbook.py"),
    output:
        workbook=public("statistics/statistics.xlsx"),
    log:
        log("write_workbook"),
    script:
        "../../scripts/write_workbook.py"


rule make_tables:
    """Render the tables for Word, HTML and CSV."""
    input:
        statistics=[public(f"statistics/{name}.csv") for name in STATISTICS],
        instrument=INSTRUMENT,
        code=code("make_tables.py"),
    output:
        tables=directory(public("tables")),
    log:
        log("make_tables"),
    params:
        study=FILE,
        settings=settings("title", "plan", "report", "waves", "simulation"),
    script:
        "../../scripts/make_tables.py"


rule draw_figures:
    """Draw the figures, with alternative text and the data behind each."""
    input:
        statistics=[public(f"statistics/{name}.csv") for name in STATISTICS],
        long=private("data/long.parquet"),
        instrument=INSTRUMENT,
        code=code("draw_figures.py"),
    output:
        figures=directory(public("figures")),
    log:
        log("draw_figures"),
    params:
        study=FILE,
        settings=settings("title", "plan", "report", "waves", "disclosure"),
    script:
        "../../scripts/draw_figures.py"


rule write_report:
    """Write the report in each language."""
    input:
        statistics=[public(f"statistics/{name}.csv") for name in STATISTICS],
        figures=public("figures"),
        instrument=INSTRUMENT,
        templates=templates(),
        code=code("write_report.py"),
    output:
        reports=expand(public("report.{language}.html"), language=LANGUAGES),
    log:
        log("write_report"),
    params:
        study=FILE,
        settings=settings(*type(STUDY.settings).model_fields),
    script:
        "../../scripts/write_report.py"
