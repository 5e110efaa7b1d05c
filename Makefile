# Bilan: the commands of the project. `make help` lists them.
SHELL := /bin/bash
VENV := .venv
PYTHON := $(VENV)/bin/python
# A worker more than there are cores: those of the browser wait more than they compute.
WORKERS := $(shell echo $$(($$(getconf _NPROCESSORS_ONLN) + 1)))
.DEFAULT_GOAL := help

.PHONY: help run test check bench kills format lock audit clean

help: ## List the commands
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

run: $(VENV)/installed ## Serve on http://127.0.0.1:8000 with demonstration data and the background worker
	@$(PYTHON) -m flask --app app demo
	@exec $(PYTHON) app.py

test: $(VENV)/installed-dev ## Run every test
	@$(PYTHON) -m pytest -n $(WORKERS)

check: $(VENV)/installed-dev ## Check the code: ruff, djlint, mypy
	@$(VENV)/bin/ruff check .
	@$(VENV)/bin/djlint templates --lint --quiet
	@$(VENV)/bin/mypy

bench: $(VENV)/installed-dev ## Run the benchmarks: answers beside a floor, pages while the network grows, the ROME imported and searched, papers, indicators, the evidence file
	@PYTHONPATH=. $(PYTHON) bench/answers.py
	@PYTHONPATH=. $(PYTHON) bench/journeys.py
	@PYTHONPATH=. $(PYTHON) bench/occupations.py
	@PYTHONPATH=. $(PYTHON) bench/synthesis.py
	@PYTHONPATH=. $(PYTHON) bench/quality.py
	@PYTHONPATH=. $(PYTHON) bench/evidence.py

kills: $(VENV)/installed-dev ## Kill the server without warning, fifty times, while notes are saved; look for each of them
	@PYTHONPATH=. $(PYTHON) bench/kills.py

format: $(VENV)/installed-dev ## Format the code
	@$(VENV)/bin/ruff format .
	@$(VENV)/bin/ruff check --fix .

lock: $(VENV)/installed-dev ## Pin the newest releases, with hashes (needs uv)
	@for part in requirements requirements-dev; do \
	  uv pip compile --upgrade --generate-hashes --universal --python-version 3.11 --quiet \
	    --no-header --no-annotate --no-emit-index-url --no-emit-find-links $$part.in -o $$part.txt; done

audit: $(VENV)/installed-dev ## Look for known vulnerabilities in the pinned packages
	@$(VENV)/bin/pip-audit --requirement requirements.txt --disable-pip || echo "audit : pas fait, ou des alertes ci-dessus."

clean: ## Remove the environment and the caches (never the instance folder)
	rm -rf $(VENV) .pytest_cache .hypothesis .mypy_cache .ruff_cache

$(VENV)/bin/python:
	@python3 -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Bilan demande Python 3.11 ou plus récent."; exit 1; }
	@python3 -m venv $(VENV) || { echo "Le module venv manque : sous Debian, installez le paquet python3-venv."; exit 1; }

# uv when the machine has it, pip else; the same pinned files and hashes.
define install
	@if command -v uv >/dev/null; then uv pip install --quiet --python $(PYTHON) --require-hashes -r $(1); \
	else $(PYTHON) -m pip install --quiet --disable-pip-version-check --require-hashes -r $(1); fi
	@touch $@
endef

$(VENV)/installed: requirements.txt | $(VENV)/bin/python
	$(call install,requirements.txt)

$(VENV)/installed-dev: requirements-dev.txt $(VENV)/installed
	$(call install,requirements-dev.txt)
