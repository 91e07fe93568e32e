"""``minplan draft``: a package from a document, and what a person has to look at."""

from __future__ import annotations

import json
from pathlib import Path

from click.testing import CliRunner, Result
from tests.documents.test_draft import PLAN

from minplan.cli.main import cli


def run(*arguments: str) -> Result:
    return CliRunner().invoke(cli, ["--lang", "zh", "draft", *arguments])


def _text(folder: Path) -> Path:
    path = folder / "规划.txt"
    path.write_text(PLAN, "utf-8")
    return path


def test_a_draft_is_written_and_what_is_missing_is_told(tmp_path: Path) -> None:
    result = run(str(_text(tmp_path)), str(tmp_path / "草稿"))
    assert result.exit_code == 0, result.output
    assert "region_code" in result.output
    assert "草稿说明.md" in result.output
    assert (tmp_path / "草稿" / "zones.csv").is_file()


def test_the_same_as_json(tmp_path: Path) -> None:
    result = run(str(_text(tmp_path)), str(tmp_path / "草稿"), "--json")
    told = json.loads(result.stdout)
    assert told["rows"]["zones.csv"] == 4
    assert told["missing"]
    assert told["unread"]


def test_a_picture_is_refused(tmp_path: Path) -> None:
    (tmp_path / "图.png").write_bytes(b"\x89PNG\r\n\x1a\n")
    result = run(str(tmp_path / "图.png"), str(tmp_path / "草稿"))
    assert result.exit_code == 3
    assert "E971" in result.stderr


def test_a_folder_with_work_in_it_is_kept(tmp_path: Path) -> None:
    result = run(str(_text(tmp_path)), str(tmp_path))
    assert result.exit_code == 3
    assert "E978" in result.stderr
