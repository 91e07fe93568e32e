"""Plan features and registers as sources of queries, as of a day of law and a recorded moment.

What whoever acts may not see is not there: cases come through their manager, and the public gets
the published layers of the plan alone.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any, Final

import numpy as np
from django.db.models import Count
from shapely.geometry import shape

from minplan.core.access.sight import sees_layer
from minplan.core.cases.workflow import State
from minplan.core.errors import Place, StoreError
from minplan.core.geometry.layer import Bounds
from minplan.core.plan import lifecycle
from minplan.core.query.model import Source
from minplan.core.query.rows import Rows
from minplan.core.query.sources import STATE, case_source, plan_source
from minplan.core.review.finding import Verdict
from minplan.core.review.proposal import Action, RightKind
from minplan.core.standard.model import Edition
from minplan.core.text import Term, Text
from minplan.database import blocks
from minplan.database.acting import acting
from minplan.database.asof import as_of
from minplan.database.editions import edition as edition_of
from minplan.database.models import Case, Plan
from minplan.database.spatial import near

_BATCH: Final = 5_000
_CASE_COLUMNS: Final = (
    *("number", "title", "right", "action", "county", "mineral", "state", "verdict", "decision"),
    *("author", "holder", "opened", "changed", "due", "closed"),
)


@lru_cache(maxsize=16)
def _sources(edition: Edition) -> tuple[Source, ...]:
    states = [(item.key, item.word) for item in lifecycle.states()]
    living = blocks.block_layers(edition)
    return tuple(
        plan_source(spec, edition, states if spec.code in living else ()) for spec in edition.specs
    )


def plan_sources(
    plan: Plan, date: dt.date, recorded: dt.datetime | None = None
) -> tuple[Source, ...]:
    """The layers and tables of a plan that whoever acts may ask, with what each holds then."""
    held = as_of(plan, date, recorded).order_by().values("layer").annotate(rows=Count("pk"))
    counts = {item["layer"]: item["rows"] for item in held}
    found = tuple(
        replace(item, count=counts.get(item.id.partition("/")[2], 0))
        for item in _sources(edition_of(plan.edition_id))
    )
    access = acting()
    return tuple(item for item in found if sees_layer(access, item.id.partition("/")[2]))


@lru_cache(maxsize=1)
def cases_source() -> Source:
    """The register of cases."""
    return case_source(
        states=_words(State), verdicts=_words(Verdict), rights=_words(RightKind),
        actions=_words(Action),
    )  # fmt: skip


def _words(terms: Iterable[Term]) -> list[tuple[str, Text]]:
    return [(item.value, item.word) for item in terms]


@dataclass(frozen=True, slots=True)
class PlanReader:
    """A layer or table of a plan as of a day, read in the order of keys."""

    plan: Plan
    source: Source
    date: dt.date
    recorded: dt.datetime | None = None

    def batches(self, *, after: Any = None, bounds: Bounds | None = None) -> Iterator[Rows]:
        """Rows behind a key; with ``bounds`` those whose boxes touch them."""
        layer = self.source.id.partition("/")[2]
        found = as_of(self.plan, self.date, self.recorded, layers=[layer])
        if bounds is not None:
            found = near(bounds, found)
        if after is not None:
            found = found.filter(key__gt=str(after))
        states = self._states(layer)
        rows = found.order_by("key").values_list("key", "attributes", "geometry")
        batch: list[Any] = []
        for row in rows.iterator(_BATCH):
            batch.append(row)
            if len(batch) == _BATCH:
                yield self._rows(batch, states)
                batch = []
        if batch:
            yield self._rows(batch, states)

    def _states(self, layer: str) -> dict[str, str] | None:
        if STATE not in self.source.index:
            return None
        found = blocks.standings(self.plan, self.date, self.recorded)
        return {key: item.state for (code, key), item in found.items() if code == layer}

    def _rows(self, batch: list[Any], states: dict[str, str] | None) -> Rows:
        keys = _objects([key for key, _, _ in batch])
        shapes = _objects([ground for _, _, ground in batch])
        codes = [item.code for item in self.source.fields if not item.code.startswith("_")]
        values = {code: _objects([row[1].get(code) for row in batch]) for code in codes}
        if states is not None:
            values[STATE] = _objects([states.get(key, lifecycle.PLANNED) for key in keys])
        return Rows(keys, values, lambda positions: shapes[positions])


@dataclass(frozen=True, slots=True)
class CaseReader:
    """The cases that whoever acts may see, with the ground of their proposals."""

    source: Source

    def batches(self, *, after: Any = None, bounds: Bounds | None = None) -> Iterator[Rows]:
        """Rows behind a case number; with ``bounds`` those whose boxes touch them."""
        found = Case.objects.all()
        if after is not None:
            found = found.filter(number__gt=str(after))
        if bounds is not None:
            west, south, east, north = bounds
            found = found.filter(west__lte=east, east__gte=west, south__lte=north, north__gte=south)
        rows = found.order_by("number").values_list(*_CASE_COLUMNS, "proposal")
        batch: list[Any] = []
        for row in rows.iterator(_BATCH):
            batch.append(row)
            if len(batch) == _BATCH:
                yield self._rows(batch)
                batch = []
        if batch:
            yield self._rows(batch)

    def _rows(self, batch: list[Any]) -> Rows:
        values = {
            code: _objects([_told(row[index]) for row in batch])
            for index, code in enumerate(_CASE_COLUMNS)
        }
        shapes = _objects([_ground(row[-1]) for row in batch])
        return Rows(values["number"], values, lambda positions: shapes[positions])


def shape_of(
    plan: Plan, layer: str, key: str, date: dt.date, recorded: dt.datetime | None = None
) -> tuple[str, Any]:
    """Name and geometry of a feature of the plan that a query takes for its ground.

    Raises StoreError E874 when nothing of that name holds then, or it has no geometry.
    """
    found = as_of(plan, date, recorded, layers=[layer]).filter(key=key).first()
    name = str(found.attributes.get("MC") or key) if found is not None else key
    if found is None or found.geometry is None:
        reason = Text("没有", "there is no") if found is None else Text("没有图形：", "not drawn:")
        raise StoreError(
            "E874",
            Text(f"作为范围的要素{reason.zh} {name}", f"the area of the query: {reason.en} {name}"),
            place=Place(layer=layer, field=key),
            hint=Text("换一个县区或分区，或在图上画范围", "choose another zone, or draw the area"),
        )
    return name, found.geometry


def _told(value: Any) -> Any:
    """A value of a register as sources hold it: days as ISO text, empty as None."""
    if isinstance(value, dt.datetime):
        return value.astimezone(_CLOCK).date().isoformat()
    if isinstance(value, dt.date):
        return value.isoformat()
    return None if value == "" else value


#: The bureau's clock.
_CLOCK: Final = dt.timezone(dt.timedelta(hours=8))


def _ground(proposal: Any) -> Any:
    """The polygon of a stored proposal, None where it has none yet."""
    found = proposal.get("geometry") if isinstance(proposal, dict) else None
    return shape(found) if found and found.get("coordinates") else None


def _objects(values: list[Any]) -> Any:
    found = np.empty(len(values), dtype=object)
    found[:] = values
    return found
