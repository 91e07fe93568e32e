"""Faults against the plan above: zones lost, renamed, outgrown; targets and caps weakened."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

from minplan.checking.asked import References
from minplan.core.plan.model import Level, Plan, PlanSnapshot, Zone, ZoneKind
from minplan.demo.handin.plants.planting import At, Folder, plant


def _above(folder: Folder, change: Any) -> None:
    """Change the plan above."""
    held = folder.held.references

    def references(identity: Plan | None) -> References:
        told = held(identity)
        assert told.upper is not None
        return replace(told, upper=change(told.upper))

    made = references(folder.names.plan)
    folder.hold(references=lambda _: made)


def _more(folder: Folder, kind: ZoneKind, code: str) -> None:
    """A zone more in the plan above, at the place of one that is there."""

    def change(upper: PlanSnapshot) -> PlanSnapshot:
        model = next(zone for zone in upper.zones if zone.kind is kind and zone.counties)
        zone: Zone = replace(
            model, code=code, name="上级新划的一处", level=Level.PROVINCE, geometry=None
        )
        return replace(upper, zones=(*upper.zones, zone))

    _above(folder, change)


@plant("Q-UP-01", "没有落实上级的重点勘查区", "a zone of the upper plan is not carried over")
def zone_lost(folder: Folder) -> At:
    """The upper plan has a key exploration area more."""
    _more(folder, ZoneKind.KEY_EXPLORATION_AREA, "KZ999")
    return At(words="上级新划的一处")


@plant("Q-UP-02", "没有落实上级的勘查规划区块", "a block of the upper plan is not carried over")
def block_lost(folder: Folder) -> At:
    """The upper plan has an exploration block more."""
    _more(folder, ZoneKind.EXPLORATION_BLOCK, "SK999")
    return At(words="上级新划的一处")


@plant("Q-UP-03", "落实的分区名称与上级不同", "a zone lost the name of the upper plan")
def name_lost(folder: Folder) -> At:
    """The upper plan names a zone otherwise."""

    def change(upper: PlanSnapshot) -> PlanSnapshot:
        first, *rest = upper.zones
        return replace(upper, zones=(replace(first, name="上级的另一名称"), *rest))

    _above(folder, change)
    return At(words="上级的另一名称")


@plant("Q-UP-04", "重点勘查区超出上级范围", "a zone outgrows that of the upper plan")
def outgrown(folder: Folder) -> At:
    """The upper plan has a smaller ground."""

    def change(upper: PlanSnapshot) -> PlanSnapshot:
        zones = [
            replace(zone, geometry=replace(zone.geometry, geometry=_smaller(zone)))
            if zone.geometry is not None and zone.kind is ZoneKind.STRATEGIC_RESERVE_AREA
            else zone
            for zone in upper.zones
        ]
        return replace(upper, zones=tuple(zones))

    _above(folder, change)
    return At(layer="ZLXKCBHQ")


def _smaller(zone: Zone) -> Any:
    assert zone.geometry is not None
    return zone.geometry.geometry.buffer(-0.001)


@plant("Q-UP-05", "规划指标低于上级下达的目标", "a target below that of the upper plan")
def target_weak(folder: Folder) -> At:
    """The upper plan asks for more of the first indicator that is a lower limit."""
    region = folder.names.plan.region_name

    def change(upper: PlanSnapshot) -> PlanSnapshot:
        first, *rest = upper.indicators
        asked = replace(first, target=str(Decimal(first.target) + 1000), county=region)
        return replace(upper, indicators=(asked, *rest))

    _above(folder, change)
    return At(layer="GHZB")


@plant("Q-UP-06", "最低开采规模低于上级", "a minimum scale below that of the upper plan")
def scale_low(folder: Folder) -> At:
    """The upper plan has ten times the minimum."""

    def change(upper: PlanSnapshot) -> PlanSnapshot:
        first, *rest = upper.thresholds
        return replace(upper, thresholds=(replace(first, value=f"{first.value}0"), *rest))

    _above(folder, change)
    return At(layer="ZDKCGM")


@plant("Q-UP-07", "控制总量突破上级下达的数", "a cap above that of the upper plan")
def cap_high(folder: Folder) -> At:
    """The upper plan gives half of the first cap."""

    def change(upper: PlanSnapshot) -> PlanSnapshot:
        first, *rest = upper.quotas
        half = first.high / 2
        return replace(upper, quotas=(replace(first, low=half, high=half), *rest))

    _above(folder, change)
    return At(layer="ZLKZ")
