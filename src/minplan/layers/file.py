"""One layer version in its file, asked by the kernel."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from minplan.core.errors import Place, StoreError
from minplan.core.geometry.border import BlockBorder
from minplan.core.geometry.crs import FloatArray
from minplan.core.geometry.layer import (
    Bounds,
    BoxBatch,
    FeatureBatch,
    GeometryArray,
    IdArray,
    LayerVersion,
)
from minplan.core.text import Text
from minplan.layers.geopackage import PAGE_COLUMNS, PAGE_PARTS, quoted
from minplan.layers.version import StoredLayer, read_stored

_MMAP_BYTES: Final = 1 << 40


class LayerFile:
    """A stored layer version (a ``ConstraintLayer``): read-only, safe to share between threads.

    Each thread has its own connection to the file, which never changes, so no locks are taken.
    Every method raises StoreError E325 when the file turns out to be damaged.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._local = threading.local()
        self._opened: list[sqlite3.Connection] = []
        with self._damage():
            self.stored: StoredLayer = read_stored(self._connection(), path)
            (summary,) = self._connection().execute("SELECT data FROM minplan_summary").fetchone()
            # columns side by side in memory: every query runs over all of them
            self._summary = np.asfortranarray(_records(summary))
            self._columns = ", ".join(quoted(item.column) for item in self.stored.origin.columns)

    @property
    def version(self) -> LayerVersion:
        """What version this is."""
        return self.stored.version

    def close(self) -> None:
        """Close the connections of all threads."""
        for connection in self._opened:
            connection.close()
        self._opened.clear()
        self._local = threading.local()

    def __reduce__(self) -> tuple[type[LayerFile], tuple[Path]]:
        """Another process opens the file itself."""
        return type(self), (self.path,)

    def candidates(self, bounds: Bounds) -> FeatureBatch:
        """Parts whose bounding boxes touch ``bounds`` (west, south, east, north in degrees)."""
        found = self.boxes(bounds)
        return FeatureBatch(found.feature, self.shapes(found.part), found.area_m2)

    def boxes(self, bounds: Bounds) -> BoxBatch:
        """The same parts as :meth:`candidates`, by their bounding boxes alone."""
        return self._boxes_of_pages(np.flatnonzero(_touch(self._summary, bounds)), bounds)

    def shapes(self, parts: IdArray) -> GeometryArray:
        """Geometry of parts by their numbers, in the order asked for."""
        if not len(parts):
            return np.zeros(0, dtype=object)
        with self._damage():
            # the geometry follows a GeoPackage header of eight bytes
            wkb = [row[0] for row in self._rows("substr(geom, 9)", "parts", "fid", parts)]
            if len(wkb) != len(parts):
                raise LookupError("a part is missing")
            return np.asarray(shapely.from_wkb(wkb), dtype=object)

    def shape(self, feature: int) -> BaseGeometry:
        """The whole geometry of a feature, its parts put together again; empty where unknown."""
        with self._damage():
            found = self._connection().execute(
                "SELECT substr(geom, 9) FROM parts WHERE feature = ?", (feature,)
            )
            parts = shapely.from_wkb([row[0] for row in found])
            return parts[0] if len(parts) == 1 else shapely.union_all(parts)

    def attributes(self, features: Sequence[int]) -> Mapping[int, Mapping[str, Any]]:
        """Attributes of the named features, keyed by feature id, under their original names."""
        names = [item.name for item in self.stored.origin.columns]
        if not names:
            return {int(feature): {} for feature in features}
        return {
            row[0]: dict(zip(names, row[1:], strict=True))
            for row in self._features(f"fid, {self._columns}", features)
        }

    def feature_areas(self, features: Sequence[int]) -> Mapping[int, float]:
        """Whole ellipsoidal area in m² of the named features (all parts together)."""
        return dict(self._features("fid, area_m2", features))

    def overlap_areas(self, border: BlockBorder) -> tuple[IdArray, FloatArray]:
        """Features that share ground with a block, ascending, and the area in m² each shares.

        The fast path when no piece is wanted: geometry is read for parts along the border alone,
        and most of these are measured without being cut.
        """
        return overlap_areas([self], border)[0]

    def total_area(self, border: BlockBorder) -> float:
        """Ellipsoidal area in m² of the layer inside a block, summed over its features.

        Where features overlap each other the ground counts for each. Pages of parts wholly inside
        the block give their stored total, so the work grows with the block's border rather than
        with its area.
        """
        near = np.flatnonzero(_touch(self._summary, border.bounds))
        inside, outside = border.cells.classify(self._summary[near, :4])
        total = float(self._summary[near[inside], 4].sum())
        undecided = self._boxes_of_pages(near[~(inside | outside)], border.bounds)
        return total + float(border.areas(undecided, self.shapes).sum())

    def _boxes_of_pages(self, pages: IdArray, bounds: Bounds) -> BoxBatch:
        with self._damage():
            data = b"".join(row[0] for row in self._rows("data", "minplan_pages", "page", pages))
            records = _records(data)
            counts = np.ascontiguousarray(self._summary[pages, 5]).view("<i8")
            first = np.repeat(pages * PAGE_PARTS + 1, counts)
            within = np.arange(len(records)) - np.repeat(np.cumsum(counts) - counts, counts)
            part = first + within
        hit = _touch(records, bounds)
        chosen = records[hit]
        feature = np.ascontiguousarray(chosen[:, 5]).view("<i8")
        return BoxBatch(part[hit], feature, chosen[:, :4], chosen[:, 4])

    def _features(self, columns: str, features: Sequence[int]) -> list[tuple[Any, ...]]:
        with self._damage():
            ids = np.asarray(features, dtype=np.int64)
            return self._rows(columns, "features", "fid", ids).fetchall()

    def _rows(self, columns: str, table: str, key: str, ids: IdArray) -> sqlite3.Cursor:
        """Rows of a table by key, in the order asked for."""
        # the ids as one JSON array: the statement stays the same and is compiled once
        return self._connection().execute(
            f"SELECT {columns} FROM json_each(?) CROSS JOIN {table} ON {key} = value",
            (f"[{','.join(map(str, ids.tolist()))}]",),
        )

    def _connection(self) -> sqlite3.Connection:
        connection: sqlite3.Connection | None = getattr(self._local, "connection", None)
        if connection is None:
            uri = f"{self.path.absolute().as_uri()}?mode=ro&immutable=1"
            connection = sqlite3.connect(uri, uri=True, check_same_thread=False)
            connection.execute(f"PRAGMA mmap_size = {_MMAP_BYTES}")
            self._local.connection = connection
            self._opened.append(connection)
        return connection

    @contextmanager
    def _damage(self) -> Iterator[None]:
        try:
            yield
        except (
            sqlite3.Error,
            shapely.GEOSException,
            ArithmeticError,
            LookupError,
            TypeError,
            ValueError,
        ) as error:
            raise damaged(self.path) from error


def overlap_areas(
    layers: Sequence[LayerFile], border: BlockBorder
) -> list[tuple[IdArray, FloatArray]]:
    """:meth:`LayerFile.overlap_areas` of several layers in one pass over the block's border."""
    found = [layer.boxes(border.bounds) for layer in layers]
    ends = np.cumsum([len(near) for near in found])
    merged = BoxBatch(
        part=np.arange(ends[-1]),
        feature=np.concatenate([near.feature for near in found]),
        bounds=np.concatenate([near.bounds for near in found]),
        area_m2=np.concatenate([near.area_m2 for near in found]),
    )

    def shapes(parts: IdArray) -> GeometryArray:
        """Parts are numbered through all layers here, and come in ascending order."""
        cuts = np.searchsorted(parts, ends)
        own = np.split(parts, cuts[:-1])
        starts = np.concatenate([[0], ends[:-1]])
        return np.concatenate(
            [
                layer.shapes(near.part[chosen - start])
                for layer, near, chosen, start in zip(layers, found, own, starts, strict=True)
            ]
        )

    area = border.areas(merged, shapes)
    return [
        _by_feature(near.feature, own)
        for near, own in zip(found, np.split(area, ends[:-1]), strict=True)
    ]


def _by_feature(feature: IdArray, area: FloatArray) -> tuple[IdArray, FloatArray]:
    shared = area > 0
    features, owner = np.unique(feature[shared], return_inverse=True)
    sums = np.bincount(owner, weights=area[shared], minlength=len(features))
    return features, sums.astype(np.float64)


def damaged(path: Path) -> StoreError:
    """The error for a layer file that is not what it was when it was built."""
    return StoreError(
        "E325",
        Text(
            f"图层库文件 {path.parent.name}/{path.name} 已损坏",
            f"the stored layer {path.parent.name}/{path.name} is damaged",
        ),
        place=Place(file=str(path), layer=path.parent.name),
        hint=Text(
            "请从备份恢复该文件，或用原始数据重新入库",
            "restore the file from a backup, or add the layer again from its source",
        ),
    )


def _records(data: bytes) -> FloatArray:
    records: FloatArray = np.frombuffer(data, dtype="<f8").reshape(-1, PAGE_COLUMNS)
    return records


def _touch(records: FloatArray, bounds: Bounds) -> NDArray[np.bool_]:
    west, south, east, north = bounds
    result: NDArray[np.bool_] = (
        (records[:, 0] <= east)
        & (records[:, 2] >= west)
        & (records[:, 1] <= north)
        & (records[:, 3] >= south)
    )
    return result
