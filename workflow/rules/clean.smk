rule clean_wave:
    """Keep or exclude each response of a wave, with the reason."""
    input:
        responses=of_wave("responses.parquet"),
        missing=of_wave("missing.parquet"),
        paradata=of_wave("paradata.parquet"),
        instrument=INSTRUMENT,
        published=PUBLISHED_KEYS,
        key=KEY,
        named=named_files("corrections", "withdrawn"),
        code=code("clean_wave.py"),
    output:
        responses=private("waves/{wave}/responses.parquet"),
        missing=private("waves/{wave}/missing.parquet"),
        paradata=private("waves/{wave}/paradata.parquet"),
        flags=private("waves/{wave}/flags.parquet"),
        quality=private("waves/{wave}/quality.parquet"),
        ledger=private("waves/{wave}/ledger.parquet"),
    log:
        log("{wave}/clean_wave"),
    params:
        study=FILE,
        settings=settings(
            "quality", "corrections", "withdrawn", "derive", "accept_unverified"
        ),
    script:
        "../../scripts/clean_wave.py"
