# Calame. « make demo » and « make test » do all the set-up themselves; both can be run again in seconds.
PYTHON ?= python3
VENV ?= .venv
BIN = $(VENV)/bin

.PHONY: help demo test app setup setup-tests check unit lock clean

help:            ## this list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*##/\t/'

demo: setup      ## set up, then the main job on the shipped sample: recording -> transcript -> draft -> document
	@$(BIN)/calame demo

test: setup-tests ## set up, then every check and test
	@$(BIN)/ruff check . && $(BIN)/ruff format --check . && $(BIN)/mypy && $(BIN)/lint-imports --no-cache
	@$(BIN)/python -m pytest

app: setup       ## set up, then the application in the browser
	@$(BIN)/calame app

unit:            ## fast tests only, no set-up
	@$(BIN)/python -m pytest -m "not slow" -q --no-cov

lock:            ## write requirements.lock anew from pyproject.toml
	@$(BIN)/uv pip compile pyproject.toml --group dev --universal --python-version 3.11 --generate-hashes \
		--no-emit-index-url --no-annotate --no-header -o requirements.lock

setup:
	@$(PYTHON) scripts/setup.py

setup-tests:
	@$(PYTHON) scripts/setup.py --tests

clean:           ## remove the environment and what the demo wrote (models and built wheels stay)
	rm -rf $(VENV) out
