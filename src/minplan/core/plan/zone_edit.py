"""A zone as somebody edits it: what they typed, completed by what follows from it.

The layer repeats minerals, numbers of rights, the division and the computed area of a zone for its
readers; an editor must not have to keep them in step by hand.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any, Final

from shapely.geometry import MultiPolygon, Polygon

from minplan.core.geometry.polygonal import Polygonal
from minplan.core.plan import records
from minplan.core.plan.model import MineralQuota, PlanSnapshot
from minplan.core.plan.records import IDENTIFIER, SEQUENCE
from minplan.core.plan.zone_features import ground_attributes, read_zone, repeated
from minplan.core.standard.feature import FeatureValue, rounded
from minplan.core.standard.model import Edition, FieldSpec, LayerSpec

#: Fields of zones that follow from the rest and are not typed.
COMPUTED: Final = frozenset(
    {
        *("BSM", "YSDM", "XZQDM", "XZQMC", "GHQSN", "GHMZN", "ZYKZ", "YSCKQS", "NSCKQS"),
        *("JSMJ", "BJZB", "TXLY", "MJWB", "XH"),
    }
)
#: The table of minerals of zones, and the field that names the zone.
MINERALS_TABLE: Final = "FQKZ"
ZONE_FIELD: Final = "FQBSM"
#: What the source of a geometry says when it was drawn here.
DRAWN: Final = "系统绘制"


def typed_fields(spec: LayerSpec) -> tuple[FieldSpec, ...]:
    """The fields of a layer somebody fills in, in the order of the standard."""
    return tuple(item for item in spec.fields if item.code not in COMPUTED)


def typed(feature: FeatureValue, spec: LayerSpec) -> dict[str, Any]:
    """The attributes of a feature that are typed rather than computed."""
    names = {item.code for item in typed_fields(spec)}
    held = {k: v for k, v in feature.attributes.items() if k in names}
    if (printed := feature.attributes.get("MJWB")) is not None:
        held["MJ"] = printed
    return held


def completed(
    feature: FeatureValue,
    minerals: Iterable[MineralQuota],
    before: FeatureValue | None,
    plan: PlanSnapshot,
    edition: Edition,
) -> FeatureValue:
    """The whole feature of an edited zone.

    ``feature`` holds what was typed, already valid; ``before`` is the zone as it was, whose
    sequence, source and system of edges stay where its ground does. Raises PlanDataError E741 for
    values the plan cannot use.
    """
    spec = edition.spec(feature.layer)
    assert isinstance(spec, LayerSpec)
    held: dict[str, Any] = {**feature.attributes, IDENTIFIER: feature.key}
    held.setdefault("GHBH", feature.key)
    if before is not None and SEQUENCE in before.attributes:
        held[SEQUENCE] = before.attributes[SEQUENCE]
    shape = None if feature.geometry is None else rounded(feature.geometry)
    if isinstance(shape, Polygon | MultiPolygon):
        held |= _ground(shape, before)
    told = FeatureValue(feature.layer, feature.key, held, shape)
    listed = tuple(minerals)
    zone = replace(read_zone(told, listed, edition), minerals=listed)
    held |= repeated(zone, plan, spec)
    known = {name: value for name, value in held.items() if spec.field(name) is not None}
    return FeatureValue(feature.layer, feature.key, known, shape)


def mineral_rows(
    code: str,
    minerals: Iterable[MineralQuota],
    held: Mapping[str, FeatureValue],
    first: int,
    edition: Edition,
) -> tuple[FeatureValue, ...]:
    """The rows of the table of minerals of one zone; ``held`` are those there are, by key.

    Rows that are there keep their sequence, new ones are numbered from ``first`` on.
    """
    rows = []
    written = records.ZONE_MINERALS.write(enumerate(minerals, first), edition, {ZONE_FIELD: code})
    for row in written:
        key = f"{code}|{row.key}"
        attributes = {**row.attributes, IDENTIFIER: key}
        if key in held and SEQUENCE in held[key].attributes:
            attributes[SEQUENCE] = held[key].attributes[SEQUENCE]
        rows.append(FeatureValue(MINERALS_TABLE, key, attributes))
    return tuple(rows)


def _ground(shape: Polygon | MultiPolygon, before: FeatureValue | None) -> dict[str, Any]:
    same = before is not None and before.geometry is not None and shape.equals(before.geometry)
    if same and before is not None:
        return {k: v for k, v in before.attributes.items() if k in ("BJZB", "TXLY", "JSMJ")}
    return ground_attributes(Polygonal(shape, source=DRAWN))
