"""What the tests of the database put in: a small edition, features, and moments in order."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from itertools import count
from typing import Any

from shapely import box
from shapely.geometry.base import BaseGeometry

from minplan.core.standard.feature import FeatureValue
from minplan.core.text import Text

START = dt.datetime(2026, 3, 1, 8, tzinfo=dt.UTC)
NAME = Text("试验规划", "trial plan")


def moment(step: int) -> dt.datetime:
    """The recorded time of a step; steps are an odd number of microseconds apart."""
    return START + step * dt.timedelta(seconds=1, microseconds=7)


def zone(
    key: str, name: str = "区", shape: BaseGeometry | None = None, **more: Any
) -> FeatureValue:
    """A feature of the layer of counties, whose fields are few."""
    return FeatureValue("XZQ", key, {"BSM": key, "MC": name, **more}, shape)


def square(east: float, north: float = 36.0, size: float = 0.01) -> BaseGeometry:
    return box(east, north, east + size, north + size)


def trial_plan(code: str = "trial") -> Any:
    from minplan.database import plans

    return plans.register(
        code,
        NAME,
        edition="2021-2025",
        level="city",
        region_code="140400",
        actor="经办人",
        recorded=START,
    )


class Clock:
    """Recorded times that never repeat."""

    def __init__(self) -> None:
        self.steps = count(1)

    def __call__(self) -> dt.datetime:
        return moment(next(self.steps))


def carry_out(
    plan: Any,
    kind: str,
    clock: Clock,
    stage: Callable[[Any], object],
    basis: str = "文件〔2026〕1号",
) -> Any:
    """A changeset from its opening to its effect."""
    from minplan.database import changesets

    changeset = changesets.open_changeset(plan, kind, basis, "经办人", clock())
    stage(changeset)
    changesets.check(changeset, clock())
    changesets.approve(changeset, "批准人", clock())
    return changesets.make_effective(changeset, clock())


def found(plan: Any, features: Iterable[FeatureValue], clock: Clock, since: dt.date) -> Any:
    from minplan.database import changesets

    return carry_out(plan, "founding", clock, lambda c: changesets.add(c, features, since))
