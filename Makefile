# The portal's commands. `make run` needs Python 3.11 or newer with venv, and a package registry; nothing else.
PYTHON ?= python3
BIN := .venv/bin
.DEFAULT_GOAL := help
# Where it is set, every process would compile the portal and its dependencies again.
unexport PYTHONDONTWRITEBYTECODE
.PHONY: help install run servers test test-long check check-style check-types format lock clean-data

help: ## say what there is
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-11s %s\n", $$1, $$2}'

install: ## make .venv and install the locked dependencies
	@$(PYTHON) -I portal/operations/install.py

run: install ## start the portal with everything it needs; Ctrl-C stops it
	@exec $(BIN)/python -m portal.operations.supervisor --stop-with-parent

servers: install ## start PostgreSQL and Valkey alone, for a restore
	@exec $(BIN)/python -m portal.operations.supervisor --stop-with-parent --servers-only

check: check-style check-types ## everything of `make test` but the tests

check-style: install
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/djlint templates --lint --quiet
	$(BIN)/lint-imports

check-types: install
	$(BIN)/mypy

test: check-style ## all checks and all tests but the long ones
	@types=$$(mktemp); trap 'rm -f "$$types"' EXIT; \
	$(BIN)/mypy >"$$types" 2>&1 & \
	$(BIN)/python -m pytest -n 3 --dist worksteal -m "not long"; tests=$$?; \
	wait $$!; checked=$$?; echo "$(BIN)/mypy"; cat "$$types"; [ $$tests = 0 ] && [ $$checked = 0 ]

test-long: install ## long kill runs and all browser stories
	$(BIN)/python -m pytest -n 2 --dist worksteal -m long

format: install ## put the code into the house's format
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

lock: install ## resolve pyproject.toml into requirements.lock again
	$(BIN)/uv pip compile pyproject.toml --extra dev --universal --python-version 3.11 --generate-hashes \
	    --no-emit-index-url --no-annotate --upgrade -o requirements.lock

clean-data: install ## remove everything under var/, after asking
	@$(BIN)/python -m portal.operations.clean_data
