"""Delivered geometry made ready for the kernel: valid, in lon/lat, in single small parts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
import shapely
from numpy.typing import NDArray
from pyproj import Transformer

from minplan.core.errors import InputError, Place
from minplan.core.geometry.area import ellipsoidal_area
from minplan.core.geometry.crs import FloatArray
from minplan.core.geometry.layer import GeometryArray, IdArray
from minplan.core.geometry.repair import Repair, repair, split_large
from minplan.core.text import Text
from minplan.core.tolerances import DENSIFY_M
from minplan.layers.reference import CHINA

Kind = Literal["polygon", "line", "point"]

#: Parts with more vertices are split: containment tests and cuts grow with the vertices (measured:
#: 5 times faster with five giants of 23,000 to 66,000 vertices among 3,000 polygons).
MAX_VERTICES: Final = 256
KIND_NAMES: Final = {
    "polygon": Text("面", "polygons"),
    "line": Text("线", "lines"),
    "point": Text("点", "points"),
}
_KINDS: Final[tuple[Kind, ...]] = ("point", "line", "polygon")
# A hilbert cell is 70°/2^22: 2 m, far below the size of a feature
_HILBERT_BITS: Final = 22


@dataclass(frozen=True, slots=True)
class FeatureRepair:
    """What was mended in the feature with the original id ``feature``; area change in m²."""

    feature: int
    repair: Repair
    area_change_m2: float


@dataclass(frozen=True, slots=True)
class Parts:
    """Parts of the features of a batch: ``owner`` indexes the batch, the rest is per part."""

    owner: IdArray
    geometry: GeometryArray
    area_m2: FloatArray
    bounds: FloatArray
    hilbert: NDArray[np.uint64]


@dataclass(frozen=True, slots=True)
class Mended:
    """A batch made ready: its parts, what was repaired, how many features gave no part."""

    parts: Parts
    repairs: tuple[FeatureRepair, ...]
    skipped: int


def decode(wkb: NDArray[np.object_], feature: IdArray, place: Place) -> GeometryArray:
    """Geometries of a batch, Z and M dropped.

    Raises InputError E314 for a geometry that cannot be read or has arcs; it names the feature.
    """
    try:
        shapes = np.asarray(shapely.from_wkb(wkb, on_invalid="raise"))
    except (shapely.GEOSException, NotImplementedError):
        shapes = _decoded_one_by_one(wkb, feature, place)
    curved = np.flatnonzero(shapely.get_type_id(shapes) > shapely.GeometryType.GEOMETRYCOLLECTION)
    if len(curved):
        raise _broken(place, int(feature[curved[0]]))
    return np.asarray(shapely.force_2d(shapes))


def _decoded_one_by_one(wkb: NDArray[np.object_], feature: IdArray, place: Place) -> GeometryArray:
    """Geometries with unclosed rings closed; anything worse is an error that names the feature."""
    shapes = np.empty(len(wkb), dtype=object)
    for index, item in enumerate(wkb):
        try:
            shapes[index] = shapely.from_wkb(item, on_invalid="fix")
        except (shapely.GEOSException, NotImplementedError) as error:
            raise _broken(place, int(feature[index])) from error
        if shapes[index] is None and item is not None:
            raise _broken(place, int(feature[index]))
    return shapes


def kind_of(shapes: GeometryArray) -> Kind | None:
    """The kind of the first geometry that has any; None when all are missing or empty."""
    present = shapes[~(shapely.is_missing(shapes) | shapely.is_empty(shapes))]
    return _KINDS[shapely.get_dimensions(present[0])] if len(present) else None


def mend(
    shapes: GeometryArray,
    feature: IdArray,
    kind: Kind,
    to_lonlat: Transformer | None,
    place: Place,
) -> Mended:
    """Repair, bring to lon/lat, take apart and measure the geometries of a batch.

    Raises InputError E305 for geometry of another kind and E309 for coordinates outside China or
    not finite; each names the feature.
    """
    present = np.flatnonzero(~(shapely.is_missing(shapes) | shapely.is_empty(shapes)))
    shapes, ids = shapes[present], feature[present]
    _check_kind(shapes, ids, kind, place)
    _check_finite(shapes, ids, place)
    if to_lonlat is not None:
        shapes = _lonlat(shapes, kind, to_lonlat)
    _check_extent(shapes, ids, place)
    mended = repair(shapes)
    singles, single_owner = shapely.get_parts(mended.geometries, return_index=True)
    pieces, piece_owner = split_large(singles, MAX_VERTICES)
    bounds = shapely.bounds(pieces).reshape(-1, 4)
    owner = single_owner[piece_owner]
    parts = Parts(
        owner=present[owner],
        geometry=pieces,
        area_m2=ellipsoidal_area(pieces) if kind == "polygon" else np.zeros(len(pieces)),
        bounds=bounds,
        hilbert=hilbert_codes((bounds[:, :2] + bounds[:, 2:]) / 2),
    )
    repairs = tuple(
        FeatureRepair(int(ids[item.index]), item.repair, item.area_change_m2)
        for item in mended.actions
    )
    return Mended(parts, repairs, len(feature) - len(np.unique(owner)))


def hilbert_codes(centres: FloatArray) -> NDArray[np.uint64]:
    """Place of each centre (lon, lat) along a Hilbert curve over China: neighbours stay close."""
    west, south, _, _ = CHINA
    scale = ((1 << _HILBERT_BITS) - 1) / 70.0
    cells = np.clip((centres - (west, south)) * scale, 0, (1 << _HILBERT_BITS) - 1)
    x, y = cells[:, 0].astype(np.uint64), cells[:, 1].astype(np.uint64)
    code = np.zeros(len(x), dtype=np.uint64)
    one, full = np.uint64(1), np.uint64((1 << _HILBERT_BITS) - 1)
    for bit in range(_HILBERT_BITS - 1, -1, -1):
        shift = np.uint64(bit)
        right, up = (x >> shift) & one, (y >> shift) & one
        code = (code << np.uint64(2)) | ((np.uint64(3) * right) ^ up)
        turn, flip = up == 0, (up == 0) & (right == 1)
        x, y = np.where(flip, full - x, x), np.where(flip, full - y, y)
        x, y = np.where(turn, y, x), np.where(turn, x, y)
    return code


def _check_kind(shapes: GeometryArray, ids: IdArray, kind: Kind, place: Place) -> None:
    types = shapely.get_type_id(shapes)
    collections = types == shapely.GeometryType.GEOMETRYCOLLECTION
    wrong = (shapely.get_dimensions(shapes) != _KINDS.index(kind)) | collections
    if wrong.any():
        first = int(np.flatnonzero(wrong)[0])
        found = Text("图形集合", "a collection")
        if not collections[first]:
            found = KIND_NAMES[_KINDS[shapely.get_dimensions(shapes[first])]]
        raise InputError(
            "E305",
            Text(
                f"应为{KIND_NAMES[kind].zh}图层，第 {ids[first]} 号要素却是{found.zh}"
                f"（共 {int(wrong.sum())} 个）",
                f"a layer of {KIND_NAMES[kind].en} is wanted, but feature {ids[first]} is"
                f" {found.en} ({int(wrong.sum())} such)",
            ),
            place=Place(file=place.file, layer=place.layer, row=int(ids[first])),
            hint=Text("请检查是否选错了图层", "check that the right layer was chosen"),
        )


def _check_finite(shapes: GeometryArray, ids: IdArray, place: Place) -> None:
    coordinates, owner = shapely.get_coordinates(shapes, return_index=True)
    bad = ~np.isfinite(coordinates).all(axis=1)
    if bad.any():
        raise _misplaced(place, int(ids[owner[np.flatnonzero(bad)[0]]]))


def _check_extent(shapes: GeometryArray, ids: IdArray, place: Place) -> None:
    bounds = shapely.bounds(shapes).reshape(-1, 4)
    west, south, east, north = CHINA
    with np.errstate(invalid="ignore"):
        good = (
            (bounds[:, 0] >= west)
            & (bounds[:, 1] >= south)
            & (bounds[:, 2] <= east)
            & (bounds[:, 3] <= north)
        )
    bad = np.flatnonzero(~good)
    if len(bad):
        raise _misplaced(place, int(ids[bad[0]]))


def _lonlat(shapes: GeometryArray, kind: Kind, to_lonlat: Transformer) -> GeometryArray:
    """Lon/lat of projected shapes; edges are densified first, because they bend on the way."""
    dense = shapes if kind == "point" else shapely.segmentize(shapes, DENSIFY_M)
    result: GeometryArray = shapely.transform(
        dense, lambda c: np.column_stack(to_lonlat.transform(c[:, 0], c[:, 1]))
    )
    return result


def _broken(place: Place, row: int) -> InputError:
    return InputError(
        "E314",
        Text(f"第 {row} 号要素的图形已损坏或含有圆弧", f"feature {row} is damaged or has arcs"),
        place=Place(file=place.file, layer=place.layer, row=row),
        hint=Text(
            "请重新导出；圆弧请先在 GIS 软件中加密为折线",
            "export it again; turn arcs into straight edges in a GIS first",
        ),
    )


def _misplaced(place: Place, row: int) -> InputError:
    return InputError(
        "E309",
        Text(
            f"第 {row} 号要素的坐标不在中国范围内",
            f"the coordinates of feature {row} lie outside China",
        ),
        place=Place(file=place.file, layer=place.layer, row=row),
        hint=Text(
            "常见原因：坐标系声明错误、带号前缀不符（含带号与无带号）、经纬度颠倒",
            "usual causes: a wrong coordinate system, a zone prefix too many or missing,"
            " latitude and longitude swapped",
        ),
    )
