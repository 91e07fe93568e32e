"""What a file holds before anything is committed: rows, encoding and system, with the reasons."""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

import numpy as np

from minplan.core.errors import InputError
from minplan.core.geometry.corners import Level, Region, Remark
from minplan.core.geometry.crs import ZONE_RANGE, CoordinateSystem, Datum, to_lonlat
from minplan.core.text import Text
from minplan.formats.drivers.evidence import Extent
from minplan.formats.features import (
    Column,
    FeatureSource,
    GeometryType,
    LayerDescription,
    driver_of,
    open_features,
)

#: Encodings in which Chinese files are written.
ENCODINGS: Final = ("UTF-8", "GBK")
_ROWS: Final = 10

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class LayerPreview:
    """One layer: its shape, its first rows, and what is guessed of it.

    ``rows`` holds the first rows under each plausible encoding, that of the guess first (its key
    is ``encoding``, or empty where the format has one encoding); ``candidates`` are the systems
    in which the layer lies in the region, where the file does not tell one.
    """

    name: str
    columns: tuple[Column, ...]
    geometry_type: GeometryType | None
    count: int | None
    extent: Extent | None
    system: CoordinateSystem | None
    crs_wkt: str | None
    crs_evidence: Text
    candidates: tuple[CoordinateSystem, ...]
    encoding: str | None
    encoding_evidence: Text | None
    rows: Mapping[str, tuple[Row, ...]]
    remarks: tuple[Remark, ...] = ()


@dataclass(frozen=True, slots=True)
class Preview:
    """A file: its format, its layers, and remarks on the whole."""

    name: str
    format: Text
    layers: tuple[LayerPreview, ...]
    remarks: tuple[Remark, ...] = ()


def preview(
    path: Path,
    region: Region | None = None,
    *,
    encoding: str | None = None,
    system: CoordinateSystem | None = None,
    rows: int = _ROWS,
) -> Preview:
    """Look into a file, a folder or an archive; nothing is kept.

    ``region`` is the ground the features are expected in: it picks the zone of coordinates without
    prefix and warns where a layer lies elsewhere. Raises InputError as ``open_features``.
    """
    with open_features(path, encoding=encoding, system=system) as source:
        layers = tuple(_layer(source, layer, region, rows) for layer in source.layers)
        remarks = tuple(source.remarks)
    if encoding is None:
        layers = tuple(_with_encodings(path, layer, system, rows) for layer in layers)
    about = [item for layer in layers for item in layer.remarks]
    return Preview(
        path.name,
        driver_of(path).word,
        layers,
        tuple(item for item in remarks if item not in about),
    )


def _layer(source: FeatureSource, name: str, region: Region | None, rows: int) -> LayerPreview:
    told = source.describe(name)
    said = len(source.remarks)
    first = next(iter(source.batches(name, max(rows, 1))))
    extent = told.extent
    if (
        extent is None
        and first.geometry is not None
        and any(shape is not None for shape in first.geometry)
    ):
        extent = _extent(first.geometry)
    candidates, remarks = _in_region(told, extent, region)
    return LayerPreview(
        name=name,
        columns=told.columns,
        geometry_type=told.geometry_type,
        count=told.count,
        extent=extent,
        system=told.system,
        crs_wkt=told.crs_wkt,
        crs_evidence=told.crs_evidence,
        candidates=candidates,
        encoding=told.encoding,
        encoding_evidence=told.encoding_evidence,
        rows={told.encoding or "": tuple(itertools.islice(first.rows(), rows))},
        remarks=(*told.remarks, *remarks, *tuple(source.remarks)[said:]),
    )


def _extent(shapes: Any) -> Extent:
    bounds = np.array(
        [shape.bounds for shape in shapes if shape is not None and not shape.is_empty]
    )
    west, south = bounds[:, :2].min(axis=0)
    east, north = bounds[:, 2:].max(axis=0)
    return (float(west), float(south), float(east), float(north))


def _with_encodings(
    path: Path, layer: LayerPreview, system: CoordinateSystem | None, rows: int
) -> LayerPreview:
    """Add the rows under the other encodings in which they read differently without a fault."""
    found = dict(layer.rows)
    guess = next(iter(found.values()))
    if layer.encoding not in ENCODINGS:
        return layer
    for encoding in ENCODINGS:
        if encoding == layer.encoding:
            continue
        try:
            with open_features(path, encoding=encoding, system=system) as source:
                table = next(iter(source.batches(layer.name, max(rows, 1))))
        except (InputError, UnicodeError):
            continue
        read = tuple(itertools.islice(table.rows(), rows))
        if read != guess:
            found[encoding] = read
    return replace(layer, rows=found)


def _in_region(
    told: LayerDescription, extent: Extent | None, region: Region | None
) -> tuple[tuple[CoordinateSystem, ...], tuple[Remark, ...]]:
    """Systems in which the layer lies in the region; a remark where the guess lies elsewhere."""
    if region is None or extent is None:
        return (), ()
    centre = ((extent[0] + extent[2]) / 2, (extent[1] + extent[3]) / 2)
    if told.system is not None:
        if _holds(region, told.system, centre):
            return (), ()
        return (), (_elsewhere(told, region),)
    if told.crs_wkt is not None:
        return (), ()
    fits = [
        system
        for width in (3, 6)
        for zone in ZONE_RANGE[width]
        if _holds(
            region,
            system := CoordinateSystem(Datum.CGCS2000, width, zone, centre[0] > 1_000_000),
            centre,
        )
    ]
    return tuple(fits), ()


def _holds(region: Region, system: CoordinateSystem, centre: tuple[float, float]) -> bool:
    lonlat = to_lonlat(system, np.array([centre[0]]), np.array([centre[1]]))
    return bool(np.isfinite(lonlat).all() and region.holds(lonlat)[0])


def _elsewhere(told: LayerDescription, region: Region) -> Remark:
    return Remark(
        "E237",
        Level.CONFIRM,
        Text(
            f"图层“{told.name}”不在{region.name.zh}。",
            f"The layer {told.name!r} does not lie in {region.name.en}.",
        ),
        fix=Text("请核对坐标系。", "Check the coordinate system."),
    )
