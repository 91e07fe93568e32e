"""``minplan plan``: what a plan package holds, and what is wrong with it."""

from __future__ import annotations

import json
import shutil
from importlib import resources
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from minplan.cli.main import cli


@pytest.fixture
def package(tmp_path: Path) -> Path:
    source = resources.files("minplan.demo") / "changzhi" / "plan"
    with resources.as_file(source) as folder:
        return Path(shutil.copytree(folder, tmp_path / "plan"))


def run(*arguments: str) -> Result:
    return CliRunner().invoke(cli, ["--lang", "zh", "plan", *arguments])


def test_a_summary_with_counts_and_contradictions(package: Path) -> None:
    result = run("show", str(package))
    assert result.exit_code == 0, result.output
    assert "长治市" in result.stdout
    assert "不作取舍" in result.stdout
    record = json.loads(run("show", str(package), "--json").stdout)
    assert record["counts"]["zones and blocks"] > 40
    assert len(record["contradictions"]) == record["counts"]["contradictions"]


def test_a_sound_package_passes(package: Path) -> None:
    result = run("check", str(package))
    assert (result.exit_code, "没有错误" in result.stdout) == (0, True)


def test_every_fault_of_a_package_is_named(package: Path) -> None:
    (package / "plan.toml").unlink()
    result = run("check", str(package))
    assert result.exit_code == 5
    assert "plan.toml" in result.stderr


def test_no_package_at_all(tmp_path: Path) -> None:
    result = run("show", str(tmp_path / "没有"))
    assert result.exit_code == 5
    assert "[E401]" in result.stderr


def test_plans_of_the_database_are_listed_and_shown_as_of_a_date(built_demo: Path) -> None:
    def run_in(*words: str) -> Result:
        return CliRunner().invoke(cli, ["--lang", "zh", "--workspace", str(built_demo), *words])

    listed = run_in("plan", "list", "--as-of", "2025-06-30", "--json")
    (plan,) = json.loads(listed.stdout)
    assert plan["id"] == "changzhi-2021-2025"
    shown = run_in("plan", "show", plan["id"], "--as-of", "2025-06-30", "--json")
    assert json.loads(shown.stdout) == plan
    earlier = run_in("plan", "show", plan["id"], "--recorded", "2020-01-01T00:00+08:00")
    assert earlier.exit_code == 5
    unknown = run_in("plan", "show", "nowhere")
    assert unknown.exit_code == 5
    assert "E811" in unknown.stderr
