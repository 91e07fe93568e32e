"""As of when the map is looked at: a plan, a day of law, a recorded moment."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from minplan.core.errors import InputError, Place, StoreError
from minplan.core.geometry.layer import Bounds
from minplan.core.plan.model import PlanSnapshot
from minplan.core.text import Text
from minplan.database import asof, plans
from minplan.database.models import Plan
from minplan.web.dates import day_of, time_of
from minplan.web.desk import workspace


@dataclass(frozen=True, slots=True)
class Moment:
    """A plan as of ``date`` (law) as believed at ``recorded`` (None: now)."""

    plan: Plan
    date: dt.date
    recorded: dt.datetime | None

    def features(self, *layers: str) -> Any:
        """A query set of the plan's features that hold at this moment."""
        return asof.as_of(self.plan, self.date, self.recorded, layers=layers or None)

    def snapshot(self) -> PlanSnapshot:
        """The plan as typed values at this moment."""
        if self.recorded is None:
            desk = workspace().desk(self.date)
            if desk.plan.plan.id == self.plan.code:
                return desk.plan
        return plans.load(self.plan, self.date, self.recorded)

    @property
    def mark(self) -> str:
        """Text that changes whenever the features may have changed."""
        return f"{self.plan.code}|{self.date}|{self.recorded}|{self.plan.last_recorded}"


def moment_of(given: Mapping[str, Any]) -> Moment:
    """The moment that parameters ``plan``, ``date`` and ``recorded`` name; today by default.

    On a day before any plan it is the first plan, none of whose features hold yet.

    Raises InputError E885 for what is no date, StoreError E501 and E811 where there is no plan.
    """
    day, moment = given.get("date"), given.get("recorded")
    date = day_of(str(day), "date") if day else dt.date.today()
    recorded = time_of(str(moment), "recorded") if moment else None
    code = given.get("plan") or _plan_of(date)
    return Moment(plans.get(str(code)), date, recorded)


def _plan_of(date: dt.date) -> str:
    try:
        return workspace().desk(date).plan.plan.id
    except StoreError:
        known = plans.listed()
        if not known:
            raise
        return str(known[0].code)


def bounds_of(given: Mapping[str, Any]) -> Bounds | None:
    """The window ``bbox=west,south,east,north`` in degrees, None for everything.

    Raises InputError E932 when it is not four figures in order.
    """
    word = given.get("bbox")
    if not word:
        return None
    try:
        west, south, east, north = (float(part) for part in str(word).split(","))
    except ValueError as error:
        raise _wrong("bbox", str(word), "113.1,36.1,113.4,36.3") from error
    if not (west <= east and south <= north):
        raise _wrong("bbox", str(word), "113.1,36.1,113.4,36.3")
    return west, south, east, north


def _wrong(field: str, word: str, example: str) -> InputError:
    return InputError(
        "E932",
        Text(f"参数 {field} 不对：“{word}”", f"parameter {field} is wrong: {word!r}"),
        place=Place(field=field),
        hint=Text(f"例如 {example}", f"for example {example}"),
    )
