"""The annexed tables (附表) as a workbook for people, made from the tables and layers of a plan.

Which tables, from which layers, and what is added up is data: ``annex.toml``.
"""

from __future__ import annotations

import datetime as dt
import json
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from pathlib import Path
from typing import Any, Final

import xlsxwriter
from xlsxwriter.utility import xl_rowcol_to_cell

from minplan.core.plan.model import Plan
from minplan.core.standard.feature import FeatureValue
from minplan.core.standard.model import Edition, FieldSpec, FieldType

Features = Mapping[str, Sequence[FeatureValue]]

#: Fields that tell rows apart inside the database and tell a reader nothing.
_INTERNAL: Final = {"BSM", "XH", "GZBH"}
_LIST, _ROWS = "FBML", "FBNR"
#: The time written into workbooks: equal contents are equal files.
EPOCH: Final = dt.datetime(2000, 1, 1)
_HEAD_ROWS: Final = 3


@dataclass(frozen=True, slots=True)
class Heading:
    """A column of a sheet: what it is called, in which unit, and whether it is added up."""

    title: str
    unit: str = ""
    number: bool = False
    total: bool = False


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table for people: title, columns, rows."""

    title: str
    columns: tuple[Heading, ...]
    rows: tuple[tuple[Any, ...], ...]


@lru_cache(maxsize=1)
def listed() -> tuple[Mapping[str, Any], ...]:
    """The entries of ``annex.toml``."""
    text = (resources.files(__package__) / "annex.toml").read_text("utf-8")
    return tuple(tomllib.loads(text)["table"])


def needed() -> frozenset[str]:
    """Codes of the layers and tables that the annex is made from."""
    codes = {entry["code"] for entry in listed()}
    return frozenset(codes | {layer for e in listed() for layer in e.get("layers", ())}) | {
        _LIST,
        _ROWS,
    }


def sheets(edition: Edition, features: Features) -> Iterator[Sheet]:
    """The sheets that have rows, in the order of the annex; further tables of the plan last."""
    for entry in listed():
        spec = edition.table(entry["code"])
        rows = [*_rows(edition, entry, features)]
        if spec is None or not rows:
            continue
        shown = [field for field in spec.fields if field.code not in _INTERNAL]
        shown = [field for field in shown if any(row.get(field.code) is not None for row in rows)]
        yield Sheet(
            spec.name.zh,
            tuple(_heading(field, entry.get("total", ())) for field in shown),
            tuple(tuple(_word(edition, field, row) for field in shown) for row in rows),
        )
    yield from _further(features)


def _rows(edition: Edition, entry: Mapping[str, Any], features: Features) -> Iterator[Any]:
    stored = features.get(entry["code"], ())
    if stored:
        yield from (feature.attributes for feature in stored)
        return
    for code in entry.get("layers", ()):
        layer = edition.layer(code)
        for feature in features.get(code, ()):
            row = dict(feature.attributes)
            row.update({own: row.get(theirs) for own, theirs in entry["fields"].items()})
            if "kind" in entry and layer is not None:
                row[entry["kind"]] = layer.name.zh
            yield row


def _heading(field: FieldSpec, totals: Iterable[str]) -> Heading:
    number = field.type in (FieldType.INT, FieldType.FLOAT)
    return Heading(field.name.zh, field.unit, number, field.code in totals)


def _word(edition: Edition, field: FieldSpec, row: Mapping[str, Any]) -> Any:
    """What a reader sees: names instead of codes, 是 and 否 instead of truth values."""
    value = row.get(field.code)
    if isinstance(value, bool):
        return "是" if value else "否"
    codes = edition.code_lists.get(field.domain)
    if codes is not None and isinstance(value, str) and (found := codes.find(value)):
        return found.name.zh
    return value


def _further(features: Features) -> Iterator[Sheet]:
    for table in features.get(_LIST, ()):
        columns = json.loads(table.attributes.get("LM", "[]"))
        rows = [
            json.loads(row.attributes.get("NR", "[]"))
            for row in features.get(_ROWS, ())
            if row.attributes["FBBSM"] == table.key
        ]
        title = str(table.attributes.get("BT", table.key))
        yield Sheet(title, tuple(map(Heading, columns)), tuple(map(tuple, rows)))


def write_annex(path: Path, made: Sequence[Sheet], plan: Plan, as_of: dt.date) -> None:
    """Write the workbook: a sheet of contents, then a sheet a table."""
    with xlsxwriter.Workbook(path, {"strings_to_formulas": False}) as book:
        book.set_properties({"title": f"{plan.name.zh} 附表", "created": EPOCH})
        _contents(book, made, plan)
        for number, sheet in enumerate(made, start=1):
            _write_sheet(book, number, sheet, plan, as_of)


def _contents(book: Any, made: Sequence[Sheet], plan: Plan) -> None:
    page = book.add_worksheet("目录")
    page.write_string(0, 0, f"{plan.name.zh} 附表", book.add_format({"bold": True, "size": 14}))
    page.set_column(0, 0, 60)
    for number, sheet in enumerate(made, start=1):
        page.write_url(number, 0, f"internal:'附表{number}'!A1", string=_title(number, sheet))


def _write_sheet(book: Any, number: int, sheet: Sheet, plan: Plan, as_of: dt.date) -> None:
    page = book.add_worksheet(f"附表{number}")
    head = book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"})
    cell = book.add_format({"text_wrap": True, "valign": "top"})
    page.write_string(0, 0, _title(number, sheet), book.add_format({"bold": True, "size": 14}))
    page.write_string(1, 0, f"单位：{_units(sheet)}　数据日期：{as_of.isoformat()}")
    for column, heading in enumerate(sheet.columns):
        title = f"{heading.title}（{heading.unit}）" if heading.unit else heading.title
        page.write_string(2, column, title, head)
        page.set_column(column, column, 12 if heading.number else 22)
    for index, row in enumerate(sheet.rows, start=_HEAD_ROWS):
        for column, value in enumerate(row):
            if isinstance(value, int | float):
                page.write_number(index, column, value, cell)
            elif value is not None:
                page.write_string(index, column, str(value), cell)
    last = _HEAD_ROWS + len(sheet.rows)
    if any(heading.total for heading in sheet.columns):
        _totals(book, page, sheet, last)
        last += 1
    page.write_string(last, 0, f"来源：{plan.name.zh}（{plan.act}）规划数据库")
    page.freeze_panes(_HEAD_ROWS, 0)


def _totals(book: Any, page: Any, sheet: Sheet, row: int) -> None:
    bold = book.add_format({"bold": True, "top": 1})
    page.write_string(row, 0, "合计", bold)
    for column, heading in enumerate(sheet.columns):
        if heading.total and column:
            first = xl_rowcol_to_cell(_HEAD_ROWS, column)
            final = xl_rowcol_to_cell(row - 1, column)
            figures = [cells[column] or 0 for cells in sheet.rows]
            page.write_formula(row, column, f"=SUM({first}:{final})", bold, round(sum(figures), 6))


def _title(number: int, sheet: Sheet) -> str:
    return f"附表{number} {sheet.title}"


def _units(sheet: Sheet) -> str:
    units = {heading.unit for heading in sheet.columns if heading.unit}
    if len(units) == 1:
        return units.pop()
    return "见列名" if units else "见表内"
