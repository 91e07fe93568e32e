"""Numbers of headings and items as plans print them: 第四章, 三、, （二）, 2., （5）, ①, 1.2.

What a number is nested in follows from its shape, not from its value: chapters start the numbering
below them anew.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

_HAN: Final = "〇零一二三四五六七八九十百"
_CIRCLED: Final = "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳"
_BULLET: Final = re.compile(r"^[-*•●·◆■]\s+|^#{1,6}\s+")
#: 2.5 亿吨 is a quantity and no section
_NO_UNIT: Final = (
    r"(?![亿万千百十]*(?:平方|立方|吨|米|元|亩|人|个|座|处|家|公顷|公里|年|月|倍|%|％|~|～|-|—))"
)
#: rank, pattern; a smaller rank holds the greater ones
_SHAPES: Final = (
    (0, re.compile(rf"^第\s*(?P<n>[{_HAN}\d]+)\s*(?P<w>编|部分|篇)(?=\s|$|[^的之中])\s*")),
    (1, re.compile(rf"^第\s*(?P<n>[{_HAN}\d]+)\s*(?P<w>章)\s*")),
    (2, re.compile(rf"^第\s*(?P<n>[{_HAN}\d]+)\s*(?P<w>节)\s*")),
    (3, re.compile(rf"^第\s*(?P<n>[{_HAN}\d]+)\s*(?P<w>条)\s*")),
    (4, re.compile(rf"^(?P<n>[{_HAN}]+)\s*[、．.](?!\d)\s*")),
    (5, re.compile(rf"^[（(]\s*(?P<n>[{_HAN}]+)\s*[)）]\s*[、.．]?\s*")),
    (6, re.compile(r"^(?P<n>\d{1,2}(?:\.\d{1,2}){1,3})(?![\d.%％])[\s、]+" + _NO_UNIT)),
    (7, re.compile(r"^(?P<n>\d{1,2})\s*(?:[、．]|[.](?!\d))\s*")),
    (8, re.compile(r"^[（(]\s*(?P<n>\d{1,2})\s*[)）]\s*[、.．]?\s*")),
    (8, re.compile(r"^(?P<n>\d{1,2})[)）]\s*")),
    (9, re.compile(rf"^(?P<n>[{_CIRCLED}])\s*")),
)
_DIGITS: Final = {char: index for index, char in enumerate("零一二三四五六七八九")} | {"〇": 0}
_LONGEST_HEADING: Final = 60
_SENTENCE: Final = re.compile(r"[。；！？;!?]\s*$")
_INSIDE: Final = re.compile(r"[。；]")


@dataclass(frozen=True, slots=True)
class Number:
    """A number before a heading or item.

    ``printed`` is how people cite it (``第四章``, ``三``, ``（二）``, ``2``, ``（5）``, ``①``,
    ``1.2``), ``value`` counts, ``rank`` tells what it is nested in, ``rest`` is the text after it.
    """

    rank: int
    printed: str
    value: int
    rest: str


def read_number(text: str) -> Number | None:
    """The number a line begins with, or None."""
    text = _BULLET.sub("", text.strip())
    for rank, pattern in _SHAPES:
        found = pattern.match(text)
        if found is None:
            continue
        inner, rest = found["n"], text[found.end() :].strip()
        value = _value(inner)
        if value is None or value == 0:
            continue
        if rank <= 3:
            return Number(rank * 10, f"第{inner}{found['w']}", value, rest)
        printed = f"（{inner}）" if rank in (5, 8) else inner
        return Number(rank * 10 + inner.count("."), printed, value, rest)
    return None


def number_value(printed: str) -> int | None:
    """The value of a number as printed before a section (``第四章`` 4, ``（二）`` 2, ``①`` 1)."""
    return _value(re.sub(r"[第章节条编篇部分（）()、.\s]+$|^[第（(]+", "", printed.strip()))


def _value(text: str) -> int | None:
    if text in _CIRCLED:
        return _CIRCLED.index(text) + 1
    last = text.rsplit(".", 1)[-1]
    return int(last) if last.isdigit() else chinese_value(last)


def chinese_value(text: str) -> int | None:
    """``二十三`` as 23, up to 999; None for what is no number.

    >>> chinese_value("一百零二")
    102
    """
    if not text or any(char not in _HAN for char in text):
        return None
    if not set(text) & set("十百"):
        return int("".join(str(_DIGITS[char]) for char in text))
    total, current = 0, 0
    for char in text:
        if char in "十百":
            total += (current or 1) * (10 if char == "十" else 100)
            current = 0
        else:
            current = _DIGITS[char]
    return total + current


def chinese_number(value: int) -> str:
    """23 as ``二十三``, for 1 to 99.

    >>> chinese_number(14)
    '十四'
    """
    tens, ones = divmod(value, 10)
    head = "" if tens == 0 else "十" if tens == 1 else "零一二三四五六七八九"[tens] + "十"
    return head + ("零一二三四五六七八九"[ones] if ones else "")


def is_heading_shape(text: str) -> bool:
    """Whether a text (its number taken off) is a heading and no sentence."""
    return 0 < len(text) <= _LONGEST_HEADING and not (
        _SENTENCE.search(text) or _INSIDE.search(text) or text.endswith(("，", "、", "："))
    )
