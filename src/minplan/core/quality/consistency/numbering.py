"""Numbers of sections, tables and rows: repeated, missing, out of order, mentioned in vain."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from minplan.core.document.model import Paragraph, PlanDocument, Section, Spot, Table, TableKind
from minplan.core.document.numerals import number_of, roman, shape_of
from minplan.core.document.quantities.cells import headings_at, is_total
from minplan.core.document.quantities.vocabulary import plain

_MENTION: Final = re.compile(
    r"(?<![附图发代量报列])(?P<kind>表|专栏)\s*(?P<n>\d{1,3}(?:\s*[-—－.]\s*\d{1,3})?)(?![\d.年-])"
)
_SERIAL: Final = re.compile(r"序号|编号")
_CODE: Final = re.compile(r"(?P<head>\D*?)[\s\-—]*(?P<n>\d+)")
_LEAST_ROWS: Final = 3


@dataclass(frozen=True, slots=True)
class Misnumbered:
    """A number that does not follow the one before it."""

    kind: str
    before: str
    after: str
    spots: tuple[Spot, ...]
    missing: tuple[int, ...] = ()
    candidate: Spot | None = None


def sections(document: PlanDocument) -> Iterator[Misnumbered]:
    """Numbers of sections that are repeated, skipped or out of order among their neighbours."""
    yield from _siblings(document.sections)
    for section in document.walk():
        yield from _siblings(section.children)


def _siblings(held: Sequence[Section]) -> Iterator[Misnumbered]:
    last: dict[str, Section] = {}
    for section in held:
        value = number_of(section.number)
        if value is None:
            continue
        shape = shape_of(section.number)
        before = last.get(shape)
        last[shape] = section
        if before is None:
            continue
        old = number_of(before.number) or 0
        if value == old + 1 or (value == 1 and old > 1):
            continue
        kind = "repeated" if value == old else ("missing" if value > old else "order")
        yield Misnumbered(
            kind,
            f"{before.path} {before.title}".strip(),
            f"{section.path} {section.title}".strip(),
            (_headed(before), _headed(section)),
            tuple(range(old + 1, value)),
        )


def _headed(section: Section) -> Spot:
    return section.spot


def tables(document: PlanDocument) -> Iterator[Misnumbered]:
    """Numbers of tables and of boxes that are repeated, skipped or out of order."""
    last: dict[TableKind, Table] = {}
    plain_ones: dict[TableKind, Table] = {}
    for _, table in document.tables():
        if table.kind is TableKind.PLAIN:
            plain_ones = dict.fromkeys((TableKind.TABLE, TableKind.BOX), table)
            continue
        value = number_of(table.number)
        if value is None:
            continue
        before = last.get(table.kind)
        last[table.kind] = table
        between = plain_ones.pop(table.kind, None)
        old = 0 if before is None else number_of(before.number) or 0
        if value == old + 1:
            continue
        kind = "repeated" if value == old else ("missing" if value > old else "order")
        spots = (table.spot,) if before is None else (before.spot, table.spot)
        yield Misnumbered(
            kind,
            "" if before is None else before.label,
            table.label,
            spots,
            tuple(range(old + 1, value)),
            None if between is None else between.spot,
        )


def _number(text: str) -> str:
    return re.sub(r"\s*[-—－.]\s*", "-", text.strip())


@dataclass(frozen=True, slots=True)
class Mention:
    """A table or chapter that is named but not there."""

    name: str
    spot: Spot


def mentions(document: PlanDocument) -> Iterator[Mention]:
    """Tables and boxes that the text names and the document does not have."""
    held = {table.kind.word.zh + _number(table.number) for _, table in document.tables()}
    kinds = {table.kind.word.zh for _, table in document.tables()}
    for _, block in document.blocks():
        if not isinstance(block, Paragraph):
            continue
        text = plain(block.text)
        for match in _MENTION.finditer(text):
            name = match["kind"] + _number(match["n"])
            if name not in held and match["kind"] in kinds:
                yield Mention(
                    name,
                    Spot(
                        block.spot.clause,
                        page=block.spot.page,
                        line=block.spot.line,
                        start=match.start(),
                        end=match.end(),
                        quote=match.group(),
                        file=block.spot.file,
                    ),
                )


@dataclass(frozen=True, slots=True)
class Rows:
    """A table whose rows are not numbered one after the other."""

    table: Table
    printed: tuple[str, ...]
    wrong: tuple[Spot, ...]
    from_one: bool


def rows(document: PlanDocument) -> Iterator[Rows]:
    """Columns of serial numbers and codes that skip, repeat or do not begin at 1."""
    for _, table in document.tables():
        if not table.body:
            continue
        for column, head in enumerate(headings_at(table, table.head)):
            name = re.sub(r"\s", "", head.text)
            if name in ("序号", "编号"):
                found = _column(table, column, name == "序号")
                if found is not None:
                    yield found


def _column(table: Table, column: int, serial: bool) -> Rows | None:
    cells = [
        row[column]
        for row in table.body
        if row[column].text.strip() and not row[column].merged and not is_total(row[column].text)
    ]
    if len(cells) < _LEAST_ROWS:
        return None
    told = [_CODE.fullmatch(plain(cell.text).strip()) for cell in cells]
    if any(match is None for match in told):
        return None
    wrong: list[Spot] = []
    last: dict[str, int] = {}
    for cell, match in zip(cells, told, strict=True):
        assert match is not None
        head, value = match["head"].strip(), int(match["n"])
        grouped = roman(head) is not None
        expected = last[head] + 1 if head in last else (1 if serial or grouped else value)
        if value != expected:
            wrong.append(cell.spot)
        last[head] = value
    if not wrong:
        return None
    return Rows(table, tuple(cell.text.strip() for cell in cells), tuple(wrong), serial)
