"""Excel workbooks: a sheet per layer, with WKT or one row per corner.

Types and systems stand in a hidden sheet, so that what is written is read back as it was.
"""

from __future__ import annotations

import datetime as dt
import re
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Final

import openpyxl
import xlsxwriter

from minplan.core.errors import InputError, Place
from minplan.core.geometry.corners import Remark
from minplan.core.text import Text
from minplan.formats.drivers import remarks as say
from minplan.formats.drivers.arrow import unique_name
from minplan.formats.drivers.blocks import block_tables
from minplan.formats.drivers.cells import csvt_of, parsed, written
from minplan.formats.drivers.model import (
    ColumnType,
    Driver,
    FeatureTable,
    LayerDescription,
    LayerStream,
    OpenOptions,
    WriteOptions,
    WriteReport,
)
from minplan.formats.drivers.ogr_write import definition, is_degrees
from minplan.formats.drivers.sheet import Layout, header_of, layout_of, rows_of, tables
from minplan.formats.drivers.tables import TableSource, by_sample, in_memory
from minplan.formats.features import translated

#: The hidden sheet with the types of the columns and the systems of the layers.
_HIDDEN: Final = "_minplan"
_SAMPLE_ROWS: Final = 2_000
_MAX_BYTES: Final = 2 << 30
_CELL: Final = 32_767
_ROWS: Final = 1_048_576
_UNSAFE: Final = re.compile(r"[\[\]:*?/\\']")
#: Excel counts days from 1900 and takes that year for a leap year.
_FIRST_DAY: Final = dt.date(1900, 3, 1)


# -- reading --------------------------------------------------------------------------------------


def _detect(path: Path, head: bytes) -> bool:
    if not head.startswith(b"PK\x03\x04") or path.suffix.lower() == ".zip":
        return False
    try:
        with zipfile.ZipFile(path) as archive:
            return "xl/workbook.xml" in archive.namelist()
    except (zipfile.BadZipFile, OSError):
        return False


def _open(path: Path, options: OpenOptions) -> TableSource:
    _check_size(path, options.name)
    with translated(options.name):
        book = openpyxl.load_workbook(path, read_only=True, data_only=True)
    try:
        kept = _kept(book)
        titles = [
            sheet.title
            for sheet in book.worksheets
            if sheet.sheet_state == "visible" and sheet.title != _HIDDEN
        ]
        layouts = {title: _layout(book[title], kept.get(title)) for title in titles}
        layouts = {title: layout for title, layout in layouts.items() if layout.columns}
        if not kept and not any(layout.has_geometry for layout in layouts.values()):
            found = block_tables(path, options)
            if found is not None:
                return in_memory(options, *found)
        members = {}
        for title, layout in layouts.items():
            told = _told(book, title, layout, kept.get(title), options)
            members[told.name] = (told, title, layout)
    finally:
        book.close()

    def read(told: LayerDescription, size: int) -> Iterator[FeatureTable]:
        _, title, layout = members[told.name]
        again = openpyxl.load_workbook(path, read_only=True, data_only=True)
        try:
            rows = _rows(again[title])
            next(rows, None)
            yield from tables(told, layout, rows, size=size, parse=_parsed, file=options.name)
        finally:
            again.close()

    return TableSource(options, {name: item[0] for name, item in members.items()}, read)


@dataclass(slots=True)
class _Kept:
    """What the hidden sheet says of a sheet."""

    layer: str
    crs: str
    words: list[str] = field(default_factory=list)
    aliases: dict[str, str] = field(default_factory=dict)


def _kept(book: Any) -> dict[str, _Kept]:
    if _HIDDEN not in book.sheetnames:
        return {}
    found: dict[str, _Kept] = {}
    for row in book[_HIDDEN].iter_rows(values_only=True):
        title, layer, crs, column, word, alias = (str(cell or "") for cell in [*row, *[""] * 6][:6])
        item = found.setdefault(title, _Kept(layer, crs))
        item.words.append(word)
        item.aliases[column] = alias
    return found


def _rows(sheet: Any) -> Iterator[tuple[int, Sequence[Any]]]:
    for number, row in enumerate(sheet.iter_rows(values_only=True), 1):
        if any(cell not in (None, "") for cell in row):
            yield number, row


def _layout(sheet: Any, kept: _Kept | None) -> Layout:
    rows = _rows(sheet)
    _, header = next(rows, (0, ()))
    names = ["" if cell is None else str(cell) for cell in header]
    while names and not names[-1]:
        names.pop()
    layout = layout_of(names, kept.words if kept else ())
    if kept is None:
        return _inferred(layout, rows)
    columns = tuple(
        replace(column, alias=kept.aliases.get(column.name, "")) for column in layout.columns
    )
    return replace(layout, columns=columns)


def _inferred(layout: Layout, rows: Iterator[tuple[int, Sequence[Any]]]) -> Layout:
    """Types by the cells of the whole sheet: a column of mixed types is text."""
    found: list[set[type]] = [set() for _ in layout.columns]
    for _, row in rows:
        for kinds, position in zip(found, layout.positions, strict=True):
            if position < len(row) and row[position] not in (None, ""):
                kinds.add(type(row[position]))
    columns = tuple(
        replace(column, type=_type(kinds))
        for column, kinds in zip(layout.columns, found, strict=True)
    )
    return replace(layout, columns=columns)


def _type(kinds: set[type]) -> ColumnType:
    if kinds == {bool}:
        return ColumnType.BOOLEAN
    if kinds == {int}:
        return ColumnType.INTEGER
    if kinds and kinds <= {int, float}:
        return ColumnType.REAL
    if kinds and kinds <= {dt.datetime, dt.date}:
        return ColumnType.DATE
    return ColumnType.TEXT


def _parsed(cell: Any, kind: ColumnType) -> Any:
    """The value of a cell by the type of its column."""
    if cell in (None, ""):
        return None
    if isinstance(cell, str):
        return parsed(cell, kind)
    if kind is ColumnType.TEXT:
        return written(cell)
    if isinstance(cell, dt.datetime):
        cell = (cell + dt.timedelta(microseconds=500)).replace(microsecond=0)
        return cell.date() if cell.time() == dt.time() else cell
    if kind is ColumnType.REAL:
        return float(cell)
    if kind is ColumnType.INTEGER and int(cell) != cell:
        raise ValueError
    return {ColumnType.INTEGER: int, ColumnType.BOOLEAN: bool}.get(kind, lambda value: value)(cell)


def _told(
    book: Any, title: str, layout: Layout, kept: _Kept | None, options: OpenOptions
) -> LayerDescription:
    name = kept.layer if kept else title
    none = LayerDescription(
        name, layout.columns, None, None, None, None, Text("没有图形", "no geometry")
    )
    if not layout.has_geometry:
        return none
    rows = _rows(book[title])
    next(rows, None)
    plain = replace(layout, columns=(), positions=())
    sample = tables(none, plain, rows, size=_SAMPLE_ROWS, parse=_parsed, file=options.name)
    some = next(sample, None)
    shapes = [] if some is None or some.geometry is None else [*some.geometry]
    return by_sample(none, shapes, options, kept.crs or None if kept else None)


def _check_size(path: Path, name: str) -> None:
    with translated(name), zipfile.ZipFile(path) as archive:
        size = sum(item.file_size for item in archive.infolist())
    if size > _MAX_BYTES:
        raise InputError(
            "E210",
            Text(f"{name} 解开后太大", f"{name} unpacks to too many bytes"),
            place=Place(file=name),
            hint=Text("请改用 GeoPackage 或 CSV", "use a GeoPackage or CSV"),
        )


# -- writing --------------------------------------------------------------------------------------


def _write(path: Path, layers: Iterator[LayerStream], options: WriteOptions) -> WriteReport:
    report = WriteReport()
    book = xlsxwriter.Workbook(str(path), {"constant_memory": True, "tmpdir": str(path.parent)})
    try:
        bold = book.add_format({"bold": True})
        formats = {
            dt.date: book.add_format({"num_format": "yyyy-mm-dd"}),
            dt.datetime: book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"}),
        }
        kept: list[tuple[str, ...]] = []
        taken = [_HIDDEN]
        for stream in layers:
            title = unique_name(_UNSAFE.sub("_", stream.name)[:28] or "layer", taken)
            taken.append(title)
            place = Place(file=path.name, layer=stream.name)
            if title != stream.name:
                report.remarks.append(say.renamed(stream.name, title, place))
            writer = _SheetWriter(book.add_worksheet(title), formats, place)
            kept += writer.write(stream, options, report, bold, title)
        hidden = book.add_worksheet(_HIDDEN)
        hidden.very_hidden()
        for row, cells in enumerate(kept):
            for column, cell in enumerate(cells):
                hidden.write_string(row, column, cell)
    finally:
        book.close()
    return report


@dataclass(slots=True)
class _SheetWriter:
    """Writes the rows of one sheet; ``rounded`` counts figures beyond the digits of Excel."""

    sheet: Any
    formats: Mapping[type[dt.date], Any]
    place: Place
    row: int = 0
    rounded: int = 0

    def write(
        self, stream: LayerStream, options: WriteOptions, report: WriteReport, bold: Any, title: str
    ) -> list[tuple[str, ...]]:
        """Write a layer and return its rows for the hidden sheet."""
        head = stream.head
        corners, degrees = options.more.get("geometry") == "corners", is_degrees(head)
        header = header_of(head, corners=corners, degrees=degrees)
        for column, name in enumerate(header):
            self.sheet.write_string(0, column, name, bold)
        self.sheet.freeze_panes(1, 0)
        report.counts[head.name] = 0
        for table in stream.batches:
            report.counts[head.name] += len(table)
            for cells in rows_of(table, corners=corners, degrees=degrees):
                self._write_row(cells, header)
        report.names[head.name] = {column.name: column.name for column in head.columns}
        if self.rounded:
            report.remarks.append(_digits(self.rounded, self.place))
        crs = definition(head) or ""
        columns = {column.name: column for column in head.columns}
        return [
            (title, head.name, crs, name, csvt_of(columns[name]), columns[name].alias)
            if name in columns
            else (title, head.name, crs, name, "", "")
            for name in header
        ]

    def _write_row(self, cells: Sequence[Any], header: Sequence[str]) -> None:
        self.row += 1
        if self.row >= _ROWS:
            raise _full(self.place)
        for column, cell in enumerate(cells):
            if cell is None or cell == "":
                continue
            if isinstance(cell, str):
                self._text(column, cell, header[column])
            elif isinstance(cell, bool):
                self.sheet.write_boolean(self.row, column, cell)
            elif isinstance(cell, dt.date):
                self._date(column, cell)
            else:
                self.rounded += float(f"{cell:.16G}") != cell
                self.sheet.write_number(self.row, column, cell)

    def _text(self, column: int, cell: str, name: str) -> None:
        if len(cell) > _CELL:
            place = Place(self.place.file, self.place.layer, self.row, name)
            raise InputError(
                "E229",
                Text(f"单元格最多 {_CELL} 个字符", f"a cell holds at most {_CELL} characters"),
                place=place,
                hint=Text("请用逐点坐标写出，或改用 GeoPackage", "write corners, or a GeoPackage"),
            )
        self.sheet.write_string(self.row, column, cell)

    def _date(self, column: int, cell: dt.date) -> None:
        day = cell.date() if isinstance(cell, dt.datetime) else cell
        if day < _FIRST_DAY:
            self.sheet.write_string(self.row, column, written(cell))
        else:
            self.sheet.write_datetime(self.row, column, cell, self.formats[type(cell)])


def _digits(count: int, place: Place) -> Remark:
    return say.lost(
        Text(
            f"{count} 个数超过 Excel 的 16 位有效数字，末位有舍入。",
            f"{count} figure(s) exceed the 16 digits of Excel and were rounded.",
        ),
        place,
    )


def _full(place: Place) -> InputError:
    return InputError(
        "E220",
        Text(f"工作表最多 {_ROWS} 行", f"a sheet holds at most {_ROWS} rows"),
        place=place,
        hint=Text("请改用 CSV 或 GeoPackage", "write CSV or a GeoPackage"),
    )


DRIVER: Final = Driver(
    "xlsx", Text("Excel 表", "Excel workbook"), (".xlsx",), _detect, _open, _write
)
