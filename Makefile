# Everything runs in .venv, which the first target that needs it makes; versions are those of requirements-dev.lock.
# Another Python: make test PYTHON=python3.12

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
SERVICES := $(VENV)/.services-installed
TOOLS := $(VENV)/.tools-installed
MUTATION := $(VENV)/.mutation-installed
EVERY := 1

.DEFAULT_GOAL := help
.PHONY: help demo test lint format goldens conformance simulate mutate chaos bench lock kafka rabbit tansu clean

help: ## Show this
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-11s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

demo: $(SERVICES) ## Generate two services, run them on real servers, send them messages
	$(BIN)/python -m specs.demo

test: $(TOOLS) ## Run all tests; those on real servers are skipped where a server is missing
	$(BIN)/python -m pytest -n auto --maxprocesses 4 --dist loadfile

lint: $(TOOLS) ## Check style and types
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/mypy specs/demo.py tests/brokers tests/conftest.py
	$(BIN)/pyright

format: $(TOOLS) ## Format our own code
	$(BIN)/ruff format
	$(BIN)/ruff check --fix-only

goldens: $(TOOLS) ## Generate every golden case anew; look at the difference before you keep it
	$(BIN)/python -m tests.golden.update

conformance: $(TOOLS) ## Judge the real documents of the corpus in CQRS_GEN_SHARED, and write docs/conformance.md anew
	$(BIN)/python -m tests.conformance

simulate: $(TOOLS) ## Drive delivery through 100,000 schedules of faults, and through broken variants of itself
	$(BIN)/python -m tests.simulation --schedules 100000
	$(BIN)/python -m tests.simulation --mutants

mutate: $(MUTATION) ## Put mistakes into the modules of delivery, one at a time; EVERY=10 takes one in ten
	nice -n 10 $(BIN)/python -m tests.mutation --every $(EVERY)

chaos: $(TOOLS) ## Kill a service 25 times while it handles 20,000 messages, on both brokers
	.ci/install-kafka.sh
	$(BIN)/python -m tests.delivery.chaos

bench: $(TOOLS) ## Measure
	$(BIN)/python -m benchmarks

lock: $(TOOLS) ## Choose the newest versions of everything
	$(BIN)/pip install -q uv
	{ sed '/^[^#]/,$$d' requirements-dev.lock && $(BIN)/uv pip compile -q --upgrade --universal --python-version 3.10 \
		--no-header --no-annotate --no-emit-index-url --extra services --extra test pyproject.toml; } > $(VENV)/lock
	cp $(VENV)/lock requirements-dev.lock

kafka: $(SERVICES) ## Run Apache Kafka until Ctrl-C
	.ci/install-kafka.sh
	$(BIN)/python -m tests.brokers kafka

rabbit: $(SERVICES) ## Run RabbitMQ until Ctrl-C
	$(BIN)/python -m tests.brokers rabbit

tansu: $(SERVICES) ## Run Tansu, which speaks Kafka's protocol, until Ctrl-C
	$(BIN)/python -m tests.brokers tansu

clean: ## Remove what was installed and cached
	rm -rf $(VENV) .cache .mypy_cache .pytest_cache .ruff_cache .hypothesis

$(SERVICES): pyproject.toml requirements-dev.lock
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install -q -c requirements-dev.lock -e '.[services]'
	touch $@

$(TOOLS): $(SERVICES)
	$(BIN)/pip install -q -c requirements-dev.lock -e '.[services,test]'
	touch $@

$(MUTATION): $(TOOLS)
	$(BIN)/pip install -q -c requirements-dev.lock cosmic-ray==8.7.0
	touch $@
