"""Days and moments that forms and addresses state."""

from __future__ import annotations

import datetime as dt

from django.utils import timezone

from minplan.core.errors import InputError, Place
from minplan.core.text import Text


def day_of(text: str, field: str) -> dt.date:
    """The day a field states as ``2025-06-30``; InputError E885 when it is none."""
    try:
        return dt.date.fromisoformat(text.strip())
    except ValueError as error:
        raise _no_date(text, field) from error


def time_of(text: str, field: str) -> dt.datetime:
    """The moment a field states, by the bureau's clock unless it names another, in UTC.

    A day alone means its end. InputError E885 when it is no moment.
    """
    try:
        found = dt.datetime.fromisoformat(text.strip())
    except ValueError as error:
        raise _no_date(text, field) from error
    if len(text.strip()) == len("2025-06-30"):
        found = found.replace(hour=23, minute=59, second=59)
    if found.tzinfo is None:
        found = timezone.make_aware(found)
    return found.astimezone(dt.UTC)


def _no_date(text: str, field: str) -> InputError:
    if not text.strip():
        told = Text("须填写日期", "enter the date")
    else:
        told = Text(f"“{text}”不是日期", f"{text!r} is no date")
    return InputError(
        "E885",
        told,
        place=Place(field=field),
        hint=Text("写成 2025-06-30 的形式", "write it like 2025-06-30"),
    )
