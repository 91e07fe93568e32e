"""The first pass: where every record and row begins, so that any can be read again alone.

Numbers, codes and offsets are kept, 40 bytes for each feature; coordinates and values are not.
"""

from __future__ import annotations

from array import array
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO, Final

import numpy as np
from numpy.typing import NDArray

from minplan.core.text import Text
from minplan.formats.vct.cursor import Cursor, fault, shown
from minplan.formats.vct.head import separator_of
from minplan.formats.vct.records import Reader
from minplan.formats.vct.schema import Section

IdArray = NDArray[np.int64]

_BOM: Final = b"\xef\xbb\xbf"
_SECTIONS: Final = {section.value.lower(): section for section in Section}


@dataclass(slots=True)
class Places:
    """Numbers, offsets and lines of records or rows, in the order of the file.

    ``lines`` are the lines before each; ``codes`` index into ``Scan.codes``.
    """

    _numbers: array[int] = field(default_factory=lambda: array("q"))
    _offsets: array[int] = field(default_factory=lambda: array("q"))
    _lines: array[int] = field(default_factory=lambda: array("q"))
    _codes: array[int] = field(default_factory=lambda: array("q"))

    def add(self, number: int, offset: int, line: int, code: int = 0) -> None:
        """Note one record or row."""
        self._numbers.append(number)
        self._offsets.append(offset)
        self._lines.append(line)
        self._codes.append(code)

    def __len__(self) -> int:
        return len(self._numbers)

    @property
    def numbers(self) -> IdArray:
        """Object numbers (对象标识码)."""
        return np.asarray(self._numbers, dtype=np.int64)

    @property
    def codes(self) -> IdArray:
        """Indices of the feature codes."""
        return np.asarray(self._codes, dtype=np.int64)

    def place(self, index: int) -> tuple[int, int]:
        """Offset and number of lines before a record."""
        return self._offsets[index], self._lines[index]


@dataclass(slots=True)
class Scan:
    """What the first pass found; text is still bytes, because the encoding is told last.

    ``codes`` are the feature codes that records have, ``attributes`` the rows by table name.
    """

    head: dict[str, tuple[int, bytes]] = field(default_factory=dict)
    feature_codes: list[tuple[int, bytes]] = field(default_factory=list)
    structures: list[tuple[int, bytes]] = field(default_factory=list)
    records: dict[Section, Places] = field(
        default_factory=lambda: {section: Places() for section in Section}
    )
    codes: dict[bytes, int] = field(default_factory=dict)
    attributes: dict[bytes, Places] = field(default_factory=dict)
    skipped: list[bytes] = field(default_factory=list)
    refers: bool = False
    utf8: bool = True
    bom: bool = False


def scan(file: BinaryIO, path: Path, name: str) -> Scan:
    """Read through the file once.

    Raises InputError E230 when there is no head, E231 for a record or section that is not
    understood, E232 for curves.
    """
    cursor = Cursor(file, name, path.stat().st_size)
    found = Scan(bom=file.read(len(_BOM)) == _BOM)
    cursor.offset = len(_BOM)
    cursor.seek(len(_BOM) * found.bom, 0)
    first = cursor.next_or_none() or b""
    if first.lower() != b"headbegin":
        raise fault(
            "E230",
            name,
            cursor.line,
            f"VCT 文件应以 HeadBegin 开头，却是“{shown(first)}”",
            f"a VCT file begins with HeadBegin, found {shown(first)!r}",
        )
    _head(cursor, found)
    reader = Reader(cursor, separator_of(found.head), _dimensions(found))
    while (line := cursor.next_or_none()) is not None:
        _section(cursor, reader, found, line)
    found.utf8 = cursor.utf8
    return found


def _dimensions(found: Scan) -> int:
    value = found.head.get("dim", (0, b"2"))[1].strip()
    return int(value) if value in (b"2", b"3") else 2


def _head(cursor: Cursor, found: Scan) -> None:
    while (raw := cursor.raw()) is not None:
        if raw.strip().lower() == b"headend":
            return
        colon = b":" if b":" in raw else "：".encode() if cursor.utf8 else "：".encode("gb18030")
        key, mark, value = raw.partition(colon)
        if mark:
            found.head[key.strip().decode("ascii", "replace").lower()] = (cursor.line, value)
    raise fault("E230", cursor.name, cursor.line, "文件头没有 HeadEnd", "the head has no HeadEnd")


def _section(cursor: Cursor, reader: Reader, found: Scan, line: bytes) -> None:
    word = line.lower()
    if not word.endswith(b"begin"):
        raise fault(
            "E231",
            cursor.name,
            cursor.line,
            f"这里应为一节的开始（……Begin），却是“{shown(line)}”",
            f"a section (…Begin) should start here, found {shown(line)!r}",
        )
    key = word.removesuffix(b"begin")
    end = key + b"end"
    section = _SECTIONS.get(key.decode("ascii", "replace"))
    if section is not None:
        _records(cursor, reader, found, section, end)
    elif key == b"attribute":
        _attributes(cursor, reader.separator, found, end)
    elif key in (b"featurecode", b"tablestructure"):
        kept = found.feature_codes if key == b"featurecode" else found.structures
        while (text := cursor.next()).lower() != end:
            kept.append((cursor.line, text))
    else:
        if key not in (b"style", b"topology"):
            found.skipped.append(line[: -len(b"begin")])
        while cursor.next().lower() != end:
            pass


def _records(cursor: Cursor, reader: Reader, found: Scan, section: Section, end: bytes) -> None:
    places, codes = found.records[section], found.codes
    while (first := cursor.next()).lower() != end:
        start, line = cursor.start, cursor.line
        record = reader.record(section, first)
        code = codes.setdefault(record.code, len(codes))
        places.add(record.number, start, line - 1, code)
        found.refers |= section is Section.POLYGON and record.refers is Section.LINE


def _attributes(cursor: Cursor, separator: bytes, found: Scan, end: bytes) -> None:
    while (table := cursor.next()).lower() != end:
        places = found.attributes.setdefault(table, Places())
        what = Text("对象标识码", "an object number")
        while (row := cursor.next()).lower() != b"tableend":
            number = row.partition(separator)[0].strip()
            places.add(cursor.as_integer(number, what), cursor.start, cursor.line - 1)
