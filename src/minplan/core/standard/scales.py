"""Production scale of a mine (生产规模): large, medium or small, by mineral, method and date.

The figures are the dated table ``codes/mine_scale.csv`` (国土资发〔2004〕208号). Volumes and tonnes
are converted only with a stated density, or where every usual density of the rock gives the same
answer.
"""

from __future__ import annotations

import csv
import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from typing import Final

from minplan.core.text import Term


class MineScale(Term):
    """Production scale (生产规模) or size of a deposit (储量规模), in falling order."""

    LARGE = "large", "大型", "large"
    MEDIUM = "medium", "中型", "medium"
    SMALL = "small", "小型", "small"

    @property
    def rank(self) -> int:
        """3 for large, 2 for medium, 1 for small."""
        return 3 - list(MineScale).index(self)

    @classmethod
    def of_word(cls, word: str) -> MineScale | None:
        """The scale a Chinese or English word names, or None."""
        for item in cls:
            if word.strip() in (item.value, item.word.zh, item.word.zh[0]):
                return item
        return None


@dataclass(frozen=True, slots=True)
class ScaleLimit:
    """One row of the table: from which yearly output a mine is large or medium.

    ``method`` is ``underground``, ``open-pit`` or empty for any; ``minimum`` the least output of a
    new mine where the table gives one; ``entry`` the table's own name for the group of minerals.
    """

    mineral: str
    method: str
    unit: str
    large_from: float
    medium_from: float
    minimum: float | None
    valid_from: dt.date
    valid_to: dt.date | None
    entry: str
    source: str
    certain: bool

    def grade(self, value: float) -> MineScale:
        """The scale of a yearly output in the row's unit."""
        if value >= self.large_from:
            return MineScale.LARGE
        return MineScale.MEDIUM if value >= self.medium_from else MineScale.SMALL


@lru_cache(maxsize=1)
def scale_table() -> tuple[ScaleLimit, ...]:
    """All rows of the table, in its order."""
    return tuple(
        ScaleLimit(
            mineral=row["mineral"],
            method=row["method"],
            unit=row["unit"],
            large_from=float(row["large_from"]),
            medium_from=float(row["medium_from"]),
            minimum=float(row["minimum"]) if row["minimum"] else None,
            valid_from=dt.date.fromisoformat(row["valid_from"]),
            valid_to=dt.date.fromisoformat(row["valid_to"]) if row["valid_to"] else None,
            entry=row["entry"],
            source=row["source"],
            certain=row["certain"] == "true",
        )
        for row in _rows("mine_scale")
    )


def scale_limits(mineral: str, method: str, date: dt.date) -> tuple[ScaleLimit, ...]:
    """Rows for a mineral in force on ``date``; both methods where ``method`` names neither."""
    rows = [
        row
        for row in scale_table()
        if row.mineral == mineral
        and row.valid_from <= date
        and (row.valid_to is None or date <= row.valid_to)
    ]
    exact = [row for row in rows if row.method in ("", method)]
    return tuple(exact or rows)


def scale_grade(
    mineral: str,
    method: str,
    value: float,
    unit: str,
    date: dt.date,
    *,
    density: float | None = None,
) -> MineScale | None:
    """The production scale of a yearly output.

    ``method`` as :class:`~minplan.core.review.proposal.MiningMethod`; a mine with both methods, or
    none stated, gets the lower of the two scales. ``density`` in t/m³ converts between volume and
    tonnes; without it the usual range of the rock must give one answer. None when the table has no
    row or the units cannot be compared.
    """
    grades: list[MineScale] = []
    for row in scale_limits(mineral, method, date):
        answers = {row.grade(x) for x in converted(value, unit, row.unit, mineral, density)}
        if len(answers) != 1:
            return None
        grades.extend(answers)
    return min(grades, key=lambda item: item.rank, default=None)


def converted(
    value: float, unit: str, target: str, mineral: str, density: float | None = None
) -> tuple[float, ...]:
    """``value`` in ``target`` units: one figure, two bounds where only a density range is known.

    Empty when the units cannot be compared.
    """
    if _plain(unit) == _plain(target):
        return (value,)
    have, want = _UNITS.get(_plain(unit)), _UNITS.get(_plain(target))
    if have is None or want is None:
        return ()
    base = value * have[1] / want[1]
    if have[0] == want[0]:
        return (base,)
    densities = (density,) if density is not None else density_range(mineral)
    densities = tuple(item for item in densities if item > 0)
    if have[0] == "m3":
        return tuple(base * item for item in densities)
    return tuple(base / item for item in densities)


@lru_cache(maxsize=1)
def _densities() -> dict[str, tuple[float, float]]:
    return {row["mineral"]: (float(row["low"]), float(row["high"])) for row in _rows("density")}


def density_range(mineral: str) -> tuple[float, ...]:
    """Lowest and highest usual bulk density of a rock in t/m³; empty when not listed."""
    return _densities().get(mineral, ())


#: Kind (t or m3) and factor to one tonne or one cubic metre.
_UNITS: Final = {
    "吨": ("t", 1.0),
    "万吨": ("t", 1e4),
    "亿吨": ("t", 1e8),
    "立方米": ("m3", 1.0),
    "万立方米": ("m3", 1e4),
    "亿立方米": ("m3", 1e8),
}
_SPELLINGS: Final = (
    ("m³", "立方米"),
    ("m3", "立方米"),
    ("t/a", "吨"),
    ("t", "吨"),
    ("/a", ""),
    ("/年", ""),
    ("每年", ""),
)


def _plain(unit: str) -> str:
    text = unit.replace(" ", "")
    for old, new in _SPELLINGS:
        text = text.replace(old, new)
    return text


def _rows(name: str) -> Iterable[dict[str, str]]:
    text = (resources.files(__package__) / "codes" / f"{name}.csv").read_text("utf-8")
    return csv.DictReader(text.splitlines())
