"""Quantities (指标值) a plan document states, in running text and tables, in base units."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache
from typing import Final

from minplan.core.document.model import Paragraph, PlanDocument, Quantity, Section, Table
from minplan.core.document.quantities.cells import table_quantities
from minplan.core.document.quantities.making import Topic
from minplan.core.document.quantities.prose import Reader
from minplan.core.document.quantities.regions import regions
from minplan.core.document.quantities.vocabulary import Scanner, plain

__all__ = ["quantities"]

_BASE_YEAR: Final = re.compile(r"以\s*(\d{4})\s*年为(?:基期|基准年|基年)")
_YEAR: Final = re.compile(r"((?:19|20)\d\d)\s*年")
_ONE_MINERAL: Final = 10


@lru_cache(maxsize=8)
def quantities(document: PlanDocument) -> tuple[Quantity, ...]:
    """All quantities of the document, in its order.

    Each has its place and the words as printed; figures stay Decimal, base units are exact.
    """
    return tuple(_Walk(document).all())


class _Walk:
    def __init__(self, document: PlanDocument) -> None:
        self.document = document
        self.known = regions(document)
        self.reader = Reader(Scanner(self.known))
        self.base_year = base_year(document)

    def all(self) -> Iterator[Quantity]:
        yield from self._blocks(self.document.front, Topic())
        for section in self.document.sections:
            yield from self._section(section, Topic())

    def _section(self, section: Section, above: Topic) -> Iterator[Quantity]:
        context = self._context(section.title, above)
        yield from self._blocks(section.blocks, context)
        for child in section.children:
            yield from self._section(child, context)

    def _context(self, title: str, above: Topic) -> Topic:
        told = plain(title)
        year = _YEAR.search(told)
        tokens = self.reader.scanner.scan(told)
        minerals = list(dict.fromkeys(t.value for t in tokens if t.kind == "mineral"))
        places = list(dict.fromkeys(t.value for t in tokens if t.kind == "region"))
        topic = above
        if year:
            topic = replace(topic, year=int(year[1]))
        if len(minerals) == 1 and len(told.strip()) <= _ONE_MINERAL:
            topic = replace(topic, subject=minerals[0])
        if len(places) == 1:
            topic = replace(topic, region=places[0])
        return topic

    def _blocks(
        self, blocks: tuple[Paragraph | Table, ...], context: Topic
    ) -> Iterator[Quantity]:
        year = context.year
        for block in blocks:
            if isinstance(block, Table):
                told = replace(context, year=year)
                yield from table_quantities(block, self.reader, told, self.known, self.base_year)
                continue
            found, last = self.reader.read(block.text, block.spot, context)
            year = last or year
            yield from found


def base_year(document: PlanDocument) -> int | None:
    """The base year (基期) the document names, None where it names none."""
    for _, block in document.blocks():
        if isinstance(block, Paragraph) and (match := _BASE_YEAR.search(plain(block.text))):
            return int(match[1])
    return None
