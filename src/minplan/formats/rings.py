"""Rings of the features of a layer: polygons as they are, closed lines as polygons."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import shapely
from shapely.geometry import LineString, Polygon
from shapely.geometry.base import BaseGeometry

from minplan.core.errors import InputError, Place
from minplan.core.geometry.corners import Level, Remark
from minplan.core.geometry.crs import FloatArray
from minplan.core.text import Text
from minplan.formats.features import LayerFeatures
from minplan.formats.fields import proposal_attributes

#: An open line whose ends lie nearer than this share of its length was meant to be closed
#: (design): a missing last edge of a block, not a road.
_GAP_SHARE: Final = 0.35


@dataclass(frozen=True, slots=True)
class Shape:
    """One feature as rings in the coordinates of the file.

    ``polygons`` holds per polygon its outer ring and holes, each (n, 2), not closed; ``row`` is the
    feature's number as people count.
    """

    name: str
    row: int
    polygons: tuple[tuple[FloatArray, ...], ...]
    attributes: Mapping[str, Any]
    remarks: tuple[Remark, ...] = ()


def shapes_of(features: LayerFeatures, file: str) -> tuple[list[Shape], list[Remark]]:
    """Return the features that bound an area, and what is to be said of the others.

    Lines count only where the layer holds no polygon: closed ones first, else those whose ends
    nearly meet. Raises InputError E207 when nothing bounds an area, E215 for coordinates that are
    no numbers.
    """
    check_finite(features, file)
    parts = [single_parts(geometry) for geometry in features.geometry]
    area = [[part for part in item if isinstance(part, Polygon)] for item in parts]
    lines = [[part for part in item if isinstance(part, LineString)] for item in parts]
    remarks: list[Remark] = []
    if not any(area):
        closed = [[Polygon(line) for line in item if is_closed(line)] for item in lines]
        nearly = [[Polygon(line) for line in item if is_nearly_closed(line)] for item in lines]
        area = closed if any(closed) else nearly
        if any(area):
            remarks.append(
                _closed(sum(map(len, area)), exact=any(closed), place=_place(features, file))
            )
    shapes = [_shape(features, index, polygons) for index, polygons in enumerate(area) if polygons]
    if not shapes:
        raise _no_area(features, file, lines)
    if features.had_z:
        remarks.append(_dropped_z(_place(features, file)))
    skipped = len(features) - len(shapes)
    if skipped:
        remarks.append(_skipped(skipped, _place(features, file)))
    return shapes, remarks


def _place(features: LayerFeatures, file: str) -> Place:
    return Place(file=file, layer=features.layer)


def check_finite(features: LayerFeatures, file: str) -> None:
    """Refuse coordinates that are no numbers: InputError E215 with the feature's row."""
    for row, geometry in enumerate(features.geometry, 1):
        if geometry is not None and not np.isfinite(shapely.get_coordinates(geometry)).all():
            raise InputError(
                "E215",
                Text("图形含有非数字的坐标", "a shape holds coordinates that are no numbers"),
                place=Place(file=file, layer=features.layer, row=row),
                hint=Text(
                    "请在原软件中检查该图形后重新导出", "check the shape and export it again"
                ),
            )


def single_parts(geometry: Any) -> list[BaseGeometry]:
    """Single geometries of a geometry; collections are taken apart to the end."""
    if geometry is None or geometry.is_empty:
        return []
    if hasattr(geometry, "geoms"):
        return [part for item in geometry.geoms for part in single_parts(item)]
    return [geometry]


def is_closed(line: LineString) -> bool:
    """Whether a line comes back to its first point around an area."""
    return bool(line.is_closed) and len(line.coords) >= 4


def is_nearly_closed(line: LineString) -> bool:
    """Whether the ends of an open line are near enough to be joined without a crossing."""
    if line.is_closed or len(line.coords) < 3:
        return False
    first, last = np.array(line.coords[0]), np.array(line.coords[-1])
    gap = float(np.hypot(*(first - last)))
    return gap <= _GAP_SHARE * (line.length + gap) and bool(Polygon(line).is_valid)


def _shape(features: LayerFeatures, index: int, polygons: Sequence[Polygon]) -> Shape:
    attributes = features.attributes[index]
    name = proposal_attributes(attributes).get("name")
    return Shape(
        name=str(name).strip() if name else "",
        row=index + 1,
        polygons=tuple(
            tuple(
                np.asarray(ring.coords, dtype=np.float64)[:-1, :2]
                for ring in (polygon.exterior, *polygon.interiors)
            )
            for polygon in polygons
        ),
        attributes=attributes,
    )


def _no_area(
    features: LayerFeatures, file: str, lines: Sequence[Sequence[LineString]]
) -> InputError:
    if any(lines):
        found = Text("只有未闭合的线", "only open lines")
    elif len(features):
        found = Text("只有点或空图形", "only points or empty shapes")
    else:
        found = Text("没有图形", "no shapes")
    return InputError(
        "E207",
        Text(
            f"图层 {features.layer} 中{found.zh}，不能成面",
            f"layer {features.layer} holds {found.en}: no area",
        ),
        place=_place(features, file),
        hint=Text("请提供面图层，或把界线闭合", "provide polygons, or close the boundary"),
    )


def _closed(count: int, *, exact: bool, place: Place) -> Remark:
    if exact:
        message = Text(
            f"{count} 条闭合线按面读取。", f"{count} closed line(s) are read as polygons."
        )
        return Remark("E121", Level.DONE, message, place=place, applied=True)
    return Remark(
        "E121",
        Level.CONFIRM,
        Text(
            f"{count} 条线首尾未相接，已连接首尾成面。",
            f"{count} line(s) do not close; first and last point were joined.",
        ),
        fix=Text("请确认范围界线完整。", "Confirm that the boundary is complete."),
        place=place,
        applied=True,
    )


def _dropped_z(place: Place) -> Remark:
    message = Text(
        "图形带高程或量测值（Z/M），未采用。", "Z or M values of the shapes are not used."
    )
    return Remark("E147", Level.INFO, message, place=place, applied=True)


def _skipped(count: int, place: Place) -> Remark:
    message = Text(
        f"另有 {count} 个要素不是面（点、线、注记），未采用。",
        f"{count} further feature(s) bound no area (points, lines, labels) and are not used.",
    )
    return Remark("E148", Level.INFO, message, place=place, applied=True)
