"""Numbers of headings: shapes, nesting, and what is no number."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from minplan.core.document.model import PlanDocument
from minplan.documents.numbering import (
    chinese_number,
    chinese_value,
    is_heading_shape,
    number_value,
    read_number,
)
from minplan.documents.outline import Outliner
from minplan.documents.pieces import Line


@pytest.mark.parametrize(
    ("line", "printed", "value", "rest"),
    [
        ("第四章 矿产资源勘查", "第四章", 4, "矿产资源勘查"),
        ("第十二章　保障措施", "第十二章", 12, "保障措施"),
        ("第 3 节 目标", "第3节", 3, "目标"),
        ("二、形势与要求", "二", 2, "形势与要求"),
        ("(三) 勘查现状", "（三）", 3, "勘查现状"),
        ("2. 国家规划矿区", "2", 2, "国家规划矿区"),
        ("3、重点开采区", "3", 3, "重点开采区"),
        ("（10）矿泉水", "（10）", 10, "矿泉水"),
        ("- ① 高岭土调查；", "①", 1, "高岭土调查；"),
        ("1.2 规划目标", "1.2", 2, "规划目标"),
    ],
)
def test_numbers_in_all_shapes(line: str, printed: str, value: int, rest: str) -> None:
    found = read_number(line)
    assert found is not None
    assert (found.printed, found.value, found.rest) == (printed, value, rest)


@pytest.mark.parametrize(
    "line",
    [
        "2025年市级发证矿种的开采总量",
        "1.5亿吨的产能",
        "1:5万区域地质调查",
        "2035年，适用范围为全市",
        "十四五期间的任务",
        "一是抓源头。",
        "6.81 平方公里。证载生产规模",
        "1.8 亿吨/年以内",
        "",
    ],
)
def test_figures_and_words_are_no_numbers(line: str) -> None:
    assert read_number(line) is None


@given(st.integers(1, 99))
def test_chinese_numbers_there_and_back(value: int) -> None:
    assert chinese_value(chinese_number(value)) == value
    assert number_value(f"第{chinese_number(value)}章") == value
    assert number_value(f"（{chinese_number(value)}）") == value
    assert number_value(f"（{value}）") == value


@given(st.text(max_size=30))
def test_no_line_breaks_the_reading_of_numbers(line: str) -> None:
    found = read_number(line)
    assert found is None or (found.value > 0 and found.rest in line)
    assert is_heading_shape(line) in (True, False)


#: a plan as a tree: how many sections, items and points each chapter has
_TREES = st.lists(
    st.lists(st.lists(st.integers(0, 3), max_size=3), max_size=3), min_size=1, max_size=4
)


def _printed(tree: list[list[list[int]]]) -> tuple[list[str], list[str]]:
    """Lines of a plan and the paths they must be given."""
    lines, paths = [], []
    for c, sections in enumerate(tree, start=1):
        chapter = f"第{chinese_number(c)}章"
        lines.append(f"{chapter} 甲")
        paths.append(chapter)
        for s, items in enumerate(sections, start=1):
            section = chapter + chinese_number(s)
            lines.append(f"{chinese_number(s)}、乙")
            paths.append(section)
            for i, points in enumerate(items, start=1):
                item = f"{section}（{chinese_number(i)}）"
                lines.append(f"（{chinese_number(i)}）丙")
                paths.append(item)
                for p in range(1, points + 1):
                    lines.append(f"{p}. 丁")
                    paths.append(f"{item}{p}")
    return lines, paths


def _outlined(lines: list[str]) -> PlanDocument:
    outliner = Outliner("规划")
    for number, line in enumerate(lines, start=1):
        outliner.add(Line(line, line=number))
    return outliner.close()


@given(_TREES)
def test_every_section_gets_the_path_people_cite(tree: list[list[list[int]]]) -> None:
    lines, paths = _printed(tree)
    document = _outlined(lines)
    assert [section.path for section in document.walk()] == paths
    assert [section.spot.line for section in document.walk()] == list(range(1, len(lines) + 1))


@given(_TREES)
def test_levels_count_from_the_chapter(tree: list[list[list[int]]]) -> None:
    lines, _ = _printed(tree)
    for section in _outlined(lines).walk():
        assert all(child.level == section.level + 1 for child in section.children)
