"""What a plan holds on a date, read for a hand-in layer by layer from the database."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import islice
from typing import Any, Final

from django.db.models import Count, Max, Min

from minplan.core.errors import Place, StoreError
from minplan.core.geometry.layer import Bounds
from minplan.core.plan.features import features_to_snapshot
from minplan.core.plan.model import PlanSnapshot
from minplan.core.standard.feature import FeatureValue, combined_digest
from minplan.core.standard.model import Edition, LayerSpec, Spec
from minplan.core.text import Text
from minplan.database.asof import as_of, stream
from minplan.database.models import Plan

#: Features that are in memory at a time.
BATCH: Final = 20_000


@dataclass(frozen=True)
class Contents:
    """A plan of the database as of a date of law and a recorded time (None: now)."""

    plan: Plan
    edition: Edition
    effective: dt.date
    recorded: dt.datetime | None = None

    def rows(self, *codes: str) -> Any:
        """The query set of some layers, or of all."""
        return as_of(self.plan, self.effective, self.recorded, layers=codes or None)

    @cached_property
    def counts(self) -> dict[str, int]:
        """Number of features of every layer and table that has any, in the edition's order."""
        found = dict(self.rows().order_by().values_list("layer").annotate(Count("id")))
        return {spec.code: found[spec.code] for spec in self.edition.specs if spec.code in found}

    def require(self) -> None:
        """Raise StoreError E903 when nothing holds on that date."""
        if not self.counts:
            raise StoreError(
                "E903",
                Text(
                    f"规划 {self.plan.code} 在 {self.effective} 没有内容",
                    f"plan {self.plan.code} holds nothing on {self.effective}",
                ),
                place=Place(layer=self.plan.code),
                hint=Text("请换一个日期，或先导入", "choose another date, or import it first"),
            )

    @property
    def layers(self) -> tuple[LayerSpec, ...]:
        """Spatial layers with features."""
        return tuple(spec for spec in self.edition.layers if spec.code in self.counts)

    @property
    def tables(self) -> tuple[Spec, ...]:
        """Tables with rows."""
        return tuple(spec for spec in self.edition.tables if spec.code in self.counts)

    def batches(self, code: str, *, drawn: bool | None = None) -> Iterator[list[FeatureValue]]:
        """The features of a layer by key, in batches; ``drawn`` leaves those with (out) geometry.

        A layer without such features has no batch.
        """
        found = self.rows(code).order_by("key")
        if drawn is not None:
            found = found.filter(geometry__isnull=not drawn)
        source = stream(found)
        while batch := [*islice(source, BATCH)]:
            yield batch

    def undrawn(self, code: str) -> int:
        """How many features of a layer have no geometry."""
        return int(self.rows(code).filter(geometry=None).count())

    def features(self, codes: Sequence[str]) -> dict[str, tuple[FeatureValue, ...]]:
        """All features of some layers in the order of the plan."""
        held: dict[str, list[FeatureValue]] = {}
        for feature in stream(self.rows(*codes)):
            held.setdefault(feature.layer, []).append(feature)
        return {code: tuple(sorted(items, key=_by_sequence)) for code, items in held.items()}

    @cached_property
    def snapshot(self) -> PlanSnapshot:
        """The plan as a value: zones and tables, no other layers."""
        zones = [spec.code for spec in self.edition.layers if spec.zone_kind]
        codes = [*zones, *(spec.code for spec in self.edition.tables)]
        return features_to_snapshot(stream(self.rows(*codes)), self.edition)

    @cached_property
    def digest(self) -> str:
        """The digest of all features (:func:`minplan.core.standard.feature.features_digest`)."""
        return combined_digest(self.rows().values_list("digest", flat=True).iterator())

    @cached_property
    def bounds(self) -> Bounds | None:
        """(west, south, east, north) in degrees, None where nothing is drawn."""
        held = self.rows().aggregate(Min("west"), Min("south"), Max("east"), Max("north"))
        told = tuple(held[name] for name in ("west__min", "south__min", "east__max", "north__max"))
        return None if told[0] is None else told


def _by_sequence(feature: FeatureValue) -> tuple[float, str]:
    return feature.attributes.get("XH", float("inf")), feature.key
