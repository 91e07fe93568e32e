"""Metres on the ellipsoid for lon/lat geometry: equal-area coordinates and a local plane.

Two projections serve all measurements. The cylindrical equal-area one keeps areas exactly as
TD/T 1055-2019 defines them, anywhere at once; the azimuthal equidistant one, centred on the ground
in question, keeps distances to within a millimetre over kilometres.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

import numpy as np
import shapely
from numpy.typing import NDArray
from pyproj import Geod, Transformer
from pyproj.enums import TransformDirection
from shapely.geometry.base import BaseGeometry

from minplan.core.geometry.crs import FloatArray
from minplan.core.geometry.layer import Bounds, GeometryArray, IdArray

SEMI_MAJOR_M: Final = 6_378_137.0
FLATTENING: Final = 1 / 298.257222101
SEMI_MINOR_M: Final = SEMI_MAJOR_M * (1 - FLATTENING)
#: First eccentricity squared of CGCS2000, (a² − b²)/a².
E2: Final = FLATTENING * (2 - FLATTENING)
GEOD: Final = Geod(a=SEMI_MAJOR_M, f=FLATTENING)
# A parallel leaves the geodesic of its ends by L²·tan φ/(8R): below 1 mm for edges of this length.
_EDGE_DEGREES: Final = 0.002
_EDGE_M: Final = 200.0
# (n + 1)/(2n + 1)·e²ⁿ: ∫ cos φ (1 − e² sin² φ)⁻² dφ as a series in sin φ, to annex D's order.
_SERIES: Final = tuple((n + 1) / (2 * n + 1) * E2**n for n in range(5))


def geometry_array(geometries: Any) -> GeometryArray:
    """One geometry or many as a flat array of objects."""
    array: GeometryArray = np.atleast_1d(np.asarray(geometries, dtype=object)).ravel()
    return array


def authalic_y(latitude: FloatArray) -> FloatArray:
    """Ordinate in metres of the cylindrical equal-area projection of latitudes in degrees."""
    sine = np.sin(np.radians(latitude))
    square = sine * sine
    total = np.full_like(square, _SERIES[4])
    for factor in reversed(_SERIES[:4]):
        total *= square
        total += factor
    result: FloatArray = SEMI_MINOR_M * sine * total
    return result


def to_equal_area(geometries: Any, latitude: float | None = None) -> Any:
    """Geometry (or array) in lon/lat as metres in a cylindrical equal-area projection.

    With a ``latitude`` (degrees) lengths are true near that parallel as well; areas always are.
    """
    stretch = 1.0
    if latitude is not None:
        stretch = metres_per_degree(latitude)[0] / (math.radians(1) * SEMI_MINOR_M)

    return shapely.transform(geometries, lambda lonlat: to_equal_area_points(lonlat, stretch))


def to_equal_area_points(lonlat: FloatArray, stretch: float = 1.0) -> FloatArray:
    """Points (n, 2) in lon/lat as metres in the cylindrical equal-area projection.

    ``stretch`` widens them and lowers them by the same factor: 1 keeps lengths on the equator.
    """
    plane = np.empty_like(lonlat)
    np.multiply(lonlat[:, 0], math.radians(1) * SEMI_MINOR_M * stretch, out=plane[:, 0])
    np.divide(authalic_y(lonlat[:, 1]), stretch, out=plane[:, 1])
    return plane


def mean_widths(geometries: Any, latitude: float, areas: FloatArray | None = None) -> FloatArray:
    """Width in metres of the rectangle with the area and perimeter of each polygon.

    For a strip this is its mean width, for a square its side; of a multipolygon the widest part
    counts. Lines and points have width 0. ``latitude`` is where lengths are true; ``areas`` (m²)
    saves computing them again.
    """
    array = geometry_array(geometries)
    known = np.full(len(array), np.nan) if areas is None else areas
    single = shapely.get_type_id(array) == shapely.GeometryType.POLYGON
    simple = single & (shapely.get_num_interior_rings(array) == 0) & ~np.isnan(known)
    widths = np.zeros(len(array))
    widths[simple] = _rectangle_widths(known[simple], _perimeters(array[simple], latitude))
    rest = np.flatnonzero(~simple)
    parts, owner = shapely.get_parts(to_equal_area(array[rest], latitude), return_index=True)
    np.maximum.at(
        widths, rest[owner], _rectangle_widths(shapely.area(parts), shapely.length(parts))
    )
    return widths


def _rectangle_widths(area: FloatArray, perimeter: FloatArray) -> FloatArray:
    """Shorter side s of the rectangle: s² − (perimeter/2)·s + area = 0."""
    half = perimeter / 2
    root = np.sqrt(np.maximum(half * half - 4 * area, 0.0))
    # 2·area/(half + root) is the same root as (half − root)/2, without cancelling for strips.
    return np.divide(2 * area, half + root, out=np.zeros_like(area), where=half > 0)


def _perimeters(polygons: GeometryArray, latitude: float) -> FloatArray:
    """Perimeters in metres near a parallel of polygons without holes, all at once."""
    coords, owner = shapely.get_coordinates(polygons, return_index=True)
    per_lon, per_lat = metres_per_degree(latitude)
    step = np.diff(coords, axis=0)
    length = np.hypot(step[:, 0] * per_lon, step[:, 1] * per_lat)
    length[owner[1:] != owner[:-1]] = 0.0
    return sum_by(owner[1:], length, len(polygons))


def sum_by(owner: IdArray, values: FloatArray, count: int) -> FloatArray:
    """Sum of the values of each owner 0 … count − 1."""
    return np.bincount(owner, weights=values, minlength=count).astype(np.float64, copy=False)


def metres_per_degree(latitude: float) -> tuple[float, float]:
    """Length in metres of a degree of longitude and of latitude on the ellipsoid."""
    sine = math.sin(math.radians(latitude))
    root = math.sqrt(1 - E2 * sine * sine)
    degree = math.radians(1)
    return (
        degree * SEMI_MAJOR_M / root * math.cos(math.radians(latitude)),
        degree * SEMI_MAJOR_M * (1 - E2) / root**3,
    )


@lru_cache(maxsize=256)
def _plane_transformer(lon: float, lat: float) -> Transformer:
    # A bare pipeline is made in 0.1 ms; from_crs would search for 20 ms and find the same.
    return Transformer.from_pipeline(
        "+proj=pipeline +step +proj=unitconvert +xy_in=deg +xy_out=rad "
        f"+step +proj=aeqd +lon_0={lon!r} +lat_0={lat!r} "
        f"+a={SEMI_MAJOR_M!r} +rf={1 / FLATTENING!r}"
    )


@dataclass(frozen=True, slots=True)
class LocalPlane:
    """A plane in metres around a centre (lon, lat): azimuthal equidistant on CGCS2000.

    Distances are true to 1e-6 within 15 km of the centre and to 1e-5 within 50 km.
    """

    lon: float
    lat: float

    @classmethod
    def around(cls, bounds: Bounds) -> LocalPlane:
        """The plane centred on bounds (west, south, east, north)."""
        return cls(round((bounds[0] + bounds[2]) / 2, 6), round((bounds[1] + bounds[3]) / 2, 6))

    def forward(self, geometries: Any) -> Any:
        """Lon/lat geometry in metres; long edges are densified so that they stay where they are."""
        return shapely.transform(shapely.segmentize(geometries, _EDGE_DEGREES), self._to_plane)

    def backward(self, geometries: Any) -> Any:
        """Geometry in metres back in lon/lat; long edges are densified."""
        return shapely.transform(shapely.segmentize(geometries, _EDGE_M), self.to_lonlat)

    def to_lonlat(self, plane: FloatArray) -> FloatArray:
        """(n, 2) lon/lat in degrees of (n, 2) metres."""
        transformer = _plane_transformer(self.lon, self.lat)
        return np.column_stack(
            transformer.transform(plane[:, 0], plane[:, 1], direction=TransformDirection.INVERSE)
        )

    def _to_plane(self, lonlat: FloatArray) -> FloatArray:
        transformer = _plane_transformer(self.lon, self.lat)
        return np.column_stack(transformer.transform(lonlat[:, 0], lonlat[:, 1]))


def shortest_distances(plane: LocalPlane, block: BaseGeometry, others: GeometryArray) -> FloatArray:
    """Distance in metres on the ellipsoid from ``block`` to each of ``others``.

    Both are given in ``plane``. The nearest pair of points is found in the plane and measured as
    a geodesic.
    """
    lines = shapely.shortest_line(block, others)
    ends = plane.to_lonlat(shapely.get_coordinates(lines)).reshape(-1, 4)
    _, _, metres = GEOD.inv(ends[:, 0], ends[:, 1], ends[:, 2], ends[:, 3])
    result: NDArray[np.float64] = np.asarray(metres, dtype=np.float64)
    return result


def grow_bounds(bounds: Bounds, metres: float) -> Bounds:
    """Bounds in degrees grown by at least ``metres`` on every side."""
    high = min(max(abs(bounds[1]), abs(bounds[3])) + metres / 110_000.0, 89.0)
    dy = metres / 110_000.0
    dx = metres / (110_000.0 * math.cos(math.radians(high)))
    return (bounds[0] - dx, bounds[1] - dy, bounds[2] + dx, bounds[3] + dy)
