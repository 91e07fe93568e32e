"""The plan element that flows between formats, the database and the hand-in folder."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import shapely
from shapely.geometry.base import BaseGeometry

#: Coordinates of stored features are rounded to this (degrees): 0.1 mm on the ground.
COORDINATE_DEGREES: Final = 1e-9


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
    shape = feature.geometry
    ground = "" if shape is None else shapely.to_wkb(shapely.normalize(rounded(shape)), hex=True)
    told = [feature.layer, feature.key, dict(feature.attributes), ground]
    text = json.dumps(told, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def features_digest(features: Iterable[FeatureValue]) -> str:
    """SHA-256 over a set of features in any order."""
    return combined_digest(feature_digest(feature) for feature in features)


def combined_digest(digests: Iterable[str]) -> str:
    """The digest of a set of features from the digests of the single ones."""
    digest = hashlib.sha256()
    for item in sorted(digests):
        digest.update(item.encode())
    return digest.hexdigest()
