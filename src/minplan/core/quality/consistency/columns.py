"""Columns of a table that follow from others row by row, and the cells that break the rule.

A table does not say that 增减 is 2025年 less 2020年. The figures do: what holds in nearly all rows,
and could hardly do so by chance, is meant; the rows that do not fit it contradict it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from minplan.core.document.model import Cell
from minplan.core.quality.consistency.column_figures import Figures, figures
from minplan.core.quality.consistency.column_formulas import Formula, batches
from minplan.core.quality.consistency.column_rules import Rule, meant, rules
from minplan.core.quality.consistency.grids import Grid


@dataclass(frozen=True, slots=True)
class Break:
    """A cell that is not what other columns make it.

    ``should`` is the figure as it would be printed, ``names`` are the headings of ``cells``, which
    it is made of (and the total that a portion is of, where one is printed); ``holds`` of ``of``
    rows follow the rule.
    """

    cell: Cell
    heading: str
    should: str
    formula: Formula
    cells: tuple[Cell, ...]
    names: tuple[str, ...]
    holds: int
    of: int


def breaks(made: Grid) -> Iterator[Break]:
    """The cells of a table that break what its other rows say of its columns."""
    for held in figures(made):
        found = [
            rule
            for batch in batches(held)
            for target in range(len(held.columns))
            for rule in rules(held, batch, target)
        ]
        for rule in meant(found):
            for row, should in rule.broken:
                yield _break(held, rule, row, should)


def _break(held: Figures, rule: Rule, row: int, should: float) -> Break:
    cells, formula, at = held.made.table.cells, rule.formula, held.rows[row]
    digits = held.digit[row, [rule.target, *formula.parts]]
    places = round(-np.log10(digits.min() if formula.kind.linear else digits[0]))
    told = [cells[at][held.columns[part]] for part in formula.parts]
    if formula.whole is not None:
        told.append(cells[formula.whole][held.columns[formula.parts[0]]])
    return Break(
        cells[at][held.columns[rule.target]],
        held.heads[rule.target].text,
        f"{should:.{places}f}",
        formula,
        tuple(told),
        tuple(held.heads[part].text for part in formula.parts),
        rule.holds,
        rule.holds + len(rule.broken),
    )
