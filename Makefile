# make demo   build the Changzhi demo and review three proposals
# make test   everything that must hold: style, types, import rules, tests

PYTHON ?= python3
RUN    := .venv/bin

.PHONY: demo test check style types imports docs bench clean env

demo: env
	@$(RUN)/minplan demo

test: check
	@$(RUN)/python -m pytest -n auto --dist loadfile

check: style types imports

style: env
	@$(RUN)/ruff check .
	@$(RUN)/ruff format --check .

types: env
	@$(RUN)/mypy

imports: env
	@$(RUN)/lint-imports

docs: env
	@$(RUN)/minplan rules docs docs/reference/rules
	@$(RUN)/minplan standard docs docs/reference/standard

bench: env
	@$(RUN)/python benchmarks/overlay.py

env:
	@$(PYTHON) tools/bootstrap.py

clean:
	rm -rf .venv .bootstrap workspace
