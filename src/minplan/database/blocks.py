"""The life of planning blocks (区块进展): registered here only, each step with an audit entry.

Where a block stands on a day follows from its events; ``recorded`` asks what was known then. Events
are never changed: a wrong one is taken back by a later step.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from minplan.core.errors import Place, PlanDataError, StoreError
from minplan.core.plan import lifecycle
from minplan.core.plan.ground_checks import counties_of
from minplan.core.plan.lifecycle import BlockStep, Related, Standing
from minplan.core.plan.model import Zone
from minplan.core.plan.zone_features import read_zone
from minplan.core.standard.feature import FeatureValue
from minplan.core.standard.model import Edition
from minplan.core.text import Text
from minplan.database import chain
from minplan.database.acting import acting
from minplan.database.editions import edition as edition_of
from minplan.database.guards import writing
from minplan.database.models import BlockEvent, Feature, Plan
from minplan.database.times import bureau_day, recorded_time

Key = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Descent:
    """A line of the family tree of blocks: ``relation`` leads from one (layer, key) to another."""

    start: Key
    end: Key
    relation: str
    date: dt.date


@dataclass(frozen=True, slots=True)
class Lineage:
    """What a block comes from and what became of it: nodes and lines, oldest first."""

    nodes: tuple[Key, ...]
    lines: tuple[Descent, ...]


def block_layers(edition: Edition) -> tuple[str, ...]:
    """The layers of an edition that hold planning blocks."""
    kinds = lifecycle.BLOCK_KINDS
    return tuple(item.code for item in edition.layers if item.zone_kind in kinds)


def register(
    plan: Plan,
    layer: str,
    key: str,
    state: str,
    date: dt.date,
    *,
    document: str,
    recorded: dt.datetime,
    note: str = "",
    related: Iterable[Related] = (),
) -> BlockEvent:
    """Register that a block reached a state on a legal day, as whoever acts.

    Raises Forbidden E951, E952 (not allowed, or not here), StoreError E860 (no such block), E866
    (before the last step, or in the future), PlanDataError E861–E864 (the life cycle forbids it).
    """
    access = acting()
    access.require(lifecycle.PERMISSION)
    listed = tuple(related)
    with writing():
        block = latest(plan, layer, key)
        for county in counties_of(block):
            access.require(lifecycle.PERMISSION, county)
        taken = steps(plan, layer, key)
        _require_day(date, taken, recorded)
        step = lifecycle.step_between(lifecycle.standing(taken, date).state, state)
        lifecycle.require(step, document, note, listed)
        held = BlockStep(state, date, document.strip(), note.strip(), listed, access.actor)
        return append(plan, layer, key, held, recorded)


def append(plan: Plan, layer: str, key: str, step: BlockStep, recorded: dt.datetime) -> BlockEvent:
    """Write an event without asking the life cycle: for what a changeset brings about."""
    with writing():
        event = BlockEvent.objects.create(
            plan=plan,
            layer=layer,
            key=key,
            state=step.state,
            date=step.date,
            document=step.document[:200],
            note=step.note,
            related=[item.to_dict() for item in step.related],
            actor=step.actor,
            recorded=recorded_time(recorded),
        )
        subject = f"block-event:{event.pk}"
        chain.record("block.event", subject, told(event), actor=step.actor, recorded=recorded)
    return event


def told(event: BlockEvent) -> dict[str, Any]:
    """What the audit chain keeps of an event."""
    return {
        "plan": event.plan.code,
        "block": f"{event.layer}:{event.key}",
        "state": event.state,
        "date": event.date.isoformat(),
        "document": event.document,
        "note": event.note,
        "related": event.related,
    }


def latest(plan: Plan, layer: str, key: str) -> FeatureValue:
    """The content of a block believed now that holds last, also of one that has ended.

    Raises StoreError E860 for a block that never was, PlanDataError E861 for what is no block.
    """
    if layer not in block_layers(edition_of(plan.edition_id)):
        raise PlanDataError(
            "E861",
            Text(f"图层 {layer} 不是规划区块", f"layer {layer} holds no planning blocks"),
            place=Place(layer=layer),
        )
    rows = Feature.objects.filter(plan=plan, layer=layer, key=key, recorded_to=None)
    row = rows.order_by("-effective_from").first()
    if row is None:
        raise StoreError(
            "E860",
            Text(f"规划中没有区块 {key}", f"the plan has no block {key}"),
            place=Place(layer=layer, field=key),
        )
    return FeatureValue(row.layer, row.key, row.attributes, row.geometry)


def find(plan: Plan, key: str) -> FeatureValue:
    """The block with this key, in whichever layer (StoreError E860 when there is none)."""
    layers = block_layers(edition_of(plan.edition_id))
    found = Feature.objects.filter(plan=plan, layer__in=layers, key=key).first()
    return latest(plan, found.layer if found else layers[0], key)


def steps(
    plan: Plan, layer: str, key: str, recorded: dt.datetime | None = None
) -> tuple[BlockStep, ...]:
    """The registered steps of a block in the order they apply, as known at ``recorded``."""
    return _by_block(plan, recorded, layer=layer, key=key).get((layer, key), ())


def standings(
    plan: Plan, day: dt.date, recorded: dt.datetime | None = None
) -> Mapping[Key, Standing]:
    """Where every block with events stands on a day; blocks without are planned."""
    found = _by_block(plan, recorded)
    return {key: lifecycle.standing(taken, day) for key, taken in found.items()}


def by_code(found: Mapping[Key, Standing]) -> dict[str, Standing]:
    """The same by the code of the block alone, as plan snapshots name it."""
    return {key: item for (_, key), item in found.items()}


def gone(plan: Plan, day: dt.date) -> tuple[Zone, ...]:
    """Blocks with events that the plan holds no more on ``day`` and that have no successor."""
    edition = edition_of(plan.edition_id)
    found = _by_block(plan, None)
    followed = {line.start for line in _lines(found)}
    zones = []
    for layer, key in found.keys() - followed:
        rows = Feature.objects.filter(plan=plan, layer=layer, key=key, recorded_to=None)
        row = rows.order_by("-effective_from").first()
        if row is not None and row.effective_to is not None and row.effective_to <= day:
            zones.append(read_zone(row.value, (), edition))
    return tuple(sorted(zones, key=lambda item: item.code))


def lineage(plan: Plan, layer: str, key: str) -> Lineage:
    """The blocks a block descends from and those that descend from it, and rights it became."""
    lines = _lines(_by_block(plan, None))
    nodes: list[Key] = [(layer, key)]
    kept: list[Descent] = []
    for forward in (True, False):
        front = [(layer, key)]
        while front:
            here = front.pop()
            for line in lines:
                start, end = (line.start, line.end) if forward else (line.end, line.start)
                if start == here and line not in kept:
                    kept.append(line)
                    front.append(end)
                    nodes.append(end)
    unique = tuple(dict.fromkeys(nodes))
    return Lineage(unique, tuple(sorted(kept, key=lambda item: (item.date, item.start, item.end))))


def successors(plan: Plan, layer: str, key: str) -> tuple[Key, ...]:
    """The blocks that took the place of one: split from it, or that it was merged into."""
    lines = _lines(_by_block(plan, None))
    return tuple(
        line.end
        for line in lines
        if line.start == (layer, key) and line.relation != lifecycle.BECAME_RIGHT
    )


def _require_day(date: dt.date, taken: tuple[BlockStep, ...], recorded: dt.datetime) -> None:
    today = bureau_day(recorded)
    if date > today:
        raise StoreError(
            "E866",
            Text(f"日期 {date} 还没有到", f"{date} is still to come"),
            place=Place(field="date"),
            hint=Text("步骤在发生以后登记", "register a step once it has happened"),
        )
    if taken and date < taken[-1].date:
        raise StoreError(
            "E866",
            Text(f"日期早于上一步的 {taken[-1].date}", f"before the last step on {taken[-1].date}"),
            place=Place(field="date"),
            hint=Text("核对日期，或先撤回上一步", "check the date, or take the last step back"),
        )


def _by_block(
    plan: Plan, recorded: dt.datetime | None, **narrowed: str
) -> dict[Key, tuple[BlockStep, ...]]:
    events = BlockEvent.objects.filter(plan=plan, **narrowed).order_by("date", "pk")
    if recorded is not None:
        events = events.filter(recorded__lte=recorded_time(recorded))
    found: dict[Key, list[BlockStep]] = {}
    for event in events:
        found.setdefault((event.layer, event.key), []).append(_step(event))
    return {key: tuple(items) for key, items in found.items()}


def _step(event: BlockEvent) -> BlockStep:
    return BlockStep(
        event.state,
        event.date,
        event.document,
        event.note,
        tuple(Related(**item) for item in event.related),
        event.actor,
        event.recorded,
    )


#: Relations told by the later block, so that the line runs the other way.
_BACKWARD: Final = frozenset({lifecycle.SPLIT_FROM})


def _lines(found: Mapping[Key, tuple[BlockStep, ...]]) -> tuple[Descent, ...]:
    lines = []
    for own, taken in found.items():
        for step in taken:
            for item in step.related:
                other = (item.layer, item.key)
                start, end = (other, own) if item.relation in _BACKWARD else (own, other)
                lines.append(Descent(start, end, item.relation, step.date))
    return tuple(dict.fromkeys(lines))
