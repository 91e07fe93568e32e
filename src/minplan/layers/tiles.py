"""Vector tiles of a constraint layer (矢量瓦片): what a map draws of a million polygons.

Beside the file of a version lie ``<sha256>.c.mbtiles`` and ``<sha256>.w.mbtiles``: SQLite files by
the MBTiles specification, made by GDAL, never changed, read by any number of processes. ``w`` is
the Mercator quadtree of web maps. ``c`` is the same quadtree laid over degrees of longitude and
latitude (EPSG:4490): tile 0/0/0 is the square of 360° around 0, 0. A map cannot reproject vector
tiles, so its view picks the matrix of its own projection.

From z12 on tiles hold the features themselves (layer ``features`` with ``fid`` and ``label``);
below, an overview of all together (layer ``overview``, see :mod:`minplan.layers.overview`).
"""

from __future__ import annotations

import json
import sqlite3
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
import pyarrow as pa
import shapely
from pyogrio import write_arrow

from minplan.core.geometry.crs import FloatArray
from minplan.core.geometry.layer import GeometryArray, IdArray
from minplan.layers.file import LayerFile
from minplan.layers.overview import HALF_WORLD, Overview

#: Layers with more features than this are given tiles on import; smaller ones are sent whole.
TILED_FROM: Final = 2_000
MATRICES: Final = ("c", "w")
MIN_ZOOM: Final = 5
DETAIL_ZOOM: Final = 12
MAX_ZOOM: Final = 14
#: Parts that are read at once; neighbours, as the file is in Hilbert order.
_BATCH: Final = 20_000
_OPTIONS: Final = {
    "EXTENT": "4096", "BUFFER": "64", "SIMPLIFICATION": "0", "SIMPLIFICATION_MAX_ZOOM": "0",
    "MAX_SIZE": "1500000", "MAX_FEATURES": "200000",
}  # fmt: skip
#: Names of attributes whose value is written beside a feature.
_LABELS: Final = ("name", "名称", "MC")

Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class TilesMade:
    """What was made: the file, the number of tiles and of bytes, the largest tile in bytes."""

    path: Path
    tiles: int
    size: int
    largest: int


def tile_file(layer: Path, matrix: str) -> Path:
    """Where the tiles of a layer file are, whether they have been made or not."""
    return layer.with_suffix(f".{matrix}.mbtiles")


def matrices(layer: Path) -> tuple[str, ...]:
    """The matrices a layer file has tiles in."""
    return tuple(matrix for matrix in MATRICES if tile_file(layer, matrix).is_file())


def remove_tiles(layer: Path) -> None:
    """Remove the tiles of a layer file."""
    for matrix in MATRICES:
        tile_file(layer, matrix).unlink(missing_ok=True)


def make_tiles(
    layer: LayerFile, matrix: str, progress: Progress = lambda done, total: None
) -> TilesMade:
    """Make the tiles of a layer in a matrix; what was there before is replaced.

    They are there whole or not at all. ``progress`` is called with (parts done, parts); what it
    raises stops the work.
    """
    target = tile_file(layer.path, matrix)
    with (
        tempfile.TemporaryDirectory(prefix=".tiles-", dir=layer.path.parent) as name,
        closing(_Source(layer, matrix, progress)) as source,
    ):
        folder = Path(name)
        detail = folder / "detail.mbtiles"
        zooms = (DETAIL_ZOOM, MAX_ZOOM)
        _write(detail, "features", zooms, source.features(), source.schema)
        for zoom in range(MIN_ZOOM, DETAIL_ZOOM):
            file = folder / f"{zoom}.mbtiles"
            batch = _overview(source.overview.shapes(zoom))
            _write(file, "overview", (zoom, zoom), iter([batch]), batch.schema)
            _merge(file, detail)
        made = _finish(detail)
        detail.replace(target)
    return TilesMade(target, made[0], target.stat().st_size, made[1])


_readers = threading.local()


def read_tile(layer: Path, matrix: str, zoom: int, column: int, row: int) -> bytes | None:
    """A tile as stored, compressed by gzip; None where nothing is. Rows count from the north."""
    held: dict[Path, sqlite3.Connection] = _readers.__dict__.setdefault("held", {})
    file = tile_file(layer, matrix)
    connection = held.get(file)
    if connection is None:
        uri = f"{file.absolute().as_uri()}?mode=ro&immutable=1"
        connection = held[file] = sqlite3.connect(uri, uri=True)
        for old in [*held][:-32]:
            held.pop(old).close()
    found = connection.execute(
        "SELECT tile_data FROM tiles WHERE zoom_level = ? AND tile_column = ? AND tile_row = ?",
        (zoom, column, 2**zoom - 1 - row),
    ).fetchone()
    return bytes(found[0]) if found else None


# -- from the layer -------------------------------------------------------------------------------


class _Source:
    """Features of a layer in the plane of a matrix, whole: split giants are put together again.

    While they are streamed, ``overview`` gathers their ground.
    """

    def __init__(self, layer: LayerFile, matrix: str, progress: Progress) -> None:
        self.schema = pa.schema(
            [("fid", pa.int64()), ("label", pa.string()), _GEOMETRY], metadata={}
        )
        self.overview = Overview(DETAIL_ZOOM - 1)
        self._progress = progress
        self._plane = _to_mercator if matrix == "w" else _to_square
        columns = {item.name: item.column for item in layer.stored.origin.columns}
        self._label = next((columns[name] for name in _LABELS if name in columns), None)
        self._database = sqlite3.connect(
            f"{layer.path.absolute().as_uri()}?mode=ro&immutable=1", uri=True
        )
        self._total = layer.stored.origin.parts

    def close(self) -> None:
        """Close the layer's file."""
        self._database.close()

    def features(self) -> Iterator[pa.RecordBatch]:
        """Batches of (fid, label, geometry)."""
        database = self._database
        split = [
            row[0]
            for row in database.execute(
                "SELECT feature FROM parts GROUP BY feature HAVING count(*) > 1"
            )
        ]
        giants = np.array(split, dtype=np.int64)
        cursor = database.execute("SELECT feature, substr(geom, 9) FROM parts ORDER BY fid")
        held: dict[int, list[Any]] = {}
        done = 0
        while rows := cursor.fetchmany(_BATCH):
            done += len(rows)
            feature = np.array([row[0] for row in rows], dtype=np.int64)
            shapes = np.asarray(shapely.from_wkb([row[1] for row in rows]), dtype=object)
            several = np.isin(feature, giants)
            for identifier, shape in zip(feature[several], shapes[several], strict=True):
                held.setdefault(int(identifier), []).append(shape)
            yield self._batch(feature[~several], shapes[~several])
            self._progress(done, self._total)
        joined = [shapely.union_all(parts) for parts in held.values()]
        for start in range(0, len(joined), 100):
            part = np.array(joined[start : start + 100], dtype=object)
            yield self._batch(np.array([*held], dtype=np.int64)[start : start + 100], part)

    def _batch(self, feature: IdArray, shapes: GeometryArray) -> pa.RecordBatch:
        placed = shapely.transform(shapes, self._plane)
        self.overview.add(placed)
        columns = [
            pa.array(feature),
            pa.array(self._labels(feature), pa.string()),
            pa.array(list(shapely.to_wkb(placed)), pa.binary()),
        ]
        return pa.record_batch(columns, schema=self.schema)

    def _labels(self, feature: IdArray) -> list[str | None]:
        if self._label is None:
            return [None] * len(feature)
        found = self._database.execute(
            f'SELECT "{self._label}" FROM json_each(?) CROSS JOIN features ON fid = value',
            (f"[{','.join(map(str, feature.tolist()))}]",),
        )
        return [None if value is None else str(value) for (value,) in found]


def _to_square(lonlat: FloatArray) -> FloatArray:
    """Degrees stretched so that 360° are the width of the Mercator world."""
    scaled: FloatArray = lonlat * (HALF_WORLD / 180)
    return scaled


def _to_mercator(lonlat: FloatArray) -> FloatArray:
    """Web Mercator (EPSG:3857) of lon/lat."""
    north = np.log(np.tan(np.pi / 4 + np.radians(lonlat[:, 1]) / 2)) * (HALF_WORLD / np.pi)
    return np.column_stack([lonlat[:, 0] * (HALF_WORLD / 180), north])


# -- files ----------------------------------------------------------------------------------------

_GEOMETRY: Final = pa.field(
    "geometry", pa.binary(), metadata={"ARROW:extension:name": "geoarrow.wkb"}
)


def _overview(shapes: GeometryArray) -> pa.RecordBatch:
    held = pa.array(list(shapely.to_wkb(shapes)), pa.binary())
    return pa.record_batch([held], schema=pa.schema([_GEOMETRY]))


def _write(
    path: Path,
    layer: str,
    zooms: tuple[int, int],
    batches: Iterator[pa.RecordBatch],
    schema: pa.Schema,
) -> None:
    """Let GDAL cut batches in the plane into tiles of some zooms."""
    failed: list[BaseException] = []

    def watched() -> Iterator[pa.RecordBatch]:
        # what is raised inside a stream comes out of it as an error without words
        try:
            yield from batches
        except BaseException as error:
            failed.append(error)
            raise

    try:
        write_arrow(
            pa.RecordBatchReader.from_batches(schema, watched()),
            path,
            layer=layer,
            driver="MBTiles",
            geometry_name="geometry",
            geometry_type="Unknown",
            crs="EPSG:3857",
            dataset_options={"MINZOOM": str(zooms[0]), "MAXZOOM": str(zooms[1]), **_OPTIONS},
        )
    except RuntimeError as error:
        if failed:
            raise failed[0] from error
        raise


def _merge(source: Path, target: Path) -> None:
    connection = sqlite3.connect(target, isolation_level=None)
    try:
        connection.execute("ATTACH ? AS other", (str(source),))
        connection.execute("INSERT OR REPLACE INTO tiles SELECT * FROM other.tiles")
        connection.execute("DETACH other")
    finally:
        connection.close()


def _finish(path: Path) -> tuple[int, int]:
    """Tell the zooms of the whole file and pack it; number of tiles and the largest in bytes."""
    connection = sqlite3.connect(path, isolation_level=None)
    try:
        connection.execute("UPDATE metadata SET value = ? WHERE name = 'minzoom'", (str(MIN_ZOOM),))
        (told,) = connection.execute("SELECT value FROM metadata WHERE name = 'json'").fetchone()
        known = json.loads(told)
        overview = {"id": "overview", "fields": {}, "minzoom": MIN_ZOOM, "maxzoom": DETAIL_ZOOM - 1}
        known["vector_layers"].append(overview)
        connection.execute(
            "UPDATE metadata SET value = ? WHERE name = 'json'", (json.dumps(known),)
        )
        connection.execute("PRAGMA journal_mode = DELETE")
        connection.execute("VACUUM")
        tiles, largest = connection.execute(
            "SELECT count(*), coalesce(max(length(tile_data)), 0) FROM tiles"
        ).fetchone()
    finally:
        connection.close()
    return int(tiles), int(largest)
