"""The timeline of one feature in law: what an action does to the segments believed so far.

Pure: segments in, segments out. Segments are half-open ``[start, end)``, sorted, never overlap.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any, Final

from minplan.core.text import Text

#: The end of a segment that holds until further notice.
FOREVER: Final = dt.date.max


class Action(StrEnum):
    """What a changeset does with a feature."""

    ADD = "add"  # 新增: nothing may be believed for the interval yet
    CHANGE = "change"  # 变更: from a date until the end of what holds on it
    END = "end"  # 终止: from a date on nothing holds any more
    CORRECT = "correct"  # 更正: for the interval this was so
    WITHDRAW = "withdraw"  # 撤销: for the interval this never was


class TimelineConflict(ValueError):
    """An action does not fit what is believed."""

    def __init__(self, text: Text) -> None:
        super().__init__(text.en)
        self.text = text


@dataclass(frozen=True, slots=True)
class Segment:
    """Content that holds from ``start`` until before ``end``."""

    start: dt.date
    end: dt.date
    content: Any


def apply(
    segments: Sequence[Segment],
    action: Action,
    start: dt.date,
    end: dt.date = FOREVER,
    content: Any = None,
) -> list[Segment]:
    """The segments after an action.

    Raises TimelineConflict when an addition meets something that holds already, or a change or an
    end meets nothing.
    """
    if end <= start:
        raise TimelineConflict(Text("终止日期不晚于起始日期", "the interval ends before it starts"))
    match action:
        case Action.ADD:
            if any(item.start < end and start < item.end for item in segments):
                raise TimelineConflict(Text("此期间已有该要素", "the feature exists in that time"))
            return _write(segments, start, end, content)
        case Action.CHANGE:
            return _write(segments, start, _holding(segments, start).end, content)
        case Action.END:
            _holding(segments, start)
            return _cut(segments, start, FOREVER)
        case Action.CORRECT:
            return _write(segments, start, end, content)
        case Action.WITHDRAW:
            return _cut(segments, start, end)


def _holding(segments: Sequence[Segment], date: dt.date) -> Segment:
    for item in segments:
        if item.start <= date < item.end:
            return item
    raise TimelineConflict(Text(f"{date} 没有该要素", f"the feature does not exist on {date}"))


def _write(
    segments: Sequence[Segment], start: dt.date, end: dt.date, content: Any
) -> list[Segment]:
    kept = _cut(segments, start, end)
    return sorted([*kept, Segment(start, end, content)], key=lambda item: item.start)


def _cut(segments: Sequence[Segment], start: dt.date, end: dt.date) -> list[Segment]:
    kept: list[Segment] = []
    for item in segments:
        if item.end <= start or end <= item.start:
            kept.append(item)
            continue
        if item.start < start:
            kept.append(replace(item, end=start))
        if end < item.end:
            kept.append(replace(item, start=end))
    return kept
