"""What a file is taken for before anything is taken in, and why."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from shapely.geometry import Polygon
from tests.formats.drivers import tables

from minplan.core.errors import InputError
from minplan.core.geometry.corners import Region
from minplan.core.geometry.crs import CoordinateSystem, Datum
from minplan.core.text import Text
from minplan.formats.features import GeometryType, write_features
from minplan.formats.preview import preview

CHANGZHI = Region(Text("长治市", "Changzhi"), (111.9, 35.8, 113.8, 37.2))
BEIJING = Region(Text("北京市", "Beijing"), (115.4, 39.4, 117.6, 41.1))


def test_a_geodatabase_layer_by_layer(tmp_path: Path) -> None:
    second = replace(tables.named([tables.RING]), name="KCQK")
    write_features(tmp_path / "a.gdb", [tables.plan_table(), second])
    seen = preview(tmp_path / "a.gdb", CHANGZHI, rows=2)
    assert [layer.name for layer in seen.layers] == ["GHQK", "KCQK"]
    first = seen.layers[0]
    assert first.count == 3
    assert first.geometry_type is GeometryType.POLYGON
    assert first.system == tables.ZONE
    assert "文件定义" in first.crs_evidence.zh
    assert first.extent is not None
    assert first.extent[0] == pytest.approx(38400000.1234)
    (rows,) = first.rows.values()
    assert [row["MC"] for row in rows] == ["长治市·石灰岩", "字" * 60]
    assert first.remarks == ()


def test_both_encodings_are_shown_where_both_can_be_read(tmp_path: Path) -> None:
    """Bytes of UTF-8 can be read as GBK, too: a person sees which one makes sense."""
    shp = tmp_path / "a.shp"
    write_features(shp, [tables.named([tables.SQUARE] * 2)], encoding="UTF-8")
    shp.with_suffix(".cpg").unlink()
    (layer,) = preview(shp).layers
    assert layer.encoding == "UTF-8"
    assert layer.encoding_evidence is not None
    assert layer.encoding_evidence.zh == "由字节判断"
    assert layer.rows["UTF-8"][0]["MC"] == "区块1"
    assert next(iter(layer.rows)) == "UTF-8"


def test_gbk_is_guessed_from_the_bytes(tmp_path: Path) -> None:
    shp = tmp_path / "a.shp"
    write_features(shp, [tables.named([tables.SQUARE])], encoding="GBK")
    shp.with_suffix(".cpg").unlink()
    (layer,) = preview(shp).layers
    assert layer.encoding == "GBK"
    assert layer.rows["GBK"][0]["MC"] == "区块1"


def test_the_region_tells_the_zone_of_coordinates_without_prefix(tmp_path: Path) -> None:
    shape = Polygon([(400000, 4040000), (401000, 4040000), (401000, 4041000)])
    table = replace(tables.named([shape]), system=None)
    shp = tmp_path / "a.shp"
    write_features(shp, [table])
    assert preview(shp).layers[0].candidates == ()
    assert [item.code for item in preview(shp).layers[0].remarks] == ["E103"]
    found = preview(shp, CHANGZHI).layers[0].candidates
    assert CoordinateSystem(Datum.CGCS2000, 3, 38, prefixed=False) in found
    assert all(item.central_meridian in (111, 114) for item in found)
    (layer,) = preview(shp, CHANGZHI, system=found[0]).layers
    assert layer.system == found[0]


def test_a_layer_outside_the_region_is_remarked(tmp_path: Path) -> None:
    write_features(tmp_path / "a.gpkg", [tables.plan_table()])
    (layer,) = preview(tmp_path / "a.gpkg", BEIJING).layers
    assert "E237" in [item.code for item in layer.remarks]


def test_plain_tables_and_lists_of_corners(tmp_path: Path) -> None:
    (tmp_path / "附表.csv").write_text("编号,名称\n001,甲\n002,乙\n", "utf-8")
    (layer,) = preview(tmp_path / "附表.csv").layers
    assert layer.geometry_type is None
    assert layer.rows["UTF-8"][0] == {"编号": "001", "名称": "甲"}
    corners = "点号,X,Y\n1,4040000,38400000\n2,4040000,38401000\n3,4041000,38401000\n"
    (tmp_path / "拐点.csv").write_text(corners, "utf-8")
    (layer,) = preview(tmp_path / "拐点.csv").layers
    assert layer.geometry_type is GeometryType.POLYGON
    assert layer.system == CoordinateSystem()


def test_what_is_no_file_of_layers_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError) as refused:
        preview(tmp_path / "无.shp")
    assert refused.value.code == "E201"
