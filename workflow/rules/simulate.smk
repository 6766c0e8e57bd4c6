if STUDY.settings.simulation is not None:

    rule simulate_exports:
        """Simulate the raw exports of a study that has no data yet."""
        input:
            instrument=INSTRUMENT,
            code=code("simulate_exports.py"),
        output:
            exports=[
                near(STUDY.locate(export.file))
                for wave in WAVES
                for export in STUDY.exports(wave).values()
            ],
        log:
            log("simulate_exports"),
        params:
            study=FILE,
            settings=settings("simulation", "seed", "waves", "linkage"),
        script:
            "../../scripts/simulate_exports.py"
