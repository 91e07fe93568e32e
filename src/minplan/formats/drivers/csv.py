"""CSV: WKT or one row per corner, with the usual sidecars .csvt (types) and .prj (system)."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final

from pyproj import CRS

from minplan.core.errors import InputError, Place
from minplan.core.text import Text
from minplan.formats.detect import Kind, detect
from minplan.formats.drivers.blocks import block_tables
from minplan.formats.drivers.cells import csvt_of, parsed, written
from minplan.formats.drivers.model import (
    Driver,
    FeatureTable,
    LayerDescription,
    LayerStream,
    OpenOptions,
    WriteOptions,
    WriteReport,
)
from minplan.formats.drivers.ogr_write import definition, is_degrees
from minplan.formats.drivers.several import files
from minplan.formats.drivers.sheet import Layout, header_of, layout_of, rows_of, tables
from minplan.formats.drivers.tables import TableSource, by_sample, in_memory

_SAMPLE: Final = 1 << 20
_SAMPLE_ROWS: Final = 5_000
#: The longest cell: the WKT of a boundary with a million corners.
_CELL: Final = 64 << 20


def _detect(path: Path, head: bytes) -> bool:
    if path.suffix.lower() not in (".csv", ".tsv", ".txt") or b"\0" in head[:1024].strip(
        b"\xff\xfe"
    ):
        return False
    try:
        return detect(path) in (Kind.CSV, Kind.TEXT)
    except InputError:
        return False


def _encoding(path: Path, options: OpenOptions) -> tuple[str, Text]:
    if options.encoding is not None:
        return options.encoding, Text("由用户指定", "stated by the user")
    with path.open("rb") as file:
        sample = file.read(_SAMPLE)
    if sample.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16", Text("由文件标记", "by its byte-order mark")
    sample = sample[: sample.rfind(b"\n") + 1] or sample
    try:
        sample.decode("utf-8")
    except UnicodeDecodeError:
        return "gb18030", Text("由字节判断", "told by the bytes")
    return "utf-8-sig", Text("由字节判断", "told by the bytes")


def _rows(path: Path, encoding: str, separator: str) -> Iterator[tuple[int, list[str]]]:
    csv.field_size_limit(_CELL)
    try:
        with path.open(encoding=encoding, newline="") as file:
            reader = csv.reader(file, delimiter=separator)
            for row in reader:
                if any(row):
                    yield reader.line_num, row
    except (csv.Error, UnicodeDecodeError) as error:
        raise InputError(
            "E206",
            Text(f"{path.name} 不是有效的 CSV 表", f"{path.name} is not a valid CSV table"),
            place=Place(file=path.name),
            hint=Text(f"读取程序的说明：{error}", f"the reader says: {error}"),
        ) from error


def _open(path: Path, options: OpenOptions) -> TableSource:
    encoding, evidence = _encoding(path, options)
    separator = _separator(path, encoding)
    _, header = next(_rows(path, encoding, separator), (0, []))
    layout = layout_of(header, _words(path))
    if not layout.has_geometry:
        found = block_tables(path, options)
        if found is not None:
            return in_memory(options, *found)

    def rows_below() -> Iterator[tuple[int, list[str]]]:
        rows = _rows(path, encoding, separator)
        next(rows, None)
        return rows

    told = replace(
        _told(path, options, layout, rows_below()),
        encoding="GBK" if encoding == "gb18030" else encoding.upper().removesuffix("-SIG"),
        encoding_evidence=evidence,
    )

    def read(told: LayerDescription, size: int) -> Iterator[FeatureTable]:
        rows = rows_below()
        return tables(told, layout, rows, size=size, parse=parsed, file=options.name)

    return TableSource(options, {told.name: told}, read)


def _separator(path: Path, encoding: str) -> str:
    with path.open(encoding=encoding, errors="replace", newline="") as file:
        line = file.readline()
    return max(",;\t", key=line.count)


def _words(path: Path) -> Sequence[str]:
    sidecar = path.with_suffix(".csvt")
    if not sidecar.exists():
        return ()
    return next(csv.reader(io.StringIO(sidecar.read_text("utf-8", errors="replace"))), [])


def _told(
    path: Path, options: OpenOptions, layout: Layout, rows: Iterator[tuple[int, list[str]]]
) -> LayerDescription:
    """Describe by the first rows; the declared system stands in the .prj."""
    name = Path(options.name).stem
    none = LayerDescription(
        name, layout.columns, None, None, None, None, Text("没有图形", "no geometry")
    )
    if not layout.has_geometry:
        return none
    plain = replace(layout, columns=(), positions=())
    some = next(tables(none, plain, rows, size=_SAMPLE_ROWS, parse=parsed, file=options.name), None)
    shapes = [] if some is None or some.geometry is None else [*some.geometry]
    prj = path.with_suffix(".prj")
    declared = prj.read_text("utf-8", errors="replace") if prj.exists() else None
    return by_sample(none, shapes, options, declared)


def _write(path: Path, layers: Iterator[LayerStream], options: WriteOptions) -> WriteReport:
    report = WriteReport()
    for file, stream in files(layers, path, ".csv"):
        _write_layer(file, stream, options, report)
    return report


def _write_layer(
    path: Path, stream: LayerStream, options: WriteOptions, report: WriteReport
) -> None:
    head = stream.head
    corners, degrees = options.more.get("geometry") == "corners", is_degrees(head)
    utf8 = options.encoding.upper().startswith("UTF")
    header = header_of(head, corners=corners, degrees=degrees)
    count = 0
    with path.open("w", encoding="utf-8-sig" if utf8 else options.encoding, newline="") as file:
        writer = csv.writer(file)
        writer.writerow(header)
        for table in stream.batches:
            count += len(table)
            for row in rows_of(table, corners=corners, degrees=degrees):
                writer.writerow([written(cell) for cell in row])
    report.counts[head.name] = count
    report.names[head.name] = {column.name: column.name for column in head.columns}
    words = {column.name: csvt_of(column) for column in head.columns}
    kinds = [f'"{words.get(name, "String" if name == "WKT" else "Real")}"' for name in header]
    path.with_suffix(".csvt").write_text(",".join(kinds) + "\n", "utf-8")
    if head.geometry_type is not None and (declared := definition(head)) is not None:
        path.with_suffix(".prj").write_text(CRS.from_user_input(declared).to_wkt(), "utf-8")


DRIVER: Final = Driver("csv", Text("CSV 表", "CSV table"), (".csv",), _detect, _open, _write)
