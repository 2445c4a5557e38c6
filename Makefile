# Every target makes its environment first; `make check` is what must hold before a commit.
# PYTHON=python3.12 chooses the interpreter, VENV=folder the environment.

SHELL := bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := check

PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
INSTALLED := $(VENV)/.installed

.PHONY: dev test check lint format types docs package bench

dev: $(INSTALLED)

$(INSTALLED): setup.cfg pyproject.toml requirements/tested.txt
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install -q -c requirements/tested.txt -e '.[dev]'
	touch $@

check: lint types test

# Python, then what the repository ships: packs and companies.
lint: $(INSTALLED)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/ddcheck lint rules companies

format: $(INSTALLED)
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

# Over an installed copy: mypy does not follow the hook of an editable install. A stale build/ would be packed again.
types: $(INSTALLED)
	rm -rf build
	$(BIN)/python -m pip install -q --no-deps --no-build-isolation --target build/types .
	$(BIN)/mypy | sed 's,^build/types/ddcheck/,,'

# The tests beside the rules, then those of the program.
test: $(INSTALLED)
	$(BIN)/ddcheck test
	$(BIN)/pytest

# The documentation as a site, in site/.
docs: $(INSTALLED)
	NO_MKDOCS_2_WARNING=1 $(BIN)/python -m mkdocs build --strict -q

package: $(INSTALLED)
	rm -rf build dist
	$(BIN)/python -m build

bench: $(INSTALLED)
	for script in benchmarks/*.py; do $(BIN)/python "$$script"; done
