"""Text of table cells: types written and read back without loss."""

from __future__ import annotations

import datetime as dt
from typing import Any, Final

from minplan.formats.drivers.model import Column, ColumnType

#: Types as the sidecar .csvt of a CSV names them (GDAL, QGIS).
_CSVT: Final = {
    ColumnType.TEXT: "String",
    ColumnType.INTEGER: "Integer64",
    ColumnType.REAL: "Real",
    ColumnType.DATE: "Date",
    ColumnType.BOOLEAN: "Integer(Boolean)",
}


def csvt_of(column: Column) -> str:
    """The word of a column in the sidecar, with its length."""
    if column.type is ColumnType.DATE and column.length == 19:
        return "DateTime"
    word = _CSVT[column.type]
    if column.length and column.type is ColumnType.REAL and column.decimals is not None:
        return f"{word}({column.length}.{column.decimals})"
    if column.length and column.type is not ColumnType.DATE and "(" not in word:
        return f"{word}({column.length})"
    return word


def column_of(name: str, word: str) -> Column:
    """The column that a word of the sidecar stands for; unknown words are text."""
    plain, _, rest = word.strip().strip('"').rstrip(")").partition("(")
    kinds = {value.partition("(")[0].lower(): key for key, value in _CSVT.items()}
    kinds |= {"integer": ColumnType.INTEGER, "datetime": ColumnType.DATE}
    kind = kinds.get(plain.lower(), ColumnType.TEXT)
    if rest.lower() == "boolean":
        return Column(name, ColumnType.BOOLEAN)
    if kind is ColumnType.DATE:
        return Column(name, kind, 19 if plain.lower() == "datetime" else 10)
    length, _, decimals = rest.partition(".")
    return Column(
        name,
        kind,
        int(length) if length.isdecimal() else None,
        int(decimals) if decimals.isdecimal() else None,
    )


def written(value: Any) -> str:
    """A value as text that :func:`parsed` gives back."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "1" if value else "0"
    if isinstance(value, dt.datetime):
        return value.strftime("%Y-%m-%d %H:%M:%S")
    if isinstance(value, dt.date):
        return value.isoformat()
    return repr(float(value)) if isinstance(value, float) else str(value)


def parsed(text: str, kind: ColumnType) -> Any:
    """The value of a text; None for nothing. Raises ValueError for text of another type."""
    if text == "":
        return None
    if kind is ColumnType.INTEGER:
        return int(text)
    if kind is ColumnType.REAL:
        return float(text)
    if kind is ColumnType.BOOLEAN:
        return {"1": True, "0": False, "true": True, "false": False}[text.lower()]
    if kind is ColumnType.DATE:
        moment = dt.datetime.fromisoformat(text.replace("/", "-"))
        return moment.date() if moment.time() == dt.time() else moment
    return text
