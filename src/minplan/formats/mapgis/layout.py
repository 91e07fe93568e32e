"""The head and the sections of a MapGIS file, each figure that is known checked.

All numbers are little-endian. The head (260 bytes) holds the map parameters at 91, the numbers of
objects at 260, the extent at 304; at an offset given at 12 follow sixteen entries of ten bytes
(offset, length, FF FF), one for each section. The first record of a section is always empty.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from minplan.core.errors import InputError, Place
from minplan.core.text import Text
from minplan.formats.detect import is_mapgis
from minplan.formats.drivers.model import GeometryType

Bytes = NDArray[np.uint8]
Records = NDArray[np.void]

_FIELDS: Final = (
    ("magic", "S8", 0),
    ("kind", "<i4", 8),
    ("sections", "<i4", 12),
    ("type", "u1", 91),
    ("unit", "u1", 92),
    ("projection", "u1", 109),
    ("spheroid", "u1", 110),
    ("scale", "<f8", 143),
    ("meridian", "<f8", 151),
    ("dx", "<f8", 199),
    ("dy", "<f8", 207),
    ("counts", ("<i4", 11), 260),
    ("extent", ("<f8", 4), 304),
)
_HEAD: Final = np.dtype(
    {
        "names": [name for name, _, _ in _FIELDS],
        "formats": [kind for _, kind, _ in _FIELDS],
        "offsets": [offset for _, _, offset in _FIELDS],
        "itemsize": 336,
    }
)
_ENTRY: Final = np.dtype([("offset", "<i4"), ("size", "<i4"), ("mark", "<u2")])
#: Sections that are used by any kind: areas have their attributes in the tenth.
_ENTRIES: Final = 10

POINT: Final = np.dtype(
    {
        "names": ["flag", "text", "x", "y"],
        "formats": ["u1", "<i2", "<f8", "<f8"],
        "offsets": [0, 1, 7, 15],
        "itemsize": 93,
    }
)
LINE: Final = np.dtype(
    {
        "names": ["flag", "count", "offset", "curve"],
        "formats": ["u1", "<i4", "<i4", "u1"],
        "offsets": [0, 10, 14, 34],
        "itemsize": 57,
    }
)
TOPOLOGY: Final = np.dtype(
    {
        "names": ["start", "end", "left", "right"],
        "formats": ["<i4", "<i4", "<i4", "<i4"],
        "offsets": [0, 4, 8, 12],
        "itemsize": 24,
    }
)
AREA: Final = np.dtype({"names": ["flag"], "formats": ["u1"], "offsets": [0], "itemsize": 40})


class Kind(IntEnum):
    """Kind of a file: the number at offset 8; the magic ends with the next digit."""

    LINES = 0
    POINTS = 1
    AREAS = 2

    @property
    def geometry_type(self) -> GeometryType:
        """What its geometries are."""
        return (GeometryType.LINE, GeometryType.POINT, GeometryType.POLYGON)[self]

    @property
    def attributes(self) -> int:
        """The section of the attributes of its objects."""
        return 9 if self is Kind.AREAS else 2


@dataclass(frozen=True, slots=True)
class Layout:
    """A file whose head fits: ``content`` are its bytes, ``parameters`` the record of the head."""

    name: str
    content: Bytes
    kind: Kind
    parameters: Any
    entries: Records

    def section(self, index: int) -> Bytes:
        """The bytes of a section."""
        entry = self.entries[index]
        return self.content[int(entry["offset"]) : int(entry["offset"]) + int(entry["size"])]

    def records(self, index: int, layout: np.dtype[np.void], what: str) -> Records:
        """The records of a section without the empty first one."""
        raw = self.section(index)
        if len(raw) < layout.itemsize or len(raw) % layout.itemsize:
            raise refusal(
                self.name,
                f"{what}区的长度 {len(raw)} 不是 {layout.itemsize} 的倍数",
                f"section {index + 1} has {len(raw)} bytes, no multiple of {layout.itemsize}",
            )
        return np.frombuffer(raw.tobytes(), dtype=layout)[1:]


def read_layout(name: str, content: Bytes) -> Layout:
    """Check the head and the table of sections.

    Raises InputError E161 when a figure is not as expected.
    """
    if len(content) < _HEAD.itemsize:
        raise refusal(name, "文件头不完整", "the head is not complete")
    parameters = np.frombuffer(content[: _HEAD.itemsize].tobytes(), dtype=_HEAD)[0]
    kind = int(parameters["kind"])
    if not is_mapgis(bytes(parameters["magic"])) or bytes(parameters["magic"])[7] - 49 != kind:
        raise refusal(name, "文件头的类型互相矛盾", "the head contradicts itself")
    if not np.isfinite(parameters["extent"]).all():
        raise refusal(name, "文件头的范围不是数", "the extent of the head is no number")
    start = int(parameters["sections"])
    end = start + _ENTRIES * _ENTRY.itemsize
    if start < _HEAD.itemsize or end > len(content):
        raise refusal(name, "找不到数据区表", "the table of sections is missing")
    entries = np.frombuffer(content[start:end].tobytes(), dtype=_ENTRY)
    offsets, sizes = entries["offset"].astype(np.int64), entries["size"].astype(np.int64)
    filled = sizes > 0
    inside = (offsets >= end) & (offsets + sizes <= len(content))
    if (sizes < 0).any() or not inside[filled].all() or (entries["mark"] != 0xFFFF).any():
        raise refusal(name, "数据区表不符合约定", "the table of sections is not as expected")
    order = np.argsort(offsets[filled])
    ends = (offsets + sizes)[filled][order]
    if (offsets[filled][order][1:] < ends[:-1]).any():
        raise refusal(name, "数据区互相重叠", "sections overlap")
    return Layout(name, content, Kind(kind), parameters, entries)


def refusal(name: str, zh: str, en: str) -> InputError:
    """The file differs from what is known: say where, and how to convert it."""
    return InputError(
        "E161",
        Text(f"{name} 不能可靠读取：{zh}", f"{name} cannot be read safely: {en}"),
        place=Place(file=name),
        hint=Text(
            "请在 MapGIS 中打开，用“文件转换”输出为 Shapefile（SHP）后再导入",
            "open it in MapGIS and convert it to a shapefile",
        ),
    )
