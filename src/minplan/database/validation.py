"""What may be stored at all: the edition's rules for attributes, the database's for geometry."""

from __future__ import annotations

import datetime as dt
import math
from dataclasses import dataclass, replace
from typing import Final

import shapely
from shapely.geometry.base import BaseGeometry

from minplan.core.errors import MinplanError, Place, PlanDataError
from minplan.core.standard.feature import FeatureValue, rounded
from minplan.core.standard.model import Edition
from minplan.core.standard.validate import validate_feature
from minplan.core.text import Text

_LONGEST_KEY: Final = 200


@dataclass(frozen=True, slots=True)
class Examined:
    """A feature as it will be stored, and the faults that forbid it."""

    feature: FeatureValue
    faults: tuple[MinplanError, ...]


def examine(edition: Edition, feature: FeatureValue, date: dt.date) -> Examined:
    """Normalise a feature by the edition in force on ``date`` and collect its faults.

    Faults are E7xx of the edition, and E809 for keys and geometry that cannot be stored.
    """
    place = Place(layer=feature.layer, field=feature.key or None)
    faults = [*key_faults(feature.layer, feature.key)]
    if edition.find(feature.layer) is None:
        unknown = Text(
            f"标准没有图层或表“{feature.layer}”",
            f"the edition has no layer or table {feature.layer!r}",
        )
        return Examined(feature, (*faults, PlanDataError("E711", unknown, place=place)))
    normal, found = validate_feature(edition, feature, date=date)
    faults += found
    if (geometry := normal.geometry) is not None:
        if wrong := _geometry_fault(geometry):
            faults.append(PlanDataError("E809", wrong, place=place))
        else:
            normal = replace(normal, geometry=rounded(geometry))
    return Examined(normal, tuple(faults))


def key_faults(layer: str, key: str) -> tuple[MinplanError, ...]:
    """The fault of a business key that is empty, too long or holds control characters."""
    if key and key.isprintable() and len(key) <= _LONGEST_KEY and key == key.strip():
        return ()
    wrong = Text(
        f"编号须为 1–{_LONGEST_KEY} 个可见字符，首尾无空格：{key[:40]!r}",
        f"a key is 1–{_LONGEST_KEY} printable characters without outer spaces: {key[:40]!r}",
    )
    return (PlanDataError("E809", wrong, place=Place(layer=layer, field=key[:40] or None)),)


def _geometry_fault(geometry: BaseGeometry) -> Text | None:
    if geometry.is_empty:
        return Text("图形为空", "the geometry is empty")
    if geometry.has_z or shapely.has_m(geometry):
        return Text("图形带 Z 或 M 值，须先去掉", "the geometry has Z or M values: drop them first")
    west, south, east, north = geometry.bounds
    if not (-180 <= west <= east <= 180 and -90 <= south <= north <= 90) or math.isnan(west):
        return Text(
            "坐标不是经纬度（度）", "the coordinates are not degrees of longitude and latitude"
        )
    return None
