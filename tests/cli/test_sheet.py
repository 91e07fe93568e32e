"""``minplan sheet``: a sheet of the workspace's plan from the command line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from minplan.cli.main import cli


def run(workspace: Path, *arguments: str, language: str = "zh") -> Result:
    options = ["--lang", language, "--workspace", str(workspace), "sheet", "--office", "示例局"]
    return CliRunner().invoke(cli, [*options, *arguments])


def test_a_sheet_at_a_scale(demo_workspace: Path, tmp_path: Path) -> None:
    file = tmp_path / "分区图.pdf"
    result = run(
        demo_workspace, "--subject", "zones", "--scale", "1:25万", "--date", "2026-01-15",
        "-o", str(file),
    )  # fmt: skip
    assert result.exit_code == 0, result.output
    assert "1:250000" in result.stdout
    assert "A0" in result.stdout
    assert "示意" in result.stderr
    assert "没有图形" in result.stderr
    assert file.read_bytes().startswith(b"%PDF")


def test_a_county_as_a_picture_with_json(demo_workspace: Path, tmp_path: Path) -> None:
    file = tmp_path / "黎城.png"
    result = run(
        demo_workspace, "--subject", "集中开采区,mining-block", "--county", "黎城县", "--size",
        "A4", "--date", "2026-01-15", "--json", "-o", str(file),
    )  # fmt: skip
    assert result.exit_code == 0, result.output
    told = json.loads(result.stdout)
    assert told["title"] == "长治市黎城县集中开采区、开采规划区块分布图"
    assert told["zones"] == 12
    assert told["unlabelled"] == []
    assert file.read_bytes().startswith(b"\x89PNG")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--subject", "energy-base"), "E606"),
        (("--subject", "zones", "--scale", "10000"), "E607"),
        (("--subject", "zones", "--county", "某县"), "E608"),
        (("--subject", "什么",), "E605"),
    ],
)  # fmt: skip
def test_what_cannot_be_drawn_is_explained(
    demo_workspace: Path, tmp_path: Path, arguments: tuple[str, ...], words: str
) -> None:
    result = run(demo_workspace, *arguments, "--date", "2026-01-15", "-o", str(tmp_path / "图.pdf"))
    assert result.exit_code == 5
    assert words in result.stderr
    assert not (tmp_path / "图.pdf").exists()


@pytest.mark.parametrize(
    ("option", "value"), [("--scale", "abc"), ("--scale", "1"), ("--date", "昨天")]
)
def test_wrong_options_are_refused(tmp_path: Path, option: str, value: str) -> None:
    result = run(tmp_path, "--subject", "zones", option, value, "-o", str(tmp_path / "图.pdf"))
    assert result.exit_code == 2


def test_an_unknown_suffix(demo_workspace: Path, tmp_path: Path) -> None:
    result = run(demo_workspace, "--subject", "zones", "-o", str(tmp_path / "图.bmp"))
    assert (result.exit_code, "E604" in result.stderr) == (5, True)
