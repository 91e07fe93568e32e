"""Text against tables: counts of rows, sums of columns."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from minplan.core.document.model import Bound, PlanDocument, Quantity, Spot, Table
from minplan.core.document.quantities import Read, read_blocks
from minplan.core.document.quantities.making import CHANGE, CLOSED, NARROWED
from minplan.core.document.quantities.vocabulary import find_unit, words
from minplan.core.quality.consistency.grids import Grid, grid
from minplan.core.quality.consistency.letters import letter_pairs
from minplan.core.quality.consistency.partition import SIZES
from minplan.core.quality.consistency.surroundings import own_words
from minplan.core.quality.consistency.values import limit_or_figure, near, step
from minplan.core.quality.consistency.zones import Listing, Record, listings, of_mineral

_COUNTIES: Final = ("县", "区")
_EVERY: Final = re.compile(r"各(?:县|区|市)")
#: What stands before those of some kind alone; 全市的 does not.
_OF_SOME: Final = "[^市县区州盟内有总]的"
#: Letter pairs of a figure's own words that a heading must have, too.
_SHARED: Final = 2
#: Letters of a name of a row.
_A_NAME: Final = 4
#: What makes other things of what is counted.
_KINDS: Final = CLOSED | {"新增", "新设", "新建", "绿色", "拟设"}
_MONEY: Final = "投入"
_IN_ALL: Final = re.compile("总投[资入]|共|投[资入]总")
_BLOCKS_COUNTED: Final = re.compile("区块数|区块（个）|分区数")
_NOW: Final = frozenset({"现有", "保留"})
_NARROW: Final = CLOSED | {"拟设", "已设", "新设", "新增", "勘查", "调查"}


@dataclass(frozen=True, slots=True)
class Against:
    """A figure of the text and what a table gives for it."""

    said: Quantity
    table: Table
    should: Decimal
    unit: str
    spots: tuple[Spot, ...]
    what: str
    sure: float


def rows_counted(document: PlanDocument) -> Iterator[Against]:
    """Counts of zones in the text against the rows of the tables that list them."""
    lists, same = listings(document), _same_ground(document)
    for said in _said(document):
        if said.bound is not Bound.EQUAL or said.about or said.base_unit != "个":
            continue
        noun = said.attribute.removesuffix("数")
        if noun in _COUNTIES:
            yield from _counties(document, said, noun)
            continue
        if noun not in words("zones", "words") and not noun.endswith("规划区块"):
            continue
        if noun not in words("zones", "words") and letter_pairs(said.rest):
            continue  # 整合区块 2 个: some of them
        found = _listed(lists, noun, said) or _listed(lists, same.get(noun, ""), said)
        if not found or any(len(records) == said.low for _, records in found):
            continue
        item, records = found[0]
        yield Against(
            said,
            item.table,
            Decimal(len(records)),
            said.unit,
            (item.table.spot, *(record.cell.spot for record in records[:1])),
            "行数",
            0.85,
        )


def _listed(
    lists: Sequence[Listing], noun: str, said: Quantity
) -> list[tuple[Listing, tuple[Record, ...]]]:
    """The tables that list what is counted, each with the records it is about."""
    return [
        (item, records)
        for item in lists
        if noun
        and not item.of_regions
        and not _counts_them(item.table)
        and (records := _matching(item, noun, said))
    ]


def _counts_them(table: Table) -> bool:
    """Whether a table counts zones or blocks row by row (区块数), and does not list them."""
    return any(_BLOCKS_COUNTED.search(heading) for heading in table.headings)


def _same_ground(document: PlanDocument) -> dict[str, str]:
    """Zones that the text says are other zones: 预防区的范围为已划定的重点开采区."""
    names = "|".join(sorted(words("zones", "words"), key=len, reverse=True))
    pattern = re.compile(rf"({names})的?范围(?:为|即|是)[^，。；]{{0,12}}?({names})")
    found: dict[str, str] = {}
    for read in read_blocks(document):
        if not isinstance(read.block, Table):
            found.update(pattern.findall(read.block.text))
    return found


def _counties(document: PlanDocument, said: Quantity, noun: str) -> Iterator[Against]:
    """How many counties (县) or districts (区) there are, against tables of every county."""
    if said.subject or said.region or said.qualifiers or said.rest:
        return
    held = [item for item in listings(document) if item.has_regions]
    every = [item for item in held if _EVERY.search(item.table.title)]
    summed = [item for item in held if (made := grid(item.table)) and made.total_rows]
    tables = [
        (item, names)
        for item in every or summed
        for names in (frozenset(name for r in item.records for name in r.regions),)
    ]
    counted = [sum(name.endswith(noun) for name in names) for _, names in tables]
    if counted and said.low not in counted:
        item = tables[0][0]
        should = Decimal(counted[0])
        yield Against(said, item.table, should, said.unit, (item.table.spot,), f"{noun}数", 0.75)


def _said(document: PlanDocument) -> Iterator[Quantity]:
    for read in read_blocks(document):
        if not isinstance(read.block, Table):
            yield from read.quantities


def _told_of(item: Listing, records: Sequence[Record], said: Quantity) -> tuple[Record, ...]:
    """The records whose row has the words that narrow a figure (省级); none where no row has."""
    told = {cell.text.strip() for row in item.table.body for cell in row}
    narrowing = set(said.qualifiers) & {*words("counting", "levels"), *told}
    return tuple(
        record
        for record in records
        if all(
            any(word in cell.text for at in record.rows for cell in item.table.cells[at])
            for word in narrowing
        )
    )


def _matching(item: Listing, noun: str, said: Quantity) -> tuple[Record, ...] | None:
    """The records a count is about; None when the table does not tell."""
    records = _told_of(item, item.about(noun), said)
    if not records or _NARROW & set(said.qualifiers):
        return None
    if said.subject:
        if not item.has_minerals:
            return None
        records = of_mineral(records, said.subject)
    if said.region:
        if not item.has_regions:
            return None
        records = tuple(record for record in records if said.region in record.regions)
    return records


def areas_summed(document: PlanDocument) -> Iterator[Against]:
    """Areas of all zones of a kind against the sum of the table that lists them."""
    lists, same = listings(document), _same_ground(document)
    zones = set(words("zones", "words"))
    for said in _said(document):
        whole = said.bound is Bound.EQUAL and NARROWED not in said.qualifiers
        if said.attribute != "面积" or not whole or said.region:
            continue
        nouns = [word for word in said.qualifiers if word in zones]
        if len(nouns) != 1:
            continue
        for item in lists:
            records = item.about(nouns[0]) or item.about(same.get(nouns[0], ""))
            records = _told_of(item, records, said)
            if letter_pairs(said.rest) - letter_pairs(item.table.title):
                continue  # 两个盐湖类重点勘查区面积: of some
            if said.subject:
                records = of_mineral(records, said.subject) if item.has_minerals else ()
            if len(records) < 2 or any(record.area is None for record in records):
                continue
            if not any(record.area == said.low for record in records):
                yield from _area(said, item, records)


def _area(said: Quantity, item: Listing, records: Sequence[Record]) -> Iterator[Against]:
    unit = find_unit(records[0].area_unit) or find_unit(said.unit)
    if unit is None or said.base_low is None or said.low is None:
        return
    total = unit[0].to_base(sum((record.area or Decimal(0) for record in records), Decimal(0)))
    if abs(total - said.base_low) <= step(said) / 2:
        return
    ratio = said.base_low / said.low if said.low else Decimal(1)
    yield Against(
        said,
        item.table,
        (total / ratio).normalize(),
        said.unit,
        (item.table.spot, records[0].cell.spot, records[-1].cell.spot),
        "面积之和",
        0.8,
    )


def columns_summed(document: PlanDocument, close: Decimal) -> Iterator[Against]:
    """Figures of a section against the totals of the columns of its tables.

    A figure of the same attribute and unit that is nearly, but not quite, the total is held to be
    meant for it; ``close`` is how near (share).
    """
    blocks = read_blocks(document)
    for at, read in enumerate(blocks):
        if not isinstance(read.block, Table):
            continue
        made = grid(read.block)
        if made is None or len(made.filled.headings) > made.table.head or len(made.body) < 3:
            continue
        texts = _texts_near(blocks, at)
        if not texts:
            continue
        totals = [
            (column, total, cell, told)
            for column in made.columns()
            if (told := _of_column(made, read, column)) is not None
            for total, cell in _totals(made, column)
        ]
        values = {_base(told, total) for _, total, _, told in totals}
        # what a text says of one row is not of all of them
        names = {cell.text for row in read.block.body for cell in row if len(cell.text) >= _A_NAME}
        beside = [(item, own) for item, own in texts if not any(name in own for name in names)]
        for column, total, cell, told in totals:
            base = _base(told, total)
            heading = made.heading(column)
            alike = [item for item, own in beside if _of_one_kind(item, own, told, heading)]
            if any(_is_it(item, told, base) for item, _ in beside):
                continue  # 表1所列 11 种矿产共有矿区 116 处
            if _several_minerals(made, read, column):
                alike = [item for item in alike if not item.subject]
            best = _meant(base, told, alike, values, close)
            if best is not None:
                printed = best.low if best.low is not None else best.high
                ratio = limit_or_figure(best) / (printed or Decimal(1))
                should, what = (base / ratio).normalize(), f"“{made.heading(column)}”合计"
                yield Against(best, read.block, should, best.unit, (cell,), what, 0.75)


def _is_it(item: Quantity, told: Quantity, total: Decimal) -> bool:
    """Whether a figure of the text says the total of a column, of some of them or of all."""
    same = item.base_unit == told.base_unit and item.attribute == told.attribute
    return same and abs(limit_or_figure(item) - total) <= step(item) / 2


def _texts_near(blocks: Sequence[Read], at: int) -> list[tuple[Quantity, str]]:
    """The figures of the texts beside a table, each with its own words."""
    section = blocks[at].section
    return [
        (item, own_words(other, number))
        for other in blocks[max(0, at - 6) : at + 4]
        if not isinstance(other.block, Table) and other.section is section
        for number, item in enumerate(other.quantities)
    ]


def _of_column(made: Grid, read: Read, column: int) -> Quantity | None:
    """A quantity of the column: tells attribute, unit and qualifiers of all."""
    held = [
        item
        for item in read.quantities
        if item.spot.column == column + 1 and (item.spot.row or 0) - 1 in made.body
    ]
    kinds = {(item.attribute, item.base_unit) for item in held}
    if len(kinds) != 1 or held[0].base_unit == "%" or CHANGE in held[0].qualifiers:
        return None
    return held[0]


def _several_minerals(made: Grid, read: Read, column: int) -> bool:
    """Whether the rows of a column are of several minerals: its total is of none of them."""
    subjects = {
        item.subject
        for item in read.quantities
        if item.spot.column == column + 1 and (item.spot.row or 0) - 1 in made.body
    }
    return len(subjects - {""}) > 1


def _totals(made: Grid, column: int) -> list[tuple[Decimal, Spot]]:
    """The totals of a column, subtotals included; the sum of its rows where none is printed."""
    printed = [
        (value, made.table.cells[row][column].spot)
        for row in reversed(made.total_rows)
        if (value := made.figures[row][column]) is not None
    ]
    values = [made.figures[row][column] for row in made.body]
    total = sum((value for value in values if value is not None), Decimal(0))
    return printed or [(total, made.table.spot)]


def _base(told: Quantity, value: Decimal) -> Decimal:
    unit = find_unit(told.unit)
    return value if unit is None else unit[0].to_base(value)


def _of_one_kind(item: Quantity, own: str, told: Quantity, heading: str) -> bool:
    """Whether a figure of the text may be of what a column is of."""
    if item.year is not None and told.year is not None and item.year != told.year:
        return False
    zones = set(words("zones", "words")) & set(told.qualifiers)
    if NARROWED in item.qualifiers and NARROWED not in told.qualifiers and not zones:
        return False
    if (SIZES & set(told.qualifiers)) - set(item.qualifiers):
        return False  # 矿山 103 座 is no total of 小型矿山
    first, second = item.attribute.removesuffix("数"), told.attribute.removesuffix("数")
    if first and re.search(f"{_OF_SOME}{first}", own):
        return False  # 指标达标的矿山 33 个
    kinds = set(item.qualifiers) ^ set(told.qualifiers)
    if len(second) > 1 and second in own and told.base_unit == "个" and not kinds & _KINDS:
        return True
    if first and second and told.attribute.endswith("数"):
        narrower = set(item.qualifiers) - set(told.qualifiers) - _NOW
        return not narrower and (first.endswith(second) or second.endswith(first))
    same_words = letter_pairs(item.rest) == letter_pairs(told.rest)
    other_unit = item.unit.split("/")[0] != told.unit.split("/")[0]
    if first == second == _MONEY and _IN_ALL.search(own):
        return True  # 总投资 1.46 亿元, 14618 万元 in a table
    if other_unit and not (same_words and item.qualifiers == told.qualifiers):
        return False
    shared = letter_pairs(own) & letter_pairs(told.rest)
    above = letter_pairs(heading)
    if first == second != "" and len(letter_pairs(own) & above) >= min(_SHARED, len(above) or 1):
        return True  # 工程治理投资 under 工程投资
    alike = bool(set(item.qualifiers) & set(told.qualifiers)) or bool(shared)
    return first == second and (alike or not (item.qualifiers or told.qualifiers))


def _meant(
    base: Decimal,
    told: Quantity,
    alike: Sequence[Quantity],
    values: set[Decimal],
    close: Decimal,
) -> Quantity | None:
    """The figure of the text that is meant for the total and differs from it, or None."""
    meant = [
        item
        for item in alike
        if item.base_unit == told.base_unit
        and item.bound in (Bound.EQUAL, Bound.AT_MOST)
        and not item.region
        and not item.about
        and near(limit_or_figure(item), base, close)
    ]
    if not meant or any(abs(limit_or_figure(item) - base) <= step(item) / 2 for item in meant):
        return None
    if all(limit_or_figure(item) in values for item in meant):
        return None
    return min(meant, key=lambda item: abs(limit_or_figure(item) - base))
