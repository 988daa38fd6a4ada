# One word a habit. `make run` is all that a user needs; the rest is for those who change something.

SHELL := /bin/sh
VENV := .venv
PY := $(VENV)/bin/python
# The newest suitable Python on the path, unless one is given: make run PYTHON=/usr/bin/python3.12
PYTHON ?= $(shell for p in python3 python3.13 python3.12 python3.11; do \
	command -v $$p >/dev/null 2>&1 && $$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' && { echo $$p; break; }; done)

# A shell that forbids bytecode would have each process compile all of this anew: a second a start, twelve for the tests.
unexport PYTHONDONTWRITEBYTECODE

# Two processes of tests, a module's tests in one of them.
TOGETHER := -n 2 --dist loadscope

.PHONY: help run install install-dev models quick test test-tools lint bench bench-talk lock words

help:
	@echo "make run     install what is missing and serve on http://localhost:8000, with a demo project"
	@echo "make quick   unit and contract tests (under 3 minutes)"
	@echo "make test    all tests, with real browsers and real speech (under 40 minutes)"
	@echo "make lint    style, types, import rules"
	@echo "make bench   measure calls on this machine (make bench-talk: only how good they are to talk with)"
	@echo "make lock    pin requirements*.in with hashes"
	@echo "make words   collect the console's texts for translation, and compile them (needs gettext)"

run: install
	@exec $(PY) manage.py serve --demo

# A copy of what was installed is kept beside it; the same list is not installed twice.
install: $(PY)
	@cmp -s requirements.txt $(VENV)/requirements.txt || { \
		echo "Installing packages (once; some minutes) …"; \
		$(PY) -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.txt && \
		cp requirements.txt $(VENV)/requirements.txt; }

install-dev: $(PY)
	@cmp -s requirements-dev.txt $(VENV)/requirements-dev.txt || { \
		echo "Installing packages for developers (once; some minutes) …"; \
		$(PY) -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.txt && \
		cp requirements-dev.txt $(VENV)/requirements-dev.txt && cp requirements.txt $(VENV)/requirements.txt; }

$(PY):
	@test -n "$(PYTHON)" || { echo "Python 3.11 or later is needed. Debian, Ubuntu: apt install python3 python3-venv"; exit 1; }
	@$(PYTHON) -m venv $(VENV) || { rm -rf $(VENV); \
		echo "Python's venv module is needed. Debian, Ubuntu: apt install python3-venv"; exit 1; }

models: $(PY)
	@$(PY) manage.py models --verbosity 0

quick: install-dev models
	@$(PY) -m pytest $(TOGETHER) -m "not browser and not speech and not product and not long"

# What needs no browser and no models runs side by side. Calls and speech have to be on time and come first on the
# machine; what only looks at pages takes what they leave, and is printed when it is done.
test: install-dev models test-tools
	@failed=0; mkdir -p test-output; \
	$(PY) -m pytest $(TOGETHER) -m "not browser and not speech and not product" || failed=1; \
	nice -n 10 $(PY) -m pytest -m pages >test-output/pages.log 2>&1 & pages=$$!; \
	trap 'kill $$pages 2>/dev/null' INT TERM; \
	$(PY) -m pytest -m "(browser or speech or product) and not pages" || failed=1; \
	wait $$pages || failed=1; cat test-output/pages.log; \
	exit $$failed

# A browser and a JavaScript engine: installed where that is ours to do, asked for elsewhere.
test-tools:
	@sh tests/tools.sh

lint: install-dev
	$(VENV)/bin/ruff check .
	$(VENV)/bin/ruff format --check .
	$(VENV)/bin/lint-imports
	$(VENV)/bin/mypy
	@sh tests/js/lint.sh

bench: install-dev models test-tools
	@$(PY) -m bench

# Real calls with pauses, overlaps and whole conversations: about 40 minutes; QUICK=1 for ten.
bench-talk: install-dev models
	@$(PY) -m bench talk $(if $(QUICK),--quick)

lock: install-dev
	$(VENV)/bin/uv pip compile --quiet --universal --generate-hashes --no-emit-index-url --python-version 3.11 \
		--custom-compile-command "make lock" requirements.in -o requirements.txt
	$(VENV)/bin/uv pip compile --quiet --universal --generate-hashes --no-emit-index-url --python-version 3.11 \
		--custom-compile-command "make lock" requirements-dev.in -o requirements-dev.txt

words: install-dev
	$(PY) manage.py makemessages --all --no-wrap --no-location --no-obsolete \
		--ignore ".venv/*" --ignore "data/*" --ignore "tests/*" --ignore "bench/*" --ignore "node_modules/*"
	$(PY) manage.py compilemessages --ignore ".venv" --ignore "data"
