# Two commands for everybody: `make run` and `make test`. They need Python 3.11 or newer, make and git.

PYTHON ?= python3
PORT ?= 8000
BIN = .venv/bin
# The tests start many processes, and each would compile all code anew.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: run test test-full clean

run: .venv/run
	@exec $(BIN)/wizard serve --demo --port $(PORT)

test: .venv/test
	@$(BIN)/python -m pytest -n 4 --dist worksteal

test-full: .venv/test
	@$(BIN)/python -m pytest -n 4 --dist worksteal --full

clean:
	rm -rf .venv .wizard data build dist *.egg-info .pytest_cache .hypothesis
	find site -mindepth 1 -not -name .gitignore -delete

.venv/run: pyproject.toml
	@command -v $(PYTHON) >/dev/null || { echo "Python is missing: install Python 3.11 or newer, or name it, as in make run PYTHON=python3.12." >&2; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "$$($(PYTHON) --version) is too old: install Python 3.11 or newer, or name it, as in make run PYTHON=python3.12." >&2; exit 1; }
	@$(PYTHON) -c 'import venv, ensurepip' 2>/dev/null || { echo "Python's venv module is missing: install it (on Debian or Ubuntu: apt-get install python3-venv)." >&2; exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@echo "Installing what pyproject.toml names into .venv ..."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -e .
	@touch $@

.venv/test: .venv/run
	@echo "Installing what the tests need into .venv ..."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -e '.[test]'
	@touch $@
