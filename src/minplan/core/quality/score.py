"""Score, grade and verdict of an inspection (质量评分与结论).

The score S follows the way of deductions of GB/T 24356; it informs, the verdict decides:

* every family f with at least one check that was made starts with 100 points;
* a check i with faults of level l takes off ``points[l] · wᵢ · (a + (1 − a)·pᵢ)``, where wᵢ is the
  weight of the check, pᵢ the share of faulty features (faults of the level by features examined,
  at most 1; 1 for checks of files and documents) and a the ``least_share``;
* S_f = max(0, 100 − Σ deductions), 0 as soon as the family has a fatal fault;
* S = Σ weight_f · S_f / Σ weight_f.

All figures are data (``scoring.toml``). The verdict: **不通过** with a fatal fault or S below the
pass line; else **整改后通过** with an error, or while a check of level fatal or error was not made;
else **通过**. Waived faults do not count.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import Any, Final

from minplan.core.quality.check import Check, Family
from minplan.core.quality.fault import Level
from minplan.core.quality.inspection import CheckResult, Inspection, State
from minplan.core.text import Term, Text

_FULL: Final = 100.0
_SERIOUS: Final = (Level.FATAL, Level.ERROR)


class Verdict(Term):
    """What follows for the hand-in (质检结论)."""

    PASS = "pass", "通过", "passed"
    MEND = "mend", "整改后通过", "passes once mended"
    FAIL = "fail", "不通过", "failed"


@dataclass(frozen=True, slots=True)
class Grade:
    """A grade (质量等级) and the least score it takes; the last grade fails."""

    key: str
    name: Text
    least: float


@dataclass(frozen=True, slots=True)
class Scoring:
    """The figures of the formula."""

    points: Mapping[Level, float]
    least_share: float
    families: Mapping[Family, float]
    grades: tuple[Grade, ...]

    @property
    def pass_line(self) -> float:
        """The least score that passes: where the last but one grade begins."""
        return self.grades[-2].least

    @classmethod
    def read(cls, told: Mapping[str, Any]) -> Scoring:
        """The figures from the content of a ``scoring.toml`` (KeyError, ValueError otherwise)."""
        grades = [
            Grade(item["key"], Text(item["zh"], item["en"]), float(item["from"]))
            for item in told["grade"]
        ]
        return cls(
            {Level(key): float(value) for key, value in told["points"].items()},
            float(told["least_share"]),
            {Family(key): float(value) for key, value in told["family"].items()},
            tuple(sorted(grades, key=lambda item: -item.least)),
        )


@cache
def bundled_scoring() -> Scoring:
    """The figures that come with the program."""
    text = files("minplan.core.quality").joinpath("scoring.toml").read_text("utf-8")
    return Scoring.read(tomllib.loads(text))


@dataclass(frozen=True, slots=True)
class Score:
    """Points (0 to 100), grade and verdict; ``families`` the points of every family checked.

    ``reasons`` say why the verdict is not better.
    """

    points: float
    grade: Grade
    verdict: Verdict
    families: Mapping[Family, float] = field(default_factory=dict)
    reasons: tuple[Text, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """A plain dictionary for JSON."""
        return {
            "points": self.points,
            "grade": self.grade.name.to_dict(),
            "verdict": self.verdict.value,
            "families": {item.value: points for item, points in self.families.items()},
            "reasons": [item.to_dict() for item in self.reasons],
        }


def score(inspection: Inspection, scoring: Scoring | None = None) -> Score:
    """Score, grade and verdict of an inspection; see the head of this module for the formula."""
    figures = scoring or bundled_scoring()
    families = _families(inspection, figures)
    weight = sum(figures.families[item] for item in families)
    held = sum(figures.families[item] * points for item, points in families.items())
    # rounded down: 59.99 must not pass as 60.0
    points = int(held / weight * 10 + 1e-6) / 10 if weight else 0.0
    grade = next(item for item in figures.grades if points >= item.least or not item.least)
    verdict, reasons = _verdict(inspection, points, figures)
    return Score(points, grade, verdict, families, reasons)


def _families(inspection: Inspection, figures: Scoring) -> dict[Family, float]:
    made: dict[Family, list[tuple[Check, CheckResult]]] = {}
    for item in inspection.of(State.FOUND, State.CLEAR):
        check = inspection.checks.get(item.check)
        if check is None:
            continue
        made.setdefault(check.family, []).append((check, item))
    return {family: _family(made[family], figures) for family in Family if family in made}


def _family(results: list[tuple[Check, CheckResult]], figures: Scoring) -> float:
    if any(item.counts.get(Level.FATAL) for _, item in results):
        return 0.0
    lost = sum(_deduction(check, item, figures) for check, item in results)
    return max(0.0, _FULL - lost)


def _deduction(check: Check, result: CheckResult, figures: Scoring) -> float:
    lost = 0.0
    for level, count in result.counts.items():
        share = min(1.0, count / result.examined) if result.examined else 1.0
        part = figures.least_share + (1 - figures.least_share) * share
        lost += figures.points[level] * check.weight * part
    return lost


def _verdict(
    inspection: Inspection, points: float, figures: Scoring
) -> tuple[Verdict, tuple[Text, ...]]:
    counts = inspection.counts
    open_ones = [
        item
        for item in inspection.results
        if item.missing
        and (check := inspection.checks.get(item.check)) is not None
        and check.level in _SERIOUS
    ]
    reasons: list[Text] = []
    verdict = Verdict.PASS
    if counts[Level.ERROR]:
        number = counts[Level.ERROR]
        reasons.append(Text(f"有 {number} 处错误须整改", f"{number} errors must be mended"))
        verdict = Verdict.MEND
    if open_ones:
        number = len(open_ones)
        reasons.append(Text(f"有 {number} 项检查未能进行", f"{number} checks could not be made"))
        verdict = Verdict.MEND
    if points < figures.pass_line:
        line = f"{figures.pass_line:g}"
        reasons.append(
            Text(f"得分 {points:g} 低于合格线 {line}", f"{points:g} points are below {line}")
        )
        verdict = Verdict.FAIL
    if counts[Level.FATAL]:
        number = counts[Level.FATAL]
        reasons.append(Text(f"有 {number} 处致命缺陷", f"{number} fatal faults"))
        verdict = Verdict.FAIL
    return verdict, tuple(reversed(reasons))
