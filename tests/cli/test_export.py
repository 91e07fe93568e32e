"""``minplan export`` and ``minplan import``: a hand-in goes out and comes back."""

from __future__ import annotations

import json
import shutil
from importlib import resources
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from minplan.cli.main import cli


def run(workspace: Path, *arguments: str) -> Result:
    told = ["--lang", "zh", "--workspace", str(workspace), *arguments]
    return CliRunner().invoke(cli, told)


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace that holds the facts of the demo plan, without geometry."""
    folder = tmp_path_factory.mktemp("export")
    with resources.as_file(resources.files("minplan.demo") / "changzhi" / "plan") as source:
        package = Path(shutil.copytree(source, folder / "plan"))
    result = run(folder / "workspace", "import", str(package))
    assert result.exit_code == 0, result.output
    return folder / "workspace"


def test_a_folder_is_written_and_comes_back(workspace: Path, tmp_path: Path) -> None:
    made = run(workspace, "export", "--format", "vct", "--as-of", "2025-01-01",
               "-o", str(tmp_path), "--json")  # fmt: skip
    assert made.exit_code == 0, made.output
    told = json.loads(made.stdout)
    assert Path(told["folder"]).name == "140400长治市2021-2025矿产资源总体规划"
    other = tmp_path / "other"
    taken = run(other, "import", told["folder"])
    assert taken.exit_code == 0, taken.output
    assert "变更批次" in taken.stderr
    again = run(other, "export", "--format", "gpkg", "--as-of", "2025-01-01",
                "-o", str(tmp_path / "again"), "--json")  # fmt: skip
    back = json.loads(again.stdout)
    assert back["features_digest"] == told["features_digest"]
    assert back["snapshot_sha256"] == told["snapshot_sha256"]


def test_missing_parts_are_said_on_stderr(workspace: Path, tmp_path: Path) -> None:
    result = run(workspace, "export", "--format", "shp", "--as-of", "2025-01-01",
                 "-o", str(tmp_path))  # fmt: skip
    assert result.exit_code == 0
    assert "缺少规划文本" in result.stderr
    assert Path(result.stdout.strip()).is_dir()


@pytest.mark.parametrize(
    ("options", "code"),
    [
        (("--as-of", "1990-01-01"), "E903"),
        (("--plan", "nothing"), "E811"),
        (("--edition", "third-round"), "E906"),
    ],
)
def test_what_cannot_be_written_is_explained(
    workspace: Path, tmp_path: Path, options: tuple[str, ...], code: str
) -> None:
    result = run(workspace, "export", "--format", "gdb", "-o", str(tmp_path / "out"), *options)
    assert result.exit_code == 5
    assert f"[{code}]" in result.stderr
    assert not (tmp_path / "out").exists()


def test_a_folder_is_not_overwritten(workspace: Path, tmp_path: Path) -> None:
    arguments = ("export", "--format", "gpkg", "--as-of", "2025-01-01", "-o", str(tmp_path))
    assert run(workspace, *arguments).exit_code == 0
    result = run(workspace, *arguments)
    assert result.exit_code == 3
    assert "[E905]" in result.stderr
