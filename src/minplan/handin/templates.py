"""Workbooks to fill in (填报模板), made from an edition: a sheet per layer or table.

Columns carry the names of the fields, cells offer the values of the code lists and say what
belongs there; the workbook is taken in by ``minplan import`` as it is.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import xlsxwriter
from xlsxwriter.utility import xl_col_to_name

from minplan.core.standard.model import CodeList, Edition, FieldSpec, FieldType, LayerSpec, Spec
from minplan.handin.annex import EPOCH

#: Rows of a sheet that offer values and check what is typed.
ROWS: Final = 5_000
#: The column in which a layer's geometry may be written.
WKT: Final = "WKT"
_LISTS: Final = "值域"
_HINT_LENGTH: Final = 255
_TITLE_LENGTH: Final = 32
_TYPES: Final = {
    FieldType.CHAR: "文字",
    FieldType.TEXT: "长文字",
    FieldType.INT: "整数",
    FieldType.FLOAT: "数字",
    FieldType.DATE: "日期，如 2025-12-31",
    FieldType.BOOL: "是 或 否",
}


def write_template(path: Path, edition: Edition, specs: Sequence[Spec]) -> None:
    """Write the workbook for some layers and tables of an edition."""
    used = {item.domain for spec in specs for item in spec.fields if item.domain}
    lists = {name: edition.code_lists[name] for name in sorted(used)}
    with xlsxwriter.Workbook(path, {"strings_to_formulas": False}) as book:
        book.set_properties({"title": f"{edition.name.zh} 填报模板", "created": EPOCH})
        pages = [(spec, book.add_worksheet(spec.code)) for spec in specs]
        places = _write_lists(book, lists)
        formats = {
            True: book.add_format({"bold": True, "bottom": 1, "bg_color": "#FCE8E6"}),
            False: book.add_format({"bold": True, "bottom": 1, "bg_color": "#EEF0F3"}),
        }
        for spec, page in pages:
            _write_sheet(page, spec, lists, places, formats)


def headings(spec: Spec) -> dict[str, str]:
    """The heading of each field by its code: its name, with the code where names are equal."""
    names = Counter(item.name.zh for item in spec.fields)
    return {
        item.code: item.name.zh if names[item.name.zh] == 1 else f"{item.name.zh}{item.code}"
        for item in spec.fields
    }


def _write_lists(book: Any, lists: dict[str, CodeList]) -> dict[str, str]:
    """The hidden sheet of values, a column a code list; returns the range of each."""
    page = book.add_worksheet(_LISTS)
    page.hide()
    places = {}
    for column, (name, codes) in enumerate(lists.items()):
        page.write_string(0, column, codes.name.zh)
        for row, code in enumerate(codes.codes, start=1):
            page.write_string(row, column, code.name.zh)
        letter = xl_col_to_name(column)
        places[name] = f"={_LISTS}!${letter}$2:${letter}${len(codes.codes) + 1}"
    return places


def _write_sheet(
    page: Any, spec: Spec, lists: dict[str, CodeList], places: dict[str, str], formats: Any
) -> None:
    titles = headings(spec)
    for column, item in enumerate(spec.fields):
        page.write_string(0, column, titles[item.code], formats[item.required])
        page.write_comment(0, column, _explained(item, lists), {"x_scale": 2})
        page.set_column(column, column, max(12, 2.2 * len(titles[item.code])))
        page.data_validation(1, column, ROWS, column, _rule(item, lists, places))
    if isinstance(spec, LayerSpec):
        page.write_string(0, len(spec.fields), WKT, formats[False])
        note = "图形，2000国家大地坐标系经纬度，如 POLYGON ((113.1 36.2, …))；也可另交空间数据"
        page.write_comment(0, len(spec.fields), note, {"x_scale": 2})
    page.freeze_panes(1, 0)


def _rule(item: FieldSpec, lists: dict[str, CodeList], places: dict[str, str]) -> dict[str, Any]:
    """What a cell offers and says; only values of code lists and numbers are checked while typing.

    Everything is checked by the standard when it is taken in.
    """
    rule: dict[str, Any] = {
        "validate": "any",
        "input_title": item.name.zh[:_TITLE_LENGTH],
        "input_message": _explained(item, lists)[:_HINT_LENGTH],
    }
    if item.domain and not item.multiple:
        rule |= {"validate": "list", "source": places[item.domain], "error_type": "warning"}
    elif item.type in (FieldType.INT, FieldType.FLOAT):
        kind = "integer" if item.type is FieldType.INT else "decimal"
        least = -1e15 if item.minimum is None else item.minimum
        rule |= {"validate": kind, "criteria": ">=", "value": least}
    return rule


def _explained(item: FieldSpec, lists: dict[str, CodeList]) -> str:
    parts = [f"{item.code} {item.name.zh}", _TYPES[item.type]]
    if item.length and item.type is FieldType.CHAR:
        parts.append(f"至多 {item.length} 字节")
    if item.decimals:
        parts.append(f"{item.decimals} 位小数")
    if item.unit:
        parts.append(f"单位 {item.unit}")
    if item.domain:
        parts.append(f"值域 {lists[item.domain].name.zh}")
    if item.multiple:
        parts.append("可填几个，用顿号隔开")
    if item.required:
        parts.append("必填")
    elif item.required_when is not None:
        values = "、".join(item.required_when.values)
        when = f"为 {values}" if values else "已填"
        parts.append(f"{item.required_when.field} {when}时必填")
    if item.note:
        parts.append(item.note)
    return "；".join(parts)
