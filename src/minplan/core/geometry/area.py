"""Areas by the three methods found in official records, and which of them a stated area follows.

Since 2022 the ellipsoidal trapezoid formula of TD/T 1055-2019 annex D is the statutory method.
Licences before that state planar Gauss-Krüger areas, several exploration rights the area on a
sphere of 6371 km.
"""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal, InvalidOperation
from enum import StrEnum
from typing import Any, Final

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from minplan.core.errors import InputError
from minplan.core.geometry.crs import CoordinateSystem, Datum, FloatArray, from_lonlat, local_system
from minplan.core.geometry.layer import GeometryArray
from minplan.core.geometry.measure import E2, SEMI_MINOR_M, geometry_array, to_equal_area
from minplan.core.geometry.polygonal import Polygonal
from minplan.core.text import Text
from minplan.core.tolerances import CORNER_DECIMALS, SECOND_DECIMALS

SPHERE_RADIUS_M: Final = 6_371_000.0

# A piece whose formula area departs from its lon/lat area by this share is a bent sliver: pieces
# of ordinary shape depart by their extent in latitude alone, 1 % in 100 km.
_BENT_SHARE: Final = 0.02
_SHORT_EDGE_DEGREES: Final = 0.0005

# Coefficients of annex D: powers of e² from the 0th to the 4th.
_ANNEX_D: Final = tuple(
    sum(factor * E2**power for power, factor in enumerate(row))
    for row in (
        (1, 3 / 6, 30 / 80, 35 / 112, 630 / 2304),
        (0, 1 / 6, 15 / 80, 21 / 112, 420 / 2304),
        (0, 0, 3 / 80, 7 / 112, 180 / 2304),
        (0, 0, 0, 1 / 112, 45 / 2304),
        (0, 0, 0, 0, 5 / 2304),
    )
)


class AreaMethod(StrEnum):
    """How an area is computed (面积计算方法)."""

    PLANAR = "planar"
    SPHERE = "sphere"
    ELLIPSOID = "ellipsoid"

    @property
    def label(self) -> Text:
        """The method's name."""
        return _METHOD_LABELS[self]


_METHOD_LABELS: Final = {
    AreaMethod.PLANAR: Text("平面面积（3度带高斯-克吕格）", "planar (3° Gauss-Krüger)"),
    AreaMethod.SPHERE: Text("球面面积（R = 6371 km）", "sphere (R = 6371 km)"),
    AreaMethod.ELLIPSOID: Text("椭球面积（TD/T 1055-2019）", "ellipsoid (TD/T 1055-2019)"),
}


def ellipsoidal_area(geometries: Any) -> FloatArray:
    """Ellipsoidal area in m² of each polygon in lon/lat degrees on CGCS2000.

    ``geometries`` is one geometry or an array of n; the answer has shape (n,). Lines and points
    have area 0. Edges are those of TD/T 1055-2019 annex D, which this equal-area projection
    follows to 1e-9 relative.
    """
    result: FloatArray = shapely.area(to_equal_area(geometry_array(geometries)))
    return result


def cut_area(pieces: Any) -> FloatArray:
    """Ellipsoidal area in m² of each piece left by cutting polygons in lon/lat.

    As :func:`ellipsoidal_area`, but thin pieces along long slanting edges are measured with short
    edges: the formula would bend the two sides of such a sliver apart by more than its width.
    """
    array = geometry_array(pieces)
    area = ellipsoidal_area(array)
    bounds = shapely.bounds(array)
    middle = np.radians((bounds[:, 1] + bounds[:, 3]) / 2)
    density = SEMI_MINOR_M**2 * np.cos(middle) / (1 - E2 * np.sin(middle) ** 2) ** 2
    flat = shapely.area(array) * math.radians(1) ** 2 * density
    thin = np.flatnonzero(np.abs(area - flat) > _BENT_SHARE * area)
    area[thin] = _with_short_edges(array[thin])
    return area


def _with_short_edges(array: GeometryArray) -> FloatArray:
    """Ellipsoidal areas with short edges, ring by ring.

    A polygon with a needle may cross itself by rounding once its edges are cut; densified as a
    polygon it would be repaired by GEOS, which can leave the needle alone.
    """
    parts, owner = shapely.get_parts(array, return_index=True)
    rings, part = shapely.get_rings(parts, return_index=True)
    if not len(rings):
        return np.zeros(len(array))
    sizes = ellipsoidal_area(shapely.polygons(shapely.segmentize(rings, _SHORT_EDGE_DEGREES)))
    outer = np.diff(part, prepend=-1) > 0
    signed = np.where(outer, sizes, -sizes)
    return np.bincount(owner[part], weights=signed, minlength=len(array)).astype(np.float64)


def area_by_formula(geometry: BaseGeometry) -> float:
    """Ellipsoidal area in m² of one polygon, by the formula of TD/T 1055-2019 annex D as printed.

    The reference for :func:`ellipsoidal_area`, which is faster.
    """
    return _signed_sum(geometry, _annex_d_edges)


def spherical_area(geometry: BaseGeometry) -> float:
    """Area in m² of one lon/lat polygon on the sphere of radius 6371 km.

    Trapezoids to a meridian, R²·ΔL·Δ(sin B): the variant that reproduces published areas.
    """
    return _signed_sum(geometry, _sphere_edges)


def planar_area(geometry: Polygonal | BaseGeometry, system: CoordinateSystem) -> float:
    """Area in m² in a Gauss-Krüger zone, edges straight in that zone between the corners."""
    shape = geometry.geometry if isinstance(geometry, Polygonal) else geometry
    return float(shapely.area(shapely.transform(shape, lambda c: from_lonlat(system, c))))


def planar_system(polygonal: Polygonal) -> CoordinateSystem:
    """The CGCS2000 3° zone of planar areas: that of the corners, else that of the centre."""
    edges = polygonal.edge_system
    if edges.width == 3:
        return CoordinateSystem(Datum.CGCS2000, 3, edges.zone)
    west, _, east, _ = polygonal.bounds
    return local_system((west + east) / 2)


def areas_by_method(polygonal: Polygonal) -> dict[AreaMethod, float]:
    """Area in m² by each method, from the corners as given."""
    return {
        AreaMethod.PLANAR: planar_area(polygonal, planar_system(polygonal)),
        AreaMethod.SPHERE: spherical_area(polygonal.geometry),
        AreaMethod.ELLIPSOID: float(ellipsoidal_area(polygonal.geometry)[0]),
    }


def _signed_sum(geometry: BaseGeometry, edges: Any) -> float:
    """Sum of |ring| over outer rings minus that over holes."""
    total = 0.0
    for polygon in shapely.get_parts(geometry):
        if shapely.get_type_id(polygon) != shapely.GeometryType.POLYGON:
            continue
        rings = shapely.get_rings(polygon)
        areas = [abs(float(np.sum(edges(shapely.get_coordinates(ring))))) for ring in rings]
        total += areas[0] - sum(areas[1:])
    return total


def _annex_d_edges(ring: FloatArray) -> FloatArray:
    lon, lat = np.radians(ring[:, 0]), np.radians(ring[:, 1])
    reference = lon[0]
    mean_lon = (lon[1:] + lon[:-1]) / 2 - reference
    half, middle = (lat[1:] - lat[:-1]) / 2, (lat[1:] + lat[:-1]) / 2
    terms = sum(
        (-1) ** i * factor * np.sin((2 * i + 1) * half) * np.cos((2 * i + 1) * middle)
        for i, factor in enumerate(_ANNEX_D)
    )
    result: FloatArray = 2 * SEMI_MINOR_M**2 * mean_lon * terms
    return result


def _sphere_edges(ring: FloatArray) -> FloatArray:
    lon, lat = np.radians(ring[:, 0]), np.radians(ring[:, 1])
    mean_lon = (lon[1:] + lon[:-1]) / 2 - lon[0]
    half, middle = (lat[1:] - lat[:-1]) / 2, (lat[1:] + lat[:-1]) / 2
    result: FloatArray = SPHERE_RADIUS_M**2 * mean_lon * 2 * np.sin(half) * np.cos(middle)
    return result


# -- stated areas ---------------------------------------------------------------------------------

_SQUARE_METRES: Final = {
    "m²": Decimal(1),
    "m2": Decimal(1),
    "平方米": Decimal(1),
    "ha": Decimal(10_000),
    "公顷": Decimal(10_000),
    "km²": Decimal(1_000_000),
    "km2": Decimal(1_000_000),
    "平方公里": Decimal(1_000_000),
    "平方千米": Decimal(1_000_000),
    "亩": Decimal(10_000) / 15,
}
# A stated figure ending in zeros may be padded ("0.085000"); fewer decimals are tried as long as
# half a unit of the last one stays below this share of the area.
_PADDED_HALF_UNIT: Final = Decimal("0.001")
_SECOND_M: Final = SPHERE_RADIUS_M * math.radians(1 / 3600)


class Fit(StrEnum):
    """How a computed area gives the stated figure."""

    ROUNDED = "rounded"
    TRUNCATED = "truncated"
    CORNERS = "corners"

    @property
    def remark(self) -> Text:
        """What to add to the method's name; empty for plain rounding."""
        return _FIT_REMARKS[self]


_FIT_REMARKS: Final = {
    Fit.ROUNDED: Text("", ""),
    Fit.TRUNCATED: Text("（截尾）", " (truncated)"),
    Fit.CORNERS: Text("（在拐点取位误差内）", " (within the rounding of the corners)"),
}


@dataclass(frozen=True, slots=True)
class MethodFit:
    """One method that reproduces a stated area, at ``decimals`` of the stated unit."""

    method: AreaMethod
    fit: Fit
    decimals: int


@dataclass(frozen=True, slots=True)
class AreaMatch:
    """A stated area (申报面积) against the computed ones.

    ``areas_m2`` holds the area by each method, ``deviations`` how far each lies from the
    stated figure (share: 0.108 = computed 10.8 % larger), ``fits`` the methods that reproduce it,
    rounding before truncation. Only where neither fits, a figure given finer than the rounded
    corners can determine counts as reproduced within their rounding.
    """

    stated: str
    unit: str
    stated_m2: float
    areas_m2: Mapping[AreaMethod, float]
    deviations: Mapping[AreaMethod, float]
    fits: tuple[MethodFit, ...]

    @property
    def methods(self) -> tuple[AreaMethod, ...]:
        """The methods that reproduce the stated figure, best first."""
        return tuple(item.method for item in self.fits)

    @property
    def warn(self) -> bool:
        """Whether no method reproduces the stated figure."""
        return not self.fits

    @property
    def message(self) -> Text:
        """One sentence: which methods match, or by how much each is missed."""
        stated = f"{self.stated} {self.unit}"
        if self.fits:
            names = [(item.method.label, item.fit.remark) for item in self.fits]
            zh = "、".join(label.zh + remark.zh for label, remark in names)
            en = ", ".join(label.en + remark.en for label, remark in names)
            return Text(f"申报面积 {stated} 与{zh}一致。", f"Stated {stated} equals: {en}.")
        zh = "，".join(f"{m.label.zh} {d:+.2%}" for m, d in self.deviations.items())
        en = ", ".join(f"{m.label.en} {d:+.2%}" for m, d in self.deviations.items())
        return Text(
            f"申报面积 {stated} 与三种算法均不符：{zh}。",
            f"Stated {stated} follows none of the three methods: {en}.",
        )


def match_stated_area(polygonal: Polygonal, stated: str, unit: str = "km²") -> AreaMatch:
    """Find the methods whose area, rounded or truncated at the decimals printed, is ``stated``.

    Raises InputError E152 when ``stated`` is not a positive figure or ``unit`` is unknown.
    """
    figure, size = _figure(stated), _unit_size(unit)
    areas = areas_by_method(polygonal)
    fits = _decimal_fits(figure, size, areas) or _corner_fits(figure, size, areas, polygonal)
    stated_m2 = float(figure * size)
    return AreaMatch(
        stated=stated.strip(),
        unit=unit,
        stated_m2=stated_m2,
        areas_m2=areas,
        deviations={method: area / stated_m2 - 1 for method, area in areas.items()},
        fits=tuple(sorted(fits, key=lambda item: item.fit is Fit.TRUNCATED)),
    )


def _decimal_fits(
    figure: Decimal, size: Decimal, areas: Mapping[AreaMethod, float]
) -> list[MethodFit]:
    """Methods that give the figure at the decimals printed, else at fewer if it is padded."""
    tried = _decimals_to_try(figure)
    for decimals in tried:
        fits = [
            MethodFit(method, fit, decimals)
            for method, area in areas.items()
            if (fit := _fit(figure, Decimal(area) / size, decimals)) is not None
            and (fit is Fit.ROUNDED or decimals == tried[0])
        ]
        if fits:
            return fits
    return []


def _corner_fits(
    figure: Decimal, size: Decimal, areas: Mapping[AreaMethod, float], polygonal: Polygonal
) -> list[MethodFit]:
    printed = _decimals_to_try(figure)[0]
    reach = float(size.scaleb(-printed)) / 2 + _corner_rounding(polygonal)
    return [
        MethodFit(method, Fit.CORNERS, printed)
        for method, area in areas.items()
        if abs(area - float(figure * size)) <= reach
    ]


def _corner_rounding(polygonal: Polygonal) -> float:
    """Most m² that rounding every corner to licence decimals can change the area by."""
    step = (
        10.0**-CORNER_DECIMALS
        if polygonal.edge_system.is_projected
        else 10.0**-SECOND_DECIMALS * _SECOND_M
    )
    system = planar_system(polygonal)
    total = 0.0
    for ring in shapely.get_rings(polygonal.geometry):
        corners = from_lonlat(system, shapely.get_coordinates(ring)[:-1])
        diagonals = np.roll(corners, -1, axis=0) - np.roll(corners, 1, axis=0)
        total += float(np.abs(diagonals).sum()) / 2 * step / 2
    return total


def _figure(stated: str) -> Decimal:
    plain = unicodedata.normalize("NFKC", stated).strip().replace(",", "")
    try:
        figure = Decimal(plain)
    except InvalidOperation as error:
        raise _unreadable(stated) from error
    if not figure.is_finite() or figure <= 0:
        raise _unreadable(stated)
    return figure


def _unreadable(stated: str) -> InputError:
    return InputError(
        "E152",
        Text(f"申报面积“{stated}”不是正数", f"the stated area “{stated}” is not a positive figure"),
        hint=Text("只填数字，例如 0.3223", "give the figure alone, for example 0.3223"),
    )


def _unit_size(unit: str) -> Decimal:
    size = _SQUARE_METRES.get(unit.strip())
    if size is None:
        known = "、".join(_SQUARE_METRES)
        raise InputError(
            "E152",
            Text(f"不认识面积单位“{unit}”", f"unknown unit of area “{unit}”"),
            hint=Text(f"可用：{known}", f"use one of {known}"),
        )
    return size


def _decimals_to_try(figure: Decimal) -> range:
    """From the decimals printed down to those left without padding zeros."""
    printed = max(-int(figure.as_tuple().exponent), 0)
    needed = max(-int(figure.normalize().as_tuple().exponent), 0)
    lowest = printed
    while lowest > needed and Decimal(10) ** -(lowest - 1) / 2 <= figure * _PADDED_HALF_UNIT:
        lowest -= 1
    return range(printed, lowest - 1, -1)


def _fit(figure: Decimal, area: Decimal, decimals: int) -> Fit | None:
    step = Decimal(1).scaleb(-decimals)
    if area.quantize(step, ROUND_HALF_UP) == figure:
        return Fit.ROUNDED
    if area.quantize(step, ROUND_DOWN) == figure:
        return Fit.TRUNCATED
    return None
