"""Every way of writing the same block gives the same polygon."""

from __future__ import annotations

import pytest

from minplan.core.errors import InputError, Place
from minplan.core.geometry.corners import (
    Level,
    Notation,
    Order,
    ReadOptions,
    decode,
    read_corners,
    read_draft,
    read_table,
)
from minplan.core.geometry.corners.draft import Block, Draft, Point, Ring, Value
from minplan.core.geometry.crs import CoordinateSystem, Datum
from minplan.core.geometry.polygonal import ElevationRange
from minplan.core.text import Text

from .samples import (
    BLOCK,
    HOLE,
    IN_CITY,
    ZONE_38,
    codes,
    polygon,
    refused,
    remark_of,
    same_ground,
    table,
)

FULL_WIDTH = {ord("0") + i: ord("０") + i for i in range(10)}


def lines(pattern: str) -> str:
    return "\n".join(
        pattern.format(i=i, n=n, e=e, plain=e - 38e6) for i, (n, e) in enumerate(BLOCK, 1)
    )


@pytest.mark.parametrize(
    "text",
    [
        lines("{i} {n:.2f} {e:.2f}"),
        lines("{i}\t{n:.2f}\t{e:.2f}"),
        lines("{i}，{n:.2f}，{e:.2f}"),
        lines("{i}；{n:.2f}；{e:.2f}"),
        lines("{i}、{n:.2f},{e:.2f}"),
        lines("| {i} | {n:.2f} | {e:.2f} |"),
        lines("J{i}：{n:.2f}　{e:.2f}"),
        lines("拐点{i}(X={n:.2f}, Y={e:.2f})"),
        lines("第{i}点 X:{n:.2f} Y:{e:.2f}"),
        lines("{i}\t{n:,.2f}\t{e:,.2f}"),
        lines("{i},{n:,.2f},{e:,.2f}"),
        lines("{i};{n:.2f};{e:.2f}").replace(".", ","),
        lines("{n:.2f} {e:.2f}"),
        lines("{i}、{n:.2f},{e:.2f}；").replace("\n", ""),
        lines("{i}\n{n:.2f}\n{e:.2f}"),
        "点号\tX\tY\n" + lines("{i}\t{n:.2f}\t{e:.2f}") + "\n1\t4010000.00\t38401000.00",
        lines("{i} {n:.2f} {e:.2f} 1215.5"),
        lines("{i} {e:.2f} {n:.2f}"),
        lines("{i} {plain:.2f} {n:.2f}"),
        lines("{i} {n:.2f} 38 {plain:.2f}"),
        lines("{i} {n:.2f} {e:.2f}").translate(FULL_WIDTH),
        lines("{i} {n:.2f} {e:.2f}").replace(".00", ".OO"),
    ],
    ids=lambda text: text.splitlines()[0] if isinstance(text, str) else str(text),
)
def test_tables_in_any_form_give_the_same_block(text: str) -> None:
    reading = read_corners(text, IN_CITY)
    assert same_ground(reading.polygonal.geometry, polygon(BLOCK))
    assert reading.polygonal.edge_system.zone == 38


def test_the_understanding_is_one_sentence_with_the_reason() -> None:
    reading = read_corners("2000国家大地坐标系\n点号 X Y\n" + table(BLOCK))
    assert reading.understanding.system == ZONE_38
    assert reading.understanding.order is Order.NORTH_EAST
    assert reading.understanding.sentence.zh == (
        "按拐点表读取：平面坐标（米），北、东；2000国家大地坐标系 3度带 38带"
        "（中央经线114°E，含带号），带号由坐标所带；1 个部分、4 个拐点。"
    )
    assert "zone told by the prefix" in reading.understanding.sentence.en
    assert codes(reading) == []


def test_corners_keep_what_was_printed_and_where() -> None:
    corner = read_corners("点号 X Y\n" + table(BLOCK, start=7)).corners[1]
    assert corner.number == "8"
    assert corner.printed == ("4010300.00", "38401400.00")
    assert corner.place == Place(row=3, corner="8")
    assert (corner.part, corner.ring) == (1, 1)


@pytest.mark.parametrize(
    "row",
    [
        "{d:.0f}°{m:02.0f}′{s:06.3f}″",
        "{d:.0f}° {m:02.0f}’ {s:06.3f}”",
        "{d:.0f}º{m:02.0f}'{s:06.3f}''",
        "{d:.0f}度{m:02.0f}分{s:06.3f}秒",
        "{d:.0f}-{m:02.0f}-{s:06.3f}",
        "{d:.0f}:{m:02.0f}:{s:06.3f}",
    ],
)
@pytest.mark.parametrize("marks", [("", ""), ("E", "N"), ("东经", "北纬")])
def test_degrees_minutes_seconds_with_any_quotes(row: str, marks: tuple[str, str]) -> None:
    shape = polygon(BLOCK)
    printed = []
    for i, (lon, lat) in enumerate(list(shape.exterior.coords)[:-1], 1):
        values = []
        for mark, value in zip(marks, (lon, lat), strict=True):
            milli = round(value * 3_600_000)
            parts = {"d": milli // 3_600_000, "m": milli // 60_000 % 60, "s": milli % 60_000 / 1e3}
            values.append(mark + row.format(**parts))
        printed.append(f"{i}\t{values[0]}\t{values[1]}")
    reading = read_corners("\n".join(printed))
    assert reading.understanding.notation is Notation.DMS
    assert reading.understanding.order is Order.LON_LAT
    assert same_ground(reading.polygonal.geometry, shape, metres=0.03)


def test_degrees_with_decimal_minutes_and_plain_degree_signs() -> None:
    shape = polygon(BLOCK)
    corners = list(shape.exterior.coords)[:-1]
    minutes = "\n".join(
        f"{int(x)}°{x % 1 * 60:.6f}′ {int(y)}°{y % 1 * 60:.6f}′" for x, y in corners
    )
    signs = "\n".join(f"{x:.8f}° {y:.8f}°" for x, y in corners)
    assert same_ground(read_corners(minutes).polygonal.geometry, shape, metres=0.01)
    assert same_ground(read_corners(signs).polygonal.geometry, shape, metres=0.01)


def test_degrees_minutes_and_seconds_in_cells_of_their_own() -> None:
    rows = ["112 54 05.76 36 12 03.1", "112 55 05.76 36 12 03.1", "112 55 05.76 36 13 03.1"]
    for separator in (" ", "\t", ","):
        text = "\n".join(f"{i} {row}".replace(" ", separator) for i, row in enumerate(rows, 1))
        reading = read_corners(text)
        assert reading.corners[0].lon == pytest.approx(112 + 54 / 60 + 5.76 / 3600)
        assert reading.corners[2].lat == pytest.approx(36 + 13 / 60 + 3.1 / 3600)


def test_corners_in_the_middle_of_a_sentence() -> None:
    corners = "；".join(f"{i}、X={n:.2f}，Y={e:.2f}" for i, (n, e) in enumerate(BLOCK, 1))
    reading = read_corners(
        f"拟设矿区由以下4个拐点圈定（2000国家大地坐标系，3度带）：{corners}。"
        "矿区面积0.2750平方公里，开采标高由1215米至1080米，生产规模100万吨/年。"
    )
    assert [corner.number for corner in reading.corners] == ["1", "2", "3", "4"]
    assert reading.elevation == ElevationRange(1215, 1080)
    assert reading.stated_area == ("0.2750", "km²")
    assert codes(reading) == ["E152"]


BAOPAN = """[登记项目]
***采矿权新立项目内容***
矿山名称=某石料厂
坐标系统=3
矿区范围拐点坐标与标高的总行数=  8
XY001=1,4010000.00,38401000.00
XY002=2,4010300.00,38401400.00
XY003=3,4010100.00,38401900.00
XY004=4,4009700.00,38401500.00
XY005=标高,1215,1080,,1
XY006=1,4010000.00,38401400.00
XY007=2,4010010.00,38401500.00
XY008=3,4009950.00,38401500.00
"""


def test_exchange_file_of_a_mining_right() -> None:
    reading = read_corners(BAOPAN.replace("  8", "  9") + "XY009=标高,1215,1080,,-1\n")
    assert reading.understanding.dialect.startswith("mining-right exchange file")
    assert same_ground(reading.polygonal.geometry, polygon(BLOCK).difference(polygon(HOLE)))
    assert reading.elevation == ElevationRange(1215, 1080)
    assert reading.parcels[0].name == "某石料厂"
    assert reading.attributes["坐标系统"] == "3"


def test_exchange_file_with_a_wrong_row_count_is_refused() -> None:
    refusal = refused(BAOPAN.replace("  8", "  9"))
    assert refusal.code == "E117"
    assert "写明 9 行，实有 8 行" in refusal.message.zh


def test_exchange_file_in_xian_80_says_so() -> None:
    assert refused(BAOPAN.replace("坐标系统=3", "坐标系统=2")).code == "E141"


GUOTU = """[属性描述]
坐标系=2000国家大地坐标系
几度分带=3
带号=38
转换参数=0,0,0,0,0,0,0
[地块坐标]
4,32.0000,1,甲地块,面,,采矿用地,,@
J1,1,4010000.000,401000.000
J2,1,4010300.000,401400.000
J3,1,4010100.000,401900.000
J4,1,4009700.000,401500.000
"""


def test_land_survey_text_without_prefix_and_open() -> None:
    reading = read_corners(GUOTU)
    assert same_ground(reading.polygonal.geometry, polygon(BLOCK))
    assert reading.parcels[0].stated_area == ("32.0000", "ha")
    assert "文中写明带号 38" in reading.understanding.sentence.zh
    assert remark_of(reading, "E121").level is Level.INFO


def test_land_survey_rings_from_the_second_on_are_holes() -> None:
    hole = "\n".join(f"J{i},2,{n:.3f},{e - 38e6:.3f}" for i, (n, e) in enumerate(HOLE, 5))
    reading = read_corners(GUOTU.replace("4,32.0000", "7,32.0000") + hole)
    assert reading.understanding.holes == 1
    assert same_ground(reading.polygonal.geometry, polygon(BLOCK).difference(polygon(HOLE)))


def test_land_survey_parcels_stay_apart() -> None:
    second = GUOTU.split("[地块坐标]\n")[1].replace("甲", "乙").replace(",4010", ",4014")
    second = second.replace(",4009", ",4013")
    reading = read_corners(GUOTU + second)
    assert [parcel.name for parcel in reading.parcels] == ["甲地块", "乙地块"]
    assert same_ground(reading.parcels[0].polygonal.geometry, polygon(BLOCK))
    assert len(reading.polygonal.parts) == 2
    assert remark_of(reading, "E136").level is Level.INFO


def test_land_survey_faults_are_named_all_at_once() -> None:
    broken = GUOTU.replace("J2,1,4010300.000,401400.000", "J2,1,4010300.000").replace(
        "J3,1,", "J3,一,"
    )
    refusal = refused(broken)
    assert refusal.code == "E118"
    assert "第 9、10 行" in refusal.message.zh
    assert refused(GUOTU.replace("4,32.0000", "9,32.0000")).code == "E117"


def test_land_survey_parameters_of_transformation_are_not_used_silently() -> None:
    reading = read_corners(GUOTU.replace("转换参数=0,", "转换参数=12.5,"))
    assert remark_of(reading, "E119").level is Level.CONFIRM


MINING = (
    "1,4,1,4010000.00,38401000.00,2,4010300.00,38401400.00,3,4010100.00,38401900.00,"
    "4,4009700.00,38401500.00,1500,1200,,1,"
)


def test_registry_string_of_a_mining_right() -> None:
    reading = read_corners(MINING)
    assert same_ground(reading.polygonal.geometry, polygon(BLOCK))
    assert reading.elevation == ElevationRange(1500, 1200)


def test_registry_string_of_a_mining_right_with_an_excluded_part() -> None:
    hole = "".join(f"{i},{n:.2f},{e:.2f}," for i, (n, e) in enumerate(HOLE, 1))
    reading = read_corners("2" + MINING[1:] + "3," + hole + "1500,1200,扣除,-1")
    assert reading.understanding.holes == 1


EXPLORATION = "1,4,112.5600,36.1300,112.5700,36.1300,112.5700,36.1200,112.5600,36.1200,0,0,0,"


def test_registry_string_of_an_exploration_right_is_packed_for_certain() -> None:
    reading = read_corners(EXPLORATION)
    assert reading.understanding.notation is Notation.PACKED
    assert reading.corners[0].lon == pytest.approx(112 + 56 / 60)
    assert reading.corners[0].lat == pytest.approx(36 + 13 / 60)
    assert codes(reading) == []


@pytest.mark.parametrize(
    ("text", "position", "why"),
    [
        (EXPLORATION + "7", "#14", "多余"),
        (EXPLORATION.replace("1,4,", "1,5,", 1), "#14", "保留值"),
        (EXPLORATION.replace("112.5700", "112.6700", 1), "#5", "60"),
        (EXPLORATION[:40], "#8", "坐标"),
        (MINING[:-2] + "5,", "#18", "标志"),
        (MINING[:-2], "#18", "标志"),
    ],
)
def test_registry_strings_are_read_to_the_end_or_refused_with_the_position(
    text: str, position: str, why: str
) -> None:
    refusal = refused(text)
    assert (refusal.code, refusal.place.field) == ("E116", position)
    assert why in refusal.message.zh


def test_sheet_cells_keep_their_addresses() -> None:
    rows = [["点号", "X", "Y"]] + [
        [str(i), f"{n:.2f}", f"{e:.2f}"] for i, (n, e) in enumerate(BLOCK, 1)
    ]
    places = [[Place(row=r + 1, field=f"{c}{r + 1}") for c in "ABC"] for r in range(len(rows))]
    reading = read_table(rows, places=places)
    assert same_ground(reading.polygonal.geometry, polygon(BLOCK))
    assert reading.corners[0].place.field == "A2"
    rows[3][2] = "****900.00"
    with pytest.raises(InputError, match="E115") as caught:
        read_table(rows, places=places)
    assert caught.value.place.field == "A4"


def test_sheet_with_two_numbers_in_one_cell() -> None:
    rows = [[str(i), f"{n:.2f}", f"{e:.2f}"] for i, (n, e) in enumerate(BLOCK, 1)]
    rows[2][0] = "3 4"
    reading = read_table(rows)
    assert remark_of(reading, "E130").applied
    assert [corner.number for corner in reading.corners] == ["1", "2", "3", "4"]


@pytest.mark.parametrize(
    ("encoding", "name"),
    [("utf-8", "utf-8"), ("utf-8-sig", "utf-8-sig"), ("gbk", "gb18030"), ("utf-16", "utf-16")],
)
def test_bytes_are_decoded_whatever_wrote_them(encoding: str, name: str) -> None:
    assert decode(BAOPAN.encode(encoding)) == (BAOPAN, name)


@pytest.mark.parametrize("data", [b"\xff\xff\xff", b"\x00\x01\x02\x03", b"\xff\xfe\x00"])
def test_bytes_that_are_no_text_are_refused(data: bytes) -> None:
    with pytest.raises(InputError, match="E145"):
        decode(data)


def test_declared_central_meridian_and_width() -> None:
    plain = "\n".join(f"{i} {n:.2f} {e - 38e6:.2f}" for i, (n, e) in enumerate(BLOCK, 1))
    reading = read_corners("中央子午线114°\n" + plain)
    assert reading.understanding.system == CoordinateSystem(Datum.CGCS2000, 3, 38, prefixed=False)
    reading = read_corners("高斯投影6°带，中央经线117度\n" + plain)
    assert (reading.understanding.system.width, reading.understanding.system.zone) == (6, 20)
    stated = ReadOptions(system=CoordinateSystem(Datum.CGCS2000, 3, 38, prefixed=False))
    assert same_ground(read_corners(plain, stated).polygonal.geometry, polygon(BLOCK))


def test_corner_numbers_of_five_digits() -> None:
    reading = read_corners(table(BLOCK, start=10001))
    assert [corner.number for corner in reading.corners][-1] == "10004"
    assert same_ground(reading.polygonal.geometry, polygon(BLOCK))


def test_a_draft_made_by_others_is_read_by_the_same_engine() -> None:
    rows = [(f"{n:.2f}", f"{e:.2f}") for n, e in BLOCK]
    points = tuple(
        Point(str(i), (Value(n, float(n), 2), Value(e, float(e), 2)), Place(row=i))
        for i, (n, e) in enumerate(rows, 1)
    )
    draft = Draft(Text("图形", "shape"), (Block((Ring(points),)),))
    reading = read_draft(draft)
    assert reading.understanding.sentence.zh.startswith("按图形读取")
    assert same_ground(reading.polygonal.geometry, polygon(BLOCK))
