"""Tables in another coordinate system: corners exact, edges as they are unless asked otherwise."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import shapely
from pyproj import CRS, Transformer
from pyproj.exceptions import CRSError

from minplan.core.errors import InputError, Place
from minplan.core.geometry.crs import (
    CoordinateSystem,
    Datum,
    FloatArray,
    from_lonlat,
    to_lonlat,
)
from minplan.core.geometry.datum import DatumShift
from minplan.core.text import Text
from minplan.formats.coordinate_system import recognise
from minplan.formats.drivers.model import FeatureTable

_LONLAT = CoordinateSystem()


def in_lonlat(
    table: FeatureTable, *, shift: DatumShift | None = None, densify_m: float | None = None
) -> FeatureTable:
    """The table in EPSG:4490 lon/lat; see :func:`in_system`."""
    return in_system(table, _LONLAT, shift=shift, densify_m=densify_m)


def in_system(
    table: FeatureTable,
    system: CoordinateSystem,
    *,
    shift: DatumShift | None = None,
    densify_m: float | None = None,
) -> FeatureTable:
    """The table in ``system``: every corner converted, no corner added.

    ``densify_m`` splits edges of projected tables to that length (m) before they are converted.
    WGS84 and CGCS2000 are taken as equal; other datums need ``shift``.

    Raises InputError E214 when the system of the table is not known or cannot be converted, E141
    when parameters of a datum shift are missing.
    """
    if table.geometry is None:
        return table
    geometry = table.geometry
    same = table.system == system
    if densify_m is not None and not same and (table.system is None or table.system.is_projected):
        geometry = shapely.segmentize(geometry, densify_m)
    if not same:
        source = table.system
        if source is not None:
            _check_datums(table, source, system, shift)
            geometry = shapely.transform(
                geometry, lambda points: _converted(points, source, system, shift)
            )
        else:
            transformer = _foreign(table)
            geometry = shapely.transform(
                geometry, lambda points: _from_foreign(points, transformer, system)
            )
    return replace(table, geometry=geometry, system=system, crs_wkt=None)


def _converted(
    points: FloatArray, source: CoordinateSystem, target: CoordinateSystem, shift: DatumShift | None
) -> FloatArray:
    if len(points) == 0:
        return points
    lonlat = to_lonlat(source, points[:, 0], points[:, 1])
    if shift is not None and source.datum is shift.source:
        lonlat = shift.to_cgcs2000(lonlat, source)
    return from_lonlat(target, lonlat)


def _from_foreign(
    points: FloatArray, transformer: Transformer, target: CoordinateSystem
) -> FloatArray:
    if len(points) == 0:
        return points
    lonlat = np.column_stack(transformer.transform(points[:, 0], points[:, 1]))
    return from_lonlat(target, lonlat)


def _check_datums(
    table: FeatureTable,
    source: CoordinateSystem,
    target: CoordinateSystem,
    shift: DatumShift | None,
) -> None:
    if source.datum is target.datum or (source.datum.is_current and target.datum.is_current):
        return
    if shift is not None and source.datum is shift.source and target.datum.is_current:
        return
    raise InputError(
        "E141",
        Text(
            f"{source.datum.name_zh} 换算到 {target.datum.name_zh} 需要转换参数",
            f"{source.datum.value} to {target.datum.value} needs parameters of a datum shift",
        ),
        place=Place(layer=table.name),
        hint=Text("请给定转换参数，或保持原坐标系", "state the parameters, or keep the system"),
    )


def _foreign(table: FeatureTable) -> Transformer:
    """From another system that the file defines, to lon/lat on its own, current datum."""
    try:
        crs = CRS.from_user_input(table.crs_wkt) if table.crs_wkt else None
    except CRSError:
        crs = None
    base = crs.geodetic_crs if crs is not None else None
    datum = recognise(base.to_wkt()) if base is not None else None
    if crs is None or base is None or not isinstance(datum, CoordinateSystem):
        raise _unknown(table)
    if datum.datum not in (Datum.CGCS2000, Datum.WGS84):
        raise _unknown(table)
    return Transformer.from_crs(crs, base, always_xy=True)


def _unknown(table: FeatureTable) -> InputError:
    return InputError(
        "E214",
        Text(
            f"图层“{table.name}”的坐标系不明，不能换算",
            f"the coordinate system of layer {table.name!r} is not known",
        ),
        place=Place(layer=table.name),
        hint=Text(
            "请指定坐标系，如 38、6-19、xian80-37、lonlat",
            "state the coordinate system, such as 38, 6-19, xian80-37 or lonlat",
        ),
    )
