"""The plan element that flows between formats, the database and the hand-in folder."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any, Final

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

#: Coordinates of stored features are rounded to this (degrees): 0.1 mm on the ground.
COORDINATE_DEGREES: Final = 1e-9

_BATCH: Final = 5_000
_ENCODER: Final = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"))


@dataclass(frozen=True, slots=True)
class FeatureValue:
    """A plan element or table row (规划要素): layer, business key, attributes, geometry.

    ``layer`` is the code of a layer or table of an edition, ``key`` unique within it,
    ``attributes`` plain JSON values by field code as the edition's validation leaves them,
    ``geometry`` in EPSG:4490 lon/lat rounded to 1e-9 degrees, or None.
    """

    layer: str
    key: str
    attributes: Mapping[str, Any] = field(default_factory=dict)
    geometry: BaseGeometry | None = None


def rounded(geometry: BaseGeometry) -> BaseGeometry:
    """The geometry on the grid of stored coordinates, topology untouched."""
    return shapely.set_precision(geometry, COORDINATE_DEGREES, mode="pointwise")


def feature_digest(feature: FeatureValue) -> str:
    """SHA-256 of one feature: equal for equal content, whatever it was stored in."""
    return feature_digests([feature])[0]


def feature_digests(features: Sequence[FeatureValue]) -> list[str]:
    """The digest of each feature; many at once cost far less than one by one."""
    shapes = np.array([feature.geometry for feature in features], dtype=np.object_)
    on_grid = shapely.set_precision(shapes, COORDINATE_DEGREES, mode="pointwise")
    texts = [_ENCODER.encode(dict(feature.attributes)) for feature in features]
    names = [(feature.layer, feature.key) for feature in features]
    return content_digests(names, texts, on_grid)


def content_digests(
    names: Sequence[tuple[str, str]], texts: Sequence[str], on_grid: NDArray[np.object_]
) -> list[str]:
    """The digests of features by layer and key, canonical JSON of attributes, rounded geometry.

    Canonical is JSON with sorted keys, without spaces, characters as they are.
    """
    ground = shapely.to_wkb(shapely.normalize(on_grid), hex=True)
    return [
        _digest(layer, key, text, wkb or "")
        for (layer, key), text, wkb in zip(names, texts, ground, strict=True)
    ]


def features_digest(features: Iterable[FeatureValue]) -> str:
    """SHA-256 over a set of features in any order."""
    found: list[str] = []
    source = iter(features)
    while batch := [*islice(source, _BATCH)]:
        found += feature_digests(batch)
    return combined_digest(found)


def combined_digest(digests: Iterable[str]) -> str:
    """The digest of a set of features from the digests of the single ones."""
    digest = hashlib.sha256()
    for item in sorted(digests):
        digest.update(item.encode())
    return digest.hexdigest()


def _digest(layer: str, key: str, text: str, ground: str) -> str:
    told = f'[{_ENCODER.encode(layer)},{_ENCODER.encode(key)},{text},"{ground}"]'
    return hashlib.sha256(told.encode()).hexdigest()
