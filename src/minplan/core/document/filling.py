"""Tables as a person reads them: empty cells of merged headings and labels say what is beside them.

Plain text and PDF tables often lose that cells were merged. A heading that is empty takes the one
to its left, a label that is empty the one above it; figures are never filled in.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from minplan.core.document.model import Table

_FIGURE: Final = re.compile(r"\s*[≥≤<>约]?\s*\d[\d.,\s\-—~～%％]*")
_TOTAL: Final = re.compile(r"合计|总计|小计|共计|总和")


@dataclass(frozen=True, slots=True)
class Filled:
    """The texts of a table, labels and headings filled in.

    ``heads`` has one tuple of headings for each row of the table, from the outermost to the
    innermost, for each column; ``headings`` tells which rows are headings.
    """

    texts: tuple[tuple[str, ...], ...]
    heads: tuple[tuple[tuple[str, ...], ...], ...]
    headings: frozenset[int]


def is_figure(text: str) -> bool:
    """Whether a cell holds a figure and nothing else (a bound or % apart)."""
    return _FIGURE.fullmatch(text) is not None


@lru_cache(maxsize=256)
def filled(table: Table, subheads: tuple[str, ...] = ()) -> Filled:
    """The table with its labels and headings filled in.

    ``subheads`` are words that make a row inside the table a heading row for the columns beside
    and to the right of them (主要矿种).
    """
    texts: list[tuple[str, ...]] = []
    heads: list[tuple[tuple[str, ...], ...]] = []
    rows: set[int] = set(range(table.head))
    width = len(table.cells[0]) if table.cells else 0
    top = [_beside([cell.text for cell in row]) for row in table.cells[: table.head]]
    base = [tuple(dict.fromkeys(r[c] for r in top if r[c])) for c in range(width)]
    now, above, left = list(base), [""] * width, 0
    for at, row in enumerate(table.cells):
        told = ["" if cell.merged else cell.text.strip() for cell in row]
        if at < table.head:
            texts.append(tuple(top[at]))
            heads.append(tuple(base))
            continue
        start = _sub_head(told, table, subheads)
        if start is None:
            if any(told[:left]):
                now, left = list(base), 0
            above = _below(told, above)
            texts.append(tuple(above))
            heads.append(tuple(now))
            continue
        rows.add(at)
        left = start
        now = _with_sub(told, start, base, told[0] == table.cells[0][0].text.strip())
        above = [text if c < start else "" for c, text in enumerate(_below(told, above))]
        texts.append(tuple(told))
        heads.append(tuple(now))
    return Filled(tuple(texts), tuple(heads), frozenset(rows))


def _beside(row: list[str]) -> list[str]:
    """A row of headings: an empty one is merged with the one to its left."""
    found: list[str] = []
    for text in row:
        found.append(text.strip() or (found[-1] if found else ""))
    return found


def _sub_head(row: list[str], table: Table, subheads: tuple[str, ...]) -> int | None:
    first = table.cells[0][0].text.strip() if table.cells else ""
    if first and row[0] == first:
        return 0
    for column, text in enumerate(row):
        if re.sub(r"\s", "", text) in subheads:
            right = [word for word in row[column + 1 :] if word]
            if right and not any(is_figure(word) for word in right):
                return column
    return None


def _with_sub(
    row: list[str], start: int, base: list[tuple[str, ...]], repeated: bool
) -> list[tuple[str, ...]]:
    told = _beside(row[start:]) if not repeated else row[start:]
    now = list(base)
    for offset, text in enumerate(told):
        outer = () if repeated and not is_figure(text) else base[start + offset]
        if is_figure(text):
            continue
        now[start + offset] = tuple(dict.fromkeys((*outer, text))) if text else outer
    return now


def _below(row: list[str], above: list[str]) -> list[str]:
    """A row with the labels it shares with the row above; a total shares none."""
    if any(_TOTAL.search(text) for text in row[:2]):
        return list(row)
    found = list(row)
    for column, text in enumerate(row):
        if text:
            break
        found[column] = "" if is_figure(above[column]) else above[column]
    return found
