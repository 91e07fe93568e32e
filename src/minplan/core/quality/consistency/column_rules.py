"""Which formula the figures of a column follow: what holds in most rows and not by chance."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
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
#: Powers of ten that chance must be against a rule: any, a sum of the columns beside, one that the
#: heading names; each row that breaks it asks for as much more.
_CHANCE: Final = np.array([3.0, 1.5, 0.5])
_NATURAL: Final = 2
_MORE: Final = np.array([2.0, 1.0, 0.5])
#: How much of its last digit a quotient may be off; what is cut off or made to add up to 100 is no
#: more than one digit off, and no contradiction.
_CARELESS: Final = 0.6
_CUT: Final = 1.0
_EPSILON: Final = 1e-9
#: What is further off, as a share of the greatest figure, was not meant so.
_FAR: Final = 0.5
#: So many of its last digits a figure has not by chance in common with another.
_LONG: Final = 20
#: Kinds that a heading always tells: 占比, 人均.
_SPOKEN: Final = frozenset({Kind.PORTION, Kind.QUOTIENT})
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
    kind: Kind
    tried: int
    formulas: tuple[Formula, ...]
    natural: NDArray[np.intp]
    target: int
    printed: Array
    digit: Array
    should: Array
    slack: Array
    solid: Flags
    first: Array
    second: Array

    def off(self) -> Array:
        """How far what is printed is from each formula."""
        return np.asarray(np.abs(self.printed - self.should))

    def size(self) -> Array:
        """How great the figure is that might be another by chance.

        Of figures that go together (矿山数 of two years) what is between them counts, of shares
        how far they are from all and nothing.
        """
        size = np.abs(self.printed)
        if self.kind.linear:
            rest = np.maximum(self.second, np.minimum(self.first, size))
            return np.asarray(np.maximum(self.first, size) - rest)
        if self.kind in (Kind.SHARE, Kind.PORTION):
            return np.minimum(size, np.abs(self.printed - 100))
        return size

    def is_far(self, off: Array) -> Flags:
        """What is so far off that it was not meant."""
        reach = np.maximum(np.maximum(np.abs(self.should), np.abs(self.printed)), self.first)
        return np.asarray(off > _FAR * (reach + 100 * (self.kind is Kind.CHANGE)))


def rules(held: Figures, batch: Batch, target: int) -> Iterator[Rule]:
    """The formulas that a column follows in most rows."""
    fit = _fitted(held, batch, target)
    if fit is None:
        return
    off = fit.off()
    cut = 0 if fit.kind.linear else (_CUT - _CARELESS) * fit.digit
    fails = off > fit.slack + cut
    other = fails & _otherwise(fit)
    against = fails & ~other & ~_total_apart(fit)
    chance = (2 * fit.slack + fit.digit) / (fit.size() + fit.digit)
    shown = (off <= fit.slack) & fit.solid & (chance < 1)
    bits = _distinct(fit.printed[:, 0], np.where(shown, -np.log10(np.where(shown, chance, 1)), 0))
    evidence, broken = shown.sum(axis=0), against.sum(axis=0)
    score = bits.sum(axis=0) - _MORE[fit.natural] * broken
    likely = (
        (evidence >= _LEAST_ROWS)
        & (broken <= _MOST_BREAKS)
        & (evidence >= _HOLD_FOR_BREAK * broken)
        & (evidence > other.sum(axis=0))
        & ((bits > 0).sum(axis=0) > 1)
        & (score >= _CHANCE[fit.natural] + np.log10(fit.tried))
        & ((broken <= 1) | (fit.natural > 0) | (evidence + broken > _FEW_ROWS))
    )
    if not fit.kind.linear and _fits_all(off, broken):
        likely &= broken == 0
    told = against & ~fit.is_far(off)
    for at in np.flatnonzero(likely):
        rows = tuple((int(r), float(fit.should[r, at])) for r in np.flatnonzero(told[:, at]))
        if rows and fit.kind.linear and _completed(fit, int(at)):
            continue
        named = int(fit.natural[at]) == _NATURAL
        sure = float(score[at]) + named
        yield Rule(target, fit.formulas[at], rows, int(evidence[at]), named, sure)


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
    """What may be meant for a column and holds at least in a few rows; None where nothing does."""
    kind = batch.formulas[0].kind
    named = _is_named(kind, held.heads[target].text)
    allowed = _allowed(held, batch, target, named)
    printed, digit = held.value[:, target, None], held.digit[:, target, None]
    own = held.half[:, target, None] if kind.linear else _CARELESS * digit
    own = own + _EPSILON * np.abs(printed)
    near = np.abs(printed - batch.should[:, allowed]) <= batch.slack[:, allowed] + own
    chosen = allowed[near.sum(axis=0) >= _LEAST_ROWS]
    if not len(chosen):
        return None
    formulas = tuple(batch.formulas[at] for at in chosen)
    counted = bool((held.half[np.isfinite(printed[:, 0]), target] <= 0).all())
    natural = [_NATURAL if named else _beside(target, item, counted) for item in formulas]
    return _Fit(
        held=held,
        kind=kind,
        tried=len(allowed),
        formulas=formulas,
        natural=np.array(natural),
        target=target,
        printed=printed,
        digit=digit,
        should=batch.should[:, chosen],
        slack=batch.slack[:, chosen] + own,
        solid=batch.solid[:, chosen],
        first=batch.first[:, chosen],
        second=batch.second[:, chosen],
    )


@lru_cache(maxsize=1024)
def _is_named(kind: Kind, heading: str) -> bool:
    """Whether a heading names a result of this kind; 增减率 is a change, not a share."""
    if kind in (Kind.SHARE, Kind.PORTION) and _NAMED[Kind.CHANGE].search(heading):
        return False
    return _NAMED[kind].search(heading) is not None


@lru_cache(maxsize=1024)
def _is_share(heading: str) -> bool:
    return _NAMED[Kind.SHARE].search(heading) is not None


def _beside(target: int, formula: Formula, counted: bool) -> int:
    """How natural a sum is: of the columns beside one, some taken away as their headings say.

    Small counts (rights in zones, zones) nearly add up too often to be natural for that alone.
    """
    if formula.kind is not Kind.SUM or target not in (formula.parts[0] - 1, formula.parts[-1] + 1):
        return 0
    return _NATURAL if min(formula.signs) < 0 else int(not counted)


def _allowed(held: Figures, batch: Batch, target: int, named: bool) -> NDArray[np.intp]:
    """The formulas that units and headings allow for a column; totals are told of elsewhere."""
    kind, head = batch.formulas[0].kind, held.heads[target]
    none = (
        (kind.in_per_cent and head.own and head.unit not in _PER_CENT)
        or (kind in _SPOKEN and not named)
        or (kind is Kind.SUM and held.is_total(target))
    )
    if none:
        return np.zeros(0, np.intp)
    apart = ~held.same_unit[target] if kind.linear else np.zeros(len(held.columns), bool)
    if kind is Kind.SUM:
        apart = apart | [_is_share(other.text) != _is_share(head.text) for other in held.heads]
    if not named and not kind.linear:
        apart |= [_is_share(other.text) for other in held.heads]
    if not named and kind is Kind.DIFFERENCE:
        apart |= [held.is_total(at) for at in range(len(held.columns))]
    apart[target] = True
    return np.flatnonzero(~batch.members[:, apart].any(axis=1))


def _fits_all(off: Array, broken: NDArray[np.intp]) -> bool:
    """Whether some formula holds in all rows, if only because its figures are coarse."""
    full = np.isfinite(off).sum(axis=0)
    return bool(((broken == 0) & (full == full.max())).any())


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
    whole = np.abs(size - b) <= _EPSILON * size
    return np.asarray(none | change | (whole & (size >= _LONG * fit.digit)))


def _total_apart(fit: _Fit) -> Flags:
    """Rows of totals that add up or average their own column instead.

    A sum or a difference with its sign holds for totals as well.
    """
    held, own = fit.held, fit.printed
    body = own[~held.totals & np.isfinite(own[:, 0]), 0]
    if not len(body):
        return np.zeros(fit.should.shape, bool)
    rounded = fit.digit * (len(body) + 1) / 2
    near = (np.abs(own - body.sum()) <= rounded) | (np.abs(own - body.mean()) <= fit.digit)
    may = np.array([not fit.kind.linear or item.dropped for item in fit.formulas])
    return np.asarray(near & held.totals[:, None] & may)


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
