"""What is written to a VCT comes back exactly: geometry, values, coordinate system."""

from __future__ import annotations

import contextlib
import datetime as dt
import itertools
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
import shapely
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from minplan.core.errors import InputError, MinplanError
from minplan.core.geometry.crs import CoordinateSystem, Datum
from minplan.formats.drivers.model import (
    Column,
    ColumnType,
    FeatureTable,
    GeometryType,
    LayerStream,
    OpenOptions,
    WriteOptions,
    WriteReport,
    object_array,
)
from minplan.formats.features import driver_of
from minplan.formats.vct.driver import DRIVER

ZONE = CoordinateSystem(Datum.CGCS2000, 3, 38)
COLUMNS = (
    Column("BSM", ColumnType.INTEGER),
    Column("YSDM", ColumnType.TEXT, 10),
    Column("名称", ColumnType.TEXT, 80),
    Column("MJ", ColumnType.REAL, 15, 4),
    Column("RQ", ColumnType.DATE),
    Column("SJ", ColumnType.DATE, 19),
    Column("BZ", ColumnType.TEXT),
)
ROWS = [
    (
        1,
        "2001",
        "潞城区，石灰岩",
        12.3456,
        dt.date(2021, 1, 2),
        dt.datetime(2021, 1, 2, 3, 4, 5),
        "a",
    ),
    (-2, "2001", "x,y;1", 1e-7, None, dt.datetime(2021, 1, 2, 3, 4, 5, 60), " 两端空格 "),
    (None, None, None, None, dt.date(1999, 12, 31), None, None),
]
PLAIN = shapely.box(500_000.25, 4_000_000, 500_100, 4_000_100 + 1 / 3)
HOLED = shapely.difference(PLAIN, shapely.box(500_040, 4_000_040, 500_060.1, 4_000_060))
ISLAND = shapely.union(HOLED, shapely.box(500_045, 4_000_045, 500_050, 4_000_050))
TWO = shapely.union(HOLED, shapely.box(500_200, 4_000_000, 500_300, 4_000_100))


def table(
    geometry: Sequence[object] | None,
    kind: GeometryType | None,
    name: str = "CKQ",
    *,
    columns: Sequence[Column] = COLUMNS,
    rows: Sequence[Sequence[object]] = ROWS,
    system: CoordinateSystem | None = ZONE,
) -> FeatureTable:
    values = {
        column.name: object_array(row[index] for row in rows)
        for index, column in enumerate(columns)
    }
    shapes = None if geometry is None else object_array(geometry)
    return FeatureTable(name, tuple(columns), values, shapes, kind, system if kind else None)


def write(path: Path, tables: Sequence[FeatureTable], encoding: str = "UTF-8") -> WriteReport:
    streams = (LayerStream(one, iter([one])) for one in tables)
    return DRIVER.write(path, streams, WriteOptions(encoding))


def read(path: Path, size: int = 20_000) -> dict[str, list[FeatureTable]]:
    with DRIVER.open(path, OpenOptions(path.name)) as source:
        return {layer: list(source.batches(layer, size)) for layer in source.layers}


def same(one: Sequence[object], other: Sequence[object]) -> bool:
    """Equal vertex by vertex, whatever the ring starts with."""
    return [shapely.to_wkb(shapely.normalize(shape)) for shape in one] == [
        shapely.to_wkb(shapely.normalize(shape)) for shape in other
    ]


LAYERS = {
    GeometryType.POLYGON: [HOLED, ISLAND, TWO],
    GeometryType.LINE: [
        shapely.LineString([(0.1, 0.2), (1 / 3, 7)]),
        shapely.MultiLineString([[(0, 0), (1, 1)], [(5, 5), (6, 6), (7, 5)]]),
        shapely.LineString([(1e-7, 1), (1e7, 2)]),
    ],
    GeometryType.POINT: [
        shapely.Point(1 / 7, -2.5),
        shapely.MultiPoint([(0, 0), (1, 1)]),
        shapely.Point(1e-9, 0),
    ],
}


@pytest.mark.parametrize("encoding", ["UTF-8", "GB18030", "GBK"])
@pytest.mark.parametrize("kind", LAYERS)
def test_layers_come_back_exactly(tmp_path: Path, kind: GeometryType, encoding: str) -> None:
    before = table(LAYERS[kind], kind)
    report = write(tmp_path / "a.vct", [before], encoding)
    assert report.counts == {"CKQ": 3}
    (after,) = read(tmp_path / "a.vct")["CKQ"]
    assert same(after.geometry, before.geometry)
    assert list(after.rows()) == list(before.rows())
    assert after.system == ZONE
    assert after.geometry_type is kind
    assert [(c.name, c.type) for c in after.columns] == [(c.name, c.type) for c in COLUMNS]
    assert after.columns[3].length == 15
    assert after.columns[3].decimals == 4


def test_several_layers_tables_and_empty_ones_in_batches(tmp_path: Path) -> None:
    path = tmp_path / "a.vct"
    tables = [
        table(LAYERS[GeometryType.POLYGON], GeometryType.POLYGON, "XZQ"),
        table(LAYERS[GeometryType.POINT], GeometryType.POINT, "KCD"),
        table(None, None, "指标表"),
        table([], GeometryType.POLYGON, "TKQ", rows=[]),
    ]
    write(path, tables)
    layers = read(path, size=2)
    assert list(layers) == ["XZQ", "KCD", "TKQ", "指标表"]
    assert [len(batch) for batch in layers["XZQ"]] == [2, 1]
    assert [batch.first_row for batch in layers["XZQ"]] == [1, 3]
    assert [len(batch) for batch in layers["TKQ"]] == [0]
    assert layers["指标表"][0].geometry is None
    assert list(itertools.chain(*(b.rows() for b in layers["指标表"]))) == list(tables[2].rows())


def test_features_without_geometry_keep_their_place(tmp_path: Path) -> None:
    path = tmp_path / "a.vct"
    write(path, [table([None, PLAIN, None], GeometryType.POLYGON)])
    (after,) = read(path)["CKQ"]
    assert [shape is None for shape in after.geometry] == [True, False, True]
    assert after.values["BSM"].tolist() == [1, -2, None]


@pytest.mark.parametrize(
    "system",
    [
        CoordinateSystem(),
        CoordinateSystem(Datum.WGS84),
        CoordinateSystem(Datum.CGCS2000, 3, 37, prefixed=False),
        CoordinateSystem(Datum.CGCS2000, 6, 19),
        CoordinateSystem(Datum.XIAN80, 3, 38),
        CoordinateSystem(Datum.BEIJING54, 6, 19),
        None,
    ],
)
def test_coordinate_systems_come_back(tmp_path: Path, system: CoordinateSystem | None) -> None:
    east = 113.0 if system is None or not system.is_projected else 500_000.0
    if system is not None and system.is_projected and system.prefixed:
        east += system.zone * 1e6
    path = tmp_path / "a.vct"
    points = [shapely.Point(east, 36.123456789012)]
    write(path, [table(points, GeometryType.POINT, rows=ROWS[:1], system=system)])
    (after,) = read(path)["CKQ"]
    assert after.system == system
    assert same(after.geometry, points)


def test_the_separator_gives_way_to_values(tmp_path: Path) -> None:
    columns = (Column("GDZB(X,Y)", ColumnType.TEXT),)
    report = write(
        tmp_path / "a.vct",
        [table([PLAIN], GeometryType.POLYGON, columns=columns, rows=[("1,2;3,4#5",)])],
    )
    assert any("'$'" in remark.message.en for remark in report.remarks)
    (after,) = read(tmp_path / "a.vct")["CKQ"]
    assert after.values["GDZB(X,Y)"].tolist() == ["1,2;3,4#5"]
    assert same(after.geometry, [PLAIN])


def test_booleans_are_written_as_numbers_and_told(tmp_path: Path) -> None:
    columns = (Column("X", ColumnType.BOOLEAN),)
    report = write(
        tmp_path / "a.vct", [table(None, None, columns=columns, rows=[(True,), (None,)])]
    )
    assert "0 and 1" in report.remarks[0].message.en
    assert read(tmp_path / "a.vct")["CKQ"][0].values["X"].tolist() == [1, None]


MIXED = [PLAIN, shapely.Point(0, 0), None]


@pytest.mark.parametrize(
    ("tables", "encoding", "word"),
    [
        ([table(None, None, columns=COLUMNS[2:3], rows=[("a\nb",)])], "UTF-8", "control"),
        ([table(None, None, columns=COLUMNS[2:3], rows=[(",;#$&*!|",)])], "UTF-8", "separator"),
        ([table(None, None, columns=COLUMNS[2:3], rows=[(7,)])], "UTF-8", "hold this value"),
        ([table(None, None, columns=COLUMNS[3:4], rows=[(float("inf"),)])], "UTF-8", "hold"),
        ([table(None, None, columns=COLUMNS[2:3], rows=[("\udc80",)])], "UTF-8", "encoding UTF-8"),
        ([table(None, None, columns=COLUMNS[2:3], rows=[("𠮷",)])], "GBK", "encoding GBK"),
        ([table(None, None, name="a\nb")], "UTF-8", "name"),
        ([table(None, None, name=",;#$&*!|")], "UTF-8", "separator"),
        ([table(None, None, name="AttributeEnd")], "UTF-8", "name"),
        ([table(None, None), table(None, None)], "UTF-8", "twice"),
        ([table(MIXED, GeometryType.POLYGON)], "UTF-8", "Point does not fit"),
        ([table(MIXED, GeometryType.MIXED)], "UTF-8", "one geometry type"),
        (
            [
                table([PLAIN] * 3, GeometryType.POLYGON),
                table([PLAIN] * 3, GeometryType.POLYGON, "B", system=CoordinateSystem()),
            ],
            "UTF-8",
            "one coordinate system",
        ),
        ([table([shapely.Point(np.inf, 0)] * 3, GeometryType.POINT)], "UTF-8", "no numbers"),
    ],
)
def test_what_a_vct_cannot_hold_is_refused_and_nothing_is_left(
    tmp_path: Path, tables: list[FeatureTable], encoding: str, word: str
) -> None:
    with pytest.raises(InputError) as caught:
        write(tmp_path / "a.vct", tables, encoding)
    assert caught.value.code == "E237"
    assert word in caught.value.describe("en")
    assert list(tmp_path.iterdir()) == []


def test_a_vct_is_known_by_its_first_line(tmp_path: Path) -> None:
    path = tmp_path / "无后缀"
    write(path, [table([PLAIN] * 3, GeometryType.POLYGON)])
    assert driver_of(path).key == "vct"


def test_an_unknown_layer_is_refused(tmp_path: Path) -> None:
    write(tmp_path / "a.vct", [table(None, None)])
    with (
        DRIVER.open(tmp_path / "a.vct", OpenOptions("a")) as source,
        pytest.raises(InputError) as caught,
    ):
        source.describe("B")
    assert caught.value.code == "E219"


numbers = st.floats(allow_nan=False, allow_infinity=False)
texts = st.text(
    st.characters(codec="gb18030", exclude_categories=["Cc", "Cs"], exclude_characters=",;#"),
    max_size=20,
)
rows_of_any_value = st.lists(
    st.tuples(
        st.none() | st.integers(-(10**18) + 1, 10**18 - 1),
        st.none() | texts.filter(bool),
        st.none() | numbers,
        st.none() | st.dates(),
        st.none() | st.datetimes(),
    ),
    min_size=1,
    max_size=8,
)


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(rows=rows_of_any_value, encoding=st.sampled_from(["UTF-8", "GB18030"]), data=st.data())
def test_any_value_and_any_coordinate_comes_back(
    tmp_path: Path, rows: list[tuple[object, ...]], encoding: str, data: st.DataObject
) -> None:
    columns = (
        Column("I", ColumnType.INTEGER),
        Column("T", ColumnType.TEXT),
        Column("R", ColumnType.REAL),
        Column("D", ColumnType.DATE),
        Column("S", ColumnType.DATE, 19),
    )
    points = [shapely.Point(data.draw(numbers), data.draw(numbers)) for _ in rows]
    before = table(points, GeometryType.POINT, columns=columns, rows=rows)
    write(tmp_path / "a.vct", [before], encoding)
    (after,) = read(tmp_path / "a.vct")["CKQ"]
    assert list(after.rows()) == list(before.rows())
    assert same(after.geometry, points)


def sample(tmp_path: Path) -> bytes:
    write(
        tmp_path / "s.vct",
        [
            table(LAYERS[GeometryType.POLYGON], GeometryType.POLYGON),
            table(LAYERS[GeometryType.LINE], GeometryType.LINE, "JX"),
        ],
        "GB18030",
    )
    return (tmp_path / "s.vct").read_bytes()


@settings(
    max_examples=250, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(data=st.data())
def test_damaged_files_are_refused_or_read_never_worse(tmp_path: Path, data: st.DataObject) -> None:
    lines = sample(tmp_path).split(b"\n")
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(lines) - 1))
        match data.draw(st.integers(0, 4)):
            case 0:
                del lines[at : at + data.draw(st.integers(1, 3))]
            case 1:
                lines[at] = data.draw(st.binary(max_size=12))
            case 2:
                lines[at] = lines[data.draw(st.integers(0, len(lines) - 1))]
            case 3:
                lines[at] = str(data.draw(st.integers(-3, 10**19))).encode()
            case 4:
                lines.insert(at, data.draw(st.sampled_from([b"0", b"21", b"100", b"1,2", b""])))
        lines = lines or [b""]
    path = tmp_path / "a.vct"
    path.write_bytes(b"\n".join(lines))
    with contextlib.suppress(MinplanError):
        read(path)


cells = st.lists(
    st.tuples(st.integers(0, 5), st.integers(0, 5), st.integers(1, 4), st.integers(1, 4)),
    min_size=1,
    max_size=8,
)


@settings(
    max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(added=cells, cut=cells)
def test_holes_islands_and_touching_corners_come_back(
    tmp_path: Path, added: list[tuple[int, ...]], cut: list[tuple[int, ...]]
) -> None:
    def whole(boxes: list[tuple[int, ...]]) -> object:
        return shapely.union_all([shapely.box(x, y, x + w, y + h) for x, y, w, h in boxes])

    shape = shapely.difference(whole(added), whole(cut))
    if shape.is_empty:
        return
    columns = (Column("I", ColumnType.INTEGER),)
    before = table([shape], GeometryType.POLYGON, columns=columns, rows=[(1,)])
    write(tmp_path / "a.vct", [before])
    (after,) = read(tmp_path / "a.vct")["CKQ"]
    assert same(after.geometry, [shape])
