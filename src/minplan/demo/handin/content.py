"""Everything a hand-in of the demo plan holds, as features of the data standard."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cached_property
from typing import Any, Final

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from minplan.core.geometry.layer import Bounds, ConstraintLayer, GeometryArray
from minplan.core.plan.features import features_to_snapshot, snapshot_to_features
from minplan.core.plan.model import BlockCount, Level, Plan, PlanSnapshot, Quota, ZoneKind
from minplan.core.standard.feature import FeatureValue
from minplan.core.standard.model import Edition
from minplan.demo.handin.blocks import with_details
from minplan.demo.handin.clauses import clauses_of, with_clauses
from minplan.demo.handin.patches import patches
from minplan.demo.handin.rights import Divisions, deposits, rights, whole
from minplan.demo.handin.sites import Sites
from minplan.demo.handin.tables import derived, split_targets
from minplan.demo.handin.zones import whole_zones
from minplan.demo.schematic.plane import to_plane

#: Layers of the workspace that new blocks and patches keep clear of.
_CLEAR: Final = (
    "ecological-red-line", "permanent-basic-farmland", "urban-development-boundary",
    "heritage-protection-area", "heritage-control-zone", "nature-reserve",
    "public-welfare-forest", "drinking-water-source", "spring-protection-area", "water-project",
    "military-and-airport", "construction-project", "dwelling", "highway", "railway", "pipeline",
    "road-visible-range",
)  # fmt: skip
_RIGHTS: Final = {"CKQ": "mining-right", "TKQ": "exploration-right"}
#: Caps on numbers of mines, which the published plan contradicts by its own blocks.
_MINES: Final = "矿山数"
_PATCHES: Final = "table-5"


@dataclass(frozen=True)
class Content:
    """The features of a hand-in by layer and table, in the order of the edition."""

    edition: Edition
    features: Mapping[str, tuple[FeatureValue, ...]]

    @cached_property
    def snapshot(self) -> PlanSnapshot:
        """The plan that the features hold."""
        zones = [spec.code for spec in self.edition.layers if spec.zone_kind]
        codes = [*zones, *(spec.code for spec in self.edition.tables)]
        held = (item for code in codes for item in self.features.get(code, ()))
        return features_to_snapshot(held, self.edition)

    @property
    def plan(self) -> Plan:
        """Whose hand-in it is."""
        return self.snapshot.plan

    @property
    def bounds(self) -> Bounds:
        """(west, south, east, north) of everything drawn, in degrees."""
        drawn = [item.geometry for held in self.features.values() for item in held]
        west, south, east, north = shapely.total_bounds(
            np.array([shape for shape in drawn if shape is not None], dtype=object)
        )
        return float(west), float(south), float(east), float(north)


def make_content(
    snapshot: PlanSnapshot, layers: Mapping[str, ConstraintLayer], edition: Edition
) -> Content:
    """A sound hand-in of a plan with its counties drawn; ``layers`` are those of the workspace."""
    plan = snapshot.plan
    ground = {zone.name: zone for zone in snapshot.zones_of(ZoneKind.COUNTY)}
    divisions = {n: (z.code, z.geometry.geometry) for n, z in ground.items() if z.geometry}
    counties = {name: to_plane(shape) for name, (_, shape) in divisions.items()}
    sites = Sites(counties, _obstacles(snapshot, layers))
    rows = {
        code: list(
            rights(layers[name], code, plan=plan, edition=edition, divisions=divisions, sites=sites)
        )
        for code, name in _RIGHTS.items()
    }
    zones = tuple(whole_zones(snapshot, counties, sites))
    sound = _settled(replace(snapshot, zones=zones))
    held = _by_layer(with_details(snapshot_to_features(sound, edition), sound))
    held |= rows
    held["GHZB"] = list(_with_sums(held["GHZB"]))
    held["KCD"] = list(deposits(layers["mineral-deposit"], plan, edition, divisions))
    held["LSYLTB"] = list(_patches(snapshot, edition, divisions, sites))
    held["GHTK"] = list(clauses_of())
    for item in derived(edition, held, snapshot):
        held.setdefault(item.layer, []).append(item)
    ordered = {s.code: tuple(with_clauses(held[s.code])) for s in edition.specs if s.code in held}
    return Content(edition, ordered)


def _patches(
    snapshot: PlanSnapshot, edition: Edition, divisions: Divisions, sites: Sites
) -> Iterator[FeatureValue]:
    for table in snapshot.tables:
        if table.id == _PATCHES:
            yield from patches(table, snapshot.plan, edition, divisions, sites)


def _obstacles(snapshot: PlanSnapshot, layers: Mapping[str, ConstraintLayer]) -> GeometryArray:
    """What new shapes keep clear of, in the plane."""
    shapes: list[BaseGeometry] = []
    for name in _CLEAR:
        if name in layers:
            shapes += [to_plane(shape) for _, shape in whole(layers[name])]
    for zone in snapshot.zones:
        if zone.geometry is None or zone.kind is ZoneKind.COUNTY:
            continue
        shape = to_plane(zone.geometry.geometry)
        solid = zone.kind is ZoneKind.CONCENTRATED_MINING_AREA
        shapes.append(shape if solid else shape.boundary)
    return np.array(shapes, dtype=object)


def _by_layer(features: Iterable[FeatureValue]) -> dict[str, list[FeatureValue]]:
    held: dict[str, list[FeatureValue]] = {}
    for item in features:
        held.setdefault(item.layer, []).append(item)
    return held


def _settled(snapshot: PlanSnapshot) -> PlanSnapshot:
    """The plan with one value where it contradicts itself: that of its table, else the first."""
    return replace(
        snapshot,
        quotas=tuple(_first([q for q in snapshot.quotas if q.subject != "mines"], _subject)),
        thresholds=tuple(
            _first(snapshot.thresholds, lambda t: (t.subject, t.mineral, str(t.condition)))
        ),
        status=tuple(_first(snapshot.status, lambda s: (s.subject, s.mineral, s.county, s.date))),
        block_counts=tuple(_counted(snapshot)),
        indicators=tuple(
            replace(item, note="") for item in snapshot.indicators if item.group != _MINES
        ),
        clauses=(),
        contradictions=(),
        tables=(),
    )


def _with_sums(rows: Sequence[FeatureValue]) -> Iterator[FeatureValue]:
    """Indicators; the target of one that is split over counties is the sum of the parts."""
    sums = {
        key: sum(Decimal(str(item.attributes["MBZ"])) for item in parts)
        for key, parts in split_targets(rows)
    }
    for item in rows:
        if item.key in sums:
            told = f"{Decimal(sums[item.key]).normalize():f}"
            item = replace(item, attributes={**item.attributes, "MBZ": told})  # noqa: PLW2901
        yield item


def _counted(snapshot: PlanSnapshot) -> Iterator[BlockCount]:
    """Numbers of blocks by kind, level and mineral as they are drawn."""
    clauses = {(item.kind, item.level): item.clause for item in snapshot.block_counts}
    counts: dict[tuple[ZoneKind, Level, str], int] = {}
    for zone in snapshot.zones:
        if zone.kind in (ZoneKind.EXPLORATION_BLOCK, ZoneKind.MINING_BLOCK) and zone.level:
            key = (zone.kind, zone.level, zone.mineral_names[0])
            counts[key] = counts.get(key, 0) + 1
    for (kind, level, mineral), count in sorted(
        counts.items(), key=lambda item: (item[0][0].value, item[0][1] is Level.CITY)
    ):
        yield BlockCount(kind, level, mineral, count, clauses[kind, level])


def _subject(quota: Quota) -> tuple[Any, ...]:
    return quota.subject, quota.mineral, quota.county, quota.year


def _first(rows: Sequence[Any], key: Any) -> Iterator[Any]:
    seen: set[Any] = set()
    for row in rows:
        told = key(row)
        if told not in seen:
            seen.add(told)
            yield row
