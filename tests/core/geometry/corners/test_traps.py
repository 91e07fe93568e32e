"""Mistakes officers meet: what is noticed, what is said, what is offered."""

from __future__ import annotations

import re

import numpy as np
import pytest
import shapely

from minplan.core.errors import InputError
from minplan.core.geometry.corners import (
    Level,
    ReadOptions,
    Region,
    gcj02_suspicion,
    read_corners,
)
from minplan.core.geometry.corners.remarks import messages, remark
from minplan.core.geometry.crs import Datum, from_lonlat, to_lonlat
from minplan.core.geometry.datum import PlaneShift, SevenParameters
from minplan.core.geometry.polygonal import ElevationRange
from minplan.core.text import Text

from .samples import (
    BLOCK,
    CITY,
    HOLE,
    IN_CITY,
    ZONE_37,
    ZONE_38,
    codes,
    polygon,
    refused,
    remark_of,
    same_ground,
    table,
)

WEST = [(north, east - 1e6) for north, east in BLOCK]
"""The block with the prefix of zone 37."""
PLAIN = "\n".join(f"{i} {n:.2f} {e - 38e6:.2f}" for i, (n, e) in enumerate(BLOCK, 1))


def accepting(*accepted: str, region: Region | None = CITY) -> ReadOptions:
    return ReadOptions(region=region, accepted=frozenset(accepted))


# -- order ----------------------------------------------------------------------------------------


def test_e101_east_before_north() -> None:
    reading = read_corners(table([(e, n) for n, e in BLOCK]))
    assert remark_of(reading, "E101").level is Level.DONE
    assert same_ground(reading.polygonal.geometry, polygon(BLOCK))
    declared = "横坐标 纵坐标\n" + table([(e, n) for n, e in BLOCK])
    assert "E101" not in codes(read_corners(declared))


def test_e102_some_rows_swapped() -> None:
    rows = [*BLOCK[:2], BLOCK[2][::-1], BLOCK[3]]
    reading = read_corners(table(rows))
    found = remark_of(reading, "E102")
    assert (found.level, found.place.row, found.applied) == (Level.CONFIRM, 3, True)
    assert found.message.zh == "第 3 行两个坐标颠倒。"
    assert same_ground(reading.polygonal.geometry, polygon(BLOCK))


def test_e113_latitude_first() -> None:
    text = "1 36.218271 112.901611\n2 36.221 112.905\n3 36.215 112.909"
    reading = read_corners(text)
    assert remark_of(reading, "E113").level is Level.DONE
    assert reading.corners[0].lon == pytest.approx(112.901611)
    assert "E113" not in codes(read_corners("纬度 经度\n" + text))


def test_e132_heading_contradicts_the_values() -> None:
    reading = read_corners("点号|经度|纬度\n" + table(BLOCK, "|"))
    assert remark_of(reading, "E132").applied
    assert same_ground(reading.polygonal.geometry, polygon(BLOCK))
    reading = read_corners("点号 X Y\n1 112.901611 36.2\n2 112.911 36.2\n3 112.911 36.21")
    assert remark_of(reading, "E132").applied


# -- zones ----------------------------------------------------------------------------------------


def test_e103_prefix_missing_is_inferred_from_the_region() -> None:
    reading = read_corners(PLAIN, IN_CITY)
    found = remark_of(reading, "E103")
    assert found.level is Level.CONFIRM
    assert "401000 只可能在 38 带" in found.message.zh
    assert same_ground(reading.polygonal.geometry, polygon(BLOCK))


def test_e103_without_a_region_is_asked() -> None:
    assert refused(PLAIN, ReadOptions()).code == "E103"


def test_e103_with_several_possible_zones_is_asked() -> None:
    wide = Region(Text("华北", "North China"), (109.0, 35.0, 116.0, 38.0))
    refusal = refused(PLAIN, ReadOptions(region=wide))
    assert refusal.code == "E103"
    assert len(refusal.alternatives) >= 2
    chosen = read_corners(PLAIN, refusal.alternatives[0].options)
    assert same_ground(chosen.polygonal.geometry, refusal.alternatives[0].polygonal.geometry)


def test_e103_outside_in_every_zone() -> None:
    south = "\n".join(f"{i} {n - 1e6:.2f} {e - 38e6:.2f}" for i, (n, e) in enumerate(BLOCK, 1))
    assert "不落在长治市" in refused(south).message.zh


def test_e103_some_rows_lack_the_prefix() -> None:
    text = table(BLOCK[:3]) + "\n4 4009700.00 401500.00"
    reading = read_corners(text)
    assert remark_of(reading, "E103").place.row == 4
    assert same_ground(reading.polygonal.geometry, polygon(BLOCK))


def test_e104_wrong_prefix_is_offered_not_applied() -> None:
    reading = read_corners(table(WEST), IN_CITY)
    found = remark_of(reading, "E104")
    assert (found.applied, found.fix) == (False, Text("改用 38 带。", "Use zone 38."))
    assert same_ground(reading.polygonal.geometry, polygon(WEST, ZONE_37))
    accepted = read_corners(table(WEST), accepting("E104"))
    assert same_ground(accepted.polygonal.geometry, polygon(BLOCK))


def test_e104_wrong_prefix_in_one_row() -> None:
    rows = [BLOCK[0], WEST[1], *BLOCK[2:]]
    reading = read_corners(table(rows))
    assert "第 2 行带号 37" in remark_of(reading, "E104").message.zh
    assert remark_of(reading, "E155").fix is not None
    accepted = read_corners(table(rows), accepting("E104"))
    assert same_ground(accepted.polygonal.geometry, polygon(BLOCK))


def test_e104_zone_of_the_header_contradicts_the_prefix() -> None:
    reading = read_corners("带号：37\n" + table(BLOCK))
    assert "文中写带号 37" in remark_of(reading, "E104").message.zh


def astride() -> list[tuple[float, float]]:
    """A block across 112.5° E: two corners printed in zone 37, two in zone 38."""
    west = [(3990000.0, 37634500.0), (3991000.0, 37634500.0)]
    there = np.array([(3991000.0, 37636000.0), (3990000.0, 37636000.0)])
    east = from_lonlat(ZONE_38, to_lonlat(ZONE_37, there[:, 1], there[:, 0]))
    return west + [(float(north), float(e)) for e, north in east]


def test_e105_mixed_zones_are_converted_each_on_its_own() -> None:
    reading = read_corners(table(astride()), IN_CITY)
    found = remark_of(reading, "E105")
    assert found.message.zh == "坐标分属不同带：2 点为 37 带，2 点为 38 带，已分别换算后拼接。"
    expected = polygon([*astride()[:2], (3991000.0, 37636000.0), (3990000.0, 37636000.0)], ZONE_37)
    assert same_ground(reading.polygonal.geometry, expected, metres=0.01)
    assert len(reading.understanding.systems) == 2


def test_e105_mixed_zones_without_prefix() -> None:
    rows = [(north, east % 1e6) for north, east in astride()]
    reading = read_corners(table(rows), IN_CITY)
    assert {"E103", "E105"} <= set(codes(reading))
    assert reading.polygonal.geometry.area < 1e-3


def test_e106_six_degree_zone() -> None:
    six = [(north, east - 38e6 + 19e6) for north, east in BLOCK]
    reading = read_corners(table(six))
    assert "6 度带 19 带" in remark_of(reading, "E106").message.zh
    assert reading.understanding.system.width == 6
    assert same_ground(
        reading.polygonal.geometry, polygon([(n, e + 18e6) for n, e in six], ZONE_37)
    )


def test_e107_reduced_coordinates_are_refused_and_the_constants_suggested() -> None:
    reduced = table([(n - 4e6, e - 38.4e6) for n, e in BLOCK])
    refusal = refused(reduced)
    assert refusal.code == "E107"
    assert refusal.hint is not None
    assert "4000000" in refusal.hint.zh
    assert "38400000" in refusal.hint.zh
    assert refused(reduced, ReadOptions()).code == "E107"
    given = read_corners(reduced, ReadOptions(constants=(4e6, 38.4e6)))
    assert same_ground(given.polygonal.geometry, polygon(BLOCK))
    assert "E107" in codes(given)


@pytest.mark.parametrize(("factor", "word"), [(1e-3, "千米"), (1e3, "毫米")])
def test_e108_other_units(factor: float, word: str) -> None:
    text = "\n".join(f"{i} {n * factor:.5f} {e * factor:.5f}" for i, (n, e) in enumerate(BLOCK, 1))
    reading = read_corners(text)
    assert word in remark_of(reading, "E108").message.zh
    assert same_ground(reading.polygonal.geometry, polygon(BLOCK))


# -- values ---------------------------------------------------------------------------------------


def test_e109_a_row_with_one_value() -> None:
    refusal = refused(table(BLOCK) + "\n5 4010200.00")
    assert (refusal.code, refusal.place.row) == ("E109", 5)
    assert refused(table(BLOCK) + "\n5 401020000 38401000.00").place.row == 5


@pytest.mark.parametrize("text", ["", "   \n", "你好", "1 2 3", "面积 0.32 平方公里"])
def test_e110_nothing_to_read(text: str) -> None:
    assert refused(text).code == "E110"


def test_e111_declared_by_the_heading_is_certain() -> None:
    heading = "点号 经度(度.分秒) 纬度(度.分秒)\n"
    rows = "1 112.3016 36.2055\n2 112.3116 36.2055\n3 112.3116 36.2139"
    reading = read_corners(heading + rows)
    assert "E111" not in codes(reading)
    assert reading.corners[0].lon == pytest.approx(112 + 30 / 60 + 16 / 3600)


def test_e111_one_reading_outside_the_region() -> None:
    south = Region(Text("本县", "this county"), (112.50, 36.30, 112.56, 36.40), margin_km=1)
    text = "1 112.3016 36.2055\n2 112.3116 36.2055\n3 112.3116 36.2139"
    reading = read_corners(text, ReadOptions(region=south))
    assert "以外" in remark_of(reading, "E111").message.zh
    assert reading.corners[0].lat == pytest.approx(36 + 20 / 60 + 55 / 3600)


def test_e111_minutes_of_60_exclude_the_packed_reading() -> None:
    reading = read_corners("1 112.9016 36.2055\n2 112.9116 36.2055\n3 112.9116 36.2159")
    assert reading.corners[0].lon == pytest.approx(112.9016)
    assert reading.alternatives == ()


def test_e112_minutes_of_60() -> None:
    text = "1 112°50′00″ 36°10′00″\n2 112°61′00″ 36°11′00″\n3 112°52′00″ 36°10′00″"
    refusal = refused(text)
    assert (refusal.code, refusal.place.row) == ("E112", 2)
    assert "112°61" in refusal.message.zh
    assert (
        refused("经纬度（度.分秒）\n1 112.5061 36.1\n2 112.51 36.1\n3 112.51 36.2").code == "E112"
    )


def test_e114_full_width_digits_and_letters_for_digits() -> None:
    text = (
        table(BLOCK).replace("4010300.00", "４０１０３００.００").replace("401500.00", "4015OO.0O")
    )
    found = remark_of(read_corners(text), "E114")
    assert "第 2、4 行" in found.message.zh


@pytest.mark.parametrize("mask", ["****002.38", "38****1000.00", "XXX1000.00", "4010***.00"])
def test_e115_masked_digits_are_never_guessed(mask: str) -> None:
    refusal = refused(table(BLOCK).replace("38401400.00", mask))
    assert (refusal.code, refusal.place.row) == ("E115", 2)


# -- rings ----------------------------------------------------------------------------------------


def test_e121_open_ring() -> None:
    found = remark_of(read_corners(table(BLOCK)), "E121")
    assert "583.1 m" in found.message.zh or "583.0 m" in found.message.zh
    assert "E121" not in [r.code for r in read_corners(table([*BLOCK, BLOCK[0]])).remarks]


def test_e122_duplicate_corners() -> None:
    rows = [BLOCK[0], BLOCK[1], BLOCK[1], *BLOCK[2:]]
    reading = read_corners(table(rows))
    assert remark_of(reading, "E122").message.zh == "第 2、3 点重复，已合并。"
    assert len(reading.corners) == 4
    kept = read_corners(table(rows), ReadOptions(declined=frozenset({"E122"})))
    assert len(kept.corners) == 5


def test_e123_near_duplicates_and_spikes_are_offered() -> None:
    near = [BLOCK[0], (4010000.30, 38401000.00), *BLOCK[1:]]
    reading = read_corners(table(near))
    assert not remark_of(reading, "E123").applied
    assert len(reading.corners) == 5
    assert len(read_corners(table(near), accepting("E123")).corners) == 4
    spike = [*BLOCK[:2], (4010250.0, 38402500.0), (4010299.0, 38401402.0), *BLOCK[2:]]
    assert "尖角" in remark_of(read_corners(table(spike)), "E123").message.zh


def test_e124_a_bow_tie_is_located_and_an_order_proposed() -> None:
    rows = [BLOCK[0], BLOCK[2], BLOCK[1], BLOCK[3]]
    refusal = refused(table(rows))
    assert refusal.code == "E124"
    assert "边 1–2 与边 3–4 相交于 北 40100" in refusal.message.zh
    (alternative,) = refusal.alternatives
    accepted = read_corners(table(rows), alternative.options)
    assert same_ground(accepted.polygonal.geometry, polygon(BLOCK))
    assert remark_of(accepted, "E124").applied


def test_e124_two_neighbours_swapped_in_a_larger_ring() -> None:
    angles = np.linspace(0, 2 * np.pi, 9, endpoint=False)
    ring = [(4010000 + 500 * np.cos(a), 38401000 + 500 * np.sin(a)) for a in angles]
    ring[4], ring[5] = ring[5], ring[4]
    refusal = refused(table(ring))
    assert refusal.alternatives[0].label.zh == "对调第 5、6 点"


def test_e125_numbers_prove_the_columns() -> None:
    text = "\n".join(
        f"{a + 1}|{BLOCK[a][0]:.2f}|{BLOCK[a][1]:.2f}|{b + 1}|{BLOCK[b][0]:.2f}|{BLOCK[b][1]:.2f}"
        for a, b in [(0, 2), (1, 3)]
    )
    reading = read_corners("点号|X|Y|点号|X|Y|2000国家大地坐标系\n" + text)
    assert remark_of(reading, "E125").level is Level.DONE
    assert same_ground(reading.polygonal.geometry, polygon(BLOCK))


def test_e125_without_numbers_and_both_orders_possible_is_asked() -> None:
    comb = [(800, 200), (0, 300), (500, 300), (0, 600), (300, 500), (700, 700)]
    cells = [f"{4010000 + n:.2f} {38401000 + e:.2f}" for n, e in comb]
    text = "\n".join(f"{cells[i]} {cells[i + 1]}" for i in (0, 2, 4))
    refusal = refused(text)
    assert refusal.code == "E125"
    areas = set()
    for alternative in refusal.alternatives:
        reading = read_corners(text, alternative.options)
        assert same_ground(reading.polygonal.geometry, alternative.polygonal.geometry)
        areas.add(round(alternative.area_km2, 6))
    assert len(areas) == 2


def test_e125_numbers_out_of_sequence_in_one_column() -> None:
    text = table([BLOCK[0]]) + "\n3" + table([BLOCK[2]])[1:]
    text += "\n2" + table([BLOCK[1]])[1:] + "\n4" + table([BLOCK[3]])[1:]
    reading = read_corners(text)
    assert remark_of(reading, "E125").level is Level.CONFIRM
    assert same_ground(reading.polygonal.geometry, polygon(BLOCK))


def test_e126_orientation_follows_the_norm() -> None:
    reading = read_corners(table(BLOCK[::-1]))
    assert remark_of(reading, "E126").level is Level.INFO
    assert not reading.polygonal.parts[0].exterior.is_ccw
    assert "E126" not in codes(read_corners(table(BLOCK)))


def test_e127_a_ring_inside_is_subtracted_and_can_be_kept() -> None:
    text = table(BLOCK) + "\n\n" + table(HOLE)
    reading = read_corners(text)
    assert remark_of(reading, "E127").level is Level.CONFIRM
    assert same_ground(reading.polygonal.geometry, polygon(BLOCK).difference(polygon(HOLE)))
    kept = read_corners(text, ReadOptions(declined=frozenset({"E127"})))
    assert same_ground(kept.polygonal.geometry, polygon(BLOCK))


def test_e127_a_ring_named_as_subtracted_lies_outside() -> None:
    far = [(n + 5000, e) for n, e in HOLE]
    refusal = refused(table(BLOCK) + "\n扣除范围\n" + table(far))
    assert refusal.code == "E127"
    crossing = [(n, e + 350) for n, e in HOLE]
    assert refused(table(BLOCK) + "\n扣除范围\n" + table(crossing)).code == "E124"


def test_e127_overlapping_parts_are_united_and_said() -> None:
    other = [(n + 200, e) for n, e in BLOCK]
    text = table(BLOCK) + "\n标高 1200 1100\n" + table(other) + "\n标高 1100 1000"
    reading = read_corners(text)
    assert "重叠" in remark_of(reading, "E127").message.zh
    assert reading.elevation == ElevationRange(1200, 1000)
    assert reading.polygonal.geometry.is_valid


def test_several_named_parts() -> None:
    text = (
        "一采区\n" + table(BLOCK) + "\n二采区\n" + table([(n + 2000, e) for n, e in BLOCK], start=5)
    )
    reading = read_corners(text)
    assert [corner.part for corner in reading.corners] == [1] * 4 + [2] * 4


def test_e128_numbers_start_late_or_are_missing() -> None:
    reading = read_corners(table(BLOCK, start=13))
    assert remark_of(reading, "E128").message.zh == "点号从 13 开始，共 4 点。"
    gap = table(BLOCK).replace("\n4 ", "\n5 ")
    assert "缺 4" in remark_of(read_corners(gap), "E128").message.zh


def test_e129_no_area() -> None:
    assert refused(table(BLOCK[:2])).message.zh == "拐点表只有 2 个不同的点，不能成面。"
    line = [(4010000 + i * 100, 38401000 + i * 100) for i in range(4)]
    assert refused(table(line)).code == "E129"


@pytest.mark.parametrize(
    ("row", "upper", "lower"),
    [
        ("* | 1215 | 1080", 1215, 1080),
        ("标高 1215 1080", 1215, 1080),
        ("5 1215 1080", 1215, 1080),
        ("1080,1215", 1215, 1080),
        ("开采标高：由+725.92米至545米", 725.92, 545),
        ("开采标高：1215m～-80m", 1215, -80),
        ("开采深度：由1215至1080米标高", 1215, 1080),
        ("准采标高1215-1080m", 1215, 1080),
    ],
)
def test_e131_elevation_rows(row: str, upper: float, lower: float) -> None:
    reading = read_corners(table(BLOCK) + "\n" + row)
    assert reading.elevation == ElevationRange(upper, lower)
    assert remark_of(reading, "E131").level is Level.DONE
    assert len(reading.corners) == 4


def test_e133_figures_that_were_not_used_are_named() -> None:
    reading = read_corners(table(BLOCK) + "\n第 3 页 共 7 页")
    assert "第 3 页" in remark_of(reading, "E133").message.zh
    spare = read_corners(table(BLOCK).replace("401900.00", "401900.00 17269.5"))
    assert remark_of(spare, "E133").level is Level.CONFIRM


# -- datum ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["1980西安坐标系", "西安80", "1954北京坐标系", "北京54坐标系"])
def test_e141_old_datums_need_parameters(name: str) -> None:
    refusal = refused(f"坐标系：{name}\n" + table(BLOCK))
    assert refusal.code == "E141"
    assert refusal.hint is not None
    kept = read_corners(f"坐标系：{name}\n" + table(BLOCK), ReadOptions(keep_datum=True))
    assert not kept.understanding.system.datum.is_current
    assert remark_of(kept, "E141").level is Level.CONFIRM


def test_e141_accepted_with_stated_parameters() -> None:
    shift = PlaneShift(Datum.XIAN80, dn=2.07, de=114.81, stated_by="市级控制点成果")
    text = "1980西安坐标系\n" + table([(n - 2.07, e - 114.81) for n, e in BLOCK])
    reading = read_corners(text, ReadOptions(shift=shift))
    assert same_ground(reading.polygonal.geometry, polygon(BLOCK), metres=1e-3)
    assert reading.understanding.shift == shift
    assert "市级控制点成果" in reading.understanding.sentence.zh
    assert reading.polygonal.edge_system.datum is Datum.CGCS2000
    wrong = SevenParameters(Datum.BEIJING54, 10, 20, 30)
    assert refused(text, ReadOptions(shift=wrong)).code == "E141"


def test_e141_wgs84_counts_as_cgcs2000_and_silence_is_said() -> None:
    reading = read_corners("WGS84\n" + table(BLOCK))
    assert "WGS84" in remark_of(reading, "E141").message.zh
    silent = remark_of(read_corners(table(BLOCK)), "E141")
    assert "没有写明坐标系" in silent.message.zh


def test_e142_offset_of_web_maps() -> None:
    known = polygon(BLOCK)
    moved = shapely.transform(known, lambda c: c + np.array([0.0065, 0.0006]))
    suspicion = gcj02_suspicion(moved, known)
    assert suspicion is not None
    assert suspicion.distance_m == pytest.approx(587, abs=10)
    assert gcj02_suspicion(known, known) is None
    assert gcj02_suspicion(moved, moved.buffer(0.01)) is None
    text = "\n".join(f"{x:.9f} {y:.9f}" for x, y in moved.exterior.coords)
    found = remark_of(read_corners(text, ReadOptions(reference=known)), "E142")
    assert "火星坐标" in found.message.zh
    assert remark_of(read_corners(text, ReadOptions(web_map=True)), "E142").level is Level.CONFIRM


# -- extent and area ------------------------------------------------------------------------------


def test_e151_outside_the_region() -> None:
    small = Region(Text("本县", "this county"), (112.8, 36.0, 112.905, 36.3), margin_km=20)
    found = remark_of(read_corners(table(BLOCK), ReadOptions(region=small)), "E151")
    assert re.search(r"有 \d 个点在本县以外", found.message.zh)


def test_e152_stated_area() -> None:
    reading = read_corners(table(BLOCK), ReadOptions(stated_area_km2="0.2750"))
    assert reading.area_match is not None
    assert remark_of(reading, "E152").level is Level.INFO
    wrong = read_corners(table(BLOCK) + "\n矿区面积：0.3046平方公里")
    assert remark_of(wrong, "E152").level is Level.CONFIRM
    with pytest.raises(InputError, match="E152"):
        read_corners(table(BLOCK), ReadOptions(stated_area_km2="很大"))


def test_e153_few_decimals() -> None:
    text = "\n".join(f"{i} {n:.0f} {e:.0f}" for i, (n, e) in enumerate(BLOCK, 1))
    assert "0 位小数" in remark_of(read_corners(text), "E153").message.zh


def test_e154_very_many_corners() -> None:
    angles = np.linspace(0, 2 * np.pi, 1204, endpoint=False)
    ring = [(4010000 - 5000 * np.sin(a), 38401000 + 5000 * np.cos(a)) for a in angles]
    assert "1,204" in remark_of(read_corners(table(ring)), "E154").message.zh


def test_e155_a_corner_ten_kilometres_off() -> None:
    rows = [*BLOCK[:2], (4020100.00, 38401900.00), BLOCK[3]]
    found = remark_of(read_corners(table(rows)), "E155")
    assert found.place.row == 3
    assert "约 10.1 km" in found.message.zh
    assert found.fix is not None
    assert "4020100.00 是否应为 4010100.00" in found.fix.zh


# -- the message table ----------------------------------------------------------------------------


def test_every_message_has_both_languages_and_the_same_placeholders() -> None:
    for key, entry in messages().items():
        assert re.fullmatch(r"E1\d\d(-[a-z0-9]+)?", key)
        names = [set(re.findall(r"{(\w+)}", entry[word])) for word in ("zh", "en")]
        assert names[0] == names[1], key
        fixes = [set(re.findall(r"{(\w+)}", entry.get(f"fix_{w}", ""))) for w in ("zh", "en")]
        assert fixes[0] == fixes[1], key
        assert ("fix_zh" in entry) == ("fix_en" in entry), key
        made = remark(key, **dict.fromkeys(names[0] | fixes[0], "x"))
        assert made.code == key[:4]
        assert made.to_dict()["level"] == entry["level"]
        if made.level in (Level.BLOCKING, Level.CONFIRM):
            assert made.fix is not None, key
