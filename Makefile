# Short names for what is done every day. `make` alone lists them.
PYTHON ?= python3
BIN := .venv/bin
DATA ?= var/demo
BENCHMARKS ?= $(wildcard benchmarks/*.py)

.DEFAULT_GOAL := help
.PHONY: help demo serve lint types test bench

help: ## List the targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  %-8s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

$(BIN)/activate: setup.cfg pyproject.toml
	$(PYTHON) -m venv .venv
	$(BIN)/pip install --quiet -e '.[test,e2e,dev]'
	@touch $@

demo: $(BIN)/activate ## Sit one whole exam with a simulated candidate, up to the verified certificate
	$(BIN)/certify demo --data $(DATA)

serve: $(BIN)/activate ## Serve the demo data in the browser
	$(BIN)/certify serve --data $(DATA)

lint: $(BIN)/activate ## Check style and format
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(BIN)/activate ## Check the types: strict in the pure rooms
	$(BIN)/mypy

test: $(BIN)/activate ## Run all tests
	$(BIN)/pytest

bench: $(BIN)/activate ## Run every benchmark; each prints its figure and its yardstick
	@test -n "$(BENCHMARKS)" || { echo "benchmarks/ holds no script"; exit 2; }
	@set -e; for script in $(BENCHMARKS); do echo "== $$script"; OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 $(BIN)/python $$script; done
