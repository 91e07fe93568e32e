"""A constraint layer as a source of queries: attributes in batches, geometry when it is needed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

import numpy as np
import shapely

from minplan.core.geometry.layer import Bounds, GeometryArray, IdArray
from minplan.core.query.model import Source
from minplan.core.query.rows import Rows
from minplan.core.query.sources import layer_source
from minplan.layers.file import LayerFile
from minplan.layers.version import StoredLayer

_BATCH: Final = 20_000
_WORLD: Final = (-180.0, -90.0, 180.0, 90.0)


def source_of(stored: StoredLayer) -> Source:
    """What can be asked of a stored layer version."""
    kind = str(stored.origin.kind)
    return layer_source(
        stored.version.name,
        [(item.name, item.type) for item in stored.origin.columns],
        kind,
        count=stored.version.feature_count,
        schematic=stored.version.schematic,
    )


@dataclass(frozen=True, slots=True)
class LayerReader:
    """A layer version read in the order of its feature numbers."""

    file: LayerFile
    source: Source

    def batches(self, *, after: Any = None, bounds: Bounds | None = None) -> Iterator[Rows]:
        """Features behind a number; with ``bounds`` those with a part whose box touches them."""
        near = None if bounds is None else self.file.boxes(bounds).feature
        wanted = self._all() if near is None else np.unique(near)
        if after is not None:
            wanted = wanted[wanted > int(after)]
        for start in range(0, len(wanted), _BATCH):
            yield self._rows(wanted[start : start + _BATCH])

    def _all(self) -> IdArray:
        return _parts(self.file.path, self.file)[0]

    def _rows(self, features: IdArray) -> Rows:
        ids: Sequence[int] = features.tolist()
        attributes = self.file.attributes(ids)
        areas = self.file.feature_areas(ids)
        names = [item.code for item in self.source.fields if not item.code.startswith("_")]
        keys = np.empty(len(ids), dtype=object)
        keys[:] = ids
        values = {}
        for name in names:
            column = np.empty(len(ids), dtype=object)
            column[:] = [attributes[item].get(name) for item in ids]
            values[name] = column
        known = np.array([areas[item] for item in ids], dtype=np.float64)
        return Rows(keys, values, lambda positions: self.shapes(features[positions]), known)

    def shapes(self, features: IdArray) -> GeometryArray:
        """Whole geometry of features by their numbers: what was split on import is one again."""
        owners, starts, order = _parts(self.file.path, self.file)
        found = np.empty(len(features), dtype=object)
        at = np.searchsorted(owners, features)
        pieces = [order[starts[n] : starts[n + 1]] for n in at]
        if not pieces:
            return found
        shapes = self.file.shapes(np.concatenate(pieces))
        ends = np.cumsum([len(item) for item in pieces])
        for number, (end, piece) in enumerate(zip(ends, pieces, strict=True)):
            own = shapes[end - len(piece) : end]
            found[number] = own[0] if len(own) == 1 else _whole(own)
        return found


def _whole(parts: GeometryArray) -> Any:
    """The parts of one feature together; cuts of the import vanish."""
    joined = shapely.union_all(parts)
    return shapely.line_merge(joined) if "Line" in joined.geom_type else joined


@lru_cache(maxsize=8)
def _parts(path: Any, file: LayerFile) -> tuple[IdArray, IdArray, IdArray]:
    """Features with the numbers of their parts: features, where theirs start, parts in order."""
    boxes = file.boxes(_WORLD)
    order = np.argsort(boxes.feature, kind="stable")
    owners, starts = np.unique(boxes.feature[order], return_index=True)
    return owners, np.append(starts, len(order)), boxes.part[order]
