"""Datum shifts to CGCS2000 with parameters stated by the user.

Parameters between Xian 80 (1980西安坐标系) or Beijing 54 (1954北京坐标系) and CGCS2000 are local
and not public; there is no default. Two forms are in use: seven parameters between geocentric
coordinates, and a shift (with optional rotation and scale) between plane coordinates of one zone.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Final, Literal

import numpy as np
from pyproj import Transformer

from minplan.core.errors import InputError
from minplan.core.geometry.crs import (
    CoordinateSystem,
    Datum,
    FloatArray,
    from_lonlat,
    local_system,
    to_lonlat,
)
from minplan.core.text import Text

_ELLIPSOIDS: Final = {
    Datum.XIAN80: "+a=6378140 +rf=298.257",
    Datum.BEIJING54: "+ellps=krass",
    Datum.WGS84: "+ellps=WGS84",
    Datum.CGCS2000: "+a=6378137 +rf=298.257222101",
}
_ARC_SECOND: Final = np.pi / 180 / 3600


@dataclass(frozen=True, slots=True)
class SevenParameters:
    """Bursa-Wolf transformation (布尔沙七参数) from ``source`` to CGCS2000.

    ``dx dy dz`` in metres, ``rx ry rz`` in arc seconds, ``scale`` in parts per million.
    ``convention`` tells the sign of the rotations: Chinese software mostly writes the coordinate
    frame form. ``stated_by`` records where the parameters come from. Heights are taken as 0.
    """

    source: Datum
    dx: float
    dy: float
    dz: float
    rx: float = 0.0
    ry: float = 0.0
    rz: float = 0.0
    scale: float = 0.0
    convention: Literal["coordinate_frame", "position_vector"] = "coordinate_frame"
    stated_by: str = ""

    def __post_init__(self) -> None:
        _check_finite(self.dx, self.dy, self.dz, self.rx, self.ry, self.rz, self.scale)

    def to_cgcs2000(self, lonlat: FloatArray, edges: CoordinateSystem) -> FloatArray:
        """Return (n, 2) lon/lat on CGCS2000 from (n, 2) lon/lat on ``source``."""
        del edges  # the same wherever the edges are straight
        lon, lat = _helmert(self).transform(lonlat[:, 0], lonlat[:, 1])
        return np.column_stack([lon, lat])

    @property
    def description(self) -> Text:
        """The parameters in one line, for the record."""
        numbers = (
            f"dX={self.dx:g} m, dY={self.dy:g} m, dZ={self.dz:g} m, rX={self.rx:g}″, "
            f"rY={self.ry:g}″, rZ={self.rz:g}″, m={self.scale:g} ppm"
        )
        zh = "坐标框架旋转" if self.convention == "coordinate_frame" else "位置矢量旋转"
        en = self.convention.replace("_", " ")
        return Text(
            f"七参数（{zh}）{numbers}{_origin_zh(self.stated_by)}",
            f"seven parameters ({en}) {numbers}{_origin_en(self.stated_by)}",
        )


@dataclass(frozen=True, slots=True)
class PlaneShift:
    """Plane transformation (平移或平面四参数) from ``source`` to CGCS2000 within one zone.

    N′ = N + dn and E′ = E + de in metres; with a rotation α (arc seconds, anticlockwise from east
    to north) and a scale (ppm), both about the origin of the zone with eastings without prefix:
    E′ = de + (1+m)(E cos α − N sin α), N′ = dn + (1+m)(E sin α + N cos α).
    """

    source: Datum
    dn: float
    de: float
    rotation: float = 0.0
    scale: float = 0.0
    stated_by: str = ""

    def __post_init__(self) -> None:
        _check_finite(self.dn, self.de, self.rotation, self.scale)

    def to_cgcs2000(self, lonlat: FloatArray, edges: CoordinateSystem) -> FloatArray:
        """Return (n, 2) lon/lat on CGCS2000 from (n, 2) lon/lat on ``source``.

        The shift acts in the zone of ``edges``, or in the local 3° zone of geographic input.
        """
        zone = edges if edges.is_projected else local_system(float(np.mean(lonlat[:, 0])))
        before = CoordinateSystem(self.source, zone.width, zone.zone, prefixed=False)
        after = CoordinateSystem(Datum.CGCS2000, zone.width, zone.zone, prefixed=False)
        plane = from_lonlat(before, lonlat)
        angle, factor = self.rotation * _ARC_SECOND, 1 + self.scale * 1e-6
        cos, sin = np.cos(angle), np.sin(angle)
        east = self.de + factor * (plane[:, 0] * cos - plane[:, 1] * sin)
        north = self.dn + factor * (plane[:, 0] * sin + plane[:, 1] * cos)
        return to_lonlat(after, east, north)

    @property
    def description(self) -> Text:
        """The parameters in one line, for the record."""
        numbers = f"dN={self.dn:g} m, dE={self.de:g} m"
        if self.rotation or self.scale:
            numbers += f", α={self.rotation:g}″, m={self.scale:g} ppm"
        return Text(
            f"平面转换参数 {numbers}{_origin_zh(self.stated_by)}",
            f"plane shift {numbers}{_origin_en(self.stated_by)}",
        )


DatumShift = SevenParameters | PlaneShift


def _origin_zh(stated_by: str) -> str:
    return f"（来源：{stated_by}）" if stated_by else "（由用户给定）"


def _origin_en(stated_by: str) -> str:
    return f" (from {stated_by})" if stated_by else " (stated by the user)"


def _check_finite(*parameters: float) -> None:
    if not np.isfinite(parameters).all():
        raise InputError(
            "E141",
            Text("转换参数不是有效数字", "a parameter of the datum shift is not a number"),
            hint=Text("请核对参数", "check the parameters"),
        )


@lru_cache(maxsize=32)
def _helmert(shift: SevenParameters) -> Transformer:
    source, target = _ELLIPSOIDS[shift.source], _ELLIPSOIDS[Datum.CGCS2000]
    return Transformer.from_pipeline(
        "+proj=pipeline +step +proj=unitconvert +xy_in=deg +xy_out=rad "
        f"+step +proj=cart {source} "
        f"+step +proj=helmert +x={shift.dx!r} +y={shift.dy!r} +z={shift.dz!r} "
        f"+rx={shift.rx!r} +ry={shift.ry!r} +rz={shift.rz!r} +s={shift.scale!r} "
        f"+convention={shift.convention} "
        f"+step +inv +proj=cart {target} "
        "+step +proj=unitconvert +xy_in=rad +xy_out=deg"
    )
