"""Where the coordinates of a MapGIS file lie: unit and scale of the map, coordinate system."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np

from minplan.core.geometry.crs import ZONE_RANGE, CoordinateSystem, Datum, FloatArray
from minplan.core.text import Text
from minplan.formats.mapgis.layout import Layout, refusal

_NO_PARAMETERS: Final = 0
_LONLAT: Final = 0
_GAUSS_KRUGER: Final = 5
#: Metres of the units of length; 0 and 1 are millimetres on the map.
_METRES: Final = {0: 0.001, 1: 0.001, 2: 1.0}
_SMALLEST_SCALE: Final = 1e9
_DATUMS: Final = {1: Datum.BEIJING54, 2: Datum.XIAN80, 7: Datum.WGS84}


@dataclass(frozen=True, slots=True)
class Ground:
    """How coordinates of the map become coordinates on the ground, and in which system."""

    convert: Callable[[FloatArray], FloatArray]
    system: CoordinateSystem | None
    evidence: Text


def read_ground(layout: Layout) -> Ground:
    """Unit, scale and system from the head; E161 for units and projections that are not known."""
    told = layout.parameters
    kind, unit, projection = int(told["type"]), int(told["unit"]), int(told["projection"])
    scale = float(told["scale"])
    if not 0 <= scale <= _SMALLEST_SCALE or float(told["dx"]) or float(told["dy"]):
        raise refusal(layout.name, "比例尺或坐标平移的含义不明", "scale or shift are not clear")
    if kind != _NO_PARAMETERS and projection == _LONLAT:
        return _lonlat(layout, unit, scale)
    if kind != _NO_PARAMETERS and projection != _GAUSS_KRUGER:
        raise refusal(
            layout.name, f"投影类型 {projection} 不支持", f"projection {projection} is not known"
        )
    if unit not in _METRES or (unit == 2 and scale not in (0.0, 1.0)):
        raise refusal(layout.name, f"坐标单位 {unit} 的含义不明", f"the unit {unit} is not clear")
    factor = _METRES[unit] * (scale or 1.0)
    if kind == _NO_PARAMETERS:
        factor = factor if scale else 1.0
        return Ground(
            lambda points: points * factor,
            None,
            Text("文件没有投影参数", "the file has no parameters of a projection"),
        )
    system = _zone(layout, float(told["meridian"]), factor)
    evidence = Text(
        f"文件头：高斯-克吕格，椭球 {int(told['spheroid'])}，中央经线 {float(told['meridian']):.0f}"
        f"，比例尺 1:{scale:g}",
        f"the head says Gauss-Krüger, spheroid {int(told['spheroid'])}, meridian "
        f"{float(told['meridian']):.0f}, scale 1:{scale:g}",
    )
    return Ground(lambda points: points * factor, system, evidence)


def _lonlat(layout: Layout, unit: int, scale: float) -> Ground:
    converters: dict[int, Callable[[FloatArray], FloatArray]] = {
        3: lambda points: points / 3600.0,
        4: lambda points: points,
        5: degrees,
    }
    if unit not in converters or scale not in (0.0, 1.0):
        raise refusal(layout.name, f"坐标单位 {unit} 的含义不明", f"the unit {unit} is not clear")
    datum = _DATUMS.get(int(layout.parameters["spheroid"]))
    return Ground(
        converters[unit],
        CoordinateSystem(datum) if datum else None,
        Text(
            f"文件头：经纬度，椭球 {int(layout.parameters['spheroid'])}",
            f"the head says lon/lat, spheroid {int(layout.parameters['spheroid'])}",
        ),
    )


def degrees(packed: FloatArray) -> FloatArray:
    """Degrees of angles packed as DDDMMSS.sss."""
    size = np.abs(np.asarray(packed, dtype=np.float64))
    whole = np.floor(size / 10_000.0)
    minutes = np.floor((size - whole * 10_000.0) / 100.0)
    seconds = size - whole * 10_000.0 - minutes * 100.0
    return np.asarray(np.sign(packed) * (whole + minutes / 60.0 + seconds / 3600.0))


def _zone(layout: Layout, packed: float, factor: float) -> CoordinateSystem | None:
    """The zone of the central meridian; the extent tells whether eastings carry its number.

    Six-degree zones without a prefix have the coordinates of the three-degree zone on the same
    meridian, so that one stands for both.
    """
    datum = _DATUMS.get(int(layout.parameters["spheroid"]))
    meridian = float(degrees(np.array(packed)))
    prefix = math.floor(float(layout.parameters["extent"][0]) * factor / 1_000_000)
    if datum is None or not math.isfinite(meridian):
        return None
    if not math.isclose(meridian, round(meridian), abs_tol=1e-9):
        return None
    for width, first in ((3, 0), (6, 3)):
        zone, odd = divmod(round(meridian) + first, width)
        if odd == 0 and zone in ZONE_RANGE[width] and prefix in (0, zone):
            return CoordinateSystem(datum, width, zone, prefixed=bool(prefix))
    return None
