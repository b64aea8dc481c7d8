# make demo: set up and run the main job.  make test: set up and pass the tests.  Both work on a machine with Python 3.11+ and make.
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
STAMP  := $(VENV)/.installed

.DEFAULT_GOAL := help
.PHONY: help demo test lint guide bench clean

help:           ## what there is to make
	@grep -E '^[a-z]+: .*##' $(MAKEFILE_LIST) | sed 's/:.*## /\t/'

$(STAMP): setup.cfg pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit("cart_fhir needs Python 3.11 or newer; name one with: make PYTHON=python3.11 ...") if sys.version_info < (3, 11) else None'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable '.[test,docs]'
	@touch $@

demo: $(STAMP)  ## synthetic exports of two centres -> map -> validate -> store -> serve (NO_SERVE=1: do not stay up)
	$(BIN)/cart-fhir demo $(if $(NO_SERVE),--no-serve)

test: $(STAMP) lint  ## lint, types, all tests
	$(BIN)/pytest -n auto $(PYTEST_ARGS)

lint: $(STAMP)  ## ruff and mypy (strict on the package)
	$(BIN)/ruff check .
	$(BIN)/mypy

guide: $(STAMP) ## build the guide from its FSH sources (needs Node; offline but for npm and PyPI)
	$(BIN)/python implementation_guide/tools/build.py

bench: $(STAMP) ## run every benchmark, with its peers
	for file in benchmarks/[a-z]*.py; do $(BIN)/python $$file || exit 1; done

clean:          ## remove what was installed and built
	rm -rf $(VENV) build dist demo *.egg-info
