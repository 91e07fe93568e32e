"""``minplan import``: preview, mapping, faults, dry run."""

from __future__ import annotations

import csv
import json
import shutil
import subprocess
import sys
from importlib import resources
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from minplan.cli.main import cli

_MAIN = "from minplan.cli.main import main; main()"


def run(workspace: Path, *arguments: str) -> Result:
    told = ["--lang", "zh", "--workspace", str(workspace), *arguments]
    return CliRunner().invoke(cli, told)


@pytest.fixture
def package(tmp_path: Path) -> Path:
    with resources.as_file(resources.files("minplan.demo") / "changzhi" / "plan") as source:
        return Path(shutil.copytree(source, tmp_path / "plan"))


@pytest.fixture
def workspace(package: Path, tmp_path: Path) -> Path:
    folder = tmp_path / "workspace"
    assert run(folder, "import", str(package)).exit_code == 0
    return folder


def projects(folder: Path, *rows: tuple[str, ...]) -> Path:
    """A table of key projects with column names of its own."""
    file = folder / "重点项目表.csv"
    with file.open("w", newline="", encoding="utf-8-sig") as lines:
        csv.writer(lines).writerows([("标识码", "项目名称", "投资（万元）", "联系电话"), *rows])
    return file


ADJUST = ("--kind", "adjustment", "--effective", "2025-01-01")


def test_import_is_a_command() -> None:
    result = CliRunner().invoke(cli, ["import", "--help"])
    assert result.exit_code == 0
    assert "导入成果" in result.output
    assert "import" in CliRunner().invoke(cli, ["--help"]).output


def test_a_dry_run_stores_nothing(package: Path, tmp_path: Path) -> None:
    folder = tmp_path / "workspace"
    result = run(folder, "import", str(package), "--dry-run", "--json")
    assert result.exit_code == 0, result.output
    told = json.loads(result.stdout)
    assert (told["stored"], told["faults"]) == (False, [])
    assert run(folder, "export", "--format", "gpkg", "-o", str(tmp_path / "out")).exit_code == 5


def test_the_same_package_twice(workspace: Path, package: Path) -> None:
    result = run(workspace, "import", str(package), "--json")
    assert result.exit_code == 0
    assert json.loads(result.stdout)["already_present"] is True


def test_a_hand_in_comes_as_one_zip(workspace: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    assert run(workspace, "export", "--format", "gpkg", "-o", str(out)).exit_code == 0
    archive = shutil.make_archive(str(tmp_path / "报送"), "zip", out)
    result = run(workspace, "import", archive, "--kind", "adjustment", "--dry-run", "--json")
    assert result.exit_code == 0, result.output
    assert json.loads(result.stdout)["faults"] == []


def test_a_mapping_is_shown_and_must_be_agreed_to(workspace: Path, tmp_path: Path) -> None:
    file = projects(tmp_path, ("X1", "绿色矿山", "1200.5", "0355"))
    refused = run(workspace, "import", str(file), *ADJUST)
    assert refused.exit_code == 3
    assert "[E915]" in refused.stderr
    assert "ZDXM" in refused.stdout
    assert "联系电话" in refused.stdout
    agreed = run(workspace, "import", str(file), *ADJUST, "--yes")
    assert agreed.exit_code == 0, agreed.output
    other = projects(tmp_path, ("X2", "历史遗留矿山修复", "800", "0355"))
    remembered = run(workspace, "import", str(other), "--kind", "adjustment",
                     "--effective", "2025-02-01")  # fmt: skip
    assert remembered.exit_code == 0, remembered.output


def test_a_mapping_file_is_obeyed(workspace: Path, tmp_path: Path) -> None:
    file = projects(tmp_path, ("X1", "绿色矿山", "1200.5", "0355"))
    mapping = tmp_path / "mapping.toml"
    mapping.write_text(
        '[[layer]]\nname = "重点项目表"\ntarget = "ZDXM"\n[layer.fields]\n'
        '"标识码" = "BSM"\n"项目名称" = "XMMC"\n"联系电话" = "ZRDW"\n',
        encoding="utf-8",
    )
    result = run(workspace, "import", str(file), *ADJUST, "--mapping", str(mapping))
    assert result.exit_code == 0, result.output


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("layer = 1", "E911"),
        ('[[layer]]\nname = "重点项目表"\ntarget = "NOTHING"', "NOTHING"),
        ('[[layer]]\nname = "重点项目表"\ntarget = "ZDXM"\n[layer.fields]\n"甲" = "BSM"', "甲"),
        ('[[layer]]\nname = "重点项目表"\ntarget = "ZDXM"\n[layer.fields]\n"标识码" = "X"', "“X”"),
    ],
)
def test_a_mapping_file_that_is_wrong_is_explained(
    workspace: Path, tmp_path: Path, text: str, word: str
) -> None:
    mapping = tmp_path / "mapping.toml"
    mapping.write_text(text, encoding="utf-8")
    file = projects(tmp_path, ("X1", "绿色矿山", "1200.5", ""))
    result = run(workspace, "import", str(file), *ADJUST, "--mapping", str(mapping))
    assert result.exit_code == 3
    assert word in result.stderr


def test_faults_are_told_together(workspace: Path, tmp_path: Path) -> None:
    file = projects(tmp_path, ("X1", "", "很多", ""), ("X1", "绿色矿山", "-5", ""))
    report = tmp_path / "faults.xlsx"
    result = run(workspace, "import", str(file), *ADJUST, "--yes", "--faults", str(report))
    assert result.exit_code == 3
    for code in ("E713", "E714", "E718", "E720"):
        assert code in result.stdout
    assert report.is_file()


def test_what_is_not_there_is_said(tmp_path: Path) -> None:
    result = run(tmp_path / "workspace", "import", str(tmp_path / "nothing"))
    assert result.exit_code == 3
    assert "[E201]" in result.stderr


def test_a_process_of_its_own_imports(tmp_path: Path) -> None:
    """Nothing of the database may be imported before the workspace says where it is."""
    with resources.as_file(resources.files("minplan.demo") / "changzhi" / "plan") as source:
        told = subprocess.run(
            [sys.executable, "-c", _MAIN, "--workspace", str(tmp_path / "w"),
             "import", "--dry-run", str(source)],
            capture_output=True, text=True, timeout=120, check=False,
        )  # fmt: skip
    assert told.returncode == 0, told.stderr
