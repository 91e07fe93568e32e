"""A writer that is meant to be killed: changes all features again and again.

Every confirmed change is a line in a journal, written after the database has confirmed it.
"""

from __future__ import annotations

import datetime as dt
import os
from pathlib import Path

from tests.database.making import square, zone

from minplan.database import configure

FEATURES = 20
LAW = dt.date(2021, 1, 1)


def version(number: int) -> list[object]:
    """All features as they are after the change with this number."""
    return [
        zone(f"k{i}", f"第{number}次", square(112 + i / 10), XH=number) for i in range(FEATURES)
    ]


def work(target: Path | str, journal: Path, ready: Path) -> None:
    """Change and confirm until killed, going on from the number in the database."""
    configure(target)
    from minplan.database import changesets, originals, plans
    from minplan.database.asof import as_of

    plan = plans.get("trial")
    number = int(as_of(plan, dt.date.max).first().attributes["XH"])
    with journal.open("ab", buffering=0) as confirmed:
        ready.touch()
        while True:
            number += 1
            now = dt.datetime.now(dt.UTC)
            draft = changesets.open_changeset(plan, "annual", f"文件{number}", "经办人", now)
            changesets.change(draft, version(number), LAW)
            changesets.check(draft, now)
            changesets.approve(draft, "批准人", now)
            part = journal.with_suffix(".original")
            part.write_bytes(os.urandom(200_000))
            kept = originals.keep(part, actor="经办人", recorded=now)
            changesets.make_effective(draft, dt.datetime.now(dt.UTC))
            confirmed.write(f"{number} {draft.pk} {kept.pk}\n".encode())
