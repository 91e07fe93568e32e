"""Overlaps, gaps and misfits of whole layers of polygons, by trees and arrays.

Predicates and cuts work on lon/lat as given, where corners that are shared are equal; areas are
ellipsoidal, widths and distances in metres.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from minplan.core.geometry.area import cut_area
from minplan.core.geometry.layer import GeometryArray
from minplan.core.geometry.measure import mean_widths, to_equal_area
from minplan.core.quality.view import BoolArray, FloatArray, IndexArray, View, chunks

#: Pairs that are looked at together; bounds the memory of a pass.
_PAIRS: Final = 200_000
#: Pairs that are asked whether they meet, and the share from which all are cut at once.
_SAMPLE: Final = 400
_MOSTLY: Final = 0.6
#: One against more than so many: few against many.
_FEW_TO_MANY: Final = 16


@dataclass(frozen=True, slots=True)
class Overlaps:
    """Pairs of features that share ground: their indexes, the ground and its area (m²)."""

    first: IndexArray
    second: IndexArray
    piece: GeometryArray
    area_m2: FloatArray

    def __len__(self) -> int:
        return len(self.first)


def areal(view: View) -> IndexArray:
    """Indexes of the features with an area that overlays can use."""
    kinds = shapely.get_dimensions(view.sound)
    return np.flatnonzero(kinds == 2).astype(np.int64)


def overlaps_within(view: View, least_m2: float) -> Overlaps:
    """Pairs of features of one layer that share at least ``least_m2``; each pair once."""
    held = areal(view)
    shapes = view.sound[held]
    first, second = shapely.STRtree(shapes).query(shapes)
    once = first < second
    found = _shared(shapes, shapes, first[once], second[once], least_m2)
    return Overlaps(held[found.first], held[found.second], found.piece, found.area_m2)


def overlaps_between(view: View, other: View, least_m2: float) -> Overlaps:
    """Pairs of a feature of each layer that share at least ``least_m2``."""
    held, others = areal(view), areal(other)
    shapes, ground = view.sound[held], other.sound[others]
    first, second = shapely.STRtree(ground).query(shapes)
    found = _shared(shapes, ground, first, second, least_m2)
    return Overlaps(held[found.first], others[found.second], found.piece, found.area_m2)


def _shared(
    shapes: GeometryArray,
    others: GeometryArray,
    first: IndexArray,
    second: IndexArray,
    least_m2: float,
) -> Overlaps:
    """Cut the candidate pairs whose insides meet; prepared shapes make most answers quick.

    Prepared are the shapes with more vertices, or the fewer ones; what lies wholly inside the
    latter is not cut at all.
    """
    order = np.lexsort((second, first))
    first, second = first[order], second[order]
    heavy = _worth_preparing(others, shapes)
    # the pattern is the same from either side
    one, other, left, right = shapes, others, first, second
    if heavy:
        by_second = np.argsort(second, kind="stable")
        one, other, left, right = others, shapes, second[by_second], first[by_second]
    meets, inside = _meeting(one, other, left, right, heavy=heavy)
    if heavy:
        back = np.empty_like(by_second)
        back[by_second] = np.arange(len(by_second))
        meets, inside = meets[back], inside[back]
    first, second, inside = first[meets], second[meets], inside[meets]
    pieces = shapes[first].copy()
    cut = ~inside
    pieces[cut] = polygonal(shapely.intersection(shapes[first[cut]], others[second[cut]]))
    area = cut_area(pieces)
    kept = (area >= least_m2) & (area > 0)
    return Overlaps(
        first[kept].astype(np.int64), second[kept].astype(np.int64), pieces[kept], area[kept]
    )


def _meeting(
    one: GeometryArray, other: GeometryArray, left: IndexArray, right: IndexArray, *, heavy: bool
) -> tuple[BoolArray, BoolArray]:
    """Which pairs share ground, and in which the second lies wholly inside a ``heavy`` first.

    Where most pairs of a sample meet, all are taken to: the cut tells, and asking first would only
    cost time.
    """
    shapely.prepare(one)
    some = np.linspace(0, len(left) - 1, min(len(left), _SAMPLE)).astype(np.int64)
    inside = np.zeros(len(left), dtype=bool)
    meets = ~inside
    if heavy or _insides_meet(one[left[some]], other[right[some]]).sum() < _MOSTLY * len(some):
        for part in chunks(len(left), _PAIRS):
            a, b = one[left[part]], other[right[part]]
            inside[part] = shapely.contains_properly(a, b) if heavy else False
            rest = np.flatnonzero(~inside[part])
            meets[rest + part.start] = _insides_meet(a[rest], b[rest])
    shapely.destroy_prepared(one)
    return meets, inside


def _insides_meet(one: GeometryArray, other: GeometryArray) -> BoolArray:
    result: BoolArray = shapely.relate_pattern(one, other, "2********")
    return result


def _worth_preparing(others: GeometryArray, shapes: GeometryArray) -> bool:
    """Whether to prepare ``others``: a test costs what the other side has of vertices.

    Few against many are always prepared: most of the many lie wholly inside one and are not cut.
    """
    if not len(others) or not len(shapes):
        return False
    if len(others) * _FEW_TO_MANY < len(shapes):
        return True
    one, other = (shapely.get_num_coordinates(item).mean() for item in (shapes, others))
    return bool(other > one or (2 * other >= one and len(others) < len(shapes)))


def polygonal(pieces: GeometryArray) -> GeometryArray:
    """The pieces without the points and lines along which shapes only touch."""
    mixed = shapely.get_type_id(pieces) == shapely.GeometryType.GEOMETRYCOLLECTION
    result = pieces.copy()
    for index in np.flatnonzero(mixed):
        parts = shapely.get_parts(pieces[index])
        result[index] = shapely.union_all(parts[shapely.get_dimensions(parts) == 2])
    result[shapely.get_dimensions(result) < 2] = shapely.Polygon()
    return result


@dataclass(frozen=True, slots=True)
class Beyond:
    """Features that are not wholly inside: index, what lies beyond, its area and width."""

    feature: IndexArray
    piece: GeometryArray
    area_m2: FloatArray
    width_m: FloatArray
    share: FloatArray

    def __len__(self) -> int:
        return len(self.feature)


def beyond(view: View, others: GeometryArray, width_m: float) -> Beyond:
    """Features (areas, lines, points) that reach out of the union of ``others``.

    What lies beyond is left out when it is nowhere wider than ``width_m`` on the mean.
    """
    held = np.flatnonzero(~shapely.is_missing(view.sound)).astype(np.int64)
    shapes = view.sound[held]
    tree = shapely.STRtree(others)
    inside = _covered(shapes, others, tree)
    open_ones = np.setdiff1d(np.arange(len(held)), inside)
    pieces = _outside(shapes[open_ones], others, tree)
    dimension = shapely.get_dimensions(shapes[open_ones])
    left = shapely.get_dimensions(pieces)
    pieces[(left < dimension) | shapely.is_empty(pieces)] = None
    kept = ~shapely.is_missing(pieces)
    open_ones, pieces, dimension = open_ones[kept], pieces[kept], dimension[kept]
    area = np.where(dimension == 2, cut_area(pieces), 0.0)
    width = np.where(dimension == 2, mean_widths(pieces, view.latitude), np.inf)
    whole = np.where(dimension == 2, cut_area(shapes[open_ones]), 1.0)
    share = np.ones(len(area))
    np.divide(area, whole, out=share, where=(dimension == 2) & (whole > 0))
    wide = width > width_m
    return Beyond(
        held[open_ones[wide]], pieces[wide], area[wide], width[wide], np.minimum(share[wide], 1.0)
    )


def _covered(shapes: GeometryArray, others: GeometryArray, tree: shapely.STRtree) -> IndexArray:
    """Shapes that lie in a single one of ``others``; the fewer ones are prepared and asked."""
    if len(others) > len(shapes):
        found = tree.query(shapes, predicate="covered_by")[0]
    else:
        found = shapely.STRtree(shapes).query(others, predicate="covers")[1]
    return np.unique(found).astype(np.int64)


def _outside(shapes: GeometryArray, others: GeometryArray, tree: shapely.STRtree) -> GeometryArray:
    """Each shape less all of ``others`` that it meets."""
    number, other = tree.query(shapes, predicate="intersects")
    order = np.argsort(number, kind="stable")
    number, other = number[order], other[order]
    starts = np.searchsorted(number, np.arange(len(shapes) + 1))
    pieces = shapes.copy()
    for index in range(len(shapes)):
        met = others[other[starts[index] : starts[index + 1]]]
        if len(met):
            pieces[index] = shapely.difference(shapes[index], shapely.union_all(met))
    return pieces


def united(view: View) -> BaseGeometry:
    """The ground of a layer as one shape; features that fit one another are joined quickly."""
    shapes = view.sound[areal(view)]
    if len(shapes) < 2:
        return shapely.union_all(shapes)
    fitting = shapely.is_empty(shapely.coverage_invalid_edges(shapes))
    joined = shapely.coverage_union_all(shapes[fitting])
    return shapely.union_all([joined, *shapes[~fitting]])


def gaps(
    view: View, region: BaseGeometry | None, least_m2: float
) -> tuple[GeometryArray, FloatArray]:
    """Gaps between the polygons of a coverage with their areas in m².

    They are the holes of the ground as a whole, and with a ``region`` what of the region is not
    covered; without one, a hole that belongs to a neighbour cannot be told from a gap.
    """
    ground = united(view)
    if region is None:
        rings = [
            ring for part in shapely.get_parts(ground) for ring in getattr(part, "interiors", ())
        ]
        found = shapely.polygons(np.array(rings, dtype=object)) if rings else np.empty(0, object)
    else:
        holes = shapely.get_parts(shapely.difference(region, ground))
        found = holes[shapely.get_dimensions(holes) == 2]
    areas = cut_area(found)
    kept = areas >= least_m2
    return found[kept], areas[kept]


@dataclass(frozen=True, slots=True)
class Misfits:
    """Pairs of neighbours whose edges run beside one another, and how far apart at most (m).

    ``edge`` is that of the first, in the plane of the view.
    """

    first: IndexArray
    second: IndexArray
    edge: GeometryArray
    away_m: FloatArray

    def __len__(self) -> int:
        return len(self.first)


def misfits(view: View, near_m: float, same_m: float) -> Misfits:
    """Neighbours with an edge that runs beside the other's and not on it; each pair once.

    Edges count that lie more than ``same_m`` and at most ``near_m`` metres apart.
    """
    held = areal(view)
    shapes = to_equal_area(view.shapes[held], view.latitude)
    broken = ~shapely.is_valid(shapes)
    shapes[broken] = shapely.make_valid(shapes[broken], method="structure", keep_collapsed=False)
    edges = shapely.coverage_invalid_edges(shapes, gap_width=near_m)
    flagged = np.flatnonzero(~shapely.is_empty(edges))
    points, owner = _along(edges[flagged])
    lines = shapely.boundary(shapes)
    point, line = shapely.STRtree(lines).query(points, predicate="dwithin", distance=near_m)
    foreign = line != flagged[owner[point]]
    point, line = point[foreign], line[foreign]
    distance = shapely.distance(points[point], lines[line])
    # what is assigned last stays: of a point its nearest neighbour, of a pair its widest place
    order = np.argsort(-distance, kind="stable")
    nearest, beside = np.full(len(points), np.inf), np.full(len(points), -1)
    nearest[point[order]], beside[point[order]] = distance[order], line[order]
    away = np.flatnonzero(np.isfinite(nearest) & (nearest > same_m))
    away = away[np.argsort(-nearest[away], kind="stable")]
    one, other = flagged[owner[away]], beside[away]
    pairs = np.sort(np.column_stack([one, other]), axis=1)
    _, kept = np.unique(pairs, axis=0, return_index=True)
    return Misfits(held[one[kept]], held[other[kept]], edges[one[kept]], nearest[away[kept]])


def _along(edges: GeometryArray) -> tuple[GeometryArray, IndexArray]:
    """The vertices and the middles of edges as points, each with the number of its feature."""
    coords, owner = shapely.get_coordinates(edges, return_index=True)
    lines, line_owner = shapely.get_parts(edges, return_index=True)
    middles = shapely.line_interpolate_point(lines, 0.5, normalized=True)
    points = np.concatenate([shapely.points(coords), middles])
    return points, np.concatenate([owner, line_owner]).astype(np.int64)
