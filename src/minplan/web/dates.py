"""Days that forms and addresses state."""

from __future__ import annotations

import datetime as dt

from minplan.core.errors import InputError, Place
from minplan.core.text import Text


def day_of(text: str, field: str) -> dt.date:
    """The day a field states as ``2025-06-30``; InputError E885 when it is none."""
    try:
        return dt.date.fromisoformat(text)
    except ValueError as error:
        raise InputError(
            "E885",
            Text(f"“{text}”不是日期", f"{text!r} is no date"),
            place=Place(field=field),
            hint=Text("写成 2025-06-30 的形式", "write it like 2025-06-30"),
        ) from error
