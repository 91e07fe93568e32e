"""The file of one layer version: a GeoPackage that QGIS opens and the kernel reads in pages.

Tables: ``parts`` (geometry, one row per part, in Hilbert order, with an R*Tree), ``features``
(original feature id and attributes), ``origin`` (one row: where the layer came from), and two
tables GeoPackage readers pass over: ``minplan_pages`` (bounding box, area and feature of every
part, 64 parts to a page) and ``minplan_summary`` (the same per page). The pages answer most of a
query without touching a geometry; the R*Tree is there for QGIS and other readers.
"""

from __future__ import annotations

import sqlite3
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from minplan.core.geometry.crs import LONLAT_EPSG, FloatArray
from minplan.core.geometry.layer import Bounds, IdArray

#: Parts per page: about a square kilometre of farmland, 3 KB (design).
PAGE_PARTS: Final = 64
#: Figures per part in a page: west, south, east, north, area in m², feature id (as int64 bits).
PAGE_COLUMNS: Final = 6
#: GeoPackage geometry header: magic, version 0, little endian without envelope, EPSG:4490.
GEOMETRY_HEADER: Final = b"GP\x00\x01" + struct.pack("<i", LONLAT_EPSG)
#: SQLite's own bytes of "who wrote this": change counter, version-valid-for, library version.
_WRITER_FIELDS: Final = ((24, 1), (92, 1), (96, 3_040_001))
# GeoPackage wants a time of the last change; the time of import would change the content address
_LAST_CHANGE: Final = "2000-01-01T00:00:00.000Z"

# written out, because the wording of the PROJ library changes from version to version
_CGCS2000: Final = (
    'GEOGCS["China Geodetic Coordinate System 2000",DATUM["China_2000",'
    'SPHEROID["CGCS2000",6378137,298.257222101,AUTHORITY["EPSG","1024"]],'
    'AUTHORITY["EPSG","1043"]],PRIMEM["Greenwich",0,AUTHORITY["EPSG","8901"]],'
    'UNIT["degree",0.0174532925199433,AUTHORITY["EPSG","9122"]],AUTHORITY["EPSG","4490"]]'
)
_WGS84: Final = (
    'GEOGCS["WGS 84",DATUM["WGS_1984",SPHEROID["WGS 84",6378137,298.257223563,'
    'AUTHORITY["EPSG","7030"]],AUTHORITY["EPSG","6326"]],PRIMEM["Greenwich",0,'
    'AUTHORITY["EPSG","8901"]],UNIT["degree",0.0174532925199433,AUTHORITY["EPSG","9122"]],'
    'AUTHORITY["EPSG","4326"]]'
)

_SCHEMA: Final = """
CREATE TABLE gpkg_spatial_ref_sys (
  srs_name TEXT NOT NULL, srs_id INTEGER NOT NULL PRIMARY KEY, organization TEXT NOT NULL,
  organization_coordsys_id INTEGER NOT NULL, definition TEXT NOT NULL, description TEXT);
CREATE TABLE gpkg_contents (
  table_name TEXT NOT NULL PRIMARY KEY, data_type TEXT NOT NULL, identifier TEXT UNIQUE,
  description TEXT DEFAULT '', last_change DATETIME NOT NULL, min_x DOUBLE, min_y DOUBLE,
  max_x DOUBLE, max_y DOUBLE, srs_id INTEGER,
  CONSTRAINT fk_gc_r_srs_id FOREIGN KEY (srs_id) REFERENCES gpkg_spatial_ref_sys(srs_id));
CREATE TABLE gpkg_geometry_columns (
  table_name TEXT NOT NULL, column_name TEXT NOT NULL, geometry_type_name TEXT NOT NULL,
  srs_id INTEGER NOT NULL, z TINYINT NOT NULL, m TINYINT NOT NULL,
  CONSTRAINT pk_geom_cols PRIMARY KEY (table_name, column_name),
  CONSTRAINT uk_gc_table_name UNIQUE (table_name),
  CONSTRAINT fk_gc_tn FOREIGN KEY (table_name) REFERENCES gpkg_contents(table_name),
  CONSTRAINT fk_gc_srs FOREIGN KEY (srs_id) REFERENCES gpkg_spatial_ref_sys (srs_id));
CREATE TABLE gpkg_extensions (
  table_name TEXT, column_name TEXT, extension_name TEXT NOT NULL, definition TEXT NOT NULL,
  scope TEXT NOT NULL, CONSTRAINT ge_tce UNIQUE (table_name, column_name, extension_name));
CREATE TABLE origin (
  fid INTEGER PRIMARY KEY, name TEXT NOT NULL, act TEXT NOT NULL, effective_from TEXT,
  effective_to TEXT, source TEXT NOT NULL, owner TEXT NOT NULL, schematic BOOLEAN NOT NULL,
  geometry TEXT NOT NULL, file TEXT NOT NULL, file_sha256 TEXT NOT NULL, file_layer TEXT,
  crs TEXT NOT NULL, encoding TEXT, features INTEGER NOT NULL, parts INTEGER NOT NULL,
  area_m2 REAL NOT NULL, repaired INTEGER NOT NULL, skipped INTEGER NOT NULL,
  details TEXT NOT NULL);
CREATE TABLE minplan_pages (page INTEGER PRIMARY KEY, data BLOB NOT NULL);
CREATE TABLE minplan_summary (id INTEGER PRIMARY KEY, data BLOB NOT NULL);
"""

# R*Tree nodes as SQLite stores them: 51 cells of (id, west, east, south, north), big endian
_NODE_CELLS: Final = 51
_CELL: Final = np.dtype([("id", ">i8"), ("box", ">f4", (4,))])
_NODE_BYTES: Final = 4 + _NODE_CELLS * _CELL.itemsize


@dataclass(frozen=True, slots=True)
class Column:
    """One attribute: its ``name`` in the original file and its ``column`` and ``type`` here."""

    name: str
    column: str
    type: str


def create(path: Path) -> sqlite3.Connection:
    """Create an empty file for writing; nobody reads it before it is complete.

    Pages are zeroed (``secure_delete``) so that equal content gives equal bytes.
    """
    connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    for pragma in (
        "page_size = 4096",
        "journal_mode = OFF",
        "synchronous = OFF",
        "secure_delete = ON",
        "cache_size = -65536",
        "application_id = 1196444487",  # GPKG
        "user_version = 10400",
    ):
        connection.execute(f"PRAGMA {pragma}")
    connection.executescript(_SCHEMA)
    connection.executemany(
        "INSERT INTO gpkg_spatial_ref_sys VALUES (?, ?, ?, ?, ?, ?)",
        [
            ("Undefined Cartesian SRS", -1, "NONE", -1, "undefined", None),
            ("Undefined geographic SRS", 0, "NONE", 0, "undefined", None),
            ("WGS 84 geodetic", 4326, "EPSG", 4326, _WGS84, None),
            ("CGCS2000", LONLAT_EPSG, "EPSG", LONLAT_EPSG, _CGCS2000, "2000国家大地坐标系"),
        ],
    )
    return connection


def create_features(connection: sqlite3.Connection, columns: tuple[Column, ...]) -> None:
    """Create the attribute table for ``columns``."""
    fields = "".join(f", {quoted(item.column)} {item.type}" for item in columns)
    connection.execute(
        f"CREATE TABLE features (fid INTEGER PRIMARY KEY, area_m2 REAL NOT NULL{fields})"
    )


def create_parts(connection: sqlite3.Connection, geometry: str) -> None:
    """Create the geometry table; ``geometry`` is POLYGON, LINESTRING or POINT."""
    connection.execute(
        "CREATE TABLE parts (fid INTEGER PRIMARY KEY, feature INTEGER NOT NULL,"
        f" area_m2 REAL NOT NULL, geom {geometry} NOT NULL)"
    )


def register(connection: sqlite3.Connection, title: str, geometry: str, extent: Bounds) -> None:
    """Announce the tables to GeoPackage readers; ``extent`` in degrees."""
    connection.executemany(
        "INSERT INTO gpkg_contents VALUES (?, ?, ?, '', ?, ?, ?, ?, ?, ?)",
        [
            ("parts", "features", title, _LAST_CHANGE, *extent, LONLAT_EPSG),
            ("features", "attributes", "features", _LAST_CHANGE, *[None] * 5),
            ("origin", "attributes", "origin", _LAST_CHANGE, *[None] * 5),
        ],
    )
    connection.execute(
        "INSERT INTO gpkg_geometry_columns VALUES ('parts', 'geom', ?, ?, 0, 0)",
        (geometry, LONLAT_EPSG),
    )
    connection.execute(
        "INSERT INTO gpkg_extensions VALUES ('parts', 'geom', 'gpkg_rtree_index',"
        " 'http://www.geopackage.org/spec120/#extension_rtree', 'write-only')"
    )


def write_pages(
    connection: sqlite3.Connection, bounds: FloatArray, area_m2: FloatArray, feature: IdArray
) -> None:
    """Write page and summary tables; arrays are in the order of ``parts.fid`` from 1."""
    records = np.empty((len(feature), PAGE_COLUMNS), dtype="<f8")
    records[:, :4], records[:, 4] = bounds, area_m2
    records[:, 5] = feature.astype("<i8").view("<f8")
    starts = np.arange(0, len(feature), PAGE_PARTS)
    connection.executemany(
        "INSERT INTO minplan_pages VALUES (?, ?)",
        (
            (page, records[start : start + PAGE_PARTS].tobytes())
            for page, start in enumerate(starts.tolist())
        ),
    )
    summary = np.empty((len(starts), PAGE_COLUMNS), dtype="<f8")
    for column, reduce in enumerate((np.minimum, np.minimum, np.maximum, np.maximum, np.add)):
        summary[:, column] = reduce.reduceat(records[:, column], starts)
    counts = np.diff(np.append(starts, len(feature)))
    summary[:, 5] = counts.astype("<i8").view("<f8")
    connection.execute("INSERT INTO minplan_summary VALUES (1, ?)", (summary.tobytes(),))


def write_rtree(connection: sqlite3.Connection, bounds: FloatArray) -> None:
    """Fill the R*Tree of ``parts`` bottom-up from boxes (n, 4) in Hilbert order.

    Full nodes of neighbours are written as they will be stored: a tenth of the time of inserting
    row by row, and a smaller tree.
    """
    connection.execute(
        "CREATE VIRTUAL TABLE rtree_parts_geom USING rtree(id, minx, maxx, miny, maxy)"
    )
    connection.execute("DELETE FROM rtree_parts_geom_node")
    cells = np.empty(len(bounds), dtype=_CELL)
    cells["id"] = np.arange(1, len(bounds) + 1)
    cells["box"] = _outward(bounds)
    levels = [cells]
    while len(levels[-1]) > _NODE_CELLS:
        levels.append(_parents(levels[-1]))
    # the root is node 1; the nodes below it are numbered level by level
    first = [1] * len(levels)
    for depth in range(len(levels) - 2, -1, -1):
        first[depth] = first[depth + 1] + _nodes(len(levels[depth + 1]))
    for depth, level in enumerate(levels):
        if depth:
            level["id"] = first[depth - 1] + np.arange(len(level))
        _write_level(connection, level, first[depth], len(levels) - 1, is_leaf=depth == 0)


def _nodes(cells: int) -> int:
    return -(-cells // _NODE_CELLS)


def _parents(level: NDArray[np.void]) -> NDArray[np.void]:
    starts = np.arange(0, len(level), _NODE_CELLS)
    parents = np.empty(len(starts), dtype=_CELL)
    box = level["box"].astype("=f4")
    for column, reduce in enumerate((np.minimum, np.maximum, np.minimum, np.maximum)):
        parents["box"][:, column] = reduce.reduceat(box[:, column], starts)
    return parents


def _write_level(
    connection: sqlite3.Connection,
    level: NDArray[np.void],
    first: int,
    tree_depth: int,
    *,
    is_leaf: bool,
) -> None:
    def nodes() -> Iterator[tuple[int, bytes]]:
        for number in range(_nodes(len(level))):
            cells = level[number * _NODE_CELLS : (number + 1) * _NODE_CELLS]
            node = first + number
            depth = tree_depth if node == 1 else 0
            data = struct.pack(">HH", depth, len(cells)) + cells.tobytes()
            yield node, data.ljust(_NODE_BYTES, b"\0")

    connection.executemany("INSERT INTO rtree_parts_geom_node VALUES (?, ?)", nodes())
    of = first + np.arange(len(level)) // _NODE_CELLS
    table = "rowid" if is_leaf else "parent"
    connection.executemany(
        f"INSERT INTO rtree_parts_geom_{table} VALUES (?, ?)",
        zip(level["id"].tolist(), of.tolist(), strict=True),
    )


def _outward(bounds: FloatArray) -> NDArray[np.float32]:
    """Boxes as (west, east, south, north) in single precision, never smaller than they are."""
    single = bounds.astype("f4")
    down = np.where(single > bounds, np.nextafter(single, np.float32(-np.inf)), single)
    up = np.where(single < bounds, np.nextafter(single, np.float32(np.inf)), single)
    return np.column_stack([down[:, 0], up[:, 2], down[:, 1], up[:, 3]]).astype("f4")


def fix_writer_fields(path: Path) -> None:
    """Set SQLite's writer fields of a closed file to fixed values.

    They count changes and name the library version: equal content would differ in its hash.
    """
    with path.open("r+b") as file:
        for offset, value in _WRITER_FIELDS:
            file.seek(offset)
            file.write(struct.pack(">I", value))


def quoted(name: str) -> str:
    """A name as an SQL identifier."""
    return '"' + name.replace('"', '""') + '"'
