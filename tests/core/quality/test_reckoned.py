"""What sentences and tables reckon: right figures are told nothing, wrong ones are."""

from __future__ import annotations

import pytest
from tests.core.quality.planting import faults

from minplan.core.document.building import document, table
from minplan.core.document.model import Block

SPAN = "规划基期为2020年，规划期为2021—2025年。"
ZONES = table(
    "表1",
    "重点勘查区一览表",
    [
        ["编号", "名称", "所在县", "主攻矿种", "面积（平方千米）"],
        ["KZ01", "大青岭重点勘查区", "穆岭县", "石墨", "186.4"],
        ["KZ02", "红旗沟重点勘查区", "穆岭县", "岩金", "214.7"],
        ["KZ03", "白石砬子重点勘查区", "青石县", "石墨", "132.6"],
        ["KZ04", "二龙岗重点勘查区", "柳泉县", "岩金", "121.9"],
    ],
)
COUNTIES = table(
    "表1",
    "2020年各县矿业经济情况表",
    [
        ["县", "矿业产值（万元）", "从业人员（人）"],
        ["帕宗县", "98460", "1520"],
        ["雄曲县", "61730", "1085"],
        ["扎嘎县", "126210", "2255"],
        ["合计", "286400", "4860"],
    ],
)
RESOURCES = table(
    "表1",
    "主要矿产保有资源量表",
    [
        ["矿产", "单位", "矿区数/处", "探明", "控制", "推断", "合计"],
        ["煤炭", "亿吨", "40", "6.82", "8.47", "11.36", "26.65"],
        ["石墨", "万吨", "11", "1284.6", "2307.9", "3918.2", "7510.7"],
        ["铁矿", "万吨", "4", "318.4", "906.7", "1542.5", "2767.6"],
    ],
)


@pytest.mark.parametrize(
    ("blocks", "right", "wrong"),
    [
        ((ZONES, "（见表1）其中石墨2处，面积{}平方千米；岩金2处。"), "319.0", "289.0"),
        ((ZONES, "全市划定重点勘查区4处（表1），其中石墨2处、岩金{}处。"), "2", "3"),
        (
            (
                "规划实施两项重大工程，总投资{}万元：",
                "1. 修复工程，投资6500万元；",
                "2. 勘查工程，投资9630万元。",
            ),
            "16130",
            "17130",
        ),
        ((COUNTIES, "实现矿业产值28.64亿元，帕宗、雄曲两县合计占{}%（表1）。"), "55.9", "60.9"),
        (
            (RESOURCES, "石墨保有资源量7510.7万吨，其中探明和控制资源量占{}%（表1）。"),
            "47.8",
            "52.8",
        ),
        (
            ("未治理面积1968公顷，规划修复1240公顷，占未治理面积的63.0%，剩余{}公顷待修复。",),
            "728",
            "798",
        ),
        (
            ("损毁土地2186.4公顷，已完成修复742.8公顷。", "尚有{}公顷损毁土地有待修复。"),
            "1443.6",
            "1566.3",
        ),
        (
            (
                "划定重点勘查区2处，分别为甲山（186.5平方千米）和乙山（92.4平方千米），"
                "面积合计{}平方千米。",
            ),
            "278.9",
            "308.9",
        ),
        (
            (
                "划定重点勘查区3个，总面积{}平方千米，分别为甲山区（86.2平方千米）、"
                "乙山区（12.5平方千米）和丙山区（74.8平方千米）。",
            ),
            "173.5",
            "183.5",
        ),
        (
            ("2016年至2018年产气3.42亿立方米、5.18亿立方米、7.66亿立方米，三年累计{}亿立方米。",),
            "16.26",
            "17.26",
        ),
        (("需求量860万吨，供应量800万吨，供需缺口{}万吨。",), "60", "80"),
    ],
)
def test_a_figure_is_held_against_what_it_is_reckoned_from(
    blocks: tuple[Block | str, ...], right: str, wrong: str
) -> None:
    assert _told(blocks, right) == []
    assert _told(blocks, wrong)


def _told(blocks: tuple[Block | str, ...], figure: str) -> list[str]:
    put = [part.format(figure) if isinstance(part, str) else part for part in blocks]
    made = document("第一章 现状", SPAN, *put)
    return [item.message.zh for item in faults(made)]


def test_a_total_of_the_columns_before_it_where_the_first_counts() -> None:
    cells = [[cell.text for cell in row] for row in RESOURCES.cells]
    assert faults(document("第一章 现状", RESOURCES)) == []
    cells[2][4] = "2607.9"
    made = document("第一章 现状", table("表1", "主要矿产保有资源量表", cells))
    assert [item.check for item in faults(made)] == ["Q-TX-01"]


def test_some_of_the_rows_of_a_column_are_not_all_parts() -> None:
    rows = [["钨矿", "86.4"], ["石灰岩", "262.0"], ["花岗岩", "318.5"], ["页岩", "63.8"]]
    made = table("表1", "开采情况表", [["矿种", "矿石产量（万吨）"], *rows, ["合计", "730.7"]])
    text = "开采总量 730.7 万吨，其中钨矿 86.4 万吨，石灰岩 262.0 万吨，花岗岩 318.5 万吨（表1）。"
    assert [item.check for item in faults(document("第一章 现状", text, made))] == []
