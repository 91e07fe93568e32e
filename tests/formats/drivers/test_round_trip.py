"""What is written is read back: geometry to 0.1 mm, attributes exactly, the system kept."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from shapely.geometry import LineString, Point, Polygon
from tests.formats.drivers import tables

from minplan.core.geometry.crs import CoordinateSystem, Datum
from minplan.formats.features import (
    Column,
    ColumnType,
    FeatureTable,
    GeometryType,
    in_lonlat,
    in_system,
    object_array,
    open_features,
    write_features,
)

#: File name, and options of writing.
EXACT = [
    ("a.shp", {"encoding": "UTF-8"}),
    ("a.shp", {"encoding": "GBK"}),
    ("a.zip", {"encoding": "GBK"}),
    ("a.gdb", {}),
    ("a.gdb.zip", {}),
    ("a.gpkg", {}),
    ("a.fgb", {}),
    ("a.geojson", {}),
    ("a.csv", {}),
    ("a.csv", {"encoding": "GBK"}),
    ("a.csv", {"geometry": "corners"}),
    ("a.xlsx", {}),
    ("a.xlsx", {"geometry": "corners"}),
]
IDS = [f"{name}-{'-'.join(map(str, more.values()))}".strip("-") for name, more in EXACT]


@pytest.mark.parametrize(("name", "more"), EXACT, ids=IDS)
@pytest.mark.parametrize("degrees", [False, True], ids=["metres", "degrees"])
def test_everything_of_a_layer_comes_back(
    tmp_path: Path, name: str, more: dict[str, str], degrees: bool
) -> None:
    table = tables.plan_table()
    table = in_lonlat(table) if degrees else table
    report = write_features(tmp_path / name, [table], **more)
    assert report.counts == {"GHQK": 3}
    (found,) = tables.read_all(tmp_path / name)
    tables.assert_same_ground(found.geometry, table.geometry, 1e-9 if degrees else 1e-4)
    assert found.system == table.system
    names = report.names["GHQK"]
    for column in table.columns:
        expected = list(table.values[column.name])
        if name == "a.xlsx":  # Excel keeps 16 digits
            expected = [
                pytest.approx(v, rel=1e-15) if isinstance(v, float) else v for v in expected
            ]
        assert list(found.values[names[column.name]]) == expected
    kinds = {column.name: column.type for column in found.columns}
    for column in table.columns:
        if not (name.startswith("a.gdb") and column.type is ColumnType.BOOLEAN):
            assert kinds[names[column.name]] is column.type


def test_a_geodatabase_says_that_it_has_no_booleans(tmp_path: Path) -> None:
    report = write_features(tmp_path / "a.gdb", [tables.plan_table()])
    assert any("SFYX" in remark.message.zh for remark in report.remarks)


def test_aliases_come_back_from_databases(tmp_path: Path) -> None:
    for name in ("a.gdb", "a.gpkg", "a.xlsx"):
        write_features(tmp_path / name, [tables.plan_table()])
        (found,) = tables.read_all(tmp_path / name)
        assert [column.alias for column in found.columns][:3] == ["标识码", "", "名称"]


def test_kml_holds_lonlat_and_says_what_becomes_text(tmp_path: Path) -> None:
    table = tables.plan_table()
    report = write_features(tmp_path / "a.kml", [table])
    assert any("WGS84" in remark.message.zh for remark in report.remarks)
    assert any("RQ" in remark.message.zh for remark in report.remarks)
    (found,) = tables.read_all(tmp_path / "a.kml")
    assert found.system == CoordinateSystem(Datum.WGS84)
    back = in_system(found, tables.ZONE)
    tables.assert_same_ground(back.geometry, table.geometry, 1e-4)
    assert [column.name for column in found.columns] == [column.name for column in table.columns]
    assert list(found.values["MC"]) == tables.VALUES["MC"]
    assert list(found.values["BSM"]) == tables.VALUES["BSM"]
    assert list(found.values["BILI"]) == tables.VALUES["BILI"]
    assert list(found.values["RQ"]) == ["2024-02-29", None, "1949-10-01"]


def test_dxf_holds_rings_and_labels(tmp_path: Path) -> None:
    table = tables.named([tables.SQUARE, tables.RING])
    report = write_features(tmp_path / "a.dxf", [table])
    assert report.names == {"GHQK": {"MC": "文字"}}
    (found,) = tables.read_all(tmp_path / "a.dxf")
    assert found.name == "GHQK"
    order = np.argsort([shape.bounds[0] for shape in found.geometry])
    tables.assert_same_ground(found.geometry[order], table.geometry, 1e-9)
    assert list(found.values["文字"][order]) == ["区块1", "区块2"]
    assert found.system == tables.ZONE


def test_survey_text_holds_parcels_with_holes(tmp_path: Path) -> None:
    table = tables.named([tables.SQUARE, tables.RING])
    report = write_features(tmp_path / "a.txt", [table], driver="guotu")
    assert report.names == {"GHQK": {"MC": "地块名称"}}
    (found,) = tables.read_all(tmp_path / "a.txt")
    tables.assert_same_ground(found.geometry, table.geometry, 1e-4)
    assert list(found.values["地块名称"]) == ["区块1", "区块2"]
    assert found.system == tables.ZONE


def test_exchange_file_of_a_right_holds_its_attributes_and_elevations(tmp_path: Path) -> None:
    columns = (Column("矿山名称"), Column("标高上限"), Column("标高下限"))
    values = {"矿山名称": ["某石料厂"], "标高上限": ["1215"], "标高下限": ["1080.5"]}
    table = replace(
        tables.named([tables.PARTS]),
        columns=columns,
        values={name: object_array(item) for name, item in values.items()},
    )
    write_features(tmp_path / "a.txt", [table], driver="baopan", encoding="GBK")
    (found,) = tables.read_all(tmp_path / "a.txt")
    tables.assert_same_ground(found.geometry, table.geometry, 1e-4)
    assert list(found.values["矿山名称"]) == ["某石料厂"]
    assert [float(found.values[key][0]) for key in ("标高上限", "标高下限")] == [1215, 1080.5]
    assert found.system == tables.ZONE


@pytest.mark.parametrize("right", ["mining", "exploration"])
def test_registry_strings_hold_a_right_a_line(tmp_path: Path, right: str) -> None:
    table = tables.named([tables.SQUARE, tables.PARTS])
    report = write_features(tmp_path / "a.txt", [table], driver="registry", right=right)
    assert any("MC" in remark.message.zh for remark in report.remarks)
    (found,) = tables.read_all(tmp_path / "a.txt")
    tables.assert_same_ground(in_system(found, tables.ZONE).geometry, table.geometry, 1e-4)


@pytest.mark.parametrize("name", ["a.shp", "a.gdb", "a.gpkg", "a.fgb", "a.geojson", "a.csv"])
@pytest.mark.parametrize(
    ("shapes", "kind"),
    [
        ([Point(38400000.5, 4040000.25), Point(38400001, 4040001)], GeometryType.POINT),
        ([LineString([(38400000, 4040000), (38400100.5, 4040100)])] * 2, GeometryType.LINE),
    ],
    ids=["points", "lines"],
)
def test_points_and_lines(
    tmp_path: Path, name: str, shapes: list[object], kind: GeometryType
) -> None:
    write_features(tmp_path / name, [tables.named(shapes, kind)])
    (found,) = tables.read_all(tmp_path / name)
    assert found.geometry_type is kind
    tables.assert_same_ground(found.geometry, shapes, 1e-4)


@pytest.mark.parametrize("name", ["a.gdb", "a.gpkg", "a.kml", "a.xlsx"])
def test_several_layers_and_a_table_without_geometry(tmp_path: Path, name: str) -> None:
    first = tables.named([tables.SQUARE])
    second = replace(tables.named([tables.RING]), name="KCQK")
    bare = replace(tables.named([None]), name="FB", geometry=None, geometry_type=None, system=None)
    layers = [first, second] if name == "a.kml" else [first, second, bare]
    write_features(tmp_path / name, layers)
    found = tables.read_all(tmp_path / name)
    assert [table.name for table in found] == [table.name for table in layers]
    if len(layers) == 3:
        assert found[2].geometry is None
        assert list(found[2].values["MC"]) == ["区块1"]


@pytest.mark.parametrize("name", ["shapes", "shapes.zip"])
def test_several_shapefiles_in_a_folder_or_archive(tmp_path: Path, name: str) -> None:
    layers = [tables.named([tables.SQUARE]), replace(tables.named([tables.RING]), name="规划/分区")]
    write_features(tmp_path / name, layers, driver="shp")
    assert sorted(table.name for table in tables.read_all(tmp_path / name)) == ["GHQK", "规划_分区"]


@pytest.mark.parametrize("name", ["a.shp", "a.gdb", "a.gpkg", "a.fgb", "a.csv", "a.xlsx"])
def test_an_empty_layer_keeps_its_columns(tmp_path: Path, name: str) -> None:
    table = replace(tables.plan_table([]), values={key: object_array([]) for key in tables.VALUES})
    write_features(tmp_path / name, [table])
    (found,) = tables.read_all(tmp_path / name)
    assert len(found) == 0
    assert len(found.columns) == len(tables.COLUMNS)


def test_other_datums_and_zones_are_kept(tmp_path: Path) -> None:
    for system in (
        CoordinateSystem(Datum.XIAN80, 3, 38),
        CoordinateSystem(Datum.BEIJING54, 6, 19),
        CoordinateSystem(Datum.CGCS2000, 3, 38, prefixed=False),
    ):
        shape = Polygon([(400000, 4040000), (400100, 4040000), (400100, 4040100)])
        if system.prefixed:
            shape = Polygon([(x + system.zone * 1e6, y) for x, y in shape.exterior.coords])
        table = replace(tables.named([shape]), system=system)
        for name in ("a.shp", "a.gpkg", "a.gdb", "a.csv", "a.xlsx"):
            write_features(tmp_path / name, [table], overwrite=True)
            assert tables.read_all(tmp_path / name)[0].system == system, name


def test_a_projected_layer_in_degrees_has_no_more_corners() -> None:
    table = tables.named([tables.PARTS])
    there = in_lonlat(table)
    tables.assert_same_ground(in_system(there, tables.ZONE).geometry, table.geometry, 1e-5)
    dense = in_lonlat(table, densify_m=10)
    assert len(dense.geometry[0].geoms[0].exterior.coords) > 20


# -- any shape ------------------------------------------------------------------------------------

_PLACES = st.tuples(
    st.floats(38_300_000, 38_700_000, allow_nan=False),
    st.floats(3_900_000, 4_100_000, allow_nan=False),
)


@st.composite
def _polygons(draw: st.DrawFn) -> Polygon:
    """A star around a centre, of 3 to 9 corners, with or without a hole."""
    east, north = draw(_PLACES)
    count = draw(st.integers(3, 9))
    radii = draw(st.lists(st.floats(50, 5_000), min_size=count, max_size=count))
    turn = 2 * np.pi * np.arange(count) / count
    unit = np.column_stack([np.cos(turn), np.sin(turn)])
    ring = np.array([east, north]) + unit * np.array(radii)[:, None]
    hole = np.array([east, north]) + unit * min(radii) * 0.2
    return Polygon(ring, [hole] if draw(st.booleans()) else [])


@pytest.mark.parametrize(
    ("name", "driver"),
    [
        ("a.shp", "shp"),
        ("a.gpkg", "gpkg"),
        ("a.geojson", "geojson"),
        ("a.csv", "csv"),
        ("a.xlsx", "xlsx"),
        ("a.kml", "kml"),
        ("a.txt", "guotu"),
        ("a.txt", "registry"),
    ],
)
@settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(shape=_polygons())
def test_any_polygon_comes_back(tmp_path: Path, name: str, driver: str, shape: Polygon) -> None:
    table: FeatureTable = tables.named([shape])
    write_features(tmp_path / name, [table], driver=driver, overwrite=True)
    (found,) = tables.read_all(tmp_path / name)
    tables.assert_same_ground(in_system(found, tables.ZONE).geometry, table.geometry, 1e-4)


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    texts=st.lists(
        st.none()
        | st.text(
            st.characters(codec="gbk", exclude_categories=["C"]), min_size=1, max_size=20
        ).filter(lambda text: text.strip() == text),
        min_size=1,
        max_size=4,
    )
)
@pytest.mark.parametrize("name", ["a.shp", "a.gpkg", "a.csv", "a.xlsx", "a.gdb"])
def test_any_chinese_text_comes_back(tmp_path: Path, name: str, texts: list[str | None]) -> None:
    table = replace(tables.named([tables.SQUARE] * len(texts)), values={"MC": object_array(texts)})
    write_features(tmp_path / name, [table], encoding="GBK", overwrite=True)
    with open_features(tmp_path / name) as source:
        (found,) = [tables.joined(source.batches(layer)) for layer in source.layers]
    assert list(found.values["MC"]) == texts
