"""What may be stored at all: the edition's rules for attributes, the database's for geometry."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from minplan.core.errors import MinplanError, Place, PlanDataError
from minplan.core.geometry.layer import GeometryArray
from minplan.core.standard.feature import COORDINATE_DEGREES, FeatureValue, content_digests
from minplan.core.standard.model import Edition, GeometryType, LayerSpec, Spec
from minplan.core.standard.validate import validate, validate_feature
from minplan.core.text import Text
from minplan.database.fields import encode_json

BoolArray = NDArray[np.bool_]

_LONGEST_KEY: Final = 200
#: Types (of GEOS) of the geometries a layer holds.
_USUAL: Final = {
    GeometryType.POINT: (0, 4),
    GeometryType.LINE: (1, 5),
    GeometryType.POLYGON: (3, 6),
}

_NO_DEGREES: Final = Text(
    "坐标不是经纬度（度）", "the coordinates are not degrees of longitude and latitude"
)
_HIGH: Final = Text("图形带 Z 或 M 值，须先去掉", "the geometry has Z or M values: drop them first")


#: What only this module can put into an examined feature.
_SEAL: Final = object()
#: A row to be examined: its number in the file, its attributes by field code, its geometry.
Row = tuple[int, Mapping[str, Any], BaseGeometry | None]


@dataclass(frozen=True, slots=True)
class Examined:
    """A feature as it will be stored, and the faults that forbid it; made by this module alone.

    ``text`` are the attributes as canonical JSON (empty with faults). It is what is stored and
    what the digest is over, so that nothing done to ``feature.attributes`` afterwards counts.
    """

    feature: FeatureValue
    faults: tuple[MinplanError, ...]
    text: str
    edition: Edition
    date: dt.date | None
    seal: object

    def __post_init__(self) -> None:
        """Refuse what was made elsewhere (TypeError)."""
        if self.seal is not _SEAL:
            raise TypeError("only the validation of the database makes examined features")


def examine(
    edition: Edition, given: Sequence[tuple[FeatureValue | Examined, dt.date]]
) -> tuple[Examined, ...]:
    """Normalise features by the edition in force on their dates and collect their faults.

    What was examined already, by the same edition for the same date, stays as it is. Faults are
    E7xx of the edition, and E809 for keys and geometry that cannot be stored. Many at once cost
    far less than one by one.
    """
    found = [_holds(item, edition, date) for item, date in given]
    told = [
        (*_examine_attributes(edition, feature_of(item), date), date)
        for (item, date), known in zip(given, found, strict=True)
        if known is None
    ]
    fresh = iter(_finished(edition, told))
    return tuple(next(fresh) if known is None else known for known in found)


def examine_rows(
    edition: Edition, layer: str, rows: Sequence[Row], date: dt.date | None
) -> tuple[Examined, ...]:
    """As :func:`examine`, of rows of one layer or table whose key is the value of its key field.

    Faults name the row. Raises PlanDataError E711 for an unknown layer.
    """
    spec = edition.spec(layer)
    told: list[_Told] = []
    for row, attributes, geometry in rows:
        normal = validate(edition, layer, attributes, date=date, row=row)
        key = str(normal.attributes.get(spec.key, ""))
        faults: tuple[MinplanError, ...] = normal.faults
        if key or not faults:
            faults += key_faults(layer, key)
        told.append((FeatureValue(layer, key, normal.attributes, geometry), faults, date))
    shapes = np.array([geometry for _, _, geometry in rows], dtype=np.object_)
    for number in np.flatnonzero(_unusual(spec, shapes)).tolist():
        feature, faults, _ = told[number]
        _, found = validate_feature(edition, feature, date=date, row=rows[number][0])
        told[number] = (feature, faults + tuple(i for i in found if i not in faults), date)
    return _finished(edition, told)


def digests(examined: Sequence[Examined]) -> list[str]:
    """The feature digests of what was examined (of those with faults they mean nothing)."""
    shapes = np.array([item.feature.geometry for item in examined], dtype=np.object_)
    names = [(item.feature.layer, item.feature.key) for item in examined]
    return content_digests(names, [item.text for item in examined], shapes)


#: A feature in its normal form, its faults so far, and the date it was held to.
_Told = tuple[FeatureValue, tuple[MinplanError, ...], dt.date | None]


def _holds(item: FeatureValue | Examined, edition: Edition, date: dt.date) -> Examined | None:
    if isinstance(item, Examined) and item.edition is edition and item.date == date:
        return item
    return None


def feature_of(item: FeatureValue | Examined) -> FeatureValue:
    """The feature itself, examined or not."""
    return item.feature if isinstance(item, Examined) else item


def _finished(edition: Edition, told: Sequence[_Told]) -> tuple[Examined, ...]:
    """Geometries on the grid, attributes as text, and the faults of what cannot be stored."""
    shapes = np.array([feature.geometry for feature, _, _ in told], dtype=np.object_)
    wrong = _geometry_faults(shapes)
    for number in wrong:
        shapes[number] = None
    shapes = shapely.set_precision(shapes, COORDINATE_DEGREES, mode="pointwise")
    examined: list[Examined] = []
    for number, ((held, found, date), shape) in enumerate(zip(told, shapes, strict=True)):
        faults = found
        if number in wrong:
            place = Place(layer=held.layer, field=held.key or None)
            faults = (*found, PlanDataError("E809", wrong[number], place=place))
        feature = FeatureValue(held.layer, held.key, held.attributes, shape)
        text = "" if faults else encode_json(held.attributes)
        examined.append(Examined(feature, faults, text, edition, date, _SEAL))
    return tuple(examined)


def _unusual(spec: Spec, shapes: GeometryArray) -> BoolArray:
    """Which geometries :func:`validate_feature` must look at: not of the usual kind, or empty."""
    usual = _USUAL[spec.geometry] if isinstance(spec, LayerSpec) else ()
    plain = np.isin(shapely.get_type_id(shapes), usual) & ~shapely.is_empty(shapes)
    result: BoolArray = ~(plain | shapely.is_missing(shapes))
    return result


def _examine_attributes(
    edition: Edition, feature: FeatureValue, date: dt.date
) -> tuple[FeatureValue, tuple[MinplanError, ...]]:
    faults = key_faults(feature.layer, feature.key)
    if edition.find(feature.layer) is None:
        place = Place(layer=feature.layer, field=feature.key or None)
        unknown = Text(
            f"标准没有图层或表“{feature.layer}”",
            f"the edition has no layer or table {feature.layer!r}",
        )
        nothing = FeatureValue(feature.layer, feature.key)
        return nothing, (*faults, PlanDataError("E711", unknown, place=place))
    normal, found = validate_feature(edition, feature, date=date)
    return normal, (*faults, *found)


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
