"""Faults of an input as rows for people, as JSON, and as a workbook to work through."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import xlsxwriter

from minplan.core.errors import InputError, MinplanError, Place
from minplan.core.text import Language, Text

_EPOCH: Final = dt.datetime(2000, 1, 1)
COLUMNS: Final = (
    Text("编号", "code"),
    Text("文件", "file"),
    Text("图层", "layer"),
    Text("行", "row"),
    Text("字段", "field"),
    Text("问题", "fault"),
    Text("办法", "how to mend it"),
)
_WIDTHS: Final = (8, 30, 20, 8, 12, 50, 50)


def rows(faults: Sequence[MinplanError], language: Language = "zh") -> list[tuple[str, ...]]:
    """One row a fault, in the order of :data:`COLUMNS`."""
    return [
        (
            fault.code,
            fault.place.file or "",
            fault.place.layer or "",
            str(fault.place.row or ""),
            fault.place.field or "",
            fault.message.get(language),
            fault.hint.get(language) if fault.hint else "",
        )
        for fault in faults
    ]


def write(path: Path, faults: Sequence[MinplanError], language: Language = "zh") -> None:
    """Write the faults to a ``.json`` or ``.xlsx`` file.

    Raises InputError E914 for another suffix.
    """
    if path.suffix.lower() == ".json":
        told = {"count": len(faults), "faults": [fault.to_dict() for fault in faults]}
        path.write_text(json.dumps(told, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    elif path.suffix.lower() == ".xlsx":
        _workbook(path, rows(faults, language), language)
    else:
        raise InputError(
            "E914",
            Text(f"错误清单不能写成 {path.suffix}", f"faults cannot be written as {path.suffix}"),
            place=Place(file=path.name),
            hint=Text("文件名用 .json 或 .xlsx", "name it .json or .xlsx"),
        )


def _workbook(path: Path, told: Sequence[Sequence[str]], language: Language) -> None:
    with xlsxwriter.Workbook(path, {"strings_to_formulas": False}) as book:
        book.set_properties({"created": _EPOCH})
        page = book.add_worksheet(Text("错误清单", "faults").get(language))
        bold, wrap = book.add_format({"bold": True}), book.add_format({"text_wrap": True})
        for column, (title, width) in enumerate(zip(COLUMNS, _WIDTHS, strict=True)):
            page.set_column(column, column, width, wrap)
            page.write_string(0, column, title.get(language), bold)
        for index, row in enumerate(told, start=1):
            for column, cell in enumerate(row):
                page.write_string(index, column, cell)
        page.freeze_panes(1, 0)
        page.autofilter(0, 0, max(len(told), 1), len(COLUMNS) - 1)
