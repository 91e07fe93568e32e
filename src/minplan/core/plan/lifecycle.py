"""The life of a planning block: 拟设 → 已论证 → 已出让 → 已发证 → 核销.

States, the steps between them, what each step rests on and how blocks descend from one another are
data (``lifecycle.toml``). A block the plan sets and nobody has registered anything of is planned
from the day it takes effect.
"""

from __future__ import annotations

import datetime as dt
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any, Final

from minplan.core.access import Permission
from minplan.core.errors import PlanDataError
from minplan.core.text import Text

PLANNED: Final = "planned"
GRANTED: Final = "granted"
LICENSED: Final = "licensed"
STRUCK: Final = "struck"
SPLIT_FROM: Final = "split-from"
MERGED_INTO: Final = "merged-into"
BECAME_RIGHT: Final = "became-right"
#: Kinds of zones that live: the keys of ``zone_kind`` in the standard's layers.
BLOCK_KINDS: Final = ("exploration-block", "mining-block")
#: Who may register a step.
PERMISSION: Final = Permission.EDIT_BLOCK_STATE


@dataclass(frozen=True, slots=True)
class BlockState:
    """A state of a block (区块状态); ``rank`` counts from 0 in the order of life."""

    key: str
    word: Text
    note: Text
    rank: int


@dataclass(frozen=True, slots=True)
class Step:
    """A step between two states; ``start`` empty for the first one.

    ``document`` is what the step rests on, ``back`` that it takes an earlier one back (a reason is
    needed), ``right`` that the number of a licence is needed.
    """

    start: str
    to: str
    word: Text
    document: Text
    back: bool = False
    right: bool = False


@dataclass(frozen=True, slots=True)
class Related:
    """Another block or a right a step speaks of: ``relation`` is a key of the life cycle."""

    relation: str
    layer: str
    key: str

    def to_dict(self) -> dict[str, str]:
        """Plain data, as events keep it."""
        return {"relation": self.relation, "layer": self.layer, "key": self.key}


@dataclass(frozen=True, slots=True)
class BlockStep:
    """A registered step: the state reached, on which legal day, on what document, by whom."""

    state: str
    date: dt.date
    document: str = ""
    note: str = ""
    related: tuple[Related, ...] = ()
    actor: str = ""
    recorded: dt.datetime | None = None


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a block stands on a day: its state, since when, and whether it was granted by then.

    ``since`` is None where nothing was registered.
    """

    state: str = PLANNED
    since: dt.date | None = None
    granted: bool = False


def states() -> tuple[BlockState, ...]:
    """All states in the order of life."""
    return _cycle()[0]


def state(key: str) -> BlockState:
    """A state by its key (PlanDataError E861 for an unknown one)."""
    for item in states():
        if item.key == key:
            return item
    raise PlanDataError(
        "E861",
        Text(f"没有区块状态“{key}”", f"there is no block state {key!r}"),
        hint=Text(
            f"可用：{'、'.join(f'{s.key} {s.word.zh}' for s in states())}",
            f"use one of: {', '.join(s.key for s in states())}",
        ),
    )


def relation_word(key: str) -> Text:
    """How a relation between blocks is called."""
    return _cycle()[2].get(key, Text(key, key))


def next_steps(key: str) -> tuple[Step, ...]:
    """The steps that lead on, or back, from a state."""
    return tuple(item for item in _cycle()[1] if item.start == key)


def step_between(start: str, to: str) -> Step:
    """The step from one state to another (PlanDataError E861 when there is none)."""
    found = next((item for item in next_steps(start) if item.to == to), None)
    if found is not None:
        return found
    offered = next_steps(start)
    raise PlanDataError(
        "E861",
        Text(
            f"区块现为“{state(start).word.zh}”，不能直接改为“{state(to).word.zh}”",
            f"the block is {state(start).word.en}: it cannot become {state(to).word.en} at once",
        ),
        hint=Text(
            f"可以：{'、'.join(s.word.zh for s in offered) or '无'}",
            f"possible: {', '.join(s.word.en for s in offered) or 'nothing'}",
        ),
    )


def require(step: Step, document: str, note: str, related: Iterable[Related]) -> None:
    """What a step needs is given.

    Raises PlanDataError E862 for a missing document, E863 for a missing reason of a step back,
    E864 for a missing licence number or an unknown relation.
    """
    listed = tuple(related)
    if not document.strip():
        raise PlanDataError(
            "E862",
            Text(f"“{step.word.zh}”须写明依据", f"{step.word.en}: name the document"),
            hint=Text(f"应为：{step.document.zh}", f"it is: {step.document.en}"),
        )
    if step.back and not note.strip():
        raise PlanDataError(
            "E863",
            Text(f"“{step.word.zh}”须写明原因", f"{step.word.en}: tell the reason"),
            hint=Text("在说明中写明为何退回", "write into the note why it is taken back"),
        )
    known = _cycle()[2]
    if unknown := [item.relation for item in listed if item.relation not in known]:
        raise PlanDataError(
            "E864", Text(f"没有沿革关系“{unknown[0]}”", f"there is no relation {unknown[0]!r}")
        )
    if step.right and not any(i.relation == BECAME_RIGHT and i.key.strip() for i in listed):
        raise PlanDataError(
            "E864",
            Text("须写明许可证号", "name the number of the licence"),
            hint=Text("填写新设矿业权的许可证号", "enter the licence number of the new right"),
        )


def standing(steps: Iterable[BlockStep], day: dt.date) -> Standing:
    """Where a block stands on ``day``; ``steps`` in the order they apply."""
    reached, since, granted = PLANNED, None, False
    for item in steps:
        if item.date > day:
            break
        reached, since = item.state, item.date
        if item.state in (GRANTED, LICENSED):
            granted = True
        elif item.state != STRUCK:
            granted = False
    return Standing(reached, since, granted)


@cache
def _cycle() -> tuple[tuple[BlockState, ...], tuple[Step, ...], dict[str, Text]]:
    text = (resources.files(__package__) / "lifecycle.toml").read_text("utf-8")
    data: dict[str, list[dict[str, Any]]] = tomllib.loads(text)
    told = tuple(
        BlockState(s["key"], _word(s), Text(s["note_zh"], s["note_en"]), rank)
        for rank, s in enumerate(data["state"])
    )
    steps = tuple(
        Step(
            start=s.get("from", ""),
            to=s["to"],
            word=_word(s),
            document=Text(s["document_zh"], s["document_en"]),
            back=s.get("back", False),
            right=s.get("right", False),
        )
        for s in data["step"]
    )
    return told, steps, {item["key"]: _word(item) for item in data["relation"]}


def _word(item: dict[str, Any]) -> Text:
    return Text(item["zh"], item["en"])
