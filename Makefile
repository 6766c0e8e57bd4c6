# Each of these sets up what it needs; a second call is quick.
#   make results   run the demo study and say where its report is
#   make test      run the whole suite         (PYTEST_ARGS="tests/unit -k alpha")
#   make bench     time driehoek beside R, and as data grow (some 40 minutes)  (BENCH_ARGS=--large)
#   make fuzz      10,000 damaged raw files and 50 killed runs (half an hour)  (FUZZ_ARGS="--kills 5")
#   make simulation-study   see whether simulated studies find the true effects, whether intervals of
#                           scales cover and tests of invariance keep their level (an hour)
#   make test-slurm   see whether the study runs on a real SLURM (some minutes; Debian, as root)
#   make lint      check style, types, workflow and spelling
#   make lock      renew requirements.lock     (LOCK_ARGS=--upgrade for newer versions)
#   make clean     remove what runs have made;  make distclean: the environment too
#
# Settings: CORES=2, PYTHON=/path/to/python3.12 (read when the environment is made).

CORES ?= all
PYTHON ?=
PYTEST_ARGS ?=
FUZZ_ARGS ?=
BENCH_ARGS ?=
LOCK_ARGS ?=
SIMULATION_ARGS ?= --cores $(CORES)

BIN := .venv/bin
INSTALLED := .venv/.installed
SCHEMAS := workflow/schemas

# One BLAS thread a job: results are the same at any number of cores.
export OMP_NUM_THREADS := 1
export OPENBLAS_NUM_THREADS := 1
export MKL_NUM_THREADS := 1
export MPLBACKEND := Agg
export PIP_DISABLE_PIP_VERSION_CHECK := 1
# Without compiled bytecode every job pays its imports about three times.
unexport PYTHONDONTWRITEBYTECODE

.DELETE_ON_ERROR:
.PHONY: results test fuzz bench simulation-study test-slurm lint lock clean distclean

results: $(INSTALLED)
	$(BIN)/snakemake --configfile config/study.yaml --cores $(CORES)
	@echo "The report: results/demo/public/report.en.html"

test: $(INSTALLED)
	$(BIN)/pytest -n logical --maxprocesses 4 --dist loadfile $(PYTEST_ARGS)

fuzz: $(INSTALLED)
	@PYTHONPATH=tests $(BIN)/python -m fuzz $(FUZZ_ARGS)

bench: $(INSTALLED)
	@bash .ci/system-packages
	$(BIN)/python -m benchmarks $(BENCH_ARGS)

simulation-study: $(INSTALLED)
	$(BIN)/snakemake --snakefile workflow/simulation_study.smk $(SIMULATION_ARGS)
	$(BIN)/python -m driehoek.simulation.recovery --found results/recovery/*.csv \
	    --page docs/methods/recovery.md
	$(BIN)/python -m driehoek.simulation.scale_study --replications 1000 --page docs/methods/intervals.md
	$(BIN)/python -m driehoek.simulation.imputation_study --page docs/methods/imputation.md

test-slurm: $(INSTALLED)
	@bash .ci/system-packages slurmctld slurmd slurm-client munge
	PYTHONPATH=tests $(BIN)/python -m slurm_check

lint: $(INSTALLED)
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/snakefmt --check Snakefile workflow
	$(BIN)/snakemake --lint --configfile config/study.yaml
	$(BIN)/check-jsonschema --schemafile $(SCHEMAS)/instrument.schema.json instruments/triad.yaml
	$(BIN)/check-jsonschema --schemafile $(SCHEMAS)/key.schema.json instruments/scales/*.yaml
	$(BIN)/check-jsonschema --schemafile $(SCHEMAS)/study.schema.json config/study.yaml
	git ls-files -z | xargs -0 $(BIN)/codespell
	git ls-files -z | xargs -0 .ci/file-size

lock: $(INSTALLED)
	$(BIN)/uv pip compile --quiet --universal --generate-hashes --no-emit-index-url --no-header \
	    --extra dev --extra slurm pyproject.toml -o requirements.lock $(LOCK_ARGS)

clean:
	rm -rf results logs config/raw .snakemake

distclean: clean
	rm -rf .venv

$(INSTALLED): requirements.lock pyproject.toml
	@$(BIN)/python -m pip --version >/dev/null 2>&1 || \
	    { python=$$(sh .ci/find-python $(PYTHON)) && "$$python" -m venv --clear .venv; }
	@echo "Installing the locked environment into .venv (the first time takes some minutes)."
	@$(BIN)/python -m pip install --quiet --require-hashes -r requirements.lock
	@$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation -e .
	@touch $@
