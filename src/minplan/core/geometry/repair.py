"""Mending geometry once, on import: validity, dimension, orientation, density, size of parts."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

import numpy as np
import shapely
from numpy.typing import NDArray

from minplan.core.geometry.area import ellipsoidal_area
from minplan.core.geometry.crs import CoordinateSystem, Datum, from_lonlat, to_lonlat
from minplan.core.geometry.layer import GeometryArray, IdArray
from minplan.core.geometry.measure import geometry_array
from minplan.core.text import Text
from minplan.core.tolerances import DENSIFY_M

# Pieces narrower than this (degrees, about a centimetre) are not halved any further.
_SMALLEST_HALF: Final = 1e-7


class Repair(StrEnum):
    """What was mended in a feature."""

    FLATTENED = "flattened"
    MADE_VALID = "made_valid"
    DROPPED_PARTS = "dropped_parts"
    DISCARDED = "discarded"

    @property
    def label(self) -> Text:
        """What happened, in words."""
        return _REPAIR_LABELS[self]


_REPAIR_LABELS: Final = {
    Repair.FLATTENED: Text("去除高程或量测值", "heights or measures removed"),
    Repair.MADE_VALID: Text("修复自相交等无效图形", "invalid shape (self-crossing) made valid"),
    Repair.DROPPED_PARTS: Text("删除退化为线或点的部分", "collapsed parts dropped"),
    Repair.DISCARDED: Text("无可用图形，已舍弃", "no usable geometry, discarded"),
}


@dataclass(frozen=True, slots=True)
class RepairAction:
    """One repair: ``index`` of the feature (from 0) and by how many m² its area changed.

    The area of an invalid ring is that of its corner formula, in which crossed-over ground
    counts negative; the change tells whether ground was gained or lost by mending.
    """

    index: int
    repair: Repair
    area_change_m2: float = 0.0


@dataclass(frozen=True, slots=True)
class Repaired:
    """Mended geometries (None where nothing usable is left), and every repair by feature."""

    geometries: GeometryArray
    actions: tuple[RepairAction, ...]


def repair(geometries: Any) -> Repaired:
    """Mend an array of lon/lat geometries; each keeps its dimension (area, line or point).

    Heights and measures are removed, invalid shapes made valid by structure (holes stay holes),
    collapsed parts dropped, outer rings turned counter-clockwise (not reported: the ground stays
    the same). Geometries that are missing, empty, not finite or wholly collapsed become None.
    """
    source = geometry_array(geometries)
    shapes = source.copy()
    actions: list[RepairAction] = []
    usable = ~(shapely.is_missing(shapes) | shapely.is_empty(shapes)) & _finite(shapes)
    shapes[~usable] = None
    raised = usable & (shapely.has_z(shapes) | shapely.has_m(shapes))
    shapes[raised] = shapely.force_2d(shapes[raised])
    actions += [RepairAction(int(i), Repair.FLATTENED) for i in np.flatnonzero(raised)]
    dimension = shapely.get_dimensions(shapes)
    invalid = np.flatnonzero(usable & ~shapely.is_valid(shapes))
    before = ellipsoidal_area(shapes[invalid])
    shapes[invalid] = _made_valid(shapes[invalid])
    actions += [
        RepairAction(int(i), Repair.MADE_VALID, float(change))
        for i, change in zip(invalid, ellipsoidal_area(shapes[invalid]) - before, strict=True)
    ]
    actions += _drop_lower_parts(shapes, dimension)
    gone = shapely.is_missing(shapes) | shapely.is_empty(shapes)
    actions += [RepairAction(int(i), Repair.DISCARDED) for i in np.flatnonzero(gone)]
    shapes[gone] = None
    return Repaired(shapely.orient_polygons(shapes), tuple(sorted(actions, key=_by_index)))


def _by_index(action: RepairAction) -> int:
    return action.index


def _made_valid(shapes: GeometryArray) -> GeometryArray:
    valid: GeometryArray = shapely.make_valid(shapes, method="structure", keep_collapsed=False)
    # Rings that run over an edge twice may come out of the structure method invalid still.
    stubborn = ~shapely.is_valid(valid)
    valid[stubborn] = shapely.make_valid(shapes[stubborn], method="linework")
    return valid


def _finite(shapes: GeometryArray) -> NDArray[np.bool_]:
    coords, owner = shapely.get_coordinates(shapes, return_index=True)
    finite = np.ones(len(shapes), dtype=bool)
    finite[owner[~np.isfinite(coords).all(axis=1)]] = False
    return finite


def _drop_lower_parts(shapes: GeometryArray, dimension: IdArray) -> list[RepairAction]:
    """Reduce collections, in place, to their parts of the feature's own dimension."""
    mixed = shapely.get_type_id(shapes) == shapely.GeometryType.GEOMETRYCOLLECTION
    actions = []
    for index in np.flatnonzero(mixed):
        parts = _leaves(shapes[index])
        kept = parts[shapely.get_dimensions(parts) == dimension[index]]
        shapes[index] = shapely.union_all(kept)
        if len(kept) < len(parts):
            actions.append(RepairAction(int(index), Repair.DROPPED_PARTS))
    return actions


def _leaves(collection: Any) -> GeometryArray:
    parts = shapely.get_parts(collection)
    while (shapely.get_type_id(parts) >= shapely.GeometryType.MULTIPOINT).any():
        parts = shapely.get_parts(parts)
    return geometry_array(parts)


def densify(geometry: Any, system: CoordinateSystem, metres: float = DENSIFY_M) -> Any:
    """Lon/lat geometry (or array) with points added along edges straight in ``system``.

    In a Gauss-Krüger zone no edge is longer than ``metres`` afterwards; edges straight in lon/lat
    stay as they are.
    """
    if not system.is_projected:
        return geometry
    zone = CoordinateSystem(Datum.CGCS2000, system.width, system.zone)
    plane = shapely.transform(geometry, lambda c: from_lonlat(zone, c))
    dense = shapely.segmentize(plane, metres)
    return shapely.transform(dense, lambda c: to_lonlat(zone, c[:, 0], c[:, 1]))


def split_large(geometries: Any, max_vertices: int = 256) -> tuple[GeometryArray, IdArray]:
    """Parts of at most ``max_vertices`` vertices, and the index of the geometry each belongs to.

    Geometries within the limit stay whole. Larger ones are halved along meridians and parallels,
    across their longer side, until every part fits; the parts tile the original. None and empty
    geometries give no part.
    """
    todo = geometry_array(geometries)
    owner: IdArray = np.arange(len(todo))
    present = ~(shapely.is_missing(todo) | shapely.is_empty(todo))
    todo, owner = todo[present], owner[present]
    done: list[GeometryArray] = []
    owners: list[IdArray] = []
    while len(todo):
        bounds = shapely.bounds(todo)
        sides = np.maximum(bounds[:, 2] - bounds[:, 0], bounds[:, 3] - bounds[:, 1])
        small = (shapely.get_num_coordinates(todo) <= max_vertices) | (sides < _SMALLEST_HALF)
        done.append(todo[small])
        owners.append(owner[small])
        todo, owner = _halved(todo[~small], owner[~small], bounds[~small])
    if not done:
        return todo, owner
    all_owners = np.concatenate(owners)
    order = np.argsort(all_owners, kind="stable")
    return np.concatenate(done)[order], all_owners[order]


def _halved(
    shapes: GeometryArray, owner: IdArray, bounds: NDArray[np.float64]
) -> tuple[GeometryArray, IdArray]:
    """Both halves of each shape as single parts, collapsed ones left out."""
    west, south, east, north = bounds.T
    middle_lon, middle_lat = (west + east) / 2, (south + north) / 2
    wide = (east - west) * np.cos(np.radians(middle_lat)) >= north - south
    first = shapely.box(
        west, south, np.where(wide, middle_lon, east), np.where(wide, north, middle_lat)
    )
    second = shapely.box(
        np.where(wide, middle_lon, west), np.where(wide, south, middle_lat), east, north
    )
    halves = np.concatenate([shapely.intersection(shapes, h) for h in (first, second)])
    dimension = np.tile(shapely.get_dimensions(shapes), 2)
    parts, source = shapely.get_parts(halves, return_index=True)
    kept = shapely.get_dimensions(parts) == dimension[source]
    return parts[kept], np.tile(owner, 2)[source[kept]]
