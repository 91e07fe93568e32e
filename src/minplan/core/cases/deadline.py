"""Working days and how a case stands against its date.

Working days are Monday to Friday without public holidays, and the weekends worked in exchange, as
the State Council's office decides them every year.
"""

from __future__ import annotations

import datetime as dt
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

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


@dataclass(frozen=True, slots=True)
class Calendar:
    """Public holidays (法定节假日) and the weekends worked in exchange (调休上班).

    ``known`` are the years it tells of; in others every Monday to Friday counts as a working day.
    """

    holidays: frozenset[dt.date] = frozenset()
    worked: frozenset[dt.date] = frozenset()
    known: frozenset[int] = frozenset()

    def is_working(self, day: dt.date) -> bool:
        """Whether offices are open on a day."""
        return day in self.worked or (day.weekday() < _WEEKEND and day not in self.holidays)


@cache
def calendar() -> Calendar:
    """The calendar of ``calendar.toml``: a section a year, each with the notice it rests on."""
    text = files("minplan.core.cases").joinpath("calendar.toml").read_text("utf-8")
    holidays: set[dt.date] = set()
    worked: set[dt.date] = set()
    years = tomllib.loads(text)["year"]
    for entry in years:
        worked.update(map(dt.date.fromisoformat, entry["worked"]))
        for first, last in entry["holidays"]:
            day, end = dt.date.fromisoformat(first), dt.date.fromisoformat(last)
            holidays.update(day + dt.timedelta(days=i) for i in range((end - day).days + 1))
    known = frozenset(entry["year"] for entry in years)
    return Calendar(frozenset(holidays), frozenset(worked), known)


def after_working_days(day: dt.date, count: int, known: Calendar | None = None) -> dt.date:
    """The day ``count`` working days after ``day``; the day itself does not count."""
    days = known or calendar()
    while count > 0:
        day += dt.timedelta(days=1)
        count -= days.is_working(day)
    return day


def working_days_between(first: dt.date, last: dt.date, known: Calendar | None = None) -> int:
    """Working days after ``first`` up to and with ``last``; negative the other way round."""
    if last < first:
        return -working_days_between(last, first, known)
    days = known or calendar()
    weeks, rest = divmod((last - first).days, 7)
    partial = (first + dt.timedelta(days=1 + i) for i in range(rest))
    count = weeks * _WEEKEND + sum(day.weekday() < _WEEKEND for day in partial)
    lost = sum(first < day <= last and day.weekday() < _WEEKEND for day in days.holidays)
    return count - lost + sum(first < day <= last for day in days.worked)


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
