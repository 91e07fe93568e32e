"""Numbers of chapters and items: 第四章, 二十三, （五）, ③, Ⅳ as integers."""

from __future__ import annotations

import re
from typing import Final

_DIGITS: Final = {char: value for value, char in enumerate("零一二三四五六七八九")} | {
    "〇": 0,
    "两": 2,
}
_CIRCLED: Final = "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳"
_ROMAN: Final = {"I": 1, "V": 5, "X": 10, "Ⅰ": 1, "Ⅱ": 2, "Ⅲ": 3, "Ⅳ": 4, "Ⅴ": 5}
_FRAME: Final = re.compile(r"[第章节条编篇（()）、.．\s]")


def number_of(text: str) -> int | None:
    """The value of a printed number, up to 999; None for what is no number.

    >>> number_of("第二十三章"), number_of("（五）"), number_of("③"), number_of("12")
    (23, 5, 3, 12)
    """
    bare = _FRAME.sub("", text)
    if not bare:
        return None
    if bare.isascii() and bare.isdigit():
        return int(bare)
    if bare in _CIRCLED:
        return _CIRCLED.index(bare) + 1
    return _chinese(bare)


def shape_of(text: str) -> str:
    """How a number is written, without its value: ``第章``, ``（一）``, ``1``, ``①``."""
    frame = "".join(re.findall(r"[第章节条编篇（(]", text)).replace("(", "（")
    bare = _FRAME.sub("", text)
    if bare and bare[0] in _CIRCLED:
        return "①"
    return frame + ("1" if bare.isascii() and bare.isdigit() else "一")


def roman(text: str) -> int | None:
    """``II`` as 2; None for what is no Roman number."""
    if not text or any(letter not in _ROMAN for letter in text):
        return None
    values = [_ROMAN[letter] for letter in text]
    return sum(
        -value if at + 1 < len(values) and value < values[at + 1] else value
        for at, value in enumerate(values)
    )


def _chinese(text: str) -> int | None:
    total, digit = 0, 0
    for letter in text:
        if letter in _DIGITS:
            digit = _DIGITS[letter]
        elif letter in "十百":
            total += (digit or 1) * (10 if letter == "十" else 100)
            digit = 0
        else:
            return None
    return total + digit
