"""The total of works against the works told one by one: 五项工程，总投资 43970 万元：1. …."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from minplan.core.document.model import PlanDocument, Quantity, Section, Table
from minplan.core.document.quantities import Read, read_blocks
from minplan.core.document.quantities.vocabulary import plain
from minplan.core.quality.consistency.lists_ordinals import begins_with_number
from minplan.core.quality.consistency.passages import STOPS, begin_of, end_of, start_of
from minplan.core.quality.consistency.relations import Relation
from minplan.core.quality.consistency.values import limit_or_figure, total_of
from minplan.core.quality.consistency.ways import Way, exact, judged

_WORKS: Final = re.compile(r"[项大类个](?:重大|重点|主要)?[^，,。；;：:]{0,8}(?:工程|行动|项目)")
_TOTAL: Final = re.compile(
    r"(?:总|共|合计|计划|估算|概算|预计|预算|匡算)[^，,。；;：:\d]{0,6}(?:投资|投入|资金|经费)"
    r"|(?:投资|资金|投入)(?:总额|规模|总量|合计|共计)"
)
_MONEY: Final = "元"
_LEAST: Final = 2
#: Paragraphs before a total that may tell its works.
_BACK: Final = 12


def works_totals(document: PlanDocument) -> Iterator[Relation]:
    """Totals of money that the works below (or above) do not make, and nearly do."""
    blocks = read_blocks(document)
    by_section: dict[int, list[int]] = {}
    for at, read in enumerate(blocks):
        by_section.setdefault(id(read.section), []).append(at)
    for at, read in enumerate(blocks):
        if isinstance(read.block, Table):
            continue
        totals = [item for item in read.quantities if _is_total(read, item)]
        if not totals:
            continue
        beside = by_section[id(read.section)]
        here = beside.index(at)
        lists = [
            _numbered(blocks, beside[here + 1 :]),
            _numbered(blocks, reversed(beside[:here][-_BACK:])),
            _children(blocks, by_section, read.section),
        ]
        for said in totals:
            ways = [way for items in lists for way in _ways(items)]
            inside = [q for q in read.quantities if q.base_unit == _MONEY and q is not said]
            settling = [Way(total_of(inside), tuple(inside))] if inside else []
            yield from judged(said, ways, 0.7, settling)


def _is_total(read: Read, item: Quantity) -> bool:
    """Whether a figure is the money of several works that its sentence counts."""
    if item.base_unit != _MONEY or not exact(item) or isinstance(read.block, Table):
        return False
    text = plain(read.block.text)
    start = begin_of(text, start_of(item), STOPS)
    clause = re.split("[，,；;：:]", text[start : start_of(item)])[-1]
    behind = re.split("[，,；;。]", text[end_of(item) :])[0]
    told = _TOTAL.search(clause) is not None or _TOTAL.search(behind) is not None
    return told and _WORKS.search(text[start : end_of(item)]) is not None


def _ways(items: Sequence[Sequence[Quantity]]) -> Iterator[Way]:
    """The first figure of each work, or the greatest, where each has one."""
    if len(items) < _LEAST or not all(items):
        return
    for chosen in (
        [held[0] for held in items],
        [max(held, key=limit_or_figure) for held in items],
    ):
        yield Way(total_of(chosen), tuple(chosen))


def _money(read: Read) -> list[Quantity]:
    return [item for item in read.quantities if item.base_unit == _MONEY and exact(item)]


def _numbered(blocks: Sequence[Read], places: Iterable[int]) -> list[list[Quantity]]:
    """The money of the numbered paragraphs at these places, up to the first block that is none."""
    found: list[list[Quantity]] = []
    for number in places:
        block = blocks[number].block
        if isinstance(block, Table) or not begins_with_number(block.text):
            break
        found.append(_money(blocks[number]))
    return found


def _children(
    blocks: Sequence[Read], by_section: dict[int, list[int]], section: Section | None
) -> list[list[Quantity]]:
    """The money of the texts of the sections below."""
    return [
        [
            item
            for part in child.walk()
            for at in by_section.get(id(part), [])
            if not isinstance(blocks[at].block, Table)
            for item in _money(blocks[at])
        ]
        for child in (section.children if section is not None else ())
    ]
