"""Files as they are sent: broken, incomplete, contradictory, mixed; read and said, or refused."""

from __future__ import annotations

import sqlite3
import struct
import zipfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pyogrio.raw
import pytest
import shapely
from shapely.geometry import GeometryCollection, LineString, MultiPoint, Point, Polygon
from tests.formats.drivers import tables

from minplan.core.errors import InputError
from minplan.core.geometry.crs import CoordinateSystem
from minplan.formats.features import (
    Column,
    ColumnType,
    GeometryType,
    object_array,
    open_features,
    write_features,
)


def written(path: Path, *shapes: Any, **more: Any) -> Path:
    write_features(path, [tables.named(shapes or [tables.SQUARE, tables.RING])], **more)
    return path


def codes(path: Path, **options: Any) -> set[str]:
    """Codes of what is remarked when a file is read through."""
    with open_features(path, **options) as source:
        for layer in source.layers:
            list(source.batches(layer))
        return {remark.code for remark in source.remarks}


# -- shapefiles -----------------------------------------------------------------------------------


def test_a_shapefile_that_breaks_off_is_refused(tmp_path: Path) -> None:
    shp = written(tmp_path / "a.shp")
    shp.write_bytes(shp.read_bytes()[:-40])
    with pytest.raises(InputError) as refused:
        tables.read_all(shp)
    assert refused.value.code == "E206"
    assert "字节" in refused.value.message.zh


def test_a_shapefile_with_bytes_after_its_end_is_read(tmp_path: Path) -> None:
    shp = written(tmp_path / "a.shp")
    shp.write_bytes(shp.read_bytes() + b"\0" * 1000)
    assert len(tables.read_all(shp)[0]) == 2


def test_a_shapefile_without_index_is_read(tmp_path: Path) -> None:
    shp = written(tmp_path / "a.shp")
    shp.with_suffix(".shx").unlink()
    assert len(tables.read_all(shp)[0]) == 2
    assert not shp.with_suffix(".shx").exists()


@pytest.mark.parametrize("empty", [True, False])
def test_a_shapefile_without_records_has_shapes_only(tmp_path: Path, empty: bool) -> None:
    shp = written(tmp_path / "a.shp")
    if empty:
        shp.with_suffix(".dbf").write_bytes(b"")
    else:
        shp.with_suffix(".dbf").unlink()
    assert "E236" in codes(shp)
    (found,) = tables.read_all(shp)
    assert found.columns == ()
    assert len(found) == 2


def test_records_of_another_file_are_noticed(tmp_path: Path) -> None:
    shp = written(tmp_path / "a.shp")
    other = written(tmp_path / "b.shp", tables.SQUARE, tables.RING, tables.PARTS)
    shp.with_suffix(".dbf").write_bytes(other.with_suffix(".dbf").read_bytes())
    assert "E235" in codes(shp)


def test_without_prj_the_values_tell_the_zone(tmp_path: Path) -> None:
    shp = written(tmp_path / "a.shp")
    shp.with_suffix(".prj").unlink()
    with open_features(shp) as source:
        told = source.describe("a")
    assert told.system == tables.ZONE
    assert "数值" in told.crs_evidence.zh
    assert [remark.code for remark in told.remarks] == ["E143"]


def test_a_prj_that_the_values_contradict_is_not_believed(tmp_path: Path) -> None:
    shp = written(tmp_path / "a.shp")
    other = tmp_path / "b.shp"
    write_features(other, [replace(tables.named([tables.SQUARE]), system=CoordinateSystem())])
    shp.with_suffix(".prj").write_bytes(other.with_suffix(".prj").read_bytes())
    with open_features(shp) as source:
        told = source.describe("a")
    assert told.system == tables.ZONE
    assert [remark.code for remark in told.remarks] == ["E144"]


def test_what_the_user_says_beats_the_file(tmp_path: Path) -> None:
    shp = written(tmp_path / "a.shp")
    said = CoordinateSystem(tables.ZONE.datum, 6, 19)
    assert tables.read_all(shp, system=said)[0].system == said


def test_gbk_without_any_word_is_recognised(tmp_path: Path) -> None:
    shp = written(tmp_path / "a.shp", encoding="GBK")
    shp.with_suffix(".cpg").unlink()
    table = bytearray(shp.with_suffix(".dbf").read_bytes())
    table[29] = 0
    shp.with_suffix(".dbf").write_bytes(table)
    (found,) = tables.read_all(shp)
    assert list(found.values["MC"]) == ["区块1", "区块2"]


def test_two_encodings_in_one_table_are_both_read_and_said(tmp_path: Path) -> None:
    shp = written(tmp_path / "a.shp", encoding="UTF-8")
    dbf = shp.with_suffix(".dbf")
    content = dbf.read_bytes()
    one, other = "区块2".encode(), "区块2".encode("gbk")
    dbf.write_bytes(content.replace(one, other.ljust(len(one))))
    (found,) = tables.read_all(shp)
    assert [text.strip() for text in found.values["MC"]] == ["区块1", "区块2"]
    assert "E145" in codes(shp)


def test_equal_column_names_are_numbered(tmp_path: Path) -> None:
    table = replace(
        tables.named([tables.SQUARE]),
        columns=(Column("AAAAAAAAAA"), Column("BBBBBBBBBB")),
        values={"AAAAAAAAAA": object_array(["x"]), "BBBBBBBBBB": object_array(["y"])},
    )
    write_features(tmp_path / "a.shp", [table])
    dbf = tmp_path / "a.dbf"
    dbf.write_bytes(dbf.read_bytes().replace(b"BBBBBBBBBB", b"AAAAAAAAAA"))
    (found,) = tables.read_all(tmp_path / "a.shp")
    assert {name: item[0] for name, item in found.values.items()} == {
        "AAAAAAAAAA": "x",
        "AAAAAAAAAA_2": "y",
    }
    assert "E231" in codes(tmp_path / "a.shp")


def test_long_names_are_cut_between_characters_and_told(tmp_path: Path) -> None:
    names = ("矿产资源规划区块名称", "矿产资源规划区块编号", "MINERAL_RESOURCE")
    table = replace(
        tables.named([tables.SQUARE]),
        columns=tuple(Column(name) for name in names),
        values={name: object_array([name]) for name in names},
    )
    for encoding in ("GBK", "UTF-8"):
        report = write_features(tmp_path / "a.shp", [table], encoding=encoding, overwrite=True)
        given = report.names["GHQK"]
        assert len(set(given.values())) == 3
        assert all(len(name.encode(encoding)) <= 10 for name in given.values())
        (found,) = tables.read_all(tmp_path / "a.shp")
        assert {name: found.values[given[name]][0] for name in names} == {n: n for n in names}
        assert sum(remark.code == "E231" for remark in report.remarks) == 3


def test_text_beyond_a_field_is_refused_with_its_place(tmp_path: Path) -> None:
    table = replace(
        tables.named([tables.SQUARE, tables.RING]),
        columns=(Column("MC"),),
        values={"MC": object_array(["短", "长" * 128])},
    )
    with pytest.raises(InputError) as refused:
        write_features(tmp_path / "a.shp", [table], encoding="GBK")
    assert refused.value.code == "E229"
    assert (refused.value.place.row, refused.value.place.field) == (2, "MC")
    assert not (tmp_path / "a.shp").exists()


def test_a_table_alone_is_read(tmp_path: Path) -> None:
    bare = replace(tables.named([None]), geometry=None, geometry_type=None, system=None)
    write_features(tmp_path / "a.shp", [bare])
    (found,) = tables.read_all(tmp_path / "a.dbf")
    assert found.geometry is None
    assert list(found.values["MC"]) == ["区块1"]


# -- archives -------------------------------------------------------------------------------------


def test_a_shapefile_in_capitals_in_a_folder_of_a_zip(tmp_path: Path) -> None:
    shp = written(tmp_path / "x" / "范围.shp")
    target = tmp_path / "a.zip"
    with zipfile.ZipFile(target, "w") as archive:
        for item in shp.parent.iterdir():
            archive.write(item, f"成果/{item.stem}{item.suffix.upper()}")
    (found,) = tables.read_all(target)
    assert found.name == "范围"
    assert found.system == tables.ZONE


@pytest.mark.parametrize("root", ["规划.gdb/", "规划/", ""])
def test_a_geodatabase_zipped_with_and_without_its_root(tmp_path: Path, root: str) -> None:
    gdb = written(tmp_path / "a.gdb")
    target = tmp_path / "b.zip"
    with zipfile.ZipFile(target, "w") as archive:
        for item in gdb.iterdir():
            archive.write(item, f"{root}{item.name}")
    (found,) = tables.read_all(target)
    assert found.name == "GHQK"
    assert len(found) == 2


def test_an_archive_names_what_it_leaves_out(tmp_path: Path) -> None:
    shp = written(tmp_path / "x" / "a.shp")
    target = tmp_path / "a.zip"
    with zipfile.ZipFile(target, "w") as archive:
        for item in shp.parent.iterdir():
            archive.write(item, item.name)
        archive.writestr("报告.pdf", b"%PDF-1.7")
    assert codes(target) == {"E161"}


# -- geometry -------------------------------------------------------------------------------------


def _curve_polygon() -> bytes:
    """A circle around (38400000, 4040000) of 100 m as CURVEPOLYGON in ISO WKB."""
    points = [(-100, 0), (0, 100), (100, 0), (0, -100), (-100, 0)]
    ring = struct.pack("<BII", 1, 8, len(points)) + b"".join(
        struct.pack("<dd", 38_400_000 + x, 4_040_000 + y) for x, y in points
    )
    return struct.pack("<BII", 1, 10, 1) + ring


def _curved(folder: Path, declared: str) -> Path:
    """A GeoPackage with a square and a circle."""
    path = written(folder / "a.gpkg")
    with sqlite3.connect(path) as base:
        base.execute("DROP TRIGGER IF EXISTS rtree_GHQK_geom_update6")
        for (name,) in base.execute(
            "SELECT name FROM sqlite_master WHERE type='trigger' AND name LIKE 'rtree_%'"
        ).fetchall():
            base.execute(f'DROP TRIGGER "{name}"')
        srs = base.execute("SELECT srs_id FROM gpkg_geometry_columns").fetchone()[0]
        blob = b"GP\0\x01" + struct.pack("<i", srs) + _curve_polygon()
        base.execute("UPDATE GHQK SET geom = ? WHERE fid = 2", (blob,))
        base.execute("UPDATE gpkg_geometry_columns SET geometry_type_name = ?", (declared,))
        base.execute("PRAGMA writable_schema=ON")
    return path


@pytest.mark.parametrize("declared", ["GEOMETRY", "CURVEPOLYGON", "MULTISURFACE"])
def test_curves_become_chords_and_that_is_said(tmp_path: Path, declared: str) -> None:
    path = _curved(tmp_path, declared)
    (found,) = tables.read_all(path)
    assert found.geometry_type is GeometryType.POLYGON
    assert found.geometry[1].area == pytest.approx(np.pi * 100**2, rel=1e-2)
    assert "E154" in codes(path)


@pytest.mark.parametrize("declared", ["Polygon Z", "Polygon"])
def test_heights_are_left_and_that_is_said(tmp_path: Path, declared: str) -> None:
    shape = shapely.force_3d(tables.SQUARE, 1200.0)
    path = tmp_path / "a.gpkg"
    pyogrio.raw.write(
        path,
        np.array([shapely.to_wkb(shape, output_dimension=3)], dtype=object),
        [np.array(["x"], dtype=object)],
        ["MC"],
        driver="GPKG",
        geometry_type=declared,
        crs="EPSG:4526",
    )
    (found,) = tables.read_all(path)
    assert not found.geometry[0].has_z
    assert "E147" in codes(path)


@pytest.mark.parametrize("name", ["a.shp", "a.gdb"])
def test_mixed_shapes_are_refused_where_a_layer_holds_one_kind(tmp_path: Path, name: str) -> None:
    table = tables.named([tables.SQUARE, Point(38400000, 4040000)], GeometryType.MIXED)
    with pytest.raises(InputError) as refused:
        write_features(tmp_path / name, [table])
    assert refused.value.code == "E220"
    assert not (tmp_path / name).exists()


@pytest.mark.parametrize("name", ["a.gpkg", "a.geojson", "a.csv", "a.fgb"])
def test_mixed_shapes_are_kept_where_they_may_be(tmp_path: Path, name: str) -> None:
    shapes = [
        tables.SQUARE,
        None,
        LineString([(38400000, 4040000), (38400100, 4040000)]),
        MultiPoint([(38400000, 4040000), (38400001, 4040000)]),
        GeometryCollection([Point(38400000, 4040000), tables.SQUARE]),
    ]
    write_features(tmp_path / name, [tables.named(shapes, GeometryType.MIXED)])
    (found,) = tables.read_all(tmp_path / name)
    assert found.geometry_type is GeometryType.MIXED
    assert [item and item.geom_type for item in found.geometry] == [
        item and item.geom_type for item in shapes
    ]


def test_a_point_in_a_layer_of_areas_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError) as refused:
        write_features(tmp_path / "a.gpkg", [tables.named([tables.SQUARE, Point(1, 1)])])
    assert (refused.value.code, refused.value.place.row) == ("E220", 2)


def test_a_drawing_with_a_gap_and_a_label(tmp_path: Path) -> None:
    corners = [(38400000, 4040000), (38400100, 4040000), (38400100, 4040100), (38400000, 4040100)]
    pairs = ["0", "SECTION", "2", "ENTITIES", "0", "LWPOLYLINE", "8", "矿区", "90", "4", "70", "0"]
    for x, y in corners:
        pairs += ["10", str(x), "20", str(y)]
    pairs += ["0", "TEXT", "8", "矿区", "10", "38400050", "20", "4040050", "40", "5"]
    pairs += ["1", "甲矿", "0", "ENDSEC", "0", "EOF"]
    path = tmp_path / "a.dxf"
    path.write_bytes("\n".join([*pairs, ""]).encode("gbk"))
    (found,) = tables.read_all(path)
    assert found.name == "矿区"
    assert found.geometry[0].equals(Polygon(corners))
    assert list(found.values["文字"]) == ["甲矿"]
    assert "E121" in codes(path)


# -- values and files -----------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["a.shp", "a.gpkg", "a.gdb"])
def test_a_value_of_another_type_is_named(tmp_path: Path, name: str) -> None:
    table = replace(
        tables.named([tables.SQUARE, tables.RING]),
        columns=(Column("N", ColumnType.INTEGER, 5),),
        values={"N": object_array([1, "二"])},
    )
    with pytest.raises(InputError) as refused:
        write_features(tmp_path / name, [table])
    assert refused.value.code == "E228"
    assert (refused.value.place.row, refused.value.place.field) == (2, "N")


def test_what_is_there_is_not_overwritten_unasked(tmp_path: Path) -> None:
    path = written(tmp_path / "a.gpkg")
    with pytest.raises(InputError) as refused:
        written(path)
    assert refused.value.code == "E221"
    write_features(path, [tables.named([tables.SQUARE])], overwrite=True)
    assert len(tables.read_all(path)[0]) == 1


def test_nothing_is_left_behind_when_writing_fails(tmp_path: Path) -> None:
    def broken() -> Any:
        yield tables.named([tables.SQUARE])
        raise RuntimeError("the source broke off")

    with pytest.raises(InputError) as refused:
        write_features(tmp_path / "a.gpkg", broken())
    assert refused.value.code == "E223"
    assert list(tmp_path.iterdir()) == []


def test_batches_of_a_layer_must_follow_one_another(tmp_path: Path) -> None:
    one, other = tables.named([tables.SQUARE]), replace(tables.named([tables.SQUARE]), name="B")
    with pytest.raises(InputError) as refused:
        write_features(tmp_path / "a.gpkg", [one, other, one])
    assert refused.value.code == "E224"


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("a.gpkg", b"SQLite format 3\0" + b"\0" * 200, "E206"),
        ("a.fgb", b"fgb\x03fgb\x00" + b"\xff" * 200, "E207"),
        ("a.geojson", b'{"type": "FeatureCollection", "features": [{"type"', "E206"),
        ("a.kml", b"<kml><Document><Placemark></kml>", "E206"),
        ("a.xlsx", b"PK\x03\x04" + b"\0" * 100, "E206"),
        ("a.pdf", b"%PDF-1.7", "E161"),
        ("a.shp", b"", "E202"),
        ("a.csv", b"A,WKT\n1,POLYGON((0 0,1\n", "E206"),
    ],
)
def test_damaged_and_foreign_files_are_refused_in_words(
    tmp_path: Path, name: str, content: bytes, code: str
) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(InputError) as refused:
        tables.read_all(path)
    assert refused.value.code == code
    assert refused.value.hint is not None


def test_an_unknown_layer_lists_those_there_are(tmp_path: Path) -> None:
    path = written(tmp_path / "a.gpkg")
    with pytest.raises(InputError) as refused:
        tables.read_all(path, layer="无")
    assert refused.value.code == "E219"
    assert "GHQK" in (refused.value.hint or refused.value.message).zh


@pytest.mark.slow
@pytest.mark.parametrize("name", ["a.gpkg", "a.shp", "a.csv"])
def test_two_hundred_thousand_features_flow_in_bounded_memory(tmp_path: Path, name: str) -> None:
    """The batches that live at a time stay few, both ways."""
    import weakref

    alive: weakref.WeakSet[Any] = weakref.WeakSet()
    most = 0
    size, count = 5_000, 40

    def batches() -> Any:
        nonlocal most
        for number in range(count):
            east = 38_400_000 + np.arange(size) % 300 * 10.0
            north = 4_000_000.0 + number * 20 + np.arange(size) // 300
            shapes = shapely.box(east, north, east + 5, north + 5)
            table = replace(tables.named([tables.SQUARE]), values={}, columns=(), geometry=shapes)
            alive.add(table.geometry[0])
            most = max(most, len(alive))
            yield replace(table, first_row=number * size + 1)

    write_features(tmp_path / name, batches())
    assert most <= 4
    seen = 0
    with open_features(tmp_path / name) as source:
        for table in source.batches(source.layers[0], size):
            assert len(table) <= size
            seen += len(table)
    assert seen == size * count
