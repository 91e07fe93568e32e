"""DXF drawings: areas from closed lines layer by layer, texts inside them as attributes."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Final, TextIO

import numpy as np
import pyogrio
import shapely
from shapely.geometry import LineString, Point, Polygon
from shapely.geometry.base import BaseGeometry

from minplan.core.errors import Place
from minplan.core.geometry.corners import Remark
from minplan.core.geometry.layer import GeometryArray
from minplan.core.text import Text
from minplan.formats.detect import is_dxf
from minplan.formats.drawing import areas, densified, has_curves, in_gbk
from minplan.formats.drivers import remarks as say
from minplan.formats.drivers.kml import name_column
from minplan.formats.drivers.model import (
    Column,
    Driver,
    FeatureTable,
    GeometryType,
    LayerStream,
    ObjectArray,
    OpenOptions,
    WriteOptions,
    WriteReport,
    object_array,
)
from minplan.formats.drivers.tables import TableSource, in_memory
from minplan.formats.features import translated
from minplan.formats.rings import single_parts

#: The column of the texts inside an area, and of texts that stand alone.
LABEL: Final = "文字"
#: Height of written labels as a share of the width of an area.
_LABEL_SHARE: Final = 0.05


def _detect(path: Path, head: bytes) -> bool:
    return is_dxf(head)


# -- reading --------------------------------------------------------------------------------------


def _open(path: Path, options: OpenOptions) -> TableSource:
    with tempfile.TemporaryDirectory(prefix="minplan-") as folder, translated(options.name):
        copy = Path(shutil.copyfile(path, Path(folder) / "input.dxf"))
        content = in_gbk(copy.read_bytes())
        copy.write_bytes(content)
        meta, _, wkb, columns = pyogrio.raw.read(copy, layer="entities", force_2d=True)
        geometry = np.asarray(shapely.from_wkb(wkb, on_invalid="ignore"), dtype=object)
    fields = dict(zip((str(name) for name in meta["fields"]), columns, strict=True))
    paper = fields.get("PaperSpace")
    layers = fields["Layer"]
    texts = fields["Text"]
    tables: list[FeatureTable] = []
    remarks: list[Remark] = []
    if has_curves(content):
        remarks.append(densified(options.name))
    for title in sorted({str(item or "0") for item in layers}):
        chosen = np.array([str(item or "0") == title for item in layers], dtype=bool)
        if paper is not None:
            chosen &= np.array([item != 1 for item in paper], dtype=bool)  # absent is None or NaN
        place = Place(file=options.name, layer=title)
        found, said = _layer(title, geometry[chosen], texts[chosen], place)
        tables += found
        remarks += said
    return in_memory(options, tables, remarks)


def _layer(
    title: str, geometry: GeometryArray, texts: ObjectArray, place: Place
) -> tuple[list[FeatureTable], list[Remark]]:
    """Areas with their texts; lines that bound nothing and lone texts are tables of their own."""
    labels = [
        (shape, str(text))
        for shape, text in zip(geometry, texts, strict=True)
        if isinstance(shape, Point) and text
    ]
    drawn = [shape for shape in geometry if shape is not None and not isinstance(shape, Point)]
    polygons, said = areas(drawn, place)
    if polygons:
        words = _labelled(polygons, labels)
        return [_table(title, polygons, words, GeometryType.POLYGON)], said
    lines = [part for item in drawn for part in single_parts(item) if isinstance(part, LineString)]
    tables = []
    if lines:
        tables.append(_table(title, lines, [None] * len(lines), GeometryType.LINE))
    if labels:
        name = f"{title}_{LABEL}" if lines else title
        points = [shape for shape, _ in labels]
        tables.append(_table(name, points, [text for _, text in labels], GeometryType.POINT))
    return tables, said


def _labelled(polygons: Sequence[Polygon], labels: Sequence[tuple[Point, str]]) -> list[str | None]:
    words: list[list[str]] = [[] for _ in polygons]
    if labels:
        tree = shapely.STRtree(list(polygons))
        points = object_array(point for point, _ in labels)
        for label, polygon in tree.query(points, predicate="intersects").T.tolist():
            words[polygon].append(labels[label][1])
    return ["、".join(items) or None for items in words]


def _table(
    title: str, shapes: Sequence[BaseGeometry], words: Sequence[str | None], kind: GeometryType
) -> FeatureTable:
    columns = (Column(LABEL),)
    return FeatureTable(title, columns, {LABEL: object_array(words)}, object_array(shapes), kind)


# -- writing --------------------------------------------------------------------------------------


def _write(path: Path, layers: Iterator[LayerStream], options: WriteOptions) -> WriteReport:
    report = WriteReport()
    with path.open("w", encoding="gbk", errors="strict", newline="\r\n") as file:
        _pairs(file, 0, "SECTION", 2, "HEADER", 9, "$ACADVER", 1, "AC1015")
        _pairs(file, 9, "$DWGCODEPAGE", 3, "ANSI_936", 0, "ENDSEC")
        _pairs(file, 0, "SECTION", 2, "ENTITIES")
        for stream in layers:
            _write_layer(file, stream, report, Place(file=path.name, layer=stream.name))
        _pairs(file, 0, "ENDSEC", 0, "EOF")
    return report


def _pairs(file: TextIO, *items: Any) -> None:
    """Write group codes and values, one per line."""
    file.write("".join(f"{item}\n" for item in items))


def _write_layer(file: TextIO, stream: LayerStream, report: WriteReport, place: Place) -> None:
    head = stream.head
    label = name_column(head.columns)
    names = [column.name for column in head.columns]
    report.names[head.name] = {label: LABEL} if label else {}
    if lost := [name for name in names if name != label]:
        report.remarks.append(_no_attributes(lost, place))
    report.remarks.append(_no_system(place))
    report.counts[head.name] = 0
    several = without = 0
    for batch in stream.batches:
        report.counts[head.name] += len(batch)
        shapes: Any = [None] * len(batch) if batch.geometry is None else batch.geometry
        words = batch.values[label] if label else [None] * len(batch)
        for shape, word in zip(shapes, words, strict=True):
            parts = list(shapely.get_parts(shape)) if shape is not None else []
            several += len(parts) > 1
            without += not parts
            for part in parts:
                _entity(file, head.name, part)
                if word:
                    _text(file, head.name, part, str(word))
    if several or without:
        report.remarks.append(_split(several, without, place))


def _entity(file: TextIO, layer: str, part: BaseGeometry) -> None:
    if isinstance(part, Point):
        _pairs(file, 0, "POINT", 8, layer, 10, repr(part.x), 20, repr(part.y), 30, "0.0")
        return
    if isinstance(part, Polygon):
        for ring in (part.exterior, *part.interiors):
            _polyline(file, layer, shapely.get_coordinates(ring)[:-1], closed=True)
        return
    points = shapely.get_coordinates(part)
    closed = len(points) > 3 and bool((points[0] == points[-1]).all())
    _polyline(file, layer, points[:-1] if closed else points, closed=closed)


def _polyline(file: TextIO, layer: str, points: Any, *, closed: bool) -> None:
    _pairs(file, 0, "LWPOLYLINE", 100, "AcDbEntity", 8, layer, 100, "AcDbPolyline")
    _pairs(file, 90, len(points), 70, int(closed))
    for x, y in points.tolist():
        _pairs(file, 10, repr(x), 20, repr(y))


def _text(file: TextIO, layer: str, part: BaseGeometry, word: str) -> None:
    at = part.representative_point() if isinstance(part, Polygon) else part.centroid
    west, south, east, north = part.bounds
    height = max(east - west, north - south) * _LABEL_SHARE or 1.0
    line = " ".join(word.split())
    _pairs(file, 0, "TEXT", 8, layer, 10, repr(at.x), 20, repr(at.y), 30, "0.0")
    _pairs(file, 40, repr(height), 1, line)


def _no_attributes(names: Sequence[str], place: Place) -> Remark:
    listed = "、".join(names)
    return say.lost(
        Text(
            f"DXF 不带属性：字段 {listed} 未写出。", f"DXF holds no attributes: {listed} left out."
        ),
        place,
    )


def _no_system(place: Place) -> Remark:
    return say.lost(
        Text("DXF 不带坐标系，请另行注明。", "DXF holds no coordinate system; state it apart."),
        place,
    )


def _split(several: int, without: int, place: Place) -> Remark:
    return say.lost(
        Text(
            f"{several} 个多部分图形拆为单独的图形，{without} 个没有图形的要素未写出。",
            f"{several} shape(s) of several parts were split, {without} without shape left out.",
        ),
        place,
    )


DRIVER: Final = Driver("dxf", Text("DXF 图形", "DXF drawing"), (".dxf",), _detect, _open, _write)
