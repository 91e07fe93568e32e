"""Indicators from the tables that give a value for the last year of the plan."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from minplan.core.document.model import Cell, PlanDocument, Table
from minplan.core.text import Text
from minplan.documents.draft.clauses import Clauses
from minplan.documents.draft.model import DraftRow, Unread
from minplan.documents.draft.vocabulary import is_one_of, vocabulary
from minplan.documents.records import Record, records
from minplan.documents.wording import folded, is_figure, split_unit

_RANGE: Final = re.compile(r"^(\d[\d.]*)[-—–~～至](\d[\d.]*)$")
_SIGNS: Final = {"≤": "<=", "<": "<=", "＜": "<=", "≥": ">=", ">": ">=", "＞": ">="}
_LAST_FIGURE: Final = re.compile(r"共?(\d[\d.,]*)(平方公里|公顷|亩|个|处|座|万吨|亿吨|%)。?$")


def read_indicators(
    document: PlanDocument, clauses: Clauses, identity: Mapping[str, str]
) -> tuple[list[DraftRow], list[Table], list[Unread]]:
    """The indicators, the tables they stand in, and the rows that were not understood."""
    rows: list[DraftRow] = []
    tables: list[Table] = []
    unread: list[Unread] = []
    for _, table in document.tables():
        columns = _Columns(table, identity)
        if not columns.is_complete:
            continue
        tables.append(table)
        for record in records(table):
            row = _row(record, columns, len(rows) + 1)
            if isinstance(row, DraftRow):
                told = {"level": identity.get("level", ""), "clause": clauses.of_table(table)}
                rows.append(replace(row, fields={**row.fields, **told}))
            elif row is not None:
                unread.append(row)
    return rows, tables, unread


class _Columns:
    """Which columns of a table tell what of an indicator."""

    def __init__(self, table: Table, identity: Mapping[str, str]) -> None:
        words = vocabulary()["indicators"]
        headings = tuple(dict.fromkeys(table.headings))
        self.target = _of_year(headings, identity.get("last_year", "")) or _first(
            headings, words["targets"]
        )
        self.base = _of_year(headings, identity.get("base_year", "")) or _first(
            headings, words["base"]
        )
        self.fields = {
            field: _first(headings, words[field])
            for field in ("name", "group", "unit", "property", "note")
        }

    @property
    def is_complete(self) -> bool:
        """Whether the table is one of indicators: it has names and a value to reach."""
        return bool(self.target) and bool(self.fields["name"])

    def cells(self, record: Record, heading: str) -> list[Cell]:
        """The cells of a record under a heading of the table, sub-headings included."""
        return [
            cell
            for head, cell in record.fields
            if heading and (head == heading or head.startswith(f"{heading} "))
        ]

    def text(self, record: Record, field: str) -> str:
        """The first text of a record under the heading of a field."""
        return next((cell.text for cell in self.cells(record, self.fields[field])), "")


def _of_year(headings: Sequence[str], year: str) -> str:
    return next((head for head in headings if year and folded(head).startswith(year)), "")


def _first(headings: Sequence[str], patterns: Sequence[str]) -> str:
    return next((head for head in headings if is_one_of(patterns, head)), "")


def _row(record: Record, columns: _Columns, number: int) -> DraftRow | Unread | None:
    value = next(iter(columns.cells(record, columns.target)), None)
    if value is None or not value.text or record.total:
        return None
    told = [split_unit(cell.text) for cell in columns.cells(record, columns.fields["name"])]
    names = [name for name, _ in told if name]
    unit = columns.text(record, "unit") or next((own for _, own in told[::-1] if own), "")
    text, note = value.text, columns.text(record, "note")
    if not is_figure(text):
        found = _LAST_FIGURE.search(folded(text))
        if found is None:
            return Unread(Text(f"指标值“{text}”", f"value “{text}”"), value.spot)
        text, unit, note = found[1], found[2], value.text
    group = columns.text(record, "group")
    if not group and len(names) > 1:
        group, *names = names
    operator, target, is_guessed = _target(text, "：".join(names))
    base = next((cell.text for cell in columns.cells(record, columns.base)), "")
    fields = {
        "id": f"I-{number:02d}",
        "name": "：".join(names),
        "unit": unit or _percent(text),
        "base": base.rstrip("%") if is_figure(base) else "",
        "operator": operator,
        "target": target,
        "property": _property(columns.text(record, "property")),
        "modality": "firm",
        "group": group,
        "note": note,
    }
    guess = Text("运算符按指标名推断", "operator by the name") if is_guessed else None
    return DraftRow(fields, value.spot, 0.7 if is_guessed else 0.95, guess)


def _percent(text: str) -> str:
    return "%" if text.endswith("%") else ""


def _target(text: str, name: str) -> tuple[str, str, bool]:
    """Operator and figure of a target, and whether the operator is a guess."""
    figure = text.replace(",", "").replace("%", "").strip()
    if found := _RANGE.match(figure):
        return "range", f"{found[1]}—{found[2]}", False
    if figure[:1] in _SIGNS:
        return _SIGNS[figure[:1]], figure[1:].strip(), False
    rules: Sequence[Mapping[str, Any]] = vocabulary()["indicators"]["operators"]
    operator = next((r["operator"] for r in rules if re.search(r["words"], name)), "=")
    return operator, figure, True


def _property(text: str) -> str:
    words = vocabulary()["indicators"]
    return next((key for key in ("binding", "expected") if is_one_of(words[key], text)), "unknown")
