"""What lies around the block of a review, taken from its plan and layers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

import shapely
from shapely.geometry.base import BaseGeometry

from minplan.core.geometry.layer import Bounds, ConstraintLayer
from minplan.core.plan.model import ZoneKind
from minplan.reports.maps.context import MapContext, MapLayer

if TYPE_CHECKING:
    from minplan.core.review.engine import Review

#: A map shows this many times the width of the block on each side of it.
_AROUND: Final = 0.8


def surroundings(review: Review, layers: Mapping[str, ConstraintLayer]) -> MapContext:
    """Counties of the plan, and the features of the layers near the block."""
    counties = [
        (zone.name, zone.geometry.geometry, zone.schematic)
        for zone in review.plan.zones_of(ZoneKind.COUNTY)
        if zone.geometry is not None
    ]
    west, south, east, north = review.proposal.geometry.bounds
    wide, high = _AROUND * (east - west), _AROUND * (north - south)
    near = (west - wide, south - high, east + wide, north + high)
    return MapContext(
        counties=tuple((name, shape) for name, shape, _ in counties),
        layers=tuple(_layer(name, layers[name], near) for name in sorted(layers)),
        counties_schematic=any(schematic for _, _, schematic in counties),
    )


def _layer(name: str, layer: ConstraintLayer, bounds: Bounds) -> MapLayer:
    """Features near the block; the parts of a split giant are joined again."""
    batch = layer.candidates(bounds)
    parts: dict[int, list[BaseGeometry]] = {}
    for feature, shape in zip(batch.feature.tolist(), batch.geometry, strict=True):
        parts.setdefault(feature, []).append(shape)
    attributes = layer.attributes(list(parts))
    features = (
        (shapely.union_all(shapes), str(attributes[feature].get("name") or ""))
        for feature, shapes in parts.items()
    )
    return MapLayer(name, tuple(features), layer.version.schematic)
