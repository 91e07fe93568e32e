# make demo   build the Changzhi demo, review three proposals, serve the pages
# make test   everything that must hold: style, types, import rules, tests
# make stop   end the server of the demo

PYTHON ?= python3
RUN    := .venv/bin

.PHONY: demo stop test check style types imports docs bench clean env assets

demo: env
	@$(RUN)/minplan demo
	@$(RUN)/minplan serve --background
	@$(RUN)/minplan demo --accounts

stop: env
	@$(RUN)/minplan serve --stop

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
	@$(RUN)/minplan checks docs docs/reference/checks
	@$(RUN)/minplan standard docs docs/reference/standard

bench: env
	@$(RUN)/python benchmarks/overlay.py

env:
	@$(PYTHON) tools/bootstrap.py
	@$(PYTHON) tools/assets.py

assets:
	@$(PYTHON) tools/assets.py

clean:
	rm -rf .venv .bootstrap workspace frontend/node_modules src/minplan/web/static/dist
