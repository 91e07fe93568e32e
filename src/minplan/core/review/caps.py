"""Caps of the plan on output and on numbers of mines, and the state they are held against."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from minplan.core.plan.model import Modality, Operator, Quota, Status
from minplan.core.review.finding import Outcome
from minplan.core.review.missing import NotChecked, fact_word
from minplan.core.review.scope import canonical
from minplan.core.standard.minerals import lineage
from minplan.core.standard.scales import converted
from minplan.core.text import Text
from minplan.core.tolerances import ABOUT_SHARE, QUOTA_ATTENTION

if TYPE_CHECKING:
    from minplan.core.review.context import Context

_CAPS = (Operator.AT_MOST, Operator.EQUAL, Operator.RANGE)


@dataclass(frozen=True, slots=True)
class Cap:
    """A cap of the plan with all its readings; the strictest decides.

    ``figure`` is the printed figure of the strictest reading, ``band`` the figure with the
    tolerance of 左右 (about) or of a level to be kept stable (equal to ``figure`` when firm).
    """

    mineral: str | None
    readings: tuple[Quota, ...]

    @property
    def strictest(self) -> Quota:
        """The reading with the lowest limit."""
        return min(self.readings, key=_band)

    @property
    def figure(self) -> float:
        """The printed figure that decides."""
        return float(self.strictest.high)

    @property
    def band(self) -> float:
        """The figure with its tolerance."""
        return _band(self.strictest)

    @property
    def unit(self) -> str:
        """The unit of the deciding reading."""
        return self.strictest.unit

    def judge(self, total: float) -> Outcome:
        """Clear, attention near or within the tolerance of the cap, conflict above it."""
        if total > self.band:
            return Outcome.CONFLICT
        return Outcome.ATTENTION if total > self.figure * QUOTA_ATTENTION else Outcome.CLEAR

    def judge_count(self, total: float) -> Outcome:
        """As :meth:`judge` for a number of mines: filling the cap exactly is clear."""
        if total > self.band:
            return Outcome.CONFLICT
        return Outcome.ATTENTION if total > self.figure else Outcome.CLEAR

    def note(self, ctx: Context) -> Text:
        """Says which readings contradict each other; empty when there is but one figure."""
        if len({(item.high, item.modality) for item in self.readings}) < 2:
            return Text("", "")
        zh = "、".join(f"{_place(ctx, item)} {item.high:g}{_about(item)}" for item in self.readings)
        en = ", ".join(f"{item.high:g}" for item in self.readings)
        return Text(
            f"（规划口径不一：{zh}，从严取 {self.figure:g}）",
            f" (the plan reads {en}; the strictest, {self.figure:g}, decides)",
        )


def _band(item: Quota) -> float:
    soft = item.modality is Modality.ABOUT or item.operator is Operator.EQUAL
    return float(item.high) * (1 + ABOUT_SHARE if soft else 1)


def _about(item: Quota) -> str:
    return "左右" if item.modality is Modality.ABOUT else ""


def _place(ctx: Context, item: Quota) -> str:
    clause = ctx.plan.clause(item.clause)
    return clause.number if clause else item.place or item.clause


def caps(ctx: Context, subject: str, county: str | None = None) -> Iterator[Cap]:
    """Caps on a subject for the proposal's mineral and each wider one, narrowest first."""
    for name in lineage(ctx.mineral):
        rows = [
            item
            for item in ctx.plan.quotas
            if item.subject == subject
            and item.county == county
            and canonical(item.mineral) == name
            and item.operator in _CAPS
        ]
        if rows:
            yield Cap(name, tuple(rows))


def overall(ctx: Context, subject: str, county: str | None = None) -> Cap | None:
    """The cap over all minerals, or None."""
    rows = [item for item in ctx.plan.quotas_of(subject, None, county) if item.operator in _CAPS]
    return Cap(None, tuple(rows)) if rows else None


def state(
    ctx: Context, subjects: Iterable[str], mineral: str | None, county: str | None = None
) -> Status | None:
    """The newest known state not after the review date, of the first subject that has one.

    Of several values for one day the greatest counts.
    """
    for subject in subjects:
        rows = [
            item
            for item in ctx.plan.status
            if item.subject == subject
            and item.county == county
            and canonical(item.mineral) == mineral
            and item.date <= ctx.date
        ]
        if rows:
            unit = rows[0].unit
            return max(rows, key=lambda r: (r.date, amount(float(r.value), r.unit, unit, mineral)))
    return None


def need_state(
    ctx: Context, subjects: Iterable[str], mineral: str | None, county: str | None = None
) -> Status:
    """As :func:`state`; NotChecked when nothing is known."""
    subjects = tuple(subjects)
    found = state(ctx, subjects, mineral, county)
    if found is None:
        where = county or ctx.plan.plan.region_name
        what = _SUBJECTS[subjects[0]]
        raise NotChecked(
            Text(
                f"{where}{mineral or '全部矿种'}的{what.zh}现状",
                f"present {what.en} of {mineral or 'all minerals'} in {where}",
            )
        )
    return found


_SUBJECTS = {
    "output": Text("年产量（或证载规模合计）", "output or licensed capacity"),
    "capacity": Text("证载规模合计", "licensed capacity"),
    "mines": Text("矿山数", "number of mines"),
}


def amount(value: float, unit: str, target: str, mineral: str | None) -> float:
    """A state in the unit of a cap, the greater bound where a density is unknown.

    NotChecked when the units cannot be compared.
    """
    found = converted(value, unit, target, mineral or "")
    if not found:
        raise NotChecked(fact_word("density"))
    return max(found)
