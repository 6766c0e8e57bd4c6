rule score_wave:
    """Score a wave, after the worked examples and before the keying guard."""
    input:
        responses=private("waves/{wave}/responses.parquet"),
        missing=private("waves/{wave}/missing.parquet"),
        instrument=instruments,
        published=PUBLISHED_KEYS,
        code=code("score_wave.py"),
    output:
        scores=private("waves/{wave}/scores.parquet"),
        guard=private("waves/{wave}/guard.csv"),
    log:
        log("{wave}/score_wave"),
    params:
        study=FILE,
        settings=settings("accept_unverified"),
    script:
        "../../scripts/score_wave.py"
