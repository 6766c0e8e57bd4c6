rule assess_missingness:
    """Describe what is missing, and test whether it is so completely at random."""
    input:
        long=private("data/long.parquet"),
        missing=expand(private("waves/{wave}/missing.parquet"), wave=WAVES),
        instrument=INSTRUMENT,
        code=code("assess_missingness.py"),
    output:
        missingness=public("statistics/missingness.csv"),
    log:
        log("assess_missingness"),
    params:
        study=FILE,
        settings=settings("disclosure"),
    script:
        "../../scripts/assess_missingness.py"


rule impute_answers:
    """Fill in missing answers by chained equations, several times."""
    input:
        long=private("data/long.parquet"),
        missing=expand(private("waves/{wave}/missing.parquet"), wave=WAVES),
        instrument=INSTRUMENTS,
        published=PUBLISHED_KEYS,
        code=code("impute_answers.py"),
    output:
        cells=private("data/imputed_cells.parquet"),
        lost=private("data/imputed_lost.parquet"),
        imputation=public("statistics/imputation.csv"),
        traces=public("statistics/imputation_traces.csv"),
    log:
        log("impute_answers"),
    params:
        study=FILE,
        plan=imputation_settings(),
        settings=settings("seed", "derive", "disclosure", "accept_unverified"),
    script:
        "../../scripts/impute_answers.py"


rule fit_imputed_models:
    """Pool the models that ask for imputation, also with imputed answers shifted."""
    input:
        long=private("data/long.parquet"),
        missing=expand(private("waves/{wave}/missing.parquet"), wave=WAVES),
        cells=private("data/imputed_cells.parquet"),
        lost=private("data/imputed_lost.parquet"),
        instrument=INSTRUMENTS,
        published=PUBLISHED_KEYS,
        code=code("fit_imputed_models.py"),
    output:
        models=public("statistics/models_imputed.csv"),
        families=public("statistics/families_imputed.csv"),
        sensitivity=public("statistics/sensitivity.csv"),
    log:
        log("fit_imputed_models"),
    params:
        study=FILE,
        years=STUDY.settings.years,
        confidence=STUDY.settings.plan.confidence,
        models=imputed_plans(),
        families=families_plan(),
        deltas=json.dumps(STUDY.settings.plan.imputation.deltas, sort_keys=True),
        settings=settings("derive", "disclosure", "accept_unverified"),
    script:
        "../../scripts/fit_imputed_models.py"


rule fit_full_information:
    """Fit the linear models that ask for it to every row, by maximum likelihood."""
    input:
        long=private("data/long.parquet"),
        missing=expand(private("waves/{wave}/missing.parquet"), wave=WAVES),
        instrument=INSTRUMENTS,
        published=PUBLISHED_KEYS,
        code=code("fit_full_information.py"),
    output:
        models=public("statistics/models_full_information.csv"),
    log:
        log("fit_full_information"),
    params:
        study=FILE,
        confidence=STUDY.settings.plan.confidence,
        plan=full_information_settings(),
        settings=settings("derive", "disclosure", "accept_unverified"),
    script:
        "../../scripts/fit_full_information.py"
