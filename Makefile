# Two commands for a newcomer: `make demo` and `make test`. Needs Python 3.11 or newer, git and make.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet install --constraint constraints.txt
DEMO := build/demo
CORES ?= 2

.PHONY: help demo test test-long test-postgres test-all check format bench hostile validation records docs pictures clean

help:  ## Say what there is
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /  make \1\t/' | expand -t 20

$(VENV)/ready: pyproject.toml constraints.txt
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(PIP) --editable '.[portal]'
	@touch $@

$(VENV)/ready-to-test: $(VENV)/ready
	@$(PIP) --editable '.[dev,portal,postgres]'
	@touch $@

demo: $(VENV)/ready  ## Assess the shipped example child; writes build/demo/
	@$(BIN)/multifocal assess example:right-hand
	@$(BIN)/multifocal assess example:right-hand --format html --output $(DEMO)/report.html
	@$(BIN)/multifocal assess example:right-hand --format pdf --output $(DEMO)/report.pdf
	@$(BIN)/multifocal assess example:right-hand --format json --output $(DEMO)/assessment.json
	@echo "Written: $(DEMO)/report.html, $(DEMO)/report.pdf, $(DEMO)/assessment.json"
	@echo "The site: $(BIN)/multifocal serve --demo, then open http://localhost:8000/"

test: $(VENV)/ready-to-test  ## Run the tests, all but the long ones
	@$(BIN)/python -m pytest --quiet --numprocesses $(CORES) --dist loadfile -m 'not long'

test-long: $(VENV)/ready-to-test  ## Run the long tests
	@$(BIN)/python -m pytest --quiet --numprocesses $(CORES) --dist loadfile -m long

test-postgres: $(VENV)/ready-to-test  ## Run the site's tests on PostgreSQL, the long ones too
	@$(BIN)/python -m tests.portal.postgres $(BIN)/python -m pytest --quiet --numprocesses $(CORES) --dist loadfile tests/portal

test-all: test test-long test-postgres  ## Run every test, and those of the site once more on PostgreSQL

check: $(VENV)/ready-to-test  ## Format, lint, types, import contracts
	@$(BIN)/ruff format --check src tests bench
	@$(BIN)/ruff check src tests bench
	@$(BIN)/mypy
	@$(BIN)/lint-imports

format: $(VENV)/ready-to-test  ## Put the code in shape
	@$(BIN)/ruff format src tests bench
	@$(BIN)/ruff check --fix src tests bench

bench: $(VENV)/ready-to-test  ## Measure speed; writes build/bench.json
	@$(BIN)/python -m bench

hostile: $(VENV)/ready-to-test  ## Measure how the site answers others while eight senders overload it
	@$(BIN)/python -m bench.hostile

validation: $(VENV)/ready-to-test  ## Try the development cases anew; writes docs/reference/validation.md and checker.md
	@$(PIP) --editable '.[bench]'
	@$(BIN)/python -m bench.validation
	@$(BIN)/python -m bench.checker

records: $(VENV)/ready-to-test  ## Read the public examples of FHIR anew; writes docs/real-records.md
	@$(BIN)/python -m tests.real

docs: $(VENV)/ready-to-test  ## Write the generated pages of docs/reference anew
	@$(BIN)/multifocal knowledge pages --output docs/reference/knowledge

pictures: $(VENV)/ready-to-test  ## Take the pictures of the documentation anew; writes docs/pictures/
	@$(BIN)/python -m bench.pictures

clean:  ## Remove everything that was made
	@rm -rf $(VENV) build dist
