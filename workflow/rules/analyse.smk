rule describe_data:
    """Count and describe persons, answers, scores and flags."""
    input:
        long=private("data/long.parquet"),
        ledger=public("ledger.csv"),
        missing=expand(private("waves/{wave}/missing.parquet"), wave=WAVES),
        flags=expand(private("waves/{wave}/flags.parquet"), wave=WAVES),
        measures=expand(private("waves/{wave}/quality.parquet"), wave=WAVES),
        instrument=INSTRUMENT,
        code=code("describe_data.py"),
    output:
        flow=public("statistics/flow.csv"),
        participation=public("statistics/participation.csv"),
        attrition=public("statistics/attrition.csv"),
        background=public("statistics/background.csv"),
        item_counts=public("statistics/items.csv"),
        scores=public("statistics/scores.csv"),
        quality=public("statistics/quality.csv"),
    log:
        log("describe_data"),
    params:
        study=FILE,
        confidence=STUDY.settings.plan.confidence,
        settings=settings("disclosure"),
    script:
        "../../scripts/describe_data.py"


rule estimate_reliability:
    """Estimate the reliability of every scale in one wave, or in all waves together."""
    input:
        answers=answers_of_sample,
        instrument=INSTRUMENT,
        published=PUBLISHED_KEYS,
        code=code("estimate_reliability.py"),
    output:
        reliability=public("statistics/reliability_{sample}.csv"),
    log:
        log("estimate_reliability_{sample}"),
    params:
        study=FILE,
        confidence=STUDY.settings.plan.confidence,
        plan=STUDY.settings.plan.reliability.model_dump_json(),
        most_triads=STUDY.settings.plan.most_triads,
        settings=settings("disclosure", "seed", "accept_unverified"),
    script:
        "../../scripts/estimate_reliability.py"


rule fit_models:
    """Estimate the correlations, comparisons and models of the plan."""
    input:
        long=private("data/long.parquet"),
        triads=private("data/triads.parquet"),
        instrument=INSTRUMENT,
        code=code("fit_models.py"),
    output:
        correlations=public("statistics/correlations.csv"),
        comparisons=public("statistics/comparisons.csv"),
        models=public("statistics/models.csv"),
        families=public("statistics/families.csv"),
    log:
        log("fit_models"),
    params:
        study=FILE,
        years=STUDY.settings.years,
        settings=settings("plan", "disclosure", "derive"),
    script:
        "../../scripts/fit_models.py"


rule assess_agreement:
    """Assess the agreement between roles and the stability of scores over waves."""
    input:
        long=private("data/long.parquet"),
        instrument=INSTRUMENT,
        published=PUBLISHED_KEYS,
        code=code("assess_agreement.py"),
    output:
        agreement=public("statistics/agreement.csv"),
        retest=public("statistics/retest.csv"),
    log:
        log("assess_agreement"),
    params:
        study=FILE,
        settings=settings("plan", "disclosure", "accept_unverified"),
    script:
        "../../scripts/assess_agreement.py"


rule compare_flagged:
    """Lay the main results with and without flagged responses side by side."""
    input:
        long=private("data/long.parquet"),
        flags=expand(private("waves/{wave}/flags.parquet"), wave=WAVES),
        statistics=[public(f"statistics/{name}.csv") for name in COMPARED],
        instrument=INSTRUMENT,
        published=PUBLISHED_KEYS,
        code=code("compare_flagged.py"),
    output:
        published=public("statistics/without_flagged.csv"),
        whole=private("data/without_flagged.csv"),
    log:
        log("compare_flagged"),
    params:
        study=FILE,
        years=STUDY.settings.years,
        settings=settings(
            "plan", "disclosure", "derive", "linkage", "seed", "accept_unverified"
        ),
    script:
        "../../scripts/compare_flagged.py"
