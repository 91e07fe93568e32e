"""采矿权报盘 text: one right a file, the inverse of its dialect."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Final, TextIO

from minplan.core.errors import InputError, Place
from minplan.core.geometry.corners.dialects import baopan as dialect
from minplan.core.geometry.crs import CoordinateSystem, Datum
from minplan.core.text import Text
from minplan.formats.drivers.corner_text import (
    LOWER,
    UPPER,
    Feature,
    features,
    figure,
    height,
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
from minplan.formats.drivers.several import one_layer, safe
from minplan.formats.drivers.tables import TableSource
from minplan.formats.reading import placed

_DATUMS: Final = {
    Datum.BEIJING54: "1",
    Datum.XIAN80: "2",
    Datum.CGCS2000: "3",
    Datum.WGS84: "3",
}
_TOTAL: Final = "矿区范围拐点坐标与标高的总行数"
_APART: Final = frozenset((UPPER, LOWER, "坐标系统", _TOTAL))


def _detect(path: Path, head: bytes) -> bool:
    return recognises(head, dialect.recognises)


def _open(path: Path, options: OpenOptions) -> TableSource:
    text = text_of(path, options.name)
    with placed(Place(file=options.name)):
        draft = dialect.read(text)
    return open_drafts(path, options, [draft])


def _write(path: Path, layers: Iterator[LayerStream], options: WriteOptions) -> WriteReport:
    """Write the right of a layer to a file, or each of several to a file in a folder."""
    report = WriteReport()
    folder = path.suffix.lower() != ".txt"
    if folder:
        path.mkdir()
    for stream in one_layer(layers, path):
        place = Place(file=path.name, layer=stream.name)
        label = name_column(stream.head.columns)
        for number, (system, feature) in enumerate(features(stream, report, place), 1):
            if number > 1 and not folder:
                raise _several(Place(path.name, stream.name, feature.row))
            title = safe(feature.attributes.get(label or "", ""))
            target = path / f"{number:03d}_{title}.txt" if folder else path
            with target.open("w", encoding=options.encoding, newline="\r\n") as file:
                _right(file, system, feature, label)
    return report


def _right(file: TextIO, system: CoordinateSystem, feature: Feature, label: str | None) -> None:
    told = dict(feature.attributes)
    upper, lower = (height(told.get(name, "")) for name in (UPPER, LOWER))
    rows: list[str] = []
    corner = 0
    for hole, points in feature.rings:
        for east, north in points.tolist():
            corner += 1
            rows.append(f"{corner},{figure(north)},{figure(east)}")
        rows.append(f"标高,{upper},{lower},,{-1 if hole else 1}")
    lines = ["[登记项目]"]
    if label and "矿山名称" not in told:
        lines.append(f"矿山名称={told[label]}")
    lines += [f"{key}={text}" for key, text in told.items() if key not in _APART and text]
    lines += [f"坐标系统={_DATUMS[system.datum]}", f"{_TOTAL}={len(rows)}"]
    lines += [f"XY{number:03d}={row}" for number, row in enumerate(rows, 1)]
    file.writelines(f"{line}\n" for line in lines)


def _several(place: Place) -> InputError:
    return InputError(
        "E220",
        Text("报盘文件只能存放一个矿业权", "a 报盘 file holds one right only"),
        place=place,
        hint=Text("输出写成文件夹，每个矿业权一个文件", "give a folder: one file for each right"),
    )


DRIVER: Final = Driver(
    "baopan",
    Text("采矿权报盘文件", "mining-right exchange file (报盘)"),
    (".baopan.txt",),
    _detect,
    _open,
    _write,
)
