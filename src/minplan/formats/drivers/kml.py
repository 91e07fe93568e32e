"""KML and KMZ: lon/lat on WGS84, which is CGCS2000 to within decimetres; that is said."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, Final, TextIO
from xml.sax.saxutils import escape, quoteattr

import numpy as np
import shapely
from shapely.geometry import Polygon
from shapely.geometry.base import BaseGeometry

from minplan.core.errors import InputError, Place
from minplan.core.geometry.corners import Remark
from minplan.core.geometry.crs import CoordinateSystem, Datum
from minplan.core.text import Text
from minplan.formats.archive import unpack
from minplan.formats.detect import is_kml
from minplan.formats.drivers import remarks as say
from minplan.formats.drivers.arrow import fits_32_bits
from minplan.formats.drivers.cells import written
from minplan.formats.drivers.conversion import in_system
from minplan.formats.drivers.model import (
    Column,
    ColumnType,
    Driver,
    LayerStream,
    OpenOptions,
    WriteOptions,
    WriteReport,
)
from minplan.formats.drivers.ogr import OgrSource, Traits, members_of
from minplan.formats.drivers.ogr_write import say_types
from minplan.formats.fields import attribute_of

_WGS84: Final = CoordinateSystem(Datum.WGS84)
_UTF8: Final = Text("由文件的 XML 声明", "declared in the XML")
#: Columns that GDAL makes of the elements of a placemark; Name and description are the user's.
_ELEMENTS: Final = frozenset(
    (
        "id",
        "timestamp",
        "begin",
        "end",
        "altitudeMode",
        "tessellate",
        "extrude",
        "visibility",
        "drawOrder",
        "icon",
        "snippet",
    )
)
_HEAD: Final = (
    '<?xml version="1.0" encoding="UTF-8"?>\n<kml xmlns="http://www.opengis.net/kml/2.2">\n'
)


def _detect(path: Path, head: bytes) -> bool:
    if head.startswith(b"PK\x03\x04"):
        return path.suffix.lower() == ".kmz"
    return is_kml(head)


def _open(path: Path, options: OpenOptions) -> OgrSource:
    folder: tempfile.TemporaryDirectory[str] | None = None
    found = path
    with path.open("rb") as file:
        zipped = file.read(4) == b"PK\x03\x04"
    if zipped:
        folder = tempfile.TemporaryDirectory(prefix="minplan-")
        members = unpack(path, Path(folder.name), name=options.name)
        documents = [item for item in members if item.suffix.lower() == ".kml"]
        if not documents:
            folder.cleanup()
            raise _empty(options.name)
        found = documents[0]
    # GDAL fills Name with a placemark's name: kept only where it is no column written twice
    hidden = _ELEMENTS | ({"Name", "description"} if _is_ours(found) else frozenset())
    traits = Traits("UTF-8", _UTF8, datum=Datum.WGS84, hidden=hidden)
    source = OgrSource(options, members_of(found, options.name), traits, folder)
    source.remarks.append(_same_ground(Place(file=options.name)))
    return source


def _is_ours(path: Path) -> bool:
    with path.open("rb") as file:
        return b"<!-- minplan: names repeat a column -->" in file.read(512)


def _write(path: Path, layers: Iterator[LayerStream], options: WriteOptions) -> WriteReport:
    report = WriteReport()
    with path.open("w", encoding="utf-8") as file:
        file.write(f"{_HEAD}<!-- minplan: names repeat a column -->\n<Document>\n")
        for number, stream in enumerate(layers):
            _write_layer(file, stream, f"schema{number}", report)
            report.remarks.append(_same_ground(Place(file=path.name, layer=stream.name)))
        file.write("</Document>\n</kml>\n")
    return report


_KINDS: Final = {
    ColumnType.TEXT: "string",
    ColumnType.INTEGER: "string",
    ColumnType.REAL: "double",
    ColumnType.DATE: "string",
    ColumnType.BOOLEAN: "bool",
}
_AS_TEXT: Final = Text("写为文字", "written as text")


def _write_layer(file: TextIO, stream: LayerStream, schema: str, report: WriteReport) -> None:
    head = stream.head
    say_types(stream, report, {ColumnType.DATE: _AS_TEXT})
    report.names[head.name] = {column.name: column.name for column in head.columns}
    report.counts[head.name] = 0
    file.write(f"<Schema name={quoteattr(head.name)} id={quoteattr(schema)}>\n")
    for column in head.columns:
        alias = f"<displayName>{escape(column.alias)}</displayName>" if column.alias else ""
        kind = (
            "int"
            if column.type is ColumnType.INTEGER and fits_32_bits(column)
            else _KINDS[column.type]
        )
        name = quoteattr(column.name)
        file.write(f'<SimpleField type="{kind}" name={name}>{alias}</SimpleField>\n')
    file.write(f"</Schema>\n<Folder><name>{escape(head.name)}</name>\n")
    label = name_column(head.columns)
    wide = [
        column.name
        for column in head.columns
        if column.type is ColumnType.INTEGER and not fits_32_bits(column)
    ]
    if wide:
        listed = "、".join(wide)
        message = Text(f"字段 {listed} 写为文字", f"{listed}: written as text")
        report.remarks.append(say.lost(message, Place(layer=head.name)))
    for batch in stream.batches:
        # longitude and latitude on CGCS2000 are those on WGS84 to within decimetres
        table = in_system(batch, _WGS84) if batch.geometry is not None else batch
        report.counts[head.name] += len(table)
        shapes: Iterable[Any] = [None] * len(table) if table.geometry is None else table.geometry
        file.writelines(
            _placemark(row, shape, schema, row[label] if label else None)
            for row, shape in zip(table.rows(), shapes, strict=True)
        )
    file.write("</Folder>\n")


def name_column(columns: Iterable[Column]) -> str | None:
    """The column whose text names a feature, by the names in use."""
    texts = [column.name for column in columns if column.type is ColumnType.TEXT]
    return next((name for name in texts if attribute_of(name) == "name"), next(iter(texts), None))


def _placemark(row: dict[str, Any], shape: BaseGeometry | None, schema: str, name: Any) -> str:
    data = "".join(
        f"<SimpleData name={quoteattr(key)}>{escape(written(value))}</SimpleData>"
        for key, value in row.items()
        if value is not None and value != ""
    )
    title = f"<name>{escape(str(name))}</name>" if name else ""
    extended = f'<ExtendedData><SchemaData schemaUrl="#{schema}">{data}</SchemaData></ExtendedData>'
    return f"<Placemark>{title}{extended}{_geometry(shape)}</Placemark>\n"


def _geometry(shape: BaseGeometry | None) -> str:
    if shape is None or shape.is_empty:
        return ""
    if hasattr(shape, "geoms"):
        inner = "".join(_geometry(part) for part in shape.geoms)
        return f"<MultiGeometry>{inner}</MultiGeometry>"
    if isinstance(shape, Polygon):
        holes = "".join(
            f"<innerBoundaryIs>{_ring(ring)}</innerBoundaryIs>" for ring in shape.interiors
        )
        outer = f"<outerBoundaryIs>{_ring(shape.exterior)}</outerBoundaryIs>"
        return f"<Polygon>{outer}{holes}</Polygon>"
    word = "Point" if shape.geom_type == "Point" else "LineString"
    return f"<{word}>{_coordinates(shape)}</{word}>"


def _ring(ring: BaseGeometry) -> str:
    return f"<LinearRing>{_coordinates(ring)}</LinearRing>"


def _coordinates(shape: BaseGeometry) -> str:
    points: Any = np.asarray(shapely.get_coordinates(shape)).tolist()
    text = " ".join(f"{lon!r},{lat!r}" for lon, lat in points)
    return f"<coordinates>{text}</coordinates>"


def _same_ground(place: Place) -> Remark:
    return say.lost(
        Text(
            "KML 规定为 WGS84 经纬度；与 2000国家大地坐标系相差在分米以内，按相同处理。",
            "KML is lon/lat on WGS84, taken as equal to CGCS2000 (they differ by decimetres).",
        ),
        place,
    )


def _empty(name: str) -> InputError:
    return InputError(
        "E207",
        Text(f"{name} 中没有图形", f"{name} holds no shapes"),
        place=Place(file=name),
        hint=Text("请重新导出 KML", "export the KML again"),
    )


DRIVER: Final = Driver("kml", Text("KML/KMZ", "KML/KMZ"), (".kml",), _detect, _open, _write)
