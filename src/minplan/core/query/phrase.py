"""Plain words as a query: “黎城 开采规划区块 未投放” becomes a source and conditions.

Words are matched longest first, so blanks between Chinese words may be left out. What nobody knows
is looked for in the name of the row, and said.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from minplan.core.errors import InputError
from minplan.core.plan.folding import fold
from minplan.core.query.model import AREA, Condition, Kind, Operator, Query, QueryField, Source
from minplan.core.query.sources import STATE, mineral_words
from minplan.core.query.words import condition_words
from minplan.core.text import Text

_COMPARED: Final = re.compile(
    r"(?P<name>[^\s<>=≤≥＜＞＝]+?)\s*(?P<sign><=|>=|≤|≥|<|>|=|大于|小于|不小于|不大于)\s*"
    r"(?P<value>-?\d+(?:\.\d+)?)\s*(?:km2|km²|平方公里|平方千米)?"
)
_SIGNS: Final = {
    "<=": Operator.AT_MOST, "≤": Operator.AT_MOST, "不大于": Operator.AT_MOST,
    ">=": Operator.AT_LEAST, "≥": Operator.AT_LEAST, "不小于": Operator.AT_LEAST,
    "<": Operator.LESS, "小于": Operator.LESS, ">": Operator.GREATER, "大于": Operator.GREATER,
    "=": Operator.EQUAL,
}  # fmt: skip
_SPLIT: Final = re.compile(r"[\s,;、，；。]+")
_MINERAL_FIELDS: Final = ("ZYKZ", "KZ", "mineral")
#: Words for several stages of a block's life at once.
_STAGES: Final[Mapping[str, tuple[str, ...]]] = {
    "未投放": ("planned", "argued"),
    "未出让": ("planned", "argued"),
    "not released": ("planned", "argued"),
    "已投放": ("granted", "licensed"),
    "released": ("granted", "licensed"),
}
_PLURAL: Final = ("s", "es")


@dataclass(frozen=True, slots=True)
class Chip:
    """A word of the text and what it was taken for."""

    text: str
    words: Text


@dataclass(frozen=True, slots=True)
class Understanding:
    """The query a text stands for, word by word; ``unknown`` words are looked for in names."""

    query: Query
    chips: tuple[Chip, ...]
    unknown: tuple[str, ...] = ()


@dataclass(slots=True)
class _Reading:
    """What has been understood so far."""

    source: Source | None = None
    source_word: str = ""
    counties: list[str] = field(default_factory=list)
    minerals: list[str] = field(default_factory=list)
    stages: list[str] = field(default_factory=list)
    codes: dict[str, list[str]] = field(default_factory=dict)
    conditions: list[Condition] = field(default_factory=list)
    words: dict[str, str] = field(default_factory=dict)
    unknown: list[str] = field(default_factory=list)


def understand(
    text: str, sources: Sequence[Source], counties: Mapping[str, str], fallback: str = ""
) -> Understanding:
    """Read a text; ``counties`` maps every word for a county to its name.

    ``fallback`` is the source where the text names none. Raises InputError E879 when neither is
    known.
    """
    reading = _Reading()
    plain = fold(text)
    named = _source_words(sources)
    rest = _take(plain, named, lambda key, word: _set_source(reading, named[key], word))
    source = reading.source or next((s for s in sources if s.id == fallback), None)
    if source is None:
        raise _no_source(sources)
    rest = _compared(rest, source, reading)
    _take_values(rest, source, counties, reading)
    return _understood(source, reading)


def _set_source(reading: _Reading, source: Source, word: str) -> bool:
    if reading.source is not None:
        return False
    reading.source, reading.source_word = source, word
    return True


def _take_values(rest: str, source: Source, counties: Mapping[str, str], reading: _Reading) -> None:
    folded = {fold(word): name for word, name in counties.items()}
    kinds: dict[str, tuple[str, str]] = {}
    for code, item in source.index.items():
        for value, name in item.codes if code not in _MINERAL_FIELDS else ():
            for word in (name.zh, name.en):
                if len(word) > 1:
                    kinds.setdefault(fold(word), (code, value))
    stages = dict(_STAGES) if STATE in source.index else {}
    minerals = mineral_words() if any(c in source.index for c in _MINERAL_FIELDS) else {}
    known: dict[str, str] = dict.fromkeys(kinds, "code")
    known |= dict.fromkeys(map(fold, minerals), "mineral")
    known |= dict.fromkeys(folded, "county") if source.county else {}
    known |= dict.fromkeys(stages, "stage")
    by_fold = {fold(word): name for word, name in minerals.items()}

    def found(word: str, written: str) -> bool:
        match known[word]:
            case "county":
                reading.counties.append(folded[word])
            case "mineral":
                reading.minerals.append(by_fold[word])
            case "stage":
                reading.stages.extend(stages[word])
            case _:
                code, value = kinds[word]
                reading.codes.setdefault(code, []).append(value)
        reading.words.setdefault(known[word] if known[word] != "code" else kinds[word][0], written)
        return True

    reading.unknown = [w for w in _SPLIT.split(_take(rest, known, found)) if w]


def _compared(text: str, source: Source, reading: _Reading) -> str:
    def take(match: re.Match[str]) -> str:
        item = _named_field(match["name"], source)
        if item is None or item.kind is not Kind.NUMBER:
            return match[0]
        condition = Condition(item.code, _SIGNS[match["sign"]], (float(match["value"]),))
        reading.conditions.append(condition)
        reading.words[f"#{len(reading.conditions) - 1}"] = match[0].strip()
        return " "

    return _COMPARED.sub(take, text)


def _named_field(word: str, source: Source) -> QueryField | None:
    if word in ("面积", "area") and (own := source.index.get(AREA)) is not None:
        return own
    for item in source.fields:
        if word in (fold(item.name.zh), fold(item.name.en), item.code.lower()):
            return item
    return None


def _understood(source: Source, reading: _Reading) -> Understanding:
    chips = [Chip(reading.source_word or source.name.zh, source.name)]
    conditions: list[Condition] = []

    def add(code: str, operator: Operator, values: Sequence[str | float], word: str) -> None:
        condition = Condition(code, operator, tuple(dict.fromkeys(values)))
        conditions.append(condition)
        chips.append(Chip(word, condition_words(condition, source)))

    for number, county in enumerate(dict.fromkeys(reading.counties)):
        word = reading.words["county"] if number == 0 else county
        kind = source.index[source.county].kind
        operator = Operator.ONE_OF if kind is Kind.CODE else Operator.CONTAINS
        add(source.county, operator, (county,), word)
    mineral = next((code for code in _MINERAL_FIELDS if code in source.index), "")
    if mineral and reading.minerals:
        add(mineral, Operator.ONE_OF, reading.minerals, reading.words["mineral"])
    if reading.stages:
        add(STATE, Operator.ONE_OF, reading.stages, reading.words["stage"])
    for code, values in reading.codes.items():
        add(code, Operator.ONE_OF, values, reading.words[code])
    for number, item in enumerate(reading.conditions):
        add(item.field, item.operator, item.values, reading.words[f"#{number}"])
    if source.title:
        for word in reading.unknown:
            add(source.title, Operator.CONTAINS, (word,), word)
    return Understanding(Query(source.id, tuple(conditions)), tuple(chips), tuple(reading.unknown))


def _source_words(sources: Sequence[Source]) -> dict[str, Source]:
    """Sources by every word for them; of several of one name the first that holds anything."""
    found: dict[str, Source] = {}
    for source in sorted(sources, key=lambda item: item.count == 0):
        for word in (source.name.zh, source.name.en, *source.aliases):
            key = fold(word)
            if len(key) > 1:
                found.setdefault(key, source)
                if key.isascii():
                    for ending in _PLURAL:
                        found.setdefault(key + ending, source)
    return found


def _take(text: str, known: Mapping[str, object], found: object) -> str:
    """Take known words out of a text, the longest first; what ``found`` refuses stays."""
    assert callable(found)
    for word in sorted(known, key=len, reverse=True):
        start = 0
        while (at := text.find(word, start)) >= 0:
            end = at + len(word)
            if word.isascii() and not _whole(text, at, end):
                start = end
                continue
            if not found(word, text[at:end]):
                break
            text = f"{text[:at]} {text[end:]}"
            start = at
    return text


def _whole(text: str, start: int, end: int) -> bool:
    """Whether a word of letters is not part of a longer one."""
    before, after = text[start - 1 : start], text[end : end + 1]
    return not (before.isascii() and before.isalnum()) and not (after.isascii() and after.isalnum())


def _no_source(sources: Sequence[Source]) -> InputError:
    some_zh = "、".join(item.name.zh for item in sources[:6])
    some_en = ", ".join(item.name.en for item in sources[:6])
    return InputError(
        "E879",
        Text("没有看出要查哪个图层", "no layer was named"),
        hint=Text(f"写上图层名，如 {some_zh}", f"name a layer, such as {some_en}"),
    )
