"""Counts of the text against the rows of the tables they speak of."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tests.core.quality.planting import bare, marks
from tests.core.quality.test_lists import one_off

from minplan.core.document.building import document, table
from minplan.core.document.model import PlanDocument, Table
from minplan.core.quality.consistency.counting import Counted, counted

COUNTIES = table(
    "表7",
    "各县（市、区）绿色矿山建设和历史遗留矿山治理修复任务",
    [
        ["县（市、区）", "绿色矿山（座）", "治理修复面积（公顷）"],
        ["浔东区", "3", "18.5"],
        ["石陂县", "9", "62.3"],
        ["茶坪县", "8", "41.7"],
        ["古榕县", "6", "29.6"],
        ["凤洲市", "10", "58.5"],
        ["合计", "36", "210.6"],
    ],
)
YEARS = ("2022", "2021", "2022", "2023", "2023", "2022", "2021", "2023", "2024")


def blocks_of(years: tuple[str, ...]) -> Table:
    """A table of one block for each year."""
    rows = [[f"CQ{at:03}", f"{name}山区块", year] for at, (name, year) in blocks(years)]
    heads = ["编号", "区块名称", "投放年度"]
    return table("表6", "云浔市建筑用花岗岩开采规划区块", [heads, *rows])


def blocks(years: tuple[str, ...]) -> list[tuple[int, tuple[str, str]]]:
    return list(enumerate(zip("甲乙丙丁戊己庚辛壬", years, strict=True), 1))


TOWNS = table(
    "表2",
    "2020年固体矿产采矿权一览表",
    [
        ["序号", "矿山名称", "所在乡镇（街道）", "开采矿种"],
        ["1", "石马坑石料矿", "溪口镇", "建筑石料"],
        ["2", "下宅石料矿", "黄岭镇", "建筑石料"],
        ["小计", "—", "—", "—"],
        ["3", "处坞萤石矿", "黄岭镇", "萤石"],
        ["4", "横塘萤石矿", "黄岭镇", "萤石"],
        ["5", "坑口萤石矿", "石仓乡", "萤石"],
        ["合计", "—", "—", "—"],
    ],
)
INDICATORS = table(
    "专栏3",
    "呼日勒盟矿产资源规划主要指标",
    [
        ["指标类别", "指标名称", "单位", "2025年", "属性"],
        ["资源勘查", "煤炭新增资源量", "亿吨", "8", "预期性"],
        ["资源勘查", "铜新增资源量", "金属万吨", "20", "预期性"],
        ["转型升级", "矿山数量", "个", "228", "预期性"],
        ["转型升级", "绿色矿山数量", "个", "104", "预期性"],
        ["转型升级", "矿山生态修复面积", "平方千米", "52.60", "约束性"],
    ],
)
WORKS = table(
    "表8",
    "矿产资源规划重大工程投资",
    [
        ["工程名称", "投资（万元）"],
        ["基础地质调查工程", "3200"],
        ["重点矿种找矿工程", "28600"],
        ["绿色矿山建设工程", "39600"],
        ["矿山生态修复工程", "31450"],
        ["合计", "102850"],
    ],
)

#: Each paragraph with the blocks after it; each marked number is right, one more or less is not.
OUTPUTS = table(
    "表8",
    "2020年各县开发利用和保有量变化",
    [
        ["县（市）", "大型矿山（座）", "矿业产值（亿元）", "保有量增减（万吨）"],
        ["安陂县", "2", "31.8", "120.5"],
        ["龙溪县", "1", "24.6", "-36.2"],
        ["兴坪县", "0", "9.1", "14.4"],
        ["石围县", "1", "12.3", "-8.9"],
        ["汀湖县", "0", "9.8", "3.1"],
        ["合计", "4", "87.6", "92.9"],
    ],
)
PLANNED = table(
    "表9",
    "开采规划区块",
    [
        ["序号", "名称", "所在县", "开采矿种"],
        ["1", "大青山区块", "岱西县", "建筑石料"],
        ["2", "小青山区块", "岱西县", "建筑石料"],
        ["3", "黑山区块", "岱西县", "铁矿"],
        ["4", "白山区块", "岱东县", "建筑石料"],
        ["5", "灰山区块", "岱东县", "建筑石料"],
    ],
)

COUNTED: tuple[tuple[str, tuple[str | Table, ...]], ...] = (
    (
        "规划期内在全部«count:五»个县（市、区）实施治理修复210.6公顷。投资为16848万元（见表7）。",
        (COUNTIES,),
    ),
    ("治理修复任务落实到«count:5»个县（市、区）（表7）。", (COUNTIES,)),
    (
        "分年度投放计划为：2021年«count:2»个、2022年«count:3»个、2023年«count:3»个、2024年«count:1»个。"
        "均按“净矿”方式出让（见表6）。",
        (blocks_of(YEARS),),
    ),
    (
        "2021年投放«count:2»个，2022年投放«count:3»个，2023年投放«count:3»个，2024年投放«count:1»个。",
        (blocks_of(tuple(f"{year}年" for year in YEARS)),),
    ),
    ("固体矿产采矿权分布于«count:3»个乡镇（街道），其中黄岭镇«count:3»个（表2）。", (TOWNS,)),
    ("采矿权中溪口镇1个，矿山集中。其中溪口镇1个、黄岭镇«count:3»个、石仓乡1个（表2）。", (TOWNS,)),
    ("矿业产值超过10亿元的县（市）有«count:3»个（表8）。", (OUTPUTS,)),
    ("表8所列县中，保有量增加的有«count:3»个，减少的有«count:2»个。", (OUTPUTS,)),
    ("表8中大型矿山共4座，分布在«count:3»个县（市）。", (OUTPUTS,)),
    ("岱西县布局建筑石料区块«count:2»个（表9）。", (PLANNED,)),
    ("专栏3所列主要指标共«count:5»项，其中约束性指标1项。", (INDICATORS,)),
    ("专栏3列出主要指标«count:5»项。", (INDICATORS,)),
    (
        "规划期内实施«count:四»项重大工程。",
        ("一、资金安排", "多方筹措。", "严格管理。", "专款专用。", WORKS),
    ),
)

#: Right as they stand, though a number misses by one what may be taken for it.
SOUND: tuple[tuple[str, tuple[str | Table, ...]], ...] = (
    ("规划期内在4个县（市、区）开展试点。投资为16848万元（见表7）。", (COUNTIES,)),
    ("全部4个县级监管平台建成（见表7）。", (COUNTIES,)),
    # of other years, of other things, or more than one differs
    ("新建矿山2021年2个、2022年2个、2023年3个（见表6）。", (blocks_of(YEARS),)),
    ("2021年3个、2022年2个、2023年3个、2024年1个（见表6）。", (blocks_of(YEARS),)),
    ("2021年2个、2022年3个、2023年3个、2025年2个（见表6）。", (blocks_of(YEARS),)),
    ("萤石采矿权分布于2个乡镇，其中黄岭镇2个（表2）。", (TOWNS,)),
    ("新增固体矿产采矿权共有4个，其中黄岭镇2个（表2）。", (TOWNS,)),
    ("地热点5个，其中黄岭镇2个（表2）。", (TOWNS,)),
    ("其中新增指标4项（专栏3）。", (INDICATORS,)),
    ("实施五项重点工程。", ("一、资金安排", "多方筹措。", WORKS)),
    ("实施五项修复措施。", ("一、资金安排", "多方筹措。", WORKS)),
)


def plan(told: str, behind: tuple[str | Table, ...]) -> PlanDocument:
    return document("第一章 部署", told, *behind)


def test_counties_of_one_mineral_are_counted() -> None:
    assert misses("萤石采矿权分布于2个乡镇（表2）。", (TOWNS,)) == []
    (found,) = misses("全部采矿权分布于4个乡镇（表2）。", (TOWNS,))
    assert found.should == 3


def test_table_12_is_not_table_1() -> None:
    first = replace(COUNTIES, number="1", cells=COUNTIES.cells[:-2])
    (found,) = misses(
        "任务落实到4个县（市、区）（表 12）。", (first, replace(COUNTIES, number="12"))
    )
    assert found.should == 5


def misses(told: str, behind: tuple[str | Table, ...]) -> list[Counted]:
    return list(counted(plan(told, behind)))


@pytest.mark.parametrize(("told", "behind"), COUNTED)
def test_a_right_count_is_not_told(told: str, behind: tuple[str | Table, ...]) -> None:
    assert misses(bare(told), behind) == []


@pytest.mark.parametrize(("told", "behind"), COUNTED)
def test_a_changed_count_is_told(told: str, behind: tuple[str | Table, ...]) -> None:
    text = bare(told)
    planted = list(marks(told))
    assert planted
    for _, start, end, figure in planted:
        assert text[start:end] == figure
        for other in one_off(figure):
            found = misses(text[:start] + other + text[end:], behind)
            assert start in [item.spot.start for item in found], (figure, other)


@pytest.mark.parametrize(("told", "behind"), SOUND)
def test_what_counts_something_else_is_not_told(told: str, behind: tuple[str | Table, ...]) -> None:
    assert misses(told, behind) == []
