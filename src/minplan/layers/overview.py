"""What a map shows of very many features from far away: the ground they cover, pixel by pixel.

Every pixel of the finest overview is marked whose middle a polygon covers, and the one around a
point of every polygon, so that nothing vanishes however small. The marked ground is then outlined
(marching squares) and its outline simplified to half a pixel. Coarser overviews mark a pixel where
any of its four is marked. Lines and points keep their place, rounded to the pixel.

Coordinates are those of a square plane as wide as the Mercator world.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import Any, Final

import numpy as np
import shapely
from contourpy import FillType, contour_generator
from numpy.typing import NDArray

from minplan.core.geometry.crs import FloatArray
from minplan.core.geometry.layer import GeometryArray, IdArray

#: Half the side of the plane.
HALF_WORLD: Final = 20_037_508.342789244
#: Pixels along a side of a tile.
_SIDE: Final = 512
#: A polygon over more pixels than this is prepared and asked alone.
_MANY: Final = 400

Mask = NDArray[np.bool_]
Cell = tuple[int, int]


class Overview:
    """Ground gathered batch by batch; ``zoom`` is that of the finest overview."""

    def __init__(self, zoom: int) -> None:
        self._zoom = zoom
        self._masks: dict[Cell, Mask] = defaultdict(lambda: np.zeros((_SIDE, _SIDE), dtype=bool))
        self._others: list[Any] = []

    def add(self, shapes: GeometryArray) -> None:
        """Gather features (polygons, or lines and points)."""
        area = shapely.get_dimensions(shapes) == 2
        if not area.all():
            self._others.append(shapes[~area])
        for columns, rows in _pixels(shapely.get_parts(shapes[area]), pixel_side(self._zoom)):
            self._mark(columns, rows)

    def shapes(self, zoom: int) -> GeometryArray:
        """What is seen at a zoom, as polygons and lines."""
        masks, steps = dict(self._masks), self._zoom - zoom
        for _ in range(steps):
            masks = _halved(masks)
        side = pixel_side(zoom)
        found = [shape for cell in masks for shape in _outlined(masks, cell, side)]
        for shapes in self._others:
            rounded = shapely.simplify(shapes, side / 2)
            found += [item for item in rounded if not shapely.is_empty(item)]
        return np.array(found, dtype=object)

    def _mark(self, columns: IdArray, rows: IdArray) -> None:
        if not len(columns):
            return
        tiles = np.column_stack([columns // _SIDE, rows // _SIDE])
        order = np.lexsort((tiles[:, 1], tiles[:, 0]))
        tiles, columns, rows = tiles[order], columns[order] % _SIDE, rows[order] % _SIDE
        changes = np.any(np.diff(tiles, axis=0), axis=1)
        starts = np.flatnonzero(np.append(True, changes))
        for start, end in zip(starts, [*starts[1:], len(tiles)], strict=True):
            mask = self._masks[int(tiles[start, 0]), int(tiles[start, 1])]
            mask[rows[start:end], columns[start:end]] = True


def pixel_side(zoom: int) -> float:
    """Side of a pixel at a zoom in units of the plane."""
    return 2 * HALF_WORLD / _SIDE / 2.0**zoom


def _pixels(polygons: GeometryArray, side: float) -> Iterator[tuple[IdArray, IdArray]]:
    """Columns (from the west) and rows (from the south) of the pixels that polygons mark."""
    if not len(polygons):
        return
    inner = shapely.get_coordinates(shapely.point_on_surface(polygons))
    yield _cells(inner, side)
    bounds = shapely.bounds(polygons)
    first = np.ceil((bounds[:, :2] + HALF_WORLD) / side - 0.5).astype(np.int64)
    last = np.floor((bounds[:, 2:] + HALF_WORLD) / side - 0.5).astype(np.int64)
    size = np.maximum(last - first + 1, 0)
    count = size[:, 0] * size[:, 1]
    few = np.flatnonzero((count > 0) & (count <= _MANY))
    owner = np.repeat(few, count[few])
    number = np.arange(len(owner)) - np.repeat(np.cumsum(count[few]) - count[few], count[few])
    columns = first[owner, 0] + number % size[owner, 0]
    rows = first[owner, 1] + number // size[owner, 0]
    inside = shapely.contains_xy(polygons[owner], *_middles(columns, rows, side))
    yield columns[inside], rows[inside]
    for index in np.flatnonzero(count > _MANY):
        shapely.prepare(polygons[index])
        across = np.arange(first[index, 0], last[index, 0] + 1)
        up = np.arange(first[index, 1], last[index, 1] + 1)
        columns, rows = (axis.ravel() for axis in np.meshgrid(across, up))
        inside = shapely.contains_xy(polygons[index], *_middles(columns, rows, side))
        yield columns[inside], rows[inside]


def _cells(points: FloatArray, side: float) -> tuple[IdArray, IdArray]:
    cells = np.floor((points + HALF_WORLD) / side).astype(np.int64)
    return cells[:, 0], cells[:, 1]


def _middles(columns: IdArray, rows: IdArray, side: float) -> tuple[FloatArray, FloatArray]:
    places = (np.stack([columns, rows]).astype(np.float64) + 0.5) * side - HALF_WORLD
    return places[0], places[1]


def _halved(masks: dict[Cell, Mask]) -> dict[Cell, Mask]:
    """The masks of the zoom below: a pixel is marked where any of its four is."""
    half = _SIDE // 2
    found: dict[Cell, Mask] = defaultdict(lambda: np.zeros((_SIDE, _SIDE), dtype=bool))
    for (column, row), mask in masks.items():
        small = mask.reshape(half, 2, half, 2).any(axis=(1, 3))
        up, across = (row % 2) * half, (column % 2) * half
        found[column // 2, row // 2][up : up + half, across : across + half] |= small
    return dict(found)


def _outlined(masks: dict[Cell, Mask], cell: Cell, side: float) -> list[Any]:
    """The marked ground of a tile as polygons that end at its edges.

    They are outlined together with a pixel of the neighbours and cut, so that ground that goes on
    fills the tile to the edge, and nothing lies twice.
    """
    column, row = cell
    window = np.zeros((_SIDE + 2, _SIDE + 2))
    window[1:-1, 1:-1] = masks[cell]
    beside = (
        (-1, 0, np.s_[1:-1, 0], np.s_[:, -1]),
        (1, 0, np.s_[1:-1, -1], np.s_[:, 0]),
        (0, -1, np.s_[0, 1:-1], np.s_[-1, :]),
        (0, 1, np.s_[-1, 1:-1], np.s_[0, :]),
    )
    for across, up, here, there in beside:
        if (other := masks.get((column + across, row + up))) is not None:
            window[here] = other[there]
    if not window.any():
        return []
    places = np.arange(-1, _SIDE + 1) + 0.5
    generator = contour_generator(
        x=(column * _SIDE + places) * side - HALF_WORLD,
        y=(row * _SIDE + places) * side - HALF_WORLD,
        z=window,
        fill_type=FillType.ChunkCombinedOffsetOffset,
    )
    chunk: tuple[Any, ...] = generator.filled(0.5, 2.0)
    points, ring_starts, polygon_starts = (part[0] for part in chunk)
    if points is None:
        return []
    rings = shapely.linearrings(points, indices=_repeated(ring_starts))
    polygons = shapely.polygons(rings, indices=_repeated(polygon_starts))
    # keeping the topology would take minutes for ground with thousands of holes
    simple = shapely.simplify(polygons, side / 2, preserve_topology=False)
    gone = shapely.is_empty(simple)
    simple[gone] = polygons[gone]
    west, south = (index * _SIDE * side - HALF_WORLD for index in cell)
    return _cut(simple, (west, south, west + _SIDE * side, south + _SIDE * side))


def _cut(polygons: GeometryArray, box: tuple[float, float, float, float]) -> list[Any]:
    """What of the polygons lies in a box; few reach beyond it."""
    low, high = np.array(box[:2]), np.array(box[2:])
    bounds = shapely.bounds(polygons)
    out = np.any((bounds[:, :2] < low) | (bounds[:, 2:] > high), axis=1)
    polygons[out] = shapely.intersection(polygons[out], shapely.box(*box))
    return list(polygons[shapely.get_dimensions(polygons) == 2])


def _repeated(starts: Any) -> IdArray:
    """The number of the group each item belongs to, from the starts of the groups."""
    sizes: IdArray = np.diff(np.asarray(starts)).astype(np.int64)
    return np.repeat(np.arange(len(sizes)), sizes)
