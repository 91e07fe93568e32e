"""A table of a PDF from the rectangles of its cells: merged cells are those over several edges."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Final

from minplan.documents.pdf_lines import printed_lines
from minplan.documents.pieces import EMPTY, Piece, RawCell, RawRow
from minplan.documents.wording import cell_text

#: edges closer than this, in points, are one
_SAME: Final = 3.0

Rectangle = tuple[float, float, float, float]


def piece_of(rectangles: Sequence[Rectangle], chars: Sequence[Any], page: int) -> Piece:
    """The table of these cells: left, top, right, bottom in points from the top left corner."""
    across = _edges(value for item in rectangles for value in (item[0], item[2]))
    down = _edges(value for item in rectangles for value in (item[1], item[3]))
    grid = [[EMPTY] * (len(across) - 1) for _ in down[:-1]]
    for left, top, right, bottom in rectangles:
        columns = range(_nearest(across, left), _nearest(across, right))
        rows = range(_nearest(down, top), _nearest(down, bottom))
        text = _text(chars, (left, top, right, bottom))
        for row in rows:
            for column in columns:
                up, side = row > rows.start, column > columns.start
                grid[row][column] = RawCell("" if up or side else text, up, side)
    made = tuple(RawRow(tuple(cells), page) for cells in grid)
    return Piece(made, exact=True, edges=tuple(across))


def _edges(values: Iterable[float]) -> list[float]:
    edges: list[float] = []
    for value in sorted(values):
        if not edges or value - edges[-1] > _SAME:
            edges.append(value)
    return edges


def _nearest(edges: Sequence[float], value: float) -> int:
    return min(range(len(edges)), key=lambda index: abs(edges[index] - value))


def _text(chars: Sequence[Any], cell: Rectangle) -> str:
    left, top, right, bottom = cell
    inside = [
        char
        for char in chars
        if left <= (char["x0"] + char["x1"]) / 2 < right
        and top <= (char["top"] + char["bottom"]) / 2 < bottom
    ]
    text = ""
    for line in printed_lines(inside, 0):
        text = _together(text, line.text)
    return cell_text(text)


def _together(before: str, after: str) -> str:
    """Lines of a cell; a space only where words of letters meet."""
    letters = before[-1:].isascii() and before[-1:].isalpha() and after[:1].isascii()
    return before + (" " if letters and after[:1].isalpha() else "") + after
