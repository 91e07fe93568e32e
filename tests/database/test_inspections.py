"""Stored quality checks and waivers, on both engines."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from tests.database.making import Clock
from tests.database.zones import PLANNER, RIGHTS

from minplan.core.access import Access
from minplan.core.access.model import Forbidden
from minplan.core.errors import StoreError
from minplan.database import Database
from minplan.database.acting import act_as

COUNTY = Access.of("licheng", ["county"], ["140426"])
OTHER = Access.of("pingshun", ["county"], ["140425"])
FAULT = {
    "check": "Q-VA-01",
    "fingerprint": "abc",
    "message": {"zh": "缺少名称", "en": "no name"},
}


def made(sha256: str, series: str = "1404003") -> Any:
    from minplan.database.inspections import Made

    return Made(
        series=series,
        name="1404003.zip",
        kind="package",
        edition="2021-2025",
        date=dt.date(2025, 6, 1),
        sha256=sha256,
        verdict="mend",
        score=92.5,
        counts={"error": 1},
        record={"faults": [FAULT]},
    )


def test_checks_are_numbered_and_compared_with_the_one_before(database: Database) -> None:
    from minplan.database import audit, inspections

    clock = Clock()
    with act_as(PLANNER):
        first = inspections.store(made("a" * 64), recorded=clock())
        again = inspections.store(made("a" * 64), recorded=clock())
        other = inspections.store(made("c" * 64, series="other"), recorded=clock())
        second = inspections.store(made("b" * 64), recorded=clock())
        year = first.year
        assert [row.number for row in (first, again, other, second)] == [
            f"ZJ-{year}-{serial:04d}" for serial in (1, 2, 3, 4)
        ]
        assert inspections.before(second) == again
        assert inspections.before(again) is None
        assert inspections.get(second.number).record == {"faults": [FAULT]}
        assert [row.pk for row in inspections.listed("1404003")] == [second.pk, again.pk, first.pk]
    assert audit.verify().faults == ()


def test_a_county_sees_its_own_checks(database: Database) -> None:
    from minplan.database import inspections

    clock = Clock()
    with act_as(COUNTY):
        own = inspections.store(made("a" * 64), recorded=clock())
        assert own.area == "140426"
        assert inspections.get(own.number) == own
    with act_as(OTHER):
        assert list(inspections.listed()) == []
        with pytest.raises(StoreError, match="E811"):
            inspections.get(own.number)
    with act_as(RIGHTS):
        assert list(inspections.listed()) == [own]


def test_a_fault_is_waived_with_a_reason_and_the_waiver_ends(database: Database) -> None:
    from minplan.database import audit, inspections

    clock = Clock()
    with act_as(PLANNER):
        row = inspections.store(made("a" * 64), recorded=clock())
        until = clock().date() + dt.timedelta(days=30)
        waiver = inspections.waive(row, FAULT, reason="省厅同意暂缺", until=until, recorded=clock())
        assert inspections.waivers("1404003") == (waiver,)
        assert inspections.waivers("other") == ()
        inspections.end(waiver, reason="已补齐", recorded=clock())
        assert inspections.waivers("1404003") == ()
        with pytest.raises(StoreError, match="E891"):
            inspections.end(waiver, reason="再次", recorded=clock())
    assert audit.verify().faults == ()


@pytest.mark.parametrize(
    ("reason", "days"), [("", 10), ("  ", 10), ("理由" * 2000, 10), ("理由", -1)]
)
def test_a_waiver_needs_a_reason_and_a_day_to_come(
    database: Database, reason: str, days: int
) -> None:
    from minplan.database import inspections

    clock = Clock()
    with act_as(PLANNER):
        row = inspections.store(made("a" * 64), recorded=clock())
        until = clock().date() + dt.timedelta(days=days)
        with pytest.raises(StoreError, match="E891"):
            inspections.waive(row, FAULT, reason=reason, until=until, recorded=clock())


def test_only_who_approves_plans_waives(database: Database) -> None:
    from minplan.database import inspections

    clock = Clock()
    with act_as(COUNTY):
        row = inspections.store(made("a" * 64), recorded=clock())
        with pytest.raises(Forbidden, match="E951"):
            inspections.waive(row, FAULT, reason="理由", until=None, recorded=clock())
