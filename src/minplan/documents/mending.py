"""Pieces joined into one grid; in plain text cells put under their columns and merged ones told."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from minplan.core.text import Text
from minplan.documents.columns import aligned, profile
from minplan.documents.heading_rows import count_heads, is_subhead
from minplan.documents.merging import merged
from minplan.documents.pieces import EMPTY, Piece, RawCell, RawRow
from minplan.documents.wording import Sort, folded, sort_of, words_of_tables

#: column edges on two pages closer than this, in points, are one
SAME_EDGE: Final = 3.0
#: rows looked through for headings
_TOP: Final = 8
#: a text shorter than this is not one that a page break cuts
_LONG: Final = 12


@dataclass(frozen=True, slots=True)
class Mended:
    """The rows of a table, all of one width, the first ``head`` of them headings.

    ``moved`` are the rows, counted from 1, whose cells were put under other columns.
    """

    rows: tuple[RawRow, ...]
    head: int
    moved: tuple[int, ...] = ()

    def remarks(self, label: str) -> tuple[Text, ...]:
        """What a person should look at."""
        if not self.moved:
            return ()
        rows = "、".join(map(str, self.moved))
        return (
            Text(
                f"{label}：第 {rows} 行的单元格错位，已按内容归列，请核对",
                f"{label}: cells of row {rows} were shifted and put under their columns; check",
            ),
        )


def mend(pieces: Sequence[Piece]) -> Mended:
    """Join the pieces into rows of one width and mark the rests of merged cells."""
    pieces = [_trimmed(piece) for piece in pieces]
    if all(piece.exact for piece in pieces):
        return _joined(pieces)
    return _Text(pieces).mended()


def _trimmed(piece: Piece) -> Piece:
    """Without rows of nothing, and without columns of nothing at the right."""
    rows = [row for row in piece.rows if any(cell.text or cell.is_rest for cell in row.cells)]
    return replace(piece, rows=tuple(rows))


def _padded(row: RawRow, width: int) -> RawRow:
    return replace(row, cells=row.cells + (EMPTY,) * (width - len(row.cells)))


def _joined(pieces: Sequence[Piece]) -> Mended:
    """Pieces that know their merged cells; a page break cuts rows and merged cells into two."""
    pieces = _regridded(pieces)
    width = max((piece.width for piece in pieces), default=0)
    rows: list[RawRow] = []
    fills: set[int] | None = None
    for number, piece in enumerate(pieces):
        for index, row in enumerate(piece.rows):
            full = _padded(row, width)
            if not number or index or not rows:
                rows.append(full)
            elif is_rest_of_row(full, rows[-1]):
                rows[-1] = _appended(rows[-1], full)
            else:
                fills = _fill_columns(rows) if fills is None else fills
                rows.append(_carried(full, rows[-1], fills))
    return Mended(tuple(rows), count_heads(rows))


def _fill_columns(rows: Sequence[RawRow]) -> set[int]:
    """The columns whose headings say that their cells are merged over rows (所在行政区)."""
    words = words_of_tables()
    return {
        column
        for row in rows[: count_heads(rows)]
        for column, cell in enumerate(row.cells)
        if words.speaks_of(words.fills, cell.text)
    }


def _regridded(pieces: Sequence[Piece]) -> list[Piece]:
    """Pieces of one frame brought to the column edges of all of them together."""
    if len(pieces) < 2 or not all(piece.edges for piece in pieces):
        return list(pieces)
    edges: list[float] = []
    for value in sorted(edge for piece in pieces for edge in piece.edges):
        if not edges or value - edges[-1] > SAME_EDGE:
            edges.append(value)
    if len(edges) == min(len(piece.edges) for piece in pieces):
        return list(pieces)
    return [_spread(piece, edges) for piece in pieces]


def _spread(piece: Piece, edges: Sequence[float]) -> Piece:
    where = [
        min(range(len(edges)), key=lambda index: abs(edges[index] - edge)) for edge in piece.edges
    ]
    rows = []
    for row in piece.rows:
        cells: list[RawCell] = []
        for column, cell in enumerate(row.cells):
            parts = where[column + 1] - where[column]
            cells.extend((cell, *(RawCell("", up=cell.up, left=True) for _ in range(parts - 1))))
        rows.append(replace(row, cells=tuple(cells)))
    return replace(piece, rows=tuple(rows), edges=tuple(edges))


def is_rest_of_row(row: RawRow, above: RawRow) -> bool:
    """Whether a row after a page break is the rest of the row before it.

    It has no text of its own in its first column, and all it has goes on a sentence above it.
    """
    told = [(column, cell.text) for column, cell in enumerate(row.cells) if cell.text]
    if not told or told[0][0] == 0 or len(row.cells) != len(above.cells):
        return False
    return all(_is_cut(above.cells[column].text, text) for column, text in told)


def _is_cut(before: str, text: str) -> bool:
    return len(before) >= _LONG and before[-1] not in "。；！？" and sort_of(text) is Sort.TEXT


def _appended(above: RawRow, row: RawRow) -> RawRow:
    cells = tuple(
        replace(cell, text=cell.text + more.text) if more.text else cell
        for cell, more in zip(above.cells, row.cells, strict=True)
    )
    return replace(above, cells=cells)


def _carried(row: RawRow, above: RawRow, fills: set[int]) -> RawRow:
    """The first row after a page break: what is empty there goes on from above.

    That is so before the first text of the row, and in the columns ``fills``.
    """
    cells = list(row.cells)
    lead = next((column for column, cell in enumerate(cells) if cell.text), 0)
    for column in {*range(lead), *fills}:
        cell, before = cells[column], above.cells[column]
        if not cell.text and not cell.is_rest and (before.text or before.is_rest):
            cells[column] = RawCell("", up=True)
    return replace(row, cells=tuple(cells))


class _Text:
    """A table of plain text while it is put right."""

    def __init__(self, pieces: Sequence[Piece]) -> None:
        first = next((piece for piece in pieces if piece.rows), pieces[0])
        self._width = max(
            (piece.width for piece in pieces if piece.width <= first.width), default=0
        )
        self._width = max(self._width, first.width)
        self._rows = _whole_rows(pieces)
        wide = [row for row in self._rows[:_TOP] if len(row.cells) <= self._width]
        self._head = count_heads([_padded(row, self._width) for row in wide])
        body = [row.texts for row in self._rows[self._head :] if not is_subhead(row.texts)]
        self._profile = profile(body, self._width)
        self._moved: list[int] = []

    def mended(self) -> Mended:
        rows = self._aligned()
        rows = self._shift_heads(rows)
        width = max((len(row.cells) for row in rows), default=0)
        rows = [_padded(row, width) for row in rows]
        rows = list(merged(rows, self._head, self._first_value()))
        return Mended(tuple(rows), self._head, tuple(self._moved))

    def _first_value(self) -> int:
        """The first column of values; a leading column of figures is one of serial numbers."""
        for column, sort in enumerate(self._profile.sorts):
            if sort is Sort.FIGURE and column:
                return column
        return self._profile.width

    def _aligned(self) -> list[RawRow]:
        rows = [_padded(row, self._width) for row in self._rows[: self._head]]
        for index, row in enumerate(self._rows[self._head :], start=self._head):
            if len(row.cells) > self._width or (
                len(row.cells) == self._width and is_subhead(row.texts)
            ):
                rows.append(row)
                continue
            active = self._active(rows)
            columns = aligned(row.texts, self._profile, active)
            if columns is None:
                rows.append(_padded(row, self._width))
                continue
            cells = [EMPTY] * self._width
            told = [cell for cell in row.cells if cell.text]
            for column, cell in zip(columns, told, strict=True):
                cells[column] = cell
            rows.append(replace(row, cells=tuple(cells)))
            self._moved.append(index + 1)
        return rows

    def _active(self, rows: Sequence[RawRow]) -> list[bool]:
        """The columns filled in the row before."""
        if len(rows) <= self._head:
            return [False] * self._width
        return [bool(cell.text) for cell in rows[-1].cells[: self._width]]

    def _shift_heads(self, rows: list[RawRow]) -> list[RawRow]:
        """Move the headings by a column where the first one lost a part of its merged cell."""
        if self._head != 1 or not rows or rows[0].cells[0].text == "":
            return rows
        starts = [index for index, cell in enumerate(rows[0].cells) if cell.text]
        if len(starts) < 2 or starts[1] < 2:
            return rows
        here, moved = self._fit(rows[0], 0), self._fit(rows[0], 1)
        if moved <= here:
            return rows
        out = [_moved_right(rows[0], starts[1])]
        for index, row in enumerate(rows[1:], start=1):
            cell = row.cells[starts[1]]
            follows = sort_of(cell.text) is Sort.TEXT and not is_subhead(row.texts)
            out.append(_moved_right(row, starts[1]) if follows else row)
            if follows:
                self._moved.append(index + 1)
        self._moved.sort()
        if all(not row.cells[-1].text for row in out if len(row.cells) > self._width):
            return [replace(row, cells=row.cells[: self._width]) for row in out]
        return out

    def _fit(self, row: RawRow, offset: int) -> int:
        words, score = words_of_tables(), 0
        for column, cell in enumerate(row.cells):
            if not column or not cell.text:
                continue
            target = column + offset
            sort = self._profile.sorts[target] if target < self._profile.width else Sort.EMPTY
            heading = folded(cell.text)
            if words.speaks_of(words.values, heading):
                score += 1 if sort is Sort.FIGURE else -1 if sort is not Sort.EMPTY else 0
            elif words.speaks_of(words.texts, heading):
                score += -1 if sort is Sort.FIGURE else 1 if sort is not Sort.EMPTY else 0
        return score


def _whole_rows(pieces: Sequence[Piece]) -> list[RawRow]:
    """The rows of all pieces, those that a page break cut put together again."""
    rows: list[RawRow] = []
    for piece in pieces:
        for index, row in enumerate(piece.rows):
            if rows and not index and is_rest_of_row(row, rows[-1]):
                rows[-1] = _appended(rows[-1], row)
            else:
                rows.append(row)
    return rows


def _moved_right(row: RawRow, start: int) -> RawRow:
    """The row with an empty cell put in at ``start``."""
    return replace(row, cells=(*row.cells[:start], EMPTY, *row.cells[start:]))
