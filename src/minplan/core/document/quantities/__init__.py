"""Quantities (指标值) a plan document states, in running text and tables, in base units."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Final

from minplan.core.document.model import Block, Paragraph, PlanDocument, Quantity, Section, Table
from minplan.core.document.quantities.cells import table_quantities
from minplan.core.document.quantities.making import Topic
from minplan.core.document.quantities.prose import Reader
from minplan.core.document.quantities.regions import regions
from minplan.core.document.quantities.vocabulary import Scanner, plain

__all__ = ["Read", "base_year", "quantities", "read_blocks", "regions", "scanner"]

_BASE_YEAR: Final = re.compile(
    r"以\s*(\d{4})\s*年为(?:基期|基准年|基年)|基期(?:年)?(?:为|是)\s*(\d{4})"
)
_YEAR: Final = re.compile(r"((?:19|20)\d\d)\s*年")
_ONE_MINERAL: Final = 10


@dataclass(frozen=True, slots=True)
class Read:
    """A paragraph or table with its quantities, in the order of its text or its rows."""

    section: Section | None
    block: Block
    quantities: tuple[Quantity, ...]


def quantities(document: PlanDocument) -> tuple[Quantity, ...]:
    """All quantities of the document, in its order.

    Each has its place and the words as printed; figures stay Decimal, base units are exact.
    """
    return tuple(item for read in read_blocks(document) for item in read.quantities)


@lru_cache(maxsize=8)
def scanner(document: PlanDocument) -> Scanner:
    """What finds the known words, the counties of the document among them."""
    return Scanner(regions(document))


@lru_cache(maxsize=8)
def read_blocks(document: PlanDocument) -> tuple[Read, ...]:
    """All paragraphs and tables of the document with their quantities, in its order."""
    return tuple(_Walk(document).all())


class _Walk:
    def __init__(self, document: PlanDocument) -> None:
        self.document = document
        self.known = regions(document)
        self.reader = Reader(scanner(document), base_year(document))

    def all(self) -> Iterator[Read]:
        yield from self._blocks(None, self.document.front, Topic())
        for section in self.document.sections:
            yield from self._section(section, Topic())

    def _section(self, section: Section, above: Topic) -> Iterator[Read]:
        context = self._context(section.title, above)
        yield from self._blocks(section, section.blocks, context)
        for child in section.children:
            yield from self._section(child, context)

    def _context(self, title: str, above: Topic) -> Topic:
        told = plain(title)
        year = _YEAR.search(told)
        tokens = self.reader.scanner.scan(told)
        minerals = list(dict.fromkeys(t.value for t in tokens if t.kind == "mineral"))
        places = list(dict.fromkeys(t.value for t in tokens if t.kind == "region"))
        named = [token.value for token in tokens if token.kind == "attribute"]
        topic = replace(above, attribute=named[0] if len(named) == 1 else above.attribute)
        if year:
            topic = replace(topic, year=int(year[1]))
        if len(minerals) == 1 and len(told.strip()) <= _ONE_MINERAL:
            topic = replace(topic, subject=minerals[0])
        if len(places) == 1:
            topic = replace(topic, region=places[0])
        return topic

    def _blocks(
        self, section: Section | None, blocks: tuple[Block, ...], context: Topic
    ) -> Iterator[Read]:
        year = context.year
        for block in blocks:
            if isinstance(block, Table):
                told = replace(context, year=year)
                found = table_quantities(block, self.reader, told, self.known)
            else:
                found, last = self.reader.read(block.text, block.spot, context)
                year = last or year
            yield Read(section, block, tuple(found))


def base_year(document: PlanDocument) -> int | None:
    """The base year (基期) the document names, None where it names none."""
    for _, block in document.blocks():
        if isinstance(block, Paragraph) and (match := _BASE_YEAR.search(plain(block.text))):
            return int(match[1] or match[2])
    return None
