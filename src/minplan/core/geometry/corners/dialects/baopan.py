"""采矿权报盘 text: ``[登记项目]`` and ``XYnnn=number,north,east`` rows with 标高 rows between.

Each 标高 row (``标高,upper,lower,note,flag``) closes the part above it; flag −1 excludes it.
"""

from __future__ import annotations

import re
from typing import Final

from minplan.core.errors import Place
from minplan.core.geometry.corners.draft import Block, Declared, Draft, Point, Ring, Value
from minplan.core.geometry.corners.model import CornersRefused, Remark
from minplan.core.geometry.corners.remarks import listed, remark
from minplan.core.geometry.corners.tokens import plain
from minplan.core.geometry.crs import Datum
from minplan.core.geometry.polygonal import ElevationRange
from minplan.core.text import Text

NAME: Final = Text("采矿权报盘文件", "mining-right exchange file (报盘)")
_ROW: Final = re.compile(r"\s*XY\s*([0-9]{1,5})\s*=(.*)", re.IGNORECASE)
_FIGURE: Final = re.compile(r"[+-]?[0-9]{1,12}(?:\.[0-9]{1,12})?")
_DATUMS: Final = {"1": Datum.BEIJING54, "2": Datum.XIAN80, "3": Datum.CGCS2000}
_TITLE: Final = re.compile(r"\*{3}(.+?)\*{3}")


def recognises(text: str) -> bool:
    """Whether the text is a 报盘 file."""
    rows = sum(1 for line in plain(text).splitlines() if _ROW.fullmatch(line))
    return rows >= 2 or (rows >= 1 and "[登记项目]" in text)


class _Collector:
    """Rings in the making while the rows are read."""

    def __init__(self) -> None:
        self.rings: list[Ring] = []
        self.points: list[Point] = []
        self.faults: list[int] = []
        self.texts: list[str] = []
        self.rows = 0

    def close(self, elevation: ElevationRange | None, hole: bool | None) -> None:
        """End the ring."""
        if self.points:
            self.rings.append(Ring(tuple(self.points), hole, elevation))
            self.points = []

    def row(self, place: Place, content: str) -> None:
        """Take one XY row."""
        self.rows += 1
        fields = [field.strip() for field in content.split(",")]
        if fields[0] == "标高":
            self._elevation(place, fields)
        elif len(fields) >= 3 and all(_FIGURE.fullmatch(field) for field in fields[1:3]):
            values = tuple(
                Value(field, float(field), len(field.partition(".")[2])) for field in fields[1:3]
            )
            self._point(place, fields[0], (values[0], values[1]))
        else:
            self._fault(place, content)

    def _point(self, place: Place, number: str, values: tuple[Value, Value]) -> None:
        where = Place(row=place.row, field=place.field, corner=number)
        self.points.append(Point(number, values, where))

    def _elevation(self, place: Place, fields: list[str]) -> None:
        fields = [*fields, "", "", "", ""][:5]
        upper, lower, flag = fields[1], fields[2], fields[4].lstrip("+")
        figures = [field for field in (upper, lower) if field]
        if not all(_FIGURE.fullmatch(field) for field in figures) or flag not in ("", "1", "-1"):
            self._fault(place, ",".join(fields))
            return
        elevation = ElevationRange(float(upper), float(lower)) if upper and lower else None
        self.close(elevation, flag == "-1")

    def _fault(self, place: Place, content: str) -> None:
        self.faults.append(place.row or 0)
        self.texts.append(content.strip()[:30])


def read(text: str) -> Draft:
    """Read a 报盘 file. Raises :class:`CornersRefused` for rows that cannot be parsed."""
    attributes: dict[str, str] = {}
    collector = _Collector()
    for number, line in enumerate(plain(text).splitlines(), start=1):
        if match := _ROW.fullmatch(line):
            collector.row(Place(row=number, field=f"XY{match[1]}"), match[2])
        elif "=" in line:
            key, _, value = line.partition("=")
            attributes[key.strip()] = value.strip()
        elif match := _TITLE.search(line):
            attributes["项目"] = match[1].strip()
    collector.close(None, None)
    blocking = _faults(collector, attributes)
    if blocking:
        raise CornersRefused(tuple(blocking))
    datum = _DATUMS.get(attributes.get("坐标系统", ""))
    name = attributes.get("矿山名称", "")
    block = Block(tuple(collector.rings), name=name, attributes=attributes)
    return Draft(
        NAME,
        (block,),
        Declared(datums=(datum,) if datum else ()),
        attributes=attributes,
        open_by_norm=True,
    )


def _faults(collector: _Collector, attributes: dict[str, str]) -> list[Remark]:
    found: list[Remark] = []
    if collector.faults:
        found.append(
            remark(
                "E118",
                place=Place(row=collector.faults[0]),
                rows=listed(collector.faults),
                text=listed(collector.texts),
                pattern="XY001=1,3878239.00,37517896.00",
            )
        )
    stated = next((value for key, value in attributes.items() if "总行数" in key), "")
    if stated.isascii() and stated.isdigit() and int(stated[:6]) != collector.rows:
        found.append(
            remark(
                "E117",
                what=Text("报盘文件", "The file"),
                stated=stated[:6],
                found=collector.rows,
            )
        )
    return found
