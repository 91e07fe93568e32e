"""The rows of a table as records: each value under the headings that hold for it.

Sub-headings inside a table (主要矿种 · 开采总量) head the rows below them; a table that runs across
(矿产名称 煤炭 铁矿 … over 矿山数量 113 35 …) is turned; rows of totals are marked.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from minplan.core.document.model import Cell, Table
from minplan.documents.heading_rows import is_subhead
from minplan.documents.merging import is_total
from minplan.documents.wording import folded, is_figure


@dataclass(frozen=True, slots=True)
class Record:
    """A row of a table: its cells with the heading of each, in the order of the columns.

    ``row`` counts from 1, headings included. A cell merged with the one to its left is left out.
    """

    fields: tuple[tuple[str, Cell], ...]
    row: int
    total: bool = False

    @property
    def texts(self) -> tuple[str, ...]:
        """The texts of the cells."""
        return tuple(cell.text for _, cell in self.fields)


def records(table: Table) -> tuple[Record, ...]:
    """The records of a table, totals included, sub-headings not."""
    if _runs_across(table):
        return tuple(sorted(_turned(table), key=lambda record: record.total))
    return tuple(_rows(table))


def _runs_across(table: Table) -> bool:
    """Whether the first column holds headings: two of them, by turns, names over figures."""
    first = [folded(row[0].text) for row in table.cells]
    if len(first) < 2 or len(first) % 2 or len(set(first)) != 2 or len(table.cells[0]) < 3:
        return False
    return all(
        first[index : index + 2] == first[:2]
        and _is_names(table.cells[index])
        and not _is_names(table.cells[index + 1])
        for index in range(0, len(first), 2)
    )


def _is_names(row: Sequence[Cell]) -> bool:
    own = [cell.text for cell in row[1:] if cell.text and not cell.merged]
    return bool(own) and sum(map(is_figure, own)) * 2 < len(own)


def headings_of(table: Table) -> dict[tuple[int, int], str]:
    """The heading of every cell of a record, sub-headings included, by row and column from 1."""
    return {
        (record.row, cell.spot.column): heading
        for record in records(table)
        for heading, cell in record.fields
        if cell.spot.column is not None
    }


def _turned(table: Table) -> Iterator[Record]:
    for index in range(0, len(table.cells), 2):
        names, figures = table.cells[index], table.cells[index + 1]
        for name, figure in zip(names[1:], figures[1:], strict=True):
            if not name.text or is_figure(name.text):
                continue
            fields = ((names[0].text, name), (figures[0].text, figure))
            yield Record(fields, index + 2, is_total([name.text]))


def _rows(table: Table) -> Iterator[Record]:
    headings = list(table.headings)
    current = list(headings)
    for index, row in enumerate(table.body, start=table.head + 1):
        texts = [cell.text for cell in row]
        if is_subhead(texts):
            current = _below(headings, row)
            continue
        if _leaves_group(row, table, index):
            current = list(headings)
        fields = tuple(
            (heading, cell)
            for column, (heading, cell) in enumerate(zip(current, row, strict=True))
            if not _is_beside(row, column)
        )
        yield Record(fields, index, is_total(texts))


def _below(headings: Sequence[str], row: Sequence[Cell]) -> list[str]:
    """Headings below a row of sub-headings: they begin where it says 矿种."""
    start = next(
        column for column, cell in enumerate(row) if is_subhead([cell.text]) and not cell.merged
    )
    told = list(headings)
    last = ""
    for column in range(start, len(row)):
        own = "" if row[column].merged else row[column].text
        if column and headings[column] != headings[column - 1]:
            last = ""
        last = own or last
        if last and last not in headings[column]:
            told[column] = f"{headings[column]} {last}".strip()
    return told


def _leaves_group(row: Sequence[Cell], table: Table, index: int) -> bool:
    """Whether a row begins a new group of labels, where sub-headings no longer hold."""
    above = table.cells[index - 2]
    for column, cell in enumerate(row[:-1]):
        if is_figure(cell.text):
            return False
        if cell.text and not cell.merged:
            beside = row[column + 1]
            return beside.merged and beside.text == cell.text and above[column].text != cell.text
    return False


def _is_beside(row: Sequence[Cell], column: int) -> bool:
    """Whether a cell is the rest of the one to its left."""
    return (
        column > 0
        and row[column].merged
        and row[column].text == row[column - 1].text
        and bool(row[column].text)
        and not is_figure(row[column].text)
    )
