"""The figures of a table as arrays: values, printed digits, what of them may be rounding."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby
from typing import Final

import numpy as np
from numpy.typing import NDArray

from minplan.core.document.quantities.cells import Heading, cell_number, headings_at
from minplan.core.document.quantities.vocabulary import find_unit, plain
from minplan.core.quality.consistency.grids import Grid
from minplan.core.quality.consistency.values import decimals

Array = NDArray[np.float64]
Flags = NDArray[np.bool_]
_FIGURE: Final = re.compile(
    r"[\[【〔]?\s*(?P<sign>[-−–－+＋]?)\s*(?P<size>\d[\d,.]*)\s*%?\s*[\]】〕]?"
)
_NONE: Final = re.compile(r"[-—–－/／\s]*")
_UNIT: Final = re.compile(r"单位$")
_NO_FIGURES: Final = re.compile(r"序号|编号|编码|代码|代号|图幅号|年份|年度|坐标|经度|纬度|标高")
_TOTAL: Final = re.compile(r"合计|总计|小计|共计")
_COUNT: Final = re.compile(r"^(?!.*[万亿]).*(?:数量|个数|数$)")
_MEASURED: Final = re.compile(r"量|面积|资|额|值|费|规模|产|长|重|率|比|[万亿]")
_LEAST_ROWS: Final = 3


@dataclass(frozen=True, slots=True)
class Figures:
    """Rows of a table under the same headings as arrays; NaN where there is no plain figure.

    ``digit`` is the last printed digit, ``half`` how much of it may be rounding (none where things
    are counted); ``rows`` and ``columns`` are those of the grid. ``totals`` tells rows of totals,
    ``blank`` cells that say there is nothing, ``same_unit`` which columns may be added to which:
    where both tell a unit, it is the same.
    """

    made: Grid
    rows: tuple[int, ...]
    columns: tuple[int, ...]
    heads: tuple[Heading, ...]
    value: Array
    digit: Array
    half: Array
    totals: Flags
    blank: Flags
    same_unit: Flags

    def is_total(self, column: int) -> bool:
        """Whether a column is headed 合计: what it sums is told elsewhere."""
        return self.columns[column] in self.made.total_columns


def figures(made: Grid) -> Iterator[Figures]:
    """The figures of a table, once for each group of rows with headings of their own."""
    headings, table = made.filled.headings, made.table
    rows = [at for at in range(table.head, len(table.cells)) if at not in headings]
    for _, group in groupby(rows, key=lambda at: made.filled.heads[at]):
        chosen = tuple(group)
        if len(chosen) >= _LEAST_ROWS:
            found = _figures(made, chosen)
            if found is not None:
                yield found


def figure(text: str) -> Decimal | None:
    """The figure of a cell with its sign; None where it is a bound, a range or has a unit."""
    match = _FIGURE.fullmatch(plain(text).strip()) if text else None
    size = None if match is None else cell_number(match["size"])
    if match is None or size is None:
        return None
    return size if match["sign"] in ("", "+", "＋") else -size


def _figures(made: Grid, rows: tuple[int, ...]) -> Figures | None:
    heads = headings_at(made.table, rows[0])
    cells = made.table.cells
    read = {
        column: [None if (c := cells[row][column]).merged else figure(c.text) for row in rows]
        for column, head in enumerate(heads)
        if not _NO_FIGURES.search(head.text)
    }
    columns = tuple(c for c, told in read.items() if any(item is not None for item in told))
    if len(columns) < 2:
        return None
    held = list(zip(*(read[column] for column in columns), strict=True))
    value = np.array([[np.nan if v is None else float(v) for v in row] for row in held])
    places = np.array([[0 if v is None else decimals(v) for v in row] for row in held])
    places = np.where(value == 0, places.max(axis=0), places)  # nothing is not rounded to a unit
    chosen = tuple(heads[column] for column in columns)
    unit = next((c for c, head in enumerate(heads) if _UNIT.search(head.text)), None)
    whole = (places == 0).all(axis=0)
    counted = np.array([_counted(made, row, chosen, unit, whole) for row in rows])
    digit = 10.0**-places
    told = [[_NONE.fullmatch(cells[row][c].text) is not None for c in columns] for row in rows]
    return Figures(
        made,
        rows,
        columns,
        chosen,
        value,
        digit,
        np.where(counted & (places == 0), 0.0, digit / 2),
        np.array([_is_total(made, row) for row in rows]),
        np.array(told),
        _same_unit(chosen),
    )


def _is_total(made: Grid, row: int) -> bool:
    labels = made.filled.texts[row][:3]
    return row in made.total_rows or any(_TOTAL.search(text) for text in labels)


def _same_unit(heads: Sequence[Heading]) -> Flags:
    units = [find_unit(head.unit) if head.own else None for head in heads]
    return np.array(
        [[one is None or other is None or one == other for other in units] for one in units]
    )


def _counted(
    made: Grid, row: int, heads: Sequence[Heading], own: int | None, whole: Flags
) -> list[bool]:
    """For each column whether it counts things in this row: such figures are not rounded.

    Whole figures without a unit count what the column before them does (矿山数（个）, 大型, 中型).
    """
    texts = made.filled.texts[row]
    unit = texts[own] if own is not None else ""
    label = bool(_COUNT.search(" ".join(text for text in texts if figure(text) is None)))
    found: list[bool] = []
    for at, head in enumerate(heads):
        told = find_unit(head.unit if head.own or not unit else unit)
        if told is not None:
            found.append(told[0].dimension == "count")
        elif unit:
            found.append(False)
        else:
            before = bool(found) and found[-1] and bool(whole[at])
            before = before and _MEASURED.search(head.text) is None
            found.append(before or label or _COUNT.search(head.text) is not None)
    return found
