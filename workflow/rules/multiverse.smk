rule fit_multiverse:
    """Estimate an effect for some of the ways to make the scores."""
    input:
        responses=multiverse_wave("responses.parquet"),
        missing=multiverse_wave("missing.parquet"),
        flags=multiverse_wave("flags.parquet"),
        imputed=multiverse_imputed,
        instrument=INSTRUMENT,
        published=PUBLISHED_KEYS,
        code=code("fit_multiverse.py"),
    output:
        table=private("multiverse/{multiverse}_{part}.csv"),
    log:
        log("fit_multiverse_{multiverse}_{part}"),
    params:
        study=FILE,
        parts=lambda wildcards: multiverse_parts(wildcards.multiverse),
        settings=settings(
            "multiverse",
            "plan",
            "disclosure",
            "derive",
            "linkage",
            "accept_unverified",
        ),
    script:
        "../../scripts/fit_multiverse.py"


rule gather_multiverse:
    """Put the specifications of every multiverse together."""
    input:
        parts=[
            private(f"multiverse/{name}_{part}.csv")
            for name in STUDY.settings.multiverse
            for part in range(1, multiverse_parts(name) + 1)
        ],
        code=code("gather_multiverse.py"),
    output:
        multiverse=public("statistics/multiverse.csv"),
    log:
        log("gather_multiverse"),
    localrule: True
    params:
        study=FILE,
    script:
        "../../scripts/gather_multiverse.py"
