"""A plan document (规划文本) after it was read: sections, paragraphs, tables, each with its place.

What format a document came in (DOCX, PDF, plain text) does not show here, except in the places:
a PDF has pages, a plain text has lines.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from minplan.core.text import Term, Text


@dataclass(frozen=True, slots=True)
class Spot:
    """A place in a document (出处).

    ``clause`` is the number as people cite it (``第四章三（二）2``, ``表4``, ``专栏6``); ``page``
    and ``line`` count from 1, None where the format has none; ``row`` and ``column`` count the
    cells of a table from 1, heading rows included; ``start`` and ``end`` are offsets in the text of
    the paragraph or cell; ``quote`` is the words as printed. ``file`` is set where a hand-in has
    several documents.
    """

    clause: str = ""
    page: int | None = None
    line: int | None = None
    row: int | None = None
    column: int | None = None
    start: int | None = None
    end: int | None = None
    quote: str = ""
    file: str = ""

    def describe(self) -> Text:
        """For example ``第四章三（二）2 · 第 12 页``, ``表4 · 第 5 行第 3 列``."""
        zh, en = [self.file] if self.file else [], [self.file] if self.file else []
        if self.clause:
            zh.append(self.clause)
            en.append(self.clause)
        if self.row is not None:
            zh.append(f"第 {self.row} 行" + (f"第 {self.column} 列" if self.column else ""))
            en.append(f"row {self.row}" + (f", column {self.column}" if self.column else ""))
        if self.page is not None:
            zh.append(f"第 {self.page} 页")
            en.append(f"page {self.page}")
        elif self.line is not None:
            zh.append(f"文本第 {self.line} 行")
            en.append(f"line {self.line}")
        return Text(" · ".join(zh), " · ".join(en))


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph, joined again where a page break had cut it."""

    text: str
    spot: Spot


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of a table; ``merged`` is True where it repeats the cell it is merged with."""

    text: str
    spot: Spot
    merged: bool = False


class TableKind(Term):
    """How a table is labelled."""

    TABLE = "table", "表", "table"
    BOX = "box", "专栏", "box"
    PLAIN = "plain", "无编号表", "unnumbered table"


@dataclass(frozen=True, slots=True)
class Table:
    """A table (表) or box (专栏), its pieces on several pages put together.

    ``number`` is the printed number (``4``), empty when there is none; ``unit`` what is printed
    above it after 单位. ``cells`` is rectangular: merged cells are filled, and marked. The first
    ``head`` rows are headings.
    """

    kind: TableKind
    number: str
    title: str
    spot: Spot
    cells: tuple[tuple[Cell, ...], ...]
    head: int = 1
    unit: str = ""

    @property
    def label(self) -> str:
        """``表4``, ``专栏6``, or the title of an unnumbered table."""
        if self.kind is TableKind.PLAIN:
            return self.title
        return f"{self.kind.word.zh}{self.number}"

    @property
    def headings(self) -> tuple[str, ...]:
        """One heading a column: the texts of its heading rows, repeated ones left out."""
        if not self.cells:
            return ()
        told = []
        for column in range(len(self.cells[0])):
            words = dict.fromkeys(row[column].text for row in self.cells[: self.head])
            told.append(" ".join(word for word in words if word))
        return tuple(told)

    @property
    def body(self) -> tuple[tuple[Cell, ...], ...]:
        """The rows below the headings."""
        return self.cells[self.head :]


Block = Paragraph | Table


@dataclass(frozen=True, slots=True)
class Section:
    """A chapter, section or item (章、节、条) with what stands in it.

    ``number`` is what is printed (``第四章``, ``三``, ``（二）``, ``2``), ``level`` counts from 1
    for chapters, ``path`` is the whole number (``第四章三（二）2``). ``blocks`` come in the order
    of the document and before the ``children``.
    """

    number: str
    title: str
    level: int
    path: str
    spot: Spot
    blocks: tuple[Block, ...] = ()
    children: tuple[Section, ...] = ()

    def walk(self) -> Iterator[Section]:
        """The section and everything below it, in the order of the document."""
        yield self
        for child in self.children:
            yield from child.walk()


@dataclass(frozen=True, slots=True)
class PlanDocument:
    """A whole document: ``front`` is what stands before the first chapter.

    ``remarks`` tell what could not be read with certainty.
    """

    name: str
    title: str
    front: tuple[Block, ...]
    sections: tuple[Section, ...]
    pages: int | None = None
    remarks: tuple[Text, ...] = ()

    def walk(self) -> Iterator[Section]:
        """All sections in the order of the document."""
        for section in self.sections:
            yield from section.walk()

    def blocks(self) -> Iterator[tuple[Section | None, Block]]:
        """All paragraphs and tables in order, each with its section (None before the first)."""
        for block in self.front:
            yield None, block
        for section in self.walk():
            for block in section.blocks:
                yield section, block

    def tables(self) -> Iterator[tuple[Section | None, Table]]:
        """All tables and boxes in order."""
        for section, block in self.blocks():
            if isinstance(block, Table):
                yield section, block


class Bound(Term):
    """How a figure limits (运算符)."""

    EQUAL = "=", "为", "is"
    AT_LEAST = ">=", "不低于", "at least"
    AT_MOST = "<=", "不超过", "at most"
    RANGE = "range", "区间", "range"


@dataclass(frozen=True, slots=True)
class Quantity:
    """A quantity (指标值) a document states: of what, when, where, how much.

    ``subject`` is what it is about in the document's own word (a mineral, a kind of zone, a
    county), ``attribute`` which property (``开采总量``, ``矿山数``, ``面积``), ``region`` the
    county or city, empty for the whole area of the plan. ``low`` and ``high`` are the figures as
    printed (equal unless a range; None for an open end), ``unit`` as printed; ``base_low``,
    ``base_high`` in ``base_unit`` are the same in the base unit of its dimension. ``about`` is
    True for 左右, 约. ``year`` is the year it is stated for, None when none is found.
    ``sure`` is between 0 and 1. ``qualifiers`` are the known words that narrow it (``新增``,
    ``大中型``), ``rest`` the other words of its phrase: two quantities are the same only where
    these agree, too.
    """

    subject: str
    attribute: str
    bound: Bound
    low: Decimal | None
    high: Decimal | None
    unit: str
    base_low: Decimal | None
    base_high: Decimal | None
    base_unit: str
    spot: Spot
    region: str = ""
    year: int | None = None
    about: bool = False
    sure: float = 1.0
    qualifiers: tuple[str, ...] = ()
    rest: str = ""
