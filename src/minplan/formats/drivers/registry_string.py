"""Registry strings (登记坐标串): a line for each right, the inverse of their dialects."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Final

from minplan.core.errors import Place
from minplan.core.geometry.corners.dialects import registry as dialect
from minplan.core.text import Text
from minplan.formats.drivers.corner_text import (
    LOWER,
    UPPER,
    Feature,
    features,
    figure,
    height,
    left_out,
    open_drafts,
    recognises,
    text_of,
)
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

#: Decimals of seconds: 1e-6″ is 0.03 mm.
_MICROSECONDS: Final = 1_000_000


def _detect(path: Path, head: bytes) -> bool:
    def recognise(text: str) -> bool:
        first = next((line for line in text.splitlines() if line.strip()), "")
        return dialect.recognises_mining(first) or dialect.recognises_exploration(first)

    return recognises(head, recognise)


def _open(path: Path, options: OpenOptions) -> TableSource:
    text = text_of(path, options.name)
    drafts = []
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip():
            continue
        with placed(Place(file=options.name, row=number)):
            mining = dialect.recognises_mining(line)
            drafts.append(dialect.read_mining(line) if mining else dialect.read_exploration(line))
    return open_drafts(path, options, drafts)


def _write(path: Path, layers: Iterator[LayerStream], options: WriteOptions) -> WriteReport:
    """Write 采矿权 strings, or 探矿权 strings where the option ``right`` is ``exploration``."""
    report = WriteReport()
    exploration = options.more.get("right") == "exploration"
    with path.open("w", encoding=options.encoding, newline="\n") as file:
        for stream in one_layer(layers, path):
            place = Place(file=path.name, layer=stream.name)
            kept = () if exploration else (UPPER, LOWER)
            names = [column.name for column in stream.head.columns]
            if lost := [name for name in names if name not in kept]:
                report.remarks.append(left_out(lost, place))
            for _, feature in features(stream, report, place, degrees=exploration):
                file.write((_exploration if exploration else _mining)(feature) + "\n")
            report.names[stream.name] = {name: name for name in names if name in kept}
    return report


def _mining(feature: Feature) -> str:
    """``parts, m, no,X,Y × m, upper,lower,note,flag, …``, numbers through all rings."""
    upper, lower = (height(feature.attributes.get(name, "")) for name in (UPPER, LOWER))
    rings = list(feature.rings)
    items = [str(len(rings))]
    number = 0
    for hole, points in rings:
        items.append(str(len(points)))
        for east, north in points.tolist():
            number += 1
            items += [str(number), figure(north), figure(east)]
        items += [upper, lower, "", "-1" if hole else "1"]
    return ",".join(items) + ","


def _exploration(feature: Feature) -> str:
    """``rings, n, lon,lat × n, flag,0,0, …`` in DDD.MMSSsss."""
    rings = list(feature.rings)
    items = [str(len(rings))]
    for hole, points in rings:
        items.append(str(len(points)))
        for pair in points.tolist():
            items += [packed(value) for value in pair]
        items += ["-1" if hole else "0", "0", "0"]
    return ",".join(items) + ","


def packed(degrees: float) -> str:
    """An angle as DDD.MMSSssssss; seconds never reach 60."""
    total = round(degrees * 3600 * _MICROSECONDS)
    whole, rest = divmod(total, 3600 * _MICROSECONDS)
    minutes, seconds = divmod(rest, 60 * _MICROSECONDS)
    return f"{whole}.{minutes:02d}{seconds:08d}"


DRIVER: Final = Driver(
    "registry",
    Text("登记坐标串", "registry string"),
    (".registry.txt",),
    _detect,
    _open,
    _write,
)
