"""The life of blocks in the database, on both engines."""

from __future__ import annotations

import datetime as dt

import pytest
from tests.database.making import Clock
from tests.database.zones import DAY, LICHENG, PLANNER, RIGHTS, found_plan

from minplan.core.access.model import Forbidden
from minplan.core.errors import PlanDataError, StoreError
from minplan.core.plan.lifecycle import BECAME_RIGHT, Related
from minplan.database import Database
from minplan.database.acting import act_as

LAYER = "KAIGHQK"
LICENCE = "C1404002025031110000001"


def test_a_block_lives_through_its_steps(database: Database) -> None:
    from minplan.database import blocks

    clock = Clock()
    plan = found_plan(clock)
    with act_as(RIGHTS):
        for days, state, related in (
            (0, "argued", ()),
            (30, "granted", ()),
            (60, "licensed", (Related(BECAME_RIGHT, "CKQ", LICENCE),)),
        ):
            blocks.register(
                plan, LAYER, "KQ1", state, DAY + dt.timedelta(days=days),
                document=f"文件〔2025〕{days}号", related=related, recorded=clock(),
            )  # fmt: skip
    on = blocks.standings(plan, DAY + dt.timedelta(days=31))
    assert on[LAYER, "KQ1"].state == "granted"
    assert blocks.standings(plan, DAY)[LAYER, "KQ1"].state == "argued"
    assert (LAYER, "KQ2") not in on
    assert [s.actor for s in blocks.steps(plan, LAYER, "KQ1")] == ["kuangquan"] * 3
    tree = blocks.lineage(plan, LAYER, "KQ1")
    assert [(line.end, line.relation) for line in tree.lines] == [(("CKQ", LICENCE), BECAME_RIGHT)]


def test_what_was_known_then_stays_known(database: Database) -> None:
    from minplan.database import blocks

    clock = Clock()
    plan = found_plan(clock)
    before = clock()
    with act_as(PLANNER):
        blocks.register(plan, LAYER, "KQ1", "argued", DAY, document="意见", recorded=clock())
    assert blocks.standings(plan, DAY, before) == {}
    assert blocks.standings(plan, DAY)[LAYER, "KQ1"].state == "argued"


def test_steps_out_of_order_are_refused(database: Database) -> None:
    from minplan.database import blocks

    clock = Clock()
    plan = found_plan(clock)

    def step(key: str, state: str, date: dt.date) -> None:
        blocks.register(plan, LAYER, key, state, date, document="文件", recorded=clock())

    with act_as(RIGHTS):
        with pytest.raises(PlanDataError, match="E861"):
            step("KQ1", "licensed", DAY)
        with pytest.raises(StoreError, match="E860"):
            step("KQ99", "argued", DAY)
        with pytest.raises(StoreError, match="还没有到"):
            step("KQ1", "argued", dt.date(2030, 1, 1))
        step("KQ1", "argued", DAY)
        with pytest.raises(StoreError, match="早于上一步"):
            step("KQ1", "granted", DAY - dt.timedelta(days=1))
    with act_as(LICHENG), pytest.raises(Forbidden, match="E951"):
        step("KQ1", "granted", DAY)


def test_the_audit_finds_an_event_that_was_edited(database: Database) -> None:
    from django.db import connections

    from minplan.database import audit, blocks, locks
    from minplan.database.guards import writing
    from minplan.database.models import BlockEvent

    clock = Clock()
    plan = found_plan(clock)
    with act_as(RIGHTS):
        blocks.register(plan, LAYER, "KQ1", "argued", DAY, document="意见", recorded=clock())
    assert audit.verify().faults == ()
    connection = connections[database.alias]
    locks.remove(connection)
    try:
        with writing():
            BlockEvent.objects.update(document="别的意见")
    finally:
        locks.install(connection)
    assert [item.zh for item in audit.verify().faults] == ["block-event:1 被改动"]
