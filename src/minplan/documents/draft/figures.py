"""Quotas, limits, state and numbers of blocks from the quantities that a document states."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any, Final

from minplan.core.document.model import Bound, Paragraph, PlanDocument, Quantity, Section, Table
from minplan.core.document.quantities import read_blocks
from minplan.core.standard.minerals import find_mineral
from minplan.core.text import Text
from minplan.documents.draft.clauses import Clauses
from minplan.documents.draft.model import DraftRow, Unread
from minplan.documents.draft.vocabulary import speaks_of, vocabulary
from minplan.documents.records import headings_of

_QUOTAS: Final = "quotas.csv"
_STATUS: Final = "status.csv"
_THRESHOLDS: Final = "thresholds.csv"
_BLOCKS: Final = "block_counts.csv"
_KEYS: Final = {
    _QUOTAS: ("subject", "mineral", "county", "year", "place"),
    _STATUS: ("subject", "mineral", "county", "date", "place"),
    _THRESHOLDS: ("subject", "mineral", "condition", "clause"),
    _BLOCKS: ("kind", "level", "mineral"),
}
_SIGNS: Final = {Bound.AT_LEAST: ">=", Bound.AT_MOST: "<=", Bound.RANGE: "range"}


class Figures:
    """Sorts the quantities into the files of the package."""

    def __init__(
        self,
        document: PlanDocument,
        clauses: Clauses,
        counties: Sequence[str],
        identity: Mapping[str, str],
    ) -> None:
        self.files: dict[str, list[DraftRow]] = {name: [] for name in _KEYS}
        self.unread: list[Unread] = []
        self._seen: set[tuple[str, ...]] = set()
        self._clauses, self._counties = clauses, set(counties)
        self._last = identity.get("last_year", "")
        self._base = identity.get("base_year", "")
        for read in read_blocks(document):
            for quantity in read.quantities:
                self._take(quantity, read.section, read.block)

    def _take(self, quantity: Quantity, section: Section | None, block: Any) -> None:
        rule = next(
            (rule for rule in vocabulary()["figure"] if rule["attribute"] == quantity.attribute),
            None,
        )
        year = str(quantity.year or "")
        ahead = bool(year) and bool(self._base) and year > self._base
        if rule is None or not self._fits(rule, quantity):
            if ahead and isinstance(block, Paragraph):
                self._leave(quantity)
            return
        if "block" in rule:
            self._block(rule, quantity, section, block)
        elif "threshold" in rule:
            self._threshold(rule, quantity)
        elif ahead and "quota" in rule:
            self._quota(rule, quantity, block)
        elif year and not ahead and "status" in rule:
            self._status(rule, quantity, block)

    def _fits(self, rule: Mapping[str, Any], quantity: Quantity) -> bool:
        if quantity.region and quantity.region not in self._counties:
            return False
        if quantity.subject and find_mineral(quantity.subject) is None:
            return False
        units: Sequence[str] = rule.get("units", ())
        return not units or quantity.unit in units

    def _leave(self, quantity: Quantity) -> None:
        told = f"{quantity.region}{quantity.subject}{quantity.attribute} {quantity.spot.quote}"
        self.unread.append(Unread(Text(told.strip(), told.strip()), quantity.spot))

    def _quota(self, rule: Mapping[str, Any], quantity: Quantity, block: Any) -> None:
        operator, sure, note = _operator(rule, quantity)
        low, high = _ends(quantity)
        place = "table" if isinstance(block, Table) else "text"
        clause = self._clauses.of(quantity.spot)
        fields = {
            "subject": rule["quota"],
            "mineral": quantity.subject,
            "county": quantity.region,
            "year": str(quantity.year),
            "operator": operator,
            "low": low,
            "high": high,
            "unit": _unit(rule, quantity),
            "modality": "about" if quantity.about else "firm",
            "clause": clause,
            "place": place,
        }
        if self._key(_QUOTAS, fields) in self._seen:
            fields["place"] = f"{place}-{clause}"
        self._put(_QUOTAS, fields, quantity, sure, note)

    def _status(self, rule: Mapping[str, Any], quantity: Quantity, block: Any) -> None:
        if quantity.low is None or quantity.low != quantity.high:
            return
        if isinstance(block, Table) and self._is_target(quantity, block):
            return
        fields = {
            "subject": rule["status"],
            "mineral": quantity.subject,
            "county": quantity.region,
            "value": _plain(quantity.low),
            "unit": _unit(rule, quantity),
            "date": f"{quantity.year}-12-31",
            "place": self._clauses.of(quantity.spot),
        }
        self._put(_STATUS, fields, quantity, quantity.sure, None)

    @staticmethod
    def _is_target(quantity: Quantity, table: Table) -> bool:
        """Whether the column tells what was aimed at, and not how things are."""
        where = (quantity.spot.row or 0, quantity.spot.column or 0)
        return re.search(vocabulary()["targets"], headings_of(table).get(where, "")) is not None

    def _threshold(self, rule: Mapping[str, Any], quantity: Quantity) -> None:
        value = quantity.low if quantity.low is not None else quantity.high
        if value is None:
            return
        fields = {
            "subject": rule["threshold"],
            "mineral": quantity.subject,
            "value": _plain(value),
            "unit": quantity.unit,
            "modality": "about" if quantity.about else "firm",
            "clause": self._clauses.of(quantity.spot),
            "rule": "",
            "condition": "",
        }
        note = Text("规则编号待填", "the id of the rule is to be added")
        self._put(_THRESHOLDS, fields, quantity, quantity.sure, note)

    def _block(
        self, rule: Mapping[str, Any], quantity: Quantity, section: Section | None, block: Any
    ) -> None:
        """Numbers of blocks by mineral; the total of all minerals is no row of its own."""
        if not quantity.subject or quantity.low is None or quantity.region:
            return
        around = (section.title if section else "") + getattr(block, "text", "")
        levels: Mapping[str, Sequence[str]] = vocabulary()["blocks"]
        found = [level for level, words in levels.items() if speaks_of(words, around)]
        if not found:
            return
        note = Text("级别据条款用词", "level by the words of the clause")
        fields = {
            "kind": rule["block"],
            "level": found[0],
            "mineral": quantity.subject,
            "count": _plain(quantity.low),
            "clause": self._clauses.of(quantity.spot),
            "note": "",
        }
        self._put(_BLOCKS, fields, quantity, min(quantity.sure, 0.8), note)

    def _put(
        self, file: str, fields: dict[str, str], quantity: Quantity, sure: float, note: Text | None
    ) -> None:
        key = self._key(file, fields)
        if key in self._seen:
            self._leave(quantity)
            return
        self._seen.add(key)
        self.files[file].append(DraftRow(fields, quantity.spot, min(sure, quantity.sure), note))

    @staticmethod
    def _key(file: str, fields: Mapping[str, str]) -> tuple[str, ...]:
        return (file, *(fields[name] for name in _KEYS[file]))


def _operator(rule: Mapping[str, Any], quantity: Quantity) -> tuple[str, float, Text | None]:
    """The operator: as worded, else that of the subject, which is only likely."""
    if quantity.low is not None and quantity.high is not None and quantity.low < quantity.high:
        return "range", quantity.sure, None
    if sign := _SIGNS.get(quantity.bound):
        return sign, quantity.sure, None
    note = Text("文本未写运算符，按惯例", "no operator in the text: the usual one")
    return rule.get("operator", "="), 0.7, note


def _ends(quantity: Quantity) -> tuple[str, str]:
    low = quantity.low if quantity.low is not None else quantity.high
    high = quantity.high if quantity.high is not None else quantity.low
    return _plain(low or Decimal(0)), _plain(high or Decimal(0))


def _unit(rule: Mapping[str, Any], quantity: Quantity) -> str:
    yearly = rule.get("per_year") and "/" not in quantity.unit
    return f"{quantity.unit}/年" if yearly else quantity.unit


def _plain(value: Decimal) -> str:
    return format(value, "f")


def rows_of(figures: Figures) -> Iterator[tuple[str, tuple[DraftRow, ...]]]:
    """The files with their rows."""
    for name, rows in figures.files.items():
        yield name, tuple(rows)
