"""The register of constraint layers as pages show it: known ones, stored ones, what is missing."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from minplan.core.access import Permission, restricted_layers
from minplan.core.review.missing import layer_names
from minplan.core.review.rule import Rule
from minplan.core.text import Term, Text
from minplan.database.acting import acting
from minplan.layers.version import StoredLayer
from minplan.web.desk import stored_layers
from minplan.web.rules.registry import rules_on_layer

_YEAR: Final = 365


class Age(Term):
    """How old a layer is, said in a word beside its light."""

    MISSING = "missing", "缺失", "missing"
    NOT_IN_FORCE = "not-in-force", "今天无有效版本", "none in force today"
    FRESH = "fresh", "一年以内", "within a year"
    AGING = "aging", "一至三年", "one to three years"
    OLD = "old", "超过三年", "over three years"
    UNDATED = "undated", "未写生效日期", "undated"


@dataclass(frozen=True, slots=True)
class Entry:
    """A constraint layer: its versions (latest last), the one in force, who uses it.

    ``required`` tells whether a rule that keeps a verdict open asks for it.
    """

    name: str
    word: Text
    versions: tuple[StoredLayer, ...]
    current: StoredLayer | None
    rules: tuple[Rule, ...]
    age: Age
    days: int | None
    restricted: bool

    @property
    def required(self) -> bool:
        """Whether the verdict stays open without it."""
        return any(rule.required for rule in self.rules)

    @property
    def lacking(self) -> bool:
        """Whether reviews will have unchecked items because of it."""
        return self.current is None and bool(self.rules)

    @property
    def hidden(self) -> bool:
        """Whether its places must not be shown to whoever acts."""
        return self.restricted and not acting().may(Permission.READ_RESTRICTED)


def entries(today: dt.date) -> tuple[Entry, ...]:
    """All layers the rules know and all that are stored; missing ones first."""
    stored: dict[str, list[StoredLayer]] = {}
    for item in stored_layers():
        stored.setdefault(item.version.name, []).append(item)
    names = [*layer_names(), *(name for name in stored if name not in layer_names())]
    found = [_entry(name, stored.get(name, ()), today) for name in names]
    return tuple(sorted(found, key=lambda item: (not item.lacking, names.index(item.name))))


def entry(name: str, today: dt.date) -> Entry | None:
    """One layer by its name; None when neither the rules nor the library know it."""
    return next((item for item in entries(today) if item.name == name), None)


def _entry(name: str, versions: Iterable[StoredLayer], today: dt.date) -> Entry:
    versions = tuple(versions)
    valid = [item for item in versions if item.version.in_force(today)]
    current = valid[-1] if valid else None
    age, days = _age(versions, current, today)
    return Entry(
        name,
        layer_names().get(name, Text(name, name)),
        versions,
        current,
        rules_on_layer(name),
        age,
        days,
        name in restricted_layers(),
    )


def _age(
    versions: tuple[StoredLayer, ...], current: StoredLayer | None, today: dt.date
) -> tuple[Age, int | None]:
    if not versions:
        return Age.MISSING, None
    if current is None:
        return Age.NOT_IN_FORCE, None
    begun = current.version.effective_from
    if begun is None:
        return Age.UNDATED, None
    days = (today - begun).days
    if days <= _YEAR:
        return Age.FRESH, days
    return (Age.AGING if days <= 3 * _YEAR else Age.OLD), days
