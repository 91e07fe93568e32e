"""Quantities in tables: each figure with its heading, the words of its row, the title, the unit."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Final

from minplan.core.document.model import Cell, Quantity, Table
from minplan.core.document.quantities.figures import DASH, NUMBER, Figure, bounded, number
from minplan.core.document.quantities.making import (
    Topic,
    attribute_for,
    make,
    place,
    qualifiers,
    rest_of,
)
from minplan.core.document.quantities.prose import Reader
from minplan.core.document.quantities.regions import column_regions
from minplan.core.document.quantities.vocabulary import (
    Scanner,
    Token,
    find_unit,
    plain,
    unit_pattern,
)

_CELL: Final = re.compile(
    rf"(?P<op>[≥≤<>＜＞=约]|不低于|不小于|不超过|不大于)?\s*(?P<low>{NUMBER})"
    rf"(?:\s*{DASH}\s*(?P<high>{NUMBER}))?\s*(?P<unit>\S{{0,8}}?)\s*(?P<after>左右|以上|以下|以内)?"
)
_YEAR: Final = re.compile(r"((?:19|20)\d\d)\s*年")
_SERIAL: Final = re.compile(r"^(?:序号|编号|序|代码|图斑号|编码)$")
_TOTAL: Final = re.compile(r"^(?:合计|总计|小计|共计|全市合计|全市|总和|全市总计)$")
_BRACKET: Final = re.compile(r"[（(]([^（()）]*)[)）]")
_GOAL: Final = "目标"


@dataclass(frozen=True, slots=True)
class Heading:
    """What stands above a cell: the words of its headings, a unit, whether it is a serial number."""

    text: str
    unit: str
    serial: bool


def cell_number(text: str) -> Decimal | None:
    """The number of a cell that holds one number and nothing else (a unit apart), or None."""
    match = _CELL.fullmatch(plain(text).strip())
    if match is None or match["high"] or (match["unit"] and find_unit(match["unit"]) is None):
        return None
    return number(match["low"])


def is_total(text: str) -> bool:
    """Whether a label says that the row or column is a total (合计, 小计)."""
    return _TOTAL.fullmatch(re.sub(r"\s", "", text)) is not None


def heading_rows(table: Table) -> frozenset[int]:
    """Rows (from 0) that are headings, those repeated inside the table included."""
    rows = set(range(table.head))
    if not table.cells or not table.head:
        return frozenset(rows)
    first = table.cells[0][0].text
    for at, row in enumerate(table.cells):
        bare = [cell.text for cell in row if not cell.merged and cell.text]
        if at and first and row[0].text == first and not _has_number(bare[1:-1] or bare[1:]):
            rows.add(at)
    return frozenset(rows)


def _has_number(texts: list[str]) -> bool:
    return any(cell_number(text) is not None for text in texts)


def headings_at(table: Table, row: int) -> tuple[Heading, ...]:
    """The headings that hold for a row (from 0): the block of heading rows above it."""
    block: list[int] = []
    for at in sorted(heading_rows(table)):
        if at > row:
            break
        block = [*block, at] if block and block[-1] == at - 1 else [at]
    found = []
    for column in range(len(table.cells[row])):
        parts = dict.fromkeys(table.cells[at][column].text for at in block)
        found.append(_heading(" ".join(part for part in parts if part), table.unit))
    return tuple(found)


def _heading(text: str, unit: str) -> Heading:
    own = _unit_in(text)
    return Heading(text, own or unit, _SERIAL.fullmatch(re.sub(r"\s", "", text)) is not None)


def _unit_in(text: str) -> str:
    for match in reversed(_BRACKET.findall(plain(text))):
        found = re.match(unit_pattern(), re.sub(r"\s", "", match))
        if found:
            return found.group()
    return ""


def table_quantities(
    table: Table, reader: Reader, context: Topic, known: Mapping[str, str], base_year: int | None
) -> list[Quantity]:
    """All quantities of a table; prose in cells is read as prose."""
    regions = column_regions(table, known)
    skip = heading_rows(table)
    found: list[Quantity] = []
    for at, row in enumerate(table.cells):
        if at in skip:
            continue
        heads = headings_at(table, at)
        label = _label(row, heads)
        told = regions.get(at, ())
        region = told[0] if len(told) == 1 else context.region
        for column, cell in enumerate(row):
            if cell.merged or heads[column].serial or not cell.text.strip():
                continue
            topic = _topic(table, heads[column], label, reader.scanner, context, base_year)
            topic = replace(topic, region=region)
            found.extend(_cell(cell, heads[column], label, topic, reader))
    return found


def _label(row: tuple[Cell, ...], heads: tuple[Heading, ...]) -> str:
    """The words of the row that are no figures, without long explanations."""
    words = dict.fromkeys(
        cell.text.strip()
        for cell, head in zip(row, heads, strict=True)
        if cell.text.strip()
        and len(cell.text) <= 40
        and not head.serial
        and cell_number(cell.text) is None
        and _CELL.fullmatch(plain(cell.text).strip()) is None
    )
    return " ".join(words)


def _topic(
    table: Table, head: Heading, label: str, scanner: Scanner, context: Topic, base: int | None
) -> Topic:
    said = plain(f"{head.text} {label}")
    tokens = scanner.scan(said)
    year = _YEAR.search(plain(head.text)) or _YEAR.search(plain(table.title))
    when = int(year[1]) if year else context.year
    extra: tuple[str, ...] = ()
    if "上轮" in table.title:
        when = base
        extra = (_GOAL,) if _GOAL in head.text else ()
    minerals = list(dict.fromkeys(token.value for token in tokens if token.kind == "mineral"))
    subject = minerals[-1] if minerals else context.subject
    rest = rest_of(said, [*tokens, *_total_words(said)])
    return Topic(
        subject=subject,
        year=when,
        qualifiers=(*qualifiers(tokens, ""), *extra),
        rest=rest,
        sure=0.9,
    )


def _total_words(said: str) -> list[Token]:
    pattern = r"合计|总计|小计|[（(][^（()）]*[)）]|规划指标|预期性|约束性|属性|规划|上轮|完成情况"
    return [
        Token("filler", match.group(), *match.span()) for match in re.finditer(pattern, said)
    ]


def _cell(cell: Cell, head: Heading, label: str, topic: Topic, reader: Reader) -> list[Quantity]:
    text = plain(cell.text)
    match = _CELL.fullmatch(text.strip())
    unit = "" if match is None else match["unit"] or _unit_in(label) or head.unit
    if match is None or not unit:
        if match is not None or not re.search(r"\d", text):
            return [] if match is None else _bare(cell, head, label, topic, reader, match)
        return reader.read(cell.text, cell.spot, topic)[0]
    if find_unit(unit) is None:
        return []
    low = number(match["low"])
    at = text.index(match["low"])
    end = at + len(match["low"])
    if match["high"]:
        end = text.index(match["high"], end) + len(match["high"])
    if match["unit"]:
        end = text.index(match["unit"], end) + len(match["unit"])
    figure = bounded(text, at, end, (low, number(match["high"] or match["low"])), unit)
    return [_made(figure, cell, head, label, topic, reader.scanner)]


def _bare(
    cell: Cell, head: Heading, label: str, topic: Topic, reader: Reader, match: re.Match[str]
) -> list[Quantity]:
    """A number without a unit is a count where heading or row name something that is counted."""
    tokens = reader.scanner.scan(plain(f"{head.text} {label}"))
    if not any(token.kind == "noun" for token in tokens) or not re.search(
        r"数|数量", f"{head.text}{label}"
    ):
        return []
    low, high = number(match["low"]), number(match["high"] or match["low"])
    figure = bounded(match["low"], 0, len(match["low"]), (low, high), "个")
    return [_made(figure, cell, head, label, topic, reader.scanner)]


def _made(
    figure: Figure, cell: Cell, head: Heading, label: str, topic: Topic, scanner: Scanner
) -> Quantity:
    dimension = figure.unit.dimension
    attribute = ""
    for said in (head.text, label):
        tokens = scanner.scan(plain(said))
        if dimension in ("count", "kinds"):
            nouns = [token.value for token in tokens if token.kind == "noun"]
            attribute = f"{nouns[-1]}数" if nouns else ""
        else:
            attribute = attribute_for(tokens, dimension)
        if attribute:
            break
    if not attribute and dimension == "area":
        attribute = "面积"
    told = replace(topic, attribute=attribute)
    return make(figure, told, place(cell.spot, cell.text, 0, len(cell.text)))
