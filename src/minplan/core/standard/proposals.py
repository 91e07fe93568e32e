"""Which column of a file is which field of the standard: proposals with a score and a reason."""

from __future__ import annotations

import difflib
import re
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

from minplan.core.standard.model import Edition, FieldSpec
from minplan.core.standard.values import Unfit, is_empty, plain_value
from minplan.core.text import Text

#: A proposal below this is not made (design).
LEAST_SCORE: Final = 0.5
_NOISE: Final = re.compile(r"[\s()（）\[\]【】_\-、·:：/]+")
_BRACKETS: Final = re.compile(r"[（(\[【].*?[）)\]】]")
_SEVERAL: Final = re.compile(r"[、，,;；|]")
# GB2312 orders its 3755 common characters by pinyin: the first character of each initial.
_FIRST_OF_INITIAL: Final = "啊芭擦搭蛾发噶哈击喀垃妈拿哦啪期然撒塌挖昔压匝"
_INITIALS: Final = "ABCDEFGHJKLMNOPQRSTWXYZ"
_LAST_COMMON: Final = 0xD7F9


@dataclass(frozen=True, slots=True)
class Proposal:
    """A column of a file is probably this field; ``score`` from 0 to 1, with the reason."""

    column: str
    field: str
    score: float
    reason: Text


@dataclass(frozen=True, slots=True)
class _Likeness:
    score: float
    reason: Text


def propose_mapping(
    edition: Edition, layer_code: str, columns: Sequence[tuple[str, Sequence[Any]]]
) -> tuple[Proposal, ...]:
    """Fields of a layer for the columns of a file, each column and each field at most once.

    ``columns`` are names with some of their values. Names are compared with codes, names, aliases
    and pinyin initials; values with types and code lists, which alone suffice where they are
    distinctive. In the order of the columns. Raises PlanDataError E711 for an unknown layer.
    """
    spec = edition.spec(layer_code)
    ranked = sorted(
        (
            (likeness, place, number, name, item)
            for place, (name, values) in enumerate(columns)
            for number, item in enumerate(spec.fields)
            if (likeness := _likeness(edition, item, name, values)).score >= LEAST_SCORE
        ),
        key=lambda entry: (-entry[0].score, entry[1], entry[2]),
    )
    places: set[int] = set()
    fields: set[str] = set()
    found: list[tuple[int, Proposal]] = []
    for likeness, place, _, name, item in ranked:
        if place in places or item.code in fields:
            continue
        places.add(place)
        fields.add(item.code)
        found.append((place, Proposal(name, item.code, likeness.score, likeness.reason)))
    return tuple(proposal for _, proposal in sorted(found, key=lambda entry: entry[0]))


def pinyin_initials(text: str) -> str:
    """Pinyin initials as the trade forms its names: ``规划区面积`` gives ``GHQMJ``.

    Letters and digits stay; characters outside the common ones of GB2312 give ``?``.
    """
    return "".join(_initial(letter) for letter in text if not _NOISE.fullmatch(letter))


def _likeness(edition: Edition, item: FieldSpec, name: str, values: Sequence[Any]) -> _Likeness:
    by_name = _name_likeness(item, name)
    told = [value for value in values if not is_empty(value)]
    if not told:
        return by_name
    share = sum(_fits(edition, item, value) for value in told) / len(told)
    if by_name.score >= LEAST_SCORE:
        if share >= 0.5:
            return by_name
        reason = Text(
            f"{by_name.reason.zh}，但只有 {share:.0%} 的值合乎字段",
            f"{by_name.reason.en}, but only {share:.0%} of the values fit",
        )
        return _Likeness(round(by_name.score * share, 3), reason)
    if item.domain and share >= 0.8 and all(_is_wordy(value) for value in told):
        codes = edition.code_lists[item.domain].name
        return _Likeness(
            round(0.6 * share, 3),
            Text(f"{share:.0%} 的值在值域“{codes.zh}”中", f"{share:.0%} of the values: {codes.en}"),
        )
    return by_name


@lru_cache(maxsize=65_536)
def _name_likeness(item: FieldSpec, name: str) -> _Likeness:
    plain = _plain(name)
    bare = _plain(_BRACKETS.sub("", name))
    if plain == _plain(item.code):
        return _Likeness(1.0, Text("字段代码相同", "same code"))
    if item.name.zh == name or plain == _plain(item.name.zh):
        return _Likeness(0.95, Text("字段名称相同", "same name"))
    names = {_plain(word): word for word in item.aliases}
    if plain in names:
        return _Likeness(0.9, Text(f"别名“{names[plain]}”", f"alias {names[plain]}"))
    if bare and bare in (_plain(item.code), _plain(item.name.zh), *names):
        return _Likeness(0.85, Text("去掉括号后名称相同", "same name without brackets"))
    initials = _initials_of(item)
    if len(plain) >= 2 and (plain in initials or _initials(name) == _plain(item.code)):
        return _Likeness(0.75, Text("拼音首字母相同", "same pinyin initials"))
    near = max(_ratio(bare, _plain(word)) for word in (item.name.zh, item.name.en, *item.aliases))
    if near < 0.7:
        return _Likeness(0.0, Text("不像", "not alike"))
    return _Likeness(round(0.7 * near, 3), Text("名称相近", "similar name"))


def _ratio(one: str, other: str) -> float:
    return difflib.SequenceMatcher(None, one, other).ratio()


def _plain(name: str) -> str:
    return _NOISE.sub("", name).upper()


def _initials(name: str) -> str:
    found = pinyin_initials(_BRACKETS.sub("", name))
    return "" if found.isascii() and found == name.upper() else found


@lru_cache(maxsize=4096)
def _initials_of(item: FieldSpec) -> frozenset[str]:
    return frozenset(pinyin_initials(word) for word in (item.name.zh, *item.aliases))


def _fits(edition: Edition, item: FieldSpec, value: Any) -> bool:
    if item.domain:
        codes = edition.code_lists[item.domain]
        words: Iterable[str] = _SEVERAL.split(str(value)) if item.multiple else (str(value),)
        return all(codes.find(_shortened(word)) is not None for word in words if word.strip())
    try:
        plain_value(item, value)
    except Unfit as unfit:
        return unfit.code == "E715"  # too long is a fault to mend, not another field
    return True


def _shortened(word: str) -> str:
    """A code that a spreadsheet turned into a number: ``3.0`` is ``3``."""
    return word.strip().removesuffix(".0")


def _is_wordy(value: Any) -> bool:
    """Whether a value tells something by itself: a lone digit could be any code."""
    return isinstance(value, str) and len(value.strip()) >= 2 and not value.strip().isdigit()


def _initial(letter: str) -> str:
    if letter.isascii():
        return letter.upper()
    raw = letter.encode("gb2312", "ignore")
    if len(raw) != 2:
        return "?"
    number = int.from_bytes(raw)
    if not _STARTS[0] <= number <= _LAST_COMMON:
        return "?"
    return _INITIALS[bisect_right(_STARTS, number) - 1]


_STARTS: Final = [int.from_bytes(letter.encode("gb2312")) for letter in _FIRST_OF_INITIAL]
