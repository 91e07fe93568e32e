"""Tables of features as rows: geometry as WKT in one cell, or one row per corner."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
import shapely
from shapely.errors import ShapelyError
from shapely.geometry import LineString, Point, Polygon
from shapely.geometry.base import BaseGeometry

from minplan.core.errors import InputError, Place
from minplan.core.text import Text
from minplan.formats.drivers.arrow import single, unfitting, unique_name
from minplan.formats.drivers.cells import column_of
from minplan.formats.drivers.model import (
    Column,
    ColumnType,
    FeatureTable,
    LayerDescription,
    object_array,
)

WKT: Final = "WKT"
#: Headings of the layout with one row per corner; x is north in metres, or the longitude.
_CORNER: Final = ("要素", "部分", "圈", "点号")
PLANE: Final = (*_CORNER, "X", "Y")
DEGREES: Final = (*_CORNER, "经度", "纬度")
_WKT_WORDS: Final = ("wkt", "geometry", "geom", "the_geom", "几何")

Parse = Callable[[Any, ColumnType], Any]


@dataclass(frozen=True, slots=True)
class Layout:
    """Where columns and geometry stand in a row.

    ``wkt`` is the position of the WKT, ``corners`` those of feature, part, ring, number and the
    two coordinates (``plane`` when they are north and east); both None without geometry.
    """

    columns: tuple[Column, ...]
    positions: tuple[int, ...]
    wkt: int | None = None
    corners: tuple[int, ...] | None = None
    plane: bool = False

    @property
    def has_geometry(self) -> bool:
        """Whether rows hold geometry."""
        return self.wkt is not None or self.corners is not None


def layout_of(header: Sequence[str], words: Sequence[str] = ()) -> Layout:
    """Understand a row of headings; ``words`` are the types of the columns, as a .csvt has them."""
    names = [str(cell).strip() for cell in header]
    lower = [name.lower() for name in names]
    wkt = next((lower.index(word) for word in _WKT_WORDS if word in lower), None)
    corners = None
    for heads in (PLANE, DEGREES):
        if wkt is None and all(head in names for head in heads):
            corners = tuple(names.index(head) for head in heads)
            break
    apart = {wkt, *(corners or ())}
    columns: list[Column] = []
    positions = [index for index in range(len(names)) if index not in apart]
    for index in positions:
        name = unique_name(names[index] or f"列{index + 1}", [item.name for item in columns])
        columns.append(column_of(name, words[index] if index < len(words) else "String"))
    plane = corners is not None and PLANE[-1] in names
    return Layout(tuple(columns), tuple(positions), wkt, corners, plane)


@dataclass(slots=True)
class _Feature:
    """A feature in the making: its row, cells and corners."""

    row: int
    cells: Sequence[Any]
    rings: dict[tuple[int, int | None], list[tuple[float, float]]] = field(default_factory=dict)


def tables(
    told: LayerDescription,
    layout: Layout,
    rows: Iterable[tuple[int, Sequence[Any]]],
    *,
    size: int,
    parse: Parse,
    file: str,
) -> Iterator[FeatureTable]:
    """Read rows (with their numbers) as batches of features.

    Raises InputError E206 for WKT or corners that cannot be read, E228 for values of another type.
    """
    batch: list[tuple[_Feature, BaseGeometry | None]] = []
    first = 1
    for feature in _features(layout, rows, Place(file=file, layer=told.name)):
        batch.append((feature, _geometry(layout, feature, Place(file, told.name, feature.row))))
        if len(batch) == size:
            yield _table(told, layout, batch, first, parse=parse, file=file)
            first, batch = first + size, []
    if batch:
        yield _table(told, layout, batch, first, parse=parse, file=file)


def _features(
    layout: Layout, rows: Iterable[tuple[int, Sequence[Any]]], place: Place
) -> Iterator[_Feature]:
    feature: _Feature | None = None
    number: Any = None
    for row, cells in rows:
        if layout.corners is None:
            yield _Feature(row, cells)
            continue
        key = _cell(cells, layout.corners[0])
        if feature is None or key != number:
            if feature is not None:
                yield feature
            feature, number = _Feature(row, cells), key
        _add_corner(feature, layout, cells, Place(place.file, place.layer, row))
    if feature is not None:
        yield feature


def _add_corner(feature: _Feature, layout: Layout, cells: Sequence[Any], place: Place) -> None:
    assert layout.corners is not None
    _, part, ring, _, x, y = (_cell(cells, index) for index in layout.corners)
    if x in (None, "") and y in (None, ""):
        return
    try:
        key = (int(part), None if ring in (None, "") else int(ring))
        pair = (float(x), float(y))
    except (TypeError, ValueError) as error:
        raise _unreadable(Text(f"拐点 {x}、{y} 读不出", f"corner {x}, {y}"), place) from error
    feature.rings.setdefault(key, []).append(pair[::-1] if layout.plane else pair)


def _cell(cells: Sequence[Any], index: int) -> Any:
    return cells[index] if index < len(cells) else None


def _geometry(layout: Layout, feature: _Feature, place: Place) -> BaseGeometry | None:
    try:
        if layout.corners is not None:
            return _assembled(feature)
        text = None if layout.wkt is None else _cell(feature.cells, layout.wkt)
        if text is None or not str(text).strip():
            return None
        return shapely.force_2d(shapely.from_wkt(str(text).rpartition(";")[2]))
    except (ShapelyError, ValueError) as error:
        brief = " ".join(str(error).split())[:80]
        raise _unreadable(Text(f"图形读不出：{brief}", f"geometry: {brief}"), place) from error


def _assembled(feature: _Feature) -> BaseGeometry | None:
    parts: dict[int, list[tuple[int | None, list[tuple[float, float]]]]] = {}
    for (part, ring), points in feature.rings.items():
        parts.setdefault(part, []).append((ring, points))
    shapes: list[BaseGeometry] = []
    for rings in parts.values():
        kind, points = rings[0]
        if kind is None:
            shapes += [Point(point) for point in points]
        elif kind == 0:
            shapes.append(LineString(points))
        else:
            shapes.append(Polygon(points, [hole for _, hole in rings[1:]]))
    if len(shapes) < 2:
        return shapes[0] if shapes else None
    return _multi(shapes)


def _multi(shapes: Sequence[BaseGeometry]) -> BaseGeometry:
    make = {
        "Point": shapely.multipoints,
        "LineString": shapely.multilinestrings,
        "Polygon": shapely.multipolygons,
    }.get(shapes[0].geom_type, shapely.geometrycollections)
    if len({shape.geom_type for shape in shapes}) > 1:
        make = shapely.geometrycollections
    return make(shapes)


def _table(
    told: LayerDescription,
    layout: Layout,
    batch: Sequence[tuple[_Feature, BaseGeometry | None]],
    first: int,
    *,
    parse: Parse,
    file: str,
) -> FeatureTable:
    values = {}
    for column, position in zip(layout.columns, layout.positions, strict=True):
        found = []
        for feature, _ in batch:
            cell = _cell(feature.cells, position)
            try:
                found.append(None if cell is None else parse(cell, column.type))
            except (ValueError, KeyError, TypeError) as error:
                place = Place(file, told.name, feature.row, column.name)
                raise unfitting(cell, column, place) from error
        values[column.name] = object_array(found)
    geometry = single(object_array(shape for _, shape in batch)) if layout.has_geometry else None
    return FeatureTable(
        told.name,
        layout.columns,
        values,
        geometry,
        told.geometry_type if layout.has_geometry else None,
        told.system,
        told.crs_wkt,
        first,
    )


def _unreadable(what: Text, place: Place) -> InputError:
    return InputError("E206", what, place=place, hint=Text("请改正该行", "correct the row"))


# -- writing --------------------------------------------------------------------------------------


def header_of(table: FeatureTable, *, corners: bool, degrees: bool) -> list[str]:
    """The headings of a table."""
    names = [column.name for column in table.columns]
    if table.geometry_type is None:
        return names
    return [*(DEGREES if degrees else PLANE), *names] if corners else [*names, WKT]


def rows_of(table: FeatureTable, *, corners: bool, degrees: bool) -> Iterator[list[Any]]:
    """The rows of a batch below :func:`header_of`, cells as Python values."""
    columns = [table.values[column.name] for column in table.columns]
    texts: Any = ()
    if table.geometry_type is not None and not corners:
        texts = shapely.to_wkt(table.geometry, rounding_precision=-1)
    for index in range(len(table)):
        cells = [values[index] for values in columns]
        if table.geometry_type is None:
            yield cells
        elif corners:
            assert table.geometry is not None
            yield from _corner_rows(
                table.first_row + index, table.geometry[index], cells, degrees=degrees
            )
        else:
            yield [*cells, texts[index]]


def _corner_rows(
    number: int, shape: BaseGeometry | None, cells: list[Any], *, degrees: bool
) -> Iterator[list[Any]]:
    """One row per corner; the attributes stand in the first row of the feature."""
    corners = list(_corners(shape))
    blank: list[Any] = [None] * len(cells)
    if not corners:
        yield [number, None, None, None, None, None, *cells]
    for index, (part, ring, point, x, y) in enumerate(corners):
        pair = (x, y) if degrees else (y, x)
        yield [number, part, ring, point, *pair, *(blank if index else cells)]


def _corners(
    shape: BaseGeometry | None,
) -> Iterator[tuple[int, int | None, int, float, float]]:
    """Part, ring, number and coordinates; corners are numbered through, rings stay open."""
    number = 0
    for part, item in enumerate(shapely.get_parts(shape) if shape is not None else (), 1):
        if isinstance(item, Polygon):
            rings = [np.asarray(ring.coords)[:-1] for ring in (item.exterior, *item.interiors)]
            start: int | None = 1
        else:
            rings = [shapely.get_coordinates(item)]
            start = None if isinstance(item, Point) else 0
        for ring, points in enumerate(rings):
            for x, y in points[:, :2].tolist():
                number += 1
                yield part, None if start is None else start + ring, number, x, y
