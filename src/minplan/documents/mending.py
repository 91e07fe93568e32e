"""Pieces joined into one grid; in plain text cells put under their columns and merged ones told."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from minplan.core.text import Text
from minplan.documents.columns import aligned, profile
from minplan.documents.heading_rows import count_heads
from minplan.documents.merging import merged
from minplan.documents.pieces import EMPTY, Piece, RawCell, RawRow
from minplan.documents.wording import Sort, folded, sort_of, words_of_tables


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
    """Pieces that know their merged cells; a page break cuts a merged cell into two."""
    width = max((piece.width for piece in pieces), default=0)
    rows: list[RawRow] = []
    for number, piece in enumerate(pieces):
        for index, row in enumerate(piece.rows):
            full = _padded(row, width)
            rows.append(_carried(full, rows[-1]) if number and not index and rows else full)
    head = count_heads(rows)
    return Mended(tuple(rows), head)


def _carried(row: RawRow, above: RawRow) -> RawRow:
    """The first row after a page break: empty cells before its first text go on from above."""
    cells = list(row.cells)
    for column, cell in enumerate(cells):
        if cell.text:
            break
        if not cell.is_rest and (above.cells[column].text or above.cells[column].is_rest):
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
        self._rows = [row for piece in pieces for row in piece.rows]
        self._head = count_heads([_padded(row, self._width) for row in first.rows])
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


def _moved_right(row: RawRow, start: int) -> RawRow:
    """The row with an empty cell put in at ``start``."""
    return replace(row, cells=(*row.cells[:start], EMPTY, *row.cells[start:]))


def is_subhead(texts: Sequence[str]) -> bool:
    """Whether a row inside a table heads the rows below it (主要矿种, 开采总量)."""
    words = words_of_tables()
    return any(words.speaks_of(words.subheads, text) for text in texts if text) and not any(
        sort_of(text) is Sort.FIGURE for text in texts
    )
