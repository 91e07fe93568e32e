"""What became of blocks: told by the ground when a changeset takes effect.

A new block that lies mostly in an ended one, or that one in it, takes its place: one successor was
merged into, several were split off. They keep the state of what they come from.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

from shapely.geometry.base import BaseGeometry

from minplan.core.geometry.area import cut_area
from minplan.core.plan import lifecycle
from minplan.core.plan.lifecycle import BlockStep, Related
from minplan.database import blocks
from minplan.database.editions import edition as edition_of
from minplan.database.models import Changeset, Feature, Operation
from minplan.database.timeline import Action

Key = tuple[str, str]
_MOSTLY: Final = 0.5


@dataclass
class Change:
    """Blocks a changeset brings and takes, with their ground before and after."""

    added: dict[Key, tuple[dt.date, BaseGeometry | None]] = field(default_factory=dict)
    ended: dict[Key, tuple[dt.date, BaseGeometry | None]] = field(default_factory=dict)


def of_changeset(changeset: Changeset) -> Change:
    """Blocks that an approved changeset adds and ends, as they are before it takes effect."""
    layers = blocks.block_layers(edition_of(changeset.plan.edition_id))
    found = Change()
    rows = Operation.objects.filter(changeset=changeset, layer__in=layers)
    for row in rows.order_by("number"):
        key = (row.layer, row.key)
        if row.action == Action.ADD or (
            row.action in (Action.CHANGE, Action.CORRECT) and key in found.added
        ):
            found.added[key] = (row.effective_from, row.geometry)
        elif row.action == Action.END and found.added.pop(key, None) is None:
            held = Feature.objects.filter(
                plan=changeset.plan, layer=row.layer, key=row.key, recorded_to=None
            )
            last = held.order_by("-effective_from").first()
            found.ended[key] = (row.effective_from, last.geometry if last else None)
    return found


def register(changeset: Changeset, change: Change, actor: str, recorded: dt.datetime) -> None:
    """Tell the life of the blocks what the changeset did, on its legal days."""
    plan, basis = changeset.plan, changeset.basis

    def tell(key: Key, state: str, date: dt.date, related: Iterable[Related]) -> None:
        step = BlockStep(state, date, basis, "", tuple(related), actor)
        blocks.append(plan, *key, step, recorded)

    children = {key: _children(change, key) for key in change.ended}
    for key, (date, _) in change.added.items():
        sources = [old for old, found in children.items() if key in found]
        split = [old for old in sources if len(children[old]) > 1]
        state = _inherited(changeset, sources, date)
        tell(key, state, date, (Related(lifecycle.SPLIT_FROM, *old) for old in split))
    for key, (date, _) in change.ended.items():
        into = children[key] if len(children[key]) == 1 else ()
        tell(key, lifecycle.STRUCK, date, (Related(lifecycle.MERGED_INTO, *new) for new in into))


def _children(change: Change, key: Key) -> tuple[Key, ...]:
    """The added blocks of the layer that lie mostly in an ended one, or it in them."""
    _, ground = change.ended[key]
    return tuple(
        new
        for new, (_, other) in change.added.items()
        if new[0] == key[0] and max(_share(other, ground), _share(ground, other)) >= _MOSTLY
    )


def _inherited(changeset: Changeset, sources: Iterable[Key], date: dt.date) -> str:
    """The least advanced state of what a block comes from; planned where it is all new."""
    held = [lifecycle.standing(blocks.steps(changeset.plan, *key), date).state for key in sources]
    ranks = sorted(held, key=lambda item: lifecycle.state(item).rank)
    return ranks[0] if ranks else lifecycle.PLANNED


def _share(ground: BaseGeometry | None, other: BaseGeometry | None) -> float:
    """The share of a ground that lies in another one."""
    if ground is None or other is None:
        return 0.0
    whole, inside = cut_area([ground, ground.intersection(other)]).tolist()
    return inside / whole if whole else 0.0
