"""What is wrong with the ground of a zone or block at a glance: topology, place, stated area.

The rules of topology are the edition's (:class:`~minplan.core.standard.model.TopologyRule`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

import shapely
from shapely.geometry import MultiPolygon, Polygon
from shapely.geometry.base import BaseGeometry
from shapely.validation import explain_validity

from minplan.core.errors import MinplanError
from minplan.core.geometry.area import cut_area, ellipsoidal_area, match_stated_area
from minplan.core.geometry.polygonal import Polygonal
from minplan.core.plan.columns import SEPARATOR
from minplan.core.plan.model import PlanSnapshot, Zone, ZoneKind
from minplan.core.standard.feature import FeatureValue
from minplan.core.standard.model import Edition, TopologyRule
from minplan.core.text import Text
from minplan.core.tolerances import INSIDE_BLOCK_SHARE

ERROR: Final = "error"
WARNING: Final = "warning"
_OUTSIDE_M2: Final = 100.0


@dataclass(frozen=True, slots=True)
class Issue:
    """Something wrong, or worth a look, with an edited zone.

    ``severity`` is "error" (it cannot be checked in) or "warning"; ``code`` the rule or error;
    ``layer`` and ``key`` the other feature concerned; ``geometry`` where it is.
    """

    code: str
    severity: str
    message: Text
    hint: Text | None = None
    layer: str = ""
    key: str = ""
    geometry: BaseGeometry | None = None

    @classmethod
    def of(cls, error: MinplanError, severity: str = ERROR) -> Issue:
        """A fault of the edition as an issue."""
        place = error.place.field or ""
        return cls(error.code, severity, error.message, error.hint, key=place)


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What a zone is held against: the plan without the features replaced, and those beside it.

    ``replaced`` are (layer, key) that go or are changed; ``beside`` edited features of the same
    changeset.
    """

    plan: PlanSnapshot
    edition: Edition
    replaced: frozenset[tuple[str, str]] = frozenset()
    beside: tuple[FeatureValue, ...] = ()

    def ground_of(self, layer: str) -> Iterator[tuple[str, str, BaseGeometry]]:
        """(key, name, geometry) of the features of a zone layer."""
        for zone in self.zones(layer):
            if zone.geometry is not None and (layer, zone.code) not in self.replaced:
                yield zone.code, zone.name, zone.geometry.geometry
        for item in self.beside:
            if item.layer == layer and item.geometry is not None:
                yield item.key, str(item.attributes.get("MC", "")), item.geometry

    def zones(self, layer: str) -> tuple[Zone, ...]:
        """The zones the plan keeps in a layer."""
        spec = self.edition.layer(layer)
        if spec is None or not spec.zone_kind:
            return ()
        return self.plan.zones_of(ZoneKind(spec.zone_kind))


def ground_issues(feature: FeatureValue, around: Surroundings) -> tuple[Issue, ...]:
    """Everything the ground of a feature gives cause to say; errors first."""
    ground = feature.geometry
    if ground is None or ground.is_empty:
        return ()
    if not isinstance(ground, Polygon | MultiPolygon) or not ground.is_valid:
        reason = explain_validity(ground)
        message = Text("图形无效（自相交或重复边界）", f"the geometry is not valid: {reason}")
        hint = Text("拖动拐点，使边线不相交", "move the corners so that the borders do not cross")
        return (Issue("T-00", ERROR, message, hint, geometry=ground),)
    found = [
        *_topology(feature, ground, around),
        *_county(feature, ground, around),
        *_own_zone(feature, ground, around),
        *_stated_area(feature, ground),
    ]
    return tuple(sorted(found, key=lambda item: item.severity != ERROR))


def counties_of(feature: FeatureValue) -> tuple[str, ...]:
    """The counties a feature names (所在县区)."""
    return tuple(filter(None, str(feature.attributes.get("SZXZQ", "")).split(SEPARATOR)))


def outside_counties(
    ground: BaseGeometry, counties: Iterable[str], plan: PlanSnapshot
) -> float | None:
    """How much (m²) of a ground lies outside some counties; None where none of them is drawn."""
    wanted = set(counties)
    shapes = [
        zone.geometry.geometry
        for zone in plan.zones_of(ZoneKind.COUNTY)
        if zone.name in wanted and zone.geometry is not None
    ]
    if not shapes:
        return None
    return float(cut_area([ground.difference(shapely.union_all(shapes))])[0])


def _topology(feature: FeatureValue, ground: BaseGeometry, around: Surroundings) -> Iterator[Issue]:
    for rule in around.edition.topology:
        if rule.kind == "no-overlap" and rule.layer == feature.layer:
            yield from _overlaps(feature, ground, rule, rule.layer, around)
        elif rule.kind == "no-overlap-with" and feature.layer in (rule.layer, rule.other):
            other = rule.other if feature.layer == rule.layer else rule.layer
            yield from _overlaps(feature, ground, rule, other, around)
        elif rule.kind == "within" and rule.layer == feature.layer:
            yield from _leaves(ground, rule, around)


def _overlaps(
    feature: FeatureValue,
    ground: BaseGeometry,
    rule: TopologyRule,
    layer: str,
    around: Surroundings,
) -> Iterator[Issue]:
    for key, name, shape in around.ground_of(layer):
        if (layer, key) == (feature.layer, feature.key) or not ground.intersects(shape):
            continue
        piece = ground.intersection(shape)
        area = float(cut_area([piece])[0])
        if area <= max(rule.tolerance_m2, 1.0):
            continue
        yield Issue(
            rule.id,
            ERROR if rule.severity == ERROR else WARNING,
            Text(
                f"与“{name or key}”（{key}）重叠 {area / 1e4:.4f} 公顷",
                f"overlaps {key} by {area / 1e4:.4f} ha",
            ),
            Text(
                f"{rule.name.zh}：移动边界，或把重叠部分并入其中一个",
                f"{rule.name.en}: move the border, or give the overlap to one of them",
            ),
            layer,
            key,
            piece,
        )


def _leaves(ground: BaseGeometry, rule: TopologyRule, around: Surroundings) -> Iterator[Issue]:
    holders = [shape for _, _, shape in around.ground_of(rule.other)]
    if not holders:
        return
    out = ground.difference(shapely.union_all(holders))
    area = float(cut_area([out])[0])
    if area > _OUTSIDE_M2:
        yield Issue(
            rule.id,
            ERROR if rule.severity == ERROR else WARNING,
            Text(
                f"超出行政区范围 {area / 1e4:.4f} 公顷",
                f"{area / 1e4:.4f} ha lie outside the divisions",
            ),
            rule.name,
            rule.other,
            geometry=out,
        )


def _county(feature: FeatureValue, ground: BaseGeometry, around: Surroundings) -> Iterator[Issue]:
    named = counties_of(feature)
    out = outside_counties(ground, named, around.plan) if named else None
    if out is not None and out > _OUTSIDE_M2:
        listed = SEPARATOR.join(named)
        yield Issue(
            "G-01",
            WARNING,
            Text(
                f"有 {out / 1e4:.4f} 公顷不在所填县区（{listed}）内",
                f"{out / 1e4:.4f} ha lie outside {listed}",
            ),
            Text("补填所在县区，或调整边界", "name the other county, or move the border"),
            "XZQ",
        )


def _own_zone(feature: FeatureValue, ground: BaseGeometry, around: Surroundings) -> Iterator[Issue]:
    """A mining block that lies partly in a concentrated area leaves it."""
    spec = around.edition.layer(feature.layer)
    holder = around.edition.layer_of_kind(ZoneKind.CONCENTRATED_MINING_AREA.value)
    if spec is None or holder is None or spec.zone_kind != ZoneKind.MINING_BLOCK.value:
        return
    whole = float(ellipsoidal_area([ground])[0])
    for key, name, shape in around.ground_of(holder.code):
        if not ground.intersects(shape):
            continue
        share = float(cut_area([ground.intersection(shape)])[0]) / whole
        if 0.01 < share < INSIDE_BLOCK_SHARE:
            yield Issue(
                "G-02",
                WARNING,
                Text(f"只有 {share:.2%} 在“{name}”（{key}）内", f"only {share:.2%} lie in {key}"),
                Text(
                    "区块应整体位于集中开采区内，或整体在外",
                    "a block lies wholly inside a concentrated area, or wholly outside",
                ),
                holder.code,
                key,
                ground.difference(shape),
            )


def _stated_area(feature: FeatureValue, ground: Polygon | MultiPolygon) -> Iterator[Issue]:
    stated = feature.attributes.get("MJWB") or feature.attributes.get("MJ")
    if stated in (None, "", 0):
        return
    match = match_stated_area(Polygonal(ground), str(stated))
    if match.warn:
        area = float(ellipsoidal_area([ground])[0])
        yield Issue(
            "G-03",
            WARNING,
            Text(
                f"填写的面积 {stated} km²，图形面积 {area / 1e6:.4f} km²"
                f"（{area / match.stated_m2 - 1:+.2%}）",
                f"{stated} km² stated, the drawn ground has {area / 1e6:.4f} km²"
                f" ({area / match.stated_m2 - 1:+.2%})",
            ),
            Text("核对图形和面积，以批准文件为准", "check both against the approved document"),
            key="MJ",
        )


def worst(issues: Iterable[Issue]) -> str:
    """ "error", "warning" or an empty text."""
    found = {item.severity for item in issues}
    return ERROR if ERROR in found else WARNING if WARNING in found else ""
