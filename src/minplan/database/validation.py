"""What may be stored at all: the edition's rules for attributes, the database's for geometry."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import shapely

from minplan.core.errors import MinplanError, Place, PlanDataError
from minplan.core.geometry.layer import GeometryArray
from minplan.core.standard.feature import COORDINATE_DEGREES, FeatureValue
from minplan.core.standard.model import Edition
from minplan.core.standard.validate import validate_feature
from minplan.core.text import Text

_LONGEST_KEY: Final = 200


_NO_DEGREES: Final = Text(
    "坐标不是经纬度（度）", "the coordinates are not degrees of longitude and latitude"
)
_HIGH: Final = Text("图形带 Z 或 M 值，须先去掉", "the geometry has Z or M values: drop them first")


@dataclass(frozen=True, slots=True)
class Examined:
    """A feature as it will be stored, and the faults that forbid it."""

    feature: FeatureValue
    faults: tuple[MinplanError, ...]


def examine(
    edition: Edition, given: Sequence[tuple[FeatureValue, dt.date]]
) -> tuple[Examined, ...]:
    """Normalise features by the edition in force on their dates and collect their faults.

    Faults are E7xx of the edition, and E809 for keys and geometry that cannot be stored. Many at
    once cost far less than one by one.
    """
    told = [_examine_attributes(edition, feature, date) for feature, date in given]
    shapes = np.array([item.feature.geometry for item in told], dtype=np.object_)
    wrong = _geometry_faults(shapes)
    for number in wrong:
        shapes[number] = None
    shapes = shapely.set_precision(shapes, COORDINATE_DEGREES, mode="pointwise")
    examined: list[Examined] = []
    for number, (item, shape) in enumerate(zip(told, shapes, strict=True)):
        held, faults = item.feature, item.faults
        if number in wrong:
            place = Place(layer=held.layer, field=held.key or None)
            faults = (*faults, PlanDataError("E809", wrong[number], place=place))
        examined.append(
            Examined(FeatureValue(held.layer, held.key, held.attributes, shape), faults)
        )
    return tuple(examined)


def _examine_attributes(edition: Edition, feature: FeatureValue, date: dt.date) -> Examined:
    faults = key_faults(feature.layer, feature.key)
    if edition.find(feature.layer) is None:
        place = Place(layer=feature.layer, field=feature.key or None)
        unknown = Text(
            f"标准没有图层或表“{feature.layer}”",
            f"the edition has no layer or table {feature.layer!r}",
        )
        nothing = FeatureValue(feature.layer, feature.key)
        return Examined(nothing, (*faults, PlanDataError("E711", unknown, place=place)))
    normal, found = validate_feature(edition, feature, date=date)
    return Examined(normal, (*faults, *found))


def key_faults(layer: str, key: str) -> tuple[MinplanError, ...]:
    """The fault of a business key that is empty, too long or holds control characters."""
    if key and key.isprintable() and len(key) <= _LONGEST_KEY and key == key.strip():
        return ()
    wrong = Text(
        f"编号须为 1–{_LONGEST_KEY} 个可见字符，首尾无空格：{key[:40]!r}",
        f"a key is 1–{_LONGEST_KEY} printable characters without outer spaces: {key[:40]!r}",
    )
    return (PlanDataError("E809", wrong, place=Place(layer=layer, field=key[:40] or None)),)


def _geometry_faults(shapes: GeometryArray) -> dict[int, Text]:
    """What cannot be stored, by position; empty geometries and wrong types are the edition's."""
    west, south, east, north = shapely.bounds(shapes).T
    within = (west >= -180) & (east <= 180) & (south >= -90) & (north <= 90)
    outside = ~(shapely.is_missing(shapes) | shapely.is_empty(shapes) | within)
    high = shapely.has_z(shapes) | shapely.has_m(shapes)
    return {
        **dict.fromkeys(np.flatnonzero(outside).tolist(), _NO_DEGREES),
        **dict.fromkeys(np.flatnonzero(high).tolist(), _HIGH),
    }
