"""Recorded times: given by the caller, aware, in UTC, to the microsecond."""

from __future__ import annotations

import datetime as dt

from minplan.core.errors import StoreError
from minplan.core.text import Text


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
