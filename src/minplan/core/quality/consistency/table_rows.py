"""Tables as rows with names: figures by row and column, and which tables a paragraph speaks of."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from minplan.core.document.filling import is_figure
from minplan.core.document.model import PlanDocument, Quantity, Table
from minplan.core.document.quantities import Read, read_blocks, scanner
from minplan.core.document.quantities.cells import headings_at
from minplan.core.document.quantities.vocabulary import Scanner, plain, words
from minplan.core.quality.consistency.grids import grid
from minplan.core.quality.consistency.letters import common_end
from minplan.core.quality.consistency.passages import Passage
from minplan.core.quality.consistency.ways import exact

#: Letters of a name; shorter ones are found anywhere by chance.
SHORTEST: Final = 2
#: Blocks before and behind a paragraph whose tables it may speak of.
_BEFORE, _BEHIND = 6, 4
_BRACKETED: Final = re.compile(r"[（(].*$")
#: 县, 区 and the like at the end of a name.
_KIND: Final = re.compile(r"(?<=[\u4e00-\u9fff]{2})[县区市旗镇乡]$")


@dataclass(frozen=True, slots=True)
class Rows:
    """The names of a table's rows and its figures by row and column.

    ``block`` is the number of the table among the blocks of its document; ``columns`` are the texts
    of the columns that hold no figures, by row; ``minerals`` those of them that are minerals;
    ``totals`` are the rows of totals, ``ending`` what all names end with and is left off.
    """

    block: int
    table: Table
    names: Mapping[int, str]
    figures: Mapping[tuple[int, int], Quantity]
    headings: Sequence[str]
    columns: Sequence[Mapping[int, str]]
    minerals: Mapping[int, frozenset[str]]
    totals: Sequence[int]
    ending: str = ""

    def named_in(self, text: str) -> list[int]:
        """The rows whose names stand in a text; 甲重点勘查区 is no name of 甲重点开采区."""
        return [
            at
            for at, name in self.names.items()
            if len(name) >= SHORTEST and name in text and not self._of_another(text, name)
        ]

    def _of_another(self, text: str, name: str) -> bool:
        behind = text[text.rfind(name) + len(name) :]
        zones = [word for word in words("zones", "words") if behind.startswith(word)]
        return bool(self.ending and zones) and not behind.startswith(self.ending)

    def called_in(self, text: str) -> list[int]:
        """The rows whose names, or what is left of them without 县, stand in a text."""
        return [at for at, name in self.names.items() if name and _KIND.sub("", name) in text]

    def cells(self, column: int, rows: Sequence[int]) -> list[Quantity] | None:
        """The figures of a column in some rows, None where one of them has none."""
        held = [self.figures.get((row, column)) for row in rows]
        return [item for item in held if item is not None] if None not in held else None


@lru_cache(maxsize=8)
def tables_of(document: PlanDocument) -> tuple[Rows, ...]:
    """All tables of a document that have rows with names."""
    scan = scanner(document)
    return tuple(
        made
        for at, read in enumerate(read_blocks(document))
        if (made := _rows(at, read, scan)) is not None
    )


def tables_beside(document: PlanDocument, passage: Passage) -> list[Rows]:
    """The tables that a paragraph names (见表3), else those beside it in its section."""
    tables = tables_of(document)
    text = re.sub(r"\s", "", passage.text)
    named = [made for made in tables if made.table.number and _is_named(made.table, text)]
    blocks = read_blocks(document)
    return named or [
        made
        for made in tables
        if passage.block - _BEFORE <= made.block <= passage.block + _BEHIND
        and blocks[made.block].section is passage.section
    ]


def _is_named(table: Table, text: str) -> bool:
    return re.search(rf"{re.escape(table.label.replace(' ', ''))}(?!\d)", text) is not None


def _rows(at: int, read: Read, scan: Scanner) -> Rows | None:
    table = read.block
    made = grid(table) if isinstance(table, Table) else None
    if not isinstance(table, Table) or made is None or not made.body:
        return None
    texts, heads = made.filled.texts, headings_at(table, table.head)
    told = [
        column
        for column, head in enumerate(heads)
        if not head.serial and all(not is_figure(texts[row][column]) for row in made.body)
    ]
    if not told:
        return None
    columns = [
        {row: _BRACKETED.sub("", texts[row][column]) for row in made.body} for column in told
    ]
    names = columns[0]
    ending = common_end(list(names.values()))
    short = {row: name.removesuffix(ending) for row, name in names.items()}
    usable = all(len(name) >= SHORTEST for name in short.values()) and len(ending) > 1
    return Rows(
        at,
        table,
        short if usable else names,
        {((q.spot.row or 1) - 1, (q.spot.column or 1) - 1): q for q in read.quantities if exact(q)},
        [head.text for head in heads],
        columns,
        {row: _minerals(" ".join(c[row] for c in columns), scan) for row in made.body},
        made.total_rows,
        ending if usable else "",
    )


def _minerals(text: str, scan: Scanner) -> frozenset[str]:
    return frozenset(token.value for token in scan.scan(plain(text)) if token.kind == "mineral")
