"""Counts in the text against what the tables beside them list: 指标 9 项, 四大工程, 8 个县.

What is counted is told by the words beside the number, what a table lists by its title and the
heading of its names. Each way the rows may be counted (all, those of a group, the groups, the
counties) is tried; one that fits settles it, one that nearly fits is the one that was meant.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from math import ceil
from typing import Final

from minplan.core.document.filling import is_figure
from minplan.core.document.model import PlanDocument, Spot, Table
from minplan.core.document.numerals import number_of
from minplan.core.document.quantities import Read, read_blocks
from minplan.core.document.quantities.cells import has_categories, headings_at
from minplan.core.document.quantities.regions import region_column, split_names
from minplan.core.document.quantities.vocabulary import plain, words
from minplan.core.quality.consistency.counting_limits import beyond
from minplan.core.quality.consistency.counting_values import Rows, misfits
from minplan.core.quality.consistency.grids import grid, subtotals_of
from minplan.core.quality.consistency.letters import letter_pairs
from minplan.core.quality.consistency.lists import has_list
from minplan.core.quality.consistency.table_rows import label_of, labels_in

_COUNT: Final = re.compile(
    r"(?<![\d.第:：\-—~～年])(?P<n>\d{1,3}|[二两三四五六七八九十]{1,3})\s*"
    r"(?P<c>大(?![型中类规])|大?类|个|种|项|处|座|家|宗|块|条|片|方面)"
    r"(?P<noun>[\u4e00-\u9fff]{0,12}(?:[（(][市县区、]+[)）])?)"
)
_COUNTY: Final = re.compile(r"^(?:县[（(]|县区|县市|区县|县|市县|旗|乡镇|镇|街道|乡[（(])")
_COUNTIES_BEFORE: Final = re.compile(
    r"(?:(?:涉及|覆盖|分布|[的各有在辖，,、（(])\s*县|县区|县（区）|区县|县[（(]市、区[)）]|乡镇)\s*$"
)
_HAS: Final = re.compile("(?:共有|共|有|为)$")
#: Words before what is counted that do not narrow it, and rights by the work they are for.
_NOT_NARROWING: Final = re.compile(
    "规划期内|规划期|全[市县区州盟旗]|拟设置|拟设|新设置|新设|设置|共"
)
_WORK: Final = (("探矿权", "勘查"), ("采矿权", "开采"))
_LEAD: Final = re.compile(r"[\u4e00-\u9fff]+$")
_STOP: Final = re.compile(r"[。；;！？\n]")
_GENERIC: Final = re.compile(r"^(?:名称|项目|项目名称|内容|类别|分类|区块名称)$")
_A_YEAR: Final = re.compile(r"\s*20\d\d\s*")
_MINERALS: Final = re.compile(r"(?:矿种|矿产|矿产名称)$")
_KINDS: Final = ("类", "大类")
_A_KIND: Final = "种"
#: What does not narrow minerals: 11 类固体矿产.
_ANY_MINERAL: Final = re.compile("^(?:固体|主要|重要|重点)+(?=矿)")
_WORKS: Final = re.compile("(?:重大|重点|主要)(?:工程|项目)(?![\u4e00-\u9fff])")
_CHAPTER: Final = re.compile("第[^章]{1,4}章")
#: Blocks before and behind a paragraph whose tables it may speak of.
_BEHIND: Final = 8
_BEFORE: Final = 1
#: A count may miss by so much of the rows (by one at least) to be meant for them.
_NEAR: Final = 0.15
_LEAST_ROWS: Final = 2
#: Letters on either side of a number.
_CLOSE: Final = 6
_LABEL: Final = 40


@dataclass(frozen=True, slots=True)
class Counted:
    """A count of the text, the table it speaks of and how many there are in it."""

    said: int
    spot: Spot
    thing: str
    table: Table
    should: int
    what: str
    sure: float


@dataclass(frozen=True, slots=True)
class _Names:
    """What a table lists: its names, what they are called, and the groups of its rows."""

    table: Table
    heading: str
    names: tuple[str, ...]
    groups: tuple[tuple[str, ...], ...]
    kinds: frozenset[str]
    places: tuple[tuple[str, ...], ...]
    figures: tuple[tuple[str, tuple[bool, ...]], ...]

    @property
    def counties(self) -> tuple[str, ...]:
        """The counties or towns of all rows, each once."""
        return tuple(dict.fromkeys(name for row in self.places for name in row))

    def has_of(self, told: str) -> list[tuple[int, str]]:
        """How many rows have a figure in a column that ``told`` names: 拥有大型矿区的有…6 种."""
        return [
            (sum(has), f"有“{heading}”的行数")
            for heading, has in self.figures
            if heading in told and any(has) and not all(has)
        ]

    def counties_of(self, told: str) -> Iterator[tuple[int, str]]:
        """How many counties have the rows of a value that ``told`` names (萤石采矿权分布于).

        Or a figure in a column that it names (大型矿山分布在).
        """
        for heading, has in self.figures:
            if letter_pairs(heading) & letter_pairs(told) and not all(has):
                some = zip(has, self.places, strict=True)
                counties = {name for own, row in some if own for name in row}
                yield len(counties), f"有“{heading}”的县（区）数"
        for group in self.groups:
            for value in dict.fromkeys(group):
                rows = zip(group, self.places, strict=True)
                found = {name for own, row in rows if own == value for name in row}
                if len(value) > 1 and value in told and not found & {value}:
                    yield len(found), f"“{value}”的县（区）数"

    def speaks_of(self, thing: str) -> bool:
        """Whether the rows are what ``thing`` ends with, as the heading or the title says."""
        tail = thing[-2:]
        if _MINERALS.search(thing) and _MINERALS.search(self.heading):
            return True
        generic = _GENERIC.match(self.heading) is not None
        return tail in self.heading or (generic and tail in self.table.title)

    def known(self, words: str) -> bool:
        """Whether each character of ``words`` stands in the title or the heading."""
        told = _NOT_NARROWING.sub("", words)
        for right, work in _WORK:
            told = told.replace(right, work)
        return set(told) <= set(self.table.title + self.heading)

    def readings(self, lead: str, clause: str) -> Iterator[tuple[int, str]]:
        """All numbers that a count may mean; ``lead`` is what narrows it (约束性).

        ``clause`` is all that stands before the number, where more may be named.
        """
        for group in self.groups:
            for value, count in Counter(group).items():
                if self._narrowed(lead, value):
                    yield from self._with_others(clause, group, value)
                    yield count, f"“{value}”的行数"
                    return
        if self.known(lead):
            yield len(self.names), "行数"

    def _narrowed(self, lead: str, value: str) -> bool:
        """Whether ``lead`` ends with a value, or with words of the table behind one."""
        _, named, behind = lead.rstrip("年").rpartition(value.rstrip("年") or "—")
        return bool(named) and (not behind or (len(value) > 1 and self.known(behind)))

    def _with_others(
        self, clause: str, group: tuple[str, ...], value: str
    ) -> Iterator[tuple[int, str]]:
        """The rows of a value that have what else is named, too: 岱西县…建筑石料用灰岩区块."""
        for other in self.groups:
            for also in dict.fromkeys(other):
                if other is not group and len(also) > 1 and also in clause and also not in value:
                    both = sum(pair == (value, also) for pair in zip(group, other, strict=True))
                    if both:
                        yield both, f"“{also}”“{value}”的行数"


def counted(document: PlanDocument) -> Iterator[Counted]:
    """Counts that no table of those they may speak of fits, and one nearly does."""
    blocks = read_blocks(document)
    held = {at: made for at, read in enumerate(blocks) if (made := _names(read)) is not None}
    tables = {at: read.block for at, read in enumerate(blocks) if isinstance(read.block, Table)}
    for at, read in enumerate(blocks):
        if isinstance(read.block, Table):
            continue
        text = plain(read.block.text)
        spoken_of = _spoken_of(blocks, tables, at, text)
        near = [held[number] for number in spoken_of if number in held]
        for match in _COUNT.finditer(text):
            found = _against(text, match, near or _of_works(blocks, held, at, match))
            if found is not None and not has_list(document, text, match.start("n")):
                start, end = match.start("n"), match.end("c")
                where = replace(read.block.spot, start=start, end=end, quote=match.group())
                yield replace(found, spot=where)
        yield from _of_values(text, near, read.block.spot)
        yield from _of_limits(read, [blocks[number] for number in spoken_of])


def _of_values(text: str, near: Sequence[_Names], spot: Spot) -> Iterator[Counted]:
    rows = [Rows(made.table, made.groups, made.table.title + made.heading) for made in near]
    for found in misfits(text, rows):
        quote = text[found.start : found.end]
        where = replace(spot, start=found.start, end=found.end, quote=quote)
        what = f"“{found.value}”的行数"
        yield Counted(found.said, where, found.value, found.table, found.should, what, 0.75)


def _of_limits(read: Read, near: Sequence[Read]) -> Iterator[Counted]:
    for found in beyond(read, near):
        where = replace(read.block.spot, start=found.start, end=found.end, quote=found.quote)
        what = f"“{found.limit}”的行数"
        yield Counted(found.said, where, found.limit, found.table, found.should, what, 0.75)


def _names(read: Read) -> _Names | None:
    """What a table lists, None for one that lists nothing."""
    table = read.block
    if not isinstance(table, Table) or len(table.body) < _LEAST_ROWS:
        return None
    made = grid(table)
    if made is None or len(made.filled.headings) > table.head:
        return None
    heads = headings_at(table, table.head)
    rows = [
        made.filled.texts[at]
        for at in made.body
        if any(cell.text.strip() for cell in table.cells[at])
    ]
    columns = [
        column
        for column, head in enumerate(heads)
        if not head.serial
        and all(not is_figure(row[column]) or _A_YEAR.fullmatch(row[column]) for row in rows)
    ]
    grouped = has_categories(table)
    label = next((c for c in columns if not (grouped and c == 0)), None)
    if label is None or len(rows) < _LEAST_ROWS:
        return None
    names = [row[label] for row in rows]
    if len(set(names)) < len(names) or max(map(len, names)) > _LABEL or not all(names):
        return None
    others = [tuple(row[c].strip() for row in rows) for c in columns if c != label]
    others.append(subtotals_of(made))
    region = region_column(table)
    places = [tuple(split_names(row[region])) if region is not None else () for row in rows]
    figures = tuple(
        (re.sub(r"\s|[（(].*$", "", head.text), tuple(_has_some(row[column]) for row in rows))
        for column, head in enumerate(heads)
        if column not in columns and not head.serial
    )
    return _Names(
        table,
        re.sub(r"\s", "", heads[label].text),
        tuple(names),
        tuple(group for group in others if len(set(group)) < len(group)),
        frozenset(row[0] for row in rows) if grouped else frozenset(),
        tuple(places),
        figures,
    )


def _has_some(text: str) -> bool:
    """Whether a cell holds a figure other than 0."""
    return is_figure(text) and re.search("[1-9]", text) is not None


def _spoken_of(
    blocks: Sequence[Read], tables: Mapping[int, Table], at: int, text: str
) -> list[int]:
    """The tables a paragraph may speak of: those it names, else those beside it."""
    told = labels_in(text)
    named = [number for number, table in tables.items() if label_of(table) in told]
    beside = range(at - _BEFORE, at + _BEHIND + 1)
    return named or [
        number
        for number in tables
        if number in beside and blocks[number].section is blocks[at].section
    ]


def _of_works(
    blocks: Sequence[Read], held: dict[int, _Names], at: int, match: re.Match[str]
) -> list[_Names]:
    """The one table of works that follows in the chapter, for 六项重大工程 with no table beside."""
    if not _WORKS.match(match["noun"]):
        return []
    chapter = _chapter(blocks[at])
    found = [
        made
        for number, made in held.items()
        if number > at and chapter and _chapter(blocks[number]) == chapter
        if made.speaks_of(match["noun"][:4])
    ]
    count = number_of(match["n"])
    if len(found) != 1 or any(len(set(group)) == count for group in found[0].groups):
        return []
    return found


def _chapter(read: Read) -> str:
    told = _CHAPTER.match(read.section.path) if read.section is not None else None
    return told.group() if told is not None else ""


def _against(text: str, match: re.Match[str], near: Sequence[_Names]) -> Counted | None:
    count = number_of(match["n"])
    start = max((m.end() for m in _STOP.finditer(text, 0, match.start())), default=0)
    before = text[start : match.start()]
    if count is None or count < _LEAST_ROWS or _of_others(before, match["noun"]):
        return None
    readings: list[tuple[_Names, int, str]] = []
    thing = _thing(before, match)
    clause = re.split("[，,：:]", before)[-1]
    for made in near:
        if _COUNTY.match(match["noun"]) or (not match["noun"] and _COUNTIES_BEFORE.search(before)):
            readings += [
                (made, number, what) for number, what in _counties(made, text, before, match)
            ]
        elif match["c"] in _KINDS and made.kinds:
            readings.append((made, len(made.kinds), "类数"))
        elif match["c"] == _A_KIND and _MINERALS.search(made.heading) and made.has_of(clause):
            readings += [(made, count, what) for count, what in made.has_of(clause)]
        elif thing and made.speaks_of(thing):
            readings += [(made, number, what) for number, what in made.readings(thing[:-2], clause)]
    if not readings or any(number == count for _, number, _ in readings):
        return None
    made, number, what = min(readings, key=lambda item: abs(item[1] - count))
    if abs(number - count) > max(1, ceil(_NEAR * number)):
        return None
    return Counted(count, made.table.spot, thing, made.table, number, what, 0.75)


def _of_others(before: str, behind: str) -> bool:
    """Whether words beside a number tell that it counts something else, or no exact number."""
    beside = before[-_CLOSE:] + behind[:_CLOSE]
    return (
        any(word in before for word in words("counting", "sentence"))
        or any(word in beside for word in words("counting", "beside"))
        or before.rstrip().endswith(words("bounds", "about"))
    )


def _thing(before: str, match: re.Match[str]) -> str:
    """The words of what is counted: those behind the number, else those before it."""
    behind = re.split("|".join(words("counting", "ends")), match["noun"])[0]
    behind = _ANY_MINERAL.sub("", behind).removesuffix("中")
    if len(behind) >= 2:
        return behind
    found = _LEAD.search(before.rstrip())
    told = found.group() if found else ""
    return re.split("|".join(words("counting", "verbs")), _HAS.sub("", told))[-1]


def _counties(
    made: _Names, text: str, before: str, match: re.Match[str]
) -> Iterator[tuple[int, str]]:
    title = _bigrams(made.table.title)
    shared = _bigrams(before) & title
    label = label_of(made.table)
    if before.rstrip().endswith(words("counting", "all")) and label in labels_in(text):
        behind = _STOP.split(text[match.end() :])[0]
        shared |= _bigrams(behind) & title
    if not made.counties or not (shared or label in labels_in(before)):
        return
    if match["noun"].startswith("县") and not re.match("县[（(区市]", match["noun"]):
        yield sum(name.endswith("县") for name in made.counties), "县数"
    yield from made.counties_of(before)
    yield len(made.counties), "县（区）数"


def _bigrams(text: str) -> set[str]:
    told = "".join(re.findall(r"[\u4e00-\u9fff]", text))
    return {told[at : at + 2] for at in range(len(told) - 1)}
