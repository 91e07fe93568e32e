"""Records that are written: points, polylines, rings of coordinates; a batch at a time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Final, TypeVar

import numpy as np
import shapely

from minplan.core.geometry.crs import FloatArray
from minplan.core.geometry.layer import GeometryArray, IdArray
from minplan.formats.vct.head import number
from minplan.formats.vct.schema import Section

#: Types of geometry that a section holds.
FITTING: Final = {
    Section.POINT: ("Point", "MultiPoint"),
    Section.LINE: ("LineString", "MultiLineString"),
    Section.POLYGON: ("Polygon", "MultiPolygon"),
}
_POLYLINE: Final = "11"
T = TypeVar("T")


def bodies(section: Section, shapes: GeometryArray) -> Iterator[list[str]]:
    """The lines of each shape between its style and its final 0; none is missing or empty."""
    if section is Section.POINT:
        points, owners = shapely.get_coordinates(shapes, return_index=True)
        for lines in _grouped(_pairs(points), owners, len(shapes)):
            yield ["1" if len(lines) == 1 else "4", str(len(lines)), *lines]
        return
    strands, owners = shapely.get_parts(shapes, return_index=True)
    if section is Section.POLYGON:
        strands, part = shapely.get_rings(strands, return_index=True)
        owners = owners[part]
    points, strand = shapely.get_coordinates(strands, return_index=True)
    runs = _grouped(_pairs(points), strand, len(strands))
    texts = [[_POLYLINE, str(len(lines)), *lines] for lines in runs]
    labels = _labels(shapes) if section is Section.POLYGON else None
    for index, own in enumerate(_grouped(texts, owners, len(shapes))):
        filled = [run for run in own if run[1] != "0"]
        label = [] if labels is None else [labels[index]]
        yield ["1", *label, str(len(filled)), *(line for run in filled for line in run)]


def _labels(shapes: GeometryArray) -> list[str]:
    """Label points (标识点): inside the polygon, or a corner of one that crosses itself."""
    valid = shapely.is_valid(shapes)
    inside = shapely.get_coordinates(shapely.point_on_surface(shapes[valid]))
    points, owners = shapely.get_coordinates(shapes, return_index=True)
    labels = points[np.searchsorted(owners, np.arange(len(shapes)))]
    labels[valid] = inside
    return _pairs(labels)


def _pairs(points: FloatArray) -> list[str]:
    """Coordinate lines with all digits of each number."""
    return [
        f"{x!r},{y!r}"
        if 1e-3 <= abs(x) < 1e15 and 1e-3 <= abs(y) < 1e15
        # repr would take an exponent, which the format has not
        else f"{number(x)},{number(y)}"
        for x, y in points.tolist()
    ]


def _grouped(items: Sequence[T], owners: IdArray, count: int) -> Iterator[Sequence[T]]:
    """Items of each of ``count`` owners; ``owners`` is sorted."""
    bounds = np.searchsorted(owners, np.arange(count + 1)).tolist()
    for start, end in pairwise(bounds):
        yield items[start:end]
