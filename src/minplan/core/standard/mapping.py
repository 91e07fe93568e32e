"""Features of one edition as features of another, with a report of what does not fit.

The correspondences are data: ``editions/<id>/mapping-<other>.toml``.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from importlib import resources
from typing import Any, Final

from minplan.core.errors import Faults, Place, PlanDataError
from minplan.core.standard._items import Item, Reader, fault
from minplan.core.standard.feature import FeatureValue
from minplan.core.standard.load import parsed
from minplan.core.standard.model import Edition, FieldSpec, Spec
from minplan.core.standard.validate import validate_feature
from minplan.core.text import Text

_JOIN: Final = "、"


@dataclass(frozen=True, slots=True)
class Correspondence:
    """One layer of the source and what it becomes.

    ``fields`` maps fields of the target to fields of the source, ``fixed`` gives values of the
    target. ``when`` limits it to source values of a field, ``parent`` to rows whose field names a
    feature of one of some layers.
    """

    source: str
    target: str
    fields: Mapping[str, str]
    fixed: Mapping[str, Any] = field(default_factory=dict)
    when: tuple[str, tuple[str, ...]] | None = None
    parent: tuple[str, tuple[str, ...]] | None = None


@dataclass(frozen=True, slots=True)
class MappingReport:
    """What did not fit, each with the number of features it concerns.

    ``layers`` have no counterpart (features by layer), ``fields`` neither (by layer and field),
    ``codes`` neither (by layer, field and value); ``faults`` are values the target does not allow.
    """

    mapped: int
    layers: Mapping[str, int]
    fields: Mapping[tuple[str, str], int]
    codes: Mapping[tuple[str, str, str], int]
    faults: tuple[PlanDataError, ...]

    @property
    def complete(self) -> bool:
        """Whether nothing was lost and nothing is at fault."""
        return not (self.layers or self.fields or self.codes or self.faults)


@dataclass(frozen=True, slots=True)
class Mapped:
    """The features in the target edition, and the report."""

    features: tuple[FeatureValue, ...]
    report: MappingReport


@lru_cache(maxsize=16)
def correspondences(source: Edition, target: Edition) -> tuple[Correspondence, ...]:
    """The correspondences from one edition to another.

    Raises PlanDataError E731 when there are none, Faults (E702, E704) when they name layers or
    fields the editions do not have.
    """
    name = f"mapping-{target.id}.toml"
    path = resources.files(__package__) / "editions" / source.id / name
    if not path.is_file():
        raise PlanDataError(
            "E731",
            Text(
                f"没有从 {source.id} 到 {target.id} 的对应关系",
                f"there is no mapping from {source.id} to {target.id}",
            ),
            hint=Text(f"在版本数据中增加 {name}", f"add {name} to the edition's data"),
        )
    faults: list[PlanDataError] = []
    reader = Reader({name: parsed(path)}, faults)
    found = tuple(map(_correspondence, reader.document(name).items("layer", unique=False)))
    reader.finish()
    faults += [item for each in found for item in _unknown_names(each, source, target, name)]
    if faults:
        raise Faults(list(faults))
    return found


def map_features(features: Iterable[FeatureValue], source: Edition, target: Edition) -> Mapped:
    """Bring features from ``source`` to ``target`` and report what does not fit.

    Values of code lists are carried by code, name or alias. Raises PlanDataError E731 when the
    editions have no correspondences.
    """
    listed = list(features)
    ways: dict[str, list[Correspondence]] = {}
    for each in correspondences(source, target):
        ways.setdefault(each.source, []).append(each)
    homes: dict[str, set[str]] = {}
    for feature in listed:
        homes.setdefault(feature.key, set()).add(feature.layer)
    work = _Work(source, target, homes)
    mapped = [
        result
        for feature in listed
        if (result := work.carry(feature, ways.get(feature.layer, []))) is not None
    ]
    return Mapped(tuple(mapped), work.report(len(mapped)))


class _Work:
    """Carries features one by one and counts what is lost."""

    def __init__(self, source: Edition, target: Edition, homes: dict[str, set[str]]) -> None:
        self.source = source
        self.target = target
        self.homes = homes
        self.layers: Counter[str] = Counter()
        self.fields: Counter[tuple[str, str]] = Counter()
        self.codes: Counter[tuple[str, str, str]] = Counter()
        self.faults: list[PlanDataError] = []

    def carry(self, feature: FeatureValue, ways: list[Correspondence]) -> FeatureValue | None:
        way = next((item for item in ways if self._applies(item, feature)), None)
        if way is None:
            self.layers[feature.layer] += 1
            return None
        spec = self.target.spec(way.target)
        attributes = dict(way.fixed)
        for code, origin in way.fields.items():
            if origin in feature.attributes:
                value = self._value(feature, origin, spec, code)
                if value is not None:
                    attributes[code] = value
        kept = set(way.fields.values()) | ({way.when[0]} if way.when else set())
        self.fields.update((feature.layer, name) for name in feature.attributes if name not in kept)
        key = str(attributes.get(spec.key, feature.key))
        result = FeatureValue(way.target, key, attributes, feature.geometry)
        plain, faults = validate_feature(self.target, result)
        self.faults.extend(faults)
        return plain

    def report(self, mapped: int) -> MappingReport:
        return MappingReport(
            mapped,
            dict(sorted(self.layers.items())),
            dict(sorted(self.fields.items())),
            dict(sorted(self.codes.items())),
            tuple(self.faults),
        )

    def _applies(self, way: Correspondence, feature: FeatureValue) -> bool:
        if way.when and str(feature.attributes.get(way.when[0], "")) not in way.when[1]:
            return False
        if way.parent is None:
            return True
        homes = self.homes.get(str(feature.attributes.get(way.parent[0], "")), set())
        return bool(homes & set(way.parent[1]))

    def _value(self, feature: FeatureValue, origin: str, spec: Spec, code: str) -> Any:
        """The value for the target's field; None where its code list has no counterpart."""
        value = feature.attributes[origin]
        known = self.source.spec(feature.layer).field(origin)
        wanted = spec.field(code)
        if known is None or wanted is None or not wanted.domain:
            return value
        carried = []
        for part in str(value).split(_JOIN) if wanted.multiple else [str(value)]:
            found = self._counterpart(known, wanted, part)
            if found is None:
                self.codes[(feature.layer, origin, part)] += 1
            else:
                carried.append(found)
        return _JOIN.join(carried) or None

    def _counterpart(self, known: FieldSpec, wanted: FieldSpec, part: str) -> str | None:
        codes = self.target.code_lists[wanted.domain]
        entry = self.source.code_lists[known.domain].find(part) if known.domain else None
        words = (part,) if entry is None else (entry.name.zh, entry.code, *entry.aliases)
        found = next((item for word in words if (item := codes.find(word)) is not None), None)
        return None if found is None else codes.stored(found)


def _correspondence(item: Item) -> Correspondence:
    return Correspondence(
        source=item.text("from", needed=True),
        target=item.text("to", needed=True),
        fields={code: str(origin) for code, origin in item.mapping("fields").items()},
        fixed=item.mapping("set"),
        when=_limit(item.sub("when"), "values"),
        parent=_limit(item.sub("parent"), "layers"),
    )


def _limit(item: Item | None, key: str) -> tuple[str, tuple[str, ...]] | None:
    return None if item is None else (item.text("field", needed=True), item.names(key))


def _unknown_names(
    each: Correspondence, source: Edition, target: Edition, file: str
) -> Iterable[PlanDataError]:
    origin, aim = source.find(each.source), target.find(each.target)
    where = f"{each.source} → {each.target}"
    for spec, name in ((origin, each.source), (aim, each.target)):
        if spec is None:
            text = Text(f"没有图层或表“{name}”", f"there is no layer or table {name!r}")
            yield fault("E704", file, text, item=where)
    asked = [
        *((aim, code) for code in (*each.fields, *each.fixed)),
        *((origin, code) for code in each.fields.values()),
        *((origin, limit[0]) for limit in (each.when, each.parent) if limit),
    ]
    for spec, code in asked:
        if spec is not None and spec.field(code) is None:
            text = Text(f"{spec.code} 没有字段“{code}”", f"{spec.code} has no field {code!r}")
            yield fault("E704", file, text, item=where, key=code)


def lost_words(report: MappingReport, source: Edition) -> tuple[tuple[Place, Text, int], ...]:
    """The report as lines for a person: where, what is lost, how many features."""
    lines = [
        (Place(layer=code), Text("没有对应的图层或表", "no layer or table corresponds"), count)
        for code, count in report.layers.items()
    ]
    for (layer, code), count in report.fields.items():
        spec = source.spec(layer).field(code)
        name = spec.name if spec else Text(code, code)
        told = Text(f"{name.zh}没有对应的字段", f"no field corresponds to {name.en}")
        lines.append((Place(layer=layer, field=code), told, count))
    for (layer, code, value), count in report.codes.items():
        told = Text(f"“{value}”没有对应的代码", f"no code corresponds to {value!r}")
        lines.append((Place(layer=layer, field=code), told, count))
    return tuple(lines)
