"""Lists whose items each have a size: 4 个：甲重点开采区 218.46 平方千米，乙重点开采区 36.72 平方千米."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Final

from minplan.core.quality.consistency.list_items import BRACKETS, Items, Kind
from minplan.core.quality.consistency.list_readings import Count, Reading

_UNIT: Final = r"平方千米|平方公里|公顷|亩|[万亿]?吨(?:/年)?|[万亿]?立方米(?:/年)?|[万亿]元"
_SIZE: Final = rf"(?P<size>\d+(?:\.\d+)?)\s*(?P<unit>{_UNIT})"
_PIECES: Final = re.compile("[，,；;、。\n]|以及|和(?=[^，,；;、。]*\\d)")
_TOTAL: Final = re.compile(
    rf"^[^。；;：:]{{0,24}}?[，,](?:总|合计|累计|共|计划)[\u4e00-\u9fff]{{0,8}}{_SIZE}"
)
_LEAD: Final = re.compile(r"^[^。；;，,：:\d]{0,24}[：:]|^[^。；;：:\d]{0,24}[，,](?:分别|依次)为")
#: Sentences behind a count that may tell of its things one by one.
_SENTENCES: Final = 2
_TAIL: Final = 2
_LEAST: Final = 2
_NAME: Final = 30


def with_sizes(text: str, count: Count) -> Reading | None:
    """The things counted, each named with its size in the sentence or the one behind.

    Their names end with what is counted. Behind a colon they are all of them; elsewhere where their
    sizes make the total that is told beside the count.
    """
    tail = count.thing.strip()[-_TAIL:]
    if len(tail) < _TAIL:
        return None
    body = BRACKETS.sub(lambda found: "　" * len(found.group()), text[count.end :])
    stops = [found.end() for found in re.finditer("[。\n]", body)][:_SENTENCES]
    body = body[: stops[-1]] if stops else body
    item = re.compile(
        rf"(?:其中|分别为|依次为|包括)?[：:]?(?P<name>[^\d：:]*{tail})\D{{0,4}}{_SIZE}"
    )
    names, sizes, units, end = [], [], set(), 0
    for piece, start in _pieces(body):
        match = item.match(piece)
        if match is None or not _TAIL < len(match["name"].strip()) <= _NAME:
            continue
        names.append(match["name"].strip())
        sizes.append(Decimal(match["size"]))
        units.add(match["unit"])
        end = start + len(piece)
    if len(names) < _LEAST or len(units) > 1:
        return None
    total = _TOTAL.match(body)
    whole = total is not None and Decimal(total["size"]) == sum(sizes) and total["unit"] in units
    if not whole and _LEAD.match(body) is None:
        return None
    size = len(names)
    return Reading(Items(tuple(names), size, size, Kind.NAMES), count.end, count.end + end, 0.85)


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
