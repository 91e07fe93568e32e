"""The one geometry value that flows through the system."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field

import shapely
from shapely.geometry import MultiPolygon, Polygon

from minplan.core.geometry.crs import CoordinateSystem


@dataclass(frozen=True, slots=True)
class ElevationRange:
    """Mining elevation range (开采标高): metres above the 1985 height datum."""

    upper: float
    lower: float

    def __post_init__(self) -> None:
        if self.upper < self.lower:
            upper, lower = self.lower, self.upper
            object.__setattr__(self, "upper", upper)
            object.__setattr__(self, "lower", lower)

    def gap_to(self, other: ElevationRange) -> float:
        """Vertical distance in metres; negative when the ranges overlap by that much."""
        return max(self.lower, other.lower) - min(self.upper, other.upper)


@dataclass(frozen=True, slots=True)
class Polygonal:
    """A polygon in EPSG:4490 (lon, lat), valid, with what is known of its making.

    ``edge_system`` is the system in which its edges are straight lines (the corners of a licence
    in Gauss-Krüger have edges straight in that zone); ``elevation`` the range of all parts
    together, ``part_elevations`` those of the single parts where they differ; ``source`` says
    where it came from.
    """

    geometry: Polygon | MultiPolygon
    edge_system: CoordinateSystem = field(default_factory=CoordinateSystem)
    source: str = ""
    elevation: ElevationRange | None = None
    part_elevations: tuple[ElevationRange | None, ...] = ()

    @property
    def parts(self) -> tuple[Polygon, ...]:
        """The single polygons."""
        if isinstance(self.geometry, Polygon):
            return (self.geometry,)
        return tuple(self.geometry.geoms)

    @property
    def bounds(self) -> tuple[float, float, float, float]:
        """(west, south, east, north) in degrees."""
        return self.geometry.bounds  # type: ignore[no-any-return]

    @property
    def fingerprint(self) -> str:
        """SHA-256 of the normalised geometry: equal for equal ground, whatever the point order."""
        normal = shapely.normalize(shapely.set_precision(self.geometry, 1e-9, mode="pointwise"))
        return hashlib.sha256(shapely.to_wkb(normal, byte_order=1)).hexdigest()
