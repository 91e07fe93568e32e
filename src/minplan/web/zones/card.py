"""The card of a zone or block: everything that is known of it, gathered for one page."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any, Final

import shapely
from django.http import HttpRequest

from minplan.core.access import Permission
from minplan.core.access.sight import sees_constraint
from minplan.core.errors import MinplanError, Place, StoreError
from minplan.core.geometry.crs import degrees_minutes_seconds
from minplan.core.geometry.overlay import overlaps, prepare
from minplan.core.geometry.polygonal import Polygonal
from minplan.core.plan import lifecycle
from minplan.core.plan.lifecycle import BLOCK_KINDS, Standing
from minplan.core.plan.members import lying_in
from minplan.core.plan.model import Zone, ZoneKind
from minplan.core.plan.zone_features import read_zone
from minplan.core.standard.feature import FeatureValue
from minplan.core.standard.model import LayerSpec
from minplan.core.text import Text
from minplan.database import blocks, editing
from minplan.database.acting import acting
from minplan.database.models import Case, Changeset, Feature
from minplan.formats.proposal_json import proposal_from_dict
from minplan.reports.corners import corner_system, corners_of
from minplan.web.desk import workspace
from minplan.web.onemap.geojson import geometry_text
from minplan.web.plans.addresses import address_of
from minplan.web.zones.reading import ZoneBook, difference, display, heading, is_block

_RIGHTS: Final = {
    "mining-right": Text("采矿权", "mining right"),
    "exploration-right": Text("探矿权", "exploration right"),
}
_CASES: Final = 20


@dataclass(frozen=True, slots=True)
class Found:
    """A zone as it holds, or as it held last: then ``ended`` (or ``begins``) says when."""

    feature: FeatureValue
    ended: Feature | None = None
    begins: Feature | None = None


def find(book: ZoneBook, layer: LayerSpec, key: str) -> Found:
    """A zone on the day asked for, or its last content (StoreError E860 when it never was)."""
    held = book.find(layer.code, key)
    if held is not None:
        return Found(held)
    rows = Feature.objects.filter(plan=book.plan, layer=layer.code, key=key)
    believed = rows.filter(recorded_to=None).order_by("effective_from")
    later = believed.filter(effective_from__gt=book.when.date).first()
    last = believed.filter(effective_from__lte=book.when.date).last()
    row = last or later or rows.order_by("-recorded_from").first()
    if row is None:
        raise StoreError(
            "E860",
            Text(f"规划中没有“{key}”", f"the plan has no {key}"),
            place=Place(layer=layer.code, field=key),
            hint=Text("检查编号，或用顶部的搜索框查找", "check the code, or search for it"),
        )
    return Found(row.value, None if row is later else row, row if row is later else None)


def context(request: HttpRequest, book: ZoneBook, layer: LayerSpec, key: str) -> dict[str, Any]:
    """What the page shows."""
    found = find(book, layer, key)
    zone = _zone(book, found.feature)
    ground = zone.geometry
    shown = {
        "book": book,
        "layer": layer,
        "zone": zone,
        "found": found,
        "feature": found.feature,
        "facts": facts(book, layer, found.feature),
        "corners": corners(ground) if ground else (),
        "corner_system": corner_system(ground).name if ground else "",
        "measures": [m for m in book.snapshot.measures if m.id in zone.measures],
        "clause_numbers": {item.id: item.number for item in book.snapshot.clauses},
        "inside": _inside(book, zone),
        "around": _around(book, zone),
        "rights": _rights(book, ground),
        "versions": versions(book, layer, key),
        "cases": _cases(zone),
        "quotas": _quotas(book, zone),
        "may_edit": found.ended is None and editing.may_touch(found.feature),
        "shape": found.feature.geometry and json.loads(geometry_text(found.feature.geometry)),
    }
    return shown | (_life(book, layer, key) if is_block(layer) else {})


def facts(book: ZoneBook, layer: LayerSpec, feature: FeatureValue) -> list[dict[str, Any]]:
    """The attributes that are filled, with the names and units of the standard."""
    hidden = {"GLCS", "CC", "MJWB", "BSM", "YSDM", "XH", "BJZB"}
    return [
        {
            "code": field.code,
            "name": heading(field),
            "value": feature.attributes.get("MJWB") or display(field, value, book.edition)
            if field.code == "MJ"
            else display(field, value, book.edition),
            "source": field.source,
        }
        for field in layer.fields
        if field.code not in hidden
        and (value := feature.attributes.get(field.code)) not in (None, "")
    ]


def corners(ground: Polygonal) -> list[dict[str, Any]]:
    """The table of corners: metres in the 3° zone, degrees as they are written."""
    return [
        {
            "corner": item,
            "lat": degrees_minutes_seconds(item.lat),
            "lon": degrees_minutes_seconds(item.lon),
            "new_ring": index == 0 or (item.part, item.ring) != (before.part, before.ring),
        }
        for index, (item, before) in enumerate(
            (here, found[max(place - 1, 0)])
            for found in [list(corners_of(ground))]
            for place, here in enumerate(found)
        )
    ]


def versions(book: ZoneBook, layer: LayerSpec, key: str) -> list[dict[str, Any]]:
    """Everything ever believed, newest first, each with what it differs in from the one before."""
    rows = Feature.objects.filter(plan=book.plan, layer=layer.code, key=key)
    listed = list(
        rows.select_related("changeset", "closed_by").order_by("recorded_from", "effective_from")
    )
    found = []
    for number, row in enumerate(listed):
        before = listed[number - 1] if number else None
        found.append(
            {
                "row": row,
                "changeset": row.changeset,
                "basis": _seen(row.changeset),
                "diff": difference(layer, before.attributes, row.attributes, book.edition)
                if before
                else [],
                "moved": bool(before) and not _same(before, row),
                "shape": row.geometry and json.loads(geometry_text(row.geometry)),
                "before": before and before.geometry and json.loads(geometry_text(before.geometry)),
            }
        )
    return found[::-1]


def _seen(changeset: Changeset) -> str:
    return str(changeset.basis)


def _same(one: Feature | None, other: Feature) -> bool:
    if one is None or one.geometry is None or other.geometry is None:
        return one is not None and one.geometry is other.geometry
    return bool(shapely.equals_identical(one.geometry, other.geometry))


def _zone(book: ZoneBook, feature: FeatureValue) -> Zone:
    for item in book.snapshot.zones:
        if item.code == feature.key:
            return item
    return read_zone(feature, (), book.edition)


def _linked(book: ZoneBook, zone: Zone) -> dict[str, Any]:
    spec = book.edition.layer_of_kind(zone.kind.value)
    return {"zone": zone, "layer": spec.code if spec else "", "name": spec.name if spec else ""}


def _inside(book: ZoneBook, zone: Zone) -> list[dict[str, Any]]:
    """Blocks that lie in a zone, with where they stand."""
    if zone.kind.value in BLOCK_KINDS:
        return []
    listed = book.snapshot.zones_of(*map(ZoneKind, BLOCK_KINDS))
    found = lying_in([zone], listed).get(zone.code, ())
    shown = []
    for item in found:
        row = _linked(book, item.zone)
        where = book.standings.get((row["layer"], item.zone.code), Standing())
        shown.append(row | {"share": item.share, "state": lifecycle.state(where.state)})
    return shown


def _around(book: ZoneBook, zone: Zone) -> list[dict[str, Any]]:
    """Zones in which at least a hundredth of this one lies."""
    kinds = [item.zone_kind for item in book.layers if not is_block(item)]
    others = book.snapshot.zones_of(*map(ZoneKind, kinds))
    found = lying_in(others, [zone], least=0.01)
    return [
        _linked(book, item) | {"share": found[item.code][0].share}
        for item in others
        if item.code in found
    ]


def _rights(book: ZoneBook, ground: Polygonal | None) -> list[dict[str, Any]]:
    if ground is None:
        return []
    shown = []
    block = prepare(ground)
    for name, layer in workspace().desk(book.when.date).layers.items():
        if name not in _RIGHTS or not sees_constraint(acting(), name):
            continue
        for item in overlaps(block, layer):
            if not item.sliver:
                shown.append(
                    {
                        "kind": _RIGHTS[name],
                        "attributes": item.attributes,
                        "area": item.area_m2,
                        "share": item.share_of_feature,
                        "schematic": layer.version.schematic,
                    }
                )
    return shown


def _cases(zone: Zone) -> list[dict[str, Any]]:
    """Cases that name the block or lie on its ground, as whoever acts may see them."""
    if zone.geometry is None:
        return []
    west, south, east, north = zone.geometry.bounds
    near = Case.objects.exclude(proposal=None).filter(
        west__lte=east, east__gte=west, south__lte=north, north__gte=south
    )
    shown = []
    for case in near.order_by("-changed")[:200]:
        try:
            proposal = proposal_from_dict(case.proposal)
        except (MinplanError, KeyError, ValueError):
            continue
        named = proposal.block_code == zone.code
        if named or proposal.geometry.geometry.intersects(zone.geometry.geometry):
            shown.append({"case": case, "named": named, "address": address_of("case", case.number)})
    return shown[:_CASES]


def _quotas(book: ZoneBook, zone: Zone) -> list[Any]:
    return [use for use in book.quotas if use.zone.code == zone.code or zone.code in use.blocks]


def _life(book: ZoneBook, layer: LayerSpec, key: str) -> dict[str, Any]:
    taken = blocks.steps(book.plan, layer.code, key, book.when.recorded)
    where = lifecycle.standing(taken, book.when.date)
    reached = lifecycle.state(where.state)
    dates = {step.state: step.date for step in taken if step.date <= book.when.date}
    tree = blocks.lineage(book.plan, layer.code, key)
    may = acting().may(Permission.EDIT_BLOCK_STATE) and not book.when.stated
    return {
        "is_block": True,
        "standing": where,
        "state": reached,
        "life": [
            {
                "state": item,
                "date": dates.get(item.key) if item.rank <= reached.rank else None,
                "here": item == reached,
                "passed": item.rank < reached.rank and item.key in (*dates, lifecycle.PLANNED),
            }
            for item in lifecycle.states()
        ],
        "steps": [
            {
                "step": step,
                "state": lifecycle.state(step.state),
                "related": [
                    {"word": lifecycle.relation_word(r.relation), "layer": r.layer, "key": r.key}
                    for r in step.related
                ],
            }
            for step in reversed(taken)
        ],
        "next_steps": lifecycle.next_steps(where.state) if may else (),
        "lines": [
            {
                "start": line.start,
                "end": line.end,
                "word": lifecycle.relation_word(line.relation),
                "date": line.date,
                "right": line.relation == lifecycle.BECAME_RIGHT,
            }
            for line in tree.lines
        ],
        "successors": blocks.successors(book.plan, layer.code, key),
    }
