"""A constraint layer held in memory: plan zones, existing rights, test ground."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import shapely

from minplan.core.geometry.area import ellipsoidal_area
from minplan.core.geometry.layer import Bounds, FeatureBatch, LayerVersion
from minplan.core.geometry.measure import geometry_array, sum_by


class MemoryLayer:
    """Features in EPSG:4490 lon/lat, numbered from 0 in the order given, behind an R-tree."""

    def __init__(
        self,
        version: LayerVersion,
        batch: FeatureBatch,
        attributes: Sequence[Mapping[str, Any]],
    ) -> None:
        self._version = version
        self._batch = batch
        self._attributes = attributes
        self._tree = shapely.STRtree(batch.geometry)
        self._totals = sum_by(batch.feature, batch.area_m2, len(attributes))

    @classmethod
    def of(
        cls,
        name: str,
        geometries: Any,
        attributes: Sequence[Mapping[str, Any]] | None = None,
        **version_fields: Any,
    ) -> MemoryLayer:
        """Build a layer from geometries (None allowed) and one mapping of attributes for each.

        ``version_fields`` go to :class:`LayerVersion`; hash, count and extent are computed.
        """
        array = geometry_array(geometries)
        rows = attributes if attributes is not None else [{} for _ in array]
        if len(rows) != len(array):
            raise ValueError(f"{len(rows)} rows of attributes for {len(array)} geometries")
        present = np.flatnonzero(~(shapely.is_missing(array) | shapely.is_empty(array)))
        parts = array[present]
        digest = hashlib.sha256(name.encode())
        for index, wkb in zip(present, shapely.to_wkb(parts, byte_order=1), strict=True):
            digest.update(int(index).to_bytes(8, "big") + wkb)
        extent = tuple(float(v) for v in shapely.total_bounds(parts)) if len(parts) else None
        fields = {
            "sha256": digest.hexdigest(),
            "extent": extent,
            "feature_count": len(array),
            **version_fields,
        }
        batch = FeatureBatch(present.astype(np.int64), parts, ellipsoidal_area(parts))
        return cls(LayerVersion(name=name, **fields), batch, rows)

    @property
    def version(self) -> LayerVersion:
        """What version this is."""
        return self._version

    def candidates(self, bounds: Bounds) -> FeatureBatch:
        """Parts whose bounding boxes touch ``bounds`` (west, south, east, north in degrees)."""
        hits = np.sort(self._tree.query(shapely.box(*bounds)))
        batch = self._batch
        return FeatureBatch(batch.feature[hits], batch.geometry[hits], batch.area_m2[hits])

    def attributes(self, features: Sequence[int]) -> Mapping[int, Mapping[str, Any]]:
        """Attributes of the named features, keyed by feature id."""
        return {int(feature): self._attributes[feature] for feature in features}

    def feature_areas(self, features: Sequence[int]) -> Mapping[int, float]:
        """Whole ellipsoidal area in m² of the named features (all parts together)."""
        return {int(feature): float(self._totals[feature]) for feature in features}
