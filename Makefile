# `make demo` and `make test` work on a fresh machine that has Python ≥ 3.11 with venv, and make.

PYTHON ?= python3
BIN := .venv/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check

.PHONY: help demo test check format lint types layers hostile chaos manners fuzz audit bench-extract lock clean

help:
	@echo "make demo    crawl a bundled news site into demo.db and show the records"
	@echo "make test    all tests, on SQLite and on a PostgreSQL that they bring along"
	@echo "make check   format, lint, types, layers, tests: what CI runs"
	@echo "make bench-extract  score the extractor on saved pages, against its floors"
	@echo "make hostile play the catalogue of hostile inputs at full size, as a table"
	@echo "make chaos   the invariants under chaos, seeded, with real servers, processes and databases"
	@echo "make manners the report card of good manners: five days of the real daemon, in a minute or two"
	@echo "make fuzz    20,000 generated cases for each reader of strangers' text"
	@echo "make audit   ask the advisory service about the locked dependencies"
	@echo "make format  rewrite the code in the one style"
	@echo "make lock    pin the newest allowed dependencies, with hashes"

.venv/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or later is needed: make PYTHON=python3.12 …" >&2; exit 1; }
	$(PYTHON) -m venv .venv

.venv/run.stamp: requirements.txt pyproject.toml | .venv/bin/python
	$(PIP) install --quiet --require-hashes -r requirements.txt
	$(PIP) install --quiet --no-deps --no-build-isolation --no-index -e .
	@touch $@

.venv/dev.stamp: requirements-dev.txt .venv/run.stamp
	$(PIP) install --quiet --require-hashes -r requirements-dev.txt
	@touch $@

demo: .venv/run.stamp
	$(BIN)/ingest demo

test: .venv/dev.stamp
	$(BIN)/python -m pytest -n auto --maxprocesses 4 --dist worksteal

check: .venv/dev.stamp lint types layers test

format: .venv/dev.stamp
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

lint: .venv/dev.stamp
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .

types: .venv/dev.stamp
	$(BIN)/mypy

layers: .venv/dev.stamp
	$(BIN)/lint-imports

# Saved pages with expected records, kept beside the repository because the pages are other people's.
BENCH ?= ../shared/bench

bench-extract: .venv/run.stamp
	@if [ -f $(BENCH)/score.py ]; then $(BIN)/python $(BENCH)/score.py --floors benchmarks/extract-floors.json; \
	else echo "no pages at $(BENCH): name them with make bench-extract BENCH=…"; fi

# The catalogue of hostile inputs at its real size; names of rows and letters choose: make hostile ROWS="M1 H17 F"
hostile: .venv/dev.stamp
	$(BIN)/python -m tests.hostile $(ROWS)

# Invariants of kills, faults, bombs and cancelled work; numbers choose: make chaos CHAOS="6 8 --seed 3"
chaos: .venv/dev.stamp
	$(BIN)/python -m tests.chaos $(CHAOS)

CASES ?= 20000

manners: .venv/dev.stamp
	$(BIN)/python benchmarks/manners

fuzz: .venv/dev.stamp
	FUZZ_CASES=$(CASES) $(BIN)/python -m pytest -q -n auto --dist worksteal tests/hostile/test_fuzz.py

.venv/audit.stamp: requirements-audit.txt | .venv/bin/python
	$(PYTHON) -m venv .venv/audit
	.venv/audit/bin/python -m pip --disable-pip-version-check install --quiet --require-hashes -r requirements-audit.txt
	@touch $@

# Strict: what the advisory service does not know is a failure, not a pass. It has to be reachable.
audit: .venv/audit.stamp
	.venv/audit/bin/pip-audit --strict --disable-pip --require-hashes -r requirements.txt

lock: .venv/dev.stamp
	$(BIN)/uv pip compile --quiet --upgrade --universal --python-version 3.11 --generate-hashes --no-header --no-emit-index-url --no-emit-find-links --group build pyproject.toml -o requirements.txt
	$(BIN)/uv pip compile --quiet --upgrade --universal --python-version 3.11 --generate-hashes --no-header --no-emit-index-url --no-emit-find-links -c requirements.txt --group dev -o requirements-dev.txt
	$(BIN)/uv pip compile --quiet --upgrade --universal --python-version 3.11 --generate-hashes --no-header --no-emit-index-url --no-emit-find-links --group audit -o requirements-audit.txt

clean:
	rm -rf .venv demo.db demo.db-wal demo.db-shm
