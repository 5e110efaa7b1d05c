# Bilan: the commands of the project. `make help` lists them.
SHELL := /bin/bash
VENV := .venv
PYTHON := $(VENV)/bin/python
# A worker more than there are cores: those of the browser wait more than they compute.
WORKERS := $(shell echo $$(($$(getconf _NPROCESSORS_ONLN) + 1)))
.DEFAULT_GOAL := help

.PHONY: help run test check bench profile load faults kills mutations storm timing accessibility guide format lock audit clean

help: ## List the commands
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 15

run: $(VENV)/installed ## Serve on http://127.0.0.1:8000 with demonstration data and the background worker
	@$(PYTHON) -m flask --app app demo
	@exec $(PYTHON) app.py

test: $(VENV)/installed-dev ## Run every test
	@$(PYTHON) -m pytest -n $(WORKERS)

check: $(VENV)/installed-dev ## Check the code: ruff, djlint, mypy, bandit
	@$(VENV)/bin/ruff check .
	@$(VENV)/bin/djlint templates --lint --quiet
	@$(VENV)/bin/mypy
	@$(VENV)/bin/bandit --quiet --configfile pyproject.toml --recursive bilan app.py

bench: $(VENV)/installed-dev ## Run the benchmarks: one table of pages and saves beside their floors while the network grows, on both databases, every page that links lead to, starts, answers over HTTP, the ROME imported and searched, papers, indicators, the evidence file, weight, reading ease
	@PYTHONPATH=.:tests $(PYTHON) -m bench.table
	@PYTHONPATH=.:tests $(PYTHON) -m bench.growth
	@PYTHONPATH=.:tests $(PYTHON) -m bench.start
	@PYTHONPATH=. $(PYTHON) bench/answers.py
	@PYTHONPATH=. $(PYTHON) bench/occupations.py
	@PYTHONPATH=. $(PYTHON) bench/synthesis.py
	@PYTHONPATH=.:tests $(PYTHON) bench/quality.py
	@PYTHONPATH=.:tests $(PYTHON) bench/evidence.py
	@PYTHONPATH=.:tests $(PYTHON) bench/weight.py
	@PYTHONPATH=.:tests $(PYTHON) bench/reading.py

profile: $(VENV)/installed-dev ## Show where the time of lines of the table goes, e.g. LINES='"complaint post" "indicators"' (all of them without)
	@PYTHONPATH=.:tests $(PYTHON) -m bench.profile $(LINES)

load: $(VENV)/installed-dev ## Let three hundred and fifty people work for ten minutes on the production server, on each database (needs nginx)
	@PYTHONPATH=.:tests $(PYTHON) -m bench.load

faults: $(VENV)/installed-dev ## Break things while people work: kills, power cuts, mail, disk, clock, database; look for each thing acknowledged (needs nginx)
	@PYTHONPATH=.:tests $(PYTHON) -m bench.faults

kills: $(VENV)/installed-dev ## Kill the server without warning, fifty times, while notes are saved; look for each of them; then back up while they are saved
	@PYTHONPATH=. $(PYTHON) bench/kills.py
	@PYTHONPATH=. $(PYTHON) bench/backup.py

mutations: $(VENV)/installed-dev ## Take away every check of permissions.py, one at a time: the tests must notice each (some minutes)
	@PYTHONPATH=.:tests $(PYTHON) -m bench.mutations

storm: $(VENV)/installed-dev ## Send fifty thousand random requests as everybody: no error, no leak, no write by who is refused
	@PYTHONPATH=.:tests $(PYTHON) -m bench.storm

timing: $(VENV)/installed-dev ## Measure whether the time of an answer tells that an account exists
	@PYTHONPATH=.:tests $(PYTHON) -m bench.timing

accessibility: $(VENV)/installed-dev ## Look at every page, as everybody, in every display, at three widths; write docs/accessibility (half an hour)
	@PYTHONPATH=.:tests $(PYTHON) -m bench.accessibility

guide: $(VENV)/installed-dev ## Take the pictures of the counsellor's guide again, on the demonstration data (all of them change: dates do)
	@PYTHONPATH=.:tests $(PYTHON) -m bench.captures

format: $(VENV)/installed-dev ## Format the code
	@$(VENV)/bin/ruff format .
	@$(VENV)/bin/ruff check --fix .

lock: $(VENV)/installed-dev ## Pin the newest releases, with hashes (needs uv)
	@for part in requirements requirements-dev; do \
	  uv pip compile --upgrade --generate-hashes --universal --python-version 3.11 --quiet \
	    --no-header --no-annotate --no-emit-index-url --no-emit-find-links $$part.in -o $$part.txt; done

audit: $(VENV)/installed-dev ## Look for known vulnerabilities in the pinned packages: 1 when there are some; says when nobody could be asked
	@$(PYTHON) bench/audit.py

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
