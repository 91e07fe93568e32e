"""Layers written by GDAL from a stream of Arrow batches."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

import pyarrow as pa
import pyogrio
from pyogrio.raw import write_arrow
from pyproj import CRS

from minplan.core.errors import Place
from minplan.core.text import Text
from minplan.formats.drivers import remarks as say
from minplan.formats.drivers.arrow import GEOMETRY, record_batch, schema_of
from minplan.formats.drivers.model import (
    Column,
    ColumnType,
    FeatureTable,
    GeometryType,
    LayerStream,
    WriteReport,
)

#: What GDAL calls the types that are written.
OGR_TYPES: Final = {
    GeometryType.POINT: "Point",
    GeometryType.LINE: "MultiLineString",
    GeometryType.POLYGON: "MultiPolygon",
    GeometryType.MIXED: "Unknown",
}


def definition(table: FeatureTable) -> str | None:
    """The coordinate system of a table as an authority code or WKT; None when it is not known."""
    if table.system is not None:
        return f"EPSG:{table.system.epsg}"
    return table.crs_wkt


def write_layer(
    path: Path,
    stream: LayerStream,
    report: WriteReport,
    *,
    driver: str,
    title: str | None = None,
    names: Mapping[str, str] | None = None,
    options: Mapping[str, str] | None = None,
    small: bool = False,
) -> None:
    """Write one layer, adding to a file that exists; the report is completed.

    ``title`` is the name of the layer in the file, ``names`` those of its columns, ``options``
    layer creation options, ``small`` asks for 32-bit integers where the length allows them.
    """
    head = stream.head
    asked = dict(names or {column.name: column.name for column in head.columns})
    schema = schema_of(head, asked, small=small)
    before = set(_layers(path))
    report.counts[head.name] = 0
    geometry: dict[str, Any] = {}
    if head.geometry_type is not None:
        geometry = {
            "geometry_name": GEOMETRY,
            "geometry_type": OGR_TYPES[head.geometry_type],
            "crs": definition(head),
        }
    write_stream(
        schema,
        _batches(stream, schema, report, path.name),
        path,
        layer=title or head.name,
        driver=driver,
        layer_options=dict(options or {}),
        **geometry,
    )
    written = next(iter(set(_layers(path)) - before), title or head.name)
    _compare(path, written, head, asked, report)


def write_stream(
    schema: pa.Schema, batches: Iterator[pa.RecordBatch], path: Path, **more: Any
) -> None:
    """Write batches as they come; what goes wrong in making them is raised as it is.

    GDAL pulls the batches through C, where the error of a batch would become another one.
    """
    raised: list[Exception] = []

    def watched() -> Iterator[pa.RecordBatch]:
        try:
            yield from batches
        except Exception as error:
            raised.append(error)
            raise

    try:
        write_arrow(pa.RecordBatchReader.from_batches(schema, watched()), path, **more)
    except Exception:
        if raised:
            raise raised[0] from None
        raise


def _batches(
    stream: LayerStream, schema: pa.Schema, report: WriteReport, file: str
) -> Iterator[pa.RecordBatch]:
    for table in stream.batches:
        report.counts[stream.name] += len(table)
        yield record_batch(table, schema, file)


def _layers(path: Path) -> list[str]:
    return [str(row[0]) for row in pyogrio.list_layers(path)] if path.exists() else []


def _compare(
    path: Path, written: str, head: FeatureTable, asked: Mapping[str, str], report: WriteReport
) -> None:
    """Say where the format took other names or types."""
    place = Place(file=path.name, layer=head.name)
    if written != head.name:
        report.remarks.append(say.renamed(head.name, written, place))
    found = [str(name) for name in pyogrio.read_info(path, layer=written)["fields"]]
    names = list(asked.values())
    if len(found) == len(names):
        names = found
    report.names[head.name] = dict(zip((item.name for item in head.columns), names, strict=True))
    report.remarks += [
        say.renamed(old, new, place) for old, new in report.names[head.name].items() if old != new
    ]


def say_types(stream: LayerStream, report: WriteReport, kinds: Mapping[ColumnType, Text]) -> None:
    """Say which columns a format writes as values of another type; ``kinds`` says as what."""
    for kind, what in kinds.items():
        columns = [column.name for column in stream.head.columns if column.type is kind]
        if columns:
            listed = "、".join(columns)
            message = Text(f"字段 {listed} {what.zh}", f"{listed}: {what.en}")
            report.remarks.append(say.lost(message, Place(layer=stream.name)))


def unused(columns: tuple[Column, ...], wanted: str) -> str:
    """``wanted``, or it with a number where a column has that name in any case."""
    taken = {column.name.lower() for column in columns}
    name, number = wanted, 1
    while name.lower() in taken:
        name, number = f"{wanted}_{number}", number + 1
    return name


def is_degrees(table: FeatureTable) -> bool:
    """Whether the coordinates of a table are degrees."""
    if table.system is not None:
        return not table.system.is_projected
    return table.crs_wkt is not None and CRS.from_user_input(table.crs_wkt).is_geographic
