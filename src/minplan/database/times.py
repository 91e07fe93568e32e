"""Recorded times: given by the caller, aware, in UTC, to the microsecond."""

from __future__ import annotations

import datetime as dt
from typing import Final

from minplan.core.errors import StoreError
from minplan.core.text import Text

_BUREAU: Final = dt.timezone(dt.timedelta(hours=8))


def recorded_time(moment: dt.datetime) -> dt.datetime:
    """The time in UTC.

    Raises StoreError E806 for a time without a zone: it could mean several moments.
    """
    if moment.tzinfo is None:
        raise StoreError(
            "E806",
            Text("记录时间没有时区", "the recorded time has no time zone"),
            hint=Text("请用带时区的时间，如 UTC", "give an aware time, for example in UTC"),
        )
    return moment.astimezone(dt.UTC)


def bureau_day(moment: dt.datetime) -> dt.date:
    """The day of a moment on the bureau's clock: legal dates are days in China."""
    return recorded_time(moment).astimezone(_BUREAU).date()
