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
    stands = 0
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
        stands = _check_whole(plan, journal, stands)
        if kill % 10 == 9:
            assert not verify().faults
    assert not verify().faults
    assert len(journal.read_text().splitlines()) >= KILLS // 5


def _check_whole(plan: object, journal: Path, before: int) -> int:
    """The change the database stands at: the last confirmed one, or one more for each writer.

    ``before`` is where it stood when the writer began: a writer killed between the commit and its
    line in the journal has made one change that nobody confirmed, and so may the next one.
    """
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
    confirmed = 0
    if lines:
        told, changeset, original = lines[-1].split()
        confirmed = int(told)
        assert changesets.get(int(changeset)).state == "effective"
        assert sum(map(len, originals.content(original))) == 200_000
    assert confirmed <= number <= max(confirmed, before) + 1
    return int(number)
