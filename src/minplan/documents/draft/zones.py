"""Zones and their minerals from the boxes and tables that list them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any, Final

from minplan.core.document.model import Cell, PlanDocument, Table
from minplan.core.standard.minerals import find_mineral
from minplan.core.text import Text
from minplan.documents.draft.clauses import Clauses
from minplan.documents.draft.identity import known_names
from minplan.documents.draft.model import DraftRow, Unread
from minplan.documents.draft.vocabulary import is_one_of, speaks_of, vocabulary
from minplan.documents.records import Record, records
from minplan.documents.wording import folded, is_figure

_SEPARATORS: Final = re.compile(r"[、，,；;/]")
_ROMAN: Final = re.compile(r"^(I{1,3}|IV|V)\s*-?\s*(\d+)$")
_UNIT: Final = re.compile(r"[（(]([^（()）]+)[)）]")
_GUESSED: Final = 0.7


@dataclass(slots=True)
class Zones:
    """Rows of zones.csv and zone_minerals.csv, the tables they came from, what was not read."""

    zones: list[DraftRow]
    minerals: list[DraftRow]
    tables: list[Table]
    unread: list[Unread]


def read_zones(
    document: PlanDocument, clauses: Clauses, counties: Sequence[str], region: str
) -> Zones:
    """The zones of all tables whose title or names say what kind of zone they list."""
    found = Zones([], [], [], [])
    known = known_names(counties)
    for _, table in document.tables():
        columns = _columns(table)
        kinds = [kind for kind in vocabulary()["zone"] if speaks_of(kind["words"], table.title)]
        if "name" not in columns or not (kinds or _names_zones(table)):
            continue
        found.tables.append(table)
        reader = _Reader(table, clauses.of_table(table), kinds, known, region)
        reader.read(found)
    return found


def _columns(table: Table) -> Mapping[str, str]:
    """Heading by field."""
    return {
        field: heading
        for heading in table.headings
        for field, patterns in vocabulary()["zone_columns"].items()
        if is_one_of(patterns, heading)
    }


def _names_zones(table: Table) -> bool:
    patterns = [word for kind in vocabulary()["zone"] for word in kind["words"]]
    column = next(
        (
            index
            for index, heading in enumerate(table.headings)
            if is_one_of(vocabulary()["zone_columns"]["name"], heading)
        ),
        0,
    )
    told = [row[column].text for row in table.body]
    return bool(told) and sum(speaks_of(patterns, text) for text in told) * 2 > len(told)


class _Reader:
    """Reads one table of zones."""

    def __init__(
        self,
        table: Table,
        clause: str,
        kinds: Sequence[Mapping[str, Any]],
        known: Mapping[str, str],
        region: str,
    ) -> None:
        self.table, self.clause, self.known, self.region = table, clause, known, region
        self.kinds = kinds
        self.columns = _columns(table)
        self.count = 0
        self.code = ""

    def read(self, found: Zones) -> None:
        serials = _serials([self._text(record, "serial") for record in records(self.table)])
        for record, serial in zip(records(self.table), serials, strict=True):
            if record.total:
                continue
            name = self._cell(record, "name")
            if name is None or not name.text:
                continue
            if not name.merged or not self.code:
                row = self._zone(record, name, serial)
                if row is None:
                    what = Text(f"“{name.text}”是哪类分区", f"which kind of zone “{name.text}” is")
                    found.unread.append(Unread(what, name.spot))
                    self.code = ""
                    continue
                self.code = row.fields["code"]
                found.zones.append(row)
            self._minerals(record, found)

    def _cell(self, record: Record, field: str) -> Cell | None:
        heading = self.columns.get(field)
        return next((cell for head, cell in record.fields if head == heading), None)

    def _text(self, record: Record, field: str) -> str:
        cell = self._cell(record, field)
        return cell.text if cell else ""

    def _zone(self, record: Record, name: Cell, serial: str) -> DraftRow | None:
        kind = self._kind(name.text)
        if kind is None:
            return None
        self.count += 1
        printed = self._text(record, "code")
        region = self._text(record, "region")
        counties, guess = self._counties(name.text, region)
        level = _level(self._text(record, "level")) or _level(self._text(record, "note"))
        notes = []
        if not level and kind.get("level"):
            level = kind["level"]
            notes.append(Text("级别按分区类别推断", "level by the kind of zone"))
        roman = _ROMAN.match(serial)
        code = printed or (f"{roman[1]}{roman[2]}" if roman else f"{kind['prefix']}-{self.count}")
        if not printed and not roman:
            notes.append(Text("编号自拟", "code of our own"))
        if guess:
            notes.append(Text("县区据名称", "counties by the name"))
        area, wrong = self._area(self._text(record, "area"))
        notes += [wrong] if wrong else []
        fields = {
            "code": code,
            "kind": kind["kind"],
            "name": name.text,
            "counties": "、".join(counties),
            "region": region or "、".join(counties),
            "area_km2": area,
            "level": level,
            "count": "1",
            "clause": self.clause,
            "note": self._text(record, "note"),
        }
        return DraftRow(fields, name.spot, _GUESSED if notes else 1.0, _together(notes))

    def _kind(self, name: str) -> Mapping[str, Any] | None:
        own = [kind for kind in vocabulary()["zone"] if speaks_of(kind["words"], name)]
        if len(self.kinds) == 1:
            return self.kinds[0]
        return own[0] if own else None

    def _counties(self, name: str, region: str) -> tuple[list[str], bool]:
        """Counties of the column, else those the name of the zone begins with or holds."""
        told = [part.strip() for part in _SEPARATORS.split(region) if part.strip()]
        listed = [self.known[part] for part in told if part in self.known]
        if listed:
            return list(dict.fromkeys(listed)), False
        words = sorted(self.known, key=len, reverse=True)
        found: dict[str, int] = {}
        rest = name
        for word in words:
            at = rest.find(word)
            if at >= 0:
                found.setdefault(self.known[word], at)
                rest = rest.replace(word, "　" * len(word))
        return sorted(found, key=lambda item: found[item]), bool(found)

    def _area(self, text: str) -> tuple[str, Text | None]:
        """The area in km²; the unit stands in the heading, above the table or nowhere."""
        if not is_figure(text):
            return "", None
        heading = self.columns.get("area", "")
        unit = _UNIT.search(heading)
        told = folded(unit[1]) if unit else folded(self.table.unit)
        factor = vocabulary()["areas"].get(told)
        if factor is None:
            return text, Text("面积单位未写，按平方公里", "no unit of area: taken as km²")
        value = Decimal(text.replace(",", "")) * Decimal(factor)
        return (text if factor == "1" else format(value.normalize(), "f")), None

    def _minerals(self, record: Record, found: Zones) -> None:
        cell = self._cell(record, "mineral")
        if cell is None or not cell.text:
            return
        for part in _SEPARATORS.split(cell.text):
            mineral = find_mineral(folded(part).strip())
            if mineral is None:
                what = Text(f"矿种“{part}”不在代码表", f"“{part}” is not in the code list")
                found.unread.append(Unread(what, cell.spot))
                continue
            fields = {
                "zone": self.code,
                "mineral": mineral.name,
                "existing_rights": self._text(record, "existing_rights"),
                "planned_rights": self._text(record, "planned_rights"),
                "as_printed": part if part != mineral.name else "",
            }
            found.minerals.append(DraftRow(fields, replace(cell.spot)))


def _level(text: str) -> str:
    levels: Mapping[str, Sequence[str]] = vocabulary()["levels"]
    return next((level for level, words in levels.items() if is_one_of(words, text)), "")


def _together(notes: Sequence[Text]) -> Text | None:
    if not notes:
        return None
    return Text("；".join(note.zh for note in notes), "; ".join(note.en for note in notes))


def _serials(told: Sequence[str]) -> list[str]:
    """Serial numbers as printed; ``11`` among ``I 6``, ``I 7`` was ``I1`` before it was scanned."""
    numbers = [_ROMAN.match(text) for text in told]
    if not any(numbers):
        return list(told)
    return list(_mended(told))


def _mended(told: Sequence[str]) -> Iterator[str]:
    for index, text in enumerate(told, start=1):
        yield f"I{text[1:]}" if text == f"1{index}" else text
