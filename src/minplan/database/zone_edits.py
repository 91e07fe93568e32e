"""Edits of zones made ready for a changeset: completed, examined, with the rows that go along."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final

from minplan.core.errors import MinplanError, Place, StoreError
from minplan.core.plan.ground_checks import Issue, Surroundings, ground_issues
from minplan.core.plan.model import MineralQuota, PlanSnapshot
from minplan.core.plan.records import SEQUENCE, ZONE_MINERALS
from minplan.core.plan.zone_edit import MINERALS_TABLE, ZONE_FIELD, completed, mineral_rows
from minplan.core.standard.feature import FeatureValue, feature_digest
from minplan.core.standard.model import Edition, LayerSpec
from minplan.core.text import Text
from minplan.database.asof import as_of, values
from minplan.database.editions import edition as edition_of
from minplan.database.models import Changeset, Operation, Plan, State
from minplan.database.timeline import Action
from minplan.database.validation import examine

Key = tuple[str, str]
_OPEN: Final = (State.DRAFT, State.CHECKED, State.APPROVED)


@dataclass(frozen=True, slots=True)
class Edit:
    """A zone as it shall be: typed attributes, ground, minerals with their numbers of rights.

    ``minerals`` None leaves them as they are.
    """

    feature: FeatureValue
    minerals: tuple[MineralQuota, ...] | None = None


@dataclass(frozen=True, slots=True)
class Prepared:
    """An edit ready to be staged: the zone, changed rows of its minerals, rows to be ended.

    ``faults`` forbid it; then the zone holds what could be read.
    """

    zone: FeatureValue
    rows: tuple[FeatureValue, ...] = ()
    dropped: tuple[Key, ...] = ()
    faults: tuple[MinplanError, ...] = ()


@dataclass(frozen=True, slots=True)
class Rival:
    """An open changeset that touches the same feature."""

    changeset: Changeset
    layer: str
    key: str


@dataclass(frozen=True)
class Stand:
    """What a day's edits start from: the features believed then, with those staged in a draft."""

    plan: Plan
    date: dt.date
    features: Mapping[Key, FeatureValue]
    new: frozenset[Key] = field(default_factory=frozenset)

    @property
    def edition(self) -> Edition:
        """The edition of the plan."""
        return edition_of(self.plan.edition_id)

    def find(self, layer: str, key: str) -> FeatureValue | None:
        """A feature as it stands, or None."""
        return self.features.get((layer, key))

    def get(self, layer: str, key: str) -> FeatureValue:
        """A feature as it stands (StoreError E860 when there is none on that day)."""
        found = self.find(layer, key)
        if found is None:
            raise StoreError(
                "E860",
                Text(f"{self.date} 没有“{key}”", f"there is no {key} on {self.date}"),
                place=Place(layer=layer, field=key),
                hint=Text("核对日期和编号", "check the day and the key"),
            )
        return found

    def minerals(self, key: str) -> tuple[MineralQuota, ...]:
        """The minerals of a zone, with their numbers of rights."""
        rows = sorted(self.mineral_rows(key).values(), key=lambda r: r.attributes.get(SEQUENCE, 0))
        return tuple(ZONE_MINERALS.read(row, self.edition) for row in rows)

    def mineral_rows(self, key: str) -> dict[str, FeatureValue]:
        """The rows of the table of minerals of a zone, by their keys."""
        return {
            row.key: row
            for (layer, _), row in self.features.items()
            if layer == MINERALS_TABLE and row.attributes.get(ZONE_FIELD) == key
        }


def zone_layer(edition: Edition, layer: str) -> LayerSpec:
    """A layer that holds zones or blocks (StoreError E860 for another one)."""
    spec = edition.layer(layer)
    if spec is None or not spec.zone_kind:
        raise StoreError(
            "E860",
            Text(f"没有分区图层“{layer}”", f"there is no layer of zones {layer!r}"),
            place=Place(layer=layer),
        )
    return spec


def stand(plan: Plan, date: dt.date, changeset: Changeset | None = None) -> Stand:
    """What is believed to hold on a day, with the operations of a draft on top."""
    edition = edition_of(plan.edition_id)
    layers = [item.code for item in edition.layers if item.zone_kind] + [MINERALS_TABLE]
    held = {(f.layer, f.key): f for f in values(as_of(plan, date, layers=layers))}
    before = frozenset(held)
    for item in _operations(changeset):
        if item.effective_from > date:
            continue
        if item.action in (Action.END, Action.WITHDRAW):
            held.pop((item.layer, item.key), None)
        elif item.attributes is not None:
            value = FeatureValue(item.layer, item.key, item.attributes, item.geometry)
            held[item.layer, item.key] = value
    return Stand(plan, date, held, frozenset(held) - before)


def prepare(edit: Edit, there: Stand, plan: PlanSnapshot) -> Prepared:
    """Complete an edit and examine it by the edition of the standard."""
    edition, given = there.edition, edit.feature
    zone_layer(edition, given.layer)
    before = there.find(given.layer, given.key)
    held = there.mineral_rows(given.key)
    minerals = there.minerals(given.key) if edit.minerals is None else edit.minerals
    named = {**given.attributes, "BSM": given.key}
    plain = FeatureValue(given.layer, given.key, named, given.geometry)
    (first,) = examine(edition, [(plain, there.date)])
    if first.faults:
        return Prepared(first.feature, faults=first.faults)
    try:
        whole = completed(first.feature, minerals, before, plan, edition)
        rows = mineral_rows(given.key, minerals, held, _next_number(there), edition)
    except MinplanError as error:
        return Prepared(first.feature, faults=(error,))
    examined = examine(edition, [(item, there.date) for item in (whole, *rows)])
    faults = tuple(fault for item in examined for fault in item.faults)
    zone, *changed = (item.feature for item in examined)
    return Prepared(
        zone,
        tuple(r for r in changed if r.key not in held or _differ(r, held[r.key])),
        tuple((MINERALS_TABLE, key) for key in held.keys() - {row.key for row in rows}),
        faults,
    )


def issues(
    prepared: Iterable[Prepared], ended: Iterable[Key], plan: PlanSnapshot, edition: Edition
) -> tuple[Issue, ...]:
    """What the edition and the ground of edits give cause to say, errors first."""
    listed = list(prepared)
    zones = tuple(item.zone for item in listed)
    replaced = frozenset({(z.layer, z.key) for z in zones} | set(ended))
    around = Surroundings(plan, edition, replaced, zones)
    found = [Issue.of(fault) for item in listed for fault in item.faults]
    for zone in zones:
        found += ground_issues(zone, around)
    return tuple(sorted(found, key=lambda item: item.severity != "error"))


def rivals(plan: Plan, keys: Iterable[Key], own: Changeset | None = None) -> tuple[Rival, ...]:
    """Other open changesets that touch the same features, oldest first."""
    wanted = set(keys)
    found = Operation.objects.filter(
        changeset__plan=plan, changeset__state__in=_OPEN, key__in={key for _, key in wanted}
    ).select_related("changeset")
    if own is not None:
        found = found.exclude(changeset=own)
    seen = {
        (item.changeset_id, item.layer, item.key): Rival(item.changeset, item.layer, item.key)
        for item in found.defer("geometry", "attributes").order_by("changeset", "number")
        if (item.layer, item.key) in wanted
    }
    return tuple(seen.values())


def _operations(changeset: Changeset | None) -> Iterable[Operation]:
    if changeset is None:
        return ()
    return tuple(Operation.objects.filter(changeset=changeset).order_by("number"))


def _next_number(there: Stand) -> int:
    numbers = (
        int(row.attributes.get(SEQUENCE, 0))
        for (layer, _), row in there.features.items()
        if layer == MINERALS_TABLE
    )
    return max(numbers, default=0) + 1


def _differ(one: FeatureValue, other: FeatureValue) -> bool:
    return feature_digest(one) != feature_digest(other)
