"""A city adds a field, a code and a layer by files in its workspace, and works with them."""

from __future__ import annotations

import datetime as dt
import json
import shutil
from importlib import resources
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from minplan.cli.main import cli
from minplan.workspace import Workspace

LAYERS = """
[[layer]]
code = "KAIGHQK"
fields = [
  { code = "LSKSZT", zh = "绿色矿山状态", en = "green-mine state", type = "char", length = 2, domain = "LSKS" },
]

[[layer]]
code = "ZBC"
zh = "自备场"
en = "own yards"
geometry = "polygon"
group = "本地"
key = "BSM"
levels = ["city"]
groups = ["common"]
"""  # noqa: E501
CODES = """
[list.LSKS]
zh = "绿色矿山状态"
en = "green-mine state"
stores = "code"
codes = [
  { code = "1", zh = "已建成", en = "built" },
  { code = "2", zh = "建设中", en = "being built" },
]

[list.XZQ]
codes = [{ code = "140500", zh = "晋城市", en = "Jincheng" }]
"""
ADJUST = ("--kind", "adjustment", "--effective", "2025-01-01", "--yes")


def run(workspace: Path, *arguments: str) -> Result:
    return CliRunner().invoke(cli, ["--lang", "zh", "--workspace", str(workspace), *arguments])


def told(workspace: Path, *arguments: str) -> Any:
    result = run(workspace, *arguments, "--json")
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


def add_locally(workspace: Path, layers: str = LAYERS) -> Path:
    folder = workspace / "standard" / "2021-2025"
    folder.mkdir(parents=True)
    (folder / "layers.toml").write_text(layers, encoding="utf-8")
    (folder / "codes.toml").write_text(CODES, encoding="utf-8")
    return workspace


def block(folder: Path, state: str = "建设中") -> Path:
    square = [[112.9, 36.5], [112.91, 36.5], [112.91, 36.51], [112.9, 36.51], [112.9, 36.5]]
    values = {"BSM": "L1", "MC": "本地区块", "XZQDM": "140500", "LSKSZT": state}
    feature = {
        "type": "Feature",
        "properties": values,
        "geometry": {"type": "Polygon", "coordinates": [square]},
    }
    file = folder / "KAIGHQK.geojson"
    file.write_text(
        json.dumps({"type": "FeatureCollection", "features": [feature]}, ensure_ascii=False),
        encoding="utf-8",
    )
    return file


@pytest.fixture
def package(tmp_path: Path) -> Path:
    with resources.as_file(resources.files("minplan.demo") / "changzhi" / "plan") as source:
        return Path(shutil.copytree(source, tmp_path / "plan"))


@pytest.fixture
def workspace(package: Path, tmp_path: Path) -> Path:
    folder = add_locally(tmp_path / "workspace")
    assert run(folder, "import", str(package)).exit_code == 0
    return folder


def test_the_standard_is_shown_with_the_additions(tmp_path: Path) -> None:
    folder = add_locally(tmp_path / "workspace")
    fields = {item["code"] for item in told(folder, "standard", "show", "KAIGHQK")["fields"]}
    assert {"BSM", "LSKSZT"} <= fields
    assert [item["code"] for item in told(folder, "standard", "show", "LSKS")["codes"]] == [
        "1",
        "2",
    ]
    assert told(folder, "standard", "show", "ZBC")["geometry"] == "polygon"
    other = told(tmp_path / "other", "standard", "show", "KAIGHQK")["fields"]
    assert "LSKSZT" not in {item["code"] for item in other}


@pytest.mark.parametrize("key", ["gdb", "shp", "gpkg", "vct"])
def test_what_is_added_goes_in_out_and_in_again(workspace: Path, tmp_path: Path, key: str) -> None:
    taken = told(workspace, "import", str(block(tmp_path)), *ADJUST)
    assert taken["counts"] == {"KAIGHQK": 1}
    made = told(workspace, "export", "--format", key, "-o", str(tmp_path / "out"))
    again = add_locally(tmp_path / "again")
    assert run(again, "import", made["folder"]).exit_code == 0
    back = told(again, "export", "--format", "gpkg", "-o", str(tmp_path / "back"))
    assert back["features_digest"] == made["features_digest"]


def test_a_code_that_nobody_added_is_refused(workspace: Path, tmp_path: Path) -> None:
    result = run(workspace, "import", str(block(tmp_path, "停工")), *ADJUST)
    assert result.exit_code == 3
    assert "E716" in result.stdout
    assert "绿色矿山状态" in result.stdout


def test_the_database_itself_checks_by_the_additions(workspace: Path) -> None:
    from minplan.core.errors import Faults
    from minplan.core.standard.feature import FeatureValue
    from minplan.database import use

    def staged(workspace: Path) -> None:
        with use(Workspace(workspace).database):
            from minplan.database import changesets, plans

            plan, now = plans.listed()[0], dt.datetime.now(dt.UTC)
            draft = changesets.open_changeset(plan, "annual", "文件", "经办人", now)
            values = {"BSM": "L1", "MC": "本地区块", "LSKSZT": "1"}
            changesets.add(draft, [FeatureValue("KAIGHQK", "L1", values)], dt.date(2025, 1, 1))
            changesets.check(draft, now)

    staged(workspace)
    shutil.rmtree(workspace / "standard")
    with pytest.raises(Faults, match="E712"):
        staged(workspace)


def test_faults_of_the_additions_name_the_file(workspace: Path) -> None:
    file = workspace / "standard" / "2021-2025" / "layers.toml"
    file.write_text(LAYERS.replace('"LSKS"', '"NICHTS"'), encoding="utf-8")
    result = run(workspace, "standard", "show")
    assert result.exit_code == 5
    assert "E704" in result.stderr
    assert str(file) in result.stderr


def test_a_whole_edition_of_ones_own(workspace: Path) -> None:
    with resources.as_file(resources.files("minplan.core.standard") / "editions") as editions:
        shutil.copytree(editions / "third-round", workspace / "standard" / "fourth-round")
    head = workspace / "standard" / "fourth-round" / "edition.toml"
    text = head.read_text(encoding="utf-8").replace('"third-round"', '"fourth-round"', 1)
    head.write_text(text, encoding="utf-8")
    assert "fourth-round" in [item["id"] for item in told(workspace, "standard", "list")]
    assert told(workspace, "standard", "show", "--edition", "fourth-round")["id"] == "fourth-round"
    assert told(workspace, "standard", "diff", "third-round", "fourth-round") == []
