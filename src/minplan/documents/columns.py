"""Which column a cell belongs to, by what it holds and what the others of the column hold."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from minplan.documents.wording import Sort, sort_of

#: how well a sort of cell fits a sort of column
_FITS: Final = {
    (Sort.FIGURE, Sort.FIGURE): 2,
    (Sort.MINERAL, Sort.MINERAL): 2,
    (Sort.TEXT, Sort.TEXT): 2,
    (Sort.MINERAL, Sort.TEXT): 0,
    (Sort.TEXT, Sort.MINERAL): -1,
    (Sort.FIGURE, Sort.TEXT): -2,
    (Sort.FIGURE, Sort.MINERAL): -2,
    (Sort.TEXT, Sort.FIGURE): -2,
    (Sort.MINERAL, Sort.FIGURE): -2,
}
#: a row of full width is moved only when that fits better by this much
_MARGIN: Final = 2
_LONGEST_KNOWN: Final = 8
#: tables of more columns are left as they are
_WIDEST: Final = 40


@dataclass(frozen=True, slots=True)
class Profile:
    """What the columns of a table hold: the sort that prevails, how often each short text."""

    sorts: tuple[Sort, ...]
    seen: tuple[Mapping[str, int], ...]

    @property
    def width(self) -> int:
        """Number of columns."""
        return len(self.sorts)


def profile(rows: Sequence[Sequence[str]], width: int) -> Profile:
    """The profile of rows of one width; rows of other widths tell nothing."""
    full = [row for row in rows if len(row) == width]
    sorts, seen = [], []
    for column in range(width):
        texts = [row[column] for row in full if row[column]]
        counted = Counter(map(sort_of, texts))
        sorts.append(counted.most_common(1)[0][0] if counted else Sort.EMPTY)
        seen.append(Counter(text for text in texts if len(text) <= _LONGEST_KNOWN))
    return Profile(tuple(sorts), tuple(seen))


def aligned(texts: Sequence[str], known: Profile, active: Sequence[bool]) -> tuple[int, ...] | None:
    """The columns of the cells that are not empty, or None where they stand right already.

    The order of the cells stays; a cell that comes first in its row stays in the first column.
    ``active`` are the columns filled in the rows before: figures go there first. A row of full
    width is moved only when a figure or a mineral stands under something else.
    """
    return _Row(texts, known, active).columns()


class _Row:
    """The cells of a row that are not empty, to be put under the columns of ``known``."""

    def __init__(self, texts: Sequence[str], known: Profile, active: Sequence[bool]) -> None:
        self._told = [(index, text, sort_of(text)) for index, text in enumerate(texts) if text]
        self._known = known
        self._active = active
        self._same = len(texts) == known.width

    def columns(self) -> tuple[int, ...] | None:
        if not self._told or not len(self._told) <= self._known.width <= _WIDEST:
            return None
        if self._same and not self._is_odd():
            return None
        here = tuple(index for index, _, _ in self._told)
        best = self._best()
        if best is None or best == here:
            return None
        if self._same and self._score(best) - self._score(here) < _MARGIN:
            return None
        return best

    def _is_odd(self) -> bool:
        """Whether a figure or a mineral stands under something else."""
        return any(
            sort in (Sort.FIGURE, Sort.MINERAL)
            and self._known.sorts[index] not in (sort, Sort.EMPTY)
            for index, _, sort in self._told
        )

    def _fit(self, which: int, column: int) -> int:
        index, text, sort = self._told[which]
        score = _FITS.get((sort, self._known.sorts[column]), 0)
        others = self._known.seen[column].get(text, 0) - (self._same and index == column)
        score += others > 0 and sort is not Sort.FIGURE
        score += self._same and index == column
        return score + (sort is Sort.FIGURE and self._active[column])

    def _score(self, columns: Sequence[int]) -> int:
        return sum(self._fit(which, column) for which, column in enumerate(columns))

    def _best(self) -> tuple[int, ...] | None:
        """The columns, ascending, that fit best: the best ends of ever longer beginnings."""
        ends: dict[int, int] = {-1: 0}
        came: list[dict[int, int]] = []
        for which, (index, _, _) in enumerate(self._told):
            found: dict[int, int] = {}
            back: dict[int, int] = {}
            for column in range(1) if index == 0 else range(1, self._known.width):
                before = [end for end in ends if end < column]
                if before:
                    back[column] = max(before, key=lambda end: ends[end])
                    found[column] = ends[back[column]] + self._fit(which, column)
            ends = found
            came.append(back)
        if not ends:
            return None
        path = [max(ends, key=lambda end: ends[end])]
        for back in reversed(came[1:]):
            path.append(back[path[-1]])
        return tuple(reversed(path))
