"""Writers killed at random moments: nothing confirmed is lost, nothing is half-written.

Some moments in every run; ``MINPLAN_KILLS=200`` for as many on each engine.
"""

from __future__ import annotations

import datetime as dt
import multiprocessing
import os
import random
import time
from pathlib import Path

import pytest
from tests.database import kill_worker
from tests.database.making import START, carry_out, trial_plan

from minplan.database import Database

KILLS = int(os.environ.get("MINPLAN_KILLS", "12"))


@pytest.mark.slow
def test_killed_writers_leave_whole_changes(database: Database, tmp_path: Path) -> None:
    from django.db import connections

    from minplan.database import changesets
    from minplan.database.audit import verify

    plan = trial_plan()
    first = kill_worker.version(0)
    clock = iter(START + dt.timedelta(seconds=i) for i in range(9)).__next__
    carry_out(plan, "founding", clock, lambda c: changesets.add(c, first, kill_worker.LAW))
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["tests.database.kill_worker", "django.db", "shapely"])
    journal, chance = tmp_path / "journal", random.Random(4490)
    journal.touch()
    for kill in range(KILLS):
        connections[database.alias].close()
        ready = tmp_path / f"ready{kill}"
        worker = context.Process(target=kill_worker.work, args=(database.target, journal, ready))
        worker.start()
        while not ready.exists() and worker.is_alive():
            time.sleep(0.002)
        time.sleep(chance.uniform(0.0, 0.4))
        assert worker.is_alive(), "the writer failed by itself"
        worker.kill()
        worker.join()
        _check_whole(plan, journal)
        if kill % 10 == 9:
            assert not verify().faults
    assert not verify().faults
    assert len(journal.read_text().splitlines()) >= KILLS // 5


def _check_whole(plan: object, journal: Path) -> None:
    from minplan.database import changesets, originals
    from minplan.database.asof import as_of, values
    from minplan.database.guards import transaction

    lines = journal.read_text().splitlines()
    with transaction():  # a killed client's last commit may still be under way on the server
        got = values(as_of(plan, dt.date.max))
    numbers = {feature.attributes["XH"] for feature in got}
    assert len(numbers) == 1
    assert len(got) == kill_worker.FEATURES
    (number,) = numbers
    if lines:
        confirmed, changeset, original = lines[-1].split()
        assert int(confirmed) <= number <= int(confirmed) + 1
        assert changesets.get(int(changeset)).state == "effective"
        assert sum(map(len, originals.content(original))) == 200_000
