# Everything runs in .venv, which the targets make themselves. Nothing but Python and make is needed.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
WORKERS ?= 2
STAMP := $(VENV)/.installed
# It looks at the packages of the python that is first on the path.
PYRIGHT := PATH="$(CURDIR)/$(BIN):$$PATH" $(BIN)/pyright

# The tests start Python hundreds of times: where the environment says that it keeps no bytecode, it compiles everything each time.
export PYTHONDONTWRITEBYTECODE :=

.DEFAULT_GOAL := help
.PHONY: help demo test check fuzz generate unit coverage record bench test-all-pythons test-lowest clean

help: ## Show what can be made
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 20

$(STAMP): pyproject.toml constraints.txt
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[dev,sandbox]'
	@touch $@

demo: $(STAMP) ## Start a real Dagster, run a job on it from a script, print what happened
	@$(BIN)/python -m examples.demo

test: check unit ## All checks and all tests, against a real Dagster

check: $(STAMP) ## Linters, type checkers, generated trees current
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/python tools/generate.py --check
	$(BIN)/python tools/facade.py --check
	$(BIN)/python tools/commands.py --check
	$(BIN)/python tools/unasync.py --check
	$(BIN)/python tools/reference.py --check
	$(BIN)/python tools/api_coverage.py --check
	$(BIN)/python tools/sandbox_coverage.py --check
	$(BIN)/mypy
	$(PYRIGHT)
	$(PYRIGHT) --verifytypes dagster_plus_sdk --ignoreexternal

# In the order of their names: the files with long tests (cli, docs, integration) come first, so that no worker has one left in the end.
TESTS := $(BIN)/python -m pytest -n $(WORKERS) --dist loadfile --no-loadscope-reorder

unit: $(STAMP) ## The tests, by WORKERS processes (2), each with a real Dagster of its own
	$(TESTS)

coverage: $(STAMP) ## The same with branch coverage, for twice the time of a processor
	$(TESTS) --cov --cov-report=term

fuzz: $(STAMP) ## 2,100 random operations, whole and split; 40 kills of a sandbox at work; 200 clients with faults for a minute; 1,000 launches with faults; 10,000 events over 20 cuts; a server down for a minute; a schedule that ticks
	SPLIT_OPERATIONS=2100 SANDBOX_CRASHES=40 SANDBOX_CLIENTS=200 SANDBOX_SECONDS=60 $(BIN)/python -m pytest -s tests/sandbox/test_split.py tests/sandbox/test_crashes.py tests/sandbox/test_load.py -k "random or kill or lost"
	LAUNCHES=1000 FOLLOW_EVENTS=10000 FOLLOW_CUTS=20 WAIT_OUTAGE=60 CONTROL_TICKS=1 $(BIN)/python -m pytest -s tests/sandbox/test_launch_faults.py tests/integration/test_waiting.py tests/integration/_async/test_following.py tests/integration/_async/test_control.py

generate: $(STAMP) ## Write what is generated: models and operations, the client's resources, the commands, the sync client, the reference
	$(BIN)/python tools/generate.py
	$(BIN)/python tools/facade.py
	$(BIN)/python tools/commands.py
	$(BIN)/python tools/unasync.py
	$(BIN)/python tools/reference.py
	$(BIN)/python tools/api_coverage.py
	$(BIN)/python tools/sandbox_coverage.py

record: $(STAMP) ## Record the cassettes anew, from a real Dagster
	$(BIN)/python -m pytest tests/cassettes --record

bench: $(STAMP) ## Measure against the official packages, side by side
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt dagster-rest-resources
	$(BIN)/python benchmarks/run.py
	$(BIN)/python benchmarks/cli.py
	$(BIN)/python benchmarks/sandbox.py
	$(BIN)/python benchmarks/waiting.py

test-all-pythons: ## The tests without a Dagster on every supported Python, and with the lowest dependencies
	$(PYTHON) tools/matrix.py

test-lowest: ## The same with the lowest dependencies alone
	$(PYTHON) tools/matrix.py lowest

clean: ## Remove what the targets made
	rm -rf $(VENV) .venv-* .coverage .coverage.* .mypy_cache .pytest_cache .ruff_cache build dist
