"""Lists whose items each have a size: 4 个：甲矿区 218.46 平方千米，乙矿区 36.72 平方千米."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from minplan.core.quality.consistency.list_items import (
    BRACKETS,
    SIZE_UNITS,
    Items,
    Kind,
    Known,
    is_mineral,
)
from minplan.core.quality.consistency.list_readings import Count, Reading

_SIZE: Final = rf"(?P<size>\d+(?:\.\d+)?)\s*(?P<unit>{SIZE_UNITS})"
_PIECES: Final = re.compile("[，,；;、。\n]|以及|(?<=[\u4e00-\u9fff])和(?=[^，,；;、。]*\\d)")
_TOTAL: Final = re.compile(
    rf"^[^。；;：:]{{0,24}}?[，,][^。；;，,：:]{{0,6}}(?:总|合计|累计|共|计划)[\u4e00-\u9fff]{{0,8}}{_SIZE}"
)
_LEAD: Final = re.compile(r"^[^。；;，,：:\d]{0,24}[：:]|^[^。；;：:\d]{0,24}[，,](?:分别|依次)为")
#: Sentences behind a count that may tell of its things one by one.
_SENTENCES: Final = 2
#: 上述工程合计 705 公顷 is none of them.
_OF_ALL: Final = re.compile("上述|以上|合计|共计")
_AHEAD: Final = "其中|分别为|依次为|包括"
_TAIL: Final = 2
_LEAST: Final = 2
_NAME: Final = 30


def with_sizes(text: str, count: Count, known: Known) -> Reading | None:
    """The things counted, each named with its size in the sentence or the one behind.

    Their names end with what is counted, or make the total that is told beside the count. Behind a
    colon they are all of them.
    """
    body = BRACKETS.sub(lambda found: "　" * len(found.group()), text[count.end :])
    stops = [found.end() for found in re.finditer("[。\n]", body)][:_SENTENCES]
    body = body[: stops[-1]] if stops else body
    total, lead = _TOTAL.match(body), _LEAD.match(body)
    tail = count.thing.strip()[-_TAIL:]
    for ending in (tail, "") if len(tail) == _TAIL else ("",):
        found = _items(body, ending)
        size = len(found.names)
        if size < _LEAST or len(found.units) > 1:
            continue
        whole = total is not None and Decimal(total["size"]) == sum(found.sizes)
        minerals = sum(is_mineral(name, known) for name in found.names)
        of_kind = not count.of_minerals or minerals * 2 >= size
        meant = ending or count.of_minerals or count.ordered
        if of_kind and (whole or (lead is not None and meant)):
            items = Items(found.names, size, size, Kind.NAMES)
            return Reading(items, count.end, count.end + found.end, 0.85)
    return None


@dataclass(frozen=True, slots=True)
class _Sized:
    """Names with their sizes and units, and where the last of them ends."""

    names: tuple[str, ...]
    sizes: tuple[Decimal, ...]
    units: frozenset[str]
    end: int


def _items(body: str, ending: str) -> _Sized:
    """The pieces of a text that are a name with this ending and a size."""
    item = re.compile(rf"(?:{_AHEAD})?[：:]?(?P<name>[^\d：:]*{ending})\D{{0,4}}{_SIZE}")
    held, end = [], 0
    for piece, start in _pieces(body):
        match = item.match(piece)
        name = match["name"].strip() if match is not None else ""
        if match is None or _OF_ALL.search(piece):
            continue
        if max(1, len(ending)) < len(name) <= _NAME:
            held.append((name, Decimal(match["size"]), match["unit"]))
            end = start + len(piece)
    names, sizes, units = zip(*held, strict=True) if held else ((), (), ())
    return _Sized(names, sizes, frozenset(units), end)


def _pieces(body: str) -> list[tuple[str, int]]:
    """The pieces of a text between its stops, each with its place."""
    found, at = [], 0
    for stop in _PIECES.finditer(body):
        piece = body[at : stop.start()]
        # 4 个：甲区 218 平方千米: what stands before the colon is no name
        colon = piece.rfind("：") + 1
        found.append((piece[colon:].strip(), at + colon))
        at = stop.end()
    found.append((body[at:].strip(), at))
    return found
