"""What a hand-in says of zones and blocks beyond the plan's text; schematic figures."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any, Final

from minplan.core.plan.model import PlanSnapshot, Quota
from minplan.core.standard.feature import FeatureValue
from minplan.core.standard.minerals import find_mineral, lineage

_LIFE: Final = 10.0  # years of service of a schematic block
_RECOVERY: Final = 0.9  # share of the resources that is mined
_SHARE: Final = 0.4  # of a mineral's cap that new blocks without a minimum scale may take
_OPEN_PIT: Final = ("石灰岩", "白云岩", "石英岩", "角闪岩", "陶瓷土", "铝土矿", "砂岩", "花岗岩")
_NOTE: Final = "示意"
_REMEDIATION: Final = ("ZDZLQ", "YBZLQ")


def with_details(
    features: Iterable[FeatureValue], snapshot: PlanSnapshot
) -> Iterator[FeatureValue]:
    """Features of the plan with the fields a hand-in has beside; notes give way to 示意."""
    counted: dict[str, int] = {}
    for item in features:
        own: dict[str, Any] = {}
        if item.geometry is not None:
            own["SJLY"], own["BZ"] = "示意数据", _NOTE
        if item.layer in _REMEDIATION:
            own["ZYWT"] = str(item.attributes.get("BZ", "")).removeprefix("问题：")
        if item.layer == "ZYFZQ":
            own["CY"] = str(item.attributes.get("MC", "")).partition("产业")[0]
        if item.layer in ("KCGHQK", "KAIGHQK"):
            number = counted[item.layer] = counted.get(item.layer, 0) + 1
            own |= _block(item, number, snapshot)
        yield replace(item, attributes={**item.attributes, **own}) if own else item


def _block(item: FeatureValue, number: int, snapshot: PlanSnapshot) -> dict[str, Any]:
    plan = snapshot.plan
    year = plan.first_year + number % (plan.last_year - plan.first_year + 1)
    shared = {"SZLX": "空白区新设", "TFSX": str(year), "CRFS": "挂牌"}
    if item.layer == "KCGHQK":
        return {**shared, "KCJD": "2"}
    mineral = str(item.attributes.get("ZYKZ", ""))
    open_pit = any(name in _OPEN_PIT for name in _line(mineral))
    low = 900.0 if open_pit else 300.0
    return {
        **shared,
        **_output(mineral, snapshot),
        "KCCD": "4",
        "KCFS": "1" if open_pit else "2",
        "BGSX": low + 200.0,
        "BGXX": low,
    }


def _output(mineral: str, snapshot: PlanSnapshot) -> Mapping[str, Any]:
    """A yearly output that keeps the minimum scale and the cap, and the resources for it."""
    names = _line(mineral)
    smallest = [
        (float(item.value), item.unit)
        for item in snapshot.thresholds
        if item.subject == "minimum-scale" and item.mineral in names
    ]
    if smallest:
        scale, unit = max(smallest)
    elif (cap := _cap(names, snapshot)) is not None:
        counts = [row.count for row in snapshot.block_counts if row.mineral in names]
        scale, unit = round(_SHARE * float(cap.high) / max(sum(counts), 1), 2), cap.unit
    else:
        return {}
    stock = round(scale * _LIFE / _RECOVERY, 4)
    return {
        "NSGM": scale,
        "GMDW": unit,
        "FWNX": _LIFE,
        "ZYL": stock,
        "ZYLDW": unit.removesuffix("/年"),
        "ZYLLB": "控制资源量",
    }


def _cap(names: tuple[str, ...], snapshot: PlanSnapshot) -> Quota | None:
    caps = [q for q in snapshot.quotas if q.subject == "output" and q.mineral in names]
    return next((cap for cap in caps if cap.county is None), None)


def _line(name: str) -> tuple[str, ...]:
    mineral = find_mineral(name)
    return lineage(mineral) if mineral else (name,)
