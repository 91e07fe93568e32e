"""``minplan rules``, and the pages of rules in the documentation."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from minplan.cli.main import cli

DOCS = Path(__file__).resolve().parents[2] / "docs" / "reference" / "rules"


def run(*arguments: str, lang: str = "zh") -> Result:
    return CliRunner().invoke(cli, ["--lang", lang, "rules", *arguments])


def test_every_rule_is_listed_with_its_basis() -> None:
    rules = json.loads(run("list", "--json").stdout)
    assert len({item["id"] for item in rules}) == len(rules) > 0
    assert all(item["basis"] and item["title"]["zh"] for item in rules)
    assert "R-SP-01" in run("list").stdout


def test_lists_by_family_and_by_date() -> None:
    family = json.loads(run("list", "--family", "管控边界", "--json").stdout)
    assert {item["family"] for item in family} == {"control-lines"}
    before = {i["id"] for i in json.loads(run("list", "--date", "2020-01-01", "--json").stdout)}
    after = {i["id"] for i in json.loads(run("list", "--date", "2026-01-15", "--json").stdout)}
    assert before & after
    assert after - before
    assert run("list", "--family", "没有").exit_code == 2


@pytest.mark.parametrize(("lang", "word"), [("zh", "依据"), ("en", "Basis")])
def test_a_rule_is_shown_whole(lang: str, word: str) -> None:
    result = run("show", "r-sp-01", lang=lang)
    assert result.exit_code == 0
    assert word in result.stdout
    record = json.loads(run("show", "R-SP-01", "--json").stdout)
    assert record["layers"] == [{"name": "ecological-red-line", "within_m": 0.0}]
    assert {item["outcome"] for item in record["examples"]} >= {"clear", "conflict"}


def test_an_unknown_rule_names_the_near_ones() -> None:
    result = run("show", "R-SP-001")
    assert result.exit_code == 3
    assert "R-SP-01" in result.stderr


def test_the_pages_are_up_to_date(tmp_path: Path) -> None:
    assert run("docs", str(tmp_path)).exit_code == 0
    fresh = {path.name: path.read_text("utf-8") for path in tmp_path.glob("*.md")}
    kept = {path.name: path.read_text("utf-8") for path in DOCS.glob("*.md")}
    assert kept == fresh, "run: minplan rules docs docs/reference/rules"


def test_pages_of_rules_that_are_gone_are_removed(tmp_path: Path) -> None:
    (tmp_path / "R-XX-99.md").write_text("old", encoding="utf-8")
    run("docs", str(tmp_path))
    assert not (tmp_path / "R-XX-99.md").exists()
