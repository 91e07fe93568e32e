"""Plan features and cases as sources of queries, on both engines."""

from __future__ import annotations

import datetime as dt
from typing import Any

import numpy as np
import pytest
from tests.database.making import Clock, carry_out, found, square, trial_plan, zone

from minplan.core.access import Access
from minplan.core.errors import StoreError
from minplan.core.query.model import Ground, Query
from minplan.core.query.paging import page_of
from minplan.core.query.summary import totals_of
from minplan.database.acting import act_as

pytestmark = pytest.mark.usefixtures("database")

START = dt.date(2026, 1, 1)
LATER = dt.date(2026, 6, 1)


def reader(plan: Any, date: dt.date = START, recorded: dt.datetime | None = None) -> Any:
    from minplan.database import querying

    source = next(item for item in querying.plan_sources(plan, date) if item.id == "plan/XZQ")
    return querying.PlanReader(plan, source, date, recorded)


def names(query: Query, source: Any, ground: Any = None, **more: Any) -> list[Any]:
    page = page_of(query, source, ground, size=100, **more)
    return [*page.rows.column("MC")]


def test_a_layer_as_of_a_day_and_a_recorded_moment() -> None:
    from minplan.database import changesets

    plan, clock = trial_plan(), Clock()
    found(plan, [zone("1", "甲", square(113)), zone("2", "乙", square(113.1))], clock, START)
    before = clock()
    changed = zone("2", "丙", square(113.1))
    carry_out(plan, "annual", clock, lambda c: changesets.change(c, [changed], LATER))
    everything = Query("plan/XZQ")
    assert names(everything, reader(plan, START)) == ["甲", "乙"]
    assert names(everything, reader(plan, LATER)) == ["甲", "丙"]
    assert names(everything, reader(plan, LATER, before)) == ["甲", "乙"]


def test_ground_narrows_by_index_and_exactly() -> None:
    plan, clock = trial_plan(), Clock()
    shapes = [zone(str(n), f"区{n}", square(113 + n / 10)) for n in range(5)]
    found(plan, [*shapes, zone("9", "未绘")], clock, START)
    ground = square(113.1, size=0.2)
    query = Query("plan/XZQ", ground=Ground(shape=ground))
    assert names(query, reader(plan), ground) == ["区1", "区2"]
    totals = totals_of(Query("plan/XZQ"), reader(plan), None)
    assert (totals.count, totals.drawn) == (6, 5)


def test_pages_by_key_hold_every_row_once() -> None:
    plan, clock = trial_plan(), Clock()
    found(plan, [zone(f"{n:03d}", f"区{n}") for n in range(25)], clock, START)
    seen, cursor = [], ""
    while True:
        page = page_of(Query("plan/XZQ"), reader(plan), None, size=7, cursor=cursor)
        seen += [*page.rows.keys]
        cursor = page.cursor
        if not cursor:
            break
    assert seen == [f"{n:03d}" for n in range(25)]


def test_the_ground_of_a_query_must_be_drawn() -> None:
    from minplan.database import querying

    plan, clock = trial_plan(), Clock()
    found(plan, [zone("1", "甲", square(113)), zone("2", "乙")], clock, START)
    assert querying.shape_of(plan, "XZQ", "1", START)[0] == "甲"
    for key in ("2", "3"):
        with pytest.raises(StoreError) as refused:
            querying.shape_of(plan, "XZQ", key, START)
        assert refused.value.code == "E874"


def test_the_public_asks_published_layers_only() -> None:
    from minplan.database import querying

    plan = trial_plan()
    with act_as(Access.public()):
        offered = {item.id for item in querying.plan_sources(plan, START)}
    assert "plan/XZQ" in offered
    assert "plan/CKQ" not in offered
    assert "plan/STBHHX" not in offered


def test_cases_of_other_counties_are_not_there() -> None:
    from minplan.database import cases, querying

    moment = dt.datetime(2026, 7, 1, 2, tzinfo=dt.UTC)
    for county, name in (("黎城县", "licheng"), ("沁源县", "qinyuan")):
        with act_as(Access.of(name, ["county"], [county])):
            cases.open_case({}, title=f"{county}一号", recorded=moment)
    source = querying.CaseReader(querying.cases_source())
    query = Query("cases")
    with act_as(Access.of("licheng", ["county"], ["黎城县"])):
        page = page_of(query, source, None, size=10)
        assert [*page.rows.column("title")] == ["黎城县一号"]
        assert totals_of(query, source, None).count == 1
        assert page.rows.shapes(np.arange(1))[0] is None
    with act_as(Access.of("guihua", ["planning"])):
        assert totals_of(query, source, None).count == 2
