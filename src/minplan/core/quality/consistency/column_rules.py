"""Which formula the figures of a column follow: what holds in most rows and not by chance."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from minplan.core.quality.consistency.column_figures import Array, Figures, Flags
from minplan.core.quality.consistency.column_formulas import Batch, Formula, Kind

_CHANGED: Final = r"(?<!新)增(?!加值)|减(?!排)|降|幅|变化|变动"
_NAMED: Final = {
    Kind.DIFFERENCE: re.compile(rf"{_CHANGED}|净(?!化)|差(?!别)"),
    Kind.SUM: re.compile(r"总|计|共"),
    Kind.CHANGE: re.compile(rf"{_CHANGED}|增[长速]"),
    Kind.SHARE: re.compile(r"占(?!地|用)|比|率|[%％]"),
    Kind.PORTION: re.compile(r"占(?!地|用)|比|率|份额|[%％]"),
    Kind.QUOTIENT: re.compile(r"均|单位|每|强度"),
}
_LEAST_ROWS: Final = 3
_MOST_BREAKS: Final = 2
_FEW_ROWS: Final = 5
#: Rows that hold for each row that does not: two thirds of all.
_HOLD_FOR_BREAK: Final = 2
#: Powers of ten that chance must be against a rule: one that the heading names, any other; each
#: row that breaks it asks for as much more.
_CHANCE: Final = (0.5, 3.0)
_MORE: Final = (0.5, 2.0)
#: How much of its last digit a quotient may be off; what is cut off or made to add up to 100 is no
#: more than one digit off, and no contradiction.
_CARELESS: Final = 0.6
_CUT: Final = 1.0
_EPSILON: Final = 1e-9
#: What is further off, as a share of the greatest figure, was not meant so.
_FAR: Final = 0.5
#: So many of its last digits a figure has not by chance in common with another.
_LONG: Final = 20
_PER_CENT: Final = frozenset({"%", "％"})


@dataclass(frozen=True, slots=True)
class Rule:
    """A formula that a column follows; ``broken`` are the rows it fails, with what it gives.

    ``holds`` is the number of rows that show it, ``score`` how far it is from chance.
    """

    target: int
    formula: Formula
    broken: tuple[tuple[int, float], ...]
    holds: int
    named: bool
    score: float

    @property
    def members(self) -> frozenset[int]:
        """The columns it relates."""
        return frozenset((self.target, *self.formula.parts))

    @property
    def rank(self) -> tuple[int, int, float, int]:
        """Which of several ways to write it is meant: 增减 is a difference, what else a sum."""
        changed = self.named and self.formula.kind is Kind.DIFFERENCE
        summed = self.formula.kind is Kind.SUM
        return 2 * changed + summed, -len(self.broken), self.score, self.target


@dataclass(frozen=True, slots=True)
class _Fit:
    """The formulas of a batch that may be meant for a column, against what is printed there."""

    held: Figures
    target: int
    kind: Kind
    tried: int
    named: Flags
    formulas: tuple[Formula, ...]
    printed: Array
    digit: Array
    should: Array
    slack: Array
    size: Array
    solid: Flags
    reach: Array


def rules(held: Figures, batch: Batch, target: int) -> Iterator[Rule]:
    """The formulas that a column follows in most rows."""
    fit = _fitted(held, batch, target)
    if fit is None:
        return
    off = np.abs(fit.printed - fit.should)
    cut = 0 if fit.kind.linear else (_CUT - _CARELESS) * fit.digit
    holds = off <= fit.slack
    against = (off > fit.slack + cut) & ~_otherwise(fit) & ~_total_apart(fit)
    chance = (2 * fit.slack + fit.digit) / (fit.size + fit.digit)
    shown = holds & fit.solid & (chance < 1)
    bits = _distinct(fit.printed[:, 0], np.where(shown, -np.log10(np.where(shown, chance, 1)), 0))
    evidence, broken = shown.sum(axis=0), against.sum(axis=0)
    more, least = (np.where(fit.named, *way) for way in (_MORE, _CHANCE))
    score = bits.sum(axis=0) - more * broken
    likely = (
        (evidence >= _LEAST_ROWS)
        & (broken <= _MOST_BREAKS)
        & (evidence >= _HOLD_FOR_BREAK * broken)
        & ((bits > 0).sum(axis=0) > 1)
        & (score >= least + np.log10(fit.tried))
        & ((broken <= 1) | fit.named | (fit.kind is Kind.SUM) | (evidence + broken > _FEW_ROWS))
    )
    for at in np.flatnonzero(likely):
        meant = against[:, at] & (off[:, at] <= _FAR * fit.reach[:, at])
        rows = tuple((int(row), float(fit.should[row, at])) for row in np.flatnonzero(meant))
        if rows and fit.kind.linear and _completed(fit, int(at)):
            continue
        named, told = bool(fit.named[at]), float(score[at] + fit.named[at])
        yield Rule(target, fit.formulas[at], rows, int(evidence[at]), named, told)


def meant(found: Sequence[Rule]) -> Iterator[Rule]:
    """The rules that are meant, each told once.

    One set of columns is added up in one way only; of sums of more and of fewer columns the better
    one is meant. A quotient is one of two figures: the best for each column.
    """
    added: dict[frozenset[int], Rule] = {}
    divided: dict[int, Rule] = {}
    for rule in found:
        if rule.formula.kind.linear:
            best = added.get(rule.members)
            if best is None or rule.rank > best.rank:
                added[rule.members] = rule
        elif rule.target not in divided or rule.score > divided[rule.target].score:
            divided[rule.target] = rule
    for rule in added.values():
        if not any(
            other.score > rule.score
            and (other.members < rule.members or other.members > rule.members)
            for other in added.values()
        ):
            yield rule
    yield from divided.values()


def _fitted(held: Figures, batch: Batch, target: int) -> _Fit | None:
    kind = batch.formulas[0].kind
    named = _is_named(kind, held.heads[target].text)
    chosen = _chosen(held, batch, target, named)
    tried = len(chosen)
    printed, digit = held.value[:, target, None], held.digit[:, target, None]
    own = held.half[:, target, None] if kind.linear else _CARELESS * digit
    own = own + _EPSILON * np.abs(printed)
    near = np.abs(printed - batch.should[:, chosen]) <= batch.slack[:, chosen] + own
    chosen = chosen[near.sum(axis=0) >= _LEAST_ROWS]
    if not len(chosen):
        return None
    should, slack = batch.should[:, chosen], batch.slack[:, chosen] + own
    size, first, second = np.abs(printed), batch.first[:, chosen], batch.second[:, chosen]
    reach = np.maximum(np.maximum(np.abs(should), size), first) + 100 * (kind is Kind.CHANGE)
    if kind.linear:  # of figures that go together (矿山数 of two years) what is between them counts
        size = np.maximum(first, size) - np.maximum(second, np.minimum(first, size))
    elif kind in (Kind.SHARE, Kind.PORTION):
        size = np.minimum(size, np.abs(printed - 100))
    formulas = tuple(batch.formulas[at] for at in chosen)
    said = np.array([named or _is_spoken(target, item) for item in formulas])
    solid = batch.solid[:, chosen]
    return _Fit(
        held, target, kind, tried, said, formulas, printed, digit, should, slack, size, solid, reach
    )


def _is_named(kind: Kind, heading: str) -> bool:
    """Whether a heading names a result of this kind; 增减率 is a change, not a share."""
    if kind in (Kind.SHARE, Kind.PORTION) and _NAMED[Kind.CHANGE].search(heading):
        return False
    return _NAMED[kind].search(heading) is not None


def _is_spoken(target: int, formula: Formula) -> bool:
    """Whether headings say that the columns beside one are added and taken away for it."""
    beside = target in (formula.parts[0] - 1, formula.parts[-1] + 1)
    return formula.kind is Kind.SUM and beside and min(formula.signs) < 0


def _chosen(held: Figures, batch: Batch, target: int, named: bool) -> NDArray[np.intp]:
    """The formulas that units and headings allow for a column; totals are told of elsewhere."""
    kind, head, total = batch.formulas[0].kind, held.heads[target], held.is_total
    none = (
        (kind.in_per_cent and head.own and head.unit not in _PER_CENT)
        or (kind is Kind.QUOTIENT and not named)
        or (kind is Kind.SUM and total(target))
    )
    apart = np.zeros(len(held.columns), bool)
    for at, other in enumerate(held.heads):
        apart[at] = (
            at == target
            or (kind.linear and not held.same_unit[target, at])
            or (kind is Kind.DIFFERENCE and not named and total(at))
            or (kind.in_per_cent and not named and _NAMED[Kind.SHARE].search(other.text))
        )
    return np.flatnonzero(~(batch.members[:, apart].any(axis=1) | none))


def _distinct(printed: Array, bits: Array) -> Array:
    """The evidence of rows that print the same figure, once."""
    _, group = np.unique(printed, return_inverse=True)
    found = np.zeros((int(group.max()) + 1, bits.shape[1]))
    np.maximum.at(found, group, bits)
    return found


def _otherwise(fit: _Fit) -> Flags:
    """Rows reckoned in another way.

    In a column of changes a rate (回采率) is told in points, and the other way round; among
    differences a goal of the whole period stands as it is; 完成率 ends at 100.
    """
    held, size = fit.held, np.abs(fit.printed)
    none = np.zeros(fit.should.shape, bool)
    if fit.kind is Kind.SHARE:
        return np.asarray(none | ((np.abs(size - 100) <= fit.digit / 2) & (fit.should > 100)))
    if fit.kind not in (Kind.CHANGE, Kind.DIFFERENCE):
        return none
    pairs = np.array([item.parts for item in fit.formulas])
    a, b = np.abs(held.value[:, pairs[:, 0]]), np.abs(held.value[:, pairs[:, 1]])
    gap = np.abs(b - a)
    if fit.kind is Kind.CHANGE:
        rough = held.half[:, pairs].sum(axis=2) + fit.digit / 2
        return np.asarray(none | (np.abs(size - gap) <= rough + _EPSILON * size))
    with np.errstate(divide="ignore", invalid="ignore"):
        change = np.abs(size - 100 * gap / a) <= _CARELESS * fit.digit
    whole = np.minimum(np.abs(size - a), np.abs(size - b)) <= _EPSILON * size
    return np.asarray(none | change | (whole & (size >= _LONG * fit.digit)))


def _total_apart(fit: _Fit) -> Flags:
    """Rows of totals that add up or average their own column instead."""
    held, own = fit.held, fit.printed
    body = own[~held.totals & np.isfinite(own[:, 0]), 0]
    if not len(body):
        return np.zeros(fit.should.shape, bool)
    near = np.minimum(np.abs(own - body.sum()), np.abs(own - body.mean())) <= fit.digit
    return np.broadcast_to(near & held.totals[:, None], fit.should.shape)


def _completed(fit: _Fit, at: int) -> bool:
    """Whether another column makes up for what is missing: one more part, mostly empty."""
    rest = fit.printed[:, 0] - fit.should[:, at]
    full = np.isfinite(rest)
    for other in range(len(fit.held.columns)):
        if other == fit.target or other in fit.formulas[at].parts:
            continue
        more = np.nan_to_num(fit.held.value[:, other])
        for sign in (1, -1):
            if (np.abs(rest - sign * more)[full] <= fit.slack[full, at]).all():
                return True
    return False
