"""MapGIS files made from the same description that the reader follows: no file of MapGIS."""

from __future__ import annotations

import struct
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

Points = Sequence[tuple[float, float]]


@dataclass
class MapgisFile:
    """The parts of a file; ``sections`` by index, ``parameters`` as (offset, format, value)."""

    kind: int
    sections: dict[int, bytes]
    counts: dict[int, int]
    extent: tuple[float, float, float, float]
    parameters: list[tuple[int, str, float]] = field(default_factory=list)

    def to_bytes(self) -> bytes:
        head = bytearray(657)
        head[:8] = b"WMAP`D2" + b"123"[self.kind : self.kind + 1]
        struct.pack_into("<iii", head, 8, self.kind, len(head), 16)
        for at, count in self.counts.items():
            struct.pack_into("<i", head, 260 + 4 * at, count)
        struct.pack_into("<4d", head, 304, *self.extent)
        for offset, kind, value in self.parameters:
            struct.pack_into("<" + kind, head, offset, value)
        entries, body = b"", b""
        start = len(head) + 160
        for index in range(16):
            raw = self.sections.get(index, b"")
            entries += struct.pack("<iiH", start + len(body), len(raw), 0xFFFF)
            body += raw
        return bytes(head) + entries + body


def gauss_kruger(scale: float, meridian: float = 1140000.0, spheroid: int = 2):
    return [
        (91, "B", 3),
        (92, "B", 1),
        (109, "B", 5),
        (110, "B", spheroid),
        (143, "d", scale),
        (151, "d", meridian),
    ]


def lonlat():
    return [(91, "B", 1), (92, "B", 4), (109, "B", 0), (110, "B", 7), (143, "d", 1.0)]


def extent_of(lines: Sequence[Points]) -> tuple[float, float, float, float]:
    points = np.array([point for line in lines for point in line]).reshape(-1, 2)
    return (*points.min(axis=0).tolist(), *points.max(axis=0).tolist())


FIELD_SIZES = {"C": (0, None), "I": (3, 4), "D": (5, 8), "T": (6, 4)}


def attributes(fields: Sequence[tuple[str, str, int]], rows: Sequence[Sequence[object]]) -> bytes:
    """Fields are (name, kind, bytes); kinds C text, I whole number, D number, T date."""
    head = bytearray(348)
    head[:2] = head[320:322] = b"\x60\x44"
    start = 1
    definitions = b""
    offsets = []
    for index, (name, kind, length) in enumerate(fields):
        code, size = FIELD_SIZES[kind]
        size = size or length
        definitions += struct.pack(
            "<20sBihhbhbhi", name.encode("gbk"), code, start, size, length, 0, 1, 0, index, 0
        )
        offsets.append((start, kind, size))
        start += size
    struct.pack_into("<i", head, 12, 348 + len(definitions))
    struct.pack_into("<hih", head, 322, len(fields), len(rows) + 1, start)
    records = bytearray(start * (len(rows) + 1))
    for at, row in enumerate(rows, 1):
        for (offset, kind, size), value in zip(offsets, row, strict=True):
            records[at * start + offset : at * start + offset + size] = _packed(kind, size, value)
    return bytes(head) + definitions + bytes(records)


def _packed(kind: str, size: int, value: object) -> bytes:
    match kind:
        case "C":
            return str(value).encode("gbk")[:size].ljust(size, b"\0")
        case "I":
            return struct.pack("<i", value)
        case "D":
            return struct.pack("<d", value)
    return struct.pack("<hBB", value.year, value.month, value.day)


def line_sections(lines: Sequence[Points], flags: Sequence[int] = ()) -> dict[int, bytes]:
    records, coordinates = bytearray(57), b"\0" * 8
    for index, line in enumerate(lines):
        record = bytearray(57)
        record[0] = flags[index] if flags else 1
        struct.pack_into("<ii", record, 10, len(line), len(coordinates))
        records += record
        coordinates += np.array(line, dtype="<f8").tobytes()
    return {0: bytes(records), 1: coordinates}


def points_file(points: Points, fields, rows, parameters, flags=()) -> MapgisFile:
    records = bytearray(93)
    for index, (x, y) in enumerate(points):
        record = bytearray(93)
        record[0] = flags[index] if flags else 1
        struct.pack_into("<dd", record, 7, x, y)
        record[31] = 1
        records += record
    sections = {0: bytes(records), 2: attributes(fields, rows)}
    return MapgisFile(1, sections, {0: len(points)}, extent_of([points]), parameters)


def lines_file(lines: Sequence[Points], fields, rows, parameters, flags=()) -> MapgisFile:
    sections = {**line_sections(lines, flags), 2: attributes(fields, rows)}
    return MapgisFile(0, sections, {0: len(lines)}, extent_of(lines), parameters)


def areas_file(
    arcs: Sequence[Points], sides: Sequence[tuple[int, int]], fields, rows, parameters
) -> MapgisFile:
    """Areas from arcs; ``sides`` are the areas left and right of each, 0 for none."""
    topology = bytearray(24)
    for left, right in sides:
        topology += struct.pack("<iiii8x", 0, 0, left, right)
    areas = bytearray(40)
    areas += (b"\1" + bytes(39)) * len(rows)
    sections = {
        **line_sections(arcs),
        3: bytes(topology),
        8: bytes(areas),
        9: attributes(fields, rows),
    }
    return MapgisFile(2, sections, {4: len(rows)}, extent_of(arcs), parameters)
