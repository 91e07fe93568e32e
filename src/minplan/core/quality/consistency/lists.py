"""Counts against what is listed: “A、B、C等 3 个”, “3 个（A、B、C）”, “三个问题：一是…二是…三是…”.

Every way of reading a list is tried. One that fits settles it; what is told is only a list that
nearly fits and cannot be meant otherwise.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from minplan.core.document.model import Block, Paragraph, PlanDocument, Section, Spot
from minplan.core.document.quantities import regions, scanner
from minplan.core.document.quantities.vocabulary import plain, words
from minplan.core.quality.consistency.list_items import Items, Kind, Known
from minplan.core.quality.consistency.list_readings import Count, Reading, counts
from minplan.core.quality.consistency.lists_before import before
from minplan.core.quality.consistency.lists_behind import behind
from minplan.core.quality.consistency.lists_ordinals import begins_with_number
from minplan.core.quality.consistency.lists_shape import Shape, shapes

#: What a text has that lists something.
_LISTS: Final = re.compile("[、和与及；;①：:]|[一其]是")
_SCALE: Final = re.compile(r"1\s*[:：∶]\s*\d+(?:\.\d+)?\s*万?")
#: 实施六项重大工程，总投资…
_WORKS: Final = re.compile(r"(?:项|大|类)(?:重大|重点|主要)?(?P<kind>工程|行动)(?=[，,。；;：:]|$)")
#: Letters of a paragraph below that are looked at, and how many paragraphs.
_BELOW: Final = 400
_MOST_BELOW: Final = 24
_LEAST_WORKS: Final = 2
#: 全州划分为三个矿业经济区。
_OF_ALL: Final = re.compile(
    r"[\d二两三四五六七八九十]\s*(?:大|个|片|条|类)(?P<thing>[\u4e00-\u9fff]{2,8})[。：:]$"
)
_HEAD: Final = 24


@dataclass(frozen=True, slots=True)
class Listed:
    """A count and the items listed for it, ``size`` of them; ``open`` when the list ends with 等.

    ``fits`` is whether the number of items can be the count.
    """

    count: int
    size: int
    items: tuple[str, ...]
    open: bool
    count_spot: Spot
    list_spot: Spot
    sure: float
    fits: bool


def listed(document: PlanDocument) -> Iterator[Listed]:
    """All counts that have a list beside them, right ones included."""
    known = Known(regions(document), scanner(document))
    yield from _of_blocks(document.front, (), known)
    for section in document.walk():
        yield from _of_blocks(section.blocks, section.children, known)


def has_list(document: PlanDocument, text: str, start: int) -> bool:
    """Whether a list beside the count that begins at ``start`` fits it."""
    known = Known(regions(document), scanner(document))
    told = _bare(text)
    return any(
        reading.fits(count.value)
        for count in counts(told)
        if count.start == start
        for reading in (*before(told, count, known), *behind(told, count, known))
    )


def _of_blocks(
    blocks: Sequence[Block], children: Sequence[Section], known: Known
) -> Iterator[Listed]:
    for at, block in enumerate(blocks):
        if isinstance(block, Paragraph):
            below = _below(block.text, blocks[at + 1 :], children)
            yield from _in_text(block.text, below, block.spot, known)
        else:
            for row in block.cells:
                for cell in row:
                    if not cell.merged:
                        yield from _in_text(cell.text, "", cell.spot, known)


def _below(text: str, blocks: Sequence[Block], children: Sequence[Section]) -> str:
    """The paragraphs below that go on with a list: numbered ones, or between ； behind a colon."""
    told: list[str] = []
    opened = text.rstrip().endswith(("：", ":"))
    for block in blocks[:_MOST_BELOW]:
        if not isinstance(block, Paragraph):
            break
        goes_on = opened and (told[-1:] or [block.text])[0].rstrip().endswith(("；", ";"))
        if not begins_with_number(block.text) and not goes_on and not _is_one(text, block.text):
            break
        told.append(block.text[:_BELOW])
    else:
        told += [f"{child.number}{child.title}" for child in children if opened]
        told += [] if opened or told else _each_one(text, children)
    return "".join(f"\n{part.strip()}" for part in told)


def _is_one(text: str, below: str) -> bool:
    """Whether a paragraph begins with the name of one of those counted: 中部矿业经济区。包括…"""
    counted = _OF_ALL.search(text.rstrip())
    head = re.split("[。：:，,；;]", below.strip())[0]
    return counted is not None and head.endswith(counted["thing"]) and len(head) <= _HEAD


def _each_one(text: str, children: Sequence[Section]) -> list[str]:
    """The sections below that are each one of what the text ends with: 实施六项重大工程。"""
    last = text.rstrip().rstrip("。：:").rpartition("。")[2]
    works = _WORKS.search(last)
    ends = works["kind"] if works is not None else last[-2:]
    named = [child.title for child in children if child.title.endswith(ends)]
    first = [child.title for child in children[: len(named)]]
    if named != first or not ends.endswith(words("lists", "nouns")):
        return []
    return [f"（{at}）{title}" for at, title in enumerate(named, 1)]


def _in_text(told: str, below: str, spot: Spot, known: Known) -> Iterator[Listed]:
    if not below and not _LISTS.search(told):
        return
    text = _bare(told)
    whole = text + _bare(below)
    layouts = list(shapes(text))
    taken = {at for layout in layouts for at in range(layout.start, layout.end)}
    for count in counts(text):
        if count.start in taken:
            continue
        works = _works(text, count, below)
        readings = [*before(text, count, known), *behind(whole, count, known), *works]
        found = _meant(count, readings)
        if found is not None:
            yield _listed(count, found, text, spot)
    for shape in layouts:
        yield _of_shape(shape, text, spot)


def _works(text: str, count: Count, below: str) -> Iterator[Reading]:
    """The paragraphs or sections below that are each one work: （一）找矿工程。布设….

    What the text goes on to say of the works (总投资…) does not part them from their count.
    """
    works = _WORKS.match(text, count.end - 1)
    ends = works["kind"] if works is not None else ""
    counted = _OF_ALL.match(text.rstrip(), count.start)
    ends = counted["thing"] if counted is not None else ends
    if not ends:
        return
    heads = [re.split("[。：:，,；;]", line)[0].strip() for line in below.split("\n") if line]
    named = tuple(head for head in heads if head.endswith(ends))
    if len(named) >= _LEAST_WORKS and named == tuple(heads[: len(named)]):
        items = Items(named, len(named), len(named), Kind.NAMES)
        yield Reading(items, len(text), len(text), 0.8)


def _bare(text: str) -> str:
    return _SCALE.sub(lambda match: " " * len(match.group()), plain(text))


def _meant(count: Count, readings: Sequence[Reading]) -> Reading | None:
    """The reading that fits, else the surest of those that nearly fit."""
    fitting = [reading for reading in readings if reading.fits(count.value)]
    near = [reading for reading in readings if reading.sure and reading.nearly(count.value)]
    return max(fitting or near, key=lambda reading: reading.sure, default=None)


def _listed(count: Count, found: Reading, text: str, spot: Spot) -> Listed:
    return Listed(
        count.value,
        found.size,
        found.items.texts,
        found.open,
        _spot(spot, text, count.start, count.end),
        _spot(spot, text, min(found.start, len(text)), min(found.end, len(text))),
        found.sure,
        found.fits(count.value),
    )


def _of_shape(shape: Shape, text: str, spot: Spot) -> Listed:
    return Listed(
        shape.value,
        len(shape.names),
        shape.names,
        False,
        _spot(spot, text, shape.start, shape.end),
        _spot(spot, text, shape.list_start, shape.list_end),
        0.8,
        shape.value == len(shape.names),
    )


def _spot(spot: Spot, text: str, start: int, end: int) -> Spot:
    return replace(spot, start=start, end=end, quote=text[start:end].strip())
