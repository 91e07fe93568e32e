"""Databases and inputs for the tests of the hand-in."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

from minplan.database import Database, configure, migrate

#: A day on which the demo plan holds.
DAY = dt.date(2025, 1, 1)
START = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
PLAN = "changzhi-2021-2025"


def fresh(folder: Path, name: str = "new") -> Database:
    """A new database in a file, with its tables, current."""
    made = configure(folder / f"{name}.sqlite")
    migrate()
    return made


def close(database: Database) -> None:
    from django.db import connections

    connections[database.alias].close()


def take_in(path: Path, *, recorded: dt.datetime = START, **said: Any) -> Any:
    """Take an input in as ``minplan import PATH --yes`` does."""
    return intake(path, recorded=recorded, **said).store()


def intake(path: Path, *, recorded: dt.datetime = START, **said: Any) -> Any:
    from minplan.handin.intake import Intake, Request
    from minplan.handin.matching import Stated, match
    from minplan.handin.survey import survey

    stated = Stated(target=said.pop("target", None))
    look = survey(path)
    return Intake(look, match(look, stated)[0], stated, Request(recorded, "经办人", **said))


def hand_in(folder: Path, key: str, effective: dt.date = DAY, **said: Any) -> Any:
    """Write the hand-in folder of the demo plan of the current database."""
    from minplan.database import plans
    from minplan.handin.export import export

    plan = plans.get(PLAN)
    return export(plan, folder, edition="2021-2025", format_key=key, effective=effective, **said)


def contents(effective: dt.date = DAY) -> Any:
    """What the demo plan of the current database holds."""
    from minplan.core.standard.load import edition
    from minplan.database import plans
    from minplan.handin.contents import Contents

    return Contents(plans.get(PLAN), edition("2021-2025"), effective)
