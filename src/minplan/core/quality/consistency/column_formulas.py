"""What a column of a table may be by the others: differences, sums, changes and shares.

All that might be meant is worked out for all rows at once; which of it is meant, the figures that
are printed tell (``column_rules``).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Final

import numpy as np

from minplan.core.quality.consistency.column_figures import Array, Figures, Flags

_TAKEN: Final = re.compile(r"关闭|减少|注销|退出|核减|消耗|压减|核销|调出")
_MEAN: Final = re.compile(r"均|单位|每|强度")
_MOST_PARTS: Final = 8
#: A quotient of figures printed more coarsely than this share of it shows nothing.
_SHARP: Final = 0.03


class Kind(Enum):
    """How a column follows from others."""

    DIFFERENCE = "difference"
    SUM = "sum"
    CHANGE = "change"
    SHARE = "share"
    PORTION = "portion"
    QUOTIENT = "quotient"

    @property
    def linear(self) -> bool:
        """Whether the figures are added, not divided."""
        return self in (Kind.DIFFERENCE, Kind.SUM)

    @property
    def in_per_cent(self) -> bool:
        """Whether the result is in per cent."""
        return self in (Kind.CHANGE, Kind.SHARE, Kind.PORTION)


@dataclass(frozen=True, slots=True)
class Formula:
    """A column from others: ``parts`` are columns of the figures, each with its sign.

    ``dropped`` is True where the sign of the result is not printed; ``whole`` is the row of the
    total that portions are of (None: the rows added up); ``power`` of ten is that of a quotient.
    """

    kind: Kind
    parts: tuple[int, ...]
    signs: tuple[int, ...] = ()
    dropped: bool = False
    whole: int | None = None
    power: int = 0


@dataclass(frozen=True, slots=True)
class Batch:
    """Formulas worked out: one row for each row of the figures, one column for each formula.

    ``members`` tells for each formula which columns are its parts; ``slack`` is what rounding of
    the parts brings; ``solid`` tells where they are no zeros
    and printed sharply enough to show something; ``first`` and ``second`` are the two
    greatest of them, zero where nothing is added up.
    """

    formulas: tuple[Formula, ...]
    members: Flags
    should: Array
    slack: Array
    solid: Flags
    first: Array
    second: Array


def batches(held: Figures) -> Iterator[Batch]:
    """All formulas for the columns of a table, those of one kind together."""
    for made in (
        _differences(held),
        _sums(held),
        _divided(held, Kind.CHANGE),
        _divided(held, Kind.SHARE),
        _portions(held),
        _quotients(held),
    ):
        if made is not None:
            yield made


def _differences(held: Figures) -> Batch | None:
    """Each column less each other one, and the size of the difference."""
    same = held.same_unit
    pairs = [(i, j) for i, j in _pairs(held) if i < j and same[i, j]]
    if not pairs:
        return None
    one, other = (np.array(side) for side in zip(*pairs, strict=True))
    a, b = held.value[:, one], held.value[:, other]
    slack = held.half[:, one] + held.half[:, other]
    formulas = [
        *(Formula(Kind.DIFFERENCE, pair, (-1, 1)) for pair in pairs),
        *(Formula(Kind.DIFFERENCE, pair, (1, -1)) for pair in pairs),
        *(Formula(Kind.DIFFERENCE, pair, (-1, 1), dropped=True) for pair in pairs),
    ]
    return Batch(
        tuple(formulas),
        _members(formulas, held),
        np.hstack([b - a, a - b, np.abs(b - a)]),
        np.tile(slack, 3),
        np.tile((a != 0) & (b != 0), 3),
        np.tile(np.maximum(np.abs(a), np.abs(b)), 3),
        np.tile(np.minimum(np.abs(a), np.abs(b)), 3),
    )


def _sums(held: Figures) -> Batch | None:
    """Columns beside one another added up; those that tell what is taken away are subtracted."""
    same = held.same_unit
    width = len(held.columns)
    taken = np.array([-1 if _TAKEN.search(head.text) else 1 for head in held.heads])
    formulas: list[Formula] = []
    for start in range(width):
        for end in range(start + 2, min(width, start + _MOST_PARTS) + 1):
            if not same[start:end, start:end].all():
                break
            parts = tuple(range(start, end))
            signs = dict.fromkeys([(1,) * len(parts), tuple(int(s) for s in taken[start:end])])
            formulas += [Formula(Kind.SUM, parts, s) for s in signs if any(x > 0 for x in s)]
    if not formulas:
        return None
    runs = [held.value[:, list(item.parts)] for item in formulas]
    greatest = [np.sort(np.abs(run), axis=1)[:, ::-1] for run in runs]
    signed = [run @ np.array(f.signs, float) for run, f in zip(runs, formulas, strict=True)]
    return Batch(
        tuple(formulas),
        _members(formulas, held),
        np.column_stack(signed),
        np.column_stack([held.half[:, list(item.parts)].sum(axis=1) for item in formulas]),
        np.column_stack([(run != 0).sum(axis=1) > 1 for run in runs]),
        np.column_stack([run[:, 0] for run in greatest]),
        np.column_stack([run[:, 1] for run in greatest]),
    )


def _quotients(held: Figures) -> Batch | None:
    """One column by another (人均, 单位面积), in whichever power of ten the units ask for."""
    if not any(_MEAN.search(head.text) for head in held.heads):
        return None
    return _divided(held, Kind.QUOTIENT)


def _divided(held: Figures, kind: Kind) -> Batch | None:
    same = held.same_unit
    pairs = [(i, j) for i, j in _pairs(held) if kind is Kind.QUOTIENT or same[i, j]]
    if not pairs:
        return None
    one, other = (np.array(side) for side in zip(*pairs, strict=True))
    b = held.value[:, other]
    a = np.where(held.value[:, one] > 0, held.value[:, one], np.nan)
    ratio = b / a
    slack = _rough(b, held.half[:, other], a, held.half[:, one])
    formulas, found, slacks = [], [], []
    for item, factor, shift in _ways(kind):
        formulas += [
            Formula(kind, pair, item.signs, item.dropped, None, item.power) for pair in pairs
        ]
        told = factor * (ratio - shift)
        found.append(np.abs(told) if item.dropped else told)
        slacks.append(abs(factor) * slack)
    solid = np.tile((b != 0) & (slack <= _SHARP * np.abs(ratio)), len(found))
    return Batch(
        tuple(formulas),
        _members(formulas, held),
        np.hstack(found),
        np.hstack(slacks),
        solid,
        *(np.zeros(solid.shape),) * 2,
    )


def _ways(kind: Kind) -> list[tuple[Formula, float, float]]:
    """The variants of a quotient: signs and power, the factor, what is taken away before."""
    if kind is Kind.SHARE:
        return [(Formula(kind, ()), 100.0, 0.0)]
    if kind is Kind.QUOTIENT:
        return [(Formula(kind, (), power=power), 10.0**power, 0.0) for power in range(-4, 5)]
    return [
        (Formula(kind, (), (-1, 1)), 100.0, 1.0),
        (Formula(kind, (), (1, -1)), -100.0, 1.0),
        (Formula(kind, (), (-1, 1), dropped=True), 100.0, 1.0),
    ]


def _portions(held: Figures) -> Batch | None:
    """What per cent each figure is of the total of its column, printed or added up."""
    formulas, found, slacks = [], [], []
    for at in range(len(held.columns)):
        value, half = held.value[:, at], held.half[:, at]
        for row, whole, rough in _wholes(held, at):
            formulas.append(Formula(Kind.PORTION, (at,), whole=row))
            found.append(100 * value / whole)
            slacks.append(100 * _rough(value, half, whole, rough))
    if not formulas:
        return None
    should, slack = np.column_stack(found), np.column_stack(slacks)
    solid = (should != 0) & (slack <= _SHARP * np.abs(should))
    zeros = np.zeros(should.shape)
    return Batch(tuple(formulas), _members(formulas, held), should, slack, solid, zeros, zeros)


def _rough(part: Array, half: Array, whole: Array | float, rough: Array | float) -> Array:
    """How far a quotient may be off where part and whole are rounded; endless for a whole of 0."""
    least = np.maximum(np.asarray(whole) - rough, 0)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray((np.abs(part) + half) / least - np.abs(part) / whole)


def _wholes(held: Figures, at: int) -> Iterator[tuple[int | None, float, float]]:
    """Totals of a column: the row of the grid that prints it, the figure, what it is rounded."""
    value, half, body = held.value[:, at], held.half[:, at], ~held.totals
    for row in np.flatnonzero(held.totals & (value > 0)):
        yield held.rows[row], float(value[row]), float(half[row])
    if (np.isfinite(value) | held.blank[:, at])[body].all() and np.nansum(value[body]) > 0:
        yield None, float(np.nansum(value[body])), float(np.nansum(half[body]))


def _pairs(held: Figures) -> list[tuple[int, int]]:
    width = range(len(held.columns))
    return [(i, j) for i in width for j in width if i != j]


def _members(formulas: Sequence[Formula], held: Figures) -> Flags:
    parts = [item.parts for item in formulas]
    found = np.zeros((len(parts), len(held.columns)), bool)
    found[np.repeat(np.arange(len(parts)), [len(p) for p in parts]), np.concatenate(parts)] = True
    return found
