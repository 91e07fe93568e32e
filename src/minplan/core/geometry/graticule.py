"""The graticule of exploration rights: 1′×1′ basic blocks and their subdivisions.

A basic unit block (基本单位区块) is one minute of longitude by one of latitude; it is divided into
four quarter blocks (四分之一区块, 30″) and those into four small blocks (小区块, 15″). Cells are
numbered here by our own working scheme, not by the official sheet numbering: a cell is the pair
(column, row) of its south-west corner counted in cell sizes from 0° E and 0° N, and its label is
that corner in degrees, minutes and seconds with the size, for example ``E1125830N361215-15``.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from enum import IntEnum
from typing import Final

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from minplan.core.geometry.crs import FloatArray
from minplan.core.geometry.measure import SEMI_MINOR_M, authalic_y
from minplan.core.geometry.polygonal import Polygonal

CellArray = NDArray[np.int64]

#: A corner this close to a line of the graticule (seconds of arc) lies on it: coordinates are
#: written to 0.001″, and a datum or projection round trip costs no more.
SNAP_SECONDS: Final = 0.002
# Columns in a row of the smallest cells around the whole circle.
_COLUMNS: Final = 86_400
_SECOND_M: Final = math.radians(1 / 3600) * 6_371_000.0


class CellSize(IntEnum):
    """Size of a cell in seconds of arc."""

    BASIC = 60
    QUARTER = 30
    SMALL = 15

    @property
    def per_degree(self) -> int:
        """Cells along one degree."""
        return 3600 // self.value


@dataclass(frozen=True, slots=True, order=True)
class Cell:
    """One cell: ``column`` and ``row`` of its south-west corner in cell sizes from 0° E, 0° N."""

    column: int
    row: int
    size: CellSize = CellSize.BASIC

    @property
    def label(self) -> str:
        """Working label ``E<dddmmss>N<ddmmss>-<size>``, not an official number."""
        lon, lat = self.column * self.size, self.row * self.size
        return (
            f"E{lon // 3600:03d}{lon // 60 % 60:02d}{lon % 60:02d}"
            f"N{lat // 3600:02d}{lat // 60 % 60:02d}{lat % 60:02d}-{int(self.size)}"
        )

    @property
    def bounds(self) -> tuple[float, float, float, float]:
        """(west, south, east, north) in degrees."""
        n = self.size.per_degree
        return self.column / n, self.row / n, (self.column + 1) / n, (self.row + 1) / n

    @property
    def geometry(self) -> BaseGeometry:
        """The cell as a polygon in lon/lat."""
        return shapely.box(*self.bounds)

    @property
    def area_m2(self) -> float:
        """Ellipsoidal area in m²."""
        return float(row_areas(np.array([self.row]), self.size)[0])


def row_areas(rows: CellArray, size: CellSize = CellSize.BASIC) -> FloatArray:
    """Ellipsoidal area in m² of a cell in each row: it depends on the latitude alone."""
    n = size.per_degree
    edge = math.radians(1 / n) * SEMI_MINOR_M
    rows = np.asarray(rows, dtype=np.int64)
    result: FloatArray = edge * (authalic_y((rows + 1) / n) - authalic_y(rows / n))
    return result


def basic_block_area(latitude: float, size: CellSize = CellSize.BASIC) -> float:
    """Area in m² of a cell centred on ``latitude`` (degrees): 1′×1′ unless said otherwise."""
    half = 0.5 / size.per_degree
    south, north = authalic_y(np.array([latitude - half, latitude + half]))
    return float(math.radians(2 * half) * SEMI_MINOR_M * (north - south))


def cell_ids(columns: CellArray, rows: CellArray) -> CellArray:
    """Cells as single integers, row · 86400 + column: unique within one cell size."""
    result: CellArray = np.asarray(rows, np.int64) * _COLUMNS + np.asarray(columns, np.int64)
    return result


def cells_from_ids(ids: Iterable[int], size: CellSize = CellSize.BASIC) -> tuple[Cell, ...]:
    """The cells of integers made by :func:`cell_ids`."""
    return tuple(Cell(int(i) % _COLUMNS, int(i) // _COLUMNS, size) for i in ids)


@dataclass(frozen=True, slots=True)
class CellCover:
    """The cells of one size that a block covers at least in part; arrays of one length."""

    size: CellSize
    columns: CellArray
    rows: CellArray
    whole: NDArray[np.bool_]

    def __len__(self) -> int:
        return len(self.columns)

    @property
    def ids(self) -> CellArray:
        """All cells as integers, see :func:`cell_ids`."""
        return cell_ids(self.columns, self.rows)

    @property
    def whole_count(self) -> int:
        """Number of cells wholly inside the block."""
        return int(np.count_nonzero(self.whole))

    @property
    def is_exact(self) -> bool:
        """Whether the block consists of whole cells and nothing else."""
        return len(self) > 0 and bool(self.whole.all())

    def cells(self, *, whole: bool = False) -> tuple[Cell, ...]:
        """The cells from south-west to north-east; only the whole ones if asked."""
        chosen = self.whole if whole else np.ones(len(self), dtype=bool)
        pairs = zip(self.columns[chosen], self.rows[chosen], strict=True)
        return tuple(Cell(int(column), int(row), self.size) for column, row in pairs)


def cover(geometry: BaseGeometry, size: CellSize = CellSize.BASIC) -> CellCover:
    """Cells that a lon/lat polygon touches, and which of them lie wholly inside.

    Borders may miss the lines of the graticule by SNAP_SECONDS: a neighbour cell is not touched
    by such a difference, nor a whole cell broken.
    """
    n = size.per_degree
    slack = SNAP_SECONDS / 3600
    west, south, east, north = geometry.bounds
    columns = np.arange(math.floor((west + slack) * n), math.ceil((east - slack) * n))
    rows = np.arange(math.floor((south + slack) * n), math.ceil((north - slack) * n))
    column, row = (grid.ravel() for grid in np.meshgrid(columns, rows))
    boxes = shapely.box(
        column / n + slack, row / n + slack, (column + 1) / n - slack, (row + 1) / n - slack
    )
    shapely.prepare(geometry)
    touched = shapely.intersects(geometry, boxes)
    return CellCover(
        size=size,
        columns=column[touched],
        rows=row[touched],
        whole=shapely.covers(geometry, boxes[touched]),
    )


@dataclass(frozen=True, slots=True)
class CornerSnap:
    """How a corner lies to the graticule.

    ``ring`` and ``number`` count from 1 (rings part by part, the outer one first);
    ``lon_seconds``/``lat_seconds`` are its signed distances in seconds of arc from the nearest
    15″ meridian and parallel, ``offset_m`` the distance in metres from the nearest crossing of
    them. ``on`` is the coarsest graticule on a crossing of which it lies, None when on none.
    """

    ring: int
    number: int
    lon: float
    lat: float
    lon_seconds: float
    lat_seconds: float
    offset_m: float
    on: CellSize | None


@dataclass(frozen=True, slots=True)
class SnapReport:
    """A block against the graticule of exploration rights.

    ``made_of`` is the largest cell size of which the block consists exactly, None when it does
    not; ``whole`` counts the cells of each size wholly inside.
    """

    corners: tuple[CornerSnap, ...]
    made_of: CellSize | None
    whole: dict[CellSize, int]

    @property
    def off_grid(self) -> tuple[CornerSnap, ...]:
        """Corners that lie on no crossing of the 15″ graticule."""
        return tuple(corner for corner in self.corners if corner.on is None)

    @property
    def whole_basic_blocks(self) -> int:
        """Number of whole 1′×1′ basic blocks inside."""
        return self.whole[CellSize.BASIC]


def snap_report(polygonal: Polygonal) -> SnapReport:
    """Which corners lie on the graticule, how far off the others are, and how many cells fit."""
    covers = {size: cover(polygonal.geometry, size) for size in CellSize}
    rings = shapely.get_rings(polygonal.geometry)
    return SnapReport(
        corners=tuple(
            _corner_snap(index, number, lon, lat)
            for index, ring in enumerate(rings, start=1)
            for number, (lon, lat) in enumerate(shapely.get_coordinates(ring)[:-1], start=1)
        ),
        made_of=next((size for size, found in covers.items() if found.is_exact), None),
        whole={size: found.whole_count for size, found in covers.items()},
    )


def _corner_snap(ring: int, number: int, lon: float, lat: float) -> CornerSnap:
    off_lon, off_lat = _off_line(lon, CellSize.SMALL), _off_line(lat, CellSize.SMALL)
    return CornerSnap(
        ring=ring,
        number=number,
        lon=float(lon),
        lat=float(lat),
        lon_seconds=off_lon,
        lat_seconds=off_lat,
        offset_m=_SECOND_M * math.hypot(off_lon * math.cos(math.radians(lat)), off_lat),
        on=next((size for size in CellSize if _is_on(lon, size) and _is_on(lat, size)), None),
    )


def _off_line(degrees: float, size: CellSize) -> float:
    seconds = degrees * 3600
    return float(seconds - round(seconds / size) * size)


def _is_on(degrees: float, size: CellSize) -> bool:
    return abs(_off_line(degrees, size)) <= SNAP_SECONDS
