"""Indicators from the tables that give a value for the last year of the plan."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any, Final

from minplan.core.document.model import PlanDocument, Table
from minplan.core.text import Text
from minplan.documents.draft.clauses import Clauses
from minplan.documents.draft.model import DraftRow, Unread
from minplan.documents.draft.vocabulary import is_one_of, vocabulary
from minplan.documents.records import Record, records
from minplan.documents.wording import folded, is_figure, split_unit

_RANGE: Final = re.compile(r"^(\d[\d.]*)[-—–~～至](\d[\d.]*)$")
_SIGN: Final = re.compile(r"^([≤≥<>])?\s*(.*)$")
_LAST_FIGURE: Final = re.compile(r"共?(\d[\d.,]*)(平方公里|公顷|亩|个|处|座|万吨|亿吨|%)。?$")


def read_indicators(
    document: PlanDocument, clauses: Clauses, identity: Mapping[str, str]
) -> tuple[list[DraftRow], list[Table], list[Unread]]:
    """The indicators, the tables they stand in, and the rows that were not understood."""
    rows: list[DraftRow] = []
    tables: list[Table] = []
    unread: list[Unread] = []
    last = identity.get("last_year", "")
    for _, table in document.tables():
        target = next(
            (head for head in table.headings if last and folded(head).startswith(last)), None
        )
        if target is None:
            continue
        tables.append(table)
        for record in records(table):
            row = _row(record, target, len(rows) + 1, identity, clauses.of_table(table))
            if isinstance(row, DraftRow):
                rows.append(row)
            elif row is not None:
                unread.append(row)
    return rows, tables, unread


def _row(
    record: Record, target: str, number: int, identity: Mapping[str, str], clause: str
) -> DraftRow | Unread | None:
    labels = [cell for head, cell in record.fields if not head.startswith(target)]
    value = next((cell for head, cell in record.fields if head.startswith(target)), None)
    if value is None or not value.text or record.total:
        return None
    first = record.fields[0][0]
    named = [cell.text for head, cell in record.fields if head == first or head.startswith(first)]
    unit = ""
    names = []
    for text in named:
        name, own = split_unit(text)
        unit = own or unit
        names.append(name)
    words = vocabulary()["columns"]["units"]
    unit = next((cell.text for head, cell in record.fields if is_one_of(words, head)), "") or unit
    text, extra = value.text, ""
    if not is_figure(text):
        found = _LAST_FIGURE.search(folded(text))
        if found is None:
            return Unread(Text(f"指标值“{text}”", f"value “{text}”"), value.spot)
        text, unit, extra = found[1], found[2], value.text
    group, *rest = names if len(names) > 1 else ("", *names)
    fields = {
        "id": f"I-{number:02d}",
        "name": "：".join(rest),
        "unit": unit or _percent(text),
        "base": "",
        **_target(text, "：".join(rest)),
        "property": _property(labels),
        "level": identity.get("level", ""),
        "clause": clause,
        "modality": "firm",
        "group": group,
        "county": "",
        "note": extra,
    }
    guessed = fields.pop("guessed")
    note = Text("运算符按指标名推断", "operator by the name") if guessed else None
    return DraftRow(fields, value.spot, 0.7 if guessed else 0.95, note)


def _percent(text: str) -> str:
    return "%" if text.endswith("%") else ""


def _target(text: str, name: str) -> dict[str, str]:
    sign, figure = _SIGN.match(text.rstrip("%").strip()).groups()  # type: ignore[union-attr]
    figure = figure.replace(",", "").rstrip("%")
    if found := _RANGE.match(figure.replace("%", "")):
        return {"operator": "range", "target": f"{found[1]}—{found[2]}", "guessed": ""}
    if sign:
        operator = {"≤": "<=", "<": "<=", "≥": ">=", ">": ">="}[sign]
        return {"operator": operator, "target": figure, "guessed": ""}
    rules: Sequence[Mapping[str, Any]] = vocabulary()["indicators"]["operators"]
    operator = next((r["operator"] for r in rules if re.search(r["words"], name)), "=")
    return {"operator": operator, "target": figure, "guessed": "yes"}


def _property(labels: Sequence[Any]) -> str:
    words = vocabulary()["indicators"]
    for cell in labels:
        for key in ("binding", "expected"):
            if is_one_of(words[key], cell.text):
                return key
    return "unknown"
