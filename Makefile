# Lingka. `make run` is all a newcomer needs; `make help` lists the rest.
# Needs make, git and Python 3.11 or newer; everything else comes by itself.

PYTHON ?= python3
UV = $(PYTHON) scripts/bootstrap.py
BIN = .venv/bin
export UV_PROJECT_ENVIRONMENT = .venv
PYTEST_MANY = -n auto --maxprocesses 4 --dist loadfile --no-loadscope-reorder
# Neither a browser, an installation of its own, months, nor every address by everybody (which `make
# test` walks); what is left decides, stores and answers.
WITHOUT_BROWSERS = -m 'not browser and not long' --ignore=tests/e2e --ignore=tests/faults \
  --ignore=tests/security/test_matrix.py \
  --ignore=tests/ops/test_postgres.py --ignore=tests/ops/test_upgrade.py
# What decides and permits. Its floor rises to 100 as the last branches get their tests; that of all
# is in pyproject.toml, and rises to 95.
DECIDING = lingka/*/actions.py,lingka/*/actions/*,lingka/*/workflow.py,lingka/*/rules.py,lingka/*/permissions.py

.PHONY: help setup run demo-data test coverage floors check format chaos bench screens hooks clean

help: ## list the targets
	@sed -n 's/^\([a-z-]*\):.*## /  make \1\t/p' $(MAKEFILE_LIST)

setup: .venv/.ready ## install everything into .venv, and build the front end
	@$(BIN)/python scripts/frontend.py build
	@$(BIN)/python scripts/translations.py compile

.venv/.ready: uv.lock pyproject.toml scripts/bootstrap.py
	@$(UV) sync --locked --quiet
	@touch $@

run: setup ## start everything, with a demo city; Ctrl-C stops it
	@exec $(BIN)/lingka run

demo-data: setup ## build the demo city in an empty database
	@$(BIN)/lingka demo

test: setup ## run the tests, browsers included where there is one
	@$(BIN)/python scripts/translations.py compile
	@$(BIN)/pytest $(PYTEST_MANY) $(TESTS)

coverage: setup ## run the tests that need no browser, and hold the floors of what they reach
	@$(BIN)/coverage erase
	@$(BIN)/coverage run -m pytest $(PYTEST_MANY) $(WITHOUT_BROWSERS) $(TESTS)
	@$(BIN)/coverage combine --quiet
	@$(MAKE) --no-print-directory floors

floors: ## name what lies below the floors, as last measured
	@$(BIN)/coverage report; whole=$$?; \
	  echo "What decides and permits:"; \
	  $(BIN)/coverage report --include='$(DECIDING)' --fail-under=98 && exit $$whole

check: setup ## format, lint, types, layers, migrations, translations
	@$(BIN)/python scripts/check.py

format: setup ## put the code into shape
	@$(BIN)/ruff format
	@$(BIN)/ruff check --fix

chaos: setup ## days of bad luck on a phone: CHAOS=days, SEED=first, PLANT=a fault to be found
	@$(BIN)/pytest -s tests/chaos

bench: setup ## measure, and write docs/performance.md
	@$(BIN)/python -m bench

screens: setup ## photograph a running server's pages into docs/screens
	@$(BIN)/python scripts/screens.py $(or $(URL),http://127.0.0.1:8000)
	@$(BIN)/python scripts/every_screen.py $(or $(URL),http://127.0.0.1:8000)
	@$(BIN)/python scripts/field_screens.py $(or $(URL),http://127.0.0.1:8000)

hooks: setup ## check before every commit
	@$(BIN)/pre-commit install

clean: ## remove what is built; data stay
	rm -rf .venv frontend/node_modules .mypy_cache .ruff_cache .pytest_cache .import_linter_cache
