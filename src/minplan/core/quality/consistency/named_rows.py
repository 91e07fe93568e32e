"""Rows of tables that a sentence names: one (大坪山区块规模为 150 万吨/年), or several together."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from minplan.core.document.model import PlanDocument, Quantity, Table
from minplan.core.document.quantities import read_blocks, scanner
from minplan.core.document.quantities.making import CHANGE
from minplan.core.document.quantities.vocabulary import Scanner, plain
from minplan.core.quality.consistency.letters import letter_pairs
from minplan.core.quality.consistency.passages import PARTS, begin_of, end_of, start_of
from minplan.core.quality.consistency.relations import Relation
from minplan.core.quality.consistency.surroundings import own_words
from minplan.core.quality.consistency.table_rows import Rows, tables_of
from minplan.core.quality.consistency.values import of_one_unit, total_of
from minplan.core.quality.consistency.ways import Way, exact, judged

_TOGETHER: Final = re.compile(r"合计|之和|共计|总计|总和|两地|两者|两县|三者")
_CONSISTS: Final = re.compile(r"包括[^。；;\d]*$")
_LEAST: Final = 2
_FORMER: Final = "前者"
_WHICH: Final = re.compile("前者|后者")


def named_totals(document: PlanDocument) -> Iterator[Relation]:
    """Totals of several named rows of a table that none of its columns gives."""
    tables = tables_of(document)
    for told in _told(document):
        if _TOGETHER.search(told.own) or _CONSISTS.search(told.before):
            own = letter_pairs(told.own)
            ways = [way for made in tables for way in _ways(made, told.before, told.said, own)]
            yield from judged(told.said, ways, 0.75)


def named_cells(document: PlanDocument) -> Iterator[Relation]:
    """Figures of one row that a clause names, where no table has that figure for it."""
    scan = scanner(document)
    # counties, minerals and years are known words: what is of them is compared anyway
    tables = [
        made
        for made in tables_of(document)
        if not any(_is_known(name, scan) for name in made.names.values())
    ]
    for told in _told(document):
        said, before = told.said, told.since_last
        if said.base_unit != "%":
            own = letter_pairs(told.own)
            ways = [way for made in tables for way in _ways(made, before, said, own, least=1)]
            several = [way for made in tables for way in _across(made, before, said)]
            yield from judged(said, ways, 0.7, several)


@dataclass(frozen=True, slots=True)
class _Told:
    """A figure of a text with its own words and those before it, in all and since the last one."""

    said: Quantity
    own: str
    before: str
    since_last: str


def _told(document: PlanDocument) -> Iterator[_Told]:
    """The exact figures of all running text."""
    for read in read_blocks(document):
        if isinstance(read.block, Table):
            continue
        text = plain(read.block.text)
        for at, said in enumerate(read.quantities):
            if exact(said):
                start = begin_of(text, start_of(said), PARTS)
                last = end_of(read.quantities[at - 1]) if at else 0
                before = text[start : start_of(said)]
                since = text[max(start, last) : start_of(said)]
                yield _Told(said, own_words(read, at), before, since)


def _is_known(name: str, scan: Scanner) -> bool:
    """Whether a name is a county, a mineral or a year."""
    tokens = scan.scan(name)
    whole = any(
        t.kind in ("region", "mineral") and (t.start, t.end) == (0, len(name)) for t in tokens
    )
    return whole or name[:1].isdigit()


def _across(made: Rows, before: str, said: Quantity) -> Iterator[Way]:
    """Figures of one named row that stand side by side, together: 各级财政资金."""
    told = made.named_in(before)
    if len(told) != 1:
        return
    row = [made.figures.get((told[0], column)) for column in range(len(made.headings))]
    for start in range(len(row)):
        held: list[Quantity] = []
        for figure in row[start:]:
            if figure is None or figure.base_unit != said.base_unit:
                break
            held.append(figure)
            if len(held) > 1:
                yield Way(total_of(held), tuple(held))


def _ways(
    made: Rows, before: str, said: Quantity, own: frozenset[str], least: int = _LEAST
) -> Iterator[Way]:
    told = made.named_in(before)
    if least == 1 and len(told) == _LEAST and (which := _WHICH.search(before)) is not None:
        # 其次为二道阳岔硼铁矿区，后者面积 152.3 平方千米
        told.sort(key=lambda row: before.rfind(made.names[row]))
        told = told[:1] if which.group() == _FORMER else told[1:]
    if not least <= len(told) < len(made.names) or (least == 1 and len(told) > 1):
        return
    for column, heading in enumerate(made.headings):
        held = [made.figures[at, column] for at in told if (at, column) in made.figures]
        if len(held) < len(told) or not of_one_unit(held[0], said):
            continue
        same = held[0].attribute == said.attribute != ""
        if len({said.year, held[0].year} - {None}) > 1 or CHANGE in held[0].qualifiers:
            continue
        if same or own & letter_pairs(heading):
            yield Way(total_of(held), tuple(held))
