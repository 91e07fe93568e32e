"""Quantities (指标值) a plan document states, in running text and tables, in base units."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Final

from minplan.core.document.model import Block, PlanDocument, Quantity, Section, Table
from minplan.core.document.quantities.cells import table_quantities
from minplan.core.document.quantities.dating import Named
from minplan.core.document.quantities.making import Topic
from minplan.core.document.quantities.period import base_year, period
from minplan.core.document.quantities.prose import Reader
from minplan.core.document.quantities.regions import regions
from minplan.core.document.quantities.vocabulary import Scanner, plain

__all__ = ["Read", "base_year", "period", "quantities", "read_blocks", "regions", "scanner"]

_YEAR: Final = re.compile(r"((?:19|20)\d\d)\s*年")
_ONE_MINERAL: Final = 10
#: A paragraph that goes on with what the one before began: ——结构布局。…
_ITEM: Final = re.compile(r"\s*(?:——|—|[（(]?\d+[)）.．、]|[①-⑳]|[•·])")
_GOALS: Final = "规划目标"


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


def known_years(document: PlanDocument) -> Named:
    """The years that the document calls 基期 and 规划期末."""
    span = period(document)
    return Named(base_year(document), None if span is None else span.last)


class _Walk:
    def __init__(self, document: PlanDocument) -> None:
        self.document = document
        self.known = regions(document)
        self.reader = Reader(scanner(document), known_years(document))

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
        elif _GOALS in told and self.reader.named.last is not None:
            topic = replace(topic, year=self.reader.named.last)
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
                told = replace(context, year=year) if _ITEM.match(block.text) else context
                found, last = self.reader.read(block.text, block.spot, told)
                year = last or year
            yield Read(section, block, tuple(found))
