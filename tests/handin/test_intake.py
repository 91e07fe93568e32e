"""Taking hand-ins in: faults at once, once only, adjustments, renamed and partial folders."""

from __future__ import annotations

import csv
import datetime as dt
import json
import shutil
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import shapely
from tests.handin.making import DAY, PLAN, START, contents, hand_in, intake, take_in

from minplan.core.errors import Faults, InputError, StoreError
from minplan.core.geometry.crs import CoordinateSystem, local_system
from minplan.database import Database
from minplan.formats.features import (
    Column,
    ColumnType,
    FeatureTable,
    GeometryType,
    in_system,
    object_array,
    write_features,
)
from minplan.handin import faults as fault_lists
from minplan.handin import manifest

LATER = START + dt.timedelta(days=1)


def blocks(*rows: dict[str, Any], system: CoordinateSystem | None = None) -> FeatureTable:
    """A layer of mining blocks with Chinese column names, as an institute hands it in."""
    names = ("标识", "区块名称", "开采主矿种", "面积", "说明文字")
    columns = tuple(
        Column(name, ColumnType.REAL if name == "面积" else ColumnType.TEXT, 16) for name in names
    )
    values = {name: object_array([row.get(name) for row in rows]) for name in names}
    shapes = object_array(
        [
            row.get(
                "geometry", shapely.box(112.9 + n % 200 / 50, 36.5, 112.91 + n % 200 / 50, 36.51)
            )
            for n, row in enumerate(rows)
        ]
    )
    made = FeatureTable(
        "开采规划区块", columns, values, shapes, GeometryType.POLYGON, CoordinateSystem()
    )
    return in_system(made, system) if system else made


def adjust(path: Path, days: int = 1, **said: Any) -> Any:
    """Take an input into the plan that is there, a day later each time."""
    told = {"kind": "adjustment", "effective": DAY, "plan": PLAN, **said}
    return take_in(path, recorded=START + dt.timedelta(days=days), **told)


def block(key: str | None, mineral: str = "煤炭", **more: Any) -> dict[str, Any]:
    return {"标识": key, "区块名称": f"区块{key}", "开采主矿种": mineral, "面积": 1.25, **more}


def written(folder: Path, table: FeatureTable, name: str = "区块.gpkg") -> Path:
    write_features(folder / name, [table])
    return folder / name


def test_the_same_input_is_taken_in_once(folders: dict[str, Path], empty: Database) -> None:
    first = take_in(folders["gpkg"])
    digest = contents().digest
    again = take_in(folders["gpkg"], recorded=LATER)
    assert (first.already, again.already, again.changeset) == (False, True, None)
    assert contents().digest == digest


def test_the_original_bytes_are_kept(folders: dict[str, Path], empty: Database) -> None:
    from minplan.database import deliverables, originals, plans

    taken = take_in(folders["shp"])
    listing = json.loads(b"".join(originals.content(taken.sha256)))
    assert len(listing) == len([p for p in folders["shp"].rglob("*") if p.is_file()])
    for item in listing[:5]:
        assert (
            b"".join(originals.content(item["sha256"]))
            == (folders["shp"] / item["path"]).read_bytes()
        )
    codes = {item.code for item in deliverables.listed(plans.get(taken.plan))}
    assert {"HJCG", "FB", "YSJ"} <= codes


def test_a_single_file_is_mapped_by_the_dictionary(held: Database, tmp_path: Path) -> None:
    file = written(tmp_path, blocks(block("K1"), block("K2", "石灰岩"), system=local_system(112.9)))
    taken = adjust(file)
    assert dict(taken.counts) == {"KAIGHQK": 2}
    found = {item.key: item for batch in contents().batches("KAIGHQK") for item in batch}
    assert found["K1"].attributes["ZYKZ"] == "煤炭"
    assert found["K1"].attributes["MJ"] == 1.25
    assert found["K1"].geometry is not None
    assert found["K1"].geometry.bounds == pytest.approx((112.9, 36.5, 112.91, 36.51), abs=1e-8)


def test_every_fault_is_told_at_once_with_its_place(held: Database, tmp_path: Path) -> None:
    before = contents().digest
    bad = [
        block("K1"),
        block("K1"),
        block(None),
        block("K4", "不存在的矿"),
        block("K5", 面积=-3.0),
    ]
    file = written(tmp_path, blocks(*bad))
    checked = intake(file, kind="adjustment").check()
    with pytest.raises(Faults) as caught:
        adjust(file)
    told = {(item.code, item.place.row, item.place.field) for item in caught.value.faults}
    assert told == {
        ("E720", 2, "BSM"),
        ("E713", 3, "BSM"),
        ("E716", 4, "ZYKZ"),
        ("E718", 5, "MJ"),
    }
    assert {(item.code, item.place.row, item.place.field) for item in checked.faults} == told
    assert all(item.place.file == file.name for item in caught.value.faults)
    assert all(item.hint for item in caught.value.faults)
    assert contents().digest == before


def test_faults_are_written_as_json_and_workbook(held: Database, tmp_path: Path) -> None:
    file = written(tmp_path, blocks(block(None), block("K4", "不存在的矿")))
    found = intake(file, kind="adjustment").check().faults
    fault_lists.write(tmp_path / "faults.json", found)
    fault_lists.write(tmp_path / "faults.xlsx", found)
    assert json.loads((tmp_path / "faults.json").read_text("utf-8"))["count"] == 2
    rows = [*openpyxl.load_workbook(tmp_path / "faults.xlsx").active.values]
    assert [row[0] for row in rows] == ["编号", "E713", "E716"]
    with pytest.raises(InputError) as caught:
        fault_lists.write(tmp_path / "faults.txt", found)
    assert caught.value.code == "E914"


def test_shapes_of_another_type_are_faults(held: Database, tmp_path: Path) -> None:
    line = shapely.LineString([(112.9, 36.5), (113, 36.6)])
    drawn = blocks(block("K1", geometry=line))
    table = FeatureTable(
        drawn.name, drawn.columns, drawn.values, drawn.geometry, GeometryType.LINE, drawn.system
    )
    found = intake(written(tmp_path, table), kind="adjustment").check().faults
    assert [(item.code, item.place.row) for item in found] == [("E907", 1)]


def test_coordinates_that_are_no_degrees_are_refused(held: Database, tmp_path: Path) -> None:
    table = blocks(block("K1", geometry=shapely.box(500_000, 4_000_000, 500_100, 4_000_100)))
    with pytest.raises(InputError) as caught:
        intake(written(tmp_path, table), kind="adjustment").check()
    assert caught.value.code == "E214"


def test_an_adjustment_changes_what_differs_from_its_date_on(
    held: Database, tmp_path: Path
) -> None:
    adjust(written(tmp_path, blocks(block("K1"), block("K2")), "a.gpkg"))
    second = written(tmp_path, blocks(block("K1", "铁矿"), block("K2"), block("K3")), "b.gpkg")
    day = dt.date(2025, 6, 1)
    taken = adjust(second, 2, effective=day)
    assert taken.changeset is not None
    before = {f.key: f for b in contents(dt.date(2025, 5, 31)).batches("KAIGHQK") for f in b}
    after = {f.key: f for b in contents(day).batches("KAIGHQK") for f in b}
    assert (before["K1"].attributes["ZYKZ"], after["K1"].attributes["ZYKZ"]) == ("煤炭", "铁矿")
    assert before["K2"] == after["K2"]
    assert "K3" not in before
    assert "K3" in after


def test_a_correction_says_what_was_so(held: Database, tmp_path: Path) -> None:
    adjust(written(tmp_path, blocks(block("K1")), "a.gpkg"))
    mended = written(tmp_path, blocks(block("K1", "铁矿")), "b.gpkg")
    adjust(mended, 2, kind="correction")
    found = {f.key: f for b in contents().batches("KAIGHQK") for f in b}
    assert found["K1"].attributes["ZYKZ"] == "铁矿"


def test_content_that_is_there_already_changes_nothing(
    held: Database, folders: dict[str, Path]
) -> None:
    digest = contents().digest
    taken = take_in(folders["vct"], recorded=LATER, kind="adjustment")
    assert (taken.changeset, taken.already) == (None, False)
    assert contents().digest == digest


def test_a_plan_that_is_there_needs_a_kind(held: Database, folders: dict[str, Path]) -> None:
    with pytest.raises(StoreError) as caught:
        take_in(folders["gdb"], recorded=LATER)
    assert caught.value.code == "E909"


def test_renamed_folders_are_known(
    folders: dict[str, Path], empty: Database, tmp_path: Path
) -> None:
    copy = Path(shutil.copytree(folders["gpkg"], tmp_path / "长治规划报送稿"))
    (copy / "5 数据库").rename(copy / "05-数据库")
    (copy / "3 附表").rename(copy / "附表（终稿）")
    (copy / manifest.NAME).unlink()
    (copy / "1 规划文本" / "文本.docx").write_bytes(b"words")
    take_in(copy)
    assert contents().counts["KAIGHQK"] > 0


def test_changed_files_of_a_hand_in_are_told(folders: dict[str, Path], tmp_path: Path) -> None:
    from minplan.handin.survey import survey

    copy = Path(shutil.copytree(folders["gpkg"], tmp_path / "copy"))
    (copy / "3 附表/140400长治市附表.xlsx").unlink()
    (copy / "1 规划文本" / manifest.MISSING_NOTE).write_text("x", encoding="utf-8")
    told = [text.zh for text in survey(copy).remarks]
    assert told == [
        "1 规划文本/缺少说明.txt 已被改动",
        "缺少 3 附表/140400长治市附表.xlsx",
    ]


def test_a_folder_without_layers_is_refused(tmp_path: Path) -> None:
    from minplan.handin.survey import survey

    (tmp_path / "规划文本.docx").write_bytes(b"PK")
    with pytest.raises(InputError) as caught:
        survey(tmp_path)
    assert caught.value.code == "E910"


def test_a_damaged_manifest_is_named(folders: dict[str, Path], tmp_path: Path) -> None:
    from minplan.handin.survey import survey

    copy = Path(shutil.copytree(folders["gpkg"], tmp_path / "copy"))
    (copy / manifest.NAME).write_text("{", encoding="utf-8")
    with pytest.raises(InputError) as caught:
        survey(copy)
    assert caught.value.code == "E902"


def test_a_table_as_csv(held: Database, tmp_path: Path) -> None:
    file = tmp_path / "重点项目表.csv"
    with file.open("w", newline="", encoding="utf-8-sig") as lines:
        writer = csv.writer(lines)
        writer.writerow(["标识码", "项目名称", "投资"])
        writer.writerow(["X1", "绿色矿山建设", "1200.5"])
    adjust(file)
    rows = [item for batch in contents().batches("ZDXM") for item in batch]
    assert [(row.key, row.attributes["TZ"]) for row in rows] == [("X1", 1200.5)]


def test_which_plan_must_be_clear(empty: Database, tmp_path: Path) -> None:
    with pytest.raises(StoreError) as caught:
        take_in(written(tmp_path, blocks(block("K1"))))
    assert caught.value.code == "E908"


def test_an_identity_beside_the_input_founds_a_plan(
    empty: Database, package: Path, tmp_path: Path
) -> None:
    from minplan.handin.identity import identity_from_file

    card = identity_from_file(package / "plan.toml")
    take_in(written(tmp_path, blocks(block("K1"))), identity=card)
    assert contents().snapshot.plan == card
    assert hand_in(tmp_path / "out", "vct").counts == {"KAIGHQK": 1, "GHXX": 1}


def test_references_to_nothing_are_faults(held: Database, tmp_path: Path) -> None:
    names = ("BSM", "FQBSM", "KZ")
    values = {
        name: object_array([value])
        for name, value in zip(names, ("R1", "没有的分区", "煤炭"), strict=True)
    }
    table = FeatureTable("FQKZ", tuple(map(Column, names)), values)
    write_features(tmp_path / "t.gpkg", [table])
    with pytest.raises(Faults) as caught:
        adjust(tmp_path / "t.gpkg")
    assert [(item.code, item.place.row) for item in caught.value.faults] == [("E721", 1)]


def test_many_batches_keep_rows_and_order(held: Database, tmp_path: Path) -> None:
    keys = [f"N{number:05}" for number in range(12_001)]
    rows = [block(key) for key in keys]
    rows[11_000]["面积"] = -1.0
    file = written(tmp_path, blocks(*rows))
    found = intake(file, kind="adjustment").check()
    assert [(item.place.row, item.code) for item in found.faults] == [(11_001, "E718")]
    assert found.counts["KAIGHQK"] == len(keys)
