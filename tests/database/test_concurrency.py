"""Two writers at once, each a process of its own, on both engines."""

from __future__ import annotations

import datetime as dt
import multiprocessing
from contextlib import suppress
from pathlib import Path

import pytest
from tests.database.making import moment, trial_plan, zone
from tests.database.test_registers import RECORD

from minplan.core.errors import StoreError
from minplan.database import Database, configure

ROUNDS = 15


def store_reviews(target: Path | str) -> None:
    configure(target)
    from minplan.database import reviews

    for _ in range(ROUNDS):
        reviews.store(RECORD, actor="经办人", recorded=moment(1))


def change_plan(target: Path | str, writer: int) -> None:
    """Add features under recorded times that may meet those of the other writer."""
    configure(target)
    from minplan.database import changesets, plans

    plan = plans.get("trial")
    for i in range(ROUNDS):
        now = moment(1)
        draft = changesets.open_changeset(plan, "annual", "文件", f"经办人{writer}", now)
        changesets.add(draft, [zone(f"w{writer}-{i}")], dt.date(2021, 1, 1))
        changesets.check(draft, now)
        changesets.approve(draft, "批准人", now)
        # the other writer may have taken effect at a later moment already: then try again
        while changesets.get(draft.pk).state != "effective":
            with suppress(StoreError):
                changesets.make_effective(draft, dt.datetime.now(dt.UTC))


def run(target: object, arguments: list[tuple[object, ...]]) -> None:
    context = multiprocessing.get_context("spawn")
    workers = [context.Process(target=target, args=item) for item in arguments]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(120)
        assert worker.exitcode == 0


def test_reviews_never_share_a_number(database: Database) -> None:
    from minplan.database import reviews

    run(store_reviews, [(database.target,), (database.target,)])
    numbers = [item.number for item in reviews.listed()]
    assert numbers == [f"2026-{i:04d}" for i in range(1, 2 * ROUNDS + 1)]


def test_changesets_of_two_writers_all_take_effect(database: Database) -> None:
    from minplan.database.asof import as_of
    from minplan.database.audit import verify
    from minplan.database.models import Changeset

    plan = trial_plan()
    run(change_plan, [(database.target, 1), (database.target, 2)])
    assert as_of(plan, dt.date(2021, 1, 1)).count() == 2 * ROUNDS
    times = [item.effective for item in Changeset.objects.order_by("effective")]
    assert len(set(times)) == 2 * ROUNDS
    assert not verify().faults


def test_readers_see_the_state_before_while_a_writer_writes(database: Database) -> None:
    import threading

    from minplan.database import changesets, use
    from minplan.database.asof import as_of
    from minplan.database.guards import transaction

    plan = trial_plan()
    draft = changesets.open_changeset(plan, "founding", "文件", "经办人", moment(1))
    changesets.add(draft, [zone("a")], dt.date(2021, 1, 1))
    changesets.check(draft, moment(1))
    changesets.approve(draft, "批准人", moment(1))
    seen: list[int] = []

    def read() -> None:
        from django.db import connections

        with use(database):
            seen.append(as_of(plan, dt.date(2021, 1, 1)).count())
            connections[database.alias].close()

    with transaction():
        changesets.make_effective(draft, moment(2))
        reader = threading.Thread(target=read)
        reader.start()
        reader.join(30)
    read()
    assert seen == [0, 1]


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_a_failed_block_leaves_nothing(database: Database) -> None:
    from minplan.database import reviews
    from minplan.database.audit import verify
    from minplan.database.guards import transaction

    def fail() -> None:
        with transaction():
            reviews.store(RECORD, actor="经办人", recorded=moment(1))
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert reviews.listed() == ()
    assert verify().entries == 0
