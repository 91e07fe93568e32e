"""Ground for property tests: star-shaped blocks in Shanxi, given by corners."""

from __future__ import annotations

import numpy as np
import shapely
from hypothesis import strategies as st
from shapely.geometry import Polygon

from minplan.core.geometry.crs import CoordinateSystem, Datum, from_lonlat, local_system, to_lonlat
from minplan.core.geometry.polygonal import Polygonal

LONLAT = CoordinateSystem()
ZONE_38 = CoordinateSystem(Datum.CGCS2000, 3, 38)


@st.composite
def stars(draw: st.DrawFn, *, smallest_m: float = 200.0, largest_m: float = 3000.0) -> Polygon:
    """A star-shaped polygon in lon/lat of radius between the bounds."""
    lon = draw(st.floats(111.8, 113.6))
    lat = draw(st.floats(35.5, 37.2))
    radius = draw(st.floats(smallest_m, largest_m))
    shares = draw(st.lists(st.floats(0.35, 1.0), min_size=3, max_size=14))
    angles = np.linspace(0, 2 * np.pi, len(shares), endpoint=False)
    reach = radius * np.array(shares) / 111_000
    return Polygon(np.c_[lon + 1.2 * reach * np.cos(angles), lat + reach * np.sin(angles)])


@st.composite
def blocks(draw: st.DrawFn, *, smallest_m: float = 200.0, largest_m: float = 3000.0) -> Polygonal:
    """A block with corners to the centimetre in its 3° zone, or in plain lon/lat."""
    shape = draw(stars(smallest_m=smallest_m, largest_m=largest_m))
    if draw(st.booleans()):
        return Polygonal(shape)
    zone = local_system(shape.centroid.x)
    plane = np.round(from_lonlat(zone, shapely.get_coordinates(shape)[:-1]), 2)
    return Polygonal(Polygon(to_lonlat(zone, plane[:, 0], plane[:, 1])), zone)


def zone_block(*corners: tuple[float, float]) -> Polygonal:
    """A block from (east, north) corners in metres from (38400000, 4000000) in zone 38."""
    plane = np.add(corners, (38_400_000.0, 4_000_000.0))
    return Polygonal(Polygon(to_lonlat(ZONE_38, plane[:, 0], plane[:, 1])), ZONE_38)
