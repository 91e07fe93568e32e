"""What the checks of a workspace rest on: its plans, the plan above, the region, the layers."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING, Final

import shapely
from shapely.geometry.base import BaseGeometry

from minplan.checking.asked import Asked, References
from minplan.core.plan.model import Level, Plan, PlanSnapshot, ZoneKind

if TYPE_CHECKING:
    from minplan.workspace import Workspace

_LEVELS: Final = [*Level]


def asked_of(workspace: Workspace, date: dt.date, asked: Asked | None = None) -> Asked:
    """What the user says, completed by what the workspace holds on a day.

    A workspace without plans or layers is fine: checks that need them are then not made.
    """
    from dataclasses import replace  # noqa: PLC0415

    base = asked or Asked()
    return replace(
        base,
        date=base.date or date,
        references=partial(references, workspace, date),
        controls=base.controls or workspace.layers(date),
        load=workspace.edition,
    )


def references(workspace: Workspace, date: dt.date, identity: Plan | None) -> References:
    """The plan of the database that a submission is of, the one above it, and its true area.

    Without an identity the latest plan in effect is taken.
    """
    held = [snapshot for _, snapshot in workspace.plans(date)]
    if identity is None:
        plan = held[-1] if held else None
        level, code = (plan.plan.level, plan.plan.region_code) if plan else (Level.CITY, "")
    else:
        level, code = identity.level, identity.region_code
        plan = _latest(
            [
                item
                for item in held
                if item.plan.level is level
                and item.plan.region_code == code
                and (item.plan.first_year, item.plan.last_year)
                == (identity.first_year, identity.last_year)
            ]
        )
    upper = _latest(
        [
            item
            for item in held
            if _LEVELS.index(item.plan.level) < _LEVELS.index(level)
            and code.startswith(item.plan.region_code.rstrip("0"))
        ],
        nearest=True,
    )
    return References(plan, upper, _region(held, code))


def _latest(found: Sequence[PlanSnapshot], *, nearest: bool = False) -> PlanSnapshot | None:
    """The last in effect; ``nearest`` prefers the lowest of the levels."""
    if not found:
        return None
    if nearest:
        lowest = max(_LEVELS.index(item.plan.level) for item in found)
        found = [item for item in found if _LEVELS.index(item.plan.level) == lowest]
    return found[-1]


def _region(held: Sequence[PlanSnapshot], code: str) -> BaseGeometry | None:
    """The area of a division: the counties of any plan that lie in it."""
    prefix = code.rstrip("0")
    for snapshot in reversed(held):
        shapes = [
            zone.geometry.geometry
            for zone in snapshot.zones_of(ZoneKind.COUNTY)
            if zone.geometry and zone.code.startswith(prefix)
        ]
        if shapes:
            return shapely.union_all(shapes)
    return None
