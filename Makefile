# Two words are enough: `make run` shows Assay at work, `make test` proves it. Every install is pinned and hashed (requirements/*.txt).

VENV  := .venv
BENCH := .venv-bench
UV    := $(VENV)/bin/uv
PY    := $(VENV)/bin/python

# The newest Python is not always called python3; the first of these that fits is taken. `make run PYTHON=/path/to/python` insists on one.
PYTHON   ?= python3
PYTHONS  := $(PYTHON) python3 python3.13 python3.12 python3.11
SUITABLE := import sys; raise SystemExit(not (3, 11) <= sys.version_info[:2] < (3, 14))

# Certificates of the machine, not a bundled list: behind a company's proxy only the machine's own list knows the proxy.
export UV_SYSTEM_CERTS := true

COMPILE := $(UV) pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header \
           --no-emit-index-url --no-emit-find-links $(if $(UPGRADE),--upgrade)
# Compiled at once: importing numba and polars uncompiled takes four seconds of the first run, or of each where bytecode is not kept.
INSTALL := $(UV) pip install --require-hashes --compile-bytecode
PROJECT := $(UV) pip install --no-deps --no-build-isolation --editable .

.DELETE_ON_ERROR:
.PHONY: help run test laws bench lint format lock clean

help: ## this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-8s %s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))

run: $(VENV)/.run ## a template strategy over the bundled sample: metrics in the terminal, a report in out/report.html
	$(VENV)/bin/assay demo

test: lint ## everything that must hold before a commit lands
	$(VENV)/bin/pytest -n 2

laws: $(VENV)/.test ## the laws again, with the long profile (minutes)
	$(VENV)/bin/pytest -n 2 --hypothesis-profile=long -m "laws or not laws" tests/laws

bench: $(BENCH)/.ready ## every figure of benchmarks/README.md, side by side with the peers (minutes); ARGS=--json for machines
	$(BENCH)/bin/python -m benchmarks.run $(ARGS)

lint: $(VENV)/.test ## style, types and the direction of imports
	$(VENV)/bin/ruff check .
	$(VENV)/bin/ruff format --check .
	$(VENV)/bin/mypy
	$(VENV)/bin/lint-imports

format: $(VENV)/.test ## what a tool can put right
	$(VENV)/bin/ruff check --fix .
	$(VENV)/bin/ruff format .

lock: $(VENV)/.uv ## requirements/*.txt anew from pyproject.toml; UPGRADE=1 takes newer versions
	$(COMPILE) --group uv --output-file requirements/uv.txt
	$(COMPILE) --group build pyproject.toml --output-file requirements/run.txt
	$(COMPILE) --group build --group test pyproject.toml --constraint requirements/run.txt --output-file requirements/test.txt
	$(COMPILE) --group build --group bench pyproject.toml --constraint requirements/run.txt --output-file requirements/bench.txt

clean: ## everything that a make target made
	rm -rf $(VENV) $(BENCH) out build dist .mypy_cache .ruff_cache .hypothesis .import_linter_cache
	find src tests benchmarks -name __pycache__ -type d -prune -exec rm -rf {} +

# An environment that is there is used as it is; only one whose interpreter is gone is made anew.
$(PY):
	@for python in $(PYTHONS); do \
		if $$python -c '$(SUITABLE)' 2>/dev/null; then echo "Making $(VENV) with $$($$python --version)"; exec $$python -m venv --clear $(VENV); fi; \
	done; \
	echo "Assay needs Python 3.11, 3.12 or 3.13. None of '$(PYTHONS)' is one: install it, or name it with 'make PYTHON=/path/to/python'." >&2; exit 1

$(VENV)/.uv: requirements/uv.txt | $(PY)
	@$(PY) -c '$(SUITABLE)' || { echo "$(VENV) holds $$($(PY) --version), Assay needs 3.11 to 3.13: remove $(VENV) and try again." >&2; exit 1; }
	@$(PY) -m pip --version >/dev/null 2>&1 || $(PY) -m ensurepip
	$(PY) -m pip install --quiet --disable-pip-version-check --require-hashes --requirement requirements/uv.txt
	@touch $@

$(VENV)/.run: requirements/run.txt pyproject.toml $(VENV)/.uv
	$(INSTALL) --python $(PY) --requirement requirements/run.txt
	$(PROJECT) --python $(PY)
	$(PY) -m compileall -q src/assay
	@touch $@

$(VENV)/.test: requirements/test.txt pyproject.toml $(VENV)/.uv
	$(INSTALL) --python $(PY) --requirement requirements/test.txt
	$(PROJECT) --python $(PY)
	@touch $@

$(BENCH)/.ready: requirements/bench.txt pyproject.toml $(VENV)/.uv
	$(UV) venv --quiet --allow-existing --python $(PY) $(BENCH)
	$(INSTALL) --python $(BENCH)/bin/python --requirement requirements/bench.txt
	$(PROJECT) --python $(BENCH)/bin/python
	$(BENCH)/bin/python -m compileall -q src/assay
	@touch $@
