"""Which rows of a table are its headings."""

from __future__ import annotations

from collections.abc import Sequence

from minplan.documents.pieces import RawRow
from minplan.documents.wording import Sort, cell_text, is_figure, sort_of, words_of_tables

_MOST: int = 4


def looks_like_head(texts: Sequence[str]) -> bool:
    """Whether a row by itself looks like headings: its first cell is a known one, no figures."""
    words = words_of_tables()
    told = [cell_text(text) for text in texts]
    if not told or not told[0] or sum(1 for text in told if text) < 2:
        return False
    return words.speaks_of(words.keys, told[0]) and not any(
        is_figure(text) and not text.endswith("年") for text in told
    )


def count_heads(rows: Sequence[RawRow]) -> int:
    """The number of heading rows at the top, 1 at least (0 for a table of no rows).

    A second row belongs to the headings when it fills all that the row above leaves open below
    its wide cells, and nothing else: ``治理面积`` over ``2006年以前`` and ``合计``.
    """
    if not rows:
        return 0
    if marked := sum(1 for row in rows[:_MOST] if row.head):
        return min(marked, max(len(rows) - 1, 1))
    count = 1
    while count < min(_MOST, len(rows) - 1) and _is_below(rows[count - 1], rows[count]):
        count += 1
    return count


def is_subhead(texts: Sequence[str]) -> bool:
    """Whether a row inside a table heads the rows below it (主要矿种, 开采总量)."""
    words = words_of_tables()
    return any(words.speaks_of(words.subheads, text) for text in texts if text) and not any(
        sort_of(text) is Sort.FIGURE for text in texts
    )


def _is_below(above: RawRow, row: RawRow) -> bool:
    wide = wide_columns(above)
    if not wide or any(is_figure(cell.text) for cell in row.cells):
        return False
    if is_subhead(row.texts) and not is_subhead(row.texts[:1]):
        return False  # labels stand before it: it heads the rows of one group only
    for column, cell in enumerate(row.cells):
        has_text = bool(cell.text) and not cell.up
        if (column in wide) != (has_text or (cell.left and not cell.up)):
            return False
    return True


def wide_columns(row: RawRow) -> set[int]:
    """The columns below cells that go over several columns."""
    wide: set[int] = set()
    for column in range(1, len(row.cells)):
        cell = row.cells[column]
        if (cell.left or not cell.text) and not cell.up:
            start = column - 1
            while start > 0 and not row.cells[start].text:
                start -= 1
            wide.update(range(start, column + 1))
    return wide
