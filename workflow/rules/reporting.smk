rule write_workbook:
    """Put every statistic into one workbook with typed numbers."""
    input:
        statistics=[public(f"statistics/{name}.csv") for name in STATISTICS],
        code=code("write_workbook.py"),
    output:
        workbook=public("statistics/statistics.xlsx"),
    log:
        log("write_workbook"),
    localrule: True
    script:
        "../../scripts/write_workbook.py"


rule make_tables:
    """Render the tables of one language for Word, Excel, LaTeX, HTML and CSV."""
    input:
        statistics=[public(f"statistics/{name}.csv") for name in STATISTICS],
        instrument=INSTRUMENT,
        templates=templates(),
        code=code("make_tables.py"),
    output:
        tables=directory(public("tables/{language}")),
    log:
        log("make_tables_{language}"),
    params:
        study=FILE,
        settings=settings(
            "title", "plan", "waves", "simulation", "disclosure", "derive", "report"
        ),
    script:
        "../../scripts/make_tables.py"


rule draw_figures:
    """Draw the figures of one language, with alternative text and data."""
    input:
        statistics=[public(f"statistics/{name}.csv") for name in STATISTICS],
        long=private("data/long.parquet"),
        instrument=INSTRUMENT,
        templates=templates(),
        code=code("draw_figures.py"),
    output:
        figures=directory(public("figures/{language}")),
    log:
        log("draw_figures_{language}"),
    params:
        study=FILE,
        settings=settings("title", "plan", "waves", "disclosure", "derive", "report"),
    script:
        "../../scripts/draw_figures.py"


rule write_report:
    """Write the report, its list of numbers and the plain-language sheet of one language."""
    input:
        statistics=[public(f"statistics/{name}.csv") for name in STATISTICS],
        figures=public("figures/{language}"),
        instrument=INSTRUMENTS,
        sealed=SEALED_PLAN,
        templates=templates(),
        own=OWN_SECTIONS,
        code=code("write_report.py"),
    output:
        report=public("report.{language}.html"),
        numbers=public("numbers.{language}.csv"),
        sheet=public("sheet.{language}.html"),
        others=[
            public(f"{kind}.{{language}}.{form}")
            for kind in ("report", "sheet")
            for form in ("docx", "pdf")
        ],
    log:
        log("write_report_{language}"),
    params:
        study=FILE,
        rules=lambda wildcards: statistics_rules(),
        settings=settings(*type(STUDY.settings).model_fields),
    script:
        "../../scripts/write_report.py"


rule write_references:
    """Write what a paper about the study should cite, as BibTeX and CSL-JSON."""
    input:
        statistics=[public(f"statistics/{name}.csv") for name in STATISTICS],
        instrument=INSTRUMENT,
        templates=templates(),
        code=code("write_references.py"),
    output:
        bib=public("references.bib"),
        csl=public("references.json"),
    log:
        log("write_references"),
    params:
        study=FILE,
        settings=settings("plan", "report"),
    script:
        "../../scripts/write_references.py"


rule write_codebook:
    """Write the codebook for people (HTML) and archives (DDI-Codebook, Frictionless)."""
    input:
        statistics=[public(f"statistics/{name}.csv") for name in STATISTICS],
        instrument=INSTRUMENT,
        published=PUBLISHED_KEYS,
        templates=templates("driehoek.deploy"),
        code=code("write_codebook.py"),
    output:
        people=public("codebook.html"),
        archive=public("codebook.xml"),
        package=public("datapackage.json"),
    log:
        log("write_codebook"),
    localrule: True
    params:
        study=FILE,
        settings=settings("accept_unverified"),
    script:
        "../../scripts/write_codebook.py"
