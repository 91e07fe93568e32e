"""Styles of QGIS made from the symbols of the standard, kept inside a GeoPackage.

The table ``layer_styles`` is what QGIS itself writes when a style is saved in a database; layers
open with it at once.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping
from contextlib import closing
from pathlib import Path
from typing import Final
from xml.etree import ElementTree as ET

from minplan.core.standard.model import Edition, GeometryType, LayerSpec, Symbol

TABLE: Final = "layer_styles"

_MM_PER_PIXEL: Final = 25.4 / 96
_DASHES: Final[Mapping[str, tuple[float, ...]]] = {
    "dash": (5, 3),
    "long-dash": (10, 4),
    "dash-dot": (6, 2, 1, 2),
}
#: Angle (degrees) of the strokes of a pattern; a dot is drawn as points.
_STROKES: Final[Mapping[str, tuple[int, ...]]] = {
    "/": (45,),
    "\\": (135,),
    "|": (90,),
    "-": (0,),
    "x": (45, 135),
    "+": (0, 90),
}
_SPACING_MM: Final = 3.0
_LABELLED: Final = "MC"
_SLD: Final = "http://www.opengis.net/sld"
_OGC: Final = "http://www.opengis.net/ogc"

_CREATE: Final = f"""CREATE TABLE {TABLE} (
  id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
  f_table_catalog TEXT(256), f_table_schema TEXT(256),
  f_table_name TEXT(256), f_geometry_column TEXT(256),
  styleName TEXT(30), styleQML TEXT, styleSLD TEXT, useAsDefault BOOLEAN,
  description TEXT, owner TEXT(30), ui TEXT(30),
  update_time DATETIME DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ','now')))"""
_REGISTER: Final = (
    "INSERT INTO gpkg_contents (table_name, data_type, identifier, description)"
    f" VALUES ('{TABLE}', 'attributes', '{TABLE}', '')"
)
_INSERT: Final = (
    f"INSERT INTO {TABLE} (f_table_catalog, f_table_schema, f_table_name, f_geometry_column,"
    " styleName, styleQML, styleSLD, useAsDefault, description, owner, update_time)"
    " VALUES ('', '', ?, ?, ?, ?, ?, 1, ?, '', '2000-01-01T00:00:00.000Z')"
)


def add_styles(file: Path, edition: Edition, layers: Mapping[str, str]) -> int:
    """Add the table of styles to a GeoPackage; return how many layers have one.

    ``layers`` maps names of layers in the file to codes of the edition.
    """
    with closing(sqlite3.connect(file)) as connection, connection:
        columns = dict(
            connection.execute("SELECT table_name, column_name FROM gpkg_geometry_columns")
        )
        rows = [
            (name, columns[name], spec.name.zh, qml(spec, symbol), sld(spec, symbol), spec.name.zh)
            for name, spec, symbol in _drawn(edition, layers)
            if name in columns
        ]
        connection.execute(_CREATE)
        connection.execute(_REGISTER)
        connection.executemany(_INSERT, rows)
    return len(rows)


def _drawn(edition: Edition, layers: Mapping[str, str]) -> Iterable[tuple[str, LayerSpec, Symbol]]:
    for name, code in layers.items():
        spec, symbol = edition.layer(code), edition.symbol(code)
        if spec is not None and symbol is not None:
            yield name, spec, symbol


def qml(spec: LayerSpec, symbol: Symbol) -> str:
    """The style as QGIS keeps it (QML)."""
    root = ET.Element("qgis", version="3.28.0", styleCategories="Symbology|Labeling")
    renderer = ET.SubElement(root, "renderer-v2", type="singleSymbol", symbollevels="0")
    symbols = ET.SubElement(renderer, "symbols")
    kind = {GeometryType.POLYGON: "fill", GeometryType.LINE: "line"}.get(spec.geometry, "marker")
    body = ET.SubElement(symbols, "symbol", type=kind, name="0", alpha="1", clip_to_extent="1")
    if kind == "fill":
        _fill(body, symbol)
    elif kind == "line":
        _stroke(body, symbol)
    else:
        _marker(body, symbol.fill or symbol.line, max(symbol.width * 2, 2.0))
    if symbol.label and spec.field(_LABELLED):
        _label(root, symbol)
    text = ET.tostring(root, encoding="unicode")
    return f"<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>\n{text}"


def _fill(body: ET.Element, symbol: Symbol) -> None:
    colour = _rgba(symbol.fill or symbol.line, symbol.alpha if symbol.fill else 0.0)
    style = "solid" if symbol.fill else "no"
    _layer(body, "SimpleFill", {"color": colour, "style": style, "outline_style": "no"})
    for angle in _angles(symbol.hatch):
        pattern = {"angle": str(angle), "distance": _spacing(symbol), "distance_unit": "MM"}
        inside = _layer(body, "LinePatternFill", pattern)
        hatch = ET.SubElement(inside, "symbol", type="line", name="@0@1", alpha="1")
        _layer(hatch, "SimpleLine", {"line_color": _rgba(symbol.line), "line_width": "0.2"})
    if "." in symbol.hatch:
        spacing = _spacing(symbol)
        pattern = {"distance_x": spacing, "distance_y": spacing, "displacement_x": "0"}
        inside = _layer(body, "PointPatternFill", pattern)
        dots = ET.SubElement(inside, "symbol", type="marker", name="@0@1", alpha="1")
        _marker(dots, symbol.line, 0.5)
    _stroke(body, symbol)


def _stroke(body: ET.Element, symbol: Symbol) -> None:
    _line(body, symbol.line, symbol.width, symbol.dash)
    if symbol.core:
        _line(body, symbol.core, symbol.width / 2, symbol.core_dash)


def _line(body: ET.Element, colour: str, width: float, dash: str) -> None:
    millimetres = width * _MM_PER_PIXEL
    options = {
        "line_color": _rgba(colour),
        "line_style": "solid",
        "line_width": f"{millimetres:.3f}",
        "line_width_unit": "MM",
        "joinstyle": "round",
    }
    if pattern := _DASHES.get(dash):
        options["use_custom_dash"] = "1"
        options["customdash"] = ";".join(f"{part * millimetres:.3f}" for part in pattern)
        options["customdash_unit"] = "MM"
    _layer(body, "SimpleLine", options)


def _marker(body: ET.Element, colour: str, size: float) -> None:
    options = {"name": "circle", "color": _rgba(colour), "size": f"{size:g}", "size_unit": "MM"}
    _layer(body, "SimpleMarker", {**options, "outline_style": "no"})


def _layer(parent: ET.Element, kind: str, options: Mapping[str, str]) -> ET.Element:
    """A layer of a symbol; options are written in both ways that QGIS 3 reads."""
    attributes = {"class": kind, "enabled": "1", "pass": "0", "locked": "0"}
    element = ET.SubElement(parent, "layer", attributes)
    listed = ET.SubElement(element, "Option", type="Map")
    for name, value in options.items():
        ET.SubElement(listed, "Option", name=name, type="QString", value=value)
        ET.SubElement(element, "prop", k=name, v=value)
    return element


def _label(root: ET.Element, symbol: Symbol) -> None:
    labelling = ET.SubElement(root, "labeling", type="simple")
    settings = ET.SubElement(labelling, "settings", calloutType="simple")
    style = {
        "fieldName": _LABELLED,
        "fontSize": "9",
        "fontSizeUnit": "Point",
        "textColor": _rgba(symbol.line),
        "isExpression": "0",
    }
    text = ET.SubElement(settings, "text-style", style)
    buffer = {"bufferDraw": "1", "bufferSize": "0.8", "bufferSizeUnits": "MM"}
    ET.SubElement(text, "text-buffer", {**buffer, "bufferColor": "255,255,255,220"})
    ET.SubElement(settings, "placement", placement="1", centroidInside="1")


def sld(spec: LayerSpec, symbol: Symbol) -> str:
    """The style for other programs (OGC SLD 1.0): fill and outline, no pattern."""
    ET.register_namespace("sld", _SLD)
    ET.register_namespace("ogc", _OGC)
    root = ET.Element(f"{{{_SLD}}}StyledLayerDescriptor", version="1.0.0")
    layer = ET.SubElement(root, f"{{{_SLD}}}NamedLayer")
    ET.SubElement(layer, f"{{{_SLD}}}Name").text = spec.code
    style = ET.SubElement(layer, f"{{{_SLD}}}UserStyle")
    ET.SubElement(style, f"{{{_SLD}}}Title").text = spec.name.zh
    rules = ET.SubElement(style, f"{{{_SLD}}}FeatureTypeStyle")
    rule = ET.SubElement(rules, f"{{{_SLD}}}Rule")
    if spec.geometry is GeometryType.POINT:
        point = ET.SubElement(rule, f"{{{_SLD}}}PointSymbolizer")
        graphic = ET.SubElement(point, f"{{{_SLD}}}Graphic")
        mark = ET.SubElement(graphic, f"{{{_SLD}}}Mark")
        ET.SubElement(mark, f"{{{_SLD}}}WellKnownName").text = "circle"
        _paint(mark, "Fill", {"fill": symbol.fill or symbol.line})
        ET.SubElement(graphic, f"{{{_SLD}}}Size").text = f"{max(symbol.width * 4, 6):g}"
        return ET.tostring(root, encoding="unicode")
    kind = "Polygon" if spec.geometry is GeometryType.POLYGON else "Line"
    shape = ET.SubElement(rule, f"{{{_SLD}}}{kind}Symbolizer")
    if kind == "Polygon" and symbol.fill:
        _paint(shape, "Fill", {"fill": symbol.fill, "fill-opacity": f"{symbol.alpha:g}"})
    stroke = {"stroke": symbol.line, "stroke-width": f"{symbol.width:g}"}
    if pattern := _DASHES.get(symbol.dash):
        stroke["stroke-dasharray"] = " ".join(f"{part * symbol.width:g}" for part in pattern)
    _paint(shape, "Stroke", stroke)
    return ET.tostring(root, encoding="unicode")


def _paint(parent: ET.Element, what: str, parameters: Mapping[str, str]) -> None:
    element = ET.SubElement(parent, f"{{{_SLD}}}{what}")
    for name, value in parameters.items():
        ET.SubElement(element, f"{{{_SLD}}}CssParameter", name=name).text = value


def _angles(hatch: str) -> tuple[int, ...]:
    return tuple(angle for mark in dict.fromkeys(hatch) for angle in _STROKES.get(mark, ()))


def _spacing(symbol: Symbol) -> str:
    """The more often a mark is repeated, the denser the pattern."""
    return f"{_SPACING_MM * 2 / (1 + len(symbol.hatch)):.2f}"


def _rgba(colour: str, alpha: float = 1.0) -> str:
    red, green, blue = bytes.fromhex(colour.removeprefix("#"))
    return f"{red},{green},{blue},{round(alpha * 255)}"
