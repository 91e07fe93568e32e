"""Merged cells of plain-text tables, where the text stands once and the rest comes as empty cells.

In label columns an empty cell before the first text of a row means that the group above goes on.
In columns such as 所在行政区 the text stands in the first row of its group, or in the middle one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from minplan.documents.heading_rows import wide_columns
from minplan.documents.pieces import RawCell, RawRow
from minplan.documents.wording import Sort, folded, sort_of, words_of_tables

UP = RawCell("", up=True)
LEFT = RawCell("", left=True)


def merged(rows: Sequence[RawRow], head: int, first_value: int) -> tuple[RawRow, ...]:
    """The rows with the rests of merged cells marked.

    ``head`` heading rows; ``first_value`` is the first column that holds values and no labels.
    """
    grid = [list(row.cells) for row in rows]
    _merge_heads(grid, rows, head)
    headings = _headings(grid, head)
    wide = {
        column for row in rows[:head] for column in wide_columns(row) if not row.cells[column].text
    }
    for index in range(head, len(grid)):
        _merge_row(grid, index, head, wide if first_value else set(), first_value)
    for column, heading in enumerate(headings):
        _merge_column(grid, column, heading, head)
    return tuple(replace(row, cells=tuple(cells)) for row, cells in zip(rows, grid, strict=True))


def is_total(texts: Sequence[str]) -> bool:
    """Whether a row is one of totals (合计)."""
    words = words_of_tables()
    first = next((text for text in texts if text), "")
    return words.speaks_of(words.totals, first)


def _merge_heads(grid: list[list[RawCell]], rows: Sequence[RawRow], head: int) -> None:
    for index in range(head):
        wide = wide_columns(rows[index - 1]) if index else set()
        for column, cell in enumerate(grid[index]):
            if cell.text or cell.is_rest or column == 0 == index:
                continue
            grid[index][column] = UP if index and column not in wide else LEFT


def _headings(grid: Sequence[Sequence[RawCell]], head: int) -> list[str]:
    """The heading of each column: the lowest text, else that of the wide cell it is under."""
    told: list[str] = []
    for column in range(len(grid[0]) if grid else 0):
        texts = [row[column].text for row in grid[:head] if row[column].text]
        told.append(folded(texts[-1]) if texts else (told[-1] if told else ""))
    return told


def _merge_row(
    grid: list[list[RawCell]], index: int, head: int, wide: set[int], first_value: int
) -> None:
    row = grid[index]
    lead = next((column for column, cell in enumerate(row) if cell.text), len(row))
    if lead == len(row):
        return
    if index > head:
        for column in range(lead):
            if grid[index - 1][column].text or grid[index - 1][column].is_rest:
                row[column] = UP
    total = is_total([cell.text for cell in row])
    for column in range(lead + 1, first_value):
        before = row[column - 1]
        if not row[column].text and (column in wide or total) and (before.text or before.left):
            row[column] = LEFT


def _merge_column(grid: list[list[RawCell]], column: int, heading: str, head: int) -> None:
    words = words_of_tables()
    cells = [row[column] for row in grid[head:]]
    filled = [index for index, cell in enumerate(cells) if cell.text]
    if words.speaks_of(words.totals, heading):
        if len(filled) == 1 and len(cells) > 1 and sort_of(cells[filled[0]].text) is Sort.FIGURE:
            _assign(grid, column, head, [filled[0]] * len(cells))
        return
    if not filled or not words.speaks_of(words.fills, heading):
        return
    last = len(cells)
    while last and is_total([cell.text for cell in grid[head + last - 1]]):
        last -= 1
    owners = _owners([bool(cell.text) for cell in cells[:last]], _starts(grid[head:], column))
    _assign(grid, column, head, owners)


def _starts(body: Sequence[Sequence[RawCell]], column: int) -> tuple[bool, ...]:
    """The rows a merged cell may begin at: those that begin a group of the labels before it."""
    grouped = [before for before in range(column) if any(row[before].up for row in body)]
    if not grouped:
        return (True,) * len(body)
    return tuple(not row[grouped[-1]].up for row in body)


def _owners(told: Sequence[bool], starts: tuple[bool, ...]) -> list[int]:
    """For each row the row whose text holds for it; -1 where none does."""
    if told and not told[0]:
        found = middle_blocks(tuple(told), starts[: len(told)])
        if found is not None:
            return list(found)
    owners, current = [], -1
    for index, has_text in enumerate(told):
        current = index if has_text else current
        owners.append(current)
    return owners


def _assign(grid: list[list[RawCell]], column: int, head: int, owners: Sequence[int]) -> None:
    """Put the text of each block into its first row and mark the others as its rest."""
    texts = [row[column] for row in grid[head:]]
    placed = -1
    for index, owner in enumerate(owners):
        if owner < 0 or texts[index].is_rest:
            continue
        # the first row that is no rest of another cell, so that no text is lost
        grid[head + index][column] = UP if owner == placed else replace(texts[owner])
        placed = owner


def middle_blocks(
    told: Sequence[bool], starts: Sequence[bool] | None = None
) -> tuple[int, ...] | None:
    """Rows parted into blocks with the text in the middle row of each, or None if they cannot be.

    ``told`` says which rows have a text, ``starts`` at which a block may begin (all by default).
    The result names for each row the row of its text. A block of even size has its text above or
    below the middle. The blocks follow each other without gaps; of several ways the one with the
    most blocks of odd size is taken.
    """
    filled = [index for index, has_text in enumerate(told) if has_text]
    #: for each possible beginning of the next block: how many odd ones so far, and the owners
    ways: dict[int, tuple[int, tuple[int, ...]]] = {0: (0, ())}
    for row in filled:
        found: dict[int, tuple[int, tuple[int, ...]]] = {}
        for start, (worth, owners) in ways.items():
            before = row - start
            for size in (2 * before + 1, 2 * before, 2 * before + 2):
                end = start + size
                if not (start <= row < end <= len(told)) or (
                    starts is not None and end < len(told) and not starts[end]
                ):
                    continue
                way = (worth + size % 2, owners + (row,) * size)
                if end not in found or way[0] > found[end][0]:
                    found[end] = way
        ways = found
    whole = ways.get(len(told))
    return whole[1] if whole and filled else None
