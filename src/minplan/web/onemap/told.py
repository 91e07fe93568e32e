"""What a feature says of itself: fields of the standard, clause, measures, source."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from django.urls import reverse

from minplan.core.plan.model import PlanSnapshot, ZoneKind
from minplan.core.review.missing import layer_names
from minplan.core.standard.feature import FeatureValue
from minplan.core.standard.model import Edition, LayerSpec
from minplan.core.text import Text
from minplan.database.models import Case
from minplan.layers.file import LayerFile

#: Fields that only programs need.
_HIDDEN: Final = frozenset({"BSM", "YSDM", "XH", "GLCS", "CC", "BJZB", "MJWB", "TXLY", "SFSY"})
#: Words for attributes of constraint layers.
_WORDS: Final = {
    "name": Text("名称", "name"),
    "kind": Text("类别", "kind"),
    "level": Text("级别", "level"),
    "licence": Text("许可证号", "licence"),
    "holder": Text("矿业权人", "holder"),
    "mineral": Text("矿种", "mineral"),
    "expiry": Text("有效期止", "valid to"),
    "granted": Text("发证日期", "granted"),
    "upper": Text("标高上限（m）", "upper elevation (m)"),
    "lower": Text("标高下限（m）", "lower elevation (m)"),
    "method": Text("开采方式", "method"),
    "capacity": Text("生产规模", "capacity"),
    "status": Text("状态", "status"),
    "grade": Text("等级", "grade"),
    "size": Text("规模", "size"),
}


def told_plan_feature(item: FeatureValue, plan: PlanSnapshot, edition: Edition) -> dict[str, Any]:
    """A feature of the plan: its fields under their Chinese names, clause and measures."""
    spec = edition.layer(item.layer)
    assert spec is not None
    held = item.attributes
    return {
        "id": f"{item.layer}:{item.key}",
        "layer": item.layer,
        "layerName": spec.name.to_dict(),
        "title": str(held.get("MC") or item.key),
        "schematic": bool(held.get("SFSY")),
        "fields": _fields(held, spec, edition),
        "clause": _clause(plan, str(held.get("CC", ""))),
        "measures": _measures(plan, spec),
        "source": {"act": plan.plan.act, "from": plan.plan.effective_from.isoformat()},
    }


def _fields(held: Mapping[str, Any], spec: LayerSpec, edition: Edition) -> list[dict[str, Any]]:
    found = []
    for field in spec.fields:
        value = held.get(field.code)
        if value in (None, "") or field.code in _HIDDEN:
            continue
        # division codes stand beside the division's name anyway
        words = None if field.domain == "XZQ" else edition.code_lists.get(field.domain)
        entry = words.find(str(value)) if words else None
        shown = entry.name.to_dict() if entry else _plain(value)
        name = field.name.to_dict()
        found.append({"code": field.code, "name": name, "value": shown, "unit": field.unit})
    return found


def _plain(value: Any) -> Any:
    if isinstance(value, bool):
        return Text("是" if value else "否", "yes" if value else "no").to_dict()
    return value


def _clause(plan: PlanSnapshot, identifier: str) -> dict[str, Any] | None:
    found = plan.clause(identifier) if identifier else None
    if found is None:
        return None
    address = reverse("plan-text", args=[plan.plan.id])
    title = f"{found.number} {found.title}".strip()
    return {"id": found.id, "title": title, "href": f"{address}#{found.id}"}


def _measures(plan: PlanSnapshot, spec: LayerSpec) -> list[dict[str, Any]]:
    if not spec.zone_kind:
        return []
    kind = ZoneKind(spec.zone_kind)
    return [
        {"text": item.text, "clause": _clause(plan, item.clause)}
        for item in plan.measures
        if item.applies_to is kind
    ]


def told_constraint(layer: LayerFile, feature: int) -> dict[str, Any]:
    """A feature of a constraint layer with source, act and date of the version."""
    version = layer.version
    held = layer.attributes([feature])[feature]
    area = layer.feature_areas([feature]).get(feature) or 0.0
    names = layer_names()
    fields = [
        {
            "code": key,
            "name": _WORDS.get(key, Text(key, key)).to_dict(),
            "value": _plain(value),
            "unit": "",
        }
        for key, value in held.items()
        if value not in (None, "")
    ]
    if area:
        name = Text("面积", "area").to_dict()
        fields.append({"code": "", "name": name, "value": round(area / 1e6, 4), "unit": "km²"})
    return {
        "id": f"{version.name}:{feature}",
        "layer": version.name,
        "layerName": names.get(version.name, Text(version.name, version.name)).to_dict(),
        "title": str(held.get("name") or held.get("licence") or feature),
        "schematic": version.schematic,
        "fields": fields,
        "clause": None,
        "measures": [],
        "source": source_of(layer),
    }


def source_of(layer: LayerFile) -> dict[str, str]:
    """Where a version comes from: act, date, source, owner."""
    version = layer.version
    return {
        "act": version.act,
        "from": version.effective_from.isoformat() if version.effective_from else "",
        "to": version.effective_to.isoformat() if version.effective_to else "",
        "source": version.source,
        "owner": version.owner,
        "version": version.sha256[:12],
    }


def told_case(case: Case) -> dict[str, Any]:
    """A case: number, title, state, verdict."""
    rows = (
        (Text("案卷号", "number"), case.number),
        (Text("县区", "county"), case.county),
        (Text("矿种", "mineral"), case.mineral),
        (Text("登记日期", "opened"), case.opened.date().isoformat()),
    )
    return {
        "id": f"cases:{case.number}",
        "layer": "cases",
        "layerName": Text("审查案卷", "review cases").to_dict(),
        "title": case.title or case.number,
        "schematic": False,
        "fields": [
            {"code": "", "name": name.to_dict(), "value": value, "unit": ""}
            for name, value in rows
            if value
        ],
        "clause": None,
        "measures": [],
        "source": None,
        "href": f"/cases/{case.number}",
    }
