"""The head of a VCT file (文件头): coordinate system, axes, separator, both read and written."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from pyproj import CRS

from minplan.core.errors import InputError
from minplan.core.geometry.crs import CoordinateSystem, Datum
from minplan.core.text import Text
from minplan.formats.coordinate_system import recognise
from minplan.formats.vct.cursor import fault, shown

#: Keys of the head in lower case, with the line and the bytes of their value.
RawHead = Mapping[str, tuple[int, bytes]]

_PROJECTION: Final = "高斯-克吕格投影"
_GAUSS_KRUGER: Final = ("高斯", "gauss", "transverse", "横轴墨卡托")
#: Name and figures of the ellipsoid as they are written.
_SPHEROIDS: Final = {
    Datum.CGCS2000: "CGCS2000,6378137.0,298.257222101",
    Datum.XIAN80: "Xian80,6378140.0,298.257",
    Datum.BEIJING54: "Beijing54,6378245.0,298.3",
    Datum.WGS84: "WGS84,6378137.0,298.257223563",
}
_LONGITUDES: Final = (70.0, 140.0)


@dataclass(frozen=True, slots=True)
class Head:
    """What the head says.

    ``separator`` stands between fields; ``dimensions`` are the numbers of a coordinate line;
    ``swapped`` tells that north or latitude comes first; ``system`` and ``crs_wkt`` are the
    coordinate system, both None where the head does not say; ``evidence`` says why.
    """

    version: str
    separator: bytes
    dimensions: int
    swapped: bool
    system: CoordinateSystem | None
    crs_wkt: str | None
    evidence: Text


class _Values:
    """Values of the head as text, with errors that name their line."""

    def __init__(self, raw: RawHead, name: str) -> None:
        self._raw = raw
        self._name = name

    def text(self, *keys: str) -> str:
        for key in keys:
            if key in self._raw:
                value = self._raw[key][1].strip()
                try:
                    return value.decode()
                except UnicodeDecodeError:
                    return value.decode("gb18030", errors="replace")
        return ""

    def numbers(self, key: str) -> tuple[float, ...]:
        """The numbers of a value, words between them left out."""
        found = []
        for word in self.text(key).replace("，", ",").replace(";", ",").split(","):
            try:
                number = float(word)
            except ValueError:
                continue
            if math.isfinite(number):
                found.append(number)
        return tuple(found)

    def fault(self, key: str, zh: str, en: str, hint: Text | None = None) -> InputError:
        line = self._raw[key][0] if key in self._raw else None
        again = Text("请检查文件头，或重新导出", "check the head, or export the file again")
        return fault("E230", self._name, line, zh, en, hint=hint or again)


def separator_of(raw: RawHead) -> bytes:
    """The separator between fields (分隔符); a comma where the head names none."""
    value = raw.get("separator", (0, b","))[1].strip(b" \r\n")
    return value or b","


def read_head(raw: RawHead, name: str) -> Head:
    """Understand the head.

    Raises InputError E230 for a mark, axes, units or an offset that are not understood.
    """
    values = _Values(raw, name)
    mark = values.text("datamark").upper()
    if not mark.replace(".", "-").endswith(("-VCT", "-DAT")):
        raise values.fault(
            "datamark",
            f"文件头的 Datamark 为“{shown(mark.encode())}”，不是 VCT",
            f"the head's Datamark is {mark[:40]!r}, no VCT",
        )
    if any(values.numbers("offset")):
        raise values.fault(
            "offset",
            "文件头的坐标偏移量 Offset 不为 0",
            "the head states an Offset of coordinates",
            Text("请把 Offset 设为 0 后重新导出", "export it again with Offset 0"),
        )
    dimensions = int((values.numbers("dim") or (2,))[0])
    if dimensions not in (2, 3):
        raise values.fault("dim", "坐标维数 Dim 应为 2 或 3", "Dim must be 2 or 3")
    geographic = _is_geographic(values)
    swapped = _is_swapped(values, geographic)
    system, wkt, evidence = _system(values, geographic, swapped)
    return Head(
        values.text("version"), separator_of(raw), dimensions, swapped, system, wkt, evidence
    )


def _is_geographic(values: _Values) -> bool:
    kind = (values.text("coordinatesystemtype", "coordsystype") or "C").upper()[:1]
    unit = (values.text("xyunit", "unit") or ("D" if kind in "DG" else "M")).upper()
    if unit not in ("M", "D", "METER", "METERS", "DEGREE", "DEGREES", "米", "度"):
        raise values.fault(
            "xyunit" if values.text("xyunit") else "unit",
            f"不认识的坐标单位“{unit}”",
            f"unknown unit of coordinates {unit!r}",
            Text("坐标单位应为 M（米）或 D（度）", "the unit must be M (metres) or D (degrees)"),
        )
    return unit[0] in "D度"


def _is_swapped(values: _Values, geographic: bool) -> bool:
    axes = tuple(values.text(key).upper()[:1] for key in ("xaxisdirection", "yaxisdirection"))
    if axes == ("", ""):
        return geographic and _latitude_first(values)
    order = {"EN": False, "NE": True, "东北": False, "北东": True}.get("".join(axes))
    if order is None:
        raise values.fault(
            "xaxisdirection",
            f"坐标轴方向“{','.join(axes)}”不认识",
            f"unknown directions of the axes {','.join(axes)!r}",
            Text("应为 E、N 或 N、E", "they must be E and N, or N and E"),
        )
    return order


def _latitude_first(values: _Values) -> bool:
    """Axes that are not stated are told by the extent: latitudes of China are below 55°."""
    lowest, highest = values.numbers("extentmin"), values.numbers("extentmax")
    if len(lowest) < 2 or len(highest) < 2:
        return False
    return 0 <= lowest[0] <= highest[0] <= 60 and _is_longitude(lowest[1])


def _is_longitude(value: float) -> bool:
    return _LONGITUDES[0] <= value <= _LONGITUDES[1]


def _system(
    values: _Values, geographic: bool, swapped: bool
) -> tuple[CoordinateSystem | None, str | None, Text]:
    spheroid = values.text("spheroid").replace("，", ",").split(",")
    figures = values.numbers("spheroid")
    if not spheroid[0] or len(figures) < 2:
        return None, None, Text("文件头没有写明椭球", "the head does not name a spheroid")
    name = "".join(sign for sign in spheroid[0] if sign not in '"[]') or "unknown"
    axis, inverse = figures[-2:]
    wkt = (
        f'GEOGCS["{name}",DATUM["{name}",SPHEROID["{name}",{axis!r},{inverse!r}]],'
        'PRIMEM["Greenwich",0],UNIT["degree",0.0174532925199433]]'
    )
    said = f"{spheroid[0]} {values.text('projection')} {values.text('parameters')}".strip()
    if not geographic:
        projection = values.text("projection").lower()
        zone = _zone(values, swapped)
        if zone is None or not any(word in projection for word in _GAUSS_KRUGER):
            return (
                None,
                None,
                Text(f"文件头的投影“{said}”不认识", f"the head's projection {said!r} is not known"),
            )
        meridian, easting = zone
        wkt = (
            f'PROJCS["{name} {meridian:g}E",{wkt},PROJECTION["Transverse_Mercator"],'
            f'PARAMETER["latitude_of_origin",0],PARAMETER["central_meridian",{meridian!r}],'
            f'PARAMETER["scale_factor",1],PARAMETER["false_easting",{easting!r}],'
            'PARAMETER["false_northing",0],UNIT["metre",1]]'
        )
    found = recognise(wkt)
    if found is None:
        return None, None, Text(f"文件头“{said}”读不懂", f"the head says {said!r}")
    return (
        found if isinstance(found, CoordinateSystem) else None,
        wkt if not isinstance(found, CRS) else found.to_wkt(),
        Text(f"文件头写明：{said}", f"the head says: {said}"),
    )


def _zone(values: _Values, swapped: bool) -> tuple[float, float] | None:
    """Central meridian and false easting, whatever stands between them in ``Parameters``.

    Writers agree on the figures, not on their order; figures that are neither of the two must be
    0, 1, the width of the zone or its number. Eastings with a prefix in the extent beat a false
    easting without one, because no easting without a prefix reaches 1 000 km.
    """
    numbers = values.numbers("parameters") or values.numbers("meridian")
    meridians = [number for number in numbers if _is_longitude(number)]
    eastings = [number for number in numbers if number >= 400_000]
    if len(meridians) != 1 or len(eastings) > 1:
        return None
    meridian = meridians[0]
    zones = {meridian / 3, (meridian + 3) / 6}
    others = {number for number in numbers if not _is_longitude(number) and number < 400_000}
    if others - {0.0, 1.0, 3.0, 6.0} - zones:
        return None
    lowest = values.numbers("extentmin")
    prefix = lowest[1 if swapped else 0] // 1_000_000 if len(lowest) >= 2 else 0.0
    if prefix in zones:
        return meridian, prefix * 1_000_000 + 500_000
    if eastings:
        return meridian, eastings[0]
    return (meridian, 500_000.0) if lowest and prefix == 0 else None


def head_lines(
    system: CoordinateSystem | None,
    extent: tuple[float, float, float, float] | None,
    separator: str,
) -> list[str]:
    """The head of a file that is written: (east, north) or (lon, lat), version 3.0.

    ``extent`` is (west, south, east, north) in the coordinates of the file.
    """
    geographic = system is not None and not system.is_projected
    kind = "C" if system is None else "D" if geographic else "P"
    unit = "D" if geographic else "M"
    west, south, east, north = extent or (0.0, 0.0, 0.0, 0.0)
    lines = [
        "HeadBegin",
        "Datamark:LANDUSE-VCT",
        "Version:3.0",
        f"CoordinateSystemType:{kind}",
        "Dim:2",
        "XAxisDirection:E",
        "YAxisDirection:N",
        f"XYUnit:{unit}",
        "ZUnit:M",
    ]
    if system is not None:
        lines += [f"Spheroid:{_SPHEROIDS[system.datum]}", "PrimeMeridian:Greenwich"]
    if system is not None and system.is_projected:
        assert system.zone is not None
        easting = system.zone * 1_000_000 * system.prefixed + 500_000
        lines += [
            f"Projection:{_PROJECTION}",
            f"Parameters:{system.central_meridian},1,{easting},0,{system.width},{system.zone}",
        ]
    return [
        *lines,
        "VerticalDatum:1985国家高程基准",
        f"ExtentMin:{number(west)},{number(south)}",
        f"ExtentMax:{number(east)},{number(north)}",
        "Offset:0,0",
        f"Separator:{separator}",
        "HeadEnd",
    ]


def number(value: float) -> str:
    """A coordinate with all its digits and never with an exponent."""
    text = repr(value)
    return text if "e" not in text else f"{Decimal(text):f}"
