"""Real grant notices and exchange files, printed as their offices print them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from minplan.core.geometry.area import AreaMethod, Fit
from minplan.core.geometry.corners import (
    CornerReading,
    Level,
    Notation,
    ReadOptions,
    decode,
    read_corners,
)
from minplan.core.geometry.polygonal import ElevationRange

from .samples import codes, refused, remark_of, same_ground

Notice = dict[str, Any]
PLANAR, SPHERE, ELLIPSOID = AreaMethod.PLANAR, AreaMethod.SPHERE, AreaMethod.ELLIPSOID
DATUMS = {"CGCS2000": "2000国家大地坐标系", "Xian80": "1980西安坐标系"}


@pytest.fixture(scope="module")
def notices(shared_data: Path) -> dict[str, Notice]:
    text = (shared_data / "notices" / "notices.json").read_text(encoding="utf-8")
    return {notice["id"]: notice for notice in json.loads(text)}


def printed(notice: Notice, rows: str) -> str:
    """A notice around a table: the figures of other kinds must not disturb."""
    datum = DATUMS.get(notice["datum"], "")
    area = notice.get("stated_area_km2")
    lines = [
        f"{notice['name']}挂牌出让公告",
        f"公告日期：{notice.get('date', '')}",
        f"开采矿种：{notice['mineral']}，资源储量：{notice.get('reserves', '')}",
        f"矿区面积：{area}平方公里" if area else "",
        f"面积：{notice['stated_area_m2']}平方米" if notice.get("stated_area_m2") else "",
        f"矿区范围拐点坐标（{datum}，3度带）：" if datum else "拐点坐标：",
        rows,
        f"起始价 {notice.get('start_price', '')}，联系电话：0355-2023456、13812345678",
    ]
    return "\n".join(lines)


def plane_rows(notice: Notice, ring: int = 0) -> str:
    return "点号\tX坐标\tY坐标\n" + "\n".join(
        f"{i}\t{x:.2f}\t{y:.2f}" for i, (x, y) in enumerate(notice["rings"][ring], 1)
    )


def read(text: str, **options: Any) -> CornerReading:
    return read_corners(text, ReadOptions(**options))


@pytest.mark.parametrize(
    ("name", "methods"),
    [
        ("SX-XIAXIAN-3", {PLANAR, ELLIPSOID}),
        ("HB-DANGYANG", {PLANAR, ELLIPSOID, SPHERE}),
        ("SC-HUIDONG-CAOJIAWAN", {PLANAR}),
        ("ZJ-BEILUN-1", {PLANAR}),
        ("ZJ-BEILUN-2", {PLANAR}),
        ("GZ-FUQUAN-RONGFU", {PLANAR, ELLIPSOID}),
        ("SC-LEIBO-YANJIAWAN", {PLANAR, ELLIPSOID}),
    ],
)
def test_stated_area_names_its_method(
    notices: dict[str, Notice], name: str, methods: set[AreaMethod]
) -> None:
    reading = read(printed(notices[name], plane_rows(notices[name])), keep_datum=True)
    assert reading.area_match is not None
    fits = reading.area_match.fits
    assert {fit.method for fit in fits if fit.fit is not Fit.TRUNCATED} == methods
    assert remark_of(reading, "E152").level is Level.INFO
    assert len(reading.corners) == len(notices[name]["rings"][0])


def test_songzi_is_truncated_not_rounded(notices: dict[str, Notice]) -> None:
    notice = notices["HB-SONGZI"]
    reading = read(printed(notice, plane_rows(notice)), keep_datum=True)
    assert reading.area_match is not None
    assert {fit.fit for fit in reading.area_match.fits} == {Fit.TRUNCATED}


@pytest.mark.parametrize("name", ["HB-DANGYANG", "HB-SONGZI"])
def test_xian_80_is_refused_without_parameters(notices: dict[str, Notice], name: str) -> None:
    text = printed(notices[name], plane_rows(notices[name]))
    refusal = refused(text, ReadOptions())
    assert refusal.code == "E141"
    assert "1980西安坐标系" in refusal.message.zh
    assert remark_of(read(text, keep_datum=True), "E141").level is Level.CONFIRM


def test_xiaxian_with_13_14_in_one_cell(notices: dict[str, Notice]) -> None:
    notice = notices["SX-XIAXIAN-3"]
    rows = plane_rows(notice).replace("\n13\t", "\n13 14\t")
    reading = read(printed(notice, rows))
    assert remark_of(reading, "E130").message.zh.endswith(
        "一格中有两个点号（13 14），已拆分，取 13。"
    )
    assert [corner.number for corner in reading.corners] == [str(i) for i in range(1, 16)]
    assert reading.area_match is not None
    assert not reading.area_match.warn


def test_fuquan_last_row_is_the_elevation(notices: dict[str, Notice]) -> None:
    notice = notices["GZ-FUQUAN-RONGFU"]
    rows = plane_rows(notice).replace("\t", " | ") + "\n* | 1215 | 1080"
    reading = read(printed(notice, rows))
    assert reading.elevation == ElevationRange(1215, 1080)
    assert "1215→1080" in remark_of(reading, "E131").message.zh
    assert len(reading.corners) == 13


def two_columns(corners: list[list[float]], *, left: int, numbers: bool = True) -> str:
    """Print the first ``left`` corners in the left column, the others beside them."""
    cells = [
        (f"J{i}|" if numbers else "") + f"{x:.2f}|{y:.2f}" for i, (x, y) in enumerate(corners, 1)
    ]
    rows = [
        cells[i] + ("|" + cells[left + i] if left + i < len(cells) else "") for i in range(left)
    ]
    return "\n".join(rows)


@pytest.mark.parametrize("numbers", [True, False])
@pytest.mark.parametrize(("name", "left"), [("SC-LEIBO-YANJIAWAN", 2), ("ZJ-BEILUN-1", 3)])
def test_two_column_tables_are_read_by_columns(
    notices: dict[str, Notice], name: str, left: int, numbers: bool
) -> None:
    notice = notices[name]
    reading = read(printed(notice, two_columns(notice["rings"][0], left=left, numbers=numbers)))
    remark = remark_of(reading, "E125")
    assert remark.level is (Level.DONE if numbers else Level.CONFIRM)
    assert [corner.printed for corner in reading.corners] == [
        (f"{x:.2f}", f"{y:.2f}") for x, y in notice["rings"][0]
    ]
    assert reading.area_match is not None
    assert not reading.area_match.warn


def test_huidong_prints_the_same_ground_twice(notices: dict[str, Notice]) -> None:
    notice = notices["SC-HUIDONG-CAOJIAWAN"]
    plane = read(printed(notice, plane_rows(notice)))
    geographic = read(
        "点号 纬度 经度\n"
        + "\n".join(f"{i} {lat} {lon}" for i, (lat, lon) in enumerate(notice["latlon_dms"], 1))
    )
    assert geographic.understanding.notation is Notation.DMS
    here = np.array([[corner.lon, corner.lat] for corner in plane.corners])
    there = np.array([[corner.lon, corner.lat] for corner in geographic.corners])
    assert np.abs(here - there).max() * 3600 < 0.001


def test_huidong_both_tables_beside_each_other(notices: dict[str, Notice]) -> None:
    notice = notices["SC-HUIDONG-CAOJIAWAN"]
    rows = "\n".join(
        f"{i}|{x:.1f}|{y:.1f}|{lat}|{lon}"
        for i, ((x, y), (lat, lon)) in enumerate(
            zip(notice["rings"][0], notice["latlon_dms"], strict=True), 1
        )
    )
    reading = read("2000国家大地坐标系\n点号|X|Y|B|L\n" + rows)
    assert "两者一致" in remark_of(reading, "E134").message.zh
    wrong = read("2000国家大地坐标系\n点号|X|Y|B|L\n" + rows.replace("19.620″", "29.620″"))
    assert remark_of(wrong, "E134").level is Level.CONFIRM


def test_mashan_table_with_xian_80_beside_cgcs2000(notices: dict[str, Notice]) -> None:
    notice = notices["GX-MASHAN-GAOLING"]
    rows = "\n".join(
        f"{i}|{a:.2f}|{b:.2f}|{c:.2f}|{d:.2f}"
        for i, ((a, b), (c, d)) in enumerate(
            zip(notice["xian80_rings"][0], notice["rings"][0], strict=True), 1
        )
    )
    reading = read("点号|1980西安坐标系||2000国家大地坐标系|\n|X|Y|X|Y\n" + rows)
    alone = read(printed(notice, plane_rows(notice)))
    assert same_ground(reading.polygonal.geometry, alone.polygonal.geometry)
    assert remark_of(reading, "E135").level is Level.CONFIRM


@pytest.mark.parametrize(
    ("name", "methods"),
    [("NM-XINGAN-1", {SPHERE, ELLIPSOID}), ("NM-XINGAN-6", {SPHERE}), ("NM-XINGAN-2", set())],
)
def test_packed_notation_is_told_by_the_stated_area(
    notices: dict[str, Notice], name: str, methods: set[AreaMethod]
) -> None:
    notice = notices[name]
    rows = "\n".join(f"{i}、{pair}" for i, pair in enumerate(notice["packed"][0], 1))
    reading = read(printed(notice, rows))
    assert reading.understanding.notation is Notation.PACKED
    assert remark_of(reading, "E111").level is Level.CONFIRM
    assert [option.options.notation for option in reading.alternatives] == [Notation.DECIMAL]
    match = reading.area_match
    assert match is not None
    assert {fit.method for fit in match.fits if fit.fit is not Fit.TRUNCATED} == methods


def test_a_wrong_official_record_is_read_and_warned_about(notices: dict[str, Notice]) -> None:
    notice = notices["NM-XINGAN-2"]
    rows = "\n".join(f"{i} {pair}" for i, pair in enumerate(notice["packed"][0], 1))
    reading = read(printed(notice, rows))
    assert reading.area_match is not None
    assert reading.area_match.warn
    assert remark_of(reading, "E152").level is Level.CONFIRM


def test_packed_notation_without_an_area_is_asked_never_guessed(
    notices: dict[str, Notice],
) -> None:
    notice = notices["NM-XINGAN-6"]
    rows = "\n".join(f"{i} {pair}" for i, pair in enumerate(notice["packed"][0], 1))
    refusal = refused(rows, ReadOptions())
    assert refusal.code == "E111"
    assert {option.options.notation for option in refusal.alternatives} == {
        Notation.PACKED,
        Notation.DECIMAL,
    }
    chosen = read_corners(rows, refusal.alternatives[0].options)
    assert same_ground(chosen.polygonal.geometry, refusal.alternatives[0].polygonal.geometry)


@pytest.mark.parametrize(("name", "warn"), [("NM-EJINA-1", False), ("NM-EJINA-3", True)])
def test_degrees_minutes_seconds_of_exploration_rights(
    notices: dict[str, Notice], name: str, warn: bool
) -> None:
    notice = notices[name]
    rows = "\n".join(f"{i}. {a}, {b}" for i, (a, b) in enumerate(notice["lonlat_dms"][0], 1))
    reading = read(printed(notice, rows))
    assert reading.understanding.notation is Notation.DMS
    assert reading.area_match is not None
    assert reading.area_match.warn is warn


def test_registry_string_with_a_hole(notices: dict[str, Notice]) -> None:
    notice = notices["HB-DAYE-KEJIASHAN"]
    reading = read(notice["registry_string"], stated_area_km2=notice["stated_area_km2"])
    assert (reading.understanding.parts, reading.understanding.holes) == (1, 1)
    assert len(reading.corners) == 17
    assert reading.area_match is not None
    assert reading.area_match.methods[0] is PLANAR


@pytest.mark.parametrize(
    ("name", "parts", "corners"),
    [
        ("baopan_caikuangquan_gbk.txt", 1, 15),
        ("baopan_caikuangquan_multi_gbk.txt", 3, 16),
        ("guotu_txt_gbk_closed.txt", 1, 15),
        ("guotu_txt_multi_parcels_zone41.txt", 3, 16),
        ("guotu_txt_utf8_closed.txt", 1, 15),
        ("guotu_txt_utf8bom_open_noprefix.txt", 1, 15),
    ],
)
def test_exchange_files(shared_data: Path, name: str, parts: int, corners: int) -> None:
    text, _ = decode((shared_data / "formats" / name).read_bytes())
    reading = read_corners(text)
    assert (reading.understanding.parts, reading.understanding.corners) == (parts, corners)
    assert set(codes(reading)) <= {"E152", "E136"}
    assert not reading.to_confirm


def test_elevations_of_several_parts(shared_data: Path) -> None:
    path = shared_data / "formats" / "baopan_caikuangquan_multi_gbk.txt"
    reading = read_corners(decode(path.read_bytes())[0])
    assert reading.elevation == ElevationRange(77, 3.94)
    assert reading.polygonal.part_elevations == (
        ElevationRange(77, 9.5),
        ElevationRange(21.6, 3.94),
        ElevationRange(28.9, 5.47),
    )


def test_all_six_forms_of_one_right_are_the_same_ground(
    shared_data: Path, notices: dict[str, Notice]
) -> None:
    notice = notices["SX-XIAXIAN-3"]
    shape = read(printed(notice, plane_rows(notice))).polygonal.geometry
    for name in ("baopan_caikuangquan_gbk", "guotu_txt_gbk_closed", "guotu_txt_utf8_closed"):
        text, _ = decode((shared_data / "formats" / f"{name}.txt").read_bytes())
        assert same_ground(read_corners(text).polygonal.geometry, shape)
