"""A delivered file turned into the immutable file of a layer version, in bounded memory."""

from __future__ import annotations

import datetime as dt
import json
import os
import sqlite3
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final

import numpy as np
import pyarrow as pa
import shapely

from minplan.core.geometry.crs import Datum
from minplan.core.geometry.layer import IdArray
from minplan.core.geometry.repair import Repair
from minplan.core.text import Text
from minplan.layers import geopackage
from minplan.layers.geopackage import GEOMETRY_HEADER, Column
from minplan.layers.reference import Reference
from minplan.layers.shapes import FeatureRepair, Kind, Parts, decode, kind_of, mend
from minplan.layers.source import Batch, Source, empty, translated
from minplan.layers.version import LISTED_REPAIRS, Declaration, Origin, write_origin

Progress = Callable[[int, int], None]

_CHUNK_PARTS: Final = 8_192
_GEOMETRY_TYPES: Final = {"polygon": "POLYGON", "line": "LINESTRING", "point": "POINT"}
_OWN_COLUMNS: Final = frozenset({"fid", "area_m2"})


def build(
    source: Source,
    reference: Reference,
    *,
    kind: Kind | None,
    said: Declaration,
    file_sha256: str,
    folder: Path,
    progress: Progress,
) -> tuple[Path, Origin]:
    """Build the file of a layer version in ``folder`` and return it with what was done.

    Features are read once, in batches; their parts wait in a flat file until they can be written
    in Hilbert order. ``kind`` None takes the kind of the first geometry. ``progress`` is called
    with (done, total).
    """
    target = folder / "layer.gpkg"
    connection = geopackage.create(target)
    try:
        with _Spool(folder / "parts.wkb") as spool:
            intake = _Intake(
                source,
                reference,
                kind=kind,
                connection=connection,
                spool=spool,
                progress=progress,
            )
            intake.run()
            origin = intake.origin(file_sha256)
            assert intake.kind is not None
            geometry = _GEOMETRY_TYPES[intake.kind]
            geopackage.create_parts(connection, geometry)
            order = spool.hilbert_order()
            _write_parts(connection, spool, order, progress, source.count)
        geopackage.write_pages(connection, *spool.columns(order))
        geopackage.write_rtree(connection, spool.columns(order)[0])
        geopackage.register(connection, said.name, geometry, origin.extent)
        write_origin(connection, said, origin)
        connection.execute("COMMIT")
    finally:
        connection.close()
    geopackage.fix_writer_fields(target)
    progress(2 * source.count, 2 * source.count)
    return target, origin


class _Intake:
    """The first pass: read, mend, measure; attributes to the file, parts to the spool."""

    def __init__(
        self,
        source: Source,
        reference: Reference,
        *,
        kind: Kind | None,
        connection: sqlite3.Connection,
        spool: _Spool,
        progress: Progress,
    ) -> None:
        self.kind = kind
        self._source = source
        self._reference = reference
        self._connection = connection
        self._spool = spool
        self._progress = progress
        self._columns: tuple[Column, ...] = ()
        self._counts: Counter[Repair] = Counter()
        self._repairs: list[FeatureRepair] = []
        self._features = 0
        self._garbled = 0

    def run(self) -> None:
        """Read the whole source; nothing is committed before the last step of the build."""
        to_lonlat = self._reference.to_lonlat()
        done = 0
        for batch in self._source.batches():
            if not done:
                self._columns = attribute_columns(batch.attributes.schema)
                geopackage.create_features(self._connection, self._columns)
                self._connection.execute("BEGIN")
            shapes = decode(batch.wkb, batch.feature, self._source.place)
            self.kind = self.kind or kind_of(shapes)
            if self.kind is not None:
                mended = mend(shapes, batch.feature, self.kind, to_lonlat, self._source.place)
                self._counts.update(item.repair for item in mended.repairs)
                self._repairs += mended.repairs[: LISTED_REPAIRS - len(self._repairs)]
                self._spool.add(mended.parts, batch.feature)
                self._write_features(batch, mended.parts)
            done += len(batch.feature)
            self._progress(done, 2 * self._source.count)
        if not self._features:
            raise empty(self._source.place)

    def _write_features(self, batch: Batch, parts: Parts) -> None:
        count = len(batch.feature)
        present = np.bincount(parts.owner, minlength=count) > 0
        area = np.bincount(parts.owner, weights=parts.area_m2, minlength=count)
        rows = batch.attributes.filter(pa.array(present))
        with translated(self._source.place):
            values = [self._values(column) for column in rows.columns]
        marks = ", ".join("?" * (2 + len(values)))
        self._connection.executemany(
            f"INSERT INTO features VALUES ({marks})",
            zip(batch.feature[present].tolist(), area[present].tolist(), *values, strict=True),
        )
        self._features += int(present.sum())

    def _values(self, column: pa.Array) -> list[Any]:
        if pa.types.is_string(column.type) or pa.types.is_large_string(column.type):
            try:
                return column.to_pylist()  # type: ignore[no-any-return]
            except UnicodeDecodeError:
                # a text field of fixed width may end in half a character
                texts = column.cast(pa.large_binary()).to_pylist()
                decoded = [t and t.decode("utf-8", errors="ignore") for t in texts]
                self._garbled += sum(
                    1 for t, d in zip(texts, decoded, strict=True) if t and d.encode() != t
                )
                return decoded
        return [_storable(value) for value in column.to_pylist()]

    def origin(self, file_sha256: str) -> Origin:
        """What the finished first pass knows."""
        assert self.kind is not None
        source, spool = self._source, self._spool
        return Origin(
            kind=self.kind,
            file=source.name,
            file_sha256=file_sha256,
            file_layer=source.layer,
            crs=self._reference.name,
            encoding=source.encoding,
            features=self._features,
            parts=spool.count,
            area_m2=spool.total_area(),
            extent=spool.extent(),
            skipped=source.count - self._features,
            columns=self._columns,
            repair_counts=dict(sorted(self._counts.items())),
            repairs=tuple(self._repairs),
            remarks=tuple(self._remarks()),
        )

    def _remarks(self) -> Iterator[Text]:
        if self._reference.datum is not Datum.CGCS2000:
            yield Text(
                "坐标系为WGS84，按2000国家大地坐标系入库（相差在分米以内）",
                "drawn in WGS84, stored as CGCS2000 (they agree to within decimetres)",
            )
        if skipped := self._source.count - self._features:
            yield Text(
                f"{skipped} 个要素没有可用图形，未入库",
                f"{skipped} features without usable geometry were left out",
            )
        if self._garbled:
            yield Text(
                f"{self._garbled} 个文字值结尾有半个字，已截去",
                f"{self._garbled} texts ended in half a character, which was cut off",
            )


class _Spool:
    """Parts waiting for their place along the Hilbert curve: WKB on disk, figures in memory."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file = path.open("w+b", buffering=1 << 20)
        self._figures: list[tuple[Any, ...]] = []
        self._merged: tuple[Any, ...] = ()
        self.count = 0

    def __enter__(self) -> _Spool:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()
        self._path.unlink(missing_ok=True)

    def add(self, parts: Parts, feature: IdArray) -> None:
        """Append the parts of a batch; ``feature`` are the ids of the batch."""
        if not len(parts.owner):
            return
        wkb = shapely.to_wkb(parts.geometry, byte_order=1)
        self._file.write(b"".join(wkb))
        size = np.fromiter(map(len, wkb), dtype=np.int64, count=len(wkb))
        self._figures.append(
            (parts.bounds, parts.area_m2, feature[parts.owner], parts.hilbert, size)
        )
        self.count += len(wkb)

    def _all(self) -> tuple[Any, ...]:
        if not self._merged:
            self._merged = tuple(
                np.concatenate(items) for items in zip(*self._figures, strict=True)
            )
            self._figures.clear()
        return self._merged

    def hilbert_order(self) -> IdArray:
        """The parts along the curve; equal places keep the order of the source."""
        order: IdArray = np.argsort(self._all()[3], kind="stable")
        return order

    def columns(self, order: IdArray) -> tuple[Any, Any, Any]:
        """Bounds (n, 4), areas and feature ids in ``order``."""
        bounds, area, feature, _, _ = self._all()
        return bounds[order], area[order], feature[order]

    def total_area(self) -> float:
        """Sum of the areas in m²."""
        return float(self._all()[1].sum())

    def extent(self) -> tuple[float, float, float, float]:
        """Bounds of everything, in degrees."""
        bounds = self._all()[0]
        west, south = bounds[:, :2].min(axis=0).tolist()
        east, north = bounds[:, 2:].max(axis=0).tolist()
        return west, south, east, north

    def read(self, order: IdArray) -> Iterator[tuple[int, float, bytes]]:
        """Feature id, area and WKB of each part in ``order``."""
        _, area, feature, _, size = self._all()
        end = np.cumsum(size)
        start = (end - size)[order].tolist()
        self._file.flush()
        rows = (start, size[order].tolist(), feature[order].tolist(), area[order].tolist())
        # unbuffered: a buffer would be filled anew at every jump
        with self._path.open("rb", buffering=0) as file:
            for offset, length, of, square in zip(*rows, strict=True):
                file.seek(offset)
                yield of, square, file.read(length)


def _write_parts(
    connection: sqlite3.Connection, spool: _Spool, order: IdArray, progress: Progress, count: int
) -> None:
    for first in range(0, len(order), _CHUNK_PARTS):
        chunk = order[first : first + _CHUNK_PARTS]
        connection.executemany(
            "INSERT INTO parts VALUES (?, ?, ?, ?)",
            (
                (fid, feature, area, GEOMETRY_HEADER + wkb)
                for fid, (feature, area, wkb) in enumerate(spool.read(chunk), start=first + 1)
            ),
        )
        progress(count + count * (first + len(chunk)) // len(order), 2 * count)


def attribute_columns(schema: pa.Schema) -> tuple[Column, ...]:
    """Names and SQLite types for the attributes of a source.

    A name that SQLite would confuse with another one or with ours gets a number.
    """
    taken = set(_OWN_COLUMNS)
    columns = []
    for item in schema:
        column, number = item.name or "field", 1
        while column.lower() in taken:
            number += 1
            column = f"{item.name}_{number}"
        taken.add(column.lower())
        columns.append(Column(item.name, column, _sql_type(item.type)))
    return tuple(columns)


def _sql_type(kind: pa.DataType) -> str:
    if pa.types.is_boolean(kind):
        return "BOOLEAN"
    if pa.types.is_integer(kind):
        return "INTEGER"
    if pa.types.is_floating(kind):
        return "REAL"
    if pa.types.is_date(kind):
        return "DATE"
    if pa.types.is_timestamp(kind):
        return "DATETIME"
    return "BLOB" if pa.types.is_binary(kind) or pa.types.is_large_binary(kind) else "TEXT"


def _storable(value: Any) -> Any:
    if isinstance(value, int) and not -(1 << 63) <= value < 1 << 63:
        return str(value)
    if value is None or isinstance(value, int | float | str | bytes):
        return value
    if isinstance(value, dt.datetime | dt.date | dt.time):
        return value.isoformat()
    if isinstance(value, list | dict):
        return json.dumps(value, ensure_ascii=False, default=str)
    return str(value)


def seal(path: Path) -> None:
    """Flush a finished file to disk and make it read-only."""
    with path.open("r+b") as file:
        os.fsync(file.fileno())
    path.chmod(0o444)
