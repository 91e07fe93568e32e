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
