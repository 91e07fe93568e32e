"""国土 boundary-point text (界址点 TXT): ``[属性描述]`` and ``[地块坐标]``.

Each parcel starts with a row of attributes that ends in ``@``; its rows are
``J1,ring,north,east``; rings from 2 on are holes; areas are hectares. Files with a byte-order
mark, closed or open rings, with or without zone prefix all occur.
"""

from __future__ import annotations

import re
from typing import Final

from minplan.core.errors import Place
from minplan.core.geometry.corners.declared import declared_in, is_zone
from minplan.core.geometry.corners.draft import Block, Declared, Draft, Point, Ring, Value
from minplan.core.geometry.corners.model import CornersRefused, Remark
from minplan.core.geometry.corners.remarks import listed, remark
from minplan.core.geometry.corners.tokens import plain
from minplan.core.text import Text

NAME: Final = Text("国土界址点 TXT", "land-survey boundary-point text (国土 TXT)")
_SECTION: Final = re.compile(r"\s*\[\s*(.+?)\s*\]\s*")
_FIGURE: Final = re.compile(r"[+-]?[0-9]{1,12}(?:\.[0-9]{1,12})?")
_RING: Final = re.compile(r"[0-9]{1,4}")
_FIELDS: Final = ("界址点数", "面积", "地块编号", "地块名称", "图形属性", "图幅号", "用途", "地类")


def recognises(text: str) -> bool:
    """Whether the text is a 国土 file."""
    return "[地块坐标]" in plain(text)


class _Parcel:
    """A parcel in the making."""

    def __init__(self, fields: list[str], row: int) -> None:
        self.attributes = {key: value for key, value in zip(_FIELDS, fields, strict=False) if value}
        self.row = row
        self.rings: dict[int, list[Point]] = {}
        self.count = 0

    def block(self) -> Block:
        """The finished parcel; area in hectares."""
        area = self.attributes.get("面积", "")
        stated = (area, "ha") if _FIGURE.fullmatch(area) and float(area) > 0 else None
        rings = tuple(
            Ring(tuple(points), hole=number > min(self.rings))
            for number, points in sorted(self.rings.items())
        )
        name = self.attributes.get("地块名称", "")
        return Block(rings, name, self.attributes, stated)


def read(text: str) -> Draft:
    """Read a 国土 file. Raises :class:`CornersRefused` for rows that cannot be parsed."""
    header: dict[str, str] = {}
    parcels: list[_Parcel] = []
    faults: list[tuple[int, str]] = []
    section = ""
    for number, line in enumerate(plain(text).splitlines(), start=1):
        if match := _SECTION.fullmatch(line):
            section = match[1]
        elif not line.strip():
            continue
        elif section == "地块坐标":
            if line.rstrip().endswith("@"):
                parcels.append(_Parcel(_fields(line.rstrip()[:-1]), number))
            elif not _point(line, number, parcels):
                faults.append((number, line.strip()[:30]))
        elif "=" in line:
            key, _, value = line.partition("=")
            header[key.strip()] = value.strip()
    blocking = _faults(parcels, faults)
    if blocking:
        raise CornersRefused(tuple(blocking))
    return Draft(
        NAME,
        tuple(parcel.block() for parcel in parcels if parcel.rings),
        _declared(header),
        remarks=_parameters(header),
        attributes=header,
        parcelled=True,
    )


def _fields(line: str) -> list[str]:
    return [field.strip() for field in line.split(",")]


def _point(line: str, number: int, parcels: list[_Parcel]) -> bool:
    """Take ``J1,ring,north,east``; a file of coordinates alone has no parcel row."""
    fields = _fields(line)
    if len(fields) < 4 or not _RING.fullmatch(fields[1]):
        return False
    if not all(_FIGURE.fullmatch(field) for field in fields[2:4]):
        return False
    if not parcels:
        parcels.append(_Parcel([], number))
    values = [Value(field, float(field), len(field.partition(".")[2])) for field in fields[2:4]]
    place = Place(row=number, corner=fields[0])
    parcel = parcels[-1]
    parcel.count += 1
    ring = parcel.rings.setdefault(int(fields[1]), [])
    ring.append(Point(fields[0], (values[0], values[1]), place))
    return True


def _faults(parcels: list[_Parcel], faults: list[tuple[int, str]]) -> list[Remark]:
    found: list[Remark] = []
    if faults:
        found.append(
            remark(
                "E118",
                place=Place(row=faults[0][0]),
                rows=listed(row for row, _ in faults),
                text=listed(text for _, text in faults),
                pattern="J1,1,3878239.000,37517896.000",
            )
        )
    for parcel in parcels:
        stated = parcel.attributes.get("界址点数", "")
        if not _RING.fullmatch(stated):
            continue
        if int(stated) not in _counts(parcel):
            name = parcel.attributes.get("地块名称", "")
            found.append(
                remark(
                    "E117",
                    place=Place(row=parcel.row),
                    what=Text(f"地块“{name}”", f"Parcel “{name}”"),
                    stated=stated,
                    found=parcel.count,
                )
            )
    return found


def _counts(parcel: _Parcel) -> set[int]:
    """Counts that fit: some writers count the closing points, some do not; some omit them."""
    closed = sum(
        1
        for points in parcel.rings.values()
        if len(points) > 1 and points[0].values == points[-1].values
    )
    return {parcel.count, parcel.count - closed, parcel.count + len(parcel.rings) - closed}


def _declared(header: dict[str, str]) -> Declared:
    words = declared_in(header.get("坐标系", ""))
    width, zone = header.get("几度分带", "").strip("度"), header.get("带号", "")
    number = int(zone) if _RING.fullmatch(zone) else None
    return Declared(
        datums=words.datums,
        width=int(width) if width in ("3", "6") else None,
        zone=number if number is not None and is_zone(number) else None,
    )


def _parameters(header: dict[str, str]) -> tuple[Remark, ...]:
    parameters = header.get("转换参数", "")
    figures = [field for field in _fields(parameters) if _FIGURE.fullmatch(field)]
    if any(float(figure) for figure in figures):
        return (remark("E119", text=parameters[:60]),)
    return ()
