"""What can be asked of a workspace, and the running of queries.

What whoever acts may not read is not offered: restricted constraint layers, cases of other
counties, everything but published layers for the public.
"""

# ruff: noqa: PLC0415  (modules with tables can be imported once a database is configured)
from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any, Self

from minplan.core.access import restricted_layers
from minplan.core.access.model import Forbidden
from minplan.core.access.sight import sees_constraint
from minplan.core.errors import InputError, Place
from minplan.core.query.model import Query, Source
from minplan.core.query.paging import Page, page_of
from minplan.core.query.phrase import Understanding, understand
from minplan.core.query.rows import Reader
from minplan.core.query.serial import checked
from minplan.core.query.sources import CASES, LAYER, PLAN, layer_name
from minplan.core.query.summary import (
    Advance,
    PivotTable,
    Reason,
    Totals,
    pivot_of,
    reasons_of,
    totals_of,
)
from minplan.core.query.words import query_words
from minplan.core.text import Text
from minplan.layers.rows import LayerReader, source_of
from minplan.workspace import Workspace

if TYPE_CHECKING:
    from minplan.database.models import Plan

#: The layer of counties, which every plan has.
COUNTIES = "XZQ"


@dataclass(frozen=True, slots=True)
class Prepared:
    """A query that fits its source, with the reader and the ground it stands for."""

    query: Query
    reader: Reader
    ground: Any = None

    @property
    def source(self) -> Source:
        """What is asked."""
        return self.reader.source

    @property
    def words(self) -> Text:
        """The query as a sentence."""
        return query_words(self.query, self.source)

    def page(self, size: int = 100, cursor: str = "") -> Page:
        """A page of rows; InputError E878 for a cursor that is none."""
        return page_of(self.query, self.reader, self.ground, size=size, cursor=cursor)

    def totals(self, advance: Advance | None = None) -> Totals:
        """Counts and sums of all rows."""
        return totals_of(self.query, self.reader, self.ground, advance)

    def pivot(self) -> PivotTable:
        """Groups by the fields of the query's pivot."""
        return pivot_of(self.query, self.reader, self.ground)

    def reasons(self) -> tuple[Reason, ...]:
        """What each condition does to the result."""
        return reasons_of(self.query, self.reader, self.ground)


class Inquiry:
    """What can be asked of a workspace on a day of law, as whoever acts.

    ``recorded`` asks what was believed then. The plan is the one in effect, or ``code``.
    """

    def __init__(
        self,
        workspace: Workspace,
        date: dt.date,
        recorded: dt.datetime | None = None,
        code: str | None = None,
    ) -> None:
        self.workspace = workspace
        self.date = date
        self.recorded = recorded
        self._code = code

    def on(self, date: dt.date | None) -> Self:
        """The same on another day of law (None: this one)."""
        if date is None or date == self.date:
            return self
        return type(self)(self.workspace, date, self.recorded, self._code)

    @cached_property
    def plan(self) -> Plan:
        """The plan that is asked; StoreError E501 when none is in effect, E811 for its code."""
        from minplan.database import plans, use

        with use(self.workspace.database):
            if self._code:
                return plans.get(self._code)
            desk = self.workspace.desk(self.date)
            return plans.get(desk.plan.plan.id)

    @cached_property
    def sources(self) -> tuple[Source, ...]:
        """Everything that whoever acts may ask, layers of the plan first."""
        from minplan.database import querying, use
        from minplan.database.acting import acting

        with use(self.workspace.database):
            found = list(querying.plan_sources(self.plan, self.date, self.recorded))
            if not acting().is_public:
                found += [source_of(file.stored) for file in self._layers.values()]
                found.append(querying.cases_source())
        return tuple(found)

    @cached_property
    def _layers(self) -> Mapping[str, Any]:
        """Constraint layers in force that whoever acts may read."""
        from minplan.database.acting import acting

        desk = self.workspace.desk(self.date)
        return {name: f for name, f in desk.layers.items() if sees_constraint(acting(), name)}

    def source(self, identifier: str) -> Source:
        """A source by its id.

        Raises Forbidden E951 for a restricted layer, InputError E870 for an unknown one.
        """
        for item in self.sources:
            if item.id == identifier:
                return item
        name = identifier.removeprefix(LAYER)
        if identifier.startswith(LAYER) and name in restricted_layers():
            raise _restricted(name)
        raise InputError(
            "E870",
            Text(f"没有可查询的图层“{identifier}”", f"there is no layer {identifier!r} to ask"),
            place=Place(layer=identifier),
            hint=Text(
                "从图层列表中选择，如 plan/KAIGHQK、layer/mining-right、cases",
                "choose one that is listed, such as plan/KAIGHQK, layer/mining-right or cases",
            ),
        )

    def prepare(self, query: Query) -> Prepared:
        """Check a query and open what it asks, on its own date where it has one.

        Raises InputError E870–E875 for what does not fit, StoreError E874 for a ground that is
        not drawn.
        """
        from minplan.database import querying, use

        asked = self.on(query.date)
        with use(self.workspace.database):
            query = checked(query, asked.source(query.source))
            ground = None
            if query.ground is not None:
                ground = query.ground.shape
                if ground is None:
                    name, ground = querying.shape_of(
                        asked.plan, query.ground.layer, query.ground.key, asked.date, self.recorded
                    )
                    query = replace(query, ground=replace(query.ground, name=name))
            return Prepared(query, asked.reader(query.source), ground)

    def reader(self, identifier: str) -> Reader:
        """The reader of a source; errors as :meth:`source`."""
        from minplan.database import querying

        source = self.source(identifier)
        if identifier == CASES:
            return querying.CaseReader(source)
        if identifier.startswith(PLAN):
            return querying.PlanReader(self.plan, source, self.date, self.recorded)
        return LayerReader(self._layers[identifier.removeprefix(LAYER)], source)

    def counties(self) -> dict[str, str]:
        """Every word for a county (whole, without its class, English) with its name."""
        found: dict[str, str] = {}
        for batch in self.reader(f"{PLAN}{COUNTIES}").batches():
            for name, english in zip(batch.column("MC"), batch.column("BZ"), strict=True):
                for word in (name, english, str(name).rstrip("县区市") if len(name) > 2 else ""):
                    if word:
                        found.setdefault(str(word), str(name))
        return found

    def zones(self) -> tuple[tuple[Source, tuple[tuple[str, str], ...]], ...]:
        """Zones that a query may take for its ground: source with (key, name) of the drawn ones."""
        found = []
        for source in self.sources:
            if source.id.startswith(PLAN) and source.geometry == "polygon":
                entries = [
                    (str(key), str(title or key))
                    for batch in self.reader(source.id).batches()
                    for key, title, shape in zip(
                        batch.keys, batch.column(source.title), batch.shapes(_all(batch)),
                        strict=True,
                    )
                    if shape is not None
                ]  # fmt: skip
                if entries:
                    found.append((source, tuple(entries)))
        return tuple(found)

    def understand(self, text: str, fallback: str = "") -> Understanding:
        """Plain words as a query; InputError E879 when no layer is named."""
        from minplan.database import use

        with use(self.workspace.database):
            return understand(text, self.sources, self.counties(), fallback)


def _all(batch: Any) -> Any:
    import numpy as np

    return np.arange(len(batch))


def _restricted(name: str) -> Forbidden:
    word = layer_name(name)
    return Forbidden(
        "E951",
        Text(f"“{word.zh}”是受限图层", f"“{word.en}” is a restricted layer"),
        place=Place(layer=name),
        hint=Text("请有“查看受限图层”权限的同事查询", "ask a colleague who may read it"),
    )
