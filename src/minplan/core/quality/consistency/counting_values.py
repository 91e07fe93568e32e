"""Rows of one value counted in the text: “2021年2个、2022年3个”, “其中黄岭镇3个”, against a table.

A run that names every value of a column is of that column where all but one of its numbers are
right. A run of some of them must have the table's own words before it.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from minplan.core.document.model import Table
from minplan.core.document.numerals import number_of

_PAIR: Final = (
    r"(?:20\d\d年|[\u4e00-\u9fff]{2,10}?)(?:计划|拟|新设|投放|设置|出让|安排|布设)*\s*"
    r"(?:\d{1,3}|[一两三四五六七八九十]{1,2})\s*(?:个|处|座|家|项|宗|块|片)"
)
_AND: Final = r"(?:[、，,；;]\s*|[、，,；;]?(?:以及|和|及))"
_RUN: Final = re.compile(rf"{_PAIR}(?:{_AND}{_PAIR})*(?![\u4e00-\u9fff])")
_PARTS: Final = re.compile(
    r"(?P<value>20\d\d年|[\u4e00-\u9fff]{2,10}?)(?:计划|拟|新设|投放|设置|出让|安排|布设)*\s*"
    r"(?P<n>\d{1,3}|[一两三四五六七八九十]{1,2})\s*(?P<c>个|处|座|家|项|宗|块|片)"
)
_JOINING: Final = re.compile("^(?:其中|以及|和|及)+")
_SEVERAL: Final = re.compile("[、，,/；;]")
#: 固体矿产采矿权分布于7个乡镇（街道），其中
_SUBJECT: Final = re.compile(
    r"(?:^|[。；;\n])(?P<subject>[\u4e00-\u9fff]{3,}?)"
    r"(?:分布于|分布在|位于|涉及|共有|共|有)[^。；;，,\n]{0,20}[，,]$"
)
_SURE: Final = 2
_NEAR: Final = 0.15


@dataclass(frozen=True, slots=True)
class Rows:
    """A table with the columns whose values repeat; ``words`` are its title and heading."""

    table: Table
    groups: tuple[tuple[str, ...], ...]
    words: str


@dataclass(frozen=True, slots=True)
class Misfit:
    """A number of the text at ``start`` to ``end`` and how many rows have ``value``."""

    start: int
    end: int
    said: int
    should: int
    value: str
    table: Table


@dataclass(frozen=True, slots=True)
class _Pair:
    value: str
    said: int
    start: int
    end: int


def misfits(text: str, tables: Sequence[Rows]) -> Iterator[Misfit]:
    """Numbers that are not how many rows of a table have the value before them."""
    columns = [(made, tally) for made in tables for tally in _tallies(made)]
    if not columns:
        return
    for run in _RUN.finditer(text):
        pairs = list(_pairs(run))
        found = [_against(pairs, made, tally, text[: run.start()]) for made, tally in columns]
        if pairs and None not in found:
            told = [misfit for misfit in found if isinstance(misfit, Misfit)]
            yield from told[:1]


def _tallies(made: Rows) -> Iterator[Mapping[str, int]]:
    """How many rows have each value of a column, for columns of one value a row."""
    for group in made.groups:
        if not any(_SEVERAL.search(value) for value in group) and all(group):
            yield Counter(value.removesuffix("年") for value in group)


def _pairs(run: re.Match[str]) -> Iterator[_Pair]:
    for part in _PARTS.finditer(run.string, run.start(), run.end()):
        said = number_of(part["n"])
        value = _JOINING.sub("", part["value"]).removesuffix("年")
        if said is not None:
            yield _Pair(value, said, part.start("n"), part.end("c"))


def _against(
    pairs: Sequence[_Pair], made: Rows, tally: Mapping[str, int], ahead: str
) -> Misfit | bool | None:
    """What misses; None where the column fits, False where the run is of something else."""
    if not all(pair.value in tally for pair in pairs):
        return False
    wrong = [pair for pair in pairs if tally[pair.value] != pair.said]
    if not wrong:
        return None
    whole = {pair.value for pair in pairs} == set(tally) and len(pairs) > _SURE
    if len(wrong) > 1 or not (whole or _named(made, ahead)):
        return False
    pair = wrong[0]
    should = tally[pair.value]
    if not whole and abs(should - pair.said) > max(1, _NEAR * should):
        return False
    return Misfit(pair.start, pair.end, pair.said, should, pair.value, made.table)


def _named(made: Rows, ahead: str) -> bool:
    """Whether the sentence speaks of the rows in the table's own words and of nothing less."""
    found = _SUBJECT.search(ahead)
    if found is None:
        return False
    subject = found["subject"]
    return set(subject) <= set(made.words) and subject[-2:] in made.words
