# Everything this project needs is installed by these targets into .venv, from hash-locked requirement files.
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
STAMP  := $(VENV)/.installed
ARGS   ?=
SITE   := .venv-docs
# Compiled files are kept, whatever the environment says: tests start hundreds of processes, and each would compile all again.
export PYTHONDONTWRITEBYTECODE :=

.PHONY: help dist demo contract-data quick test soak lint types contracts bench docs site screenshots lock clean install
help: ## list the targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

$(STAMP): requirements/dev.txt pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --require-hashes -r requirements/dev.txt
	$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation --editable .
	@touch $@

install: $(STAMP) ## set up .venv

demo: $(STAMP) ## the whole main job on a local GitHub, in a browser (ARGS=--headless prints it)
	$(BIN)/reassay demo $(ARGS)

contract-data: $(STAMP) ## GitHub's own descriptions of its API, for the tests that compare with them
	$(BIN)/python tests/contract/fetch.py

test: $(STAMP) ## the whole test suite
	-@$(BIN)/python tests/contract/fetch.py
	$(BIN)/python -m pytest -n auto --dist worksteal $(ARGS)

quick: $(STAMP) lint types contracts ## style, types, layers and quick unit tests: what to run before each commit
	$(BIN)/python -m pytest -n auto --dist worksteal -m "not long and not slow" tests/unit $(ARGS)

soak: $(STAMP) ## five thousand deliveries while servers and workers are killed (some ten minutes)
	REASSAY_STORM=5000 $(BIN)/python -m pytest -n 0 -m long tests/hosted/test_crash.py $(ARGS)

lint: $(STAMP) ## style and formatting
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(STAMP) ## strict types
	$(BIN)/mypy

contracts: $(STAMP) ## the direction of imports
	$(BIN)/lint-imports

bench: $(STAMP) ## ratios to a peer in the same run, as a table (ARGS="--sizes 10,20,30" for a small one)
	$(BIN)/python -m benchmarks.run $(ARGS)

docs: $(STAMP) ## write the generated reference pages
	$(BIN)/python docs/generate.py

# The site has an environment of its own, so that its pins never meet those of the program.
$(SITE)/.installed: requirements/docs.txt
	$(PYTHON) -m venv $(SITE)
	$(SITE)/bin/python -m pip install --quiet --require-hashes -r requirements/docs.txt
	@touch $@

site: $(SITE)/.installed ## the documentation as a site, in .cache/site; a broken link is an error
	NO_MKDOCS_2_WARNING=1 $(SITE)/bin/mkdocs build --strict --config-file docs/site/mkdocs.yml $(ARGS)

screenshots: $(STAMP) ## renew the pictures of the documentation, from the running demo (needs Chromium)
	$(BIN)/python docs/screenshots.py $(ARGS)

lock: $(STAMP) ## renew the hash-locked requirement files
	$(BIN)/python requirements/lock.py

dist: $(STAMP) ## what a release publishes, in dist/ (wheel, source, the Action's archive, bill of materials)
	$(BIN)/python deploy/release.py --out dist $(ARGS)

clean: ## remove what the targets made
	rm -rf $(VENV) $(SITE) .cache/site .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
