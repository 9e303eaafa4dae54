# Two words are enough: `make run` starts Assay, `make test` proves it. Every install is pinned and hashed (requirements/*.txt, web/package-lock.json).

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

WEB         := web/build/index.html
WEB_SOURCES := $(shell find web/src web/static web/messages web/project.inlang -type f -not -path '*/paraglide/*' -not -path '*/cache/*' 2>/dev/null) \
               $(wildcard web/*.ts web/*.json web/*.js)
PORT        ?= 8000

.DELETE_ON_ERROR:
.PHONY: help run demo dev health test python-test page-test web-test e2e laws bench bench-web pictures lint format api lock clean

help: ## this list
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## / { printf "make %-11s %s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))

run: $(VENV)/.run $(WEB) ## the platform on http://127.0.0.1:8000, with bundled candles, strategies and a finished backtest
	$(VENV)/bin/assay serve --port $(PORT)

demo: $(VENV)/.run ## a template strategy over the bundled sample: metrics in the terminal, a report in out/report.html
	$(VENV)/bin/assay demo

dev: $(VENV)/.test web/node_modules/.ready ## the platform on port 5173, reloading itself when the server or the web is edited
	@trap 'kill 0' EXIT; $(VENV)/bin/assay serve --port $(PORT) --reload & cd web && npm run dev

health: ## how the running platform is
	@$(PY) -c 'import sys, urllib.request as r; print(r.urlopen("http://127.0.0.1:$(PORT)/api/v1/health/ready", timeout=5).read().decode())'

# A browser mostly waits, and Python's tests mostly compute: together they take little longer than the longer of the two.
test: lint ## everything that must hold before a commit lands
	@$(MAKE) --no-print-directory -j2 python-test page-test

python-test: $(VENV)/.test ## tests and laws of the server alone
	$(VENV)/bin/pytest -n 2

page-test: $(VENV)/.test ## tests of the page alone, in a browser too
	@$(MAKE) --no-print-directory web-test
	@if sh web/e2e/chromium.sh >/dev/null; then $(MAKE) --no-print-directory e2e; \
	else echo; echo "NOT TESTED IN A BROWSER: there is no Chromium here, and none could be installed. 'make e2e' says why."; fi

web-test: web/node_modules/.ready ## style, types and unit tests of the web
	cd web && npm run --silent check && npm run --silent lint && npm test --silent

e2e: $(VENV)/.test $(WEB) ## the platform as a person uses it, in headless Chromium
	CHROMIUM="$$(sh web/e2e/chromium.sh)" && cd web && CHROMIUM="$$CHROMIUM" npm run --silent e2e

pictures: $(VENV)/.test $(WEB) ## docs/pictures anew, from the running product
	CHROMIUM="$$(sh web/e2e/chromium.sh)" && cd web && CHROMIUM="$$CHROMIUM" npm run --silent pictures

laws: $(VENV)/.test ## the laws again, with the long profile (minutes)
	$(VENV)/bin/pytest -n 2 --hypothesis-profile=long -m "laws or not laws" tests/laws tests/api/test_the_published_schema.py

bench: $(BENCH)/.ready bench-web ## every figure of benchmarks/README.md, side by side with the peers (minutes); ARGS=--json for machines
	$(BENCH)/bin/python -m benchmarks.run $(ARGS)

bench-web: $(VENV)/.test $(WEB) ## the figures of the page, in headless Chromium
	CHROMIUM="$$(sh web/e2e/chromium.sh)" && cd web && CHROMIUM="$$CHROMIUM" npm run --silent bench

lint: $(VENV)/.test ## style, types and the direction of imports
	$(VENV)/bin/ruff check .
	$(VENV)/bin/ruff format --check .
	$(VENV)/bin/mypy
	$(VENV)/bin/lint-imports

format: $(VENV)/.test ## what a tool can put right
	$(VENV)/bin/ruff check --fix .
	$(VENV)/bin/ruff format .

api: $(VENV)/.test web/node_modules/.ready ## web/openapi.json and the web's types anew from the server
	$(VENV)/bin/assay openapi > web/openapi.json
	cd web && npm run --silent api

lock: $(VENV)/.uv ## requirements/*.txt anew from pyproject.toml; UPGRADE=1 takes newer versions
	$(COMPILE) --group uv --output-file requirements/uv.txt
	$(COMPILE) --group build pyproject.toml --output-file requirements/run.txt
	$(COMPILE) --group build --group test pyproject.toml --constraint requirements/run.txt --output-file requirements/test.txt
	$(COMPILE) --group build --group bench pyproject.toml --constraint requirements/run.txt --output-file requirements/bench.txt

clean: ## everything that a make target made
	rm -rf $(VENV) $(BENCH) out build dist web/node_modules web/build web/.svelte-kit web/test-results .mypy_cache .ruff_cache .hypothesis .import_linter_cache
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
	$(VENV)/bin/assay demo
	@touch $@

$(VENV)/.test: requirements/test.txt pyproject.toml $(VENV)/.uv
	$(INSTALL) --python $(PY) --requirement requirements/test.txt
	$(PROJECT) --python $(PY)
	@touch $@

web/node_modules/.ready: web/package.json web/package-lock.json
	@node --version >/dev/null 2>&1 || { echo "The web needs Node 20.19 or newer; there is no 'node' here." >&2; exit 1; }
	cd web && npm ci --no-audit --no-fund
	@touch $@

$(WEB): web/node_modules/.ready $(WEB_SOURCES)
	cd web && npm run --silent build
	@touch $@

$(BENCH)/.ready: requirements/bench.txt pyproject.toml $(VENV)/.uv
	$(UV) venv --quiet --allow-existing --python $(PY) $(BENCH)
	$(INSTALL) --python $(BENCH)/bin/python --requirement requirements/bench.txt
	$(PROJECT) --python $(BENCH)/bin/python
	$(BENCH)/bin/python -m compileall -q src/assay
	@touch $@
