"""What stands in a hand-in folder: tree, annexed tables, metadata, styles, documents."""

from __future__ import annotations

import datetime as dt
import json
import sqlite3
from pathlib import Path
from xml.etree import ElementTree as ET

import openpyxl
import pytest
from tests.handin.making import DAY, PLAN, START, hand_in

from minplan.core.errors import InputError, StoreError
from minplan.core.standard.load import edition
from minplan.core.standard.model import GeometryType
from minplan.database import Database
from minplan.handin import manifest
from minplan.handin.styles import qml, sld

EDITION = edition("2021-2025")


def annex_of(folder: Path) -> openpyxl.Workbook:
    return openpyxl.load_workbook(folder / "3 附表" / "140400长治市附表.xlsx")


def test_the_tree_is_that_of_the_standard(folders: dict[str, Path]) -> None:
    root = folders["gdb"]
    assert root.name == "140400长治市2021-2025矿产资源总体规划"
    assert all((root / node.path).is_dir() for node in EDITION.folders)
    assert (root / "5 数据库/空间数据/1404003KCZYGH2025.gdb").is_dir()
    assert (folders["shp"] / "5 数据库/空间数据/1404003KAIGHQK2025.shp").is_file()
    assert (folders["shp"] / "5 数据库/表格/1404003ZLKZ2025.dbf").is_file()


def test_annexed_tables_have_title_unit_date_totals_and_source(folders: dict[str, Path]) -> None:
    book = annex_of(folders["gpkg"])
    titles = {book[name]["A1"].value: book[name] for name in book.sheetnames[1:]}
    page = next(sheet for title, sheet in titles.items() if title.endswith("规划分区表"))
    assert page["A2"].value.startswith("单位：km²")
    assert "2025-01-01" in page["A2"].value
    head = [cell.value for cell in page[3]]
    total = next(row for row in page.iter_rows() if row[0].value == "合计")
    formula = total[head.index("面积（km²）")].value
    assert formula.startswith("=SUM(")
    assert str(page.cell(page.max_row, 1).value).startswith("来源：长治市")
    assert not page.merged_cells.ranges


def test_codes_are_told_by_name_and_further_tables_have_their_columns(
    folders: dict[str, Path],
) -> None:
    book = annex_of(folders["gpkg"])
    pages = {book[name]["A1"].value.split(" ", 1)[1]: book[name] for name in book.sheetnames[1:]}
    head = [cell.value for cell in pages["规划指标"][3]]
    properties = {
        row[head.index("指标属性")] for row in pages["规划指标"].iter_rows(4, values_only=True)
    }
    assert "文本未注明" in properties
    assert not {"1", "2", "3", "9"} & properties
    assert len(pages) > 10


def test_metadata_say_what_is_known_and_what_is_missing(folders: dict[str, Path]) -> None:
    file = folders["vct"] / "5 数据库/元数据/1404003YSJ2025.xml"
    items = {item.get("code"): item for item in ET.parse(file).getroot()}
    assert items["MDBT"].text == "长治市2021-2025矿产资源总体规划数据库"
    assert items["SJGS"].text == "VCT 3.0"
    assert 112 < float(items["XBJD"].text or "") < float(items["DBJD"].text or "") < 114
    assert (items["AQDJ"].text, items["AQDJ"].get("missing")) == (None, "true")
    assert file.with_suffix(".xlsx").is_file()


def test_a_geopackage_has_a_style_for_every_layer(folders: dict[str, Path]) -> None:
    file = folders["gpkg"] / "5 数据库/空间数据/1404003KCZYGH2025.gpkg"
    with sqlite3.connect(file) as connection:
        styles = connection.execute(
            "SELECT f_table_name, f_geometry_column, styleQML, styleSLD, useAsDefault"
            " FROM layer_styles"
        ).fetchall()
        drawn = dict(
            connection.execute("SELECT table_name, column_name FROM gpkg_geometry_columns")
        )
        listed = connection.execute(
            "SELECT data_type FROM gpkg_contents WHERE table_name = 'layer_styles'"
        ).fetchone()
    connection.close()
    assert {name: column for name, column, *_ in styles} == drawn
    assert listed == ("attributes",)
    for _, _, style, other, default in styles:
        assert ET.fromstring(style.split("\n", 1)[1]).tag == "qgis"
        assert ET.fromstring(other).tag.endswith("StyledLayerDescriptor")
        assert default == 1


@pytest.mark.parametrize("symbol", EDITION.symbols, ids=lambda item: item.layer)
def test_every_symbol_makes_a_style(symbol: object) -> None:
    spec = EDITION.layer(symbol.layer)  # type: ignore[attr-defined]
    assert spec is not None
    style = qml(spec, symbol)  # type: ignore[arg-type]
    kind = {GeometryType.POLYGON: "fill", GeometryType.POINT: "marker"}.get(spec.geometry, "line")
    root = ET.fromstring(style.split("\n", 1)[1])
    assert [item.get("type") for item in root.iterfind("renderer-v2/symbols/symbol")] == [kind]
    assert ET.fromstring(sld(spec, symbol)) is not None  # type: ignore[arg-type]


def test_registered_documents_are_copied_and_missing_ones_are_told(
    held: Database, tmp_path: Path
) -> None:
    from minplan.database import deliverables, originals, plans

    text = tmp_path / "规划文本.docx"
    text.write_bytes(b"the words of the plan")
    kept = originals.keep(text, actor="经办人", recorded=START)
    deliverables.register(
        plans.get(PLAN),
        kept,
        kind="document",
        code="GHWB",
        name=text.name,
        version="1",
        actor="经办人",
        recorded=START + dt.timedelta(days=1),
    )
    made = hand_in(tmp_path / "out", "gpkg")
    assert (made.folder / "1 规划文本/规划文本.docx").read_bytes() == text.read_bytes()
    assert not (made.folder / "1 规划文本" / manifest.MISSING_NOTE).exists()
    note = made.folder / "2 编制说明" / manifest.MISSING_NOTE
    assert "140400长治市编制说明" in note.read_text("utf-8")
    assert any("编制说明" in item.zh for item in made.missing)
    earlier = hand_in(tmp_path / "earlier", "gpkg", recorded=START + dt.timedelta(hours=1))
    assert not (earlier.folder / "1 规划文本/规划文本.docx").exists()


def test_a_folder_that_is_there_is_not_touched(held: Database, tmp_path: Path) -> None:
    hand_in(tmp_path, "gpkg")
    before = json.loads((next(tmp_path.glob("1404*")) / manifest.NAME).read_text("utf-8"))
    with pytest.raises(InputError) as caught:
        hand_in(tmp_path, "gpkg")
    assert caught.value.code == "E905"
    assert before == json.loads((next(tmp_path.glob("1404*")) / manifest.NAME).read_text("utf-8"))


def test_an_export_that_fails_leaves_nothing(
    held: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*arguments: object) -> None:
        raise OSError("disk full")

    monkeypatch.setattr("minplan.handin.metadata.write_xml", broken)
    target = tmp_path / "out"
    with pytest.raises(OSError, match="disk full"):
        hand_in(target, "gpkg")
    assert [*target.iterdir()] == []


def test_nothing_holds_before_the_plan(held: Database, tmp_path: Path) -> None:
    with pytest.raises(StoreError) as caught:
        hand_in(tmp_path / "out", "gpkg", effective=dt.date(2000, 1, 1))
    assert caught.value.code == "E903"
    assert not (tmp_path / "out").exists()


def test_another_edition_is_refused(held: Database, tmp_path: Path) -> None:
    from minplan.database import plans
    from minplan.handin.export import export

    with pytest.raises(StoreError) as caught:
        export(plans.get(PLAN), tmp_path, edition="third-round", format_key="gdb", effective=DAY)
    assert caught.value.code == "E906"
