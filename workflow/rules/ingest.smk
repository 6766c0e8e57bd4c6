rule ingest_export:
    """Read one export into the canonical tables; identifiers stay behind."""
    input:
        raw=raw_file,
        instrument=instruments,
        key=KEY,
        withdrawn=named_files("withdrawn"),
        code=code("ingest_export.py"),
    output:
        responses=private("waves/{wave}/{export}/responses.parquet"),
        missing=private("waves/{wave}/{export}/missing.parquet"),
        paradata=private("waves/{wave}/{export}/paradata.parquet"),
        columns=private("waves/{wave}/{export}/columns.csv"),
    log:
        log("{wave}/{export}/ingest_export"),
    priority: 10
    params:
        study=FILE,
        settings=export_settings,
    script:
        "../../scripts/ingest_export.py"
