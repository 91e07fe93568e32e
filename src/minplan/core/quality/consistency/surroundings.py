"""What stands around a figure: its own words, and those of its sentence, table and section."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Final

from minplan.core.document.model import PlanDocument, Quantity, Table
from minplan.core.document.quantities import Read, scanner
from minplan.core.document.quantities.cells import headings_at, row_label
from minplan.core.document.quantities.vocabulary import fields, plain
from minplan.core.quality.consistency.letters import letter_pairs
from minplan.core.quality.consistency.passages import STOPS, begin_of, end_of, start_of

_BOUNDARY: Final = "。；;：:，,！？（(）)\n"
_BRACKETS: Final = re.compile(r"[（(][^（()）]*[)）]")
_LED: Final = re.compile(
    r"\s*[（(]?[\d一二三四五六七八九十]{1,2}[)）.．、]\s*(?P<of>[^。：:，,\d]{2,24})[。：:]"
)
#: Titles of chapters that tell how things are.
_PAST: Final = re.compile(r"现状|形势|背景|基础|概况|成效|回顾")
#: Letters behind a figure that belong to its words.
_BEHIND: Final = 10


@dataclass(frozen=True, slots=True)
class Around:
    """What is said before a figure in its sentence, or stands around it in its table.

    The titles of the document and of the section belong to ``text``; ``qualifiers`` are the
    narrowing words in it, ``fields`` what work it speaks of (勘查, 修复). ``led`` is the name a
    paragraph begins with (（四）绿色矿山建设工程。); ``past`` is True in a chapter that tells how
    things are, not what is planned; ``places`` are the counties of its sentence.
    """

    text: str
    qualifiers: frozenset[str]
    fields: frozenset[str]
    led: str = ""
    past: bool = False
    places: frozenset[str] = frozenset()


NOTHING: Final = Around("", frozenset(), frozenset())


class Surroundings:
    """What stands around the quantities of one document; the same words are read once."""

    def __init__(self, document: PlanDocument) -> None:
        self._title, self._scanner = document.title, scanner(document)
        self._known: dict[str, Around] = {}
        self._past = tuple(
            section.path for section in document.sections if _PAST.search(section.title)
        )

    def of(self, read: Read, item: Quantity) -> Around:
        """What stands around a quantity of a block."""
        above = self._title if read.section is None else f"{self._title} {read.section.title}"
        past = read.section is not None and read.section.path.startswith(self._past)
        if isinstance(read.block, Table):
            row = read.block.cells[(item.spot.row or 1) - 1]
            told = [read.block.title, *read.block.headings, *(cell.text for cell in row)]
            return replace(self._read(" ".join([above, *told])), past=past)
        text = read.block.text
        start = begin_of(text, start_of(item), STOPS)
        led = _LED.match(text)
        made = self._read(f"{above} {text[start : _clause_end(text, item)]}")
        tokens = self._scanner.scan(plain(text[start : start_of(item)]))
        places = frozenset(token.value for token in tokens if token.kind == "region")
        return replace(made, led=led["of"] if led else "", past=past, places=places)

    def _read(self, text: str) -> Around:
        if text not in self._known:
            told = [t.value for t in self._scanner.scan(plain(text)) if t.kind == "qualifier"]
            work = [name for name, tell in fields().items() if any(word in text for word in tell)]
            self._known[text] = Around(text, frozenset(told), frozenset(work))
        return self._known[text]


@lru_cache(maxsize=8)
def surroundings(document: PlanDocument) -> Surroundings:
    """The surroundings of a document, for all who ask."""
    return Surroundings(document)


def _clause_end(text: str, item: Quantity) -> int:
    """Where the words behind a figure end that belong to it."""
    ends = [place for mark in _BOUNDARY if (place := text.find(mark, end_of(item))) >= 0]
    return min([*ends, end_of(item) + _BEHIND, len(text)])


def narrows(rest: str, other: Around) -> bool:
    """Whether words of one figure that nothing is known of are nowhere around the other."""
    return bool(letter_pairs(rest) - letter_pairs(other.text))


def of_one_field(one: Around, other: Around) -> bool:
    """Whether two figures may be of the same work: they share one, or one tells none."""
    return not one.fields or not other.fields or bool(one.fields & other.fields)


def own_words(read: Read, at: int) -> str:
    """The words of a figure alone: of its clause in a text, of heading and row in a table."""
    if isinstance(read.block, Table):
        return _of_cell(read.block, read.quantities[at])
    return clause_words(plain(read.block.text), read.quantities, at)


def clause_words(text: str, quantities: Sequence[Quantity], at: int) -> str:
    """The words of a figure alone in a running text: of its clause, up to the figures beside it."""
    item = quantities[at]
    start = begin_of(text, start_of(item), _BOUNDARY)
    if at:
        start = max(start, end_of(quantities[at - 1]))
    end = _clause_end(text, item)
    if at + 1 < len(quantities):
        end = min(end, max(start_of(quantities[at + 1]), end_of(item)))
    return text[start : start_of(item)] + " " + text[end_of(item) : end]


def _of_cell(table: Table, item: Quantity) -> str:
    row, column = (item.spot.row or 1) - 1, (item.spot.column or 1) - 1
    heads = headings_at(table, row)
    label = row_label([cell.text for cell in table.cells[row]], heads)
    return _BRACKETS.sub("", f"{heads[column].text} {label}")
