"""What a user says of a submission, and what it is held to."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from shapely.geometry.base import BaseGeometry

from minplan.core.geometry.crs import CoordinateSystem
from minplan.core.geometry.layer import ConstraintLayer
from minplan.core.plan.model import Plan, PlanSnapshot
from minplan.core.standard.load import edition as bundled
from minplan.core.standard.model import Edition
from minplan.handin.matching import Match, Stated


@dataclass(frozen=True, slots=True, eq=False)
class References:
    """What a submission is held to: the plan of the database, the plan above it, its true area."""

    plan: PlanSnapshot | None = None
    upper: PlanSnapshot | None = None
    region: BaseGeometry | None = None


@dataclass(frozen=True, slots=True)
class Asked:
    """What the user says of a submission, and what it is held to.

    ``edition`` is by default what the package says, else the working edition; ``target`` is the
    layer or table a single file is, ``mapping`` a kept mapping; ``matches`` are layers that are
    agreed on already: no file is then matched again. ``references`` finds what a plan is held to
    once it is known which one it is; ``controls`` are the constraint layers by name.
    """

    edition: str | None = None
    date: dt.date | None = None
    encoding: str | None = None
    system: CoordinateSystem | None = None
    target: str | None = None
    mapping: Path | None = None
    matches: tuple[Match, ...] | None = None
    references: Callable[[Plan | None], References] = lambda _: References()
    controls: Mapping[str, ConstraintLayer] = field(default_factory=dict)
    load: Callable[[str], Edition] = bundled

    @property
    def stated(self) -> Stated:
        """What is stated of the files."""
        return Stated(self.encoding, self.system, self.target)
