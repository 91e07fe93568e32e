"""What each action does to the segments of one feature."""

from __future__ import annotations

import datetime as dt

import pytest

from minplan.database.timeline import FOREVER, Action, Segment, TimelineConflict, apply


def day(number: int) -> dt.date:
    return dt.date(2021, 1, number)


def spans(segments: list[Segment]) -> list[tuple[int, int | None, str]]:
    return [(s.start.day, None if s.end == FOREVER else s.end.day, s.content) for s in segments]


HELD = [Segment(day(1), day(10), "A"), Segment(day(10), FOREVER, "B")]


@pytest.mark.parametrize(
    ("action", "start", "end", "wanted"),
    [
        (Action.CHANGE, 5, None, [(1, 5, "A"), (5, 10, "C"), (10, None, "B")]),
        (Action.CHANGE, 10, None, [(1, 10, "A"), (10, None, "C")]),
        (Action.END, 5, None, [(1, 5, "A")]),
        (Action.CORRECT, 5, 12, [(1, 5, "A"), (5, 12, "C"), (12, None, "B")]),
        (Action.CORRECT, 3, 4, [(1, 3, "A"), (3, 4, "C"), (4, 10, "A"), (10, None, "B")]),
        (Action.WITHDRAW, 5, 12, [(1, 5, "A"), (12, None, "B")]),
        (Action.WITHDRAW, 1, None, []),
    ],
)
def test_actions(
    action: Action, start: int, end: int | None, wanted: list[tuple[int, int | None, str]]
) -> None:
    until = FOREVER if end is None else day(end)
    assert spans(apply(HELD, action, day(start), until, "C")) == wanted


@pytest.mark.parametrize(
    ("action", "start", "end"),
    [(Action.ADD, 5, 6), (Action.ADD, 1, 2), (Action.CORRECT, 6, 6), (Action.WITHDRAW, 7, 3)],
)
def test_misfits(action: Action, start: int, end: int) -> None:
    with pytest.raises(TimelineConflict):
        apply(HELD, action, day(start), day(end), "C")


def test_changes_and_ends_need_something_that_holds() -> None:
    for action in (Action.CHANGE, Action.END):
        with pytest.raises(TimelineConflict):
            apply(HELD, action, dt.date(2020, 1, 1), content="C")


def test_an_addition_may_fill_a_gap() -> None:
    held = [Segment(day(1), day(3), "A"), Segment(day(5), FOREVER, "B")]
    assert spans(apply(held, Action.ADD, day(3), day(5), "C"))[1] == (3, 5, "C")
