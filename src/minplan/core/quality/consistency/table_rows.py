"""Tables as rows with names: figures by row and column, and which tables a paragraph speaks of."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
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
_LABEL: Final = re.compile(r"(?:附?表|专栏)\s*[\d一二三四五六七八九十]+(?:\s*[-—.]\s*\d+)*")
_SPACE: Final = re.compile(r"\s+")
_BRACKETED: Final = re.compile(r"[（(].*$")
#: 县, 区 and the like at the end of a name.
_KIND: Final = re.compile(r"(?<=[\u4e00-\u9fff]{2})[县区市旗镇乡]$")


def labels_in(text: str) -> list[str]:
    """The labels of tables and boxes that a text names, without blanks.

    >>> labels_in("见表 12、专栏3，表4-1 2020 年")
    ['表12', '专栏3', '表4-1']
    """
    return list(dict.fromkeys(_SPACE.sub("", found.group()) for found in _LABEL.finditer(text)))


def label_of(table: Table) -> str:
    """What a table is called, as :func:`labels_in` gives it."""
    return _SPACE.sub("", table.label)


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


@dataclass(frozen=True, slots=True)
class Tables:
    """The tables of a document by what they are called and by where they stand."""

    blocks: Sequence[Read]
    by_label: Mapping[str, Sequence[Rows]]
    by_block: Mapping[int, Rows]

    def beside(self, passage: Passage) -> list[Rows]:
        """The tables that a paragraph names (见表3), else those beside it in its section."""
        told = labels_in(passage.text)
        named = [made for label in told for made in self.by_label.get(label, ())]
        around = range(passage.block - _BEFORE, passage.block + _BEHIND + 1)
        return named or [
            self.by_block[at]
            for at in around
            if at in self.by_block and self.blocks[at].section is passage.section
        ]


@lru_cache(maxsize=8)
def tables_by_place(document: PlanDocument) -> Tables:
    """The tables of a document, to be asked which of them a paragraph speaks of."""
    labels: dict[str, list[Rows]] = {}
    for made in tables_of(document):
        if made.table.number:
            labels.setdefault(label_of(made.table), []).append(made)
    blocks = {made.block: made for made in tables_of(document)}
    return Tables(read_blocks(document), labels, blocks)


#: The figures of columns, how often each stands, by their unit and their total.
Columns = Mapping[tuple[str, Decimal | None], Sequence[Mapping[Decimal, int]]]


@lru_cache(maxsize=8)
def column_totals(document: PlanDocument) -> Columns:
    """The figures of columns by the unit and the total of their rows; how often each stands."""
    found: dict[tuple[str, Decimal | None], list[Mapping[Decimal, int]]] = {}
    for made in tables_of(document):
        columns: dict[tuple[int, str], list[Decimal]] = {}
        for (row, column), figure in made.figures.items():
            if row in made.names and figure.base_low is not None:
                columns.setdefault((column, figure.base_unit), []).append(figure.base_low)
        for (_, unit), values in columns.items():
            found.setdefault((unit, sum(values, Decimal(0))), []).append(Counter(values))
    return found


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
