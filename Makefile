# The whole set-up is in here: `make run` and `make test` work on a machine that has Python 3.11+, make and git.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check
OUT ?= out/samples
# Prefect's server reports home and its client counts uses unless told not to; nothing here calls out.
export PREFECT_SERVER_ANALYTICS_ENABLED = false
export DO_NOT_TRACK = 1
export STREAMLIT_BROWSER_GATHER_USAGE_STATS = false
export HF_HUB_OFFLINE = 1
export RAY_USAGE_STATS_ENABLED = 0

.PHONY: help venv run test lint typecheck unit bench dashboard clean

help: ## what can be made
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | sort | column -t -s "$$(printf '\t')"

$(BIN)/python:
	$(PYTHON) -m venv $(VENV)
	$(PIP) install -q --upgrade 'pip>=25'

# torch first and by exact version: an open range would bring gigabytes of CUDA to a laptop.
$(VENV)/.installed: pyproject.toml constraints.txt | $(BIN)/python
	$(PIP) install -q "$$(grep '^torch==' constraints.txt)"
	$(PIP) install -q -c constraints.txt -e '.[dashboard]'
	@touch $@

$(VENV)/.installed-dev: $(VENV)/.installed
	$(PIP) install -q -c constraints.txt -e '.[dashboard,llm,s3,dask,ray,onnx]' --group dev
	@touch $@

venv: $(VENV)/.installed-dev ## the environment with everything, in .venv

run: $(VENV)/.installed ## score the shipped samples, print a table, say where the results lie
	$(BIN)/stance run data/samples --out $(OUT)

dashboard: $(VENV)/.installed ## the board over the samples' results
	$(BIN)/stance dashboard $(OUT)

lint: venv ## style, types and the rules of who may import whom
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

# One torch thread per worker: two workers with two each would wait for one another. The crash tests fork, which needs a
# process in which no other test has started threads.
unit: venv ## the tests alone
	OMP_NUM_THREADS=1 $(BIN)/pytest -q tests/pipeline/test_crash.py
	OMP_NUM_THREADS=1 $(BIN)/pytest -n 2 --dist loadfile -q --ignore tests/pipeline/test_crash.py

test: lint unit ## all that CI runs

bench: venv ## speed, scale and quality, printed as tables (slow)
	$(BIN)/python benchmarks/run_all.py

# Not all of out/: tables of your own news lie there, with labels that people made.
clean: ## remove what was made of the samples, keep the environment
	rm -rf out/samples .pytest_cache .mypy_cache .ruff_cache .hypothesis
