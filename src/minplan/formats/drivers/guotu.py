"""国土 boundary-point text (界址点 TXT): a parcel per feature, the inverse of its dialect."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Final, TextIO

from minplan.core.errors import Place
from minplan.core.geometry.corners import Remark
from minplan.core.geometry.corners.dialects import guotu as dialect
from minplan.core.geometry.crs import CoordinateSystem
from minplan.core.text import Text
from minplan.formats.drivers import remarks as say
from minplan.formats.drivers.corner_text import (
    Feature,
    features,
    figure,
    left_out,
    open_drafts,
    recognises,
    text_of,
)
from minplan.formats.drivers.kml import name_column
from minplan.formats.drivers.model import (
    Driver,
    LayerStream,
    OpenOptions,
    WriteOptions,
    WriteReport,
)
from minplan.formats.drivers.several import one_layer
from minplan.formats.drivers.tables import TableSource
from minplan.formats.reading import placed

#: Fields of the row of a parcel, between its count and its area and the closing mark.
_FIELDS: Final = ("地块编号", "地块名称", "图形属性", "图幅号", "用途", "地类")
_OWN: Final = {"界址点数", "面积", *_FIELDS}


def _detect(path: Path, head: bytes) -> bool:
    return recognises(head, dialect.recognises)


def _open(path: Path, options: OpenOptions) -> TableSource:
    text = text_of(path, options.name)
    with placed(Place(file=options.name)):
        draft = dialect.read(text)
    return open_drafts(path, options, [draft])


def _write(path: Path, layers: Iterator[LayerStream], options: WriteOptions) -> WriteReport:
    report = WriteReport()
    with path.open("w", encoding=options.encoding, newline="\r\n") as file:
        for stream in one_layer(layers, path):
            place = Place(file=path.name, layer=stream.name)
            names = [column.name for column in stream.head.columns]
            label = "地块名称" if "地块名称" in names else name_column(stream.head.columns)
            if lost := [name for name in names if name not in _OWN and name != label]:
                report.remarks.append(left_out(lost, place))
            names = [name for name in names if name not in lost]
            head_of: CoordinateSystem | None = None
            for number, (system, feature) in enumerate(features(stream, report, place), 1):
                if head_of is None:
                    head_of = system
                    _head(file, system)
                if len(feature.parts) > 1:
                    report.remarks.append(_split(Place(path.name, stream.name, feature.row)))
                _feature(file, number, feature, label)
            written = {name: "地块名称" if name == label else name for name in names}
            report.names[stream.name] = written
    return report


def _head(file: TextIO, system: CoordinateSystem) -> None:
    lines = (
        "[属性描述]",
        f"坐标系={system.datum.name_zh}",
        f"几度分带={system.width}",
        "投影类型=高斯克吕格",
        "计量单位=米",
        f"带号={system.zone}",
        "精度=0.0001",
        "转换参数=,,,,,,",
        "[地块坐标]",
    )
    file.writelines(f"{line}\n" for line in lines)


def _split(place: Place) -> Remark:
    message = Text("多部分图形分写为几个地块。", "Parts are written as parcels of their own.")
    return say.lost(message, place)


def _feature(file: TextIO, number: int, feature: Feature, label: str | None) -> None:
    """Write a parcel for each part: rings after the first are holes in this format."""
    for part in feature.parts:
        one = Feature(feature.row, feature.attributes, (part,))
        rings = [points for _, points in one.rings]
        told = dict(feature.attributes)
        told.setdefault("地块编号", str(number))
        told["地块名称"] = told.get(label or "", "")
        told["图形属性"] = told.get("图形属性") or "面"
        area = told.get("面积") or f"{abs(part.area) / 10_000:.4f}"
        fields = [told.get(key, "").replace(",", "，") for key in _FIELDS]
        count = sum(len(points) + 1 for points in rings)
        file.write(",".join([str(count), area, *fields, "@"]) + "\n")
        corner = 0
        for ring, points in enumerate(rings, 1):
            first = corner + 1
            for index, (east, north) in enumerate([*points.tolist(), points[0].tolist()]):
                corner += index < len(points)
                mark = first if index == len(points) else corner
                file.write(f"J{mark},{ring},{figure(north)},{figure(east)}\n")


DRIVER: Final = Driver(
    "guotu",
    Text("国土界址点 TXT", "land-survey boundary-point text (国土 TXT)"),
    (".txt",),
    _detect,
    _open,
    _write,
)
