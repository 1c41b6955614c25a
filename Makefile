# Everything one can say to this checkout. `make` alone explains itself.
# More words for a command: make run ARGS="--window --data /tmp/hall"

PYTHON_IN := .venv/bin/python
OUT ?= out/tour
ARGS ?=

.DEFAULT_GOAL := help
.PHONY: help setup run hall tour check test lint proofs soak crash fuzz bench pins clean

help: ## this list
	@printf 'Hall Kiosk (大厅自助终端)\n\n'
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/  make \1|\2/p' $(MAKEFILE_LIST) | awk -F'|' '{printf "%-14s %s\n", $$1, $$2}'
	@printf '\nEvery command sets up what it needs first, once. Settings: hall.toml; manual: README.md, README.zh-CN.md.\n'

setup: ## install what the product needs, without starting it
	@deploy/setup.sh run

run: setup ## the kiosk with the demo hall; without a display: the tour, off-screen
	@$(PYTHON_IN) main.py run $(ARGS)

hall: setup ## the hall alone: HTTP, staff page, on 127.0.0.1:8765
	@$(PYTHON_IN) main.py hall $(ARGS)

tour: setup ## real touches through every flow; pictures of every page and slip in out/tour
	@$(PYTHON_IN) main.py tour --out $(OUT) $(ARGS)

check: setup ## is hall.toml right, does every device answer?
	@$(PYTHON_IN) main.py check $(ARGS)

test: ## all tests (ten minutes on two cores)
	@deploy/setup.sh test
	@$(PYTHON_IN) -m tests.run $(ARGS)

lint: ## house rules: ruff, mypy, imports, dead code, translations
	@deploy/setup.sh test
	@$(PYTHON_IN) -m tests.lint

soak: ## the long proofs: hours of pages, memory, fifty simulated days
	@deploy/setup.sh test
	@$(PYTHON_IN) -m tests.run --long soak $(ARGS)

crash: ## the long proofs: kill -9 at a thousand moments
	@deploy/setup.sh test
	@$(PYTHON_IN) -m tests.run --long crash $(ARGS)

fuzz: ## the long proofs: rubbish at every door
	@deploy/setup.sh test
	@$(PYTHON_IN) -m tests.run --long fuzz $(ARGS)

bench: ## speed and memory, each beside its baseline in the same run
	@deploy/setup.sh test
	@$(PYTHON_IN) main.py bench $(ARGS)

pins: ## choose newer versions of all packages (needs uv); writes both constraints files
	@deploy/pins.sh

clean: ## forget everything that set-up and tests made (not the data in .data)
	rm -rf .venv build dist out *.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache tests/peers/node_modules
