"""Running text with its figures: paragraphs and cells that hold prose, sentence by sentence."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from minplan.core.document.model import Paragraph, PlanDocument, Quantity, Section, Table
from minplan.core.document.quantities import read_blocks
from minplan.core.document.quantities.vocabulary import plain

#: What ends a sentence.
STOPS = "。！？\n"
#: What ends a sentence or one of its parts.
PARTS = f"{STOPS}；;"


@dataclass(frozen=True, slots=True)
class Passage:
    """A paragraph or a cell of prose with its quantities in order of the text.

    ``block`` is the number of the paragraph (or table) among the blocks of the document.
    """

    section: Section | None
    text: str
    quantities: tuple[Quantity, ...]
    cell: bool
    block: int = 0

    def lead(self, index: int) -> str:
        """The text between the figure before and this one."""
        start = 0
        for other in reversed(self.quantities[:index]):
            if end_of(other) <= start_of(self.quantities[index]):
                start = end_of(other)
                break
        return self.text[start : start_of(self.quantities[index])]

    def lead_of(self, quantity: Quantity) -> str:
        """The text between the figure before and this quantity of the passage."""
        return self.lead(self.quantities.index(quantity))

    def sentence(self, at: int) -> tuple[int, int]:
        """Where the sentence that holds position ``at`` begins and ends."""
        start = begin_of(self.text, at, STOPS)
        ends = [place for mark in STOPS if (place := self.text.find(mark, at)) >= 0]
        return start, min(ends, default=len(self.text))


def begin_of(text: str, at: int, stops: str) -> int:
    """Where the piece of a text begins that holds position ``at``, cut at any of ``stops``."""
    return max(text.rfind(mark, 0, at) for mark in stops) + 1


def start_of(quantity: Quantity) -> int:
    """Where the figure begins in its paragraph."""
    return quantity.spot.start or 0


def end_of(quantity: Quantity) -> int:
    """Where the figure ends in its paragraph."""
    return quantity.spot.end or 0


@lru_cache(maxsize=8)
def passages(document: PlanDocument) -> tuple[Passage, ...]:
    """All running text of the document, in order; text without figures is there, too."""
    return tuple(_passages(document))


def _passages(document: PlanDocument) -> Iterator[Passage]:
    for at, read in enumerate(read_blocks(document)):
        if isinstance(read.block, Paragraph):
            yield Passage(read.section, plain(read.block.text), read.quantities, False, at)
            continue
        cells: dict[tuple[int | None, int | None], list[Quantity]] = {}
        for item in read.quantities:
            cells.setdefault((item.spot.row, item.spot.column), []).append(item)
        for row in read.block.cells:
            for cell in row:
                held = cells.get((cell.spot.row, cell.spot.column), [])
                if held and not cell.merged and held[0].spot.quote.strip() != cell.text.strip():
                    yield Passage(read.section, plain(cell.text), tuple(held), True, at)


Key = tuple[str, str, str]


@lru_cache(maxsize=8)
def index(document: PlanDocument) -> Mapping[Key, tuple[Quantity, ...]]:
    """All quantities by attribute, subject and region."""
    found: dict[Key, list[Quantity]] = {}
    for read in read_blocks(document):
        for item in read.quantities:
            found.setdefault((item.attribute, item.subject, item.region), []).append(item)
    return {key: tuple(items) for key, items in found.items()}


def tables_with_quantities(
    document: PlanDocument,
) -> Iterator[tuple[Section | None, Table, tuple[Quantity, ...]]]:
    """All tables with the quantities of their cells."""
    for read in read_blocks(document):
        if isinstance(read.block, Table):
            yield read.section, read.block, read.quantities
