"""Rows counted by their figures: “产值超过10亿元的县有3个”, “保有量增加的有6种、减少的5种”."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from minplan.core.document.model import Bound, Quantity, Table
from minplan.core.document.numerals import number_of
from minplan.core.document.quantities import Read
from minplan.core.document.quantities.cells import headings_at
from minplan.core.document.quantities.vocabulary import plain, words
from minplan.core.quality.consistency.grids import Grid, grid
from minplan.core.quality.consistency.letters import letter_pairs
from minplan.core.quality.consistency.passages import end_of, start_of
from minplan.core.quality.consistency.surroundings import own_words
from minplan.core.quality.consistency.values import limit_or_figure
from minplan.core.quality.consistency.ways import exact

_N: Final = r"(?P<n>\d{1,3}|[二两三四五六七八九十]{1,3})\s*(?P<c>个|座|家|处|宗|项|种)"
#: 超过10亿元的县（市）有3个
_BEHIND: Final = re.compile(
    rf"^(?:以上|以下|及以上|及以下)?的(?P<thing>[\u4e00-\u9fff（）、]{{1,14}}?)"
    rf"(?:共有|共|有|为|达|达到|仅)*\s*{_N}"
)
#: 有4个县（市）产值超过10亿元
_AHEAD: Final = re.compile(
    rf"{_N}(?P<thing>[\u4e00-\u9fff（）、]{{1,12}}?)的?"
    r"[^，,。；;\d]{0,12}$"
)
_UP: Final = ("增加", "增长", "上升", "净增")
_TURNS: Final = "(?P<word>增加|增长|上升|净增|减少|下降|降低|净减)"
#: 保有量增加的有 6 种; 有 6 种矿产保有量增加
_GREW: Final = re.compile(rf"{_TURNS}的(?:矿产|矿种|县|县区)?(?:共有|有|为|共)\s*{_N}")
_GREW_BEHIND: Final = re.compile(
    rf"(?:有|、|，|,){_N}(?:矿产|矿种)?[^，,。；;、\d]{{0,8}}{_TURNS}(?=[，,。；;、])"
)
_COUNTY: Final = re.compile("[县区市旗镇乡]|街道")
_LEAST_ROWS: Final = 3


@dataclass(frozen=True, slots=True)
class Beyond:
    """A count at ``start`` to ``end`` and how many rows of a column are beyond its limit."""

    start: int
    end: int
    said: int
    should: int
    limit: str
    quote: str
    table: Table


@dataclass(frozen=True, slots=True)
class _Count:
    """A count of rows in a text."""

    said: int
    start: int
    end: int
    quote: str


@dataclass(frozen=True, slots=True)
class _Told(_Count):
    """A count of rows and the limit they are beyond."""

    thing: str
    limit: Quantity
    words: str


def beyond(read: Read, tables: Sequence[Read]) -> Iterator[Beyond]:
    """Counts that no column fits, and one nearly does."""
    for told in _told(read):
        found = [way for table in tables for way in _ways(told, table)]
        yield from _nearest(told, found, told.limit.spot.quote)
    for count, word in _turned(read):
        found = [way for table in tables for way in _signs(table, word)]
        yield from _nearest(count, found, word)


def _nearest(told: _Count, found: Sequence[tuple[int, Table]], limit: str) -> Iterator[Beyond]:
    if not found or any(should == told.said for should, _ in found):
        return
    should, table = min(found, key=lambda way: abs(way[0] - told.said))
    if abs(should - told.said) == 1:
        yield Beyond(told.start, told.end, told.said, should, limit, told.quote, table)


def _turned(read: Read) -> Iterator[tuple[_Count, str]]:
    """Counts of what grew or fell, with the word for it."""
    text = plain(read.block.text) if not isinstance(read.block, Table) else ""
    for pattern in (_GREW, _GREW_BEHIND):
        for match in pattern.finditer(text):
            said = number_of(match["n"])
            if said is not None:
                start, end = match.start("n"), match.end("c")
                yield _Count(said, start, end, text[start:end]), match["word"]


def _signs(read: Read, word: str) -> Iterator[tuple[int, Table]]:
    """How many rows of a column of changes have figures above (or below) 0."""
    made = _counted_grid(read)
    if made is None:
        return
    table = made.table
    for column, heading in enumerate(headings_at(table, table.head)):
        if any(told in heading.text for told in words("minerals", "changes")):
            held = [figure for at in made.body if (figure := made.figures[at][column])]
            rose = sum(figure > 0 for figure in held)
            if 0 < rose < len(held):
                yield (rose if word in _UP else len(held) - rose), table


def _told(read: Read) -> Iterator[_Told]:
    text = plain(read.block.text) if not isinstance(read.block, Table) else ""
    for at, limit in enumerate(read.quantities):
        if not text or limit.bound not in (Bound.AT_LEAST, Bound.AT_MOST):
            continue
        behind = _BEHIND.match(text[end_of(limit) :])
        ahead = _AHEAD.search(text[: start_of(limit)])
        for match, shift in ((behind, end_of(limit)), (ahead, 0)):
            said = number_of(match["n"]) if match is not None else None
            if match is not None and said is not None:
                start, end = match.start("n") + shift, match.end("c") + shift
                words = own_words(read, at)
                quote = text[start:end]
                yield _Told(said, start, end, quote, match["thing"], limit, words)


def _counted_grid(read: Read) -> Grid | None:
    """The grid of a table with rows enough to be counted."""
    made = grid(read.block) if isinstance(read.block, Table) else None
    return made if made is not None and len(made.body) >= _LEAST_ROWS else None


def _ways(told: _Told, read: Read) -> Iterator[tuple[int, Table]]:
    """How many rows of a table are beyond the limit, column by column."""
    made = _counted_grid(read)
    if made is None:
        return
    table = made.table
    heads = headings_at(table, table.head)
    title = table.title + "".join(head.text for head in heads[:2])
    if not _COUNTY.search(told.thing) and told.thing[-2:] not in title:
        return
    own, unit = letter_pairs(told.words), told.limit.base_unit.removesuffix("/年")
    limit = limit_or_figure(told.limit)
    for column, heading in enumerate(heads):
        held = [
            item
            for item in read.quantities
            if (item.spot.column or 1) - 1 == column
            and (item.spot.row or 1) - 1 in made.body
            and exact(item)
        ]
        alike = held and held[0].base_unit.removesuffix("/年") == unit
        if len(held) < _LEAST_ROWS or not alike:
            continue
        same = held[0].attribute == told.limit.attribute != ""
        if same or own & letter_pairs(heading.text):
            above = told.limit.bound is Bound.AT_LEAST
            sizes = [item.base_low or limit for item in held]
            yield sum(size > limit if above else size < limit for size in sizes), table
            yield sum(size >= limit if above else size <= limit for size in sizes), table
