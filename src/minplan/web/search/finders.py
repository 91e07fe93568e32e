"""What a search looks through: one function a group, each within what whoever acts may see."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import Final

from minplan.core.access.sight import sees_constraint
from minplan.core.cases.workflow import State
from minplan.core.plan.folding import fold, words
from minplan.core.plan.model import Zone, ZoneKind
from minplan.core.plan.searching import Segment, highlighted
from minplan.core.text import Text
from minplan.database import cases_read, deliverables, plans
from minplan.database.acting import acting
from minplan.layers.file import LayerFile
from minplan.layers.find import find
from minplan.web.desk import workspace
from minplan.web.help.codes import codes
from minplan.web.plans.addresses import address_of, zone_address
from minplan.web.plans.reading import PlanBook
from minplan.web.rules.registry import rules_by_id
from minplan.web.sources.register import entries
from minplan.web.words import said

#: Entries shown of a group; the rest is counted.
SHOWN: Final = 12
#: Attributes of rights that are looked through.
_RIGHTS: Final = ("mining-right", "exploration-right")
_ATTRIBUTES: Final = ("licence", "name", "holder")
#: Layers with more features are left to the map and the query page.
_SEARCHED: Final = 200_000
_CASE: Final = re.compile(r"\d{4}-\d+")


@dataclass(frozen=True, slots=True)
class Entry:
    """Something found: where it leads, what it is called, what else tells it apart."""

    address: str
    title: tuple[Segment, ...]
    note: tuple[Segment, ...] = ()
    tag: str = ""


@dataclass(frozen=True, slots=True)
class Group:
    """Entries of one kind; ``count`` is how many there are in all."""

    key: str
    word: Text
    entries: tuple[Entry, ...]
    count: int
    more: str = ""


@dataclass(frozen=True, slots=True)
class Query:
    """What was typed, and its folded words."""

    text: str
    words: tuple[str, ...] = field(default=())

    @classmethod
    def of(cls, text: str) -> Query:
        """Read what was typed."""
        return cls(text.strip(), words(text))

    def fits(self, *texts: str) -> bool:
        """Whether every word is in one of the texts."""
        told = fold(" ".join(filter(None, texts)))
        return bool(self.words) and all(word in told for word in self.words)

    def marked(self, text: str) -> tuple[Segment, ...]:
        """A text with the words marked."""
        return highlighted(text, self.words)


def everything(query: Query, book: PlanBook | None) -> tuple[Group, ...]:
    """All groups with something in them, the most telling first."""
    finders: tuple[Callable[[], Group], ...] = (
        lambda: _cases(query),
        lambda: _zones(query, book),
        lambda: _rights(query),
        lambda: _clauses(query, book),
        lambda: _rules(query),
        lambda: _deliverables(query),
        lambda: _layers(query),
        lambda: _codes(query),
    )
    return tuple(group for finder in finders if (group := finder()).count)


def _group(key: str, word: Text, found: Iterable[Entry], more: str = "") -> Group:
    everything = [*found]
    return Group(key, word, tuple(everything[:SHOWN]), len(everything), more)


def _cases(query: Query) -> Group:
    wanted = cases_read.Filter(text=query.text)
    rows = cases_read.listed(wanted, limit=SHOWN).rows
    found = (
        Entry(
            address_of("case", row.number),
            query.marked(f"{row.number} {row.title}"),
            query.marked(" · ".join(filter(None, (row.county, row.mineral, row.plan_code)))),
            said(State(row.state).word),
        )
        for row in rows
    )
    count = cases_read.count(wanted) if len(rows) == SHOWN else len(rows)
    return Group("cases", Text("审查案卷", "Review cases"), tuple(found), count)


def _zones(query: Query, book: PlanBook | None) -> Group:
    """Zones and blocks by code, name, county, mineral; codes that are equal come first."""
    zones = book.snapshot.zones if book else ()
    found = [zone for zone in zones if query.fits(*_texts(zone))]
    asked = fold(query.text)
    found.sort(
        key=lambda zone: (
            asked not in (fold(zone.code), fold(zone.name)),
            fold(zone.code) not in query.words,
            zone.kind is ZoneKind.COUNTY,
        )
    )
    return _group(
        "zones",
        Text("分区、区块与县（区）", "Zones, blocks and counties"),
        (
            Entry(
                zone_address(zone) or f"{address_of('map')}#sel=XZQ:{zone.code}",
                query.marked(f"{zone.code} {zone.name}"),
                query.marked(" · ".join((*zone.counties, *zone.mineral_names))),
                said(zone.kind.word),
            )
            for zone in found
        ),
    )


def _texts(zone: Zone) -> tuple[str, ...]:
    return (zone.code, zone.name, *zone.counties, *zone.mineral_names, zone.region)


def _rights(query: Query) -> Group:
    return _group("rights", Text("矿业权", "Mining rights"), _of_rights(query))


def _of_rights(query: Query) -> Iterator[Entry]:
    layers = workspace().desk(dt.date.today()).layers
    for name in _RIGHTS:
        layer = layers.get(name)
        if not isinstance(layer, LayerFile) or not sees_constraint(acting(), name):
            continue
        if layer.version.feature_count > _SEARCHED:
            continue
        found = find(layer, query.text, _ATTRIBUTES, limit=100)
        held = layer.attributes([*found])
        for feature in found:
            told = held[feature]
            note = (told.get("licence"), told.get("mineral"), told.get("expiry"))
            yield Entry(
                f"{address_of('map')}#sel={name}:{feature}&l={name}",
                query.marked(str(told.get("name") or told.get("licence") or feature)),
                query.marked(" · ".join(str(item) for item in note if item)),
                str(told.get("status") or ""),
            )


def _clauses(query: Query, book: PlanBook | None) -> Group:
    hits = book.index.search(query.text) if book else ()
    code = book.snapshot.plan.id if book else ""
    address = address_of("plan-text", code) if book else ""
    near = any(hit.near for hit in hits)
    return _group(
        "clauses",
        Text("规划条款（相近）", "Clauses of the plan (near)")
        if near
        else Text("规划条款", "Clauses of the plan"),
        (
            Entry(
                f"{address}#{hit.clause.id}",
                (Segment(f"{hit.clause.number} "), *hit.title),
                hit.snippet,
            )
            for hit in hits
        ),
        address,
    )


def _rules(query: Query) -> Group:
    found = (
        rule
        for rule in rules_by_id().values()
        if query.fits(rule.id, rule.title.zh, rule.title.en, rule.explanation.zh)
    )
    return _group(
        "rules",
        Text("审查规则", "Review rules"),
        (
            Entry(
                address_of("rule", rule.id),
                query.marked(f"{rule.id} {said(rule.title)}"),
                query.marked(said(rule.explanation)),
                said(rule.severity.word),
            )
            for rule in found
        ),
        address_of("rules"),
    )


def _deliverables(query: Query) -> Group:
    return _group(
        "deliverables",
        Text("规划成果", "Deliverables"),
        (
            Entry(
                address_of("deliverables", plan.code),
                query.marked(row.name),
                query.marked(f"{row.version} {row.approval_number}"),
            )
            for plan in plans.listed()
            for row in deliverables.listed(plan)
            if query.fits(row.name, row.version, row.approval_number, row.code)
        ),
    )


def _layers(query: Query) -> Group:
    found = entries(dt.date.today()) if query.words else ()
    return _group(
        "layers",
        Text("管控图层", "Constraint layers"),
        (
            Entry(
                address_of("source", row.name),
                query.marked(f"{said(row.word)} {row.name}"),
                query.marked(row.current.version.act if row.current else ""),
                said(row.age.word),
            )
            for row in found
            if query.fits(row.name, row.word.zh, row.word.en)
        ),
    )


def _codes(query: Query) -> Group:
    """Error codes, only when one was typed: their words would drown everything else."""
    asked = (
        [word.upper() for word in query.words if word.upper() in codes()]
        if (re.search(r"[eE]\d{3}", query.text))
        else []
    )
    return _group(
        "errors",
        Text("错误编号", "Error codes"),
        islice(
            (
                Entry(
                    address_of("help-error", code),
                    query.marked(code),
                    query.marked(said(codes()[code].meanings[0].message)),
                )
                for code in asked
            ),
            SHOWN,
        ),
    )
