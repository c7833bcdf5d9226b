# The two commands are `make run` and `make test`; the README prints what they do, for machines without make.
PYTHON ?= python3
BIN := .venv/bin
# Small matrices gain nothing from BLAS threads, and many sessions would fight over the cores.
export OPENBLAS_NUM_THREADS = 1

.PHONY: run test check rest browser bundle format benchmarks clean

# On one's own machine a sweep may use every core.
run: export NNPLAY_PROCESSES ?= all
run: .venv/app
	$(BIN)/streamlit run app.py

test: check rest

# Format, lint, types and the tests that need no browser, but for a few long ones: less than a minute and a half on two
# cores.
check: .venv/dev bundle
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	MYPY_NUM_WORKERS=2 $(BIN)/mypy
	tests/js/check
	$(BIN)/pytest -q -n auto --dist worksteal -m "not browser and not long"

# What check leaves out.
rest: .venv/dev
	$(BIN)/pytest -q -n 2 --dist worksteal -m "browser or long"

browser: .venv/dev
	$(BIN)/pytest -q -n 2 --dist worksteal -m browser tests/browser

# The few files that browsers load of static/, where they are stale: to be committed with what was changed.
bundle: .venv/dev
	tests/js/bundle

format: .venv/dev
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

benchmarks: .venv/dev
	$(BIN)/python benchmarks/engine.py
	$(BIN)/python benchmarks/stack.py
	$(BIN)/python benchmarks/compare/trainings.py
	$(BIN)/python benchmarks/stage.py
	node benchmarks/pictures.mjs
	$(BIN)/python benchmarks/links.py
	$(BIN)/python benchmarks/visit.py
	$(BIN)/python benchmarks/take_away/videos.py
	$(BIN)/python benchmarks/compare/sweep_beside.py
	$(BIN)/python benchmarks/timeline.py
	$(BIN)/python benchmarks/digits.py
	$(BIN)/python benchmarks/tables.py
	$(BIN)/python benchmarks/explain/landscape.py

.venv/app: requirements.txt
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements.txt
	touch $@

.venv/dev: .venv/app requirements-dev.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements-dev.txt
	touch $@

clean:
	rm -rf .venv .mypy_cache .pytest_cache .ruff_cache .hypothesis
