"""``minplan demo --hand-in``: a fault is planted in files, or it is said why it cannot be."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from minplan.cli.main import cli


def run(workspace: Path, *arguments: str) -> Result:
    told = ["--lang", "zh", "--workspace", str(workspace), "demo", *arguments]
    return CliRunner().invoke(cli, told)


def test_what_can_be_planted_is_listed(tmp_path: Path) -> None:
    result = run(tmp_path / "workspace", "--list")
    assert result.exit_code == 0, result.output
    assert "Q-VA-01  采矿权许可证号未填" in result.output


def test_a_plant_needs_a_hand_in(tmp_path: Path) -> None:
    assert run(tmp_path / "workspace", "--plant", "Q-VA-01").exit_code == 2


@pytest.mark.parametrize(("check", "code"), [("Q-XX-99", "E918")])
def test_an_unknown_check_is_named(
    demo_workspace: Path, tmp_path: Path, check: str, code: str
) -> None:
    result = run(demo_workspace, "--hand-in", str(tmp_path / "out"), "--plant", check)
    assert result.exit_code != 0
    assert code in result.stderr
    assert not (tmp_path / "out").exists()
