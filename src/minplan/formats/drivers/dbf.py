"""Attribute tables of shapefiles (dBASE III), written with declared lengths and decimals.

GDAL cannot be told the decimals of a field through Arrow, and cuts names and text; here both are
done in the open.
"""

from __future__ import annotations

import datetime as dt
import struct
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO, Final

from minplan.core.errors import InputError, Place
from minplan.core.text import Text
from minplan.formats.drivers.arrow import told, too_long, unfitting
from minplan.formats.drivers.model import Column, ColumnType, FeatureTable

NAME_BYTES: Final = 10
_TEXT_BYTES: Final = 254
_FIELDS: Final = 255
_RECORD_BYTES: Final = 65_535
_FILE_BYTES: Final = (1 << 31) - 1
_INTEGER_DIGITS: Final = 18
#: Widths of a number whose length is not declared: the longest ``repr`` of a float is 24.
_REAL: Final = (24, 15)
_GBK: Final = 0x4D


@dataclass(frozen=True, slots=True)
class Field:
    """A field of the file: its column, name in bytes, dBASE type, width and decimals."""

    column: Column
    name: bytes
    kind: bytes
    width: int
    decimals: int


def field_names(columns: Iterable[Column], encoding: str) -> dict[str, str]:
    """Names of at most ten bytes, cut between characters; equal ones are numbered."""
    names: dict[str, str] = {}
    taken: set[str] = set()
    for column in columns:
        name, number = _cut(column.name, encoding, NAME_BYTES), 0
        while name.upper() in taken or not name:
            number += 1
            mark = f"_{number}"
            name = _cut(column.name, encoding, NAME_BYTES - len(mark)) + mark
        taken.add(name.upper())
        names[column.name] = name
    return names


def _cut(text: str, encoding: str, limit: int) -> str:
    while len(text.encode(encoding, errors="replace")) > limit:
        text = text[:-1]
    return text


def fields_of(
    columns: Iterable[Column], names: Mapping[str, str], encoding: str, place: Place
) -> tuple[Field, ...]:
    """The fields of the file; InputError E220 when a dBASE file cannot hold that many."""
    fields = tuple(
        Field(
            column, names[column.name].encode(encoding, errors="replace"), *_shape(column, encoding)
        )
        for column in columns
    )
    if len(fields) > _FIELDS or 1 + sum(item.width for item in fields) > _RECORD_BYTES:
        raise InputError(
            "E220",
            Text(
                f"Shapefile 最多 {_FIELDS} 个字段、每条 {_RECORD_BYTES} 字节",
                f"a shapefile holds at most {_FIELDS} fields and {_RECORD_BYTES} bytes a record",
            ),
            place=place,
            hint=Text("请缩短字段或改用 GeoPackage", "shorten the fields, or write a GeoPackage"),
        )
    return fields


def _shape(column: Column, encoding: str) -> tuple[bytes, int, int]:
    if column.type is ColumnType.TEXT:
        wide = 3 if encoding.upper().startswith("UTF") else 2
        return b"C", min(_TEXT_BYTES, wide * column.length if column.length else _TEXT_BYTES), 0
    if column.type is ColumnType.INTEGER:
        return b"N", min(_INTEGER_DIGITS, column.length or _INTEGER_DIGITS), 0
    if column.type is ColumnType.REAL:
        if column.length and column.decimals and column.decimals + 1 < column.length <= 24:
            return b"N", column.length, column.decimals
        return b"N", *_REAL
    return (b"D", 8, 0) if column.type is ColumnType.DATE else (b"L", 1, 0)


@dataclass(slots=True)
class DbfWriter:
    """Writes records; ``changed`` counts per column the values that lost decimals or time."""

    path: Path
    fields: tuple[Field, ...]
    encoding: str
    place: Place
    count: int = 0
    changed: Counter[str] = field(default_factory=Counter)
    _file: BinaryIO | None = None

    def __enter__(self) -> DbfWriter:
        self._file = self.path.open("wb")
        self._file.write(self._header())
        return self

    def __exit__(self, kind: object, error: object, trace: object) -> None:
        assert self._file is not None
        self._file.write(b"\x1a")
        self._file.seek(0)
        self._file.write(self._header())
        self._file.close()

    def _header(self) -> bytes:
        today = dt.date(2000, 1, 1)  # the date of writing would make equal files differ
        length = 1 + sum(item.width for item in self.fields)
        driver = 0 if self.encoding.upper().startswith("UTF") else _GBK
        head = struct.pack(
            "<BBBBIHH17xBxx",
            3,
            today.year - 1900,
            today.month,
            today.day,
            self.count,
            32 * len(self.fields) + 33,
            length,
            driver,
        )
        rows = [
            struct.pack("<11sc4xBB14x", item.name, item.kind, item.width, item.decimals)
            for item in self.fields
        ]
        return b"".join([head, *rows, b"\r"])

    def write(self, table: FeatureTable) -> None:
        """Append the records of a batch; InputError E228, E229 for values that do not fit."""
        assert self._file is not None
        columns = [
            [
                self._value(item, value, table.first_row + row)
                for row, value in enumerate(table.values[item.column.name])
            ]
            for item in self.fields
        ]
        if columns:
            content = b"".join(b" " + b"".join(record) for record in zip(*columns, strict=True))
        else:
            content = b" " * len(table)
        self.count += len(table)
        if self._file.tell() + len(content) > _FILE_BYTES:
            raise InputError(
                "E220",
                Text("属性表超过 2 GB，Shapefile 放不下", "the attribute table exceeds 2 GB"),
                place=self.place,
                hint=Text("请改用 GeoPackage 或 GDB", "write a GeoPackage or a geodatabase"),
            )
        self._file.write(content)

    def _value(self, item: Field, value: Any, row: int) -> bytes:
        value = told(value, item.column)
        if value is None:
            return b"?" if item.kind == b"L" else b" " * item.width
        place = Place(self.place.file, self.place.layer, row, item.column.name)
        try:
            return self._encoded(item, value, place)
        except (UnicodeEncodeError, TypeError, ValueError, OverflowError) as error:
            raise unfitting(value, item.column, place) from error

    def _encoded(self, item: Field, value: Any, place: Place) -> bytes:
        if item.kind == b"C":
            if not isinstance(value, str):
                raise TypeError
            raw = value.encode(self.encoding)
            if len(raw) > item.width:
                raise too_long(value, place, item.width)
            return raw.ljust(item.width)
        if item.kind == b"D":
            if isinstance(value, dt.datetime):
                self.changed[item.column.name] += value.time() != dt.time()
            return f"{value:%Y%m%d}".encode().rjust(8, b"0")
        if item.kind == b"L":
            if not isinstance(value, bool):
                raise TypeError
            return b"T" if value else b"F"
        return self._number(item, value)

    def _number(self, item: Field, value: Any) -> bytes:
        if item.column.type is ColumnType.INTEGER:
            if int(value) != value:
                raise ValueError
            text = str(int(value))
        elif (item.width, item.decimals) == _REAL:
            text = repr(float(value))
        else:
            text = f"{value:.{item.decimals}f}"
            self.changed[item.column.name] += float(text) != value
        if len(text) > item.width:
            raise ValueError
        return text.encode().rjust(item.width)


def declared_widths(dbf: Path) -> dict[bytes, tuple[int, int]]:
    """Width and decimals of the fields of a file, by name in bytes; empty when it is damaged."""
    found: dict[bytes, tuple[int, int]] = {}
    with dbf.open("rb") as file:
        head = file.read(32)
        size = struct.unpack("<H", head[8:10])[0] if len(head) == 32 else 0
        for _ in range(max(0, size - 33) // 32):
            item = file.read(32)
            if len(item) < 32 or item[0] == 0x0D:
                break
            found[item[:11].split(b"\0")[0]] = (item[16], item[17])
    return found
