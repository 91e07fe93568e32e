"""GIS and CAD files: which layers they hold, in which system, read as blocks."""

from __future__ import annotations

import re
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Final

from minplan.core.errors import InputError, Place
from minplan.core.geometry.corners import Level, Remark
from minplan.core.geometry.crs import Datum
from minplan.core.text import Text
from minplan.formats.archive import unpack
from minplan.formats.detect import Kind
from minplan.formats.drawing import read_drawing
from minplan.formats.features import LayerFeatures
from minplan.formats.gdal import list_layers, read_layer
from minplan.formats.reading import InputBlock, InputOptions
from minplan.formats.shapefile import stage, text_encoding
from minplan.formats.vector import Source, blocks_of

_CRS_MEMBER: Final = re.compile(rb'"crs"\s*:')


def read_shapefile(path: Path, name: str, options: InputOptions) -> tuple[InputBlock, ...]:
    """Read one .shp with whatever companions lie beside it."""
    with _folder() as folder:
        copy = stage(path, folder)
        encoding, guessed = text_encoding(copy)
        features = read_layer(copy, name, encoding=options.encoding or encoding)
        features = replace(features, layer=path.stem)
        blocks = blocks_of(Source(name, Kind.SHAPEFILE, features), options)
        remarks = [] if copy.with_suffix(".dbf").exists() else [_without_table(blocks[0].place)]
        if guessed and options.encoding is None:
            remarks.append(_guessed_encoding(features, encoding, blocks[0].place))
        return _with_remark(blocks, *remarks)


def read_geopackage(path: Path, name: str, options: InputOptions) -> tuple[InputBlock, ...]:
    """Read every area of a GeoPackage, or those of one layer."""
    with _copy(path, "input.gpkg") as copy:
        return _all_layers(copy, name, Kind.GEOPACKAGE, options)


def read_flatgeobuf(path: Path, name: str, options: InputOptions) -> tuple[InputBlock, ...]:
    """Read a FlatGeobuf file."""
    with _copy(path, f"{path.stem}.fgb") as copy:
        return _all_layers(copy, name, Kind.FLATGEOBUF, options)


def read_geodatabase(path: Path, name: str, options: InputOptions) -> tuple[InputBlock, ...]:
    """Read every area of a file geodatabase, or those of one feature class."""
    with _folder() as folder:
        copy = folder / "input.gdb"
        shutil.copytree(path, copy, ignore=shutil.ignore_patterns("*.lock"))
        return _all_layers(copy, name, Kind.GEODATABASE, options)


def read_geojson(path: Path, name: str, options: InputOptions) -> tuple[InputBlock, ...]:
    """Read GeoJSON: WGS84 by RFC 7946 unless its ``crs`` member says otherwise."""
    with _copy(path, f"{path.stem}.geojson") as copy:
        features = read_layer(copy, name)
        if not _CRS_MEMBER.search(path.read_bytes()):
            features = replace(features, crs=None)
        source = Source(name, Kind.GEOJSON, replace(features, layer=path.stem), Datum.WGS84)
        return blocks_of(source, options)


def read_kml(path: Path, name: str, options: InputOptions) -> tuple[InputBlock, ...]:
    """Read KML or KMZ: WGS84 by definition, but never taken for surveyed coordinates."""
    web = replace(options, corners=replace(options.corners, web_map=True))
    with _folder() as folder:
        if path.read_bytes()[:4] == b"PK\x03\x04":
            members = unpack(path, folder / "kmz", name=name)
            found = [item for item in members if item.suffix.lower() == ".kml"]
            if not found:
                raise _empty(name)
            copy = found[0]
        else:
            copy = folder / "input.kml"
            shutil.copyfile(path, copy)
        return _all_layers(copy, name, Kind.KML, web, Datum.WGS84)


def read_dxf(path: Path, name: str, options: InputOptions) -> tuple[InputBlock, ...]:
    """Read the closed polylines of a DXF drawing, of all its layers or of one."""
    with _copy(path, "input.dxf") as copy:
        found, remarks = read_drawing(copy, name, options.layer)
    blocks = [
        block
        for features in found
        for block in blocks_of(Source(name, Kind.DXF, features), options)
    ]
    return _with_remark(blocks, *remarks)


def _without_table(place: Place) -> Remark:
    return Remark(
        "E212",
        Level.CONFIRM,
        Text(
            "只收到 .shp，没有同名的 .dbf：范围已读出，名称、矿种等属性没有。",
            "Only the .shp came, without its .dbf: the ground was read, its attributes were not.",
        ),
        fix=Text(
            "请把同名的 .shp、.shx、.dbf、.prj 一起选中（或压缩为 ZIP）；只用范围时可自行填写。",
            "Choose .shp, .shx, .dbf and .prj together (or as a ZIP); if the ground is all there"
            " is, fill in the attributes yourself.",
        ),
        place=place,
    )


# -- parts ----------------------------------------------------------------------------------------


@contextmanager
def _folder() -> Iterator[Path]:
    """A folder of our own: nothing is ever written beside the user's file."""
    with tempfile.TemporaryDirectory(prefix="minplan-") as folder:
        yield Path(folder)


@contextmanager
def _copy(path: Path, as_name: str) -> Iterator[Path]:
    """A copy under a name whose suffix tells GDAL the format that the content has."""
    with _folder() as folder:
        copy = folder / as_name
        shutil.copyfile(path, copy)
        yield copy


def _all_layers(
    path: Path, name: str, kind: Kind, options: InputOptions, assumed: Datum | None = None
) -> tuple[InputBlock, ...]:
    names = list_layers(path, name)
    if options.layer is not None and options.layer in names:
        names = (options.layer,)
    elif options.layer is not None and len(names) > 1:
        listed = "、".join(names[:20])
        raise InputError(
            "E219",
            Text(f"{name} 中没有图层“{options.layer}”", f"{name} has no layer {options.layer!r}"),
            place=Place(file=name, layer=options.layer),
            hint=Text(f"现有图层：{listed}", f"its layers: {listed}"),
        )
    blocks: list[InputBlock] = []
    first: InputError | None = None
    for layer in names:
        features = read_layer(path, name, layer)
        if assumed is not None:
            features = replace(features, crs=None)
        try:
            blocks += blocks_of(Source(name, kind, features, assumed), options)
        except InputError as error:
            if error.code != "E207":
                raise
            first = first or error
    if not blocks:
        raise first or _empty(name)
    return tuple(blocks)


def _empty(name: str) -> InputError:
    return InputError(
        "E207",
        Text(f"{name} 中没有图形", f"{name} holds no shapes"),
        place=Place(file=name),
        hint=Text("请检查导出时的图层和选择", "check the layer and the selection exported"),
    )


def _with_remark(blocks: Sequence[InputBlock], *remarks: Remark) -> tuple[InputBlock, ...]:
    first = replace(blocks[0], remarks=(*remarks, *blocks[0].remarks))
    return (first, *blocks[1:])


def _guessed_encoding(features: LayerFeatures, encoding: str | None, place: Place) -> Remark:
    """Show a word as it was decoded, so that a person sees whether it is right."""
    words = [
        text
        for row in features.attributes
        for item in row.items()
        for text in item
        if isinstance(text, str) and not text.isascii()
    ]
    shown = words[0] if words else ""
    written = "GBK" if encoding == "gb18030" else "UTF-8"
    return Remark(
        "E145",
        Level.CONFIRM,
        Text(f"属性按 {written} 显示：{shown}。", f"Attributes read as {written}: {shown}."),
        fix=Text("若为乱码，请指定编码。", "State the encoding if this is garbled."),
        place=place,
        applied=True,
    )
