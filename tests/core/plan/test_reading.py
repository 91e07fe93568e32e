"""Reading a plan: contents, links of clauses, search."""

from __future__ import annotations

import datetime as dt

import pytest

from minplan.core.plan.folding import fold, words
from minplan.core.plan.model import (
    Clause,
    Indicator,
    Level,
    Measure,
    Modality,
    Operator,
    Plan,
    PlanSnapshot,
    PlanTable,
    Property,
    Threshold,
    Zone,
    ZoneKind,
)
from minplan.core.plan.reading import contents, links, path_to
from minplan.core.plan.searching import PlanIndex
from minplan.core.text import Text

CARD = Plan(
    "demo", Text("示意规划", "Sample plan"), Level.CITY, "140400", "长治市", 2021, 2025, 2020,
    "示意文号", dt.date(2023, 1, 1), None, "示意单位",
)  # fmt: skip
PLAN = PlanSnapshot(
    CARD,
    clauses=(
        Clause("c4", "第四章", "开发利用与保护"),
        Clause("c4-2", "第四章二（一）", "规划区块划定原则", "不得与现有采矿权重叠。", "c4"),
        Clause("c4-3", "第四章三", "开采总量", "全市石灰岩年开采总量控制在2610万吨左右。", "c4"),
        Clause("box-6", "专栏6", "集中开采区表", "", "c4-2"),
        Clause("lost", "附则", "解释", "由市人民政府解释。", "no-such-clause"),
    ),
    zones=(Zone("JZ001", ZoneKind.CONCENTRATED_MINING_AREA, "桥沟集中开采区", clause="box-6"),),
    measures=(Measure("M-1", ZoneKind.CONCENTRATED_MINING_AREA, "一个矿体一个主体", "c4-2"),),
    thresholds=(
        Threshold("minimum-scale", None, "30", "万吨/年", Modality.FIRM, "c4-3", rule="R-2"),
    ),
    indicators=(
        Indicator(
            "I-01", "矿山数", "个", "86", Operator.AT_MOST, "80", Property.BINDING, "city", "c4-3"
        ),
    ),
    tables=(PlanTable("box-6", "专栏6", ("名称",), (("沟口示意矿段",),), "box-6"),),
)  # fmt: skip
INDEX = PlanIndex(PLAN)


def found(query: str) -> list[str]:
    return [hit.clause.id for hit in INDEX.search(query)]


def test_contents_are_a_tree_in_the_order_of_the_plan_and_lose_nothing() -> None:
    tree = contents(PLAN)
    assert [node.clause.id for node in tree] == ["c4", "lost"]
    assert [node.clause.id for node in tree[0].walk()] == ["c4", "c4-2", "box-6", "c4-3"]
    assert [clause.id for clause in path_to(PLAN, "box-6")] == ["c4", "c4-2", "box-6"]
    assert path_to(PLAN, "c9") == ()


def test_links_lead_from_a_clause_to_what_rests_on_it() -> None:
    found = links(PLAN, {"R-1": ["c4-2", "c4-3"]})
    assert [zone.code for zone in found["box-6"].zones] == ["JZ001"]
    assert found["c4-2"].rules == ["R-1"]
    assert found["c4-3"].rules == ["R-1", "R-2"]
    assert [item.id for item in found["c4-3"].indicators] == ["I-01"]
    assert [item.id for item in found["c4-2"].measures] == ["M-1"]
    assert [item.id for item in found["box-6"].tables] == ["box-6"]
    assert found["lost"].count == 0


@pytest.mark.parametrize(
    ("query", "clause"),
    [
        ("开采总量控制", "c4-3"),  # inside a sentence
        ("采矿权 重叠", "c4-2"),  # two words apart
        ("開採總量", "c4-3"),  # traditional
        ("２６１０万吨", "c4-3"),  # full width
        ("第四章二(一)", "c4-2"),  # brackets of the other width
        ("box-6", "box-6"),
        ("桥沟", "box-6"),  # a zone that hangs on the clause
        ("沟口", "box-6"),  # a row of its table
    ],
)
def test_finds(query: str, clause: str) -> None:
    assert found(query)[0] == clause


def test_all_words_must_be_there() -> None:
    assert found("石灰岩 解释") == []
    assert found("") == []
    assert found("、，") == []


def test_titles_come_before_mentions() -> None:
    assert found("开采总量")[0] == "c4-3"
    assert found("集中开采区")[0] == "box-6"


def test_hits_are_marked_in_the_text_as_written() -> None:
    (hit,) = INDEX.search("開採總量控制")
    assert (
        "".join(piece.text for piece in hit.snippet) == "全市石灰岩年开采总量控制在2610万吨左右。"
    )
    assert [piece.text for piece in hit.snippet if piece.hit] == ["开采总量控制"]
    assert not hit.near


def test_what_is_nowhere_as_typed_is_offered_when_near() -> None:
    hits = INDEX.search("石灰岩的开采总量")
    assert [hit.clause.id for hit in hits] == ["c4-3"]
    assert hits[0].near
    assert INDEX.search("海洋牧场养殖") == ()


def test_folding() -> None:
    assert fold("礦產資源 ＡＢ１　２") == "矿产资源 ab1 2"
    assert words("采矿权，重叠 采矿权") == ("采矿权", "重叠")
