"""What the tables of a document list: records by the zone, mineral and county they are about."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import lru_cache
from typing import Final

from minplan.core.document.filling import filled
from minplan.core.document.model import Cell, PlanDocument, Section, Table
from minplan.core.document.quantities import regions, scanner
from minplan.core.document.quantities.cells import cell_number, headings_at, is_total
from minplan.core.document.quantities.regions import column_regions, region_column
from minplan.core.document.quantities.vocabulary import (
    Scanner,
    find_unit,
    plain,
    unit_pattern,
    words,
)
from minplan.core.standard.minerals import find_mineral, lineage

_MINERAL: Final = re.compile(r"矿种|主要矿|开采矿|矿产名称")
_AREA: Final = re.compile(r"面积")
_SERIAL: Final = re.compile(r"^(?:序号|编号)$")
_LONG: Final = 30


@dataclass(frozen=True, slots=True)
class Record:
    """A row of a table that stands for one thing (rows below it without a number belong to it)."""

    rows: tuple[int, ...]
    names: frozenset[str]
    minerals: frozenset[str]
    regions: frozenset[str]
    area: Decimal | None
    area_unit: str
    cell: Cell


@dataclass(frozen=True, slots=True)
class Listing:
    """A table and its records; ``nouns`` are the zones and things its title names.

    ``of_regions`` is True where each record is a county, not one of these things.
    """

    section: Section | None
    table: Table
    nouns: frozenset[str]
    records: tuple[Record, ...]
    has_minerals: bool
    has_regions: bool
    of_regions: bool = False

    def about(self, noun: str) -> tuple[Record, ...]:
        """The records that are of this kind: all by the title, or those that name it."""
        others = (self.nouns & set(words("zones", "words"))) - {noun}
        if noun and any(own.endswith(noun) for own in self.nouns) and not others:
            return self.records
        return tuple(record for record in self.records if noun in record.names)


@lru_cache(maxsize=8)
def listings(document: PlanDocument) -> tuple[Listing, ...]:
    """All tables of the document as lists of records."""
    known = regions(document)
    return tuple(_listings(document, scanner(document), known))


def of_mineral(records: Sequence[Record], mineral: str) -> tuple[Record, ...]:
    """The records of a mineral or of a narrower one."""
    return tuple(
        record for record in records if any(mineral in _wider(name) for name in record.minerals)
    )


def _wider(name: str) -> tuple[str, ...]:
    mineral = find_mineral(name)
    return (name,) if mineral is None else lineage(mineral)


def _listings(
    document: PlanDocument, scanner: Scanner, known: Mapping[str, str]
) -> Iterator[Listing]:
    for section, table in document.tables():
        if not table.body:
            continue
        nouns = frozenset(t.value for t in scanner.scan(plain(table.title)) if t.kind == "noun")
        heads = headings_at(table, table.head)
        mineral = [c for c, head in enumerate(heads) if _MINERAL.search(head.text)]
        records = tuple(_records(table, scanner, known, mineral))
        if records:
            has_regions = region_column(table) is not None
            has_minerals = bool(mineral) or all(record.minerals for record in records)
            first = next((c for c, head in enumerate(heads) if not head.serial), None)
            of_regions = has_regions and region_column(table) == first
            yield Listing(section, table, nouns, records, has_minerals, has_regions, of_regions)


def _records(
    table: Table, scanner: Scanner, known: Mapping[str, str], mineral: Sequence[int]
) -> Iterator[Record]:
    heads = headings_at(table, table.head)
    whole = filled(table, words("tables", "subheads"))
    serial = next(
        (c for c, h in enumerate(heads) if _SERIAL.fullmatch(re.sub(r"\s", "", h.text))), None
    )
    if len(whole.headings) > table.head:
        return
    places = column_regions(table, known)
    groups: list[list[int]] = []
    for at in range(table.head, len(table.cells)):
        row = table.cells[at]
        if any(is_total(cell.text) for cell in row[:3]) or not any(c.text.strip() for c in row):
            continue
        starts = serial is None or (row[serial].text.strip() and not row[serial].merged)
        if starts or not groups:
            groups.append([at])
        else:
            groups[-1].append(at)
    area = [c for c, head in enumerate(heads) if _AREA.search(head.text)]
    for group in groups:
        counties = frozenset(name for at in group for name in places.get(at, ()))
        made = _record(table, group, scanner, (mineral, area))
        yield replace(made, regions=counties)


def _record(
    table: Table,
    group: Sequence[int],
    scanner: Scanner,
    columns: tuple[Sequence[int], Sequence[int]],
) -> Record:
    mineral, area = columns
    rows = [table.cells[at] for at in group]
    names = {
        token.value
        for cell in rows[0]
        if len(cell.text) <= _LONG
        for token in scanner.scan(plain(cell.text))
        if token.kind == "noun"
    }
    # without a column of minerals the names tell: 沙梁南石灰岩重点开采区
    cells = [row[column] for row in rows for column in mineral] or [
        cell for cell in rows[0] if len(cell.text) <= _LONG and any(n in cell.text for n in names)
    ]
    told = {
        token.value
        for cell in cells
        for token in scanner.scan(plain(cell.text))
        if token.kind == "mineral"
    }
    size, unit = None, ""
    if len(area) == 1:
        size = cell_number(rows[0][area[0]].text)
        match = re.search(unit_pattern(), plain(table.cells[0][area[0]].text))
        unit = match.group() if match and find_unit(match.group()) else table.unit
    return Record(
        tuple(group), frozenset(names), frozenset(told), frozenset(), size, unit, rows[0][0]
    )
