"""How values are written: stored spellings of codes, clean text."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

import numpy as np

from minplan.core.quality.check import Example, Family, Scope, check
from minplan.core.quality.fault import Fault, Level, More
from minplan.core.quality.judging import judged
from minplan.core.quality.sources import database
from minplan.core.quality.submission import Context
from minplan.core.quality.view import Factor, plain
from minplan.core.standard.model import FieldSpec
from minplan.core.text import Text

_BASIS: Final = database("属性值")
_DOMAINS: Final = database("属性值代码")
_BLOCK: Final = "KAIGHQK"


@check(
    "Q-VA-17",
    Text("代码按标准写法填写", "Codes are written as the standard stores them"),
    family=Family.VALUES,
    scope=Scope.LAYER,
    level=Level.WARNING,
    basis=_DOMAINS,
    explanation=Text(
        "别名、名称代替代码、分隔符不是“、”时能认出来，但汇交应写标准写法。",
        "Aliases, names in place of codes and other separators are understood, but a hand-in "
        "should use the stored form.",
    ),
    mend=Text("换成标准写法", "use the stored form"),
    examples=(
        Example(Text("写代码", "a code"), 0, {"layers": {_BLOCK: [{"KCFS": "1"}]}}),
        Example(Text("写“露天”", "an alias"), 1, {"layers": {_BLOCK: [{"KCFS": "露天"}]}}),
    ),
)
def spellings(ctx: Context) -> Iterator[Fault | More]:
    """Coded values in another spelling than the stored one."""
    for item in ctx.spec.fields:
        if not item.domain or not ctx.view.has(item.code):
            continue
        column = ctx.view.column(item.code)
        changed = {
            number: plain(stored)
            for number, stored in judged(ctx, item).changed.items()
            if plain(column.values[number]) != plain(stored)
        }
        found = np.flatnonzero(np.isin(column.codes, list(changed)))
        yield from ctx.each(found, _respelt(ctx, item, changed))


def _respelt(ctx: Context, item: FieldSpec, changed: Mapping[int, str]) -> Callable[[int], Fault]:
    column = ctx.view.column(item.code)

    def make(index: int) -> Fault:
        number = int(column.codes[index])
        value, stored = plain(column.values[number]), changed[number]
        message = Text(
            f"{item.name.zh}（{item.code}）“{value}”应写“{stored}”",
            f"{item.code} {value!r} is stored as {stored!r}",
        )
        return ctx.at(ctx.view, index, message, field=item.code, value=value, limit=stored)

    return make


_DIRT: Final = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\ufffd\u200b\ufeff]|锟斤|烫烫|屯屯|[\u00c0-\u00ff]{3,}|\\?{3,}"
)


_BLANK: Final = re.compile(r"\n\s|\s\n")


@check(
    "Q-VA-18",
    Text("没有乱码和多余空白", "No garbled text, no stray blanks"),
    family=Family.VALUES,
    scope=Scope.LAYER,
    level=Level.WARNING,
    basis=_BASIS,
    explanation=Text(
        "首尾空白、不可见字符使关联查不到；乱码多因编码声明不对。",
        "Blanks at the ends and invisible characters break look-ups; garbled text comes from a "
        "wrong encoding.",
    ),
    mend=Text(
        "去掉空白；乱码的按正确编码重新导出", "trim it; export garbled text in the right encoding"
    ),
    examples=(
        Example(Text("文字干净", "clean text"), 0),
        Example(
            Text("名称末尾有空格", "a trailing blank"), 1, {"layers": {_BLOCK: [{"MC": "区块 "}]}}
        ),
        Example(Text("乱码", "garbled"), 1, {"layers": {_BLOCK: [{"MC": "锟斤拷锟斤拷"}]}}),
    ),
)
def dirt(ctx: Context) -> Iterator[Fault | More]:
    """Texts with blanks at their ends, invisible or garbled characters."""
    for code in ctx.view.data.values:
        column = ctx.view.column(code)
        if not _may_be_dirty(column):
            continue
        found = np.flatnonzero(column.select(_is_dirty))
        yield from ctx.each(found, _dirty(ctx, code))


def _may_be_dirty(column: Factor) -> bool:
    """Whether any value of a column is dirty; all are looked at as one text."""
    if str not in column.types:
        return False
    text = "\n".join(item for item in column.used if isinstance(item, str))
    return _DIRT.search(text) is not None or _BLANK.search(f"\n{text}\n") is not None


def _is_dirty(value: Any) -> bool:
    if not isinstance(value, str):
        return False
    return value != value.strip() or _DIRT.search(value) is not None


def _dirty(ctx: Context, code: str) -> Callable[[int], Fault]:
    def make(index: int) -> Fault:
        value = str(ctx.view.column(code).value(index))
        garbled = _DIRT.search(value) is not None
        what = Text("有乱码或不可见字符", "garbled") if garbled else Text("首尾有空白", "blanks")
        message = Text(f"{code}“{value[:40]}”{what.zh}", f"{code} {value[:40]!r}: {what.en}")
        return ctx.at(ctx.view, index, message, field=code, value=value[:60])

    return make
