"""The border to GDAL: layers and features of a file, its errors and noise translated."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import numpy as np
import pyogrio
import pyogrio.raw
import shapely

from minplan.core.errors import InputError, Place
from minplan.core.text import Text
from minplan.formats.features import LayerFeatures, translated

__all__ = ["MAX_FEATURES", "list_layers", "read_layer", "translated"]

#: A proposal file with more features than this is a layer (design).
MAX_FEATURES: Final = 2_000

logging.getLogger("pyogrio").addHandler(logging.NullHandler())
logging.getLogger("pyogrio").propagate = False


def list_layers(path: Path, name: str) -> tuple[str, ...]:
    """Names of the layers of a file."""
    with translated(name):
        return tuple(str(row[0]) for row in pyogrio.list_layers(path))


def read_layer(
    path: Path, name: str, layer: str | None = None, *, encoding: str | None = None
) -> LayerFeatures:
    """Read all features of a layer.

    ``name`` is what messages call the file. Raises InputError E206 when GDAL cannot read it and
    E213 when it holds more than MAX_FEATURES features.
    """
    with translated(name, layer) as remarks:
        meta, fids, wkb, columns = pyogrio.raw.read(
            path,
            layer=layer,
            encoding=encoding,
            force_2d=False,
            max_features=MAX_FEATURES + 1,
            return_fids=True,
        )
        geometry = np.asarray(
            shapely.from_wkb(np.zeros(0, dtype=object) if wkb is None else wkb, on_invalid="ignore")
        )
        had_z = bool(np.any(shapely.has_z(geometry) | shapely.has_m(geometry)))
        plane = shapely.force_2d(geometry)
    if len(fids) > MAX_FEATURES:
        raise too_many(name, layer)
    return LayerFeatures(
        layer=layer or path.stem,
        crs=meta["crs"],
        geometry=plane,
        rows=tuple(int(fid) for fid in fids),
        attributes=_rows(meta["fields"], columns, len(fids)),
        had_z=had_z,
        warnings=tuple(remarks),
    )


def too_many(name: str, layer: str | None) -> InputError:
    """The error for a file with more features than a proposal can have."""
    return InputError(
        "E213",
        Text(
            f"{name} 超过 {MAX_FEATURES} 个要素，像是管控图层而不是申请范围",
            f"{name} holds more than {MAX_FEATURES} features: a layer, not a proposal",
        ),
        place=Place(file=name, layer=layer),
        hint=Text(
            "管控图层请用 minplan layers add 入库",
            "add constraint layers with: minplan layers add",
        ),
    )


def _rows(names: Any, columns: Any, count: int) -> tuple[Mapping[str, Any], ...]:
    return tuple(
        {
            str(name): value
            for name, column in zip(names, columns, strict=True)
            if (value := _plain(column[index])) is not None
        }
        for index in range(count)
    )


def _plain(value: Any) -> Any:
    """A Python value, or None for GDAL's several ways of saying nothing."""
    if value is None or (isinstance(value, float | np.floating) and np.isnan(value)):
        return None
    if isinstance(value, np.datetime64):
        return None if np.isnat(value) else str(value)
    if isinstance(value, np.generic):
        return value.item()
    if isinstance(value, bytes | np.ndarray):
        return None
    return value if value != "" else None
