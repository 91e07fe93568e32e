"""The tables of a document as files of the package: one row a record, units in their own column."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import groupby

from minplan.core.document.model import PlanDocument, Table
from minplan.documents.draft.clauses import Clauses
from minplan.documents.draft.model import DraftTable
from minplan.documents.draft.vocabulary import is_one_of, vocabulary
from minplan.documents.records import Record, records
from minplan.documents.wording import is_figure, split_unit


def read_tables(document: PlanDocument, clauses: Clauses) -> list[DraftTable]:
    """All tables and boxes; tables of indicators with label columns of known names."""
    found = []
    for _, table in document.tables():
        own = clauses.of_table(table)
        columns, rows = _grid(table)
        title = " ".join(part for part in (table.label, table.title) if part) or own
        if table.unit:
            title = f"{title}（{table.unit}）"
        sure = 1.0 if table.number else 0.8
        found.append(DraftTable(own, title, own, columns, rows, table, sure))
    return found


def _grid(table: Table) -> tuple[tuple[str, ...], tuple[tuple[str, ...], ...]]:
    labels = label_columns(table)
    found = records(table)
    if labels < 2:
        return _plain(found)
    return _indicators(table, found, labels)


def label_columns(table: Table) -> int:
    """How many columns at the left share one heading (规划指标 over 类别, 指标, 矿种)."""
    if not table.cells:
        return 0
    heads = [heading for heading, _ in groupby(table.headings)]
    first = table.headings[0]
    count = next(
        (column for column, heading in enumerate(table.headings) if heading != first),
        len(table.headings),
    )
    return count if len(heads) > 1 else 0


def _plain(found: Sequence[Record]) -> tuple[tuple[str, ...], tuple[tuple[str, ...], ...]]:
    """The columns as headed; a record that lacks one (merged over two) leaves it empty."""
    width: dict[str, None] = {}
    keyed = []
    for record in found:
        row: dict[str, str] = {}
        for heading, cell in record.fields:
            row[_free(heading or "列", row)] = cell.text
        width |= dict.fromkeys(row)
        keyed.append(row)
    columns = tuple(width)
    return columns, tuple(tuple(row.get(name, "") for name in columns) for row in keyed)


def _free(heading: str, taken: dict[str, str]) -> str:
    name, count = heading, 2
    while name in taken:
        name, count = f"{heading}{count}", count + 1
    return name


def _indicators(
    table: Table, found: Sequence[Record], labels: int
) -> tuple[tuple[str, ...], tuple[tuple[str, ...], ...]]:
    """Label columns, the unit taken from the label or the figure, then the values as headed."""
    words = vocabulary()["columns"]
    names = [*words["labels"][: labels - 1], words["labels"][-1]]
    headings: dict[int, dict[str, None]] = {}
    keyed = []
    for record in found:
        told = [(cell.spot.column or 0, heading, cell.text) for heading, cell in record.fields]
        row: dict[int, str] = {}
        unit = ""
        for column, heading, text in told:
            if column <= labels:
                row[column], own = split_unit(text)
            else:
                headings.setdefault(column, {})[heading] = None
                own = "%" if is_figure(text) and "%" in text else ""
                row[column] = text.replace("%", "") if own else text
            unit = unit or own
        row[0] = unit
        keyed.append(row)
    has_units = any(is_one_of(words["units"], heading) for heading in table.headings)
    own_column = [] if has_units else [0]
    columns = [*range(1, labels + 1), *own_column, *sorted(headings)]
    titles = [*names, *([] if has_units else [words["unit"]]), *_titles(table, headings)]
    return tuple(titles), tuple(tuple(row.get(c, "") for c in columns) for row in keyed)


def _titles(table: Table, headings: Mapping[int, Mapping[str, None]]) -> list[str]:
    """A name for each column of values: its heading, and its sub-headings where there are some."""
    taken: dict[str, str] = {}
    for column in sorted(headings):
        own = table.headings[column - 1]
        below = [text.removeprefix(own).strip() for text in headings[column]]
        told = "、".join(dict.fromkeys(text for text in below if text))
        taken[_free(f"{own}（{told}）" if told else own, taken)] = ""
    return list(taken)
