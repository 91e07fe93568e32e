"""MapGIS files: what fits the description is read exactly, anything else is refused."""

from __future__ import annotations

import contextlib
import datetime as dt
import struct
from pathlib import Path

import numpy as np
import pytest
import shapely
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.formats.mapgis import samples

from minplan.core.errors import InputError, MinplanError
from minplan.core.geometry.crs import CoordinateSystem, Datum
from minplan.formats.drivers.model import FeatureTable, GeometryType, OpenOptions
from minplan.formats.features import driver_of
from minplan.formats.mapgis.driver import DRIVER
from minplan.formats.mapgis.place import degrees

FIELDS = [("名称", "C", 20), ("储量", "D", 8), ("编号", "I", 4), ("日期", "T", 4)]
ROWS = [
    ("襄垣石灰岩矿", 12.5, 7, dt.date(2021, 3, 1)),
    ("黎城铁矿", -0.25, -3, dt.date(2025, 12, 31)),
]
# on a map of 1:10 000 in millimetres: 384 500 m east with the prefix 38, 4 000 000 m north
EAST, NORTH = 3_844_500.0, 400_000.0
SQUARE = [(0.0, 0.0), (100.0, 0.0), (100.0, 100.0), (0.0, 100.0), (0.0, 0.0)]


def at(points, east: float = EAST, north: float = NORTH):
    return [(x + east, y + north) for x, y in points]


def read(path: Path, **options: object) -> FeatureTable:
    with DRIVER.open(path, OpenOptions(path.name, **options)) as source:
        (table,) = source.batches(source.layers[0])
        assert source.describe(source.layers[0]).count == len(table)
    return table


def stored(tmp_path: Path, file: samples.MapgisFile, name: str = "样图.wp") -> Path:
    path = tmp_path / name
    path.write_bytes(file.to_bytes())
    return path


def two_areas() -> samples.MapgisFile:
    """A square with a square hole that another area fills, and a part far away."""
    hole = at([(40, 40), (60, 40), (60, 60), (40, 60), (40, 40)])
    far = at([(200, 0), (210, 0), (210, 10), (200, 10), (200, 0)])
    lower = at([(100, 100), (0, 100), (0, 0)])
    upper = at([(100, 100), (100, 0), (0, 0)])
    arcs = [lower, upper, hole, far]
    sides = [(1, 0), (0, 1), (2, 1), (1, 0)]
    return samples.areas_file(arcs, sides, FIELDS, ROWS, samples.gauss_kruger(10_000.0))


def test_points_keep_their_attributes(tmp_path: Path) -> None:
    file = samples.points_file([(113.0, 36.0), (113.5, 36.25)], FIELDS, ROWS, samples.lonlat())
    table = read(stored(tmp_path, file, "点.wt"))
    assert [shape.wkt for shape in table.geometry] == ["POINT (113 36)", "POINT (113.5 36.25)"]
    assert list(table.rows()) == [
        dict(zip([f[0] for f in FIELDS], row, strict=True)) for row in ROWS
    ]
    assert table.system == CoordinateSystem(Datum.WGS84)
    assert table.geometry_type is GeometryType.POINT


def test_millimetres_of_the_map_become_metres_in_the_zone(tmp_path: Path) -> None:
    line = at(SQUARE[:3])
    file = samples.lines_file([line], FIELDS, ROWS[:1], samples.gauss_kruger(10_000.0))
    table = read(stored(tmp_path, file, "线.wl"))
    assert table.system == CoordinateSystem(Datum.XIAN80, 3, 38)
    np.testing.assert_allclose(
        shapely.get_coordinates(table.geometry[0])[1], (38_446_000.0, 4_000_000.0), rtol=1e-12
    )


def test_deleted_objects_stay_away_with_their_attributes(tmp_path: Path) -> None:
    lines = [at(SQUARE[:2]), at(SQUARE[1:3])]
    file = samples.lines_file(lines, FIELDS, ROWS, samples.gauss_kruger(10_000.0), flags=[0, 1])
    table = read(stored(tmp_path, file))
    assert table.values["名称"].tolist() == ["黎城铁矿"]
    assert shapely.get_coordinates(table.geometry[0])[0][0] == pytest.approx(38_446_000.0)


def test_areas_are_put_together_from_arcs_in_any_direction(tmp_path: Path) -> None:
    table = read(stored(tmp_path, two_areas()))
    outer, inner = table.geometry
    assert outer.geom_type == "MultiPolygon"
    assert outer.is_valid
    # 100 mm on a map of 1:10 000 are 1 000 m
    assert outer.area == pytest.approx(1000**2 - 200**2 + 100**2)
    assert inner.area == pytest.approx(200**2)
    assert not outer.overlaps(inner)
    assert table.values["编号"].tolist() == [7, -3]


def test_a_stated_system_beats_the_head(tmp_path: Path) -> None:
    stated = CoordinateSystem(Datum.CGCS2000, 3, 38)
    assert read(stored(tmp_path, two_areas()), system=stated).system == stated


def test_files_are_known_by_content_and_marked_uncertain(tmp_path: Path) -> None:
    path = stored(tmp_path, two_areas(), "无后缀")
    assert driver_of(path).key == "mapgis"
    with DRIVER.open(path, OpenOptions("图")) as source:
        assert [remark.code for remark in source.remarks] == ["E239"]
        with pytest.raises(InputError) as caught:
            source.describe("别的")
    assert caught.value.code == "E219"


@pytest.mark.parametrize(
    ("offset", "kind", "value"),
    [
        (8, "i", 1),  # magic and kind differ
        (12, "i", 10_000_000),  # sections outside the file
        (109, "B", 3),  # another projection
        (92, "B", 9),  # another unit
        (199, "d", 5.0),  # shifted coordinates
        (143, "d", -1.0),
        (276, "i", 9),  # another number of areas
        (304, "d", 3_844_550.0),  # extent that does not hold the coordinates
        (304, "d", float("nan")),
    ],
)
def test_other_figures_in_the_head_are_refused(
    tmp_path: Path, offset: int, kind: str, value: float
) -> None:
    raw = bytearray(two_areas().to_bytes())
    struct.pack_into("<" + kind, raw, offset, value)
    path = tmp_path / "a.wp"
    path.write_bytes(raw)
    with pytest.raises(InputError) as caught:
        read(path)
    assert caught.value.code == "E161"
    assert "Shapefile" in caught.value.describe("zh")


def test_areas_that_do_not_close_are_refused(tmp_path: Path) -> None:
    file = samples.areas_file(
        [at(SQUARE[:4])], [(1, 0)], FIELDS, ROWS[:1], samples.gauss_kruger(10_000.0)
    )
    with pytest.raises(InputError, match="围不成圈"):
        read(stored(tmp_path, file))


def test_curves_are_refused(tmp_path: Path) -> None:
    file = samples.lines_file([at(SQUARE)], FIELDS, ROWS[:1], samples.gauss_kruger(10_000.0))
    records = bytearray(file.sections[0])
    records[57 + 34] = 1
    file.sections[0] = bytes(records)
    with pytest.raises(InputError, match="贝塞尔"):
        read(stored(tmp_path, file))


def test_missing_records_of_attributes_are_refused(tmp_path: Path) -> None:
    file = samples.points_file([(113.0, 36.0)], FIELDS, ROWS, samples.lonlat())
    with pytest.raises(InputError, match="属性 2 条"):
        read(stored(tmp_path, file))


def test_half_a_character_at_the_end_of_a_field_is_left_out(tmp_path: Path) -> None:
    row = ("平顺县石灰岩矿区甲乙丙", 1.0, 1, dt.date(2021, 1, 1))
    fields = [("名称", "C", 9), *FIELDS[1:]]
    file = samples.points_file([(113.0, 36.0)], fields, [row], samples.lonlat())
    assert read(stored(tmp_path, file)).values["名称"].tolist() == ["平顺县石"]


def test_angles_are_packed_as_degrees_minutes_seconds() -> None:
    packed = np.array([1143015.5, -303000.0, 1110000.0])
    expected = [114 + 30 / 60 + 15.5 / 3600, -30.5, 111.0]
    np.testing.assert_allclose(degrees(packed), expected, rtol=1e-14)


@settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(data=st.data())
def test_damaged_files_are_refused_or_read_never_worse(tmp_path: Path, data: st.DataObject) -> None:
    raw = bytearray(two_areas().to_bytes())
    for _ in range(data.draw(st.integers(1, 4))):
        raw[data.draw(st.integers(8, len(raw) - 1))] = data.draw(st.integers(0, 255))
    cut = data.draw(st.one_of(st.none(), st.integers(9, len(raw))))
    path = tmp_path / "a.wp"
    path.write_bytes(raw[:cut])
    with contextlib.suppress(MinplanError):
        read(path)
