"""Rows of the attribute tables (属性数据) of a VCT file, as typed values."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Final

from minplan.core.errors import InputError, Place
from minplan.core.text import Text
from minplan.formats.drivers.model import Column, ColumnType, ObjectArray, object_array
from minplan.formats.vct.cursor import Cursor, fault, shown
from minplan.formats.vct.scan import Places
from minplan.formats.vct.values import reader_of

#: The column that holds the object number in rows without one before them (标识码).
_NUMBER: Final = "BSM"
_KINDS: Final = {
    ColumnType.TEXT: Text("文字", "text"),
    ColumnType.INTEGER: Text("整数", "whole number"),
    ColumnType.REAL: Text("数", "number"),
    ColumnType.DATE: Text("日期（年月日 8 位数字）", "date (eight digits of year, month, day)"),
}


class Rows:
    """Reads rows of one file; text is decoded here."""

    def __init__(self, cursor: Cursor, separator: bytes, encoding: str) -> None:
        self._cursor = cursor
        self._separator = separator.decode("latin-1")
        self._encoding = encoding

    def read(
        self, layer: str, columns: Sequence[Column], places: Places, rows: Sequence[int]
    ) -> dict[str, ObjectArray]:
        """The values of each column for ``rows`` of ``places``; −1 stands for no row.

        Raises InputError E233 for a row or a value that does not fit its table, E236 for text in
        another encoding.
        """
        texts = [None if row < 0 else self._row(layer, columns, *places.place(row)) for row in rows]
        values: dict[str, ObjectArray] = {}
        for index, column in enumerate(columns):
            read = reader_of(column)
            try:
                values[column.name] = object_array(
                    None if text is None else read(text[index]) for text in texts
                )
            except ValueError as error:
                lines = [0 if row < 0 else places.place(row)[1] + 1 for row in rows]
                found = [None if text is None else text[index] for text in texts]
                raise self._bad_value(layer, column, lines, found) from error
        return values

    def decode(self, raw: bytes, line: int) -> str:
        """The text of a line; InputError E236 when it is in another encoding."""
        try:
            return raw.decode(self._encoding)
        except (UnicodeDecodeError, LookupError) as error:
            raise fault(
                "E236",
                self._cursor.name,
                line or None,
                f"“{shown(raw)}”不是 {self._encoding} 编码的文字",
                f"{shown(raw)!r} is no text in {self._encoding}",
                hint=Text(
                    "请指定编码，或重新导出为 GBK 或 UTF-8",
                    "state the encoding, or export it again in GBK or UTF-8",
                ),
            ) from error

    def _row(self, layer: str, columns: Sequence[Column], offset: int, before: int) -> list[str]:
        """The texts of a row.

        Rows start with the object number; some writers leave it out where the first field is
        the 标识码, and some end a row with a separator.
        """
        self._cursor.seek(offset, before)
        raw = (self._cursor.raw() or b"").rstrip(b"\r\n")
        line = self._cursor.line
        texts = self.decode(raw, line).split(self._separator)
        if len(texts) == len(columns) + 2 and not texts[-1]:
            del texts[-1]
        if len(texts) == len(columns) + 1:
            return texts[1:]
        if len(texts) == len(columns) and columns and columns[0].name.upper() == _NUMBER:
            return texts
        raise fault(
            "E233",
            self._cursor.name,
            line,
            f"{layer} 这一行有 {len(texts)} 个值，应为标识码和 {len(columns)} 个字段",
            f"this row of {layer} has {len(texts)} values for an object number and "
            f"{len(columns)} fields",
            hint=Text(
                "属性值里可能含有分隔符：请换一个分隔符重新导出",
                "a value may hold the separator: export it again with another separator",
            ),
        )

    def _bad_value(
        self, layer: str, column: Column, lines: Sequence[int], texts: Sequence[str | None]
    ) -> InputError:
        read = reader_of(column)
        line, text = next(
            (line, text)
            for line, text in zip(lines, texts, strict=True)
            if text is not None and not _reads(read, text)
        )
        error = fault(
            "E233",
            self._cursor.name,
            line,
            f"“{text[:40]}”不是{_KINDS[column.type].zh}",
            f"{text[:40]!r} is no {_KINDS[column.type].en}",
        )
        error.place = Place(self._cursor.name, layer, line, column.name)
        return error


def _reads(read: Callable[[str], Any], text: str) -> bool:
    try:
        read(text)
    except ValueError:
        return False
    return True
