"""``minplan check``: what it says, in which format, and how it ends."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from tests.submissions import WORDS, block, folder, layer

from minplan.cli.main import cli


def run(workspace: Path, *arguments: str, lang: str = "zh") -> Result:
    told = ["--lang", lang, "--workspace", str(workspace), "check", *arguments]
    return CliRunner().invoke(cli, told)


@pytest.fixture
def package(tmp_path: Path) -> Path:
    return folder(tmp_path / "in", block("1", 113.0), block("1", 113.05))


def test_faults_are_listed_with_place_and_advice(demo_workspace: Path, package: Path) -> None:
    result = run(demo_workspace, str(package))
    assert result.exit_code == 1
    assert "Q-VA-09" in result.stdout
    assert "KAIGHQK" in result.stdout
    assert "办法：" in result.stdout
    assert "结论" in result.stdout


def test_a_check_inside_a_hand_in_leaves_nothing_there(
    package: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(package)
    before = sorted(package.rglob("*"))
    result = CliRunner().invoke(cli, ["check", "."])
    assert result.exit_code == 1, result.output
    assert sorted(package.rglob("*")) == before


def test_in_english(demo_workspace: Path, package: Path) -> None:
    result = run(demo_workspace, str(package), lang="en")
    assert "verdict" in result.stdout
    assert "mend:" in result.stdout


@pytest.mark.parametrize(
    ("fail_on", "code"), [("fatal", 1), ("error", 1), ("info", 1), ("never", 4)]
)
def test_the_exit_code_follows_fail_on(
    demo_workspace: Path, package: Path, fail_on: str, code: int
) -> None:
    assert run(demo_workspace, str(package), "--fail-on", fail_on).exit_code == code


def test_a_sound_document_is_done(demo_workspace: Path, tmp_path: Path) -> None:
    file = tmp_path / "规划文本.txt"
    file.write_text(WORDS, encoding="utf-8")
    assert run(demo_workspace, str(file)).exit_code == 0


def test_a_file_that_is_not_there(demo_workspace: Path, tmp_path: Path) -> None:
    result = run(demo_workspace, str(tmp_path / "无"))
    assert (result.exit_code, "E201" in result.stderr) == (3, True)


@pytest.mark.parametrize("kind", ["json", "xlsx", "gpkg", "html", "docx", "pdf"])
def test_reports_are_files(demo_workspace: Path, package: Path, tmp_path: Path, kind: str) -> None:
    target = tmp_path / f"报告.{kind}"
    result = run(demo_workspace, str(package), "-o", str(target))
    assert result.exit_code == 1
    assert result.stdout.strip() == str(target)
    assert target.stat().st_size > 1000


def test_json_on_the_terminal_is_one_object(demo_workspace: Path, package: Path) -> None:
    told = json.loads(run(demo_workspace, str(package), "--format", "json").stdout)
    found = {item["check"]: item["total"] for item in told["results"]}
    assert found["Q-VA-09"] >= 1


def test_an_unknown_suffix_is_told(demo_workspace: Path, package: Path, tmp_path: Path) -> None:
    result = run(demo_workspace, str(package), "-o", str(tmp_path / "报告.doc"))
    assert result.exit_code == 2


def test_a_saved_check_is_compared_with(demo_workspace: Path, package: Path) -> None:
    assert "ZJ-" in run(demo_workspace, str(package), "--save").stderr
    file = next((package / "5 数据库/空间数据").iterdir())
    file.write_text(layer(block("1", 113.0), block("2", 113.05)), encoding="utf-8")
    assert "对比  ZJ-" in run(demo_workspace, str(package)).stdout


def test_one_layer_by_its_code(demo_workspace: Path, tmp_path: Path) -> None:
    file = tmp_path / "范围.geojson"
    file.write_text(layer(block("1", 113.0), block("1", 113.05)), encoding="utf-8")
    result = run(demo_workspace, str(file), "--as", "KAIGHQK")
    assert (result.exit_code, "Q-VA-09" in result.stdout) == (1, True)
    assert "Q-PK-06" not in result.stdout
