rule check_study:
    """List every check of study, instrument and exports, passed ones too."""
    input:
        columns=[
            private(f"waves/{wave}/{export}/columns.csv") for wave, export in EXPORTS
        ],
        guard=expand(private("waves/{wave}/guard.csv"), wave=WAVES),
        linkage=private("data/linkage.csv"),
        stability=private("data/stability.csv"),
        instruments=INSTRUMENTS,
        code=code("check_study.py"),
    output:
        checks=public("checks.csv"),
    log:
        log("check_study"),
    localrule: True
    params:
        study=FILE,
        settings=settings(*type(STUDY.settings).model_fields),
    script:
        "../../scripts/check_study.py"


rule seal_manifest:
    """Write the fingerprints of inputs and outputs, the software and every number."""
    input:
        raw=[
            near(STUDY.locate(export.file))
            for wave in WAVES
            for export in STUDY.exports(wave).values()
        ],
        study=FILE,
        instruments=INSTRUMENTS,
        key=KEY,
        named=named_files("corrections", "withdrawn"),
        sealed=SEALED_PLAN,
        statistics=[public(f"statistics/{name}.csv") for name in STATISTICS],
        outputs=[
            public("statistics/statistics.xlsx"),
            *expand(public("tables/{language}"), language=LANGUAGES),
            *expand(public("figures/{language}"), language=LANGUAGES),
            *expand(
                public("{kind}.{language}.{form}"),
                kind=("report", "sheet"),
                language=LANGUAGES,
                form=("html", "docx", "pdf"),
            ),
            *expand(public("numbers.{language}.csv"), language=LANGUAGES),
            public("references.bib"),
            public("references.json"),
            public("codebook.html"),
            public("codebook.xml"),
            public("datapackage.json"),
            public("checks.csv"),
            public("ledger.csv"),
        ],
        code=all_code(),
    output:
        manifest=public("manifest.json"),
    log:
        log("seal_manifest"),
    localrule: True
    params:
        rules=lambda wildcards: statistics_rules(),
        steps=lambda wildcards: statistics_steps(),
    script:
        "../../scripts/seal_manifest.py"
