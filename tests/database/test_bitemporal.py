"""Any sequence of changesets reads the same on SQLite, on PostGIS, and in a naive model."""

from __future__ import annotations

import datetime as dt
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.database.making import Clock, square, trial_plan, zone

from minplan.core.errors import Faults
from minplan.core.standard.feature import FeatureValue, features_digest
from minplan.database import Database, use

#: The days of law that occur; the last cell of the naive model lasts for ever.
DAYS = [dt.date(2020, 1, 1) + i * dt.timedelta(days=100) for i in range(7)]
KEYS = "abc"

Operation = tuple[str, str, int, int, int]  # action, key, first day, last day, content


def content(key: str, number: int) -> FeatureValue:
    return zone(key, f"名{number}", square(112 + number / 10) if number % 3 else None, XH=number)


class Naive:
    """Every key has one cell a day; a cell holds a content and a token of who wrote it."""

    def __init__(self) -> None:
        self.now: dict[str, list[tuple[int, object] | None]] = {k: [None] * 7 for k in KEYS}
        self.history: list[tuple[dt.datetime, dict[str, list[int | None]]]] = []

    def attempt(self, operations: list[Operation]) -> bool:
        """Apply all operations or none."""
        after = {key: [*cells] for key, cells in self.now.items()}
        for action, key, first, last, number in operations:
            cells = after[key]
            span = range(first, last)
            if action == "add" and any(cells[i] for i in span):
                return False
            if action in ("change", "end"):
                held = cells[first]
                if held is None:
                    return False
                until = first
                while until < 7 and cells[until] and cells[until][1] is held[1]:
                    until += 1
                span = range(first, until if action == "change" else 7)
            token = object()
            for i in span:
                cells[i] = None if action in ("end", "withdraw") else (number, token)
        self.now = after
        return True

    def confirm(self, recorded: dt.datetime) -> None:
        plain = {k: [c and c[0] for c in cells] for k, cells in self.now.items()}
        self.history.append((recorded, plain))

    def read(self, day: int, recorded: dt.datetime | None) -> tuple[FeatureValue, ...]:
        known = [cells for moment, cells in self.history if recorded is None or moment <= recorded]
        if not known:
            return ()
        held = ((key, known[-1][key][day]) for key in KEYS)
        return tuple(content(key, number) for key, number in held if number is not None)


@st.composite
def operations(draw: st.DrawFn, actions: list[str]) -> Operation:
    first = draw(st.integers(0, 6))
    last = draw(st.integers(first + 1, 7))
    return (
        draw(st.sampled_from(actions)),
        draw(st.sampled_from(KEYS)),
        first,
        last,
        draw(st.integers(0, 9)),
    )


CHANGESETS = st.one_of(
    st.tuples(
        st.just("annual"),
        st.lists(operations(["add", "change", "end"]), min_size=1, max_size=4),
    ),
    st.tuples(
        st.just("correction"),
        st.lists(operations(["correct", "withdraw"]), min_size=1, max_size=3),
    ),
)


def _stage(changeset: Any, operation: Operation) -> None:
    from minplan.database import changesets
    from minplan.database.timeline import FOREVER

    action, key, first, last, number = operation
    start, end = DAYS[first], FOREVER if last == 7 else DAYS[last]
    match action:
        case "change":
            changesets.change(changeset, [content(key, number)], start)
        case "end":
            changesets.end(changeset, [("XZQ", key)], start)
        case "withdraw":
            changesets.withdraw(changeset, [("XZQ", key)], start, end)
        case _:
            getattr(changesets, action)(changeset, [content(key, number)], start, end)


def _attempt(plan: Any, kind: str, steps: list[Operation], recorded: dt.datetime) -> bool:
    from minplan.database import changesets

    changeset = changesets.open_changeset(plan, kind, "文件", "经办人", recorded)
    for step in steps:
        _stage(changeset, step)
    try:
        changesets.check(changeset, recorded)
    except Faults:
        changesets.reject(changeset, "经办人", "不符", recorded)
        return False
    changesets.approve(changeset, "批准人", recorded)
    changesets.make_effective(changeset, recorded)
    return True


def _read(plan: Any, day: int, recorded: dt.datetime | None) -> tuple[FeatureValue, ...]:
    from minplan.database.asof import as_of, values

    return values(as_of(plan, DAYS[day], recorded))


_numbers = iter(range(10**9))


@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(sequence=st.lists(CHANGESETS, min_size=1, max_size=6))
def test_both_engines_equal_the_naive_model(
    both: tuple[Database, Database], sequence: list[tuple[str, list[Operation]]]
) -> None:
    naive, clock = Naive(), Clock()
    code = f"plan-{next(_numbers)}"
    plans = {}
    for database in both:
        with use(database):
            plans[database] = trial_plan(code)
    for kind, steps in sequence:
        recorded = clock()
        fits = naive.attempt(steps)
        for database, plan in plans.items():
            with use(database):
                assert _attempt(plan, kind, steps, recorded) == fits
        if fits:
            naive.confirm(recorded)
    moments = [None, *(m for m, _ in naive.history), *_between(naive)]
    for moment in moments:
        for day in range(7):
            wanted = naive.read(day, moment)
            for database, plan in plans.items():
                with use(database):
                    got = _read(plan, day, moment)
                assert [f.key for f in got] == [f.key for f in wanted]
                assert features_digest(got) == features_digest(wanted)


def _between(naive: Naive) -> list[dt.datetime]:
    """Moments just before each changeset took effect."""
    return [moment - dt.timedelta(microseconds=1) for moment, _ in naive.history]
