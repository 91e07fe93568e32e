"""What the kernel needs to know of a constraint layer, wherever it is stored."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from minplan.core.geometry.crs import FloatArray

Bounds = tuple[float, float, float, float]
GeometryArray = NDArray[np.object_]
IdArray = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class LayerVersion:
    """One immutable version of a constraint layer (管控图层版本).

    ``name`` is the layer's key (``ecological-red-line``), ``sha256`` its content address, ``act``
    the legal act that set it, ``effective_from``/``effective_to`` its legal validity, ``extent``
    (west, south, east, north) in degrees of its features, ``coverage`` the bounds it is declared
    complete for (None when nothing is declared: then nothing is known outside the extent either,
    and it is taken on trust), ``schematic`` (示意) that its geometry is not surveyed.
    """

    name: str
    sha256: str
    act: str = ""
    effective_from: dt.date | None = None
    effective_to: dt.date | None = None
    source: str = ""
    owner: str = ""
    extent: Bounds | None = None
    coverage: Bounds | None = None
    feature_count: int = 0
    schematic: bool = False
    quality: str = ""

    def covers(self, bounds: Bounds) -> bool:
        """Whether ``bounds`` lies inside the declared coverage; True when none is declared."""
        if self.coverage is None:
            return True
        west, south, east, north = self.coverage
        return west <= bounds[0] and south <= bounds[1] and bounds[2] <= east and bounds[3] <= north

    def in_force(self, date: dt.date) -> bool:
        """Whether the version is legally valid on ``date``."""
        return (self.effective_from is None or self.effective_from <= date) and (
            self.effective_to is None or date <= self.effective_to
        )


@dataclass(frozen=True, slots=True)
class FeatureBatch:
    """Candidate parts of features near a block.

    Three arrays of one length: ``feature`` the id of the original feature (a giant is stored as
    many parts with one id), ``geometry`` the part in EPSG:4490 lon/lat, ``area_m2`` its
    ellipsoidal area (0 for lines and points).
    """

    feature: IdArray
    geometry: GeometryArray
    area_m2: FloatArray

    def __len__(self) -> int:
        return len(self.feature)


@dataclass(frozen=True, slots=True)
class BoxBatch:
    """Candidate parts of features near a block, without their geometry.

    Arrays of one length: ``part`` the number of the part in its layer, ``bounds`` (n, 4) its
    bounding box in degrees; ``feature`` and ``area_m2`` as in :class:`FeatureBatch`.
    """

    part: IdArray
    feature: IdArray
    bounds: FloatArray
    area_m2: FloatArray

    def __len__(self) -> int:
        return len(self.part)


class ConstraintLayer(Protocol):
    """A layer version that can be asked for candidates; stored in a file or in memory."""

    @property
    def version(self) -> LayerVersion:
        """What version this is."""
        ...

    def candidates(self, bounds: Bounds) -> FeatureBatch:
        """Parts whose bounding boxes touch ``bounds`` (west, south, east, north in degrees)."""
        ...

    def attributes(self, features: Sequence[int]) -> Mapping[int, Mapping[str, Any]]:
        """Attributes of the named features, keyed by feature id."""
        ...

    def feature_areas(self, features: Sequence[int]) -> Mapping[int, float]:
        """Whole ellipsoidal area in m² of the named features (all parts together)."""
        ...
