"""Working days and how a case stands against its date.

Working days are Monday to Friday; public holidays and the weekends worked in exchange are decided
every year by the State Council and are given as ``holidays`` and ``worked`` where they are known.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass

from minplan.core.text import Term

_WEEKEND = 5


class Pace(Term):
    """How urgent a case is (时限)."""

    OVERDUE = "overdue", "逾期", "overdue"
    TODAY = "today", "今日到期", "due today"
    SOON = "soon", "临期", "due soon"
    ON_TIME = "on-time", "正常", "on time"
    CLOSED = "closed", "已办结", "closed"
    NONE = "none", "未计时", "not running"


@dataclass(frozen=True, slots=True)
class Deadline:
    """A date, the working days left until then (negative: past it), and what that means."""

    due: dt.date | None
    days: int
    pace: Pace


def is_working(
    day: dt.date, holidays: Collection[dt.date] = (), worked: Collection[dt.date] = ()
) -> bool:
    """Whether offices are open on a day."""
    return day in worked or (day.weekday() < _WEEKEND and day not in holidays)


def after_working_days(
    day: dt.date,
    count: int,
    holidays: Collection[dt.date] = (),
    worked: Collection[dt.date] = (),
) -> dt.date:
    """The day ``count`` working days after ``day``; the day itself does not count."""
    while count > 0:
        day += dt.timedelta(days=1)
        count -= is_working(day, holidays, worked)
    return day


def working_days_between(first: dt.date, last: dt.date) -> int:
    """Working days after ``first`` up to and with ``last``; negative the other way round."""
    if last < first:
        return -working_days_between(last, first)
    weeks, rest = divmod((last - first).days, 7)
    days = (first + dt.timedelta(days=1 + i) for i in range(rest))
    return weeks * _WEEKEND + sum(is_working(day) for day in days)


def deadline(due: dt.date | None, today: dt.date, *, running: bool, soon: int = 1) -> Deadline:
    """How a case with a date stands today; ``soon`` is how many working days count as soon."""
    if due is None:
        return Deadline(None, 0, Pace.NONE if running else Pace.CLOSED)
    days = working_days_between(today, due)
    if not running:
        return Deadline(due, days, Pace.CLOSED)
    if due < today:
        return Deadline(due, min(days, -1), Pace.OVERDUE)
    if due == today:
        return Deadline(due, 0, Pace.TODAY)
    return Deadline(due, days, Pace.SOON if days <= soon else Pace.ON_TIME)
