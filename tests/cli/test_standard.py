"""``minplan standard``, and the pages of the data standard in the documentation."""

from __future__ import annotations

import json
from pathlib import Path

from click.testing import CliRunner, Result

from minplan.cli.main import cli

DOCS = Path(__file__).resolve().parents[2] / "docs" / "reference" / "standard"


def run(*arguments: str, lang: str = "zh") -> Result:
    return CliRunner().invoke(cli, ["--lang", lang, "standard", *arguments])


def test_editions_are_listed() -> None:
    found = json.loads(run("list", "--json").stdout)
    assert {item["id"] for item in found} == {"2021-2025", "third-round"}
    assert "third-round" in run("list").stdout


def test_layers_fields_and_codes_are_shown() -> None:
    assert "开采规划区块" in run("show").stdout
    assert "mining planning blocks" in run("show", lang="en").stdout
    assert "开采标高上限" in run("show", "kaighqk").stdout
    record = json.loads(run("show", "KAIGHQK", "--json").stdout)
    assert record["key"] == "BSM"
    assert {"code": "BSM", "required": True}.items() <= record["fields"][0].items()
    codes = json.loads(run("show", "KCFS", "--json").stdout)
    assert [item["code"] for item in codes["codes"]] == ["1", "2", "3"]
    assert "露天开采" in run("show", "KCFS").stdout
    assert json.loads(run("show", "--edition", "third-round", "--json").stdout)["layers"] == 4


def test_an_unknown_layer_names_the_near_ones() -> None:
    result = run("show", "KAIGHQ")
    assert result.exit_code == 3
    assert "KAIGHQK" in result.stderr


def test_an_unknown_edition_names_the_known_ones() -> None:
    result = run("show", "--edition", "1999")
    assert result.exit_code == 5
    assert "third-round" in result.stderr


def test_the_difference_of_two_editions() -> None:
    changes = json.loads(run("diff", "third-round", "2021-2025", "--json").stdout)
    assert {"kind": "removed", "what": "layer", "item": "KAICAQ"}.items() <= next(
        item for item in changes if item["item"] == "KAICAQ"
    ).items()
    assert "新增" in run("diff", "third-round", "2021-2025").stdout


def test_the_pages_of_the_documentation_are_up_to_date(tmp_path: Path) -> None:
    assert run("docs", str(tmp_path)).exit_code == 0
    fresh = {item.name: item.read_text("utf-8") for item in tmp_path.glob("*.md")}
    kept = {item.name: item.read_text("utf-8") for item in DOCS.glob("*.md")}
    assert fresh == kept, "run: minplan standard docs docs/reference/standard"
