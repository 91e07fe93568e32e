"""Tables of plain text put right: cells under their columns, merged cells told from empty ones."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from minplan.core.text import Text
from minplan.documents.pieces import EMPTY, Piece, RawRow


@dataclass(frozen=True, slots=True)
class Mended:
    """The rows of a table, all of one width; ``head`` heading rows, 0 when not yet counted."""

    rows: tuple[RawRow, ...]
    head: int = 0
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
    """Join the pieces into rows of one width."""
    rows = [row for piece in pieces for row in piece.rows]
    width = max((len(row.cells) for row in rows), default=0)
    return Mended(tuple(_padded(row, width) for row in rows))


def _padded(row: RawRow, width: int) -> RawRow:
    cells = row.cells + (EMPTY,) * (width - len(row.cells))
    return RawRow(cells, row.page, row.line, row.head)
