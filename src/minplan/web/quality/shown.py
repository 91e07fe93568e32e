"""A stored check as its page shows it: faults filtered, places for the map."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

from django.http import QueryDict

from minplan.core.quality import checks as _checks  # noqa: F401  (registers the checks)
from minplan.core.quality.check import Check, Family, registered
from minplan.core.quality.fault import Level
from minplan.core.quality.inspection import State
from minplan.core.text import Text
from minplan.database.models import Inspection
from minplan.reports.quality.told import MARKS

#: Places a map shows at a time.
MOST_PLACES: Final = 2_000
_OTHERS: Final = Text("其他", "others")


@dataclass(frozen=True, slots=True)
class Shown:
    """A fault on the page; ``number`` is its place in the record, ``since`` new or remaining."""

    number: int
    told: Mapping[str, Any]
    title: Text
    level: Level
    mark: str
    since: str
    waiver: Mapping[str, Any] | None = None

    @property
    def located(self) -> bool:
        """Whether it has a place on the map."""
        return bool(self.told.get("geometry"))

    @property
    def message(self) -> Text:
        """What is wrong."""
        return Text(**self.told["message"])

    @property
    def mend(self) -> Text:
        """How to mend it."""
        return Text(**self.told["mend"])

    @property
    def places(self) -> list[tuple[Text, str]]:
        """Places of a document with the words as printed."""
        return [(Text(**spot["place"]), spot["quote"]) for spot in self.told["spots"]]

    @property
    def percent(self) -> str:
        """How sure the check is, empty where it does not interpret words."""
        sure = self.told["sure"]
        return f"{sure:.0%}" if sure < 1 else ""


def checks() -> Mapping[str, Check]:
    """All checks by id."""
    return {item.id: item for item in registered()}


@lru_cache(maxsize=8)
def _record(number: str, sha256: str) -> tuple[Shown, ...]:
    """Kept, because a record may be large and never changes."""
    row = Inspection.objects.get(number=number)
    record = row.record
    compared = record.get("comparison")
    new = set(compared["new"]) if compared else None
    known = checks()
    order = list(Level)
    found: list[Shown] = []
    for result in record["results"]:
        check = known.get(result["check"])
        title = check.title if check else Text(result["check"], result["check"])
        entries = [(fault, None) for fault in result["faults"]]
        entries += [(item["fault"], item["waiver"]) for item in result["waived"]]
        for told, waiver in entries:
            level = Level(told["level"])
            since = "" if new is None else "new" if told["fingerprint"] in new else "remaining"
            mark = MARKS[level].value
            found.append(Shown(0, told, title, level, mark, since, waiver))
    found.sort(key=lambda item: (order.index(item.level), item.told["check"]))
    return tuple(
        Shown(n, i.told, i.title, i.level, i.mark, i.since, i.waiver)
        for n, i in enumerate(found, start=1)
    )


def faults(row: Inspection) -> tuple[Shown, ...]:
    """All faults that were kept, waived ones included, the worst first."""
    return _record(row.number, row.sha256)


def filtered(found: Iterable[Shown], given: QueryDict) -> list[Shown]:
    """The faults a filter leaves: level, family, check, layer, since, and words."""
    levels, families = set(given.getlist("level")), set(given.getlist("family"))
    check, layer, since = given.get("check", ""), given.get("layer", ""), given.get("since", "")
    words = given.get("text", "").strip().lower()
    known = checks()
    return [
        item
        for item in found
        if (not levels or item.level.value in levels)
        and (not families or _family(known, item) in families)
        and (not check or item.told["check"] == check)
        and (not layer or item.told["layer"] == layer)
        and (not since or (item.since == since if since != "waived" else item.waiver is not None))
        and (not words or words in _text(item))
    ]


def _family(known: Mapping[str, Check], item: Shown) -> str:
    check = known.get(item.told["check"])
    return check.family.value if check else ""


def _text(item: Shown) -> str:
    told = item.told
    quotes = [spot["quote"] for spot in told["spots"]]
    parts = [told["message"]["zh"], told["message"]["en"], told["key"], told["file"], told["field"]]
    return " ".join([*parts, told["value"], item.title.zh, *quotes]).lower()


def places(shown: Iterable[Shown]) -> dict[str, Any]:
    """Shapes of faults for the map, by number."""
    found: dict[str, Any] = {}
    for item in shown:
        if item.located and len(found) < MOST_PLACES:
            found[str(item.number)] = {"outcome": item.mark, "geo": item.told["geometry"]}
    return found


def summary(row: Inspection) -> list[dict[str, Any]]:
    """Families with their faults by level and their points, in the order of the report."""
    known, table = checks(), dict[str, dict[Level, int]]()
    for result in row.record["results"]:
        if result["state"] == State.NOT_APPLICABLE.value:
            continue
        check = known.get(result["check"])
        counts = table.setdefault(check.family.value if check else "", dict.fromkeys(Level, 0))
        for level, count in result["counts"].items():
            counts[Level(level)] += count
    points = row.record["score"]["families"]
    ordered = [item.value for item in Family if item.value in table] + ([""] if "" in table else [])
    return [
        {
            "key": key,
            "word": Family(key).word if key else _OTHERS,
            "counts": [(level, table[key][level]) for level in Level],
            "points": points.get(key),
        }
        for key in ordered
    ]


def results(row: Inspection) -> list[dict[str, Any]]:
    """Every check with what became of it."""
    known = checks()
    return [
        {
            "id": told["check"],
            "title": known[told["check"]].title if told["check"] in known else told["check"],
            "state": State(told["state"]),
            "total": told["total"],
            "examined": told["examined"],
            "missing": [Text(**item) for item in told["missing"]],
            "kept": len(told["faults"]),
        }
        for told in row.record["results"]
    ]
