"""Columns of tables that follow from others: what breaks such a rule, and what is no rule."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.core.quality.planting import faults

from minplan.core.document.building import document, table
from minplan.core.quality.consistency.column_figures import figure
from minplan.core.quality.consistency.columns import Break, breaks
from minplan.core.quality.consistency.grids import grid

Rows = Sequence[Sequence[str]]

GOALS = (
    ("指标", "单位", "2020年", "2025年", "增减", "属性"),
    ("新增煤炭资源量", "亿吨", "—", "1.5", "—", "预期性"),
    ("持证矿山数量", "个", "96", "85", "-11", "约束性"),
    ("大中型矿山比例", "%", "62.5", "80.0", "17.5", "预期性"),
    ("原煤年开采量", "万吨", "2418.6", "2300", "-118.6", "预期性"),
    ("建筑石料年开采量", "万吨", "985.3", "1200", "214.7", "预期性"),
    ("绿色矿山数量", "个", "28", "60", "32", "预期性"),
    ("矿山占地面积", "公顷", "420.0", "≤400", "—", "约束性"),
)
STOCK = (
    ("矿种", "单位", "2015年", "2020年", "增减量", "增减幅度（%）"),
    ("煤炭", "亿吨", "168.21", "186.53", "18.32", "10.9"),
    ("铜", "万吨", "104.8", "128.4", "23.6", "22.5"),
    ("锌", "万吨", "317.6", "385.2", "67.6", "21.3"),
    ("银", "吨", "11035", "14260", "3225", "29.2"),
    ("建筑用石料", "万立方米", "3215.7", "2968.4", "-247.3", "-7.7"),
)
MINES = (
    ("矿种", "2020年矿山数", "2025年矿山数", "净减少数"),
    ("煤炭", "21", "18", "3"),
    ("萤石", "28", "20", "8"),
    ("铜矿", "10", "10", "0"),
    ("饰面石材", "34", "28", "6"),
    ("建筑用石料", "123", "98", "25"),
    ("合计", "216", "174", "42"),
)
LAND = (
    ("乡镇", "治理面积（公顷）", "恢复耕地（公顷）", "恢复林地（公顷）", "投入资金（万元）"),
    ("东屏", "9.6", "3.2", "6.4", "650"),
    ("溪口", "17.8", "6.4", "11.4", "1240"),
    ("黄岭", "14.2", "5.1", "9.1", "980"),
    ("湖源", "8.5", "2.6", "5.9", "560"),
    ("南坑", "7.5", "2.2", "5.3", "490"),
)
RIGHTS = (
    ("重点开采区", "现有采矿权（个）", "整合关闭（个）", "新设（个）", "2025年采矿权（个）"),
    ("石亭", "16", "5", "2", "13"),
    ("南坝", "5", "2", "1", "4"),
    ("斯则沟", "4", "0", "2", "6"),
    ("龙门寨", "6", "2", "1", "5"),
    ("老鹰岩", "5", "1", "1", "5"),
    ("青龙嘴", "3", "1", "0", "2"),
    ("合计", "39", "11", "7", "35"),
)
RESERVES = (
    ("矿种", "保有资源量", "其中：探明和控制", "其中：推断", "探明和控制占比（%）"),
    ("磷矿", "48620.5", "30415.8", "18204.7", "62.6"),
    ("锂矿", "86.42", "51.37", "35.05", "59.4"),
    ("水泥用灰岩", "61285.0", "38714.6", "22570.4", "63.2"),
    ("玻璃用砂岩", "2936.1", "1744.9", "1191.2", "59.4"),
    ("建筑用砂石", "12654.8", "5081.2", "7573.6", "40.2"),
)
OUTPUT = (
    ("矿种", "开采量（万吨）", "开采量占比（%）"),
    ("煤炭", "4862.5", "67.5"),
    ("萤石", "86.4", "1.2"),
    ("铜矿", "412.8", "5.7"),
    ("铅锌银矿", "538.6", "7.5"),
    ("建筑用石料及砂", "1124.3", "15.6"),
    ("其他矿产", "180.0", "2.5"),
    ("合计", "7204.6", "100.0"),
)
WORKS = (
    ("工程", "面积（公顷）", "投资（万元）", "单位面积投资（万元/公顷）"),
    ("登峪", "486", "14580", "30.0"),
    ("石岭", "352", "9856", "28.0"),
    ("临溪", "218", "5232", "24.0"),
    ("新源", "164", "4428", "27.0"),
    ("汝东", "200", "4600", "23.0"),
)
SOUND = {
    "goals": GOALS,
    "stock": STOCK,
    "mines": MINES,
    "land": LAND,
    "rights": RIGHTS,
    "reserves": RESERVES,
    "output": OUTPUT,
    "works": WORKS,
}


def told(rows: Rows, unit: str = "") -> list[Break]:
    made = grid(table("表1", "表", rows, unit=unit))
    assert made is not None
    return list(breaks(made))


def said(rows: Rows, unit: str = "") -> list[tuple[str, str, str, tuple[str, ...]]]:
    """Of each break the heading, what is printed, what it should be and by which columns."""
    return [(item.heading, item.cell.text, item.should, item.names) for item in told(rows, unit)]


def put(rows: Rows, row: int, column: int, text: str) -> Rows:
    """The rows with another text in one cell (from 0, the heading included)."""
    found = [list(item) for item in rows]
    found[row][column] = text
    return found


@pytest.mark.parametrize("rows", [pytest.param(rows, id=name) for name, rows in SOUND.items()])
def test_what_fits_is_not_told(rows: Rows) -> None:
    assert said(rows) == []


@pytest.mark.parametrize(
    ("rows", "cell", "text", "expected"),
    [
        pytest.param(
            GOALS, (5, 4), "224.7", ("增减", "224.7", "214.7", ("2020年", "2025年")), id="increase"
        ),
        pytest.param(
            GOALS, (3, 3), "83.0", ("增减", "17.5", "20.5", ("2020年", "2025年")), id="points"
        ),
        pytest.param(
            GOALS, (2, 4), "-10", ("增减", "-10", "-11", ("2020年", "2025年")), id="decrease"
        ),
        pytest.param(
            STOCK, (1, 4), "19.32", ("增减量", "19.32", "18.32", ("2015年", "2020年")), id="change"
        ),
        pytest.param(
            STOCK, (3, 5), "22.3", ("增减幅度（%）", "22.3", "21.3", ("2015年", "2020年")), id="%"
        ),
        pytest.param(
            MINES, (4, 3), "7", ("净减少数", "7", "6", ("2020年矿山数", "2025年矿山数")), id="count"
        ),
        pytest.param(
            LAND,
            (2, 2),
            "6.9",
            ("治理面积（公顷）", "17.8", "18.3", ("恢复耕地（公顷）", "恢复林地（公顷）")),
            id="neighbours",
        ),
        pytest.param(
            RIGHTS,
            (1, 4),
            "14",
            ("2025年采矿权（个）", "14", "13", RIGHTS[0][1:4]),
            id="closed-and-new",
        ),
        pytest.param(
            RESERVES,
            (1, 4),
            "66.2",
            ("探明和控制占比（%）", "66.2", "62.6", ("保有资源量", "其中：探明和控制")),
            id="share",
        ),
        pytest.param(
            OUTPUT,
            (4, 2),
            "7.9",
            ("开采量占比（%）", "7.9", "7.5", ("开采量（万吨）",)),
            id="portion",
        ),
        pytest.param(
            WORKS,
            (3, 3),
            "26.0",
            ("单位面积投资（万元/公顷）", "26.0", "24.0", ("面积（公顷）", "投资（万元）")),
            id="quotient",
        ),
    ],
)
def test_a_changed_figure_is_told(
    rows: Rows, cell: tuple[int, int], text: str, expected: tuple[str, str, str, tuple[str, ...]]
) -> None:
    assert said(put(rows, *cell, text)) == [expected]


def test_a_portion_of_rows_added_up() -> None:
    """Without a printed total the rows are added up."""
    assert said(OUTPUT[:-1]) == []
    assert said(put(OUTPUT[:-1], 5, 2, "14.6"))[0][:3] == ("开采量占比（%）", "14.6", "15.6")


def test_a_sign_that_is_not_printed() -> None:
    rows = [("项目", "上年", "本年", "变化"), *DROPPED]
    assert said(rows) == []
    assert said(put(rows, 2, 3, "9.1")) == [("变化", "9.1", "8.6", ("上年", "本年"))]


DROPPED = (
    ("一区", "31.2", "44.7", "13.5"),
    ("二区", "52.9", "44.3", "8.6"),
    ("三区", "18.4", "25.1", "6.7"),
    ("四区", "77.0", "61.8", "15.2"),
    ("五区", "20.6", "35.7", "15.1"),
)


def test_both_places_are_named_once() -> None:
    """One message for each cell; a wrong total of a column is told by the total alone."""
    plan = document("第一章 现状", table("专栏1", "资源量", put(STOCK, 2, 4, "32.6")))
    assert [item.message.zh for item in faults(plan)] == [
        "专栏1第 3 行第 5 列“增减量”32.6，按“2020年”减“2015年”为 23.6（5 行中 4 行相符）"
    ]
    plan = document("第一章 现状", table("表1", "矿山", put(MINES, 6, 3, "45")))
    messages = [item.message.zh for item in faults(plan)]
    assert len(messages) == 1
    assert "“净减少数”合计 45" in messages[0]


@pytest.mark.parametrize(
    ("rows", "cell", "text"),
    [
        pytest.param(STOCK, (2, 4), "23.7", id="parts-are-rounded"),
        pytest.param(STOCK, (2, 5), "22.6", id="cut-off"),
        pytest.param(OUTPUT, (1, 2), "67.4", id="made-to-add-up"),
        pytest.param(GOALS, (7, 4), "20.0", id="of-a-bound"),
        pytest.param(GOALS, (1, 4), "1.5", id="of-a-dash"),
    ],
)
def test_rounding_and_what_is_no_figure(rows: Rows, cell: tuple[int, int], text: str) -> None:
    assert said(put(rows, *cell, text)) == []


def test_a_rate_may_be_told_in_points_among_changes() -> None:
    rows = [*STOCK, ("大中型比例", "%", "62.5", "80.0", "17.5", "17.5")]
    assert said(rows) == []
    assert said(put(rows, 6, 5, "19.5"))[0][1:3] == ("19.5", "28.0")


def test_a_goal_of_the_whole_period_stands_as_it_is() -> None:
    rows = [*GOALS, ("修复面积", "公顷", "[412.6]", "[986.5]", "986.5", "约束性")]
    assert said(rows) == []


def test_one_more_part_in_few_rows_completes_a_sum() -> None:
    """草地 stands apart from its neighbours and is nearly always empty."""
    more = ["其中草地", "—", "2.0", "—", "—", "—"]
    area = ["治理面积（公顷）", "9.6", "19.8", "14.2", "8.5", "7.5"]
    rows = [
        [row[0], whole, *row[2:], last] for row, whole, last in zip(LAND, area, more, strict=True)
    ]
    assert said(rows) == []
    assert said([row[:-1] for row in rows]) == [
        ("治理面积（公顷）", "19.8", "17.8", ("恢复耕地（公顷）", "恢复林地（公顷）"))
    ]


def test_counts_that_add_up_in_most_rows_by_chance() -> None:
    """Rights inside zones and the zones themselves are not the parts of all rights."""
    rows = [
        ("旗县", "2025年采矿权（个）", "其中：集中开采区内（个）", "集中开采区（个）"),
        ("一旗", "12", "9", "3"),
        ("二旗", "14", "10", "4"),
        ("三旗", "16", "12", "4"),
        ("四旗", "13", "9", "3"),
        ("五旗", "17", "13", "5"),
        ("六旗", "11", "8", "3"),
        ("七旗", "15", "11", "4"),
    ]
    assert said(rows) == []


def test_too_few_rows_show_nothing() -> None:
    assert said(put(GOALS[:5], 2, 4, "-12")) == []
    assert said(put(MINES[:4], 1, 3, "4")) == []


def test_more_than_two_breaks_are_no_rule() -> None:
    rows = put(put(put(STOCK, 1, 4, "21.32"), 2, 4, "26.6"), 3, 4, "64.6")
    assert [item for item in told(rows) if item.heading == "增减量"] == []


def test_units_that_differ_are_not_added() -> None:
    """Areas and money that add up are chance, however often."""
    rows = [
        ("项目", "面积（公顷）", "投资（万元）", "产量（万吨）"),
        *[(f"甲{n}", f"{n * 7.3:.1f}", f"{n * 11.9:.1f}", f"{n * 19.2:.1f}") for n in range(1, 9)],
    ]
    assert said(put(rows, 3, 3, "66.6")) == []
    same = [("项目", "甲（公顷）", "乙（公顷）", "丙（公顷）"), *rows[1:]]
    assert len(said(put(same, 3, 3, "66.6"))) == 1


def test_figures_with_signs_and_brackets() -> None:
    read = [figure(text) for text in ("-11", "－2.5", "+3", "[8000]", "17.5%", "1,200")]
    assert [str(item) for item in read] == ["-11", "-2.5", "3", "8000", "17.5", "1200"]
    assert [figure(text) for text in ("≥60", "50以上", "—", "", "7.86亿吨", "3-5", "约20")] == [
        None
    ] * 7


KINDS: dict[str, tuple[str, Callable[[float, float], float]]] = {
    "increase": ("增减", lambda a, b: b - a),
    "decrease": ("减少量", lambda a, b: a - b),
    "size": ("变化", lambda a, b: abs(b - a)),
    "sum": ("总量", lambda a, b: a + b),
    "change": ("增减幅度（%）", lambda a, b: (b - a) / a * 100),
    "share": ("完成率（%）", lambda a, b: b / a * 100),
    "mean": ("平均强度", lambda a, b: b / a),
}


@settings(max_examples=150, deadline=None)
@given(
    kind=st.sampled_from(sorted(KINDS)),
    seed=st.integers(0, 10**6),
    rows=st.integers(3, 14),
    sizes=st.tuples(st.sampled_from((3.0, 40.0, 500.0, 9000.0)), st.sampled_from((0.05, 0.2, 0.6))),
    places=st.tuples(st.integers(0, 3), st.integers(0, 3), st.integers(0, 3)),
)
def test_rounded_figures_are_never_told(
    kind: str, seed: int, rows: int, sizes: tuple[float, float], places: tuple[int, int, int]
) -> None:
    """Each figure rounded for itself, as people do who reckon with more digits than they print."""
    rng = random.Random(seed)
    heading, reckon = KINDS[kind]
    size, spread = sizes
    made: list[tuple[str, ...]] = [("项目", "甲", "乙", heading)]
    for number in range(rows):
        a = size * rng.lognormvariate(0, 0.7)
        b = a * rng.lognormvariate(0, spread)
        shown = zip((a, b, reckon(a, b)), places, strict=True)
        made.append((f"第{number}", *(f"{value:.{digits}f}" for value, digits in shown)))
    assert said(made) == []


@settings(max_examples=60, deadline=None)
@given(seed=st.integers(0, 10**6), rows=st.integers(4, 14), width=st.integers(3, 8))
def test_figures_of_chance_are_never_told(seed: int, rows: int, width: int) -> None:
    rng = random.Random(seed)
    heads = (
        "大型（个）",
        "中型（个）",
        "减少（个）",
        "2020年（个）",
        "2025年（个）",
        "增减",
        "占比（%）",
        "总数（个）",
    )
    columns = [
        [str(rng.randint(0, rng.choice((4, 20)))) for _ in range(rows)] for _ in range(width)
    ]
    body = [(f"第{number}", *row) for number, row in enumerate(zip(*columns, strict=True))]
    assert said([("名称", *rng.sample(heads, width)), *body]) == []


def test_nothing_is_found_in_a_long_table_of_chance() -> None:
    rng = random.Random(1)
    head = ("名称", *(f"列{number}" for number in range(12)))
    body = [("甲", *(f"{rng.uniform(1, 900):.1f}" for _ in head[1:])) for _ in range(300)]
    made = grid(table("表1", "表", [head, *body]))
    assert made is not None
    assert list(breaks(made)) == []
