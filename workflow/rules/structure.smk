rule fit_structure:
    """Fit the factor models of the scales."""
    input:
        long=private("data/long.parquet"),
        instrument=INSTRUMENT,
        published=PUBLISHED_KEYS,
        code=code("fit_structure.py"),
    output:
        structure=public("statistics/structure.csv"),
    log:
        log("fit_structure"),
    params:
        study=FILE,
        settings=settings("plan", "disclosure", "accept_unverified"),
    script:
        "../../scripts/fit_structure.py"


rule assess_invariance:
    """Test whether groups, waves and roles answer the same scale."""
    input:
        long=private("data/long.parquet"),
        instrument=INSTRUMENT,
        published=PUBLISHED_KEYS,
        code=code("assess_invariance.py"),
    output:
        invariance=public("statistics/invariance.csv"),
    log:
        log("assess_invariance"),
    params:
        study=FILE,
        settings=settings("plan", "disclosure", "derive", "accept_unverified"),
    script:
        "../../scripts/assess_invariance.py"
