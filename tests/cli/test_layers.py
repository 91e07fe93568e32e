"""``minplan layers``: the library from the command line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from tests.formats import samples

from minplan.cli.main import cli

ADD = ("--name", "ecological-red-line", "--act", "示例文号", "--effective", "2023-04-01")


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    return tmp_path / "工作区"


def run(workspace: Path, *arguments: str) -> Result:
    return CliRunner().invoke(
        cli, ["--lang", "zh", "--workspace", str(workspace), "layers", *arguments]
    )


def added(workspace: Path, tmp_path: Path) -> str:
    result = run(workspace, "add", str(samples.geopackage(tmp_path)), *ADD, "--json")
    assert result.exit_code == 0, result.output
    return str(json.loads(result.stdout)["sha256"])


def test_add_list_show_verify_remove(workspace: Path, tmp_path: Path) -> None:
    sha256 = added(workspace, tmp_path)
    listed = run(workspace, "list")
    assert "生态保护红线" in listed.stdout
    assert sha256[:12] in listed.stdout
    shown = run(workspace, "show", "ecological-red-line")
    assert "示例文号" in shown.stdout
    assert "3度带 38带" in shown.stdout
    verified = run(workspace, "verify")
    assert (verified.exit_code, "一致" in verified.stdout) == (0, True)
    removed = run(workspace, "remove", f"ecological-red-line@{sha256[:12]}")
    assert removed.exit_code == 0
    assert json.loads(run(workspace, "list", "--json").stdout) == []


def test_progress_is_a_line_per_tenth_on_stderr(workspace: Path, tmp_path: Path) -> None:
    result = run(workspace, "add", str(samples.geopackage(tmp_path)), *ADD)
    assert "入库 100 %" in result.stderr
    assert "%" not in result.stdout


def test_only_versions_in_force_are_listed(workspace: Path, tmp_path: Path) -> None:
    added(workspace, tmp_path)
    assert json.loads(run(workspace, "list", "--date", "2022-01-01", "--json").stdout) == []
    assert len(json.loads(run(workspace, "list", "--date", "2024-01-01", "--json").stdout)) == 1


def test_the_same_version_is_stored_once(workspace: Path, tmp_path: Path) -> None:
    added(workspace, tmp_path)
    again = run(workspace, "add", str(tmp_path / "a.gpkg"), *ADD)
    assert "未重复入库" in again.stderr


def test_a_changed_file_is_exit_code_5(workspace: Path, tmp_path: Path) -> None:
    sha256 = added(workspace, tmp_path)
    stored = workspace / "layers" / "ecological-red-line" / f"{sha256}.gpkg"
    stored.chmod(0o644)
    content = bytearray(stored.read_bytes())
    content[-1] ^= 1
    stored.write_bytes(content)
    result = run(workspace, "verify")
    assert (result.exit_code, "已改变" in result.stdout) == (5, True)


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["show", "没有"], 5),
        (["verify", "nothing"], 5),
        (["remove", "nothing@ab"], 5),
        (["add", "没有.gpkg", *ADD], 3),
        (["add", "没有.gpkg"], 2),
        (["add", "没有.gpkg", *ADD, "--coverage", "1,2"], 2),
        (["list", "--date", "昨天"], 2),
    ],
)
def test_failures_have_their_codes(workspace: Path, arguments: list[str], code: int) -> None:
    result = run(workspace, *arguments)
    assert result.exit_code == code
    assert result.stdout == ""
    assert result.stderr
