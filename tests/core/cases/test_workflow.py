"""The way of a case: what may follow what, who may take it, and when it is due."""

from __future__ import annotations

import datetime as dt
import itertools

import pytest

from minplan.core.access import Access, Permission, Role
from minplan.core.cases.deadline import (
    Calendar,
    Pace,
    after_working_days,
    calendar,
    deadline,
    working_days_between,
)
from minplan.core.cases.rules import Standing, offered, refusal, require
from minplan.core.cases.workflow import WAY, State, find, leaving, transitions
from minplan.core.errors import MinplanError
from minplan.core.text import Text

OFFICER = Access.of("kuangquan", ["rights"])
COLLEAGUE = Access.of("kuangquan2", ["rights"])
LEADER = Access.of("lingdao", ["leader"])
COUNTY = Access.of("licheng", ["county"], ["黎城县"])


def at(state: State, **more: object) -> Standing:
    values = {"county": "黎城县", "verdict": "conforms", "has_proposal": True, "has_review": True}
    return Standing(state, "licheng", **{**values, **more})  # type: ignore[arg-type]


def keys(access: Access, standing: Standing) -> list[str]:
    return [item.key for item in offered(access, standing)]


def test_the_way_leads_from_draft_to_archive() -> None:
    for state, following in itertools.pairwise(WAY):
        assert following in {item.target for item in leaving(state)}


def test_every_state_but_the_closed_ones_can_be_left() -> None:
    assert [state for state in State if not leaving(state)] == [State.ARCHIVED]


def test_every_step_can_be_taken_by_some_role() -> None:
    for step in transitions():
        assert any(Access.of("x", [role.value]).may(step.permission) for role in Role)


def test_roles_are_offered_their_steps() -> None:
    assert keys(COUNTY, at(State.DRAFT)) == ["submit", "withdraw"]
    assert keys(OFFICER, at(State.DRAFT)) == []
    assert keys(OFFICER, at(State.SUBMITTED)) == ["first-check", "return"]
    assert keys(LEADER, at(State.SECOND_CHECKED)) == ["sign", "step-back", "return"]


def test_four_eyes() -> None:
    checked = at(State.FIRST_CHECKED, done_by={"first-check": "kuangquan"})
    assert "second-check" not in keys(OFFICER, checked)
    assert "second-check" in keys(COLLEAGUE, checked)
    error = refusal(OFFICER, checked, find("second-check", State.FIRST_CHECKED))
    assert error is not None
    assert error.code == "E854"


def test_another_county_is_refused() -> None:
    with pytest.raises(MinplanError) as caught:
        require(COUNTY, at(State.DRAFT, county="沁源县"), find("submit", State.DRAFT))
    assert caught.value.code == "E952"


def test_a_step_out_of_order_says_what_is_possible() -> None:
    with pytest.raises(MinplanError) as caught:
        find("sign", State.SUBMITTED)
    assert caught.value.code == "E852"
    assert caught.value.hint is not None
    assert "初审" in caught.value.hint.zh


@pytest.mark.parametrize(
    ("standing", "given", "code"),
    [
        (at(State.SUBMITTED), {}, "E855"),
        (at(State.SUBMITTED, has_review=False), {"decision": "conforms"}, "E855"),
        (at(State.SUBMITTED), {"decision": "not-conforming"}, "E853"),
        (at(State.SUBMITTED), {"decision": "conforms"}, None),
        (at(State.SUBMITTED), {"decision": "not-conforming", "reason": "现场情况"}, None),
    ],
)
def test_a_conclusion_of_its_own_needs_a_reason(
    standing: Standing, given: dict[str, str], code: str | None
) -> None:
    step = find("first-check", State.SUBMITTED)
    if code is None:
        require(OFFICER, standing, step, **given)
        return
    with pytest.raises(MinplanError) as caught:
        require(OFFICER, standing, step, **given)
    assert caught.value.code == code


def test_signing_on_a_stale_review_needs_a_reason() -> None:
    stale = at(
        State.SECOND_CHECKED, decision="conforms", stale=(Text("红线已更新", "new red line"),)
    )
    step = find("sign", State.SECOND_CHECKED)
    with pytest.raises(MinplanError) as caught:
        require(LEADER, stale, step)
    assert caught.value.code == "E856"
    require(LEADER, stale, step, reason="更新不涉及本区块")


def test_returning_needs_a_reason() -> None:
    with pytest.raises(MinplanError) as caught:
        require(OFFICER, at(State.SUBMITTED), find("return", State.SUBMITTED), reason=" ")
    assert caught.value.code == "E853"


def test_permissions_of_steps_are_those_of_the_roles() -> None:
    signing = [step for step in transitions() if step.key == "sign"]
    assert [step.permission for step in signing] == [Permission.SIGN]


def test_working_days_skip_weekends_and_holidays() -> None:
    friday = dt.date(2026, 11, 27)
    assert after_working_days(friday, 1) == dt.date(2026, 11, 30)
    assert after_working_days(friday, 5) == dt.date(2026, 12, 4)
    closed = Calendar(holidays=frozenset({dt.date(2026, 11, 30)}))
    assert after_working_days(friday, 1, closed) == dt.date(2026, 12, 1)
    opened = Calendar(worked=frozenset({dt.date(2026, 11, 28)}))
    assert after_working_days(friday, 1, opened) == dt.date(2026, 11, 28)


@pytest.mark.parametrize(
    ("day", "count", "due"),
    [
        ("2025-01-24", 1, "2025-01-26"),  # a Sunday worked in exchange for the Spring Festival
        ("2025-01-27", 1, "2025-02-05"),
        ("2025-09-30", 1, "2025-10-09"),
        ("2026-02-13", 2, "2026-02-24"),
        ("2026-09-30", 3, "2026-10-10"),
    ],
)
def test_deadlines_keep_the_public_holidays(day: str, count: int, due: str) -> None:
    first, last = dt.date.fromisoformat(day), dt.date.fromisoformat(due)
    assert after_working_days(first, count) == last
    assert working_days_between(first, last) == count


def test_every_year_of_the_calendar_is_whole() -> None:
    known = calendar()
    assert {2024, 2025, 2026} <= known.known
    assert {day.year for day in known.holidays | known.worked} <= known.known
    assert all(day.weekday() >= 5 for day in known.worked)
    assert not known.worked & known.holidays


def test_working_days_between_counts_both_ways() -> None:
    first, last = dt.date(2026, 11, 27), dt.date(2026, 12, 9)
    assert working_days_between(first, last) == 8
    assert working_days_between(last, first) == -8


@pytest.mark.parametrize(
    ("due", "pace", "days"),
    [
        (dt.date(2026, 11, 26), Pace.OVERDUE, -1),
        (dt.date(2026, 11, 27), Pace.TODAY, 0),
        (dt.date(2026, 11, 30), Pace.SOON, 1),
        (dt.date(2026, 12, 4), Pace.ON_TIME, 5),
    ],
)
def test_how_urgent_a_case_is(due: dt.date, pace: Pace, days: int) -> None:
    found = deadline(due, dt.date(2026, 11, 27), running=True)
    assert (found.pace, found.days) == (pace, days)
    assert deadline(due, dt.date(2026, 11, 27), running=False).pace is Pace.CLOSED
