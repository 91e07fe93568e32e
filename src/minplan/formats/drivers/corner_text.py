"""What the text formats of corners share: drafts as features, features as rings of figures."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import numpy as np
import shapely
from shapely.geometry import MultiPolygon, Polygon

from minplan.core.errors import InputError, Place
from minplan.core.geometry.corners import Remark, decode
from minplan.core.geometry.corners.draft import Block, Draft, Ring
from minplan.core.geometry.corners.model import Notation
from minplan.core.geometry.corners.tokens import unpack
from minplan.core.geometry.crs import CoordinateSystem, Datum, FloatArray, local_system
from minplan.core.text import Text
from minplan.formats.drivers import remarks as say
from minplan.formats.drivers.arrow import wrong_type
from minplan.formats.drivers.cells import written
from minplan.formats.drivers.conversion import in_lonlat, in_system
from minplan.formats.drivers.evidence import told_by_values
from minplan.formats.drivers.model import (
    Column,
    FeatureTable,
    GeometryType,
    LayerStream,
    OpenOptions,
    WriteReport,
    object_array,
)
from minplan.formats.drivers.tables import TableSource, in_memory
from minplan.formats.reading import placed

#: Elevations of a part, as columns of a feature.
UPPER: Final = "标高上限"
LOWER: Final = "标高下限"
_DEGREES: Final = 400.0


# -- reading --------------------------------------------------------------------------------------


def text_of(path: Path, name: str) -> str:
    """The text of a file in UTF-8, UTF-16 or GBK; InputError E145 when it is none."""
    with placed(Place(file=name)):
        return decode(path.read_bytes())[0]


def open_drafts(path: Path, options: OpenOptions, drafts: Sequence[Draft]) -> TableSource:
    """A source with one layer: a feature for each block of the drafts."""
    name = Path(options.name).stem
    blocks = [(draft, block) for draft in drafts for block in draft.blocks]
    keys = list(dict.fromkeys(key for _, block in blocks for key in block.attributes))
    heights = any(ring.elevation for _, block in blocks for ring in block.rings)
    values = {
        key: object_array(block.attributes.get(key) or None for _, block in blocks) for key in keys
    }
    if heights:
        spans = [next((r.elevation for r in b.rings if r.elevation), None) for _, b in blocks]
        values[UPPER] = object_array(written(item.upper) if item else None for item in spans)
        values[LOWER] = object_array(written(item.lower) if item else None for item in spans)
    with placed(Place(file=options.name, layer=name)):
        shapes = object_array(polygons(draft, block) for draft, block in blocks)
    table = FeatureTable(
        name,
        tuple(Column(key) for key in values),
        values,
        shapes,
        GeometryType.POLYGON,
        _system(drafts[0], shapes) if drafts else None,
    )
    remarks = [item for draft in drafts for item in draft.remarks]
    return in_memory(options, [table], remarks)


def polygons(draft: Draft, block: Block) -> Polygon | MultiPolygon | None:
    """The ground of a block in its own figures: holes belong to the outer ring around them."""
    outer: list[FloatArray] = []
    holes: list[list[FloatArray]] = []
    for ring in block.rings:
        points = _points(draft, ring)
        if len(points) < 3:
            raise InputError(
                "E124",
                Text("一圈不足 3 个拐点", "a ring has fewer than three corners"),
                place=ring.points[0].place if ring.points else Place(),
                hint=Text("请补齐拐点", "add the corners"),
            )
        if ring.hole and outer:
            inside = shapely.Point(points[0])
            around = [i for i, item in enumerate(outer) if Polygon(item).intersects(inside)]
            holes[around[-1] if around else -1].append(points)
        else:
            outer.append(points)
            holes.append([])
    parts = [Polygon(ring, inner) for ring, inner in zip(outer, holes, strict=True)]
    if len(parts) < 2:
        return parts[0] if parts else None
    return MultiPolygon(parts)


def _points(draft: Draft, ring: Ring) -> FloatArray:
    """(n, 2) east and north, or lon and lat, without a repeated first corner."""
    packed = draft.declared.notation is Notation.PACKED
    rows = [
        [(unpack(value) if packed else None) or value.number for value in point.values]
        for point in ring.points
    ]
    points = np.array(rows, dtype=np.float64).reshape(-1, 2)
    if len(points) > 1 and (points[0] == points[-1]).all():
        points = points[:-1]
    if packed:
        return points  # these strings have the longitude first
    first, second = np.median(points, axis=0)
    degrees = np.abs(points).max() <= _DEGREES
    # projected: the northing comes first, and is below 6 000 km; degrees: latitude first
    swapped = first > second if degrees else first > 6_000_000
    return points if swapped else points[:, ::-1]


def _system(draft: Draft, shapes: object) -> CoordinateSystem | None:
    """The system that the head and the figures tell together."""
    west, south, east, north = map(float, shapely.total_bounds(shapes))
    declared = draft.declared
    datum = declared.datums[0] if declared.datums else Datum.CGCS2000
    told = told_by_values((west, south, east, north))
    if told is not None:
        return replace(told, datum=datum) if declared.datums else None
    if declared.width and declared.zone and max(abs(west), abs(east)) > _DEGREES:
        return CoordinateSystem(datum, declared.width, declared.zone, prefixed=False)
    return None


# -- writing --------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Feature:
    """A feature to be written: its attributes as text, and its polygons."""

    row: int
    attributes: Mapping[str, str]
    parts: tuple[Polygon, ...]

    @property
    def rings(self) -> Iterator[tuple[bool, FloatArray]]:
        """Whether each ring is a hole, and its corners (n, 2) without a repeated first."""
        for part in self.parts:
            for index, ring in enumerate((part.exterior, *part.interiors)):
                yield index > 0, shapely.get_coordinates(ring)[:-1]


def features(
    stream: LayerStream, report: WriteReport, place: Place, *, degrees: bool = False
) -> Iterator[tuple[CoordinateSystem, Feature]]:
    """The areas of a layer in metres of its zone, or in lon/lat where ``degrees`` says so.

    Features without geometry are left out, which is said; a table in lon/lat is projected to the
    3° zone of its first feature. Raises InputError E220 for points and lines.
    """
    target: CoordinateSystem | None = None
    report.counts[stream.name] = missing = 0
    report.names[stream.name] = {column.name: column.name for column in stream.head.columns}
    for batch in stream.batches:
        table = in_lonlat(batch) if degrees else batch
        if not degrees and (table.system is None or not table.system.is_projected):
            target = target or _zone_of(batch, report, place)
            table = in_system(batch, target)
        assert table.system is not None
        shapes = table.geometry if table.geometry is not None else [None] * len(table)
        for index, (row, shape) in enumerate(zip(table.rows(), shapes, strict=True)):
            if shape is None:
                missing += 1
                continue
            where = Place(place.file, place.layer, table.first_row + index)
            attributes = {key: _line(written(value)) for key, value in row.items()}
            report.counts[stream.name] += 1
            yield table.system, Feature(table.first_row + index, attributes, _parts(shape, where))
    if missing:
        message = Text(
            f"{missing} 个没有图形的要素未写出。", f"{missing} feature(s) without shape left out."
        )
        report.remarks.append(say.lost(message, place))


def _zone_of(batch: FeatureTable, report: WriteReport, place: Place) -> CoordinateSystem:
    lonlat = in_lonlat(batch)
    west, _, east, _ = shapely.total_bounds(lonlat.geometry)
    system = local_system(float(west + east) / 2)
    message = Text(f"已投影到 {system.name.zh}。", f"Projected to {system.name.en}.")
    report.remarks.append(say.lost(message, place))
    return system


def _parts(shape: object, place: Place) -> tuple[Polygon, ...]:
    parts = tuple(shapely.get_parts(shape))
    if not all(isinstance(part, Polygon) for part in parts):
        raise wrong_type(str(getattr(shape, "geom_type", "?")), place)
    return parts


def _line(text: str) -> str:
    return " ".join(text.split())


def figure(value: float) -> str:
    """Metres with the decimals they have, three at least and four (0.1 mm) at most."""
    text = f"{value:.4f}"
    return text.removesuffix("0")


def height(text: str) -> str:
    """An elevation as it is written in a list of corners; nothing where it is no figure."""
    try:
        return f"{float(text):g}" if text else ""
    except ValueError:
        return ""


def left_out(names: Sequence[str], place: Place) -> Remark:
    """The remark that the format has no place for some columns."""
    listed = "、".join(names)
    return say.lost(
        Text(f"字段 {listed} 在该格式中没有位置，未写出。", f"no place for {listed}: left out."),
        place,
    )


Recognise = Callable[[str], bool]


def recognises(head: bytes, recognise: Recognise) -> bool:
    """Whether the beginning of a text file has a format; False for bytes that are no text."""
    if b"\0" in head[:1024].removeprefix(b"\xff\xfe").removeprefix(b"\xfe\xff"):
        return head[:2] in (b"\xff\xfe", b"\xfe\xff") and recognise(
            head[: len(head) // 2 * 2].decode("utf-16", errors="replace")
        )
    try:
        text = head[: head.rfind(b"\n") + 1 or len(head)].decode("utf-8")
    except UnicodeDecodeError:
        text = head.decode("gb18030", errors="replace")
    return recognise(text)
