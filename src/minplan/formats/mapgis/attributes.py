"""The attribute table of a MapGIS file: fields of 39 bytes, records of fixed length, GBK text."""

from __future__ import annotations

import datetime as dt
import math
import struct
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from minplan.formats.drivers.model import Column, ColumnType, ObjectArray, object_array
from minplan.formats.mapgis.layout import Bytes, Layout, refusal

#: Marks at the beginning of the table's head and before the number of fields.
_MARK: Final = b"\x60\x44"
_HEAD_SIZE: Final = 348
_NUMBERS: Final = struct.Struct("<hih")
_FIELD: Final = struct.Struct("<20sBihhb9x")
_TEXT: Final = 0
_SIZES: Final = {1: 1, 2: 2, 3: 4, 4: 4, 5: 8, 6: 4, 7: 10}
_FORMATS: Final = {1: "<B", 2: "<h", 3: "<i", 4: "<f", 5: "<d"}
_TYPES: Final = {
    1: ColumnType.INTEGER,
    2: ColumnType.INTEGER,
    3: ColumnType.INTEGER,
    4: ColumnType.REAL,
    5: ColumnType.REAL,
    6: ColumnType.DATE,
    7: ColumnType.TEXT,
}


@dataclass(frozen=True, slots=True)
class _Field:
    column: Column
    type: int
    start: int
    size: int


@dataclass(frozen=True, slots=True)
class Table:
    """The fields of a table and its records, the empty first one included."""

    name: str
    encoding: str
    fields: tuple[_Field, ...]
    records: Bytes

    @property
    def columns(self) -> tuple[Column, ...]:
        """The columns."""
        return tuple(field.column for field in self.fields)

    def values(self, rows: Sequence[int]) -> dict[str, ObjectArray]:
        """The values of objects, counted from 1; InputError E161 for text that is not GBK."""
        return {
            field.column.name: object_array(
                self._value(field, self.records[row, field.start : field.start + field.size])
                for row in rows
            )
            for field in self.fields
        }

    def _value(self, field: _Field, raw: Bytes) -> Any:
        data = raw.tobytes()
        if field.type == _TEXT:
            return decoded(self.name, data, self.encoding) or None
        return _READERS[field.type](data)


def read_table(layout: Layout, index: int, objects: int, encoding: str) -> Table:
    """The attributes of ``objects`` objects.

    Raises InputError E161 when marks, lengths or the number of records are not as expected.
    """
    raw = layout.section(index).tobytes()
    if len(raw) < _HEAD_SIZE or raw[:2] != _MARK or raw[320:322] != _MARK:
        raise refusal(layout.name, "属性表头不符合约定", "the head of the attributes is unknown")
    count, records, size = _NUMBERS.unpack_from(raw, 322)
    start = _HEAD_SIZE + _FIELD.size * count
    stated = struct.unpack_from("<i", raw, 12)[0]
    if count < 0 or size < 1 or stated != start or len(raw) < start + records * size:
        raise refusal(layout.name, "属性表的长度不一致", "lengths of the attributes disagree")
    if records != objects + 1:
        raise refusal(
            layout.name,
            f"图元 {objects} 个，属性 {records - 1} 条",
            f"{objects} objects have {records - 1} records of attributes",
        )
    fields = tuple(
        _field(layout.name, _FIELD.unpack_from(raw, _HEAD_SIZE + _FIELD.size * at), size, encoding)
        for at in range(count)
    )
    names = [field.column.name for field in fields]
    if "" in names or len(set(names)) != len(names):
        raise refusal(layout.name, "字段名为空或重复", "a field has no name or another one's")
    body = np.frombuffer(raw, dtype=np.uint8, count=records * size, offset=start)
    return Table(layout.name, encoding, fields, body.reshape(records, size))


def _field(name: str, told: tuple[Any, ...], size: int, encoding: str) -> _Field:
    raw, kind, start, length, digits, decimals = told
    word = decoded(name, raw, encoding).strip()
    if kind != _TEXT and kind not in _SIZES:
        raise refusal(name, f"字段 {word} 的类型 {kind} 不认识", f"field {word} has type {kind}")
    length = length if kind == _TEXT else _SIZES[kind]
    if start < 0 or length < 1 or start + length > size:
        raise refusal(name, f"字段 {word} 超出记录", f"field {word} leaves its record")
    column = Column(word, _TYPES.get(kind, ColumnType.TEXT), digits if digits > 0 else None)
    if column.type is ColumnType.REAL and decimals >= 0:
        column = Column(word, column.type, column.length, decimals)
    if column.type is ColumnType.DATE:
        column = Column(word, column.type)
    return _Field(column, kind, start, length)


def decoded(name: str, raw: bytes, encoding: str) -> str:
    """Text up to the first zero; half a character that was cut off at the end is left out."""
    text = raw.split(b"\0", 1)[0]
    try:
        return text.decode(encoding)
    except (UnicodeDecodeError, LookupError) as error:
        if isinstance(error, UnicodeDecodeError) and error.start == len(text) - 1:
            return text[:-1].decode(encoding)
        raise refusal(
            name, f"文字不是 {encoding} 编码", f"text is not encoded in {encoding}"
        ) from error


def _number(kind: int) -> Callable[[bytes], Any]:
    reader = struct.Struct(_FORMATS[kind])

    def read(data: bytes) -> Any:
        value = reader.unpack(data)[0]
        return value if not isinstance(value, float) or math.isfinite(value) else None

    return read


def _date(data: bytes) -> dt.date | None:
    year, month, day = struct.unpack("<hBB", data)
    try:
        return dt.date(year, month, day)
    except ValueError:  # zeros stand for no date
        return None


def _time(data: bytes) -> str | None:
    hour, minute, second = struct.unpack("<BBd", data)
    if hour > 23 or minute > 59 or not 0 <= second < 60:
        return None
    return f"{hour:02d}:{minute:02d}:{second:06.3f}".removesuffix(".000")


_READERS: Final[dict[int, Callable[[bytes], Any]]] = {
    **{kind: _number(kind) for kind in _FORMATS},
    6: _date,
    7: _time,
}
