rule weight_results:
    """Rake the weights of the plan, and take weighted means and models."""
    input:
        long=private("data/long.parquet"),
        triads=private("data/triads.parquet"),
        instrument=INSTRUMENT,
        code=code("weight_results.py"),
    output:
        weights=public("statistics/weights.csv"),
        models=public("statistics/models_weighted.csv"),
    log:
        log("weight_results"),
    params:
        study=FILE,
        settings=settings("plan", "disclosure", "derive"),
    script:
        "../../scripts/weight_results.py"
