"""DXF drawings: closed polylines of the model, layer by layer, as areas.

GDAL turns arcs into chords of at most 4°; that is said. Rings inside rings are taken as holes,
equal rings drawn twice as one.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final

import numpy as np
import shapely
from shapely.geometry import LineString, Polygon

from minplan.core.errors import InputError, Place
from minplan.core.geometry.corners import Level, Remark, decode
from minplan.core.text import Text
from minplan.formats.features import LayerFeatures
from minplan.formats.gdal import read_layer
from minplan.formats.rings import check_finite, is_closed, is_nearly_closed, single_parts

_ENTITIES: Final = re.compile(
    rb"\n\s*2\s*\r?\nENTITIES\s*\r?(\n.*?)\n\s*0\s*\r?\nENDSEC", re.DOTALL
)
_CODE_PAGE: Final = re.compile(r"(\$DWGCODEPAGE\s*?\r?\n\s*3\s*?\r?\n)[^\r\n]*")
_HEADER: Final = re.compile(r"^[ \t]*2[ \t]*\r?\n[ \t]*HEADER[ \t]*\r?\n", re.MULTILINE)
_ENTITY: Final = re.compile(rb"\n[ \t]*0[ \t]*\r?\n[ \t]*")
_CURVES: Final = (b"ARC", b"CIRCLE", b"ELLIPSE", b"SPLINE")
_BENT: Final = (b"LWPOLYLINE", b"VERTEX")
#: Group 42 of a vertex: how far the next edge bulges.
_BULGE: Final = re.compile(rb"\n[ \t]*42[ \t]*\r?\n[ \t]*-?(?:0*\.0*[1-9]|0*[1-9])")


def read_drawing(
    path: Path, name: str, layer: str | None
) -> tuple[list[LayerFeatures], list[Remark]]:
    """Return the areas of each drawing layer that has any, and remarks on the drawing.

    ``path`` is a copy of our own, whose text is put into one encoding; ``layer`` picks one
    drawing layer. Raises InputError E207 when nothing bounds an area, E219 when there is no such
    layer.
    """
    path.write_bytes(in_gbk(path.read_bytes()))
    entities = read_layer(path, name, "entities")
    check_finite(entities, name)
    names = [str(item.get("Layer", "0")) for item in entities.attributes]
    model = [not item.get("PaperSpace") for item in entities.attributes]
    if layer is not None and layer not in names:
        raise _no_layer(name, layer, sorted(set(names)))
    remarks: list[Remark] = []
    found: list[LayerFeatures] = []
    for title in sorted(set(names)):
        if layer not in (None, title):
            continue
        chosen = [i for i, item in enumerate(names) if item == title and model[i]]
        polygons, said = areas([entities.geometry[i] for i in chosen], Place(name, title))
        if polygons:
            remarks += said
            found.append(_features(title, polygons, entities))
    if not found:
        raise InputError(
            "E207",
            Text(f"{name} 中没有闭合的多段线", f"{name} holds no closed polyline"),
            place=Place(file=name, layer=layer),
            hint=Text(
                "请在 CAD 中把范围线闭合（PEDIT 合并、闭合）后另存为 DXF",
                "close the boundary in the CAD program (PEDIT) and save the DXF again",
            ),
        )
    if has_curves(path.read_bytes()):
        remarks.append(densified(name))
    return found, remarks


def in_gbk(content: bytes) -> bytes:
    """The drawing with its texts in GBK and saying so.

    Since 2007 AutoCAD writes UTF-8 while the header still names the old code page, which is all
    that GDAL looks at.
    """
    if content.isascii():
        return content
    text = decode(content)[0].removeprefix("\ufeff")
    if "$DWGCODEPAGE" in text:
        text = _CODE_PAGE.sub(r"\g<1>ANSI_936", text, count=1)
    elif _HEADER.search(text):
        text = _HEADER.sub(r"\g<0>  9\n$DWGCODEPAGE\n  3\nANSI_936\n", text, count=1)
    else:
        text = f"  0\nSECTION\n  2\nHEADER\n  9\n$DWGCODEPAGE\n  3\nANSI_936\n  0\nENDSEC\n{text}"
    return text.encode("gbk", errors="replace")


def has_curves(content: bytes) -> bool:
    """Whether a drawing holds arcs, curves or bulging edges."""
    section = _ENTITIES.search(content)
    entities = _ENTITY.split(section[1]) if section else []
    return any(
        item.startswith(_CURVES) or (item.startswith(_BENT) and _BULGE.search(item) is not None)
        for item in entities
    )


def areas(geometry: Sequence[object], place: Place) -> tuple[list[Polygon], list[Remark]]:
    """Areas bounded by closed (else nearly closed) lines, rings inside rings as holes."""
    parts = [part for item in geometry for part in single_parts(item)]
    drawn = [part for part in parts if isinstance(part, Polygon)]
    lines = [part for part in parts if isinstance(part, LineString)]
    closed = [Polygon(line) for line in lines if is_closed(line)]
    remarks: list[Remark] = []
    rings = [*drawn, *closed]
    if not rings:
        rings = [Polygon(line) for line in lines if is_nearly_closed(line)]
        if rings:
            remarks.append(_joined(len(rings), place))
    single = _distinct(rings)
    if len(single) < len(rings):
        remarks.append(_repeated(len(rings) - len(single), place))
    polygons = _nested(single)
    if len(polygons) < len(single):
        remarks.append(_holes(len(single) - len(polygons), place))
    return polygons, remarks


def _distinct(rings: Sequence[Polygon]) -> list[Polygon]:
    seen: dict[bytes, Polygon] = {}
    for ring in rings:
        seen.setdefault(shapely.to_wkb(shapely.normalize(ring)), ring)
    return list(seen.values())


def _nested(rings: Sequence[Polygon]) -> list[Polygon]:
    """Rings at even depth with the rings directly inside them as holes."""
    order = sorted((ring for ring in rings if ring.is_valid), key=lambda ring: -ring.area)
    around: list[list[int]] = [[] for _ in order]
    pairs = shapely.STRtree(order).query(np.array(order, dtype=object), predicate="contains")
    for outer, inner in pairs.T.tolist():
        if outer < inner:
            around[inner].append(outer)
    polygons = [
        Polygon(
            ring.exterior,
            [
                *ring.interiors,
                *(
                    order[i].exterior
                    for i in range(len(order))
                    if len(around[i]) == len(around[outer]) + 1 and outer in around[i]
                ),
            ],
        )
        for outer, ring in enumerate(order)
        if len(around[outer]) % 2 == 0
    ]
    # a ring that crosses itself is left to the reader, which names the crossing
    return [*polygons, *(ring for ring in rings if not ring.is_valid)]


def _features(title: str, polygons: Sequence[Polygon], entities: LayerFeatures) -> LayerFeatures:
    geometry = np.empty(len(polygons), dtype=object)
    geometry[:] = polygons
    return replace(
        entities,
        layer=title,
        geometry=geometry,
        rows=tuple(range(1, len(polygons) + 1)),
        attributes=({},) * len(polygons),
    )


def _no_layer(name: str, layer: str, names: Sequence[str]) -> InputError:
    listed = "、".join(names[:20])
    return InputError(
        "E219",
        Text(f"{name} 中没有图层“{layer}”", f"{name} has no layer {layer!r}"),
        place=Place(file=name, layer=layer),
        hint=Text(f"现有图层：{listed}", f"its layers: {listed}"),
    )


def densified(name: str) -> Remark:
    """The remark that arcs became chords."""
    return Remark(
        "E154",
        Level.CONFIRM,
        Text(
            "图形含圆弧或曲线，已按不大于 4° 的弦加密为折线。",
            "Arcs or curves were replaced by chords of at most 4°.",
        ),
        fix=Text("请确认折线与原曲线一致。", "Confirm that the chords follow the curve."),
        place=Place(file=name),
        applied=True,
    )


def _joined(count: int, place: Place) -> Remark:
    return Remark(
        "E121",
        Level.CONFIRM,
        Text(
            f"{count} 条多段线首尾未相接，已连接首尾成面。",
            f"{count} polyline(s) do not close; first and last point were joined.",
        ),
        fix=Text("请确认范围界线完整。", "Confirm that the boundary is complete."),
        place=place,
        applied=True,
    )


def _repeated(count: int, place: Place) -> Remark:
    message = Text(f"{count} 条界线重复绘制，只取一条。", f"{count} ring(s) are drawn twice.")
    return Remark("E122", Level.DONE, message, place=place, applied=True)


def _holes(count: int, place: Place) -> Remark:
    return Remark(
        "E127",
        Level.CONFIRM,
        Text(
            f"{count} 条闭合线在另一条之内，按扣除处理。",
            f"{count} ring(s) lie inside another and are subtracted.",
        ),
        fix=Text("请确认扣除。", "Confirm the subtraction."),
        place=place,
        applied=True,
    )
