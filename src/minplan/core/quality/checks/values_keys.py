"""Keys and references: unique identifiers, rows there once, references that lead somewhere."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, Final

import numpy as np
import pandas as pd

from minplan.core.quality.check import Example, Family, NotApplicable, NotChecked, Scope, check
from minplan.core.quality.fault import Fault, Level, More
from minplan.core.quality.judging import first_rows, repeated
from minplan.core.quality.sources import database
from minplan.core.quality.submission import Context, LayerSource, SubmissionKind
from minplan.core.quality.view import View, plain
from minplan.core.standard.model import LayerSpec, Reference
from minplan.core.text import Text

_BLOCK: Final = "KAIGHQK"


@check(
    "Q-VA-09",
    Text("标识码唯一", "Identifiers are unique"),
    family=Family.VALUES,
    scope=Scope.LAYER,
    level=Level.FATAL,
    weight=2.0,
    basis=database("标识码"),
    explanation=Text(
        "同一图层或表中，标识码不得重复；重复的要素无法入库和比较。",
        "An identifier is there once in a layer or table; otherwise features cannot be told apart.",
    ),
    mend=Text("改标识码，或删去重复的要素", "change the identifier, or drop one of the features"),
    examples=(
        Example(Text("不重复", "unique"), 0, {"layers": {_BLOCK: [{}, {}]}}),
        Example(
            Text("两个区块同码", "two blocks with one identifier"),
            1,
            {"layers": {_BLOCK: [{"BSM": "K1"}, {"BSM": "K2"}, {"BSM": "K1"}]}},
        ),
    ),
)
def unique_keys(ctx: Context) -> Iterator[Fault | More]:
    """Identifiers that an earlier feature has."""
    key = ctx.spec.key
    if not key or not ctx.view.has(key):
        raise NotApplicable
    codes = ctx.view.column(key).codes
    rows = first_rows(ctx.view, codes)

    def make(index: int) -> Fault:
        value, first = ctx.view.key(index), rows[int(codes[index])]
        message = Text(
            f"{key}“{value}”重复，已见于第 {first} 行", f"{key} {value!r} is in row {first} already"
        )
        return ctx.at(ctx.view, index, message, field=key, value=value)

    yield from ctx.each(repeated(codes), make)


@check(
    "Q-VA-10",
    Text("引用的要素存在", "References lead to features that are there"),
    family=Family.VALUES,
    scope=Scope.LAYERS,
    level=Level.ERROR,
    basis=database("属性表之间的关联"),
    explanation=Text(
        "附表引用的区块、分区、指标等标识码，应在对应图层或表中。",
        "The identifiers that a table refers to are those of features of the layer or table.",
    ),
    mend=Text("更正引用，或补入被引用的要素", "mend the reference, or add the feature"),
    examples=(
        Example(Text("都能对上", "all are there"), 0),
        Example(
            Text("引用了没有的区块", "a block that is not there"),
            1,
            {"layers": {"KAIQKB": [{"QKBSM": "没有"}]}},
        ),
    ),
)
def references(ctx: Context) -> Iterator[Fault | More]:
    """References to features that are not there."""
    asked = False
    for source in ctx.submission.layers:
        if source.spec is None or source.problem is not None:
            continue
        for reference in source.spec.references:
            held = [item for code in reference.targets for item in ctx.of(code)]
            if not held and ctx.submission.kind is not SubmissionKind.PACKAGE:
                names = "、".join(reference.targets)
                raise NotChecked(Text(f"缺少被引用的图层 {names}", f"layers {names} are missing"))
            asked = True
            yield from _dangling(ctx, source, reference, held)
    if not asked:
        raise NotApplicable


def _dangling(
    ctx: Context, source: LayerSource, reference: Reference, targets: list[LayerSource]
) -> Iterator[Fault | More]:
    known: set[str] = set()
    for item in targets:
        known |= ctx.take(item).key_set()
    view = ctx.take(source, [reference.field])
    column = view.column(reference.field)
    found = np.flatnonzero(column.select(lambda v: v is not None and plain(v) not in known))
    listed = " ".join(reference.targets[:3]) + (" …" if len(reference.targets) > 3 else "")

    def make(index: int) -> Fault:
        value = plain(column.value(index))
        message = Text(
            f"{reference.field} 引用的“{value}”不存在（{listed}）",
            f"{reference.field} refers to {value!r}, which is not in {listed}",
        )
        return ctx.at(view, index, message, field=reference.field, value=value)

    yield from ctx.each(found, make)


@check(
    "Q-VA-21",
    Text("属性表没有重复的行", "No row of a table is there twice"),
    family=Family.VALUES,
    scope=Scope.LAYER,
    level=Level.WARNING,
    basis=database("属性表"),
    explanation=Text(
        "除标识码和序号外各列都相同的行，多为重复录入。",
        "Rows that are equal but for identifier and sequence have mostly been entered twice.",
    ),
    mend=Text("删去重复的行", "drop the repeated row"),
    examples=(
        Example(
            Text("各行不同", "all rows differ"),
            0,
            {"layers": {"ZLKZ": [{"NF": 2024, "XX": 1.0}, {"NF": 2025, "XX": 1.0}]}},
        ),
        Example(
            Text("同一行录了两次", "a row twice"),
            1,
            {"layers": {"ZLKZ": [{"NF": 2025, "DW": "万吨"}, {"NF": 2025, "DW": "万吨"}]}},
        ),
    ),
)
def rows_twice(ctx: Context) -> Iterator[Fault | More]:
    """Rows of tables that are equal to an earlier one but for their identifier."""
    if isinstance(ctx.spec, LayerSpec):
        raise NotApplicable
    left = {ctx.spec.key, "XH"}
    names = [code for code in ctx.view.data.values if code not in left]
    if not names or len(ctx.view) < 2:
        return
    frame = pd.DataFrame({name: ctx.view.column(name).codes for name in names})
    again = np.flatnonzero(frame.duplicated().to_numpy() & (frame >= 0).any(axis=1).to_numpy())
    yield from ctx.each(again, _row_fault(ctx, ctx.view, frame))


def _row_fault(ctx: Context, view: View, frame: Any) -> Callable[[int], Fault]:
    groups = frame.groupby(list(frame.columns), sort=False).ngroup().to_numpy()
    rows = first_rows(view, groups)

    def make(index: int) -> Fault:
        first = rows[int(groups[index])]
        return ctx.at(
            view, index, Text(f"与第 {first} 行内容相同", f"equals row {first}"), value=str(first)
        )

    return make
