"""Any block, printed in any dialect, comes back as the same polygon; any text is safe to read."""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from shapely.geometry import Polygon

from minplan.core.errors import MinplanError
from minplan.core.geometry.corners import (
    CornerReading,
    CornersRefused,
    Notation,
    ReadOptions,
    decode,
    read_corners,
    read_table,
)
from minplan.core.geometry.crs import CoordinateSystem, Datum, FloatArray, to_lonlat

from .samples import BLOCK, IN_CITY, same_ground, table

RELAXED = settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@st.composite
def rings(draw: st.DrawFn) -> FloatArray:
    """North and east without prefix (n, 2): a star-shaped ring, printed to 0.1 mm, clockwise."""
    count = draw(st.integers(3, 14))
    radii = draw(st.lists(st.floats(60, 900), min_size=count, max_size=count))
    centre = draw(st.tuples(st.floats(2e6, 5.5e6), st.floats(320_000, 680_000)))
    turn = draw(st.floats(0, 2 * math.pi))
    angles = turn + np.arange(count) * 2 * math.pi / count
    north = centre[0] + np.array(radii) * np.cos(angles)
    east = centre[1] + np.array(radii) * np.sin(angles)
    return np.round(np.column_stack([north, east]), 4)


# The outermost zones reach beyond China, where no 3° zone exists for the planar area.
zones = st.one_of(
    st.tuples(st.just(3), st.integers(26, 44)), st.tuples(st.just(6), st.integers(14, 22))
)


def expected(ring: FloatArray, zone: tuple[int, int]) -> Polygon:
    system = CoordinateSystem(Datum.CGCS2000, *zone, prefixed=False)
    return Polygon(to_lonlat(system, ring[:, 1], ring[:, 0]))


def prefixed(ring: FloatArray, zone: tuple[int, int]) -> FloatArray:
    return ring + np.array([0, zone[1] * 1e6])


def as_table(separator: str) -> Callable[[FloatArray], str]:
    return lambda ring: "\n".join(
        f"{i}{separator}{n:.4f}{separator}{e:.4f}" for i, (n, e) in enumerate(ring, 1)
    )


def as_one_line(ring: FloatArray) -> str:
    return "；".join(f"{i}、{n:.4f},{e:.4f}" for i, (n, e) in enumerate(ring, 1))


def as_vertical(ring: FloatArray) -> str:
    return "\n".join(f"{i}\n{n:.4f}\n{e:.4f}" for i, (n, e) in enumerate(ring, 1))


def as_columns(ring: FloatArray) -> str:
    cells = [f"{i}|{n:.4f}|{e:.4f}" for i, (n, e) in enumerate(ring, 1)]
    half = (len(cells) + 1) // 2
    rows = [
        cells[i] + ("|" + cells[half + i] if half + i < len(cells) else "") for i in range(half)
    ]
    return "\n".join(rows)


def as_exchange(ring: FloatArray) -> str:
    rows = [f"XY{i:03d}={i},{n:.4f},{e:.4f}" for i, (n, e) in enumerate(ring, 1)]
    head = f"[登记项目]\n坐标系统=3\n矿区范围拐点坐标与标高的总行数= {len(rows) + 1}\n"
    return head + "\n".join(rows) + f"\nXY{len(rows) + 1:03d}=标高,100,50,,1\n"


def as_survey(ring: FloatArray) -> str:
    rows = [f"J{i},1,{n:.4f},{e:.4f}" for i, (n, e) in enumerate(ring, 1)]
    head = f"[属性描述]\n坐标系=2000国家大地坐标系\n[地块坐标]\n{len(rows)},1,1,甲,面,,,,@\n"
    return head + "\n".join(rows)


def as_registry(ring: FloatArray) -> str:
    rows = ",".join(f"{i},{n:.4f},{e:.4f}" for i, (n, e) in enumerate(ring, 1))
    return f"1,{len(ring)},{rows},100,50,,1,"


@pytest.mark.parametrize(
    "write",
    [
        as_table("\t"),
        as_table("，"),
        as_table(" | "),
        as_table(","),
        as_one_line,
        as_vertical,
        as_columns,
        as_exchange,
        as_survey,
        as_registry,
    ],
    ids=[
        "tabs",
        "full-width commas",
        "pipes",
        "commas",
        "one line",
        "vertical",
        "columns",
        "exchange file",
        "survey text",
        "registry",
    ],
)
@given(ring=rings(), zone=zones)
@RELAXED
def test_projected_corners_come_back(
    write: Callable[[FloatArray], str], ring: FloatArray, zone: tuple[int, int]
) -> None:
    reading = read_corners(write(prefixed(ring, zone)))
    assert same_ground(reading.polygonal.geometry, expected(ring, zone), metres=1e-4)
    assert (reading.understanding.system.width, reading.understanding.system.zone) == zone
    assert len(reading.corners) == len(ring)


@given(ring=rings(), swapped=st.booleans())
@RELAXED
def test_missing_prefix_comes_back_with_the_zone_stated(ring: FloatArray, swapped: bool) -> None:
    zone = (3, 38)
    system = CoordinateSystem(Datum.CGCS2000, *zone, prefixed=False)
    text = as_table(" ")(ring[:, ::-1] if swapped else ring)
    reading = read_corners(text, ReadOptions(system=system))
    assert same_ground(reading.polygonal.geometry, expected(ring, zone), metres=1e-4)


def dms(value: float) -> str:
    units = round(value * 3600 * 100_000)
    degrees, rest = divmod(units, 3600 * 100_000)
    minutes, seconds = divmod(rest, 60 * 100_000)
    return f"{degrees}°{minutes:02d}′{seconds / 100_000:08.5f}″"


def packed(value: float) -> str:
    units = round(value * 3600 * 100_000)
    degrees, rest = divmod(units, 3600 * 100_000)
    minutes, seconds = divmod(rest, 60 * 100_000)
    return f"{degrees}.{minutes:02d}{seconds:07d}"


@pytest.mark.parametrize(
    ("write", "notation"),
    [
        (dms, Notation.DMS),
        (packed, Notation.PACKED),
        (lambda value: f"{value:.9f}", Notation.DECIMAL),
    ],
    ids=["dms", "packed", "decimal"],
)
@given(ring=rings(), latitude_first=st.booleans())
@RELAXED
def test_geographic_corners_come_back(
    write: Callable[[float], str], notation: Notation, ring: FloatArray, latitude_first: bool
) -> None:
    shape = expected(ring, (3, 37))
    step = -1 if latitude_first else 1
    text = "\n".join(
        f"{i}  " + "  ".join(write(value) for value in corner[::step])
        for i, corner in enumerate(list(shape.exterior.coords)[:-1], 1)
    )
    options = ReadOptions(notation=None if notation is Notation.DMS else notation)
    reading = read_corners(text, options)
    assert reading.understanding.notation is notation
    assert same_ground(reading.polygonal.geometry, shape, metres=0.001)


@given(ring=rings())
@RELAXED
def test_packed_or_decimal_is_never_a_silent_choice(ring: FloatArray) -> None:
    """Whichever notation is chosen without being stated, the text excludes the other or says so."""
    shape = expected(ring, (3, 37))
    text = "\n".join(f"{packed(x)},{packed(y)}" for x, y in list(shape.exterior.coords)[:-1])
    try:
        reading = read_corners(text)
    except CornersRefused as refusal:
        asked = refusal.code == "E111"
    else:
        said = "E111" in [remark.code for remark in reading.remarks]
        asked = said and reading.understanding.notation is Notation.PACKED
    assert asked


# -- nothing but MinplanError ---------------------------------------------------------------------


def read_safely(text: str, options: ReadOptions) -> None:
    """Read; a refusal must describe itself, a reading must hold a valid polygon."""
    try:
        reading = read_corners(text, options)
    except MinplanError as error:
        described = (error.code[:2], bool(error.describe("zh")), bool(error.describe("en")))
    else:
        described = ("E1", True, True)
        check_shape(reading)
    assert described == ("E1", True, True)


def check_shape(reading: CornerReading) -> None:
    assert reading.polygonal.geometry.is_valid
    assert reading.polygonal.geometry.area > 0
    assert reading.polygonal.geometry.geom_type in ("Polygon", "MultiPolygon")


options = st.sampled_from(
    [
        ReadOptions(keep_datum=True),
        IN_CITY,
        ReadOptions(
            region=IN_CITY.region,
            stated_area_km2="0.2749",
            accepted=frozenset({"E104", "E123", "E124"}),
            declined=frozenset({"E122", "E125", "E127"}),
        ),
    ]
)


@given(text=st.text(max_size=300), option=options)
@settings(max_examples=300, deadline=None)
def test_any_text_is_safe(text: str, option: ReadOptions) -> None:
    read_safely(text, option)


WORDS = st.sampled_from(
    [
        "1",
        "2",
        "4010000.00",
        "38401400.00",
        "401900.5",
        "112.5630",
        "36°12′03.1″",
        "112°60′00″",
        "标高",
        "*",
        "X",
        "Y",
        "经度",
        "纬度",
        "扣除",
        "二采区",
        "面积",
        "0.32平方公里",
        "-1",
        "0",
        "13 14",
        "XY001=1,4010000,38401000",
        "[地块坐标]",
        "@",
        "J1,1,4010000,38401000",
        "38带",
        "1980西安坐标系",
        "****002.38",
        "１２３",
        "2,705,381.95",
        "99999999999999999999",
        "1e+30",
        "-0",
    ]
)


@given(
    pieces=st.lists(st.tuples(WORDS, st.sampled_from([" ", "\t", ",", "\n", "\n\n", "|"]))),
    option=options,
)
@settings(max_examples=400, deadline=None)
def test_any_arrangement_of_known_pieces_is_safe(
    pieces: list[tuple[str, str]], option: ReadOptions
) -> None:
    read_safely("".join(word + separator for word, separator in pieces), option)


@given(
    rows=st.lists(st.lists(st.one_of(WORDS, st.text(max_size=8)), max_size=6), max_size=8),
    option=options,
)
@settings(max_examples=150, deadline=None)
def test_any_sheet_is_safe(rows: list[list[str]], option: ReadOptions) -> None:
    with suppress(MinplanError):
        read_table(rows, option)


SAMPLES = [
    table(BLOCK),
    as_columns(np.array(BLOCK)),
    as_exchange(np.array(BLOCK)),
    as_survey(np.array(BLOCK)),
    as_registry(np.array(BLOCK)),
    "1 112°50′00″ 36°10′00″\n2 112°51′00″ 36°11′00″\n3 112°52′00″ 36°10′00″",
    "1,3,112.5600,36.1300,112.5700,36.1300,112.5700,36.1200,0,0,0,",
]
EDITS = st.lists(
    st.tuples(
        st.floats(0, 1),
        st.sampled_from(["delete", "insert", "replace", "cut", "double"]),
        st.sampled_from(list("0123456789.,;|\t\n -*°′″'NEXYJ标高度分秒带=[]@１OＯ")),
    ),
    max_size=12,
)


def mutated(text: str, edits: list[tuple[float, str, str]]) -> str:
    for share, kind, character in edits:
        at = int(share * len(text))
        if kind == "delete":
            text = text[:at] + text[at + 1 :]
        elif kind == "insert":
            text = text[:at] + character + text[at:]
        elif kind == "replace":
            text = text[:at] + character + text[at + 1 :]
        elif kind == "cut":
            text = text[:at] + text[at + 15 :]
        else:
            text = text[:at] + text[at : at + 25] + text[at:]
    return text


@given(text=st.sampled_from(SAMPLES), edits=EDITS, option=options)
@settings(max_examples=500, deadline=None)
def test_mutated_texts_are_safe(
    text: str, edits: list[tuple[float, str, str]], option: ReadOptions
) -> None:
    read_safely(mutated(text, edits), option)


@given(index=st.integers(0, 100), edits=EDITS, option=options)
@settings(
    max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_mutated_notices_are_safe(
    shared_data: Path, index: int, edits: list[tuple[float, str, str]], option: ReadOptions
) -> None:
    notices = (shared_data / "notices" / "notices.json").read_text(encoding="utf-8")
    texts = [as_table(" ")(np.array(n["rings"][0])) for n in json.loads(notices) if "rings" in n]
    for path in sorted((shared_data / "formats").iterdir()):
        texts.append(decode(path.read_bytes())[0])
    read_safely(mutated(texts[index % len(texts)], edits), option)


@given(data=st.binary(max_size=200))
@settings(max_examples=200, deadline=None)
def test_any_bytes_decode_or_are_refused(data: bytes) -> None:
    with suppress(CornersRefused):
        text, encoding = decode(data)
        assert text == data.decode(encoding)
