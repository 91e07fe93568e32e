"""Whole plans: the demo plan stored, loaded, adjusted, seen through views, and moved."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from tests.database.making import START, moment

from minplan.core.errors import StoreError
from minplan.core.plan.canonical import content_hash
from minplan.core.plan.model import PlanSnapshot
from minplan.database import Database, use

EDITION = "2021-2025"


@pytest.fixture(scope="session")
def snapshot(built_demo: Path) -> PlanSnapshot:
    from minplan.workspace import Workspace

    return Workspace(built_demo).plan(dt.date(2026, 1, 1))


def store(snapshot: PlanSnapshot, step: int, **more: Any) -> Any:
    from minplan.database import plans

    return plans.store(
        snapshot, edition=EDITION, author="经办人", approver="批准人", recorded=moment(step), **more
    )


def test_a_stored_plan_is_the_plan(database: Database, snapshot: PlanSnapshot) -> None:
    from minplan.database import plans

    founding = store(snapshot, 1)
    assert founding.kind == "founding"
    assert store(snapshot, 2) is None
    plan = plans.get(snapshot.plan.id)
    date = snapshot.plan.effective_from
    assert plans.load(plan, date).sha256 == snapshot.sha256
    assert [item.code for item in plans.listed()] == [snapshot.plan.id]
    with pytest.raises(StoreError, match="E811"):
        plans.get("no such plan")


def test_an_adjusted_plan_keeps_the_one_before(database: Database, snapshot: PlanSnapshot) -> None:
    from minplan.database import plans
    from minplan.database.audit import verify

    first = store(snapshot, 1)
    zones = (replace(snapshot.zones[0], name="改名"), *snapshot.zones[2:])
    adjusted = replace(snapshot, zones=zones)
    adjusted = replace(adjusted, sha256=content_hash(adjusted))
    date = dt.date(2024, 6, 1)
    assert store(adjusted, 2, effective=date).kind == "annual"
    plan = plans.get(snapshot.plan.id)
    assert plans.load(plan, date).sha256 == adjusted.sha256
    assert plans.load(plan, date - dt.timedelta(days=1)).sha256 == snapshot.sha256
    assert plans.load(plan, date, first.effective).sha256 == snapshot.sha256
    assert not verify().faults


def test_views_have_typed_columns(database: Database, snapshot: PlanSnapshot) -> None:
    from django.db import connections

    from minplan.core.standard.load import edition
    from minplan.database import views

    store(snapshot, 1)
    standard = edition(EDITION)
    for _ in range(2):
        names = views.create(standard)
    assert len(names) == len(standard.specs)
    with connections[database.alias].cursor() as cursor:
        cursor.execute('SELECT "MC", "JSMJ", geometry IS NOT NULL FROM xzq_2021_2025')
        rows = cursor.fetchall()
        for name in names:
            cursor.execute(f'SELECT count(*) FROM "{name}"')
    assert len(rows) == 12


@pytest.mark.parametrize("backwards", [False, True])
def test_moving_proves_equality(
    both: tuple[Database, Database], snapshot: PlanSnapshot, tmp_path: Path, backwards: bool
) -> None:
    from minplan.database import originals, plans
    from minplan.database.audit import verify
    from minplan.database.move import digests, move

    source, target = reversed(both) if backwards else both
    (tmp_path / "o").write_bytes(bytes(range(256)))
    with use(source):
        store(snapshot, 1)
        originals.keep(tmp_path / "o", actor="经办人", recorded=START)
    proof = move(source, target)
    assert proof == digests(source) == digests(target)
    with use(target):
        plan = plans.get(snapshot.plan.id)
        assert plans.load(plan, snapshot.plan.effective_from).sha256 == snapshot.sha256
        assert not verify().faults
        zones = (replace(snapshot.zones[0], name="改名"), *snapshot.zones[1:])
        store(replace(snapshot, zones=zones), 2, effective=dt.date(2024, 6, 1))
        assert not verify().faults
    with pytest.raises(StoreError, match="E817"):
        move(source, target)
