"""Documents from literal values, numbers of headings, tables with merged cells filled in."""

from __future__ import annotations

import pytest

from minplan.core.document.building import document, table
from minplan.core.document.filling import filled
from minplan.core.document.numerals import number_of, roman, shape_of


def test_headings_make_a_tree() -> None:
    made = document(
        "前言文字。",
        "第一章 现状",
        "一、概况",
        "有矿 3 处。",
        "（一）煤炭",
        "1. 分布",
        "甲。",
        "第二章 目标",
    )
    assert [section.path for section in made.walk()] == [
        "第一章",
        "第一章一",
        "第一章一（一）",
        "第一章一（一）1",
        "第二章",
    ]
    assert len(made.front) == 1


def test_a_sentence_is_no_heading() -> None:
    made = document("第一章 现状", "1. 这是一句话。")
    assert [section.number for section in made.walk()] == ["第一章"]


def test_tables_have_places() -> None:
    made = document("第一章 现状", table("专栏2", "分区", [["名称"], ["东区"]]))
    ((section, found),) = made.tables()
    assert section is not None
    assert found.label == "专栏2"
    assert found.body[0][0].spot.row == 2


def test_rows_of_one_length_only() -> None:
    with pytest.raises(ValueError, match="one length"):
        table("表1", "", [["甲", "乙"], ["丙"]])


@pytest.mark.parametrize(
    ("text", "value", "shape"),
    [
        ("第二十三章", 23, "第章一"),
        ("（五）", 5, "（一"),
        ("③", 3, "①"),
        ("12", 12, "1"),
        ("百", 100, "一"),
    ],
)
def test_numbers_of_headings(text: str, value: int, shape: str) -> None:
    assert number_of(text) == value
    assert shape_of(text) == shape


def test_what_is_no_number() -> None:
    assert number_of("甲") is None
    assert roman("IV") == 4
    assert roman("A") is None


def test_merged_headings_and_labels_are_filled_in() -> None:
    made = table(
        "表1",
        "",
        [
            ["县", "治理面积", ""],
            ["", "生产矿山", "合计"],
            ["东县", "1", "1"],
            ["", "2", "2"],
            ["合计", "3", "3"],
        ],
        head=2,
    )
    told = filled(made)
    assert told.heads[2] == (("县",), ("治理面积", "生产矿山"), ("治理面积", "合计"))
    assert [row[0] for row in told.texts[2:]] == ["东县", "东县", "合计"]


def test_a_heading_row_inside_a_table() -> None:
    made = table(
        "表1",
        "",
        [
            ["指标", "", "2025 年"],
            ["开发", "主要矿种", "开采总量"],
            ["", "煤", "2"],
            ["", "大中型矿山比例", "40%"],
        ],
    )
    told = filled(made, ("主要矿种",))
    assert told.headings == {0, 1}
    assert told.heads[2][2] == ("2025 年", "开采总量")
