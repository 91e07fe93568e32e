"""Attribute values of a VCT file: text to values and back, exactly."""

from __future__ import annotations

import datetime as dt
import math
import re
from collections.abc import Callable
from typing import Any, Final

from minplan.formats.drivers.model import Column, ColumnType

_DATE: Final = re.compile(
    r"(?P<year>\d{4})(?:(?P<month>\d\d)(?P<day>\d\d)|[-/.](?P<m>\d\d?)[-/.](?P<d>\d\d?))"
    r"(?:[T ]?(?P<time>\d\d?:\d\d:\d\d)(?:\.(?P<part>\d{1,6})\d*)?)?",
    re.ASCII,
)
_INTEGER: Final = re.compile(r"[+-]?\d{1,18}(?:\.0*)?", re.ASCII)
_REAL: Final = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?", re.ASCII)


def reader_of(column: Column) -> Callable[[str], Any]:
    """The function from text to the values of a column; it raises ValueError."""
    return _READERS[column.type]


def writer_of(column: Column) -> Callable[[Any], str]:
    """The function from the values of a column to text; it raises ValueError or TypeError."""
    return _WRITERS[column.type]


def _read_text(text: str) -> str | None:
    return text or None


def _read_integer(text: str) -> int | None:
    word = text.strip()
    if not word:
        return None
    if not _INTEGER.fullmatch(word):
        raise ValueError(word)
    return int(word.partition(".")[0])


def _read_real(text: str) -> float | None:
    word = text.strip()
    if not word:
        return None
    if not _REAL.fullmatch(word):
        raise ValueError(word)
    value = float(word)
    if not math.isfinite(value):
        raise ValueError(word)
    return value


def _read_date(text: str) -> dt.date | None:
    word = text.strip()
    if not word:
        return None
    match = _DATE.fullmatch(word)
    if match is None:
        raise ValueError(word)
    month, day = match["month"] or match["m"], match["day"] or match["d"]
    date = dt.date(int(match["year"]), int(month), int(day))
    if match["time"] is None:
        return date
    hour, minute, second = (int(part) for part in match["time"].split(":"))
    fraction = int((match["part"] or "0").ljust(6, "0"))
    return dt.datetime.combine(date, dt.time(hour, minute, second, fraction))


def _write_text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError(value)
    return value


def _write_integer(value: Any) -> str:
    number = int(value)
    if number != value or abs(number) >= 10**18:
        raise ValueError(value)
    return str(number)


def _write_real(value: Any) -> str:
    number = float(value)
    if math.isnan(number):
        return ""
    if math.isinf(number):
        raise ValueError(value)
    return repr(number)


def _write_date(value: Any) -> str:
    if isinstance(value, dt.datetime):
        if value.tzinfo is not None:
            raise ValueError(value)
        fraction = f".{value.microsecond:06d}" if value.microsecond else ""
        return f"{value.year:04d}{value:%m%d%H:%M:%S}{fraction}"
    return f"{value.year:04d}{value:%m%d}"


_READERS: Final[dict[ColumnType, Callable[[str], Any]]] = {
    ColumnType.TEXT: _read_text,
    ColumnType.INTEGER: _read_integer,
    ColumnType.REAL: _read_real,
    ColumnType.DATE: _read_date,
}
_WRITERS: Final[dict[ColumnType, Callable[[Any], str]]] = {
    ColumnType.TEXT: _write_text,
    ColumnType.INTEGER: _write_integer,
    ColumnType.BOOLEAN: lambda value: str(int(bool(value))),
    ColumnType.REAL: _write_real,
    ColumnType.DATE: _write_date,
}
