"""The overlay kernel: one block against a layer, in exact geometry and ellipsoidal square metres.

``prepare(block)`` → candidates by bounding box → ``contains_properly`` → the stored area of what
lies wholly inside; only what crosses the border is cut. Feature ids are summed over their parts
with numpy, because giants are stored in many parts.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from minplan.core.geometry.area import cut_area, ellipsoidal_area
from minplan.core.geometry.crs import FloatArray
from minplan.core.geometry.layer import (
    Bounds,
    ConstraintLayer,
    FeatureBatch,
    GeometryArray,
    IdArray,
)
from minplan.core.geometry.measure import (
    LocalPlane,
    grow_bounds,
    mean_widths,
    shortest_distances,
    sum_by,
    to_equal_area,
)
from minplan.core.geometry.memory import MemoryLayer
from minplan.core.geometry.polygonal import Polygonal
from minplan.core.geometry.repair import densify
from minplan.core.tolerances import NOISE_AREA_M2, SAME_CORNER_M, SLIVER_WIDTH_M

BoolArray = NDArray[np.bool_]

__all__ = [
    "FeatureOverlaps",
    "MemoryLayer",
    "Near",
    "Overlap",
    "PartOverlaps",
    "PreparedBlock",
    "buffer_m",
    "contains",
    "coverage",
    "nearest",
    "overlap_arrays",
    "overlap_features",
    "overlaps",
    "overlaps_bulk",
    "prepare",
    "union_area",
]


@dataclass(frozen=True, slots=True)
class PreparedBlock:
    """A block ready to be laid over layers.

    ``geometry`` has its edges densified in lon/lat where they are straight in a projection, so
    that cuts agree with layers; ``area_m2`` is the ellipsoidal area of that geometry (the
    statutory area of the corners differs by the bulge of the edges, a few m²).
    """

    polygonal: Polygonal
    geometry: BaseGeometry
    area_m2: float
    bounds: Bounds


@dataclass(frozen=True, slots=True)
class PartOverlaps:
    """Overlaps of one block with the parts of a batch; all arrays have one length.

    ``part`` is the index into the batch, ``feature`` the id, ``area_m2`` the ellipsoidal area
    (0 for lines and points), ``length_m`` the length inside (0 for areas and points),
    ``dimension`` 2, 1 or 0, ``piece`` the geometry inside, which is the part itself where
    ``inside`` says it lies wholly within.
    """

    part: IdArray
    feature: IdArray
    area_m2: FloatArray
    length_m: FloatArray
    inside: BoolArray
    dimension: IdArray
    piece: GeometryArray

    def __len__(self) -> int:
        return len(self.part)


@dataclass(frozen=True, slots=True)
class Overlap:
    """One feature's overlap with a block (压占).

    Shares are between 0 and 1; ``width_m`` is the mean width of the widest piece, ``sliver`` that
    it is below the tolerance (an over-cut rather than a hit). ``geometry`` is the piece in lon/lat
    when asked for. Lines have ``length_m`` in place of an area; points have neither.
    """

    feature: int
    area_m2: float
    share_of_block: float
    share_of_feature: float
    sliver: bool
    width_m: float
    geometry: BaseGeometry | None = None
    attributes: Mapping[str, Any] = field(default_factory=dict)
    length_m: float = 0.0


@dataclass(frozen=True, slots=True)
class Near:
    """A feature near a block: distance in metres (0 when they meet) and its parts in reach."""

    feature: int
    distance_m: float
    geometry: BaseGeometry
    attributes: Mapping[str, Any] = field(default_factory=dict)


def prepare(block: Polygonal) -> PreparedBlock:
    """Densify and index a block for any number of overlays."""
    geometry = densify(block.geometry, block.edge_system)
    shapely.prepare(geometry)
    return PreparedBlock(
        polygonal=block,
        geometry=geometry,
        area_m2=float(ellipsoidal_area(geometry)[0]),
        bounds=geometry.bounds,
    )


def overlap_arrays(block: PreparedBlock, batch: FeatureBatch) -> PartOverlaps:
    """Cut the parts of a batch by a block: the kernel in arrays, without shares or attributes.

    Parts that only touch the block are dropped; nothing else is, however small.
    """
    shapes = batch.geometry
    inside = shapely.contains_properly(block.geometry, shapes)
    outside = ~inside
    crossing = outside.copy()
    crossing[outside] = shapely.intersects(block.geometry, shapes[outside])
    cut = np.flatnonzero(crossing)
    pieces = _same_dimension(shapely.intersection(shapes[cut], block.geometry), shapes[cut])
    kept = ~shapely.is_empty(pieces)
    cut, pieces = cut[kept], pieces[kept]
    whole = np.flatnonzero(inside)
    part = np.concatenate([whole, cut])
    piece = np.concatenate([shapes[whole], pieces])
    dimension = shapely.get_dimensions(piece)
    return PartOverlaps(
        part=part,
        feature=batch.feature[part],
        area_m2=np.concatenate([batch.area_m2[whole], cut_area(pieces)]),
        length_m=_lengths(piece, dimension, (block.bounds[1] + block.bounds[3]) / 2),
        inside=np.arange(len(part)) < len(whole),
        dimension=dimension,
        piece=piece,
    )


def _same_dimension(pieces: GeometryArray, sources: GeometryArray) -> GeometryArray:
    """Drop what a cut leaves below the dimension of its source: touching points and lines."""
    wanted, found = shapely.get_dimensions(sources), shapely.get_dimensions(pieces)
    result = pieces.copy()
    result[found < wanted] = shapely.Polygon()
    mixed = shapely.get_type_id(pieces) == shapely.GeometryType.GEOMETRYCOLLECTION
    for index in np.flatnonzero(mixed & (found == wanted)):
        parts = shapely.get_parts(pieces[index])
        result[index] = shapely.union_all(parts[shapely.get_dimensions(parts) == wanted[index]])
    return result


def _lengths(pieces: GeometryArray, dimension: IdArray, latitude: float) -> FloatArray:
    lines = dimension == 1
    lengths = np.zeros(len(pieces))
    if lines.any():
        lengths[lines] = shapely.length(to_equal_area(pieces[lines], latitude))
    return lengths


@dataclass(frozen=True, slots=True)
class FeatureOverlaps:
    """Overlaps of one block summed by feature, largest first, noise dropped; arrays of one length.

    ``owner`` tells for each row of ``parts`` which row here it belongs to (−1 for noise).
    """

    feature: IdArray
    area_m2: FloatArray
    length_m: FloatArray
    areal: BoolArray
    parts: PartOverlaps
    owner: IdArray

    def __len__(self) -> int:
        return len(self.feature)


def overlap_features(block: PreparedBlock, batch: FeatureBatch) -> FeatureOverlaps:
    """Overlaps of a block summed by feature, in arrays.

    Areas below NOISE_AREA_M2 and lengths below SAME_CORNER_M are dropped as noise.
    """
    parts = overlap_arrays(block, batch)
    features, owner = np.unique(parts.feature, return_inverse=True)
    count = len(features)
    area = sum_by(owner, parts.area_m2, count)
    length = sum_by(owner, parts.length_m, count)
    areal = np.zeros(count, dtype=bool)
    areal[owner[parts.dimension == 2]] = True
    noise = np.where(areal, area < NOISE_AREA_M2, (length > 0) & (length < SAME_CORNER_M))
    kept = np.flatnonzero(~noise)
    kept = kept[np.lexsort((features[kept], -length[kept], -area[kept]))]
    place = np.full(count, -1)
    place[kept] = np.arange(len(kept))
    return FeatureOverlaps(
        features[kept], area[kept], length[kept], areal[kept], parts, place[owner]
    )


def overlaps(
    block: PreparedBlock, layer: ConstraintLayer, *, pieces: bool = False
) -> tuple[Overlap, ...]:
    """Overlaps of a block with a layer by feature, largest first.

    Areas below NOISE_AREA_M2 and lengths below SAME_CORNER_M are dropped as noise. With
    ``pieces`` every overlap carries its geometry, parts of one feature united.
    """
    found = overlap_features(block, layer.candidates(block.bounds))
    if not len(found):
        return ()
    ids = found.feature.tolist()
    attributes, totals = layer.attributes(ids), layer.feature_areas(ids)
    widths = _feature_widths(block, found)
    total = np.array([totals.get(feature, 0.0) for feature in ids])
    of_feature = np.divide(found.area_m2, total, out=np.zeros(len(ids)), where=total > 0)
    return tuple(
        map(
            Overlap,
            ids,
            found.area_m2.tolist(),
            np.minimum(found.area_m2 / block.area_m2, 1.0).tolist(),
            np.minimum(of_feature, 1.0).tolist(),
            (found.areal & (widths < SLIVER_WIDTH_M)).tolist(),
            widths.tolist(),
            _united_by_feature(found) if pieces else [None] * len(ids),
            [attributes.get(feature, {}) for feature in ids],
            found.length_m.tolist(),
        )
    )


def _feature_widths(block: PreparedBlock, found: FeatureOverlaps) -> FloatArray:
    latitude = (block.bounds[1] + block.bounds[3]) / 2
    widths = np.zeros(len(found))
    kept = found.owner >= 0
    parts = found.parts
    np.maximum.at(
        widths, found.owner[kept], mean_widths(parts.piece[kept], latitude, parts.area_m2[kept])
    )
    return widths


def _united_by_feature(found: FeatureOverlaps) -> list[BaseGeometry]:
    order = np.argsort(found.owner, kind="stable")
    order = order[np.searchsorted(found.owner[order], 0) :]
    starts = np.searchsorted(found.owner[order], np.arange(1, len(found)))
    return [_united(group) for group in np.split(found.parts.piece[order], starts)]


def _united(pieces: GeometryArray) -> BaseGeometry:
    return pieces[0] if len(pieces) == 1 else shapely.union_all(pieces)


def overlaps_bulk(
    blocks: Sequence[PreparedBlock], layer: ConstraintLayer, *, threads: int = 2
) -> Iterator[FeatureOverlaps]:
    """Overlaps of many blocks with one layer, in the order given, on ``threads`` threads."""
    with ThreadPoolExecutor(max_workers=threads) as pool:
        yield from pool.map(
            lambda block: overlap_features(block, layer.candidates(block.bounds)), blocks
        )


def union_area(block: PreparedBlock, found: Iterable[Overlap]) -> float:
    """Area in m² of the block's ground under any of the overlaps, counted once.

    Raises ValueError when an overlap was measured without its piece.
    """
    pieces = [item.geometry for item in found]
    if any(piece is None for piece in pieces):
        raise ValueError("union_area needs overlaps measured with pieces=True")
    return _ground_area(block, pieces)


def coverage(block: PreparedBlock, layer: ConstraintLayer) -> float:
    """Share of the block (0 to 1) that the layer's features cover, each piece of ground once."""
    parts = overlap_arrays(block, layer.candidates(block.bounds))
    return _ground_area(block, parts.piece[parts.dimension == 2]) / block.area_m2


def _ground_area(block: PreparedBlock, pieces: Any) -> float:
    # pieces mostly lie apart: only those that meet are united
    united = shapely.disjoint_subset_union_all(pieces)
    return min(float(ellipsoidal_area(united)[0]), block.area_m2)


def contains(block: PreparedBlock, geometry: BaseGeometry) -> bool:
    """Whether ``geometry`` (lon/lat) lies inside the block, but for noise along the border.

    A polygon given by corners in a projection should come densified, as from :func:`prepare`.
    """
    if shapely.covers(block.geometry, geometry):
        return True
    outside = shapely.difference(geometry, block.geometry)
    if shapely.get_dimensions(geometry) < 2:
        return bool(shapely.is_empty(outside))
    return bool(cut_area(outside)[0] < NOISE_AREA_M2)


def nearest(block: PreparedBlock, layer: ConstraintLayer, *, within_m: float) -> tuple[Near, ...]:
    """Features of a layer within a distance in metres on the ellipsoid, nearest first.

    Features that meet the block have distance 0.
    """
    batch = layer.candidates(grow_bounds(block.bounds, within_m))
    if not len(batch):
        return ()
    distance = _distances(block, batch.geometry, within_m)
    reached = np.flatnonzero(distance <= within_m)
    features, owner = np.unique(batch.feature[reached], return_inverse=True)
    shortest = np.full(len(features), np.inf)
    np.minimum.at(shortest, owner, distance[reached])
    attributes = layer.attributes([int(feature) for feature in features])
    return tuple(
        Near(
            feature=int(features[i]),
            distance_m=float(shortest[i]),
            geometry=_united(batch.geometry[reached[owner == i]]),
            attributes=attributes.get(int(features[i]), {}),
        )
        for i in np.lexsort((features, shortest))
    )


def _distances(block: PreparedBlock, shapes: GeometryArray, within_m: float) -> FloatArray:
    """Distance of each shape; inf where it is surely beyond ``within_m``."""
    distance = np.full(len(shapes), np.inf)
    meets = shapely.intersects(block.geometry, shapes)
    distance[meets] = 0.0
    apart = np.flatnonzero(~meets)
    if not len(apart):
        return distance
    plane = LocalPlane.around(block.bounds)
    ground = plane.forward(block.geometry)
    shapely.prepare(ground)
    others = plane.forward(shapes[apart])
    close = shapely.dwithin(ground, others, within_m * 1.001 + 1.0)
    distance[apart[close]] = shortest_distances(plane, ground, others[close])
    return distance


def buffer_m(geometry: BaseGeometry, metres: float) -> BaseGeometry:
    """Lon/lat geometry grown (or, negative, shrunk) by metres on the ellipsoid.

    Arcs are polygons inside the true arc by at most 2 cm.
    """
    plane = LocalPlane.around(geometry.bounds)
    # A chord of angle π/(2q) stays inside its arc by r·(π/4q)²/2.
    quarter = int(np.clip(np.ceil(np.sqrt(0.3085 * abs(metres) / 0.02)), 8, 256))
    grown = shapely.buffer(plane.forward(geometry), metres, quad_segs=quarter)
    return plane.backward(grown)
