"""Rows of the input as plan elements, each checked against the edition; all faults are kept."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

import numpy as np
import shapely

from minplan.core.errors import MinplanError, Place, PlanDataError
from minplan.core.standard.feature import FeatureValue
from minplan.core.standard.model import Edition, GeometryType, LayerSpec, Spec
from minplan.core.text import Text
from minplan.database.validation import Examined, Row, examine_rows
from minplan.formats.features import FeatureTable, in_lonlat, open_features
from minplan.handin.columns import rows_of
from minplan.handin.matching import Match, Stated

#: At most this many faults are told; all are counted.
FAULTS_TOLD: Final = 5_000
#: Features in memory at a time.
BATCH: Final = 5_000

_TYPE_IDS: Final = {
    GeometryType.POINT: (0, 4),
    GeometryType.LINE: (1, 5),
    GeometryType.POLYGON: (3, 6),
}

Progress = Callable[[int, int], None]
#: Which of some keys layers have already.
Known = Callable[[Sequence[str], set[str]], set[str]]


@dataclass
class Checker:
    """Checks plan elements as they stream by; ``faults`` and ``counts`` grow."""

    edition: Edition
    date: dt.date | None = None
    faults: list[MinplanError] = field(default_factory=list)
    fault_count: int = 0
    counts: Counter[str] = field(default_factory=Counter)
    _keys: dict[str, set[str]] = field(default_factory=dict)
    _references: list[tuple[str, Place, str]] = field(default_factory=list)

    def add(self, fault: MinplanError) -> None:
        """Note a fault."""
        self.fault_count += 1
        if len(self.faults) < FAULTS_TOLD:
            self.faults.append(fault)

    def features(self, spec: Spec, rows: Sequence[Row], place: Place) -> Iterator[Examined]:
        """The sound elements of rows of one layer in their stored form; faults are kept.

        ``place`` is that of the layer.
        """
        for row, told in zip(
            rows, examine_rows(self.edition, spec.code, rows, self.date), strict=True
        ):
            before = self.fault_count
            for fault in told.faults:
                self.add(_placed(fault, replace(place, row=row[0])))
            self.counts[spec.code] += 1
            self._note(spec, told.feature, row[0], place)
            if self.fault_count == before:
                yield told

    def _note(self, spec: Spec, feature: FeatureValue, row: int, place: Place) -> None:
        """Remember the key, which must be new, and what the row refers to."""
        key = feature.key
        keys = self._keys.setdefault(spec.code, set())
        if key and key in keys:
            wrong = Text(f"{spec.key}“{key}”重复", f"{spec.key} {key!r} is there twice")
            hint = Text("改标识码，或删去重复的一行", "change the key, or drop one of the rows")
            at = replace(place, row=row, field=spec.key)
            self.add(PlanDataError("E720", wrong, place=at, hint=hint))
        keys.add(key)
        for reference in spec.references:
            value = feature.attributes.get(reference.field)
            if value is not None:
                at = replace(place, row=row, field=reference.field)
                self._references.append((spec.code, at, str(value)))

    def keys(self) -> Iterator[tuple[str, str]]:
        """(layer, key) of everything that streamed by."""
        return ((code, key) for code, keys in self._keys.items() for key in keys if key)

    def check_references(self, known: Known) -> None:
        """Add a fault (E721) for what refers to nothing in the input nor to what is ``known``."""
        open_ones: dict[tuple[str, ...], list[tuple[Place, str]]] = {}
        for code, place, value in self._references:
            spec = self.edition.spec(code)
            targets = next(item.targets for item in spec.references if item.field == place.field)
            if not any(value in self._keys.get(target, ()) for target in targets):
                open_ones.setdefault(targets, []).append((place, value))
        for targets, named in open_ones.items():
            held = known(targets, {value for _, value in named})
            listed = " ".join(targets)
            for place, value in named:
                if value in held:
                    continue
                wrong = Text(f"引用的“{value}”不存在", f"refers to {value!r}, which is not there")
                hint = Text(f"改正，或先补入：{listed}", f"mend it, or add it to: {listed}")
                self.add(PlanDataError("E721", wrong, place=place, hint=hint))


def _placed(fault: MinplanError, place: Place) -> PlanDataError:
    at = replace(place, field=fault.place.field)
    return PlanDataError(fault.code, fault.message, place=at, hint=fault.hint)


def read_features(
    matches: Iterable[Match], checker: Checker, stated: Stated, progress: Progress | None = None
) -> Iterator[Examined]:
    """Sound elements of all layers that have a target, one by one; faults go to the checker.

    Raises InputError E206 for damaged files, E214 and E141 when coordinates cannot be brought to
    CGCS2000.
    """
    taken = [item for item in matches if item.target]
    total = sum(item.told.count or 0 for item in taken)
    done = 0
    for item in taken:
        with open_features(
            item.path, encoding=stated.encoding, system=stated.system, name=item.file
        ) as source:
            for table in source.batches(item.layer, BATCH):
                yield from _sound(item, in_lonlat(table), checker)
                done += len(table)
                if progress:
                    progress(done, max(total, done))


def _sound(item: Match, table: FeatureTable, checker: Checker) -> Iterator[Examined]:
    spec = checker.edition.spec(item.target)
    place = Place(file=item.file, layer=item.layer)
    wrong = _wrong_shapes(spec, table)
    for row, text in wrong.items():
        hint = Text("请在 GIS 软件中改正图形", "mend the shape in a GIS")
        checker.add(PlanDataError("E907", text, place=replace(place, row=row), hint=hint))
    rows = [row for row in rows_of(table, item.fields) if row[0] not in wrong]
    yield from checker.features(spec, rows, place)


def _wrong_shapes(spec: Spec, table: FeatureTable) -> dict[int, Text]:
    """Rows whose geometry the layer cannot hold, with what is wrong."""
    if table.geometry is None:
        return {}
    allowed = _TYPE_IDS[spec.geometry] if isinstance(spec, LayerSpec) else ()
    shapes = np.asarray(table.geometry, dtype=object)
    present = ~shapely.is_missing(shapes) & ~shapely.is_empty(shapes)
    kinds = ~np.isin(shapely.get_type_id(shapes), allowed)
    bounds = shapely.bounds(shapes)
    inside = np.all(np.abs(bounds) <= np.array([180, 90, 180, 90]), axis=1)
    found = {}
    for index in np.flatnonzero(present & (kinds | ~inside)):
        if kinds[index]:
            kind = shapes[index].geom_type
            text = Text(f"图形类型不对：{kind}", f"wrong geometry: {kind}")
        else:
            text = Text("坐标不在经纬度范围内", "the coordinates are no longitude and latitude")
        found[table.first_row + int(index)] = text
    return found
