"""Granting and licensing."""

from __future__ import annotations

from typing import Any

import pytest

from minplan.core.review.finding import Outcome, Verdict

CONFLICT, ATTENTION, CLEAR = Outcome.CONFLICT, Outcome.ATTENTION, Outcome.CLEAR


@pytest.mark.parametrize(
    ("mineral", "level", "outcome"),
    [
        ("煤炭", "省", CLEAR),
        ("煤炭", "市", CONFLICT),
        ("稀土", "省", CONFLICT),
        ("稀土", "部", CLEAR),
        ("水泥用石灰岩", "市", CLEAR),
        ("水泥用石灰岩", "省", ATTENTION),
        ("建筑石料用灰岩", "县", CONFLICT),
        ("石膏", "县", ATTENTION),  # the level of gypsum is unverified
    ],
)
def test_levels_by_mineral(finding: Any, mineral: str, level: str, outcome: Outcome) -> None:
    given = {"minerals": (mineral,)}
    facts = {"granting_authority": level}
    assert finding("R-LAW-27", given=given, facts=facts).outcome is outcome


def test_small_brick_clay_is_the_county_s(finding: Any) -> None:
    given = {"minerals": ("砖瓦用粘土",), "scale": 6}
    assert finding("R-LAW-27", given=given, facts={"granting_authority": "县"}).outcome is CLEAR


def test_a_word_that_is_no_level_is_not_checked(finding: Any) -> None:
    assert finding("R-LAW-27", facts={"granting_authority": "厅"}).outcome is Outcome.NOT_CHECKED


BY_AGREEMENT = {"action": "grant", "grant_method": "协议出让", "minerals": ("铁矿",)}


def test_the_ministry_s_cases_replace_the_plan_s_attention(judge: Any) -> None:
    case = {
        "given": BY_AGREEMENT,
        "facts": {"agreement_case": "同一主体夹缝", "gap_width": 280},
        "attachments": ("collective-decision",),
    }
    assert judge("R-AT-19", "R-LAW-11", **case).verdict is Verdict.CONFORMS
    early = judge("R-AT-19", "R-LAW-11", date="2023-07-25", **case)
    assert early.verdict is Verdict.CONDITIONAL


def test_other_cases_are_refused(finding: Any) -> None:
    found = finding("R-LAW-11", given=BY_AGREEMENT, facts={"agreement_case": "其他"})
    assert found.outcome is CONFLICT


def test_plain_stone_only_for_projects_of_the_state(finding: Any) -> None:
    case = {
        "given": {**BY_AGREEMENT, "minerals": ("建筑石料用灰岩",)},
        "attachments": ("collective-decision",),
    }
    deep = finding("R-LAW-11", facts={"agreement_case": "已设采矿权深部或上部"}, **case)
    state = finding("R-LAW-11", facts={"agreement_case": "国务院批准的重点建设项目"}, **case)
    assert (deep.outcome, state.outcome) == (CONFLICT, CLEAR)


def test_an_expired_document_does_not_count(finding: Any) -> None:
    found = finding(
        "R-LAW-29",
        given={"action": "grant"},
        attachments=({"kind": "net-mine-checklist", "valid_to": "2025-12-31"},),
    )
    assert found.outcome is ATTENTION


def test_a_block_of_the_plan_names_the_mineral(finding: Any) -> None:
    zone = {"kind": "exploration-block", "code": "K7", "minerals": ("铝土矿",)}
    given = {"right": "exploration-right", "minerals": ("铝矿",), "block_code": "K7"}
    assert finding("R-AT-18", given=given, zones=(zone,)).outcome is CLEAR


def test_the_city_applies_upwards_for_minerals_of_the_province(finding: Any) -> None:
    given = {"right": "mining-block", "minerals": ("铝土矿",)}
    assert finding("R-TT-10", given=given, facts={"set_by_upper_plan": False}).outcome is ATTENTION
    own = finding("R-TT-10", given={"right": "mining-block"})
    assert own.outcome is Outcome.NOT_APPLICABLE
