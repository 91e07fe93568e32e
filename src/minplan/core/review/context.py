"""What a rule sees: the proposal, the plan, the measured overlaps, and ways to answer.

Geometry is asked for once: every layer is measured when the first rule needs it, all further rules
read the same measurement. What is missing raises :class:`NotChecked`, which the engine turns into
a finding *not checked* with what to add; a rule never decides on a guess.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from functools import cached_property
from typing import Any, Final, TypeVar

from minplan.core.geometry.layer import ConstraintLayer
from minplan.core.geometry.overlay import (
    MemoryLayer,
    Near,
    Overlap,
    PreparedBlock,
    nearest,
    overlaps,
    prepare,
    union_area,
)
from minplan.core.plan.model import PlanSnapshot, Zone, ZoneKind
from minplan.core.review.finding import Evidence, Finding, Outcome, Quantity
from minplan.core.review.missing import (
    NotChecked,
    attachment_word,
    fact_word,
    field_word,
    layer_word,
)
from minplan.core.review.proposal import Attachment, Proposal
from minplan.core.review.rule import LayerNeed, Rule
from minplan.core.standard.minerals import Mineral, find_mineral
from minplan.core.text import Text

T = TypeVar("T")


class Measurements:
    """Overlaps and distances of one block with layers and plan zones, each measured once."""

    def __init__(
        self,
        proposal: Proposal,
        plan: PlanSnapshot,
        layers: Mapping[str, ConstraintLayer],
    ) -> None:
        self._plan = plan
        self._layers = layers
        self.block: PreparedBlock = prepare(proposal.geometry)
        self._overlaps: dict[str, tuple[Overlap, ...]] = {}
        self._near: dict[tuple[str, float], tuple[Near, ...]] = {}
        self._zones: dict[ZoneKind, tuple[tuple[Zone, Overlap], ...]] = {}
        # by the identities of overlaps, which the values keep alive
        self._grounds: dict[tuple[int, ...], tuple[float, tuple[Overlap, ...]]] = {}
        self._evidence: dict[tuple[str, int], tuple[Evidence, Overlap]] = {}

    def has_layer(self, name: str) -> bool:
        """Whether the library holds the layer."""
        return name in self._layers

    def layer(self, name: str) -> ConstraintLayer:
        """The layer, or NotChecked when the library lacks it or it does not cover the block."""
        found = self._layers.get(name)
        if found is None:
            raise NotChecked(layer_word(name))
        if not found.version.covers(self.block.bounds):
            word = layer_word(name)
            raise NotChecked(Text(f"覆盖本区块的{word.zh}", f"{word.en} covering this block"))
        return found

    def overlaps(self, name: str) -> tuple[Overlap, ...]:
        """Overlaps with a layer, largest first, pieces included."""
        if name not in self._overlaps:
            self._overlaps[name] = overlaps(self.block, self.layer(name), pieces=True)
        return self._overlaps[name]

    def ground_m2(self, found: Iterable[Overlap]) -> float:
        """Area in m² of the block under overlaps, each piece of ground once; many rules ask."""
        items = tuple(found)
        key = tuple(map(id, items))
        if key not in self._grounds:
            self._grounds[key] = union_area(self.block, items), items
        return self._grounds[key][0]

    def evidence(self, name: str, found: Iterable[Overlap]) -> tuple[Evidence, ...]:
        """Overlaps with a layer as evidence of findings; many rules rest on the same."""
        schematic = self.layer(name).version.schematic
        told = []
        for item in found:
            key = (name, id(item))
            if key not in self._evidence:
                self._evidence[key] = overlap_evidence(name, item, schematic), item
            told.append(self._evidence[key][0])
        return tuple(told)

    def near(self, name: str, within_m: float) -> tuple[Near, ...]:
        """Features of a layer within a distance in metres, nearest first."""
        key = (name, within_m)
        if key not in self._near:
            self._near[key] = nearest(self.block, self.layer(name), within_m=within_m)
        return self._near[key]

    def zones(self, kind: ZoneKind) -> tuple[tuple[Zone, Overlap], ...]:
        """Zones of a kind that have geometry and meet the block, largest overlap first."""
        if kind not in self._zones:
            zones, layer = _zone_layer(self._plan, kind)
            self._zones[kind] = tuple(
                (zones[item.feature], item) for item in overlaps(self.block, layer, pieces=True)
            )
        return self._zones[kind]


ZoneLayer = tuple[tuple[Zone, ...], MemoryLayer]
#: Zones of the plans in use, ready to be measured, by the identity of what the plan lists (which
#: the value keeps alive): a snapshot never changes, and one serves many reviews.
_zone_layers: dict[tuple[int, ZoneKind], tuple[tuple[Zone, ...], ZoneLayer]] = {}
_ZONE_LAYERS_KEPT: Final = 128


def _zone_layer(plan: PlanSnapshot, kind: ZoneKind) -> ZoneLayer:
    """The zones of a kind that have geometry, and the layer of their geometries."""
    key = (id(plan.zones), kind)
    known = _zone_layers.get(key)
    if known is not None:
        return known[1]
    zones = tuple(zone for zone in plan.zones_of(kind) if zone.geometry is not None)
    shapes = [zone.geometry.geometry for zone in zones if zone.geometry]
    made = zones, MemoryLayer.of(kind.value, shapes)
    for old in [*_zone_layers][: max(0, len(_zone_layers) + 1 - _ZONE_LAYERS_KEPT)]:
        _zone_layers.pop(old, None)
    _zone_layers[key] = plan.zones, made
    return made


class Context:
    """One rule's view of one proposal at one date."""

    def __init__(
        self,
        rule: Rule,
        proposal: Proposal,
        plan: PlanSnapshot,
        date: dt.date,
        measured: Measurements,
    ) -> None:
        self.rule = rule
        self.proposal = proposal
        self.plan = plan
        self.date = date
        self.measured = measured

    # -- what is known ----------------------------------------------------------------------

    @cached_property
    def mineral(self) -> Mineral:
        """The main mineral in the code list, or NotChecked when the name is unknown."""
        found = find_mineral(self.proposal.mineral)
        if found is None:
            name = self.proposal.mineral or "（未填）"
            raise NotChecked(
                Text(f"可识别的主矿种（现为“{name}”）", f"a known mineral, not “{name}”")
            )
        return found

    def need(self, name: str) -> Any:
        """An attribute of the proposal (``scale``, ``elevation`` …), or NotChecked when empty."""
        value = getattr(self.proposal, name)
        if value is None or value in ("", {}, ()):
            raise NotChecked(field_word(name))
        return value

    def fact(self, key: str) -> Any:
        """A declared fact of the proposal by its key in facts.toml, or NotChecked."""
        if key not in self.proposal.facts:
            raise NotChecked(fact_word(key))
        return self.proposal.facts[key]

    def attachment(self, kind: str) -> Attachment | None:
        """The document of a kind handed in and valid at the review date, or None."""
        found = self.proposal.attachment(kind)
        if found is None or (found.valid_to is not None and found.valid_to < self.date):
            return None
        return found

    def attachment_name(self, kind: str) -> Text:
        """The name of a kind of document for messages."""
        return attachment_word(kind)

    def overlaps(self, layer: str | None = None) -> tuple[Overlap, ...]:
        """Overlaps with a layer; by default with the first layer the rule declares."""
        return self.measured.overlaps(layer or self.rule.layers[0].name)

    def near(self, layer: str | None = None, within_m: float | None = None) -> tuple[Near, ...]:
        """Features near the block; by default of the rule's first layer, within its distance."""
        need = self._need_of(layer)
        return self.measured.near(need.name, need.within_m if within_m is None else within_m)

    def zones(self, *kinds: ZoneKind) -> tuple[tuple[Zone, Overlap], ...]:
        """Plan zones of the kinds that meet the block.

        NotChecked when the plan has zones of the kinds but none of them has geometry.
        """
        for kind in kinds:
            listed = self.plan.zones_of(kind)
            if listed and all(zone.geometry is None for zone in listed):
                word = kind.word
                raise NotChecked(Text(f"{word.zh}的图形", f"geometry of the {word.en}"))
        return tuple(hit for kind in kinds for hit in self.measured.zones(kind))

    def _need_of(self, layer: str | None) -> LayerNeed:
        return next(n for n in self.rule.layers if layer in (None, n.name))

    # -- ways to answer -----------------------------------------------------------------------

    def clear(self, message: Text, **more: Any) -> Finding:
        """The rule was checked and holds."""
        return self._finding(Outcome.CLEAR, message, **more)

    def attention(self, message: Text, **more: Any) -> Finding:
        """The rule holds under a condition that a person must see to."""
        return self._finding(Outcome.ATTENTION, message, **more)

    def conflict(self, message: Text, **more: Any) -> Finding:
        """The rule is broken."""
        return self._finding(Outcome.CONFLICT, message, **more)

    def not_applicable(self, message: Text, **more: Any) -> Finding:
        """The rule does not concern this proposal."""
        return self._finding(Outcome.NOT_APPLICABLE, message, **more)

    def not_checked(self, missing: Text | Iterable[Text], message: Text | None = None) -> Finding:
        """The rule could not be checked; ``missing`` says what to add."""
        items = (missing,) if isinstance(missing, Text) else tuple(missing)
        return not_checked(self.rule, items, message)

    def _finding(
        self,
        outcome: Outcome,
        message: Text,
        *,
        measured: Quantity | None = None,
        limit: Quantity | None = None,
        evidence: Iterable[Evidence] = (),
        mend: Text | None = None,
        missing: Iterable[Text] = (),
    ) -> Finding:
        return Finding(
            rule=self.rule.id,
            outcome=outcome,
            severity=self.rule.severity,
            message=message,
            measured=measured,
            limit=limit,
            evidence=tuple(evidence),
            mend=mend,
            missing=tuple(missing),
            certain=self.rule.certain,
        )

    def evidence(self, layer: str | None = None) -> tuple[Evidence, ...]:
        """Overlaps with a layer as evidence, slivers marked."""
        name = layer or self.rule.layers[0].name
        return self.measured.evidence(name, self.overlaps(name))


def overlap_evidence(layer: str, item: Overlap, schematic: bool = False) -> Evidence:
    """An overlap with a layer's feature as evidence of a finding."""
    attributes = item.attributes
    code = attributes.get("code") or attributes.get("licence") or item.feature
    return Evidence(
        layer=layer,
        feature=str(code),
        name=str(attributes.get("name") or ""),
        area_m2=item.area_m2,
        share_of_block=item.share_of_block,
        share_of_feature=item.share_of_feature,
        sliver=item.sliver,
        schematic=schematic,
        geometry=item.geometry,
    )


def zone_evidence(zone: Zone, item: Overlap) -> Evidence:
    """An overlap with a plan zone as evidence of a finding."""
    return Evidence(
        layer=zone.kind.value,
        feature=zone.code,
        name=zone.name,
        area_m2=item.area_m2,
        share_of_block=item.share_of_block,
        share_of_feature=item.share_of_feature,
        sliver=item.sliver,
        schematic=zone.schematic,
        geometry=item.geometry,
    )


def not_checked(rule: Rule, missing: tuple[Text, ...], message: Text | None = None) -> Finding:
    """A finding *not checked* that names what to add."""
    zh = "、".join(item.zh for item in missing)
    en = ", ".join(item.en for item in missing)
    return Finding(
        rule=rule.id,
        outcome=Outcome.NOT_CHECKED,
        severity=rule.severity,
        message=message or Text(f"未核查：缺{zh}。", f"Not checked: {en} missing."),
        missing=missing,
        mend=Text(f"请补充：{zh}。", f"Add: {en}."),
        certain=rule.certain,
    )
