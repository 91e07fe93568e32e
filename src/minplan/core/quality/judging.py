"""Values of whole columns against the data dictionary: each distinct value is judged once."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from minplan.core.quality.fault import Fault, More
from minplan.core.quality.submission import Context
from minplan.core.quality.view import Factor, IndexArray, View
from minplan.core.standard.model import CodeList, FieldSpec, FieldType
from minplan.core.standard.validate import stored_value
from minplan.core.standard.values import Unfit, short_way
from minplan.core.text import Text

_NUMBERS = (FieldType.INT, FieldType.FLOAT)


@dataclass(frozen=True, slots=True)
class Judged:
    """What the dictionary says of the distinct values of a column.

    ``unfit`` are those that do not suit, ``changed`` those that suit in another spelling, with
    the spelling to be stored; both by the number of the value in the column.
    """

    unfit: dict[int, Unfit]
    changed: dict[int, Any]


def judged(ctx: Context, item: FieldSpec) -> Judged:
    """The values of a field of the context's layer, judged once for all checks."""
    view = ctx.view
    memo: dict[str, Judged] = view.memo.setdefault("judged", {})
    if item.code not in memo:
        codes = ctx.edition.code_lists.get(item.domain) if item.domain else None
        memo[item.code] = _judge(view.column(item.code), item, codes, ctx.submission.date)
    return memo[item.code]


def _judge(column: Factor, item: FieldSpec, codes: CodeList | None, date: dt.date | None) -> Judged:
    unfit: dict[int, Unfit] = {}
    changed: dict[int, Any] = {}
    for number in _doubtful(column, item, codes):
        value = column.used[number]
        if value is None:
            continue
        try:
            stored = stored_value(item, codes, value, date)
        except Unfit as wrong:
            unfit[number] = wrong
        else:
            if codes is not None and stored != value:
                changed[number] = stored
    return Judged(unfit, changed)


def _doubtful(column: Factor, item: FieldSpec, codes: CodeList | None) -> Iterator[int]:
    """Numbers of the values that are not plainly in order; few in a sound column."""
    if codes is None and (short := short_way(item)) is not None:
        if item.type in _NUMBERS:
            yield from _unusual_numbers(column, item, short)
            return
        if column.types <= {str} and 4 * max(map(len, column.values), default=0) <= item.length:
            return  # a character takes four bytes at most
        for number, value in enumerate(column.values):
            if short(value) is None:
                yield number
        return
    if item.type is FieldType.DATE:
        yield from _unusual_dates(column)
        return
    yield from range(len(column.values))


def _unusual_numbers(column: Factor, item: FieldSpec, short: Callable[[Any], Any]) -> Iterator[int]:
    kind = int if item.type is FieldType.INT else float
    if column.types == {kind}:
        figures = np.array(column.values, dtype=np.float64)
        whole = item.length - (item.decimals + 1 if item.decimals else 0)
        most = 10.0**whole if item.length else np.inf
        least = -most if item.minimum is None else item.minimum
        rounded = np.round(figures, item.decimals) if kind is float else figures
        unusual = ~((rounded >= least) & (rounded < most) & (figures > -most))
        yield from np.flatnonzero(unusual).tolist()
        return
    for number, value in enumerate(column.values):
        if short(value) is None:
            yield number


def _unusual_dates(column: Factor) -> Iterator[int]:
    for number, value in enumerate(column.values):
        if not isinstance(value, dt.date):
            yield number


def faults_of(ctx: Context, code: str) -> Iterator[Fault | More]:
    """A fault for every feature with a value that is unfit for the reason ``code``.

    The advice is that of the dictionary (which values are allowed, …).
    """
    for item in ctx.spec.fields:
        if not ctx.view.has(item.code):
            continue
        wrong = {n: u for n, u in judged(ctx, item).unfit.items() if u.code == code}
        if wrong:
            column = ctx.view.column(item.code)
            found = np.flatnonzero(np.isin(column.codes, list(wrong)))
            yield from ctx.each(found, _maker(ctx, item, wrong))


def _maker(ctx: Context, item: FieldSpec, wrong: Mapping[int, Unfit]) -> Callable[[int], Fault]:
    column = ctx.view.column(item.code)

    def make(index: int) -> Fault:
        number = int(column.codes[index])
        unfit = wrong[number]
        message = Text(
            f"{item.name.zh}（{item.code}）：{unfit.message.zh}", f"{item.code}: {unfit.message.en}"
        )
        value = _short(column.values[number])
        return ctx.at(ctx.view, index, message, field=item.code, value=value, mend=unfit.hint)

    return make


def _short(value: Any, most: int = 60) -> str:
    text = str(value)
    return text if len(text) <= most else f"{text[: most - 1]}…"


def repeated(codes: IndexArray) -> IndexArray:
    """Indexes of the features whose value an earlier feature has; empty ones (−1) left out."""
    again = pd.Series(codes).duplicated().to_numpy() & (codes >= 0)
    found: IndexArray = np.flatnonzero(again).astype(np.int64)
    return found


def first_rows(view: View, codes: IndexArray) -> dict[int, int]:
    """Row of the first feature of every value."""
    values, first = np.unique(codes, return_index=True)
    return {int(v): int(view.data.rows[i]) for v, i in zip(values, first, strict=True)}
