"""Coordinate systems of Chinese mining records, and the way to lon/lat and back.

Inside the system coordinates are always (lon, lat) or (east, north): every transformer is made
with ``always_xy``, because EPSG:4490 and the CGCS2000 Gauss-Krüger codes are (lat, lon) and
(north, east) by authority.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import Final

import numpy as np
from numpy.typing import NDArray
from pyproj import Transformer

from minplan.core.errors import InputError
from minplan.core.text import Text
from minplan.core.tolerances import SECOND_DECIMALS

FloatArray = NDArray[np.float64]

LONLAT_EPSG: Final = 4490


class Datum(StrEnum):
    """Geodetic datum (大地基准)."""

    CGCS2000 = "CGCS2000"
    XIAN80 = "Xian80"
    BEIJING54 = "Beijing54"
    WGS84 = "WGS84"

    @property
    def name_zh(self) -> str:
        """The official Chinese name."""
        return _DATUM_NAMES[self]

    @property
    def is_current(self) -> bool:
        """Whether coordinates need no datum shift (CGCS2000, and WGS84 to within decimetres)."""
        return self in (Datum.CGCS2000, Datum.WGS84)


_DATUM_NAMES: Final = {
    Datum.CGCS2000: "2000国家大地坐标系",
    Datum.XIAN80: "1980西安坐标系",
    Datum.BEIJING54: "1954北京坐标系",
    Datum.WGS84: "WGS84坐标系",
}
_GEOGRAPHIC: Final = {
    Datum.CGCS2000: 4490,
    Datum.XIAN80: 4610,
    Datum.BEIJING54: 4214,
    Datum.WGS84: 4326,
}
# (datum, zone width, prefixed) -> (EPSG code of the first zone, number of the first zone)
_PROJECTED: Final = {
    (Datum.CGCS2000, 3, True): (4513, 25),
    (Datum.CGCS2000, 3, False): (4534, 25),
    (Datum.CGCS2000, 6, True): (4491, 13),
    (Datum.CGCS2000, 6, False): (4502, 13),
    (Datum.XIAN80, 3, True): (2349, 25),
    (Datum.XIAN80, 3, False): (2370, 25),
    (Datum.XIAN80, 6, True): (2327, 13),
    (Datum.XIAN80, 6, False): (2338, 13),
    (Datum.BEIJING54, 3, True): (2401, 25),
    (Datum.BEIJING54, 3, False): (2422, 25),
    (Datum.BEIJING54, 6, True): (21413, 13),
    (Datum.BEIJING54, 6, False): (21453, 13),
}
ZONE_RANGE: Final = {3: range(25, 46), 6: range(13, 24)}


@dataclass(frozen=True, slots=True)
class CoordinateSystem:
    """A geographic system, or one Gauss-Krüger zone (高斯-克吕格 3°/6° 分带).

    ``width`` is 3 or 6 degrees, or None for geographic coordinates; ``prefixed`` tells whether
    eastings carry the zone number (带号). WGS84 in Gauss-Krüger is projected like CGCS2000: the
    ellipsoids differ by 0.1 mm.
    """

    datum: Datum = Datum.CGCS2000
    width: int | None = None
    zone: int | None = None
    prefixed: bool = True

    def __post_init__(self) -> None:
        if self.width is None:
            return
        if self.width not in ZONE_RANGE or self.zone not in ZONE_RANGE[self.width]:
            raise InputError(
                "E104",
                Text(
                    f"没有 {self.width} 度带第 {self.zone} 带",
                    f"there is no {self.width}° zone {self.zone}",
                ),
                hint=Text(
                    "中国境内 3 度带为 25–45 带，6 度带为 13–23 带",
                    "China has 3° zones 25–45 and 6° zones 13–23",
                ),
            )

    @property
    def is_projected(self) -> bool:
        """Whether coordinates are metres in a zone."""
        return self.width is not None

    @property
    def central_meridian(self) -> int:
        """Central meridian (中央子午线) in degrees east."""
        assert self.width is not None
        assert self.zone is not None
        return self.zone * 3 if self.width == 3 else self.zone * 6 - 3

    @property
    def epsg(self) -> int:
        """EPSG code; remember that its authority axis order is not ours."""
        if self.width is None:
            return _GEOGRAPHIC[self.datum]
        assert self.zone is not None
        datum = Datum.CGCS2000 if self.datum is Datum.WGS84 else self.datum
        first, number = _PROJECTED[(datum, self.width, self.prefixed)]
        return first + self.zone - number

    @property
    def name(self) -> Text:
        """For example ``2000国家大地坐标系 3度带 38带（中央经线114°E，含带号）``."""
        if self.width is None:
            return Text(f"{self.datum.name_zh} 经纬度", f"{self.datum.value} lon/lat")
        prefix = ("含带号", "with zone prefix") if self.prefixed else ("无带号", "no prefix")
        cm = self.central_meridian
        return Text(
            f"{self.datum.name_zh} {self.width}度带 {self.zone}带（中央经线{cm}°E，{prefix[0]}）",
            f"{self.datum.value} {self.width}° zone {self.zone} (CM {cm}°E, {prefix[1]})",
        )


@lru_cache(maxsize=128)
def _transformer(source: int, target: int) -> Transformer:
    return Transformer.from_crs(source, target, always_xy=True)


def to_lonlat(system: CoordinateSystem, x: FloatArray, y: FloatArray) -> FloatArray:
    """Return (n, 2) lon/lat in degrees **on the datum of** ``system``.

    ``x`` is east or longitude, ``y`` north or latitude. No datum shift happens here: see
    :mod:`minplan.core.geometry.datum`.
    """
    x, y = np.asarray(x, dtype=np.float64), np.asarray(y, dtype=np.float64)
    if not system.is_projected:
        return np.column_stack([x, y])
    datum = Datum.CGCS2000 if system.datum is Datum.WGS84 else system.datum
    lon, lat = _transformer(system.epsg, _GEOGRAPHIC[datum]).transform(x, y)
    return np.column_stack([lon, lat])


def from_lonlat(system: CoordinateSystem, lonlat: FloatArray) -> FloatArray:
    """Return (n, 2) east/north in metres (or lon/lat) of ``system`` from lon/lat on its datum."""
    lonlat = np.asarray(lonlat, dtype=np.float64).reshape(-1, 2)
    if not system.is_projected:
        return lonlat
    datum = Datum.CGCS2000 if system.datum is Datum.WGS84 else system.datum
    east, north = _transformer(_GEOGRAPHIC[datum], system.epsg).transform(
        lonlat[:, 0], lonlat[:, 1]
    )
    return np.column_stack([east, north])


def zone_of(longitude: float, width: int = 3) -> int:
    """Number of the 3° or 6° zone that a longitude (degrees east) belongs to."""
    if width == 3:
        return math.floor((longitude + 1.5) / 3)
    return math.floor(longitude / 6) + 1


def local_system(longitude: float, *, prefixed: bool = True) -> CoordinateSystem:
    """Return the CGCS2000 3° zone of a longitude: the system of licences and measurements."""
    return CoordinateSystem(Datum.CGCS2000, 3, zone_of(longitude), prefixed)


def degrees_minutes_seconds(degrees: float, decimals: int = SECOND_DECIMALS) -> str:
    """``112°58′03.123″`` of an angle; seconds are rounded so that they never reach 60."""
    unit = 10**decimals
    total = round(abs(degrees) * 3600 * unit)
    whole, rest = divmod(total, 3600 * unit)
    minutes, seconds = divmod(rest, 60 * unit)
    sign = "-" if degrees < 0 else ""
    width = decimals + 3 if decimals else 2
    return f"{sign}{whole}°{minutes:02d}′{seconds / unit:0{width}.{decimals}f}″"
