"""Excel workbooks: rows of text with cell addresses, read by the reader of tables."""

from __future__ import annotations

import re
import zipfile
from pathlib import Path
from typing import Any, Final

import openpyxl
from openpyxl.utils import get_column_letter

from minplan.core.errors import InputError, Place
from minplan.core.text import Text
from minplan.formats.features import translated
from minplan.formats.reading import InputBlock, InputOptions
from minplan.formats.tables import Sheet
from minplan.formats.tabular import sheet_blocks

#: A workbook that unpacks to more than this is not a list of corners (design).
_MAX_BYTES: Final = 200 << 20
_MAX_ROWS: Final = 20_000
_MAX_COLUMNS: Final = 200
_DECIMALS: Final = re.compile(r"0\.(0+)(?!.*%)")


def read_excel(path: Path, name: str, options: InputOptions) -> tuple[InputBlock, ...]:
    """Read every sheet of a workbook that holds corners, or the one named as layer.

    Sheets without any corners are passed over when another sheet has some.
    """
    sheets = read_sheets(path, name)
    if options.layer is not None and options.layer in [sheet.title for sheet in sheets]:
        sheets = [sheet for sheet in sheets if sheet.title == options.layer]
    blocks: list[InputBlock] = []
    first: InputError | None = None
    for sheet in sheets:
        try:
            blocks += sheet_blocks(sheet, name, options)
        except InputError as error:
            if error.code != "E110":
                raise
            first = first or error
    if not blocks:
        raise first or InputError(
            "E110",
            Text(f"{name} 中没有拐点坐标", f"{name} holds no corner coordinates"),
            place=Place(file=name),
            hint=Text("每行写点号和两个坐标", "write a number and two coordinates per row"),
        )
    return tuple(blocks)


def read_sheets(path: Path, name: str) -> list[Sheet]:
    """Return the visible sheets of a workbook that hold anything, merged cells filled.

    Figures are written with the 15 digits Excel keeps, or with the decimals their cells show.

    Raises InputError E206 for a damaged workbook, E210 for one far too big.
    """
    _check_size(path, name)
    with translated(name):
        book = openpyxl.load_workbook(path, data_only=True)
        return [
            found
            for sheet in book.worksheets
            if sheet.sheet_state == "visible" and (found := _sheet(sheet, name)).rows
        ]


def _check_size(path: Path, name: str) -> None:
    with translated(name), zipfile.ZipFile(path) as archive:
        size = sum(item.file_size for item in archive.infolist())
    if size > _MAX_BYTES:
        raise InputError(
            "E210",
            Text(f"{name} 太大，不像坐标表", f"{name} is too big for a table of corners"),
            place=Place(file=name),
            hint=Text("请只保留坐标所在的工作表", "keep only the sheets with coordinates"),
        )


def _sheet(sheet: Any, name: str) -> Sheet:
    if sheet.max_row > _MAX_ROWS or sheet.max_column > _MAX_COLUMNS:
        raise _too_long(sheet, name)
    rows = [[_text(cell) for cell in row] for row in sheet.iter_rows()]
    for area in sheet.merged_cells.ranges:
        _fill(rows, area.min_row, area.max_row, area.min_col, area.max_col)
    while rows and not any(rows[-1]):
        rows.pop()
    places = [
        [
            Place(
                file=name,
                layer=sheet.title,
                row=number,
                field=f"{get_column_letter(column)}{number}",
            )
            for column in range(1, len(row) + 1)
        ]
        for number, row in enumerate(rows, 1)
    ]
    return Sheet(str(sheet.title), rows, places)


def _too_long(sheet: Any, name: str) -> InputError:
    size = f"{sheet.max_row} × {sheet.max_column}"
    return InputError(
        "E213",
        Text(
            f"工作表有 {size} 行列，不像坐标表",
            f"the sheet has {size} rows and columns: no table of corners",
        ),
        place=Place(file=name, layer=sheet.title),
        hint=Text(
            "请只保留坐标所在的行列，并清除空行的格式",
            "keep the rows with coordinates, and clear the formats of empty rows",
        ),
    )


def _fill(rows: list[list[str]], top: int, bottom: int, left: int, right: int) -> None:
    """Repeat the value of merged cells down the rows; a title across columns stays single."""
    if left != right or top > len(rows):
        return
    for row in rows[top : min(bottom, len(rows))]:
        row[left - 1] = rows[top - 1][left - 1]


def _text(cell: Any) -> str:
    value = cell.value
    if value is None:
        return ""
    if isinstance(value, float):
        shown = _DECIMALS.search(str(cell.number_format or ""))
        written = f"{value:.15g}"
        if "e" in written:
            written = f"{value:.10f}".rstrip("0").rstrip(".")
        decimals = len(written.partition(".")[2])
        return f"{value:.{len(shown[1])}f}" if shown and len(shown[1]) >= decimals else written
    return str(value).strip()
