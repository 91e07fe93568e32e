"""Totals of some years in the text against the rows of these years in a table."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from minplan.core.document.model import PlanDocument, Quantity
from minplan.core.document.quantities.period import YEARS
from minplan.core.quality.consistency.passages import (
    passages,
    start_of,
    tables_with_quantities,
)
from minplan.core.quality.consistency.relations import Relation
from minplan.core.quality.consistency.values import total_of
from minplan.core.quality.consistency.ways import Way, exact, judged

_YEARS: Final = re.compile(rf"{YEARS}\s*年")
_TOGETHER: Final = re.compile(r"累计|合计|共计|共")


def over_years(document: PlanDocument) -> Iterator[Relation]:
    """2021—2023 年累计 1030 公顷 against the rows of these years in the tables."""
    columns = _year_columns(document)
    for passage in passages(document):
        for said in passage.quantities:
            lead = passage.text[max(0, start_of(said) - 24) : start_of(said)]
            span = _YEARS.search(lead)
            if passage.cell or span is None or not exact(said) or not _TOGETHER.search(lead):
                continue
            years = range(int(span[1]), int(span[2]) + 1)
            rows = [
                [held[year] for year in years]
                for unit, held in columns
                if unit == said.base_unit and held.keys() >= {*years}
            ]
            yield from judged(said, [Way(total_of(r), tuple(r)) for r in rows], 0.7)


def _year_columns(document: PlanDocument) -> list[tuple[str, dict[int, Quantity]]]:
    """Columns of tables whose rows are years: the unit, and the figure of every year."""
    found: list[tuple[str, dict[int, Quantity]]] = []
    for _, table, quantities in tables_with_quantities(document):
        columns: dict[tuple[int, str], dict[int, Quantity]] = {}
        for item in quantities:
            row, column = item.spot.row, item.spot.column
            if row is None or column is None or not exact(item):
                continue
            match = re.fullmatch(r"\s*((?:19|20)\d\d)\s*年?\s*", table.cells[row - 1][0].text)
            if match:
                columns.setdefault((column, item.base_unit), {})[int(match[1])] = item
        found += [(unit, held) for (_, unit), held in columns.items()]
    return found
