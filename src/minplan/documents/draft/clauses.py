"""The chapters, sections and items of a document as clauses with stable ids."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from typing import Final

from minplan.core.document.model import (
    Block,
    Paragraph,
    PlanDocument,
    Section,
    Spot,
    Table,
    TableKind,
)
from minplan.core.text import Text
from minplan.documents.draft.model import DraftRow
from minplan.documents.numbering import number_value

_LONGEST_TITLE: Final = 24
_EXCERPT: Final = 60
_FRONT: Final = "c0"


class Clauses:
    """The clauses of a document: rows of clauses.csv, and the id of every place."""

    def __init__(self, document: PlanDocument) -> None:
        self.rows: list[DraftRow] = []
        self._used: Counter[str] = Counter()
        self._by_path: dict[str, str] = {}
        self._by_table: dict[int, str] = {}
        self._plain = 0
        self._guessed = guessed_numbers([table for _, table in document.tables()])
        if document.front:
            self._add(
                {"id": _FRONT, "number": "前言", "title": "前言"}, document.front, Spot(line=1)
            )
        for section in document.sections:
            self._walk(section, "", _FRONT[0])

    def of(self, spot: Spot) -> str:
        """The id of the clause a spot is in, empty when it is in none."""
        return self._by_path.get(spot.clause, _FRONT if not spot.clause and self.rows else "")

    def of_table(self, table: Table) -> str:
        """The id of the clause that a table is."""
        return self._by_table.get(id(table), "")

    def _walk(self, section: Section, parent: str, start: str) -> None:
        value = number_value(section.number) or len(self.rows)
        own = f"{start}{value}" if not parent else f"{parent}-{value}"
        own = self._free(own)
        title = section.title or _short(_texts(section.blocks)) or section.number
        number = section.path or section.title
        fields = {"id": own, "number": number, "title": title, "parent": parent}
        self._add(fields, section.blocks, section.spot)
        self._by_path.setdefault(section.path, own)
        for block in section.blocks:
            if isinstance(block, Table):
                self._add_table(block, own)
        for child in section.children:
            self._walk(child, own, start)

    def _add_table(self, table: Table, parent: str) -> None:
        kind, number, note = table.kind, table.number, None
        if not number and id(table) in self._guessed:
            kind, number = self._guessed[id(table)]
            note = Text(
                "文本没有表号，据前后推断", "no number in the text: guessed by its neighbours"
            )
        elif not number:
            self._plain += 1
            number = str(self._plain)
            note = Text("文本没有表号，请补", "the text gives no number: add it")
        own = self._free(f"{kind.value}-{number}")
        label = f"{kind.word.zh}{number}"
        fields = {"id": own, "number": label, "title": table.title or label, "parent": parent}
        self.rows.append(DraftRow(fields, table.spot, 0.6 if note else 1.0, note))
        self._by_table[id(table)] = own
        self._by_path.setdefault(table.spot.clause, own)

    def _add(self, fields: dict[str, str], blocks: Sequence[Block], spot: Spot) -> None:
        self.rows.append(DraftRow({**fields, "paraphrase": _cut(_texts(blocks))}, spot))

    def _free(self, own: str) -> str:
        """A second clause of the same number gets a letter (a misnumbered heading)."""
        self._used[own] += 1
        count = self._used[own]
        return own if count == 1 else f"{own}-{chr(ord('a') + min(count, 26) - 1)}"


def guessed_numbers(tables: Sequence[Table]) -> dict[int, tuple[TableKind, str]]:
    """Kind and number, by ``id()``, of a table without one that alone fills a gap in a numbering.

    Between 专栏 7 and 专栏 9 one table without a number is 专栏 8.
    """
    guessed: dict[int, tuple[TableKind, str]] = {}
    for kind in (TableKind.BOX, TableKind.TABLE):
        bare: list[Table] = []
        last = ""
        for table in tables:
            if table.kind is TableKind.PLAIN:
                bare.append(table)
            elif table.kind is kind:
                gap = last.isdigit() and table.number == str(int(last) + 2)
                if gap and len(bare) == 1:
                    guessed.setdefault(id(bare[0]), (kind, str(int(last) + 1)))
                last, bare = table.number, []
    return guessed


def _texts(blocks: Sequence[Block]) -> str:
    return "".join(block.text for block in blocks if isinstance(block, Paragraph))


def _short(text: str) -> str:
    return re.split(r"[，。；：]", text)[0][:_LONGEST_TITLE]


def _cut(text: str) -> str:
    """The first sentence, for a person to put into words of their own."""
    first = re.split(r"(?<=[。；])", text)[0]
    return first if len(first) <= _EXCERPT else f"{first[:_EXCERPT]}……"
