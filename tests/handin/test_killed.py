"""Killed at any moment, an import leaves nothing; run again, it gives what it always gives."""

from __future__ import annotations

import os
import random
import shutil
import signal
import time
from pathlib import Path

import pytest
from tests.database.conftest import new_target
from tests.handin.making import close, contents, take_in

from minplan.database import Database, configure, migrate

#: Moments of a run of the suite; MINPLAN_KILLS=200 for the full proof.
MOMENTS = int(os.environ.get("MINPLAN_KILLS", "40"))


def start_import(target: Path | str, source: Path) -> int:
    """Import in a process of its own; returns its number."""
    child = os.fork()
    if child:
        return child
    try:
        configure(target)
        take_in(source)
    finally:
        os._exit(0)


def state() -> tuple[int, str]:
    """How many plans there are, and the digest of what holds (empty when nothing does)."""
    from minplan.database import plans
    from minplan.database.models import Changeset, Feature, Operation, Original

    if not plans.listed():
        for model in (Changeset, Feature, Operation, Original):
            assert not model.objects.exists(), model
        return 0, ""
    return len(plans.listed()), contents().digest


def check_audit(target: Path | str) -> None:
    from minplan.database import audit

    database = configure(target)
    assert not audit.verify().faults
    close(database)


def undisturbed(target: Path | str, source: Path) -> tuple[str, float]:
    """The digest after a run that nobody disturbs, and how long it took."""
    database = configure(target)
    migrate()
    close(database)
    started = time.monotonic()
    os.waitpid(start_import(target, source), 0)
    seconds = time.monotonic() - started
    database = configure(target)
    found = state()[1]
    close(database)
    return found, seconds


def kill_and_repeat(target: Path | str, source: Path, seconds: float, wanted: str) -> bool:
    """Kill an import after some seconds, look, repeat it; returns whether it was too late."""
    child = start_import(target, source)
    time.sleep(seconds)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    database: Database = configure(target)
    try:
        held = state()[1]
        assert held in ("", wanted)
        take_in(source)
        assert state() == (1, wanted)
    finally:
        close(database)
    return held == wanted


def test_killed_at_random_moments_on_sqlite(package: Path, tmp_path: Path) -> None:
    first = tmp_path / "template.sqlite"
    database = configure(first)
    migrate()
    close(database)
    whole = Path(shutil.copyfile(first, tmp_path / "whole.sqlite"))
    wanted, seconds = undisturbed(whole, package)
    chance = random.Random(20211225)
    late = 0
    for number in range(MOMENTS):
        target = Path(shutil.copyfile(first, tmp_path / f"{number}.sqlite"))
        late += kill_and_repeat(target, package, chance.uniform(0, seconds * 1.05), wanted)
        if number % 10 == 0:
            check_audit(target)
        for file in tmp_path.glob(f"{number}.sqlite*"):
            file.unlink()
    assert late < MOMENTS


def test_killed_at_random_moments_on_postgresql(
    package: Path, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    wanted, seconds = undisturbed(new_target("postgresql", tmp_path, request), package)
    chance = random.Random(20251231)
    late = [
        kill_and_repeat(
            new_target("postgresql", tmp_path, request),
            package,
            chance.uniform(0, seconds * 1.05),
            wanted,
        )
        for _ in range(max(5, MOMENTS // 4) if MOMENTS < 200 else MOMENTS)
    ]
    assert not all(late)
