"""Snapshots of plans as pages need them: as of a day, searched and linked, opened once."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Final

from django.http import HttpRequest

from minplan.core.errors import StoreError
from minplan.core.plan.model import PlanSnapshot
from minplan.core.plan.reading import Links, Node, contents, links
from minplan.core.plan.searching import PlanIndex
from minplan.database import plans
from minplan.database.models import Plan
from minplan.web.dates import day_of, time_of
from minplan.web.desk import workspace
from minplan.web.rules.registry import clauses_of_rules

#: Plans that have been opened, by what they rest on; the latest few are kept.
_opened: dict[tuple[Any, ...], PlanBook] = {}
_KEPT: Final = 6
_PAGES_KEPT: Final = 40


@dataclass(frozen=True)
class PlanBook:
    """A plan as of a day, ready to be read."""

    snapshot: PlanSnapshot
    _pages: dict[tuple[Any, ...], str] = field(default_factory=dict, repr=False, compare=False)

    def page(self, key: tuple[Any, ...], make: Callable[[], str]) -> str:
        """A part of a page that is the same for all who may see it, made once and kept."""
        if key not in self._pages:
            if len(self._pages) >= _PAGES_KEPT:
                self._pages.clear()
            self._pages[key] = make()
        return self._pages[key]

    @cached_property
    def tree(self) -> tuple[Node, ...]:
        """The contents."""
        return contents(self.snapshot)

    @cached_property
    def links(self) -> Mapping[str, Links]:
        """What rests on each clause."""
        return links(self.snapshot, clauses_of_rules())

    @cached_property
    def index(self) -> PlanIndex:
        """The plan ready for searching."""
        return PlanIndex(self.snapshot)


@dataclass(frozen=True, slots=True)
class AsOf:
    """The day of law and the recorded time that a page is asked for (None: as believed now)."""

    date: dt.date
    recorded: dt.datetime | None = None
    stated: bool = False


def as_of(request: HttpRequest) -> AsOf:
    """Read ``?asof=2025-06-30&recorded=…``; InputError E885 when they are no dates."""
    day, moment = request.GET.get("asof", ""), request.GET.get("recorded", "")
    date = day_of(day, "asof") if day else dt.date.today()
    recorded = time_of(moment, "recorded") if moment else None
    return AsOf(date, recorded, bool(day or moment))


def book(plan: Plan, when: AsOf) -> PlanBook:
    """The plan as of a day; PlanDataError E742 when nothing held then."""
    key = (workspace().folder, plan.code, when.date, when.recorded, plan.last_recorded)
    if key not in _opened:
        _keep(key, PlanBook(plans.load(plan, when.date, when.recorded)))
    return _opened[key]


def current_book() -> PlanBook | None:
    """The plan in effect today; None when there is none."""
    try:
        snapshot = workspace().desk(dt.date.today()).plan
    except StoreError:
        return None
    return _of_snapshot(snapshot)


def _of_snapshot(snapshot: PlanSnapshot) -> PlanBook:
    key = (snapshot.plan.id, snapshot.sha256)
    if key not in _opened:
        _keep(key, PlanBook(snapshot))
    return _opened[key]


def _keep(key: tuple[Any, ...], opened: PlanBook) -> None:
    for old in [*_opened][: max(0, len(_opened) + 1 - _KEPT)]:
        _opened.pop(old, None)
    _opened[key] = opened
