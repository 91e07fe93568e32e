"""Records of the geometry sections, as lines: what a record holds is told by its shape.

Version 3.0 (GB/T 17798-2007) puts a feature type before the coordinates: polygons of type 1 hold
rings, polygons of type 100 refer to lines (21) or polygons (22). Version 2.0 and older have
neither, and list coordinates or signed line numbers after the label point.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from minplan.core.errors import InputError
from minplan.core.text import Text
from minplan.formats.vct.cursor import Cursor, fault, shown
from minplan.formats.vct.schema import Section

_COUNT: Final = Text("个数", "a count")
_KIND: Final = Text("特征类型", "a feature type")
_LINES: Final = 21
_POLYGONS: Final = 22
_INDIRECT: Final = 100
_POLYLINE: Final = 11
#: Arcs, ellipses, splines and Bézier curves.
_CURVES: Final = range(12, 18)
_DIRECTED: Final = 3


@dataclass(slots=True)
class Part:
    """Coordinate lines that follow each other, and the number of the first one."""

    line: int
    lines: list[bytes]


@dataclass(slots=True)
class Record:
    """One record: number (对象标识码), code, and coordinates or references.

    ``refers`` is the section that ``references`` name, None for coordinates; in references 0
    separates rings and a minus turns a line round. ``joined`` tells that the rings of an old
    file follow each other in one part. ``text`` is the text of an annotation.
    """

    line: int
    number: int
    code: bytes
    parts: list[Part] = field(default_factory=list)
    references: list[int] = field(default_factory=list)
    refers: Section | None = None
    joined: bool = False
    text: bytes = b""


@dataclass(frozen=True, slots=True)
class Reader:
    """Reads records of one file, whose separator and dimensions are known."""

    cursor: Cursor
    separator: bytes
    dimensions: int

    def record(self, section: Section, first: bytes) -> Record:
        """The record whose first line has just been read.

        Raises InputError E231 with the line where it stops making sense, E232 for curves.
        """
        cursor = self.cursor
        line = cursor.line
        number = cursor.as_integer(first, Text("对象标识码", "an object number"))
        code = cursor.next()
        cursor.raw()  # the style may be blank
        record = Record(line, number, code)
        _BODIES[section](self, record)
        end = cursor.next()
        if end != b"0":
            raise self._fault(
                f"记录应以 0 结束，却是“{shown(end)}”（坐标或引用的个数可能不符）",
                f"a record ends with 0, found {shown(end)!r} (a count may be wrong)",
            )
        return record

    def _fault(self, zh: str, en: str) -> InputError:
        return fault("E231", self.cursor.name, self.cursor.line, zh, en)

    def _is_pair(self, text: bytes) -> bool:
        return self.separator in text or b"," in text

    def _split(self, text: bytes) -> list[bytes]:
        return text.split(self.separator if self.separator in text else b",")

    def _coordinates(self, count: int) -> Part:
        if count < 1:
            raise self._fault("坐标点数应大于 0", "the number of points must be above 0")
        line = self.cursor.line + 1
        return Part(line, self.cursor.take(count))

    def _points(self, first: bytes) -> Part:
        """Points with or without their count before them."""
        if self._is_pair(first):
            return Part(self.cursor.line, [first])
        return self._coordinates(self.cursor.as_integer(first, _COUNT))

    def _point(self, record: Record) -> None:
        kind = self.cursor.integer(_KIND)
        part = self._points(self.cursor.next())
        if kind == _DIRECTED:  # a second point tells the direction only
            del part.lines[1:]
        record.parts.append(part)

    def _line(self, record: Record) -> None:
        if self.cursor.integer(_KIND) == _INDIRECT:
            self._refer(record, Section.LINE, self.cursor.integer(_COUNT))
            return
        count = self.cursor.integer(_COUNT)
        first = self.cursor.next()
        if self._is_pair(first):
            record.parts.append(self._after(first, count))
            return
        for _ in range(count):
            self._polyline(record, first)
            if len(record.parts) < count:
                first = self.cursor.next()

    def _after(self, first: bytes, count: int) -> Part:
        """``count`` coordinate lines of which the first has been read."""
        line = self.cursor.line
        return Part(line, [first, *self.cursor.take(count - 1)])

    def _polyline(self, record: Record, kind: bytes) -> None:
        told = self.cursor.as_integer(kind, Text("线段类型", "a type of segment"))
        if told in _CURVES:
            raise fault(
                "E232",
                self.cursor.name,
                self.cursor.line,
                f"对象 {record.number} 含圆弧、样条或圆（类型 {told}），不能精确读取",
                f"object {record.number} has an arc, a spline or a circle (type {told})",
                hint=Text(
                    "请在原软件中把曲线转换为折线后重新导出",
                    "turn curves into polylines in its own program and export it again",
                ),
            )
        if told != _POLYLINE:
            raise self._fault(
                f"对象 {record.number} 的线段类型 {told} 不认识（前面的点数可能不符）",
                f"object {record.number} has a segment of unknown type {told} "
                "(a count before it may be wrong)",
            )
        record.parts.append(self._coordinates(self.cursor.integer(_COUNT)))

    def _polygon(self, record: Record) -> None:
        first = self.cursor.next()
        if self._is_pair(first):  # version 2.0: the label point comes first
            self._old_polygon(record)
            return
        kind = self.cursor.as_integer(first, _KIND)
        after = self.cursor.next()
        if self._is_pair(after):  # the label point, which some leave out
            after = self.cursor.next()
        if kind == 1:
            for _ in range(self.cursor.as_integer(after, _COUNT)):
                self._polyline(record, self.cursor.next())
            return
        if kind == _INDIRECT:
            kind = self.cursor.as_integer(after, Text("间接坐标面构成类型", "a type of references"))
            after = self.cursor.next()
        if kind not in (_LINES, _POLYGONS):
            raise self._fault(
                f"面的特征类型“{kind}”不认识，应为 1、100、21 或 22",
                f"unknown feature type {kind} of a polygon: it must be 1, 100, 21 or 22",
            )
        section = Section.LINE if kind == _LINES else Section.POLYGON
        self._refer(record, section, self.cursor.as_integer(after, _COUNT))

    def _old_polygon(self, record: Record) -> None:
        """Coordinates have as many numbers in a line as dimensions; references have more."""
        count = self.cursor.integer(_COUNT)
        line, offset = self.cursor.line, self.cursor.offset
        first = self.cursor.next()
        if count > self.dimensions and len(self._split(first)) == self.dimensions:
            record.parts.append(self._after(first, count))
            record.joined = True
        else:
            self.cursor.seek(offset, line)
            self._refer(record, Section.LINE, count)

    def _refer(self, record: Record, section: Section, count: int) -> None:
        numbers = record.references
        what = Text("引用的标识码", "the number of an object")
        while len(numbers) < count:
            for word in self._split(self.cursor.next()):
                if word.strip():
                    numbers.append(self.cursor.as_integer(word.strip(), what))
        if len(numbers) != count or not any(numbers):
            raise self._fault(
                f"应引用 {count} 项，这里有 {len(numbers)} 项",
                f"{count} references are announced, {len(numbers)} found",
            )
        record.refers = section

    def _annotation(self, record: Record) -> None:
        kind = self.cursor.next()
        if kind.isdigit():
            record.text = (self.cursor.raw() or b"").rstrip(b"\r\n")
            part = self._points(self.cursor.next())
            for index, point in enumerate(part.lines):  # an angle follows the coordinates
                fields = self._split(point.rstrip())[: self.dimensions]
                part.lines[index] = self.separator.join(fields)
            record.parts.append(part)
            return
        for _ in range(4):  # version 2.0: font, colour, style, size, spacing before the text
            self.cursor.next()
        record.text = (self.cursor.raw() or b"").rstrip(b"\r\n")
        record.parts.append(self._coordinates(self.cursor.integer(_COUNT)))


_BODIES: Final[dict[Section, Callable[[Reader, Record], None]]] = {
    Section.POINT: Reader._point,
    Section.LINE: Reader._line,
    Section.POLYGON: Reader._polygon,
    Section.ANNOTATION: Reader._annotation,
}
