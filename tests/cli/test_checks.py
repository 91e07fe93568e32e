"""``minplan checks``: the register of quality checks and its pages."""

from __future__ import annotations

import json
from pathlib import Path

from click.testing import CliRunner, Result

from minplan.cli.main import cli

DOCS = Path(__file__).resolve().parents[2] / "docs/reference/checks"


def run(*arguments: str, workspace: Path | None = None) -> Result:
    place = ["--workspace", str(workspace)] if workspace else []
    return CliRunner().invoke(cli, ["--lang", "zh", *place, "checks", *arguments])


def test_the_list_follows_the_settings_of_the_bureau(tmp_path: Path) -> None:
    (tmp_path / "standard").mkdir()
    settings = '[Q-TO-01]\nlevel = "info"\n[Q-TO-02]\nenabled = false\n'
    (tmp_path / "standard/quality.toml").write_text(settings, encoding="utf-8")
    told = json.loads(run("list", "--family", "拓扑", "--json", workspace=tmp_path).stdout)
    levels = {item["id"]: item["level"] for item in told}
    assert levels["Q-TO-01"] == "info"
    assert "Q-TO-02" not in levels
    assert {item["family"] for item in told} == {"topology"}


def test_a_check_is_shown_with_its_examples() -> None:
    shown = run("show", "q-to-01").stdout
    assert "层内图形不重叠" in shown
    assert "应通过" in shown


def test_an_unknown_check_names_the_near_ones() -> None:
    result = run("show", "Q-TO-001")
    assert result.exit_code == 2
    assert "Q-TO-01" in result.stderr


def test_the_pages_are_up_to_date(tmp_path: Path) -> None:
    assert run("docs", str(tmp_path)).exit_code == 0
    fresh = {path.name: path.read_text("utf-8") for path in tmp_path.glob("*.md")}
    kept = {path.name: path.read_text("utf-8") for path in DOCS.glob("*.md")}
    assert kept == fresh, "run: minplan checks docs docs/reference/checks"


def test_pages_of_checks_that_are_gone_are_removed(tmp_path: Path) -> None:
    (tmp_path / "Q-XX-99.md").write_text("old", encoding="utf-8")
    run("docs", str(tmp_path))
    assert not (tmp_path / "Q-XX-99.md").exists()
