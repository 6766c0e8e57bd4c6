rule link_waves:
    """Link the waves to persons and triads, and heed the guard between waves."""
    input:
        responses=expand(private("waves/{wave}/responses.parquet"), wave=WAVES),
        missing=expand(private("waves/{wave}/missing.parquet"), wave=WAVES),
        scores=expand(private("waves/{wave}/scores.parquet"), wave=WAVES),
        ledgers=expand(private("waves/{wave}/ledger.parquet"), wave=WAVES),
        paradata=expand(private("waves/{wave}/paradata.parquet"), wave=WAVES),
        instrument=INSTRUMENT,
        code=code("link_waves.py"),
    output:
        long=private("data/long.parquet"),
        triads=private("data/triads.parquet"),
        sav=private("data/responses.sav"),
        linkage=private("data/linkage.csv"),
        ledger=public("ledger.csv"),
        stability=private("data/stability.csv"),
    log:
        log("link_waves"),
    params:
        study=FILE,
        settings=settings("study", "linkage", "derive", "waves"),
    script:
        "../../scripts/link_waves.py"
