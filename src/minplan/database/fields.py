"""Columns that hold the same value on both engines: geometry and JSON text."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any, Final

import numpy as np
import shapely
from django.db import models
from shapely.geometry.base import BaseGeometry

from minplan.core.geometry.layer import GeometryArray
from minplan.core.standard.feature import rounded

#: EPSG code of stored geometry: CGCS2000 geographic.
SRID: Final = 4490

_ENCODER: Final = json.JSONEncoder(
    ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False
)


def encode_geometry(geometry: BaseGeometry | None, vendor: str) -> bytes | str | None:
    """The stored form of a geometry: WKB on SQLite, EWKB as hexadecimal text on PostGIS."""
    return encode_geometries(np.array([geometry], dtype=np.object_), vendor)[0]


def encode_geometries(geometries: GeometryArray, vendor: str) -> list[bytes | str | None]:
    """The stored forms of many geometries."""
    if vendor == "postgresql":
        tagged = shapely.set_srid(geometries, SRID)
        return list(shapely.to_wkb(tagged, hex=True, include_srid=True, byte_order=1))
    return list(shapely.to_wkb(geometries, byte_order=1))


def decode_geometry(value: Any) -> BaseGeometry | None:
    """The geometry of a stored value (without SRID: everything stored is EPSG:4490)."""
    return decode_geometries([value])[0]


def decode_geometries(values: Sequence[Any]) -> list[BaseGeometry | None]:
    """The geometries of many stored values; many at once cost far less than one by one."""
    stored = np.empty(len(values), dtype=np.object_)
    stored[:] = [v if v is None or isinstance(v, str) else bytes(v) for v in values]
    return list(shapely.set_srid(shapely.from_wkb(stored), 0))


def decode_json(value: Any) -> Any:
    """The value of stored JSON; the driver of PostgreSQL has parsed it already."""
    return json.loads(value) if isinstance(value, str) else value


def encode_json(value: Any) -> str:
    """Canonical JSON text: sorted keys, no spaces, characters as they are."""
    return _ENCODER.encode(value)


class GeometryField(models.Field):
    """A shapely geometry in EPSG:4490 lon/lat on the 1e-9 degree grid, or None."""

    description = "Geometry in EPSG:4490"

    def db_type(self, connection: Any) -> str:
        """The column's type: PostGIS geometry or a blob."""
        return f"geometry(Geometry,{SRID})" if connection.vendor == "postgresql" else "blob"

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> BaseGeometry | None:
        """The geometry of a stored value."""
        return decode_geometry(value)

    def get_db_prep_value(self, value: Any, connection: Any, prepared: bool = False) -> Any:
        """The stored form of a geometry."""
        if value is None or isinstance(value, bytes | str):
            return value
        return encode_geometry(rounded(value), connection.vendor)


class JSONTextField(models.Field):
    """A JSON value kept as its canonical text.

    PostgreSQL's ``jsonb`` would rewrite numbers (``1e16`` becomes an integer); text keeps what was
    validated, so digests are equal on both engines.
    """

    description = "JSON kept as text"

    def db_type(self, connection: Any) -> str:
        """The column's type: ``json`` keeps its text on PostgreSQL."""
        return "json" if connection.vendor == "postgresql" else "text"

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> Any:
        """The JSON value."""
        return decode_json(value)

    def get_db_prep_value(self, value: Any, connection: Any, prepared: bool = False) -> Any:
        """The canonical text."""
        return None if value is None else encode_json(value)
