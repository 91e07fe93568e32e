"""Feature codes and table structures (要素类型参数, 属性数据结构) of a VCT file."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from minplan.core.text import Text
from minplan.formats.drivers.model import Column, ColumnType, GeometryType
from minplan.formats.vct.cursor import fault

#: Text longer than this many characters is written as VarChar.
LONGEST_CHAR: Final = 254


class Section(StrEnum):
    """Sections of geometry, by the word of the feature code."""

    POINT = "Point"
    LINE = "Line"
    POLYGON = "Polygon"
    ANNOTATION = "Annotation"

    @property
    def geometry_type(self) -> GeometryType:
        """What the geometries of the section are."""
        return _GEOMETRY[self]


_GEOMETRY: Final = {
    Section.POINT: GeometryType.POINT,
    Section.LINE: GeometryType.LINE,
    Section.POLYGON: GeometryType.POLYGON,
    Section.ANNOTATION: GeometryType.POINT,
}
_SECTIONS: Final = {section.value.lower(): section for section in Section}
_TYPES: Final = {
    "char": ColumnType.TEXT,
    "varchar": ColumnType.TEXT,
    "varbin": ColumnType.TEXT,  # the path of a file beside the VCT
    "time": ColumnType.TEXT,
    "int": ColumnType.INTEGER,
    "float": ColumnType.REAL,
    "double": ColumnType.REAL,
    "date": ColumnType.DATE,
    "datetime": ColumnType.DATE,
}
_TYPE_WORD: Final = re.compile(r"([A-Za-z]+)(\d*)")
#: Length of a date with a time of day.
_DATETIME: Final = 19


@dataclass(frozen=True, slots=True)
class FeatureCode:
    """A kind of feature (要素代码): its code, name, section and table."""

    code: str
    name: str
    section: Section
    table: str


@dataclass(frozen=True, slots=True)
class Lines:
    """Decoded lines of a section with their numbers, split into fields when needed."""

    file: str
    separator: str
    lines: Sequence[tuple[int, str]]

    def fields(self, text: str) -> list[str]:
        """The fields of a line; heads of old files use commas whatever the separator."""
        mark = self.separator if self.separator in text else ","
        return [field.strip() for field in text.split(mark)]


def read_codes(lines: Lines) -> tuple[FeatureCode, ...]:
    """Feature codes of point, line, polygon and annotation; others (tables, solids) are none.

    Old files have colours between the geometry type and the table: the last field is the table.
    """
    codes = []
    for line, text in lines.lines:
        fields = lines.fields(text)
        section = _SECTIONS.get(fields[2].lower()) if len(fields) >= 3 else None
        if section is None:
            continue
        if len(fields) < 4 or not fields[0]:
            raise fault(
                "E231",
                lines.file,
                line,
                f"要素类型参数“{text[:60]}”应有代码、名称、几何类型、属性表名",
                f"a feature code needs code, name, geometry type and table, found {text[:60]!r}",
            )
        table = next(field for field in [*reversed(fields[3:]), fields[0]] if field)
        codes.append(FeatureCode(fields[0], fields[1], section, table))
    return tuple(codes)


def read_structures(lines: Lines) -> dict[str, tuple[Column, ...]]:
    """The columns of each table, in the order of the file.

    Raises InputError E231 for a structure that is not understood, or with a name twice.
    """
    tables: dict[str, tuple[Column, ...]] = {}
    rest = iter(lines.lines)
    for line, text in rest:
        name = lines.fields(text)[0]
        columns: list[Column] = []
        for at, row in rest:
            if row == "0":
                break
            columns.append(_column(lines, at, row))
        names = [column.name for column in columns]
        if not name or name in tables or len(set(names)) != len(names):
            raise fault(
                "E231",
                lines.file,
                line,
                f"属性表“{name[:60]}”的名称或字段名为空或重复",
                f"table {name[:60]!r} or one of its fields is without a name or named twice",
            )
        tables[name] = tuple(columns)
    return tables


def _column(lines: Lines, line: int, text: str) -> Column:
    fields = lines.fields(text)
    word = _TYPE_WORD.fullmatch(fields[1]) if len(fields) >= 2 else None
    kind = _TYPES.get(word[1].lower()) if word else None
    sizes = [field for field in fields[2:] if field]
    if word is None or kind is None or not fields[0] or not _are_sizes(sizes):
        raise fault(
            "E231",
            lines.file,
            line,
            f"字段“{text[:60]}”读不懂",
            f"the field {text[:60]!r} is not understood",
            hint=Text(
                "应为：字段名,类型,长度,小数位；类型为 Char、Int4、Float、Date、VarChar、Varbin 等",
                "write name,type,length,decimals with types Char, Int4, Float, Date, VarChar …",
            ),
        )
    length = int(sizes[0]) if sizes else None
    name = fields[0]
    match kind:
        case ColumnType.INTEGER:
            if word[2] and int(word[2]) > 8:  # Int10: digits instead of bytes
                length = int(word[2])
            return Column(name, kind, length)
        case ColumnType.REAL:
            return Column(name, kind, length, int(sizes[1]) if len(sizes) > 1 else None)
        case ColumnType.DATE:
            return Column(name, kind, _DATETIME if word[1].lower() == "datetime" else None)
        case _:
            return Column(name, kind, length)


def _are_sizes(sizes: Sequence[str]) -> bool:
    return all(size.isascii() and size.isdigit() and len(size) <= 9 for size in sizes)


def column_line(column: Column, longest: int, separator: str) -> str:
    """The line of a column that is written.

    ``longest`` is the number of characters of the longest text, or of digits of the greatest
    whole number.
    """
    match column.type:
        case ColumnType.TEXT:
            length = column.length or max(longest, 1)
            words = ["VarChar"] if length > LONGEST_CHAR else ["Char", str(length)]
        case ColumnType.BOOLEAN:
            words = ["Int1"]
        case ColumnType.INTEGER:
            words = ["Int4" if longest <= 9 else "Int8"]
        case ColumnType.DATE:
            words = ["DateTime"] if column.length == _DATETIME else ["Date", "8"]
        case _:
            words = ["Double"] if column.length is None else ["Float", str(column.length)]
            if column.length is not None and column.decimals is not None:
                words.append(str(column.decimals))
    return separator.join([column.name, *words])
