# One command for each habit; CI calls the same ones. `make help` lists them.
# Everything lives in .venv, node_modules and .cache of this checkout; set-up words go to stderr.

PYTHON ?= python3
ARGS ?=
BIN := .venv/bin
CODE := src tests tools bench
NO_PYTHON := Scene needs Python 3.11 or newer: install python3, or name one: make PYTHON=/path/to/python3
# .venv's own Python, when it works, starts faster than a version manager's wrapper.
SETUP = python=$(BIN)/python; $$python -c '' 2>/dev/null || python=$(PYTHON); \
	command -v $$python >/dev/null 2>&1 || { echo "$(NO_PYTHON)" >&2; exit 1; }; \
	$$python tools/setup

MAKEFLAGS += --no-print-directory
.DEFAULT_GOAL := help
.PHONY: help setup tools demo serve dogfood test chaos lint types audit format docs bench lock clean

help: ## List these commands
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-8s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: ## Make everything ready: dependencies, front-end assets, a browser
	@$(SETUP)

tools: ## Set-up without a browser: enough for lint, types, format, docs, lock
	@$(SETUP) --without-browser

demo: setup ## Record, change and compare a sample site, ready to review (ARGS="--once --json")
	@$(BIN)/scene demo $(ARGS)

dogfood: setup ## Let Scene test its own pages: recorded, compared again, and unchanged
	@$(BIN)/python tools/dogfood.py

serve: setup ## Run Scene here: web, queue and worker in one process
	@$(BIN)/scene serve $(ARGS)

test: setup ## Run the tests (ARGS="tests/imaging -k shift")
	@$(BIN)/pytest $(or $(ARGS),-n auto --dist loadgroup)

chaos: setup ## Kill, cut off and fill up what Scene stands on while runs go on (ARGS="--engine sqlite --seed 7")
	@$(BIN)/python -m tests.chaos $(ARGS)

lint: tools ## Check style, formatting, templates and the layers between packages
	@$(BIN)/ruff check $(wildcard $(CODE))
	@$(BIN)/ruff format --check $(wildcard $(CODE))
	@# H025 does not see through Jinja inside tags; J018 wants url_for, and Scene's addresses are plain and stable.
	@$(BIN)/djlint --quiet --lint --profile=jinja --ignore=H025,J018 src/scene/web/templates
	@PYTHONPATH=src $(BIN)/lint-imports --no-logo

types: tools ## Check the types
	@$(BIN)/mypy

audit: tools ## Ask for known weaknesses of the locked packages (exit code 3: the service cannot be reached)
	@$(BIN)/python tools/audit.py

format: tools ## Format the code
	@$(BIN)/ruff check --fix $(wildcard $(CODE))
	@$(BIN)/ruff format $(wildcard $(CODE))

docs: tools ## Remake the generated pages and check every link and the index
	@$(BIN)/python tools/reference.py
	@$(BIN)/python tools/docs.py

bench: setup ## Run the benchmarks (ARGS=name for one of them)
	@[ -d bench/node_modules ] || PATH="$(abspath $(BIN)):$$PATH" \
		npm install --silent --no-package-lock --ignore-scripts --prefix bench >&2
	@set -e; for script in bench/$(or $(ARGS),[a-z]*).py; do \
		[ -f "$$script" ] || { echo "There is no $$script." >&2; exit 1; }; \
		echo "== $$script" >&2; $(BIN)/python "$$script"; \
	done

lock: tools ## Remake the lock files from pyproject.toml and package.json (ARGS=--upgrade for newest)
	@$(BIN)/python tools/lock.py $(ARGS)

clean: ## Remove everything that set-up and the tools made; keeps .scene, your data
	rm -rf .venv .cache .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache build dist
	rm -rf frontend/node_modules tests/parity/node_modules src/scene/web/static
	find src tests tools bench -name __pycache__ -type d -prune -exec rm -rf {} +
