"""Small changes in a GeoPackage, row by row and in its own tables."""

from __future__ import annotations

import sqlite3
import struct
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, Final

import shapely
from shapely.geometry import MultiPolygon, Polygon
from shapely.geometry.base import BaseGeometry

_ENVELOPES: Final = (0, 32, 48, 48, 64)
_HEAD: Final = 8
_SRS: Final = 4490
#: WKB of an area of several parts that has one.
_SEVERAL: Final = struct.pack("<BII", 1, 6, 1)


def shape_of(blob: bytes) -> BaseGeometry:
    """The geometry in a blob of a GeoPackage."""
    return shapely.from_wkb(blob[_HEAD + _ENVELOPES[blob[3] >> 1 & 7] :])


def blob_of(shape: BaseGeometry | bytes, srs: int = _SRS) -> bytes:
    """A geometry, or its WKB, as a blob of a GeoPackage."""
    told = shape if isinstance(shape, bytes) else shapely.to_wkb(shape, flavor="iso")
    return struct.pack("<2sBBi", b"GP", 0, 1, srs) + told


class GeoPackage:
    """One layer or table of a GeoPackage, open for changes."""

    def __init__(self, connection: sqlite3.Connection, name: str) -> None:
        self._connection = connection
        self.name = name

    @classmethod
    @contextmanager
    def open(cls, path: Path, name: str) -> Iterator[GeoPackage]:
        """Open a file; what was changed is kept when the block ends well."""
        with closing(sqlite3.connect(path)) as connection, connection:
            _add_functions(connection)
            yield cls(connection, name)

    def sql(self, text: str, *values: Any) -> list[tuple[Any, ...]]:
        """Run a statement; ``{name}`` is the layer."""
        return self._connection.execute(text.format(name=f'"{self.name}"'), values).fetchall()

    def count(self) -> int | None:
        """Number of rows, None when the table is not there."""
        try:
            return int(self.sql("SELECT count(*) FROM {name}")[0][0])
        except sqlite3.OperationalError:
            return None

    def identifiers(self) -> list[str]:
        """Identifiers in the order of the file."""
        return [row[0] for row in self.sql("SELECT BSM FROM {name} ORDER BY rowid")]

    def value(self, key: str, column: str) -> Any:
        """One value."""
        return self.sql(f'SELECT "{column}" FROM {{name}} WHERE BSM=?', key)[0][0]

    def set(self, key: str, **values: Any) -> None:
        """Set columns of a row."""
        named = ", ".join(f'"{column}"=?' for column in values)
        self.sql(f"UPDATE {{name}} SET {named} WHERE BSM=?", *values.values(), key)

    def shape(self, key: str) -> BaseGeometry:
        """The geometry of a row."""
        return shape_of(self.value(key, self.column))

    def draw(self, key: str, make: Callable[[BaseGeometry], BaseGeometry | bytes | None]) -> None:
        """Change the geometry of a row; None takes it away."""
        held = self.shape(key)
        several = isinstance(held, MultiPolygon)
        if several and len(held.geoms) == 1:
            held = held.geoms[0]
        made = make(held)
        if several and isinstance(made, bytes):
            made = _SEVERAL + made
        elif several and isinstance(made, Polygon):
            made = MultiPolygon([made])
        self.set(key, **{self.column: None if made is None else blob_of(made)})

    @property
    def column(self) -> str:
        """The column of the geometry."""
        return str(self.sql("SELECT column_name FROM gpkg_geometry_columns")[0][0])

    def drop(self, key: str) -> None:
        """Remove a row."""
        self.sql("DELETE FROM {name} WHERE BSM=?", key)

    def copy(self, key: str, **values: Any) -> None:
        """Add a copy of a row with other values."""
        columns = [row[1] for row in self.sql("PRAGMA table_info({name})") if not row[5]]
        row = self.sql(f"SELECT {', '.join(map(_quoted, columns))} FROM {{name}} WHERE BSM=?", key)[
            0
        ]
        told = {**dict(zip(columns, row, strict=True)), **values}
        marks = ", ".join("?" * len(told))
        self.sql(
            f"INSERT INTO {{name}} ({', '.join(map(_quoted, told))}) VALUES ({marks})",
            *told.values(),
        )

    def retype(self, column: str, told: str) -> None:
        """Give a column another type, such as ``TEXT(10)``, values untouched."""
        held = {row[1]: row[2] for row in self.sql("PRAGMA table_info({name})")}
        self.sql("PRAGMA writable_schema=ON")
        self.sql(
            "UPDATE sqlite_master SET sql=replace(sql, ?, ?) WHERE name=?",
            f'"{column}" {held[column]}',
            f'"{column}" {told}',
            self.name,
        )
        self.sql("PRAGMA writable_schema=RESET")


def _quoted(name: str) -> str:
    return f'"{name}"'


def _add_functions(connection: sqlite3.Connection) -> None:
    """What the triggers of the spatial index ask for."""

    def bound(number: int) -> Callable[[bytes | None], float | None]:
        def found(blob: bytes | None) -> float | None:
            if blob is None:
                return None
            try:
                return float(shape_of(blob).bounds[number])
            except (shapely.errors.GEOSException, ValueError):
                return 0.0

        return found

    def empty(blob: bytes | None) -> int | None:
        if blob is None:
            return None
        try:
            return int(shapely.is_empty(shape_of(blob)))
        except shapely.errors.GEOSException:
            return 0

    for number, name in enumerate(("ST_MinX", "ST_MinY", "ST_MaxX", "ST_MaxY")):
        connection.create_function(name, 1, bound(number), deterministic=True)
    connection.create_function("ST_IsEmpty", 1, empty, deterministic=True)
