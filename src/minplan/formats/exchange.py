"""VCT and MapGIS files as blocks: their layers, by their own readers, then as any layer."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np

from minplan.core.errors import InputError, Place
from minplan.core.geometry.corners import Remark
from minplan.core.text import Text
from minplan.formats.detect import Kind
from minplan.formats.drivers.model import FeatureSource, FeatureTable, OpenOptions
from minplan.formats.features import LayerFeatures
from minplan.formats.gdal import MAX_FEATURES, too_many
from minplan.formats.mapgis.driver import DRIVER as MAPGIS
from minplan.formats.reading import InputBlock, InputOptions
from minplan.formats.vct.driver import DRIVER as VCT
from minplan.formats.vector import Source, blocks_of


def read_vct(path: Path, name: str, options: InputOptions) -> tuple[InputBlock, ...]:
    """Read every area of a VCT file, or those of one layer."""
    with VCT.open(path, OpenOptions(name, options.encoding)) as source:
        return _blocks(source, name, Kind.VCT, options)


def read_mapgis(path: Path, name: str, options: InputOptions) -> tuple[InputBlock, ...]:
    """Read the areas of a MapGIS file, or the closed lines of one of lines."""
    with MAPGIS.open(path, OpenOptions(name, options.encoding)) as source:
        return _blocks(source, name, Kind.MAPGIS, options)


def _blocks(
    source: FeatureSource, name: str, kind: Kind, options: InputOptions
) -> tuple[InputBlock, ...]:
    blocks: list[InputBlock] = []
    remarks: list[Remark] = []
    first: InputError | None = None
    for layer in _chosen(source, name, options):
        features = _features(source, layer, name)
        if features is None:
            continue
        try:
            blocks += blocks_of(Source(name, kind, features), options)
        except InputError as error:
            if error.code != "E207":
                raise
            first = first or error
    if not blocks:
        raise first or _no_shapes(name)
    remarks += source.remarks
    return (replace(blocks[0], remarks=(*remarks, *blocks[0].remarks)), *blocks[1:])


def _chosen(source: FeatureSource, name: str, options: InputOptions) -> tuple[str, ...]:
    """All layers, or the one the user names; a file of one layer has that one."""
    names = source.layers
    if options.layer is None or len(names) == 1:
        return names
    if options.layer in names:
        return (options.layer,)
    listed = "、".join(names[:20])
    raise InputError(
        "E219",
        Text(f"{name} 中没有图层“{options.layer}”", f"{name} has no layer {options.layer!r}"),
        place=Place(file=name, layer=options.layer),
        hint=Text(f"现有图层：{listed}", f"its layers: {listed}"),
    )


def _features(source: FeatureSource, layer: str, name: str) -> LayerFeatures | None:
    """The features of a layer, None for a table; InputError E213 for more than a proposal has."""
    tables: list[FeatureTable] = []
    for table in source.batches(layer):
        if table.geometry is None:
            return None
        tables.append(table)
        if sum(map(len, tables)) > MAX_FEATURES:
            raise too_many(name, layer)
    count = sum(map(len, tables))
    if not count:
        return None
    system = tables[0].system
    return LayerFeatures(
        layer=layer,
        crs=f"EPSG:{system.epsg}" if system else tables[0].crs_wkt,
        geometry=np.concatenate([np.asarray(table.geometry, dtype=object) for table in tables]),
        rows=tuple(range(1, count + 1)),
        attributes=tuple(row for table in tables for row in _rows(table)),
    )


def _rows(table: FeatureTable) -> Iterator[dict[str, object]]:
    for row in table.rows():
        yield {key: value for key, value in row.items() if value is not None and value != ""}


def _no_shapes(name: str) -> InputError:
    return InputError(
        "E207",
        Text(f"{name} 中没有图形", f"{name} holds no shapes"),
        place=Place(file=name),
        hint=Text("请检查导出时的图层和选择", "check the layer and the selection exported"),
    )
