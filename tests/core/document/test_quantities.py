"""Quantities in text and tables, in the words plans use."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from minplan.core.document.building import document, table
from minplan.core.document.model import Bound, PlanDocument, Quantity
from minplan.core.document.quantities import quantities
from minplan.core.document.quantities.figures import find_figures, find_years
from minplan.core.document.quantities.vocabulary import find_unit, units


def read(*parts: object) -> tuple[Quantity, ...]:
    return quantities(document(*parts))  # type: ignore[arg-type]


def one(text: str) -> Quantity:
    (found,) = read(text)
    return found


@pytest.mark.parametrize(
    ("text", "span", "bound", "unit"),
    [
        ("石灰岩年开采总量控制在 2610 万吨/年左右", (26_100_000, 26_100_000), "=", "吨/年"),
        ("最低开采规模不低于 50 万吨/年", (500_000, None), ">=", "吨/年"),
        ("探明储量 640-1280 亿立方米", (64_000_000_000, 128_000_000_000), "range", "立方米"),
        ("达标率达到 95%以上", (95, None), ">=", "%"),
        ("煤炭产能保持在 1.8 亿吨/年以内", (None, 180_000_000), "<=", "吨/年"),
        ("综合利用率提高 3—5 个百分点", (3, 5), "range", "百分点"),
        ("治理面积约 16 平方公里", (16_000_000, 16_000_000), "=", "平方米"),
        ("资金总投入 167,277.96 万元", (1_672_779_600, 1_672_779_600), "=", "元"),
        ("资金总投入 ３．５ 亿元", (350_000_000, 350_000_000), "=", "元"),
        ("控制深度大于 300 米", (300, None), ">=", "米"),
    ],
)
def test_figures_with_bounds_and_units(
    text: str, span: tuple[int | None, int | None], bound: str, unit: str
) -> None:
    found = one(text)
    assert (found.base_low, found.base_high) == span
    assert found.bound is Bound(bound)
    assert found.base_unit == unit
    assert found.about == ("左右" in text or "约" in text)


def test_an_acre_is_exact() -> None:
    found = one("沉陷区面积 3 亩")
    assert found.base_low == Decimal(2000)


def test_where_it_stands() -> None:
    text = "全市共有铁矿矿山企业 35 个，规模以小型居多。"
    found = one(text)
    assert text[found.spot.start : found.spot.end] == "35 个"
    assert found.spot.quote == "35 个"
    assert (found.subject, found.attribute) == ("铁矿", "矿山数")


def test_two_years_of_one_count() -> None:
    old, new = read("矿山企业总数由 2015 年的 334 个压减到 2020 年的 291 个。")
    assert [(q.low, q.year, q.attribute) for q in (old, new)] == [
        (334, 2015, "矿山数"),
        (291, 2020, "矿山数"),
    ]


def test_comparison_of_years_holds_for_all_that_follows() -> None:
    found = read(
        "2020年与2015年相比：煤炭产量从9943.24万吨增加到12123.63万吨；石灰岩产量从681.95万吨增加到2317万吨。"
    )
    assert [q.year for q in found] == [2015, 2020, 2015, 2020]
    assert [q.subject for q in found] == ["煤炭", "煤炭", "石灰岩", "石灰岩"]


def test_a_list_hands_its_attribute_on() -> None:
    found = read("力争新增探明地质储量：煤层气 640-1280 亿立方米、煤炭 4 亿吨、铁矿 3000 万吨。")
    assert {q.attribute for q in found} == {"探明储量"}
    assert [q.subject for q in found] == ["煤层气", "煤炭", "铁矿"]
    assert all("新增" in q.qualifiers for q in found)


def test_one_figure_for_each_of_several_minerals() -> None:
    found = read("锡矿、铜矿和磷矿为优势矿产，保有资源量分别为12万吨、30万吨和1800万吨。")
    assert [(q.subject, q.attribute) for q in found] == [
        ("锡矿", "保有资源量"),
        ("铜矿", "保有资源量"),
        ("磷矿", "保有资源量"),
    ]


def test_parts_behind_a_change_are_of_what_there_is() -> None:
    *_, less, large = read("有采矿权37个，比2015年底的62个减少25个；其中大型3个。")
    assert "增减" in less.qualifiers
    assert (large.attribute, large.qualifiers) == ("采矿权数", ("大型",))


def test_a_least_scale_is_one_however_it_is_told() -> None:
    (said,) = read("到2025年，建筑石料矿山规模不得低于50万吨/年。")
    assert (said.attribute, said.year, said.bound) == ("最低开采规模", None, Bound.AT_LEAST)


def test_a_change_from_an_earlier_year_ends_in_the_base_year() -> None:
    found = read(
        "规划基期为2020年。",
        "2015年底有采矿权163个；大中型矿山由68个增加到71个。",
    )
    assert [q.year for q in found] == [2015, 2015, 2020]


def test_parts_in_brackets() -> None:
    whole, first, second = read(
        "到 2025 年，石灰岩开采总量 2610 万吨/年（其中建筑石料用灰岩为 1900 万吨/年、"
        "水泥用灰岩为 710 万吨/年）。"
    )
    assert {q.attribute for q in (whole, first, second)} == {"开采总量"}
    assert [q.subject for q in (whole, first, second)] == [
        "石灰岩",
        "建筑石料用灰岩",
        "水泥用灰岩",
    ]


def test_each_of_several_minerals() -> None:
    found = read("重点勘查区 3 个，其中铝土矿、铁矿、煤层气各 1 个。")
    assert [(q.subject, q.low) for q in found[1:]] == [("铝土矿", 1), ("铁矿", 1), ("煤层气", 1)]


def test_aliases_are_one_mineral() -> None:
    assert one("水泥用石灰岩产量 5 万吨").subject == one("水泥灰岩产量 5 万吨").subject
    assert one("石英岩矿山企业 6 个").subject == "石英岩"


def test_a_highway_is_no_iron() -> None:
    (found,) = read("在高铁、高速公路两侧治理面积 3 公顷。")
    assert found.subject == ""


def test_a_share_of_the_province_is_not_of_the_plan() -> None:
    area, share = read("面积13955平方公里，占全省总面积的8.90%。")
    assert area.region == ""
    assert share.region == "全省"


def test_county_year_and_mineral_of_headings() -> None:
    found = read(
        "第八章 分县规划",
        "一、东泽市武乡县矿产资源规划",
        "（一）2025 年规划目标",
        "1. 煤炭",
        "产量控制在 1800 万吨/年，矿山数量 6 个。",
    )
    assert {(q.region, q.year, q.subject) for q in found} == {("武乡县", 2025, "煤炭")}


@pytest.mark.parametrize(
    "text",
    [
        "晋自然资发〔2022〕43号",
        "1:5 万区域地质调查",
        "到 2025 年",
        "第 3 类",
        "CS001 集中开采区 001",
    ],
)
def test_what_is_no_quantity(text: str) -> None:
    assert read(text) == ()


def test_a_table_with_units_in_headings_and_labels() -> None:
    made = table(
        "表1",
        "规划主要指标",
        [
            ["规划指标", "", "2025 年"],
            ["年开采总量", "煤（亿吨）", "1.7"],
            ["", "角闪岩（万立方米）", "3"],
            ["历史遗留矿山修复面积（公顷）", "", "447.81"],
        ],
    )
    coal, hornblende, area = read(made)
    assert (coal.subject, coal.year, coal.base_low) == ("煤炭", 2025, 170_000_000)
    assert (hornblende.attribute, hornblende.base_unit) == ("开采总量", "立方米/年")
    assert (area.attribute, area.base_low) == ("面积", Decimal("4478100.00"))


def test_a_table_by_county() -> None:
    made = table(
        "表1",
        "各县恢复治理面积",
        [["县（区）", "治理面积", "面积"], ["东川县", "2.5", "3"], ["合计", "2.5", "3"]],
        unit="平方公里",
    )
    found = read(made)
    assert [(q.region, q.base_low) for q in found][:2] == [
        ("东川县", 2_500_000),
        ("东川县", 3_000_000),
    ]
    assert found[-1].region == ""


def test_a_folded_table_keeps_the_headings_of_each_band() -> None:
    made = table(
        "表1",
        "2020 年矿山概况",
        [
            ["矿产名称", "煤炭", "铁矿"],
            ["矿山数量", "113", "35"],
            ["矿产名称", "石膏", "砂岩"],
            ["矿山数量", "9", "1"],
        ],
    )
    assert [(q.subject, q.low) for q in read(made)] == [
        ("煤炭", 113),
        ("铁矿", 35),
        ("石膏", 9),
        ("砂岩", 1),
    ]


def test_prose_in_a_cell() -> None:
    made = table(
        "专栏1",
        "治理分区",
        [["名称", "问题"], ["东区", "塌陷面积2.5162平方公里，破坏农田616.42亩。"]],
    )
    first, second = read(made)
    assert first.spot.row == 2
    assert second.base_low is not None
    assert abs(second.base_low - Decimal(410946)) < 1


def test_an_empty_document_has_none() -> None:
    assert quantities(PlanDocument("空", "", (), ())) == ()


@given(st.text(max_size=200))
def test_any_text_is_read(text: str) -> None:
    for figure in find_figures(text):
        assert 0 <= figure.start <= figure.number_start < figure.end <= len(text)
    for year in find_years(text):
        assert text[year.start : year.end]
    for item in read(f"正文{text}。"):
        assert item.base_low is None or isinstance(item.base_low, Decimal)


@given(
    st.decimals(min_value=0, max_value=10**9, places=3, allow_nan=False),
    st.sampled_from(sorted(set(units()) - {"年"})),
)
def test_every_unit_round_trips(value: Decimal, name: str) -> None:
    found = find_figures(f"面积{value}{name}")
    assert [figure.unit.name for figure in found] == [name]
    unit = find_unit(name)
    assert unit is not None
    assert found[0].low == value
    assert unit[0].to_base(value) >= 0


def test_a_unit_behind_a_slash_in_a_heading() -> None:
    made = table(
        "表2",
        "2020年各县（市、区）矿业情况表",
        [["县（市、区）", "开采量/万吨", "从业人员/人"], ["青石县", "386.4", "4215"]],
    )
    output, people = read(made)
    assert (output.attribute, output.base_low, output.base_unit) == (
        "开采总量",
        Decimal(3_864_000),
        "吨/年",
    )
    assert (people.attribute, people.low, people.region) == ("从业人员", 4215, "青石县")


def test_a_column_of_units_is_not_for_counts_beside_it() -> None:
    made = table(
        "表6",
        "采矿权与开采总量调控表",
        [
            ["矿种", "2020年采矿权", "注销", "2025年开采总量", "单位"],
            ["铁矿", "3", "1", "260", "万吨"],
        ],
    )
    assert [(item.attribute, item.base_unit) for item in read(made)] == [
        ("采矿权数", "个"),
        ("采矿权数", "个"),
        ("开采总量", "吨/年"),
    ]


def test_a_division_is_of_what_was_counted() -> None:
    found = read(
        "全市有效采矿权 186 个，其中煤矿 40 个。按规模分，大型 28 个、中型 57 个、小型 101 个；"
        "按矿类分，能源矿产 46 个、金属矿产 140 个。"
    )
    assert {item.attribute for item in found} == {"采矿权数"}
    assert [item.qualifiers for item in found[2:]] == [("大型",), ("中型",), ("小型",), (), ()]
    assert [item.subject for item in found] == ["", "煤炭", "", "", "", "", ""]


def test_what_a_sentence_of_a_county_goes_on_to_tell() -> None:
    made = table("表1", "各县情况表", [["县", "矿山数（座）"], ["柳泉县", "19"], ["青石县", "24"]])
    *_, people = read(made, "柳泉县是全市的主要矿区，占全市产值的 31.9%，从业人员 11386 人。")
    assert (people.attribute, people.region) == ("从业人员", "柳泉县")


def test_the_end_of_a_change_without_a_year_is_of_the_end_of_the_plan() -> None:
    found = read(
        "规划基期为2020年，规划期为2021—2025年。",
        "经过调整，全市矿山由 26 个减至 23 个，其中大型 15 个。",
    )
    assert [(item.low, item.year) for item in found[-3:]] == [(26, 2020), (23, 2025), (15, 2025)]


def test_towns_that_only_a_text_lists() -> None:
    *_, found = read("南部开发区包括岩口镇、石坪镇和双塘镇。", "石坪镇采矿权 3 个。")
    assert found.region == "石坪镇"
