"""What pages of zones read: the plan as of a day, its features with the words of the standard."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

from django.http import HttpRequest

from minplan.core.access.sight import sees_layer
from minplan.core.errors import Place, StoreError
from minplan.core.plan.lifecycle import BLOCK_KINDS, Standing
from minplan.core.plan.model import PlanSnapshot, ZoneKind
from minplan.core.plan.quota_use import QuotaUse, quota_use
from minplan.core.plan.records import SEQUENCE
from minplan.core.standard.feature import FeatureValue
from minplan.core.standard.model import Edition, FieldSpec, FieldType, LayerSpec, Spec
from minplan.core.text import Text
from minplan.database import blocks, plans
from minplan.database.acting import acting
from minplan.database.asof import as_of as held_on
from minplan.database.asof import values
from minplan.database.editions import edition as edition_of
from minplan.database.models import Plan
from minplan.web.desk import workspace
from minplan.web.plans.reading import AsOf, as_of, book
from minplan.web.words import said, t

_LAST: Final = float("inf")


@dataclass(frozen=True)
class ZoneBook:
    """The zones of a plan as of a day of law and a recorded time."""

    plan: Plan
    when: AsOf

    @cached_property
    def snapshot(self) -> PlanSnapshot:
        """The plan as typed values."""
        return book(self.plan, self.when).snapshot

    @property
    def edition(self) -> Edition:
        """The edition of the standard the plan is kept in."""
        return edition_of(self.plan.edition_id)

    @cached_property
    def layers(self) -> tuple[LayerSpec, ...]:
        """The layers of zones and blocks whoever acts may see, in the order of the standard."""
        county = ZoneKind.COUNTY.value
        return tuple(
            item
            for item in self.edition.layers
            if item.zone_kind and item.zone_kind != county and sees_layer(acting(), item.code)
        )

    def layer(self, code: str) -> LayerSpec:
        """One of them (StoreError E860 for another one)."""
        found = next((item for item in self.layers if item.code == code), None)
        if found is None:
            raise StoreError(
                "E860",
                Text(f"没有分区图层“{code}”", f"there is no layer of zones {code!r}"),
                place=Place(layer=code),
                hint=Text("见“分区区块”页的列表", "see the list on the page of zones"),
            )
        return found

    @cached_property
    def _features(self) -> Mapping[str, tuple[FeatureValue, ...]]:
        codes = [item.code for item in self.layers]
        found: dict[str, list[FeatureValue]] = {code: [] for code in codes}
        for item in values(held_on(self.plan, self.when.date, self.when.recorded, layers=codes)):
            found[item.layer].append(item)
        return {code: tuple(sorted(items, key=_place)) for code, items in found.items()}

    def features(self, layer: str) -> tuple[FeatureValue, ...]:
        """The features of a layer in the order of the plan."""
        return self._features[layer]

    def find(self, layer: str, key: str) -> FeatureValue | None:
        """A feature that holds, or None."""
        return next((item for item in self.features(layer) if item.key == key), None)

    @cached_property
    def standings(self) -> Mapping[tuple[str, str], Standing]:
        """Where blocks stand."""
        return blocks.standings(self.plan, self.when.date, self.when.recorded)

    @cached_property
    def quotas(self) -> tuple[QuotaUse, ...]:
        """Use of the quotas of concentrated mining areas."""
        gone = blocks.gone(self.plan, self.when.date)
        return quota_use(self.snapshot, blocks.by_code(self.standings), gone)

    @property
    def counties(self) -> tuple[str, ...]:
        """The counties of the plan, in its order."""
        return tuple(item.name for item in self.snapshot.zones_of(ZoneKind.COUNTY))


def zone_book(request: HttpRequest) -> ZoneBook:
    """The plan in effect on the day a page is asked for (StoreError E501 when there is none)."""
    when = as_of(request)
    code = workspace().desk(when.date).plan.plan.id
    return ZoneBook(plans.get(code), when)


def is_block(layer: LayerSpec) -> bool:
    """Whether a layer holds planning blocks."""
    return layer.zone_kind in BLOCK_KINDS


def display(field: FieldSpec, value: Any, edition: Edition) -> str:
    """A value as people read it: words for codes, yes and no, figures with their decimals."""
    if value in (None, ""):
        return ""
    if field.type is FieldType.BOOL:
        return t("是", "yes") if value else t("否", "no")
    if field.domain:
        codes = edition.code_lists[field.domain]
        parts = str(value).split("、") if field.multiple else [str(value)]
        found = [codes.find(part) for part in parts]
        words = [said(c.name) if c else p for c, p in zip(found, parts, strict=True)]
        return t("、", ", ").join(words)
    if field.type is FieldType.FLOAT and field.unit == "km²":
        return f"{value:.4f}"
    if isinstance(value, float):
        return f"{value:g}"
    return str(value)


def heading(field: FieldSpec) -> str:
    """The name of a field with its unit."""
    name = said(field.name)
    name = name if name[:1].isupper() or not name.isascii() else name[0].upper() + name[1:]
    return f"{name}（{field.unit}）" if field.unit and not name.isascii() else _with(name, field)


def _with(name: str, field: FieldSpec) -> str:
    return f"{name} ({field.unit})" if field.unit else name


def difference(
    spec: Spec, before: Mapping[str, Any] | None, after: Mapping[str, Any] | None, edition: Edition
) -> list[dict[str, str]]:
    """The fields in which two versions differ, with both values as people read them."""
    old, new = before or {}, after or {}
    return [
        {
            "field": heading(item),
            "code": item.code,
            "before": display(item, old.get(item.code), edition),
            "after": display(item, new.get(item.code), edition),
        }
        for item in spec.fields
        if old.get(item.code) != new.get(item.code)
    ]


def _place(item: FeatureValue) -> tuple[float, str]:
    return item.attributes.get(SEQUENCE, _LAST), item.key
