"""Blocks from the terminal."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from minplan.cli.main import cli


@pytest.fixture(scope="module")
def workspace(built_demo: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return Path(shutil.copytree(built_demo, tmp_path_factory.mktemp("blocks") / "workspace"))


def run(workspace: Path, *arguments: str) -> Result:
    command = ["--lang", "zh", "--workspace", str(workspace), "blocks", *arguments]
    return CliRunner().invoke(cli, command)


def test_a_block_is_granted_and_uses_the_quota(workspace: Path) -> None:
    day = ("--date", "2025-03-01")
    for state in ("argued", "granted"):
        told = run(workspace, "event", "KQ001-1", state, *day, "--document", "文件")
        assert told.exit_code == 0, told.output
    (row,) = json.loads(run(workspace, "list", "--state", "granted", "--json").stdout)
    assert (row["key"], row["counties"], row["since"]) == ("KQ001-1", ["沁源县"], "2025-03-01")
    assert "已出让" in run(workspace, "show", "KQ001-1").output
    quotas = json.loads(run(workspace, "quotas", "--json").stdout)
    used = next(item for item in quotas if item["zone"] == "CS001")
    assert (used["planned"], used["granted"], used["left"]) == (1, 1, 0)
    before = json.loads(run(workspace, "quotas", "--as-of", "2025-02-01", "--json").stdout)
    assert sum(item["granted"] for item in before) == 0


def test_a_step_that_cannot_be_is_explained(workspace: Path) -> None:
    told = run(workspace, "event", "KQ002-1", "licensed", "--date", "2025-03-01", "--document", "x")
    assert told.exit_code != 0
    assert "E861" in told.output
    assert run(workspace, "show", "KQ999").exit_code != 0
