"""``minplan deliverables``: registered with version and approval, given back byte for byte."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from minplan.cli.main import cli


def run(workspace: Path, *arguments: str) -> Result:
    options = ["--lang", "zh", "--workspace", str(workspace), "deliverables"]
    return CliRunner().invoke(cli, [*options, *arguments])


@pytest.fixture
def document(tmp_path: Path) -> Path:
    file = tmp_path / "规划文本.pdf"
    file.write_bytes(b"%PDF-1.7 sample" * 1000)
    return file


def add(workspace: Path, file: Path, *more: str, kind: str = "text", version: str = "1") -> Result:
    result = run(workspace, "add", str(file), "--kind", kind, "--version", version, *more)
    assert result.exit_code == 0, result.output
    return result


def listed(workspace: Path) -> list[dict[str, object]]:
    rows: list[dict[str, object]] = json.loads(run(workspace, "list", "--json").stdout)
    return rows


def test_added_listed_shown_and_given_back(
    demo_workspace: Path, document: Path, tmp_path: Path
) -> None:
    sha256 = add(demo_workspace, document, "--approval", "示例〔2023〕1号").stdout.strip()
    (row,) = listed(demo_workspace)
    assert (row["kind"], row["version"], row["approval"]) == ("text", "1", "示例〔2023〕1号")
    assert (row["plan"], row["size"]) == ("changzhi-2021-2025", document.stat().st_size)
    assert "规划文本" in run(demo_workspace, "list").stdout
    assert "示例〔2023〕1号" in run(demo_workspace, "show", sha256[:10]).stdout
    back = tmp_path / "back.pdf"
    result = run(demo_workspace, "get", sha256[:8], "-o", str(back))
    assert result.exit_code == 0, result.output
    assert back.read_bytes() == document.read_bytes()


def test_the_same_file_twice_is_one_original(
    demo_workspace: Path, document: Path, tmp_path: Path
) -> None:
    copy = tmp_path / "副本.pdf"
    copy.write_bytes(document.read_bytes())
    one = add(demo_workspace, document).stdout
    assert add(demo_workspace, document).stdout == one
    assert add(demo_workspace, copy, kind="study").stdout == one
    assert [row["kind"] for row in listed(demo_workspace)] == ["text", "study"]
    with sqlite3.connect(demo_workspace / "planning.sqlite") as database:
        (count,) = database.execute("SELECT count(*) FROM minplan_original").fetchone()
    assert count == 1


def test_a_version_cannot_be_replaced(demo_workspace: Path, document: Path) -> None:
    add(demo_workspace, document)
    document.write_bytes(b"other")
    result = run(demo_workspace, "add", str(document), "--kind", "text", "--version", "1")
    assert (result.exit_code, "E813" in result.stderr) == (5, True)
    add(demo_workspace, document, version="2")
    assert [row["version"] for row in listed(demo_workspace)] == ["1", "2"]


@pytest.mark.parametrize(
    "kind",
    ["text", "notes", "map", "table", "database", "study", "metadata", "quality-report"],
)
def test_every_kind(demo_workspace: Path, document: Path, kind: str) -> None:
    add(demo_workspace, document, kind=kind)
    assert [row["kind"] for row in listed(demo_workspace)] == [kind]


def test_damaged_bytes_are_never_given_back(
    demo_workspace: Path, document: Path, tmp_path: Path
) -> None:
    sha256 = add(demo_workspace, document).stdout.strip()
    with sqlite3.connect(demo_workspace / "planning.sqlite") as database:
        for (name,) in database.execute(
            "SELECT name FROM sqlite_master WHERE type='trigger' AND tbl_name LIKE '%originalpart'"
        ).fetchall():
            database.execute(f"DROP TRIGGER {name}")
        database.execute("UPDATE minplan_originalpart SET content = x'00'")
    result = run(demo_workspace, "get", sha256, "-o", str(tmp_path / "back.pdf"))
    assert (result.exit_code, "E812" in result.stderr) == (5, True)
    assert not (tmp_path / "back.pdf").exists()


def test_unknown_hashes_and_plans(demo_workspace: Path, document: Path, tmp_path: Path) -> None:
    result = run(demo_workspace, "get", "0" * 64, "-o", str(tmp_path / "x"))
    assert (result.exit_code, "E811" in result.stderr) == (5, True)
    result = run(
        demo_workspace, "add", str(document), "--kind", "map", "--version", "1", "--plan", "nix"
    )
    assert (result.exit_code, "E811" in result.stderr) == (5, True)


def test_no_plan_to_register_with(tmp_path: Path, document: Path) -> None:
    result = run(tmp_path / "empty", "add", str(document), "--kind", "map", "--version", "1")
    assert (result.exit_code, "minplan plan add" in result.stderr) == (5, True)
