"""PostGIS as a contender: a private cluster, the layers loaded plain and tuned, the queries."""

from __future__ import annotations

import math
import os
import pwd
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import shapely

_BINARIES = sorted(Path("/usr/lib/postgresql").glob("*/bin"))
# CGCS2000 in a cylindrical equal-area projection: planar areas are ellipsoidal areas
_EQUAL_AREA = 990_001
_PROJ = "+proj=cea +lat_ts=0 +lon_0=0 +a=6378137 +rf=298.257222101 +units=m +no_defs"
_SETTINGS = {
    "shared_buffers": "1GB",
    "work_mem": "256MB",
    "maintenance_work_mem": "1GB",
    "max_parallel_workers_per_gather": "2",
    "jit": "off",
    "fsync": "off",
    "autovacuum": "off",
    "random_page_cost": "1.1",
    "listen_addresses": "127.0.0.1",
}


def missing() -> str | None:
    """Why PostGIS cannot take part, or None."""
    try:
        import psycopg  # noqa: F401
    except ImportError:
        return "psycopg is not installed (uv sync --group bench)"
    if not _BINARIES:
        return "no PostgreSQL server found (Debian: postgresql-15-postgis-3), and no --dsn given"
    return None


@contextmanager
def cluster() -> Iterator[str]:
    """A cluster in a temporary folder on a free loopback port; yields its DSN."""
    folder = Path(tempfile.mkdtemp(prefix="minplan-bench-"))
    binaries, data = _BINARIES[-1], folder / "data"
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    user = "postgres" if os.geteuid() == 0 else pwd.getpwuid(os.geteuid()).pw_name
    if os.geteuid() == 0:
        shutil.chown(folder, "postgres", "postgres")

    def run(program: str, *arguments: str) -> None:
        become = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
        command = [*become, str(binaries / program), *arguments]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, cwd=folder)

    settings = " ".join(f"-c {key}={value}" for key, value in _SETTINGS.items())
    options = f"-p {port} -k {folder} {settings}"
    try:
        run("initdb", "-D", str(data), "-A", "trust", "-U", user)
        run("pg_ctl", "-D", str(data), "-w", "-l", str(folder / "log"), "-o", options, "start")
        try:
            yield f"host=127.0.0.1 port={port} user={user} dbname=postgres"
        finally:
            run("pg_ctl", "-D", str(data), "-w", "-m", "immediate", "stop")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


class PostGIS:
    """The layers in a database, plain (as delivered) and tuned.

    Tuned: giants cut by ST_Subdivide, the area of every piece stored, rows in Hilbert order, and
    ST_ContainsProperly asked before anything is cut.
    """

    def __init__(self, dsn: str) -> None:
        import psycopg

        self.connection = psycopg.connect(dsn, autocommit=True, prepare_threshold=1)
        self.connection.execute("CREATE EXTENSION IF NOT EXISTS postgis")
        self.connection.execute("DELETE FROM spatial_ref_sys WHERE srid = %s", (_EQUAL_AREA,))
        self.connection.execute(
            "INSERT INTO spatial_ref_sys (srid, proj4text) VALUES (%s, %s)", (_EQUAL_AREA, _PROJ)
        )
        self.layers: list[str] = []

    def processor_s(self) -> float:
        """Processor time of the server's process for this connection (Linux, same machine)."""
        try:
            used = Path(f"/proc/{self.connection.info.backend_pid}/schedstat").read_text()
        except OSError:
            return math.nan
        return int(used.split()[0]) / 1e9

    def load(self, name: str, feature: np.ndarray, shapes: np.ndarray) -> None:
        """Copy a layer in lon/lat and build both forms."""
        table = name.replace("-", "_")
        self.layers.append(table)
        execute = self.connection.execute
        execute(f"DROP TABLE IF EXISTS {table}, {table}_tuned")
        execute(f"CREATE TABLE {table} (feature bigint, geom geometry(Geometry, 4490))")
        wkb = shapely.to_wkb(shapely.set_srid(shapes, 4490), include_srid=True, hex=True)
        with (
            self.connection.cursor() as cursor,
            cursor.copy(f"COPY {table} FROM STDIN") as copy,
        ):
            for row in zip(feature.tolist(), wkb, strict=True):
                copy.write_row(row)
        execute(
            f"CREATE TABLE {table}_tuned AS SELECT feature, geom,"
            f" ST_Area(ST_Transform(geom, {_EQUAL_AREA})) AS area FROM"
            f" (SELECT feature, ST_Subdivide(geom, 256) AS geom FROM {table}) AS pieces"
            " ORDER BY geom"
        )
        for of in (table, f"{table}_tuned"):
            execute(f"CREATE INDEX ON {of} USING gist (geom)")
            execute(f"VACUUM ANALYZE {of}")

    def load_blocks(self, shapes: np.ndarray) -> None:
        self.connection.execute("DROP TABLE IF EXISTS blocks")
        self.connection.execute("CREATE TABLE blocks (id int, geom geometry(Polygon, 4490))")
        with self.connection.cursor() as cursor:
            cursor.executemany(
                "INSERT INTO blocks VALUES (%s, ST_GeomFromWKB(%s, 4490))",
                list(enumerate(shapely.to_wkb(shapes).tolist())),
            )
        self.connection.execute("VACUUM ANALYZE blocks")
        self.connection.execute("CHECKPOINT")

    def single(self, wkb: bytes, *, tuned: bool, exact: bool) -> list[tuple[str, int, float]]:
        """One block against all layers in one prepared statement: (layer, feature, m²)."""
        parts = [
            f"SELECT '{table}', f.feature, {_area('b.geom', tuned=tuned, exact=exact)}"
            f" FROM b JOIN {table}{'_tuned' if tuned else ''} f ON ST_Intersects(b.geom, f.geom)"
            " GROUP BY f.feature"
            for table in self.layers
        ]
        query = (
            "WITH b AS MATERIALIZED (SELECT ST_GeomFromWKB(%s, 4490) AS geom) "
            + " UNION ALL ".join(parts)
        )
        return self.connection.execute(query, (wkb,), binary=True).fetchall()

    def bulk(self, *, tuned: bool, exact: bool) -> Mapping[tuple[int, str, int], float]:
        """All blocks against all layers, layer by layer, on all processors."""
        found = {}
        for table in self.layers:
            query = (
                f"SELECT b.id, f.feature, {_area('b.geom', tuned=tuned, exact=exact)}"
                f" FROM blocks b JOIN {table}{'_tuned' if tuned else ''} f"
                " ON ST_Intersects(b.geom, f.geom) GROUP BY b.id, f.feature"
            )
            for block, feature, area in self.connection.execute(query, binary=True):
                found[(block, table, feature)] = area
        return found

    def totals(self, wkb: bytes) -> list[float]:
        """Area of each layer inside one block, tuned."""
        parts = [
            f"SELECT {_area('b.geom', tuned=True, exact=True)}"
            f" FROM b JOIN {table}_tuned f ON ST_Intersects(b.geom, f.geom)"
            for table in self.layers
        ]
        query = (
            "WITH b AS MATERIALIZED (SELECT ST_GeomFromWKB(%s, 4490) AS geom) "
            + " UNION ALL ".join(parts)
        )
        return [row[0] or 0.0 for row in self.connection.execute(query, (wkb,), binary=True)]


def _area(block: str, *, tuned: bool, exact: bool) -> str:
    piece = f"ST_Intersection(f.geom, {block})"
    cut = f"ST_Area(ST_Transform({piece}, {_EQUAL_AREA}))" if exact else f"ST_Area({piece})"
    if tuned:
        cut = f"CASE WHEN ST_ContainsProperly({block}, f.geom) THEN f.area ELSE {cut} END"
    return f"sum({cut})"
