"""Shapes of a GIS or CAD file as blocks, through the same reading as corner lists.

Every ring becomes a list of corners with the values of the file, so that zone prefixes, missing
coordinate systems, crossings, duplicates and places outside the region are judged alike,
wherever the coordinates come from.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import shapely
from pyproj import CRS, Transformer
from shapely.geometry import Polygon

from minplan.core.errors import InputError, Place
from minplan.core.geometry.corners import CornerReading, Level, Notation, Order, Remark, read_draft
from minplan.core.geometry.corners.draft import Block, Declared, Draft, Point, Ring, Value
from minplan.core.geometry.crs import CoordinateSystem, Datum, FloatArray
from minplan.core.text import Text
from minplan.core.tolerances import DENSIFY_M
from minplan.formats.coordinate_system import recognise
from minplan.formats.detect import Kind
from minplan.formats.features import LayerFeatures
from minplan.formats.reading import InputBlock, InputOptions, placed
from minplan.formats.rings import Shape, shapes_of

#: Remarks on how corners are printed and numbered: a GIS file prints nothing.
_ABOUT_PRINT: Final = {"E113", "E121", "E126", "E128", "E153"}
_GEOGRAPHIC_LIMIT: Final = 360.0


@dataclass(frozen=True, slots=True)
class Source:
    """A layer to be read as blocks: where it stands, and what its format says of its datum.

    ``assumed`` is the datum the format prescribes where the file itself is silent (WGS84 for KML
    and GeoJSON).
    """

    file: str
    kind: Kind
    features: LayerFeatures
    assumed: Datum | None = None

    @property
    def place(self) -> Place:
        """The file and layer."""
        return Place(file=self.file, layer=self.features.layer)


def blocks_of(source: Source, options: InputOptions) -> tuple[InputBlock, ...]:
    """Read every shape of a layer as a block; remarks on the layer go to its first block.

    Raises InputError: E207 without any area, E214 for a coordinate system that cannot be
    converted, and what reading corners raises (E103 without zone, E124 for crossings, E141 for a
    datum without parameters …), with the feature's row.
    """
    shapes, remarks = shapes_of(source.features, source.file)
    geographic = _geographic(shapes)
    system = _system(source, options, geographic=geographic)
    if isinstance(system, CRS):
        shapes = [_converted(shape, system) for shape in shapes]
        remarks.append(_other_system(system, source.place))
        system = CoordinateSystem(_datum_of(system, source))
        geographic = True
    remarks += _system_remarks(source, system, shapes, options)
    blocks = [_block(source, shape, system, options, geographic=geographic) for shape in shapes]
    if source.features.crs is None and source.assumed is None and options.corners.system is None:
        remarks.append(_inferred(blocks[0].systems[0], source))
    first = replace(blocks[0], remarks=(*remarks, *blocks[0].remarks))
    return (first, *blocks[1:])


def _geographic(shapes: Sequence[Shape]) -> bool:
    values = [np.abs(ring).max() for shape in shapes for rings in shape.polygons for ring in rings]
    return bool(max(values) <= _GEOGRAPHIC_LIMIT)


def _system(
    source: Source, options: InputOptions, *, geographic: bool
) -> CoordinateSystem | CRS | None:
    """The system of the values: stated, or of the file where the values do not contradict it."""
    if options.corners.system is not None:
        return options.corners.system
    found = recognise(source.features.crs) if source.features.crs else None
    if isinstance(found, CoordinateSystem) and found.is_projected == geographic:
        return None
    if isinstance(found, CRS) and found.is_projected == geographic:
        return None
    return found


def _block(
    source: Source,
    shape: Shape,
    system: CoordinateSystem | None,
    options: InputOptions,
    *,
    geographic: bool,
) -> InputBlock:
    place = Place(file=source.file, layer=source.features.layer, row=shape.row)
    draft = _draft(source, shape, system, place, geographic=geographic)
    with placed(place):
        reading = read_draft(draft, options.corners)
    remarks = [remark for remark in reading.remarks if remark.code not in _ABOUT_PRINT]
    remarks += [*shape.remarks, *_swapped(reading, place)]
    return InputBlock(
        name=shape.name or _default_name(source, shape),
        polygonal=replace(reading.polygonal, source=_describe(place)),
        understanding=reading.understanding.sentence,
        systems=reading.understanding.systems,
        attributes=shape.attributes,
        remarks=tuple(remarks),
        place=place,
        corners=reading.corners,
        stated_area=reading.stated_area,
        area_match=reading.area_match,
        reading=reading,
    )


def _draft(
    source: Source,
    shape: Shape,
    system: CoordinateSystem | None,
    place: Place,
    *,
    geographic: bool,
) -> Draft:
    rings = []
    for polygon in shape.polygons:
        for index, ring in enumerate(polygon):
            points = tuple(
                _point(number, x, y, place) for number, (x, y) in enumerate(ring.tolist(), 1)
            )
            rings.append(Ring(points, hole=index > 0))
    datum = system.datum if system else source.assumed
    declared = Declared(
        datums=(datum,) if datum else (),
        width=system.width if system else None,
        central_meridian=system.central_meridian if system and system.is_projected else None,
        heading="geographic" if geographic else "projected",
        order=Order.LON_LAT if geographic else Order.EAST_NORTH,
        notation=Notation.DECIMAL if geographic else None,
    )
    return Draft(
        source.kind.word, (Block(tuple(rings), name=shape.name),), declared, open_by_norm=True
    )


def _point(number: int, x: float, y: float, place: Place) -> Point:
    values = (Value(repr(x), x, decimals=2), Value(repr(y), y, decimals=2))
    return Point(str(number), values, replace(place, corner=str(number)))


def _default_name(source: Source, shape: Shape) -> str:
    several = len(source.features) > 1
    return f"{source.features.layer} {shape.row}" if several else source.features.layer


def _describe(place: Place) -> str:
    return " · ".join(str(part) for part in (place.file, place.layer, place.row) if part)


# -- other coordinate systems ---------------------------------------------------------------------


def _converted(shape: Shape, crs: CRS) -> Shape:
    """The shape in lon/lat on its own datum, edges densified first where they are projected."""
    transformer = Transformer.from_crs(crs, crs.geodetic_crs, always_xy=True)

    def convert(ring: FloatArray) -> FloatArray:
        if crs.is_projected:
            line = shapely.segmentize(Polygon(ring).exterior, DENSIFY_M)
            ring = shapely.get_coordinates(line)[:-1]
        return np.column_stack(transformer.transform(ring[:, 0], ring[:, 1]))

    rings = tuple(tuple(convert(ring) for ring in polygon) for polygon in shape.polygons)
    return replace(shape, polygons=rings)


def _datum_of(crs: CRS, source: Source) -> Datum:
    base = recognise(crs.geodetic_crs.to_wkt()) if crs.geodetic_crs else None
    if isinstance(base, CoordinateSystem):
        return base.datum
    raise InputError(
        "E214",
        Text(
            f"坐标系“{crs.name}”不能换算到 2000国家大地坐标系",
            f"the coordinate system {crs.name!r} cannot be converted to CGCS2000",
        ),
        place=source.place,
        hint=Text(
            "请在原软件中转换为 2000国家大地坐标系后导出",
            "convert it to CGCS2000 in its own program and export it again",
        ),
    )


# -- remarks --------------------------------------------------------------------------------------


def _other_system(crs: CRS, place: Place) -> Remark:
    message = Text(
        f"坐标系为 {crs.name}，已换算为经纬度。", f"In {crs.name}; converted to lon/lat."
    )
    return Remark("E144", Level.INFO, message, place=place, applied=True)


def _system_remarks(
    source: Source, system: CoordinateSystem | None, shapes: Sequence[Shape], options: InputOptions
) -> list[Remark]:
    """Say where the file's definition contradicts its values."""
    if source.features.crs is None or options.corners.system is not None:
        return []
    written = recognise(source.features.crs)
    if written is not None and system is None:
        name = written.name.zh if isinstance(written, CoordinateSystem) else written.name
        return [
            Remark(
                "E144",
                Level.CONFIRM,
                Text(
                    f"文件写的坐标系是 {name}，与数值不符，按数值判断。",
                    f"The file says {name}, which its values contradict; judged by the values.",
                ),
                fix=Text("请核对坐标系定义。", "Check the definition."),
                place=source.place,
                applied=True,
            )
        ]
    if system is None or not system.is_projected or not system.prefixed:
        return []
    prefixes = {
        int(x // 1_000_000) for shape in shapes for ring in shape.polygons for x in ring[0][:, 0]
    }
    if prefixes <= {system.zone, 0}:
        return []
    listed = "、".join(str(item) for item in sorted(prefixes))
    return [
        Remark(
            "E144",
            Level.CONFIRM,
            Text(
                f"文件写的是 {system.zone} 带，数值的带号是 {listed}，按数值读取。",
                f"The file says zone {system.zone}, the values carry {listed}; read by the values.",
            ),
            fix=Text("请核对坐标系定义。", "Check the definition."),
            place=source.place,
            applied=True,
        )
    ]


def _inferred(system: CoordinateSystem, source: Source) -> Remark:
    missing = {
        Kind.SHAPEFILE: Text("没有 .prj。", "There is no .prj. "),
        Kind.DXF: Text("DXF 不带坐标系。", "DXF carries no coordinate system. "),
    }.get(source.kind, Text("文件没有坐标系。", "The file has no coordinate system. "))
    return Remark(
        "E143",
        Level.CONFIRM,
        Text(
            f"{missing.zh}按数值判断为 {system.name.zh}。",
            f"{missing.en}Judged by the values: {system.name.en}.",
        ),
        fix=Text("请确认坐标系；若有误，请指定。", "Confirm the system, or state it."),
        place=source.place,
        applied=True,
    )


def _swapped(reading: CornerReading, place: Place) -> list[Remark]:
    """GIS files hold (east, north); a drawing made from a corner list often does not."""
    if reading.understanding.order not in (Order.NORTH_EAST, Order.LAT_LON):
        return []
    message = Text(
        "图形的横、纵坐标颠倒（x 为北、y 为东），已调换。",
        "The axes of the shape are swapped (x north, y east); read the right way round.",
    )
    fix = Text("请确认；若有误，请指定坐标顺序。", "Confirm, or state the order.")
    return [Remark("E101", Level.CONFIRM, message, fix=fix, place=place, applied=True)]
