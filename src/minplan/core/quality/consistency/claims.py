"""What a document claims of its figures: goals met, mines behind recoveries, room for new mines."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from minplan.core.document.model import Bound, PlanDocument, Quantity, Spot, Table
from minplan.core.document.quantities import base_year, read_blocks
from minplan.core.document.quantities.cells import headings_at
from minplan.core.document.quantities.making import CLOSED
from minplan.core.document.quantities.period import period
from minplan.core.document.quantities.vocabulary import Scanner, plain, words
from minplan.core.quality.consistency.passages import passages, tables_with_quantities
from minplan.core.quality.consistency.values import middle
from minplan.core.quality.consistency.zones import listings, of_mineral
from minplan.core.standard.minerals import find_mineral, lineage

_ALL_MET: Final = re.compile(
    r"(?:各项|全部|所有)(?:主要)?(?:规划)?(?:指标|目标|任务)[^。；]{0,8}(?:全面|全部|均|都)?"
    r"(?:落实|完成|实现|达到)|(?:指标|目标)[^。；，]{0,4}(?:全部|均)(?:完成|实现|落实)"
)
_PARTLY: Final = re.compile(r"基本(?:完成|实现|落实|得到)|未")
_DONE: Final = re.compile(r"完成|实际|实现|达到")
_LOWER_IS_BETTER: Final = frozenset({"经济损失"})
_LABEL: Final = 40
_RECOVERY: Final = "回采率"
_OUTPUT: Final = ("开采总量", "生产规模")
_LEAST_MINERALS: Final = 5
_CLOSING: Final = re.compile(r"(?:关闭|整合|退出|注销|淘汰)[^。；]{0,12}\d")


@dataclass(frozen=True, slots=True)
class Unmet:
    """A claim that all goals are met, and the rows of a table that fall short."""

    claim: Spot
    table: Table
    rows: tuple[tuple[Quantity, Quantity], ...]


def unmet(document: PlanDocument) -> Iterator[Unmet]:
    """Claims that every goal is met against tables of goals and results."""
    claims = [
        Spot(
            block.spot.clause,
            block.spot.page,
            block.spot.line,
            start=match.start(),
            end=match.end(),
            quote=match.group(),
            file=block.spot.file,
        )
        for _, block in document.blocks()
        if not isinstance(block, Table)
        for match in _ALL_MET.finditer(plain(block.text))
        if not _PARTLY.search(match.group())
    ]
    if not claims:
        return
    for _, table, held in tables_with_quantities(document):
        rows = tuple(_short(table, held))
        if rows:
            yield Unmet(claims[0], table, rows)


def _short(table: Table, held: tuple[Quantity, ...]) -> Iterator[tuple[Quantity, Quantity]]:
    by_row: dict[int, list[Quantity]] = {}
    for item in held:
        by_row.setdefault(item.spot.row or 0, []).append(item)
    for row, items in by_row.items():
        heads = headings_at(table, row - 1)
        goals = [item for item in items if "目标" in item.qualifiers]
        for goal in goals:
            done = [
                item
                for item in items
                if _DONE.search(heads[(item.spot.column or 1) - 1].text)
                and "目标" not in item.qualifiers
                and item.base_unit == goal.base_unit
                and item.attribute == goal.attribute
            ]
            if len(done) == 1 and _missed(goal, done[0]):
                yield goal, done[0]


def _missed(goal: Quantity, done: Quantity) -> bool:
    if done.bound is not Bound.EQUAL or done.base_low is None:
        return False
    if goal.bound is Bound.AT_MOST or goal.attribute in _LOWER_IS_BETTER:
        return done.base_low > (goal.base_high or Decimal(0))
    return goal.base_low is not None and done.base_low < goal.base_low


@dataclass(frozen=True, slots=True)
class Recovery:
    """A recovery (回采率) of a mineral that nobody mines, by the document."""

    said: Quantity
    zero: Quantity | None


def recoveries(document: PlanDocument) -> Iterator[Recovery]:
    """Recoveries of minerals with no output, or missing where the mines are listed by mineral."""
    base = base_year(document)
    output: dict[str, list[Quantity]] = {}
    mined: set[str] = set()
    said: list[Quantity] = []
    for read in read_blocks(document):
        for item in read.quantities:
            if item.year is not None and base is not None and item.year > base:
                continue
            if item.attribute == _RECOVERY and item.subject:
                said.append(item)
            elif item.attribute == "开采总量" and "目标" not in item.qualifiers and item.subject:
                output.setdefault(item.subject, []).append(item)
            elif item.attribute in ("矿山数", "采矿权数") and middle(item) > 0:
                mined.update(kin for name in _named(item) for kin in _family(name))
    listed = len(mined) >= _LEAST_MINERALS
    for item in said:
        figures = [figure for name in _named(item) for figure in output.get(name, [])]
        zero = next((other for other in figures if middle(other) == 0), None)
        if zero is not None and not any(middle(other) > 0 for other in figures):
            yield Recovery(item, zero)
        elif listed and not figures and mined.isdisjoint(_named(item)):
            yield Recovery(item, None)


def _named(item: Quantity) -> list[str]:
    """The minerals of a figure: 水泥用灰岩、建筑用花岗岩回采率不低于 95%."""
    return item.subject.split("、")


def _family(name: str) -> tuple[str, ...]:
    mineral = find_mineral(name)
    return (name,) if mineral is None else lineage(mineral)


@dataclass(frozen=True, slots=True)
class Room:
    """A cap on the number of mines that leaves no room: there are more, or more are planned."""

    cap: Quantity
    now: Quantity
    new: Quantity | None
    outputs: tuple[Quantity, Quantity] | None


def rooms(document: PlanDocument, factor: Decimal) -> Iterator[Room]:
    """Caps on mines below those there are and those planned, or with mines many times larger.

    ``factor`` is how many times larger a mine must become on average to be told.
    """
    span, base = period(document), base_year(document)
    if span is None or base is None:
        return
    held: dict[tuple[str, str], list[Quantity]] = {}
    closing: set[Spot] = set()
    going: set[str] = set()
    for read in read_blocks(document):
        if not isinstance(read.block, Table) and _CLOSING.search(read.block.text):
            closing.update(item.spot for item in read.quantities)
        for item in read.quantities:
            planned = item.attribute == "开采规划区块数"
            if CLOSED & set(item.qualifiers):
                # of this mineral, or of any in this section
                going.add(item.subject or item.spot.clause)
            if item.subject and (planned or not item.qualifiers):
                held.setdefault((item.attribute, item.subject), []).append(item)
    for (attribute, subject), items in held.items():
        if attribute != "矿山数":
            continue
        caps = [item for item in items if item.year == span.last and not item.region]
        nows = [item for item in items if item.year == base and not item.region]
        if caps and nows:
            for found in _room(held, subject, caps[0], nows[0], factor):
                # how many of the mines there are will go may be told beside the cap
                told = caps[0].spot in closing or bool({subject, caps[0].spot.clause} & going)
                if found.outputs is not None or not told:
                    yield found


def _room(
    held: dict[tuple[str, str], list[Quantity]],
    subject: str,
    cap: Quantity,
    now: Quantity,
    factor: Decimal,
) -> Iterator[Room]:
    new = [
        item
        for (attribute, name), items in held.items()
        if attribute == "开采规划区块数" and subject in _family(name)
        for item in items
    ]
    outputs = _outputs(held, subject, cap.year, now.year)
    if outputs is not None and middle(cap) > 0 and middle(now) > 0 and middle(outputs[0]) > 0:
        before, after = middle(outputs[0]) / middle(now), middle(outputs[1]) / middle(cap)
        if after > factor * before:
            yield Room(cap, now, new[0] if new else None, outputs)
            return
    limit = cap.base_high if cap.base_high is not None else middle(cap)
    if new and middle(now) + middle(new[0]) > limit:
        yield Room(cap, now, new[0], None)


def _outputs(
    held: dict[tuple[str, str], list[Quantity]], subject: str, last: int | None, base: int | None
) -> tuple[Quantity, Quantity] | None:
    after = [item for item in held.get(("开采总量", subject), []) if item.year == last]
    before = [
        item for name in _OUTPUT for item in held.get((name, subject), []) if item.year == base
    ]
    if not after or not before or before[0].base_unit != after[0].base_unit:
        return None
    return before[0], after[0]


@dataclass(frozen=True, slots=True)
class Misplaced:
    """A row whose name and whose description speak of different counties."""

    table: Table
    name: Spot
    text: Spot
    named: tuple[str, ...]
    described: tuple[str, ...]


def misplaced(document: PlanDocument, scanner: Scanner) -> Iterator[Misplaced]:
    """Rows of tables whose description is of other counties than their name."""
    for _, table in document.tables():
        for row in table.body:
            cells = [cell for cell in row if not cell.merged and cell.text.strip()]
            told = [
                (
                    cell,
                    tuple(
                        dict.fromkeys(
                            t.value for t in scanner.scan(plain(cell.text)) if t.kind == "region"
                        )
                    ),
                )
                for cell in cells
            ]
            names = [item for item in told if item[1] and len(item[0].text) <= _LABEL]
            texts = [
                item for item in told if item[1] and "。" in item[0].text and item not in names[:1]
            ]
            if names and texts and not set(names[0][1]) & set(texts[0][1]):
                yield Misplaced(table, names[0][0].spot, texts[0][0].spot, names[0][1], texts[0][1])


@dataclass(frozen=True, slots=True)
class Absent:
    """Blocks said to lie in zones of a county where the table has none of their mineral."""

    said: Quantity
    zone: str
    table: Table


def absent(document: PlanDocument) -> Iterator[Absent]:
    """“在某县集中开采区规划 1 个 M 区块” against the zones of that county and mineral."""
    zones = set(words("zones", "words"))
    for passage in passages(document):
        for said in passage.quantities:
            named = [word for word in said.qualifiers if word in zones]
            if not named or not said.region or not said.subject or "、" in said.subject:
                continue
            if not said.attribute.endswith("区块数"):
                continue
            for item in listings(document):
                records = item.about(named[0])
                if not records or not item.has_minerals or not item.has_regions:
                    continue
                here = tuple(r for r in records if said.region in r.regions)
                wide = _family(said.subject)
                if here and not any(of_mineral(here, name) for name in wide):
                    yield Absent(said, named[0], item.table)
