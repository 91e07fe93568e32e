"""What a row refers to must hold when the row does; checked for the changeset as a whole."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from tests.database.making import Clock, carry_out, found, trial_plan, zone

from minplan.core.errors import Faults
from minplan.core.standard.feature import FeatureValue
from minplan.database import Database

LAW = dt.date(2021, 1, 1)
LATER = dt.date(2023, 1, 1)


def mineral(key: str, of: str) -> FeatureValue:
    """A row of the minerals of a zone."""
    return FeatureValue("FQKZ", key, {"BSM": key, "FQBSM": of, "KZ": "煤炭"})


def refused(stage: Callable[[], object]) -> list[str]:
    with pytest.raises(Faults) as caught:
        stage()
    assert {item.code for item in caught.value.faults} == {"E721"}
    return [item.message.zh for item in caught.value.faults]


def test_a_row_that_refers_to_nothing_is_told(database: Database) -> None:
    from minplan.database import changesets
    from minplan.database.models import Feature

    clock, plan = Clock(), trial_plan()
    draft = changesets.open_changeset(plan, "founding", "文件", "经办人", clock())
    rows = [zone("a", "甲"), mineral("1", "a"), mineral("2", "b"), mineral("3", "c")]
    changesets.add(draft, rows, LAW)
    with pytest.raises(Faults) as caught:
        changesets.check(draft, clock())
    told = caught.value.faults
    assert [(item.code, item.place.row, item.place.field) for item in told] == [
        ("E721", 3, "FQBSM"),
        ("E721", 4, "FQBSM"),
    ]
    assert "“2”引用的“b”" in told[0].message.zh
    changesets.add(draft, [zone("b", "乙"), zone("c", "丙")], LAW)
    changesets.check(draft, clock())
    changesets.approve(draft, "批准人", clock())
    changesets.make_effective(draft, clock())
    assert Feature.objects.count() == 6


def test_what_is_believed_counts(database: Database) -> None:
    from minplan.database import changesets

    clock, plan = Clock(), trial_plan()
    found(plan, [zone("a", "甲"), zone("b", "乙")], clock, LAW)
    carry_out(plan, "annual", clock, lambda c: changesets.add(c, [mineral("1", "a")], LATER))
    told = refused(
        lambda: carry_out(
            plan, "annual", clock, lambda c: changesets.change(c, [mineral("1", "z")], LATER)
        )
    )
    assert told == ["“1”引用的“z”当时不存在"]
    carry_out(plan, "annual", clock, lambda c: changesets.change(c, [mineral("1", "b")], LATER))


def test_it_must_hold_on_the_day(database: Database) -> None:
    """Before it begins and after its end a target is not there; other plans do not count."""
    from minplan.database import changesets

    clock, plan, other = Clock(), trial_plan(), trial_plan("other")
    found(other, [zone("z", "别的规划")], clock, LAW)
    found(plan, [zone("a", "甲")], clock, LATER)

    def add(key: str, of: str, date: dt.date) -> Any:
        return carry_out(
            plan, "annual", clock, lambda c: changesets.add(c, [mineral(key, of)], date)
        )

    assert refused(lambda: add("1", "a", LAW)) == ["“1”引用的“a”当时不存在"]
    assert refused(lambda: add("1", "z", LATER)) == ["“1”引用的“z”当时不存在"]
    end = dt.date(2024, 1, 1)
    carry_out(plan, "annual", clock, lambda c: changesets.end(c, [("XZQ", "a")], end))
    assert refused(lambda: add("1", "a", end)) == ["“1”引用的“a”当时不存在"]


def test_what_is_named_does_not_go_alone(database: Database) -> None:
    from minplan.database import changesets

    clock, plan = Clock(), trial_plan()
    rows = [zone("a", "甲"), zone("b", "乙"), mineral("1", "a"), mineral("2", "a")]
    found(plan, rows, clock, LAW)

    def end(*gone: tuple[str, str]) -> Any:
        return carry_out(plan, "annual", clock, lambda c: changesets.end(c, gone, LATER))

    assert refused(lambda: end(("XZQ", "a"))) == [
        "“a”终止或撤销后，“1”仍引用它",
        "“a”终止或撤销后，“2”仍引用它",
    ]
    assert refused(lambda: end(("XZQ", "a"), ("FQKZ", "1"))) == ["“a”终止或撤销后，“2”仍引用它"]

    def instead(changeset: Any) -> None:
        changesets.end(changeset, [("XZQ", "a"), ("FQKZ", "1")], LATER)
        changesets.change(changeset, [mineral("2", "b")], LATER)

    carry_out(plan, "annual", clock, instead)


def test_what_is_named_is_not_withdrawn_alone(database: Database) -> None:
    from minplan.database import changesets

    clock, plan = Clock(), trial_plan()
    found(plan, [zone("a", "甲"), mineral("1", "a")], clock, LAW)

    def withdraw(*gone: tuple[str, str]) -> Any:
        return carry_out(
            plan, "correction", clock, lambda c: changesets.withdraw(c, gone, LAW, LATER)
        )

    assert refused(lambda: withdraw(("XZQ", "a"))) == ["“a”终止或撤销后，“1”仍引用它"]
    withdraw(("XZQ", "a"), ("FQKZ", "1"))


def test_what_ended_between_check_and_effect_is_found(database: Database) -> None:
    from minplan.database import changesets
    from minplan.database.asof import as_of

    clock, plan = Clock(), trial_plan()
    found(plan, [zone("a", "甲")], clock, LAW)
    draft = changesets.open_changeset(plan, "annual", "文件", "经办人", clock())
    changesets.add(draft, [mineral("1", "a")], LATER)
    changesets.check(draft, clock())
    changesets.approve(draft, "批准人", clock())
    carry_out(plan, "annual", clock, lambda c: changesets.end(c, [("XZQ", "a")], LATER))
    assert refused(lambda: changesets.make_effective(draft, clock())) == ["“1”引用的“a”当时不存在"]
    assert not as_of(plan, LATER).exists()
    assert changesets.get(draft.pk).state == "approved"


def test_a_check_costs_the_same_queries_whatever_its_size(database: Database) -> None:
    from django.db import connections
    from django.test.utils import CaptureQueriesContext

    from minplan.database import changesets

    clock, counts = Clock(), []
    for size in (2, 400):
        plan = trial_plan(f"p{size}")
        rows = [zone("a", "甲"), *(mineral(str(i), "a") for i in range(size))]
        draft = changesets.open_changeset(plan, "founding", "文件", "经办人", clock())
        changesets.add(draft, rows, LAW)
        with CaptureQueriesContext(connections[database.alias]) as caught:
            changesets.check(draft, clock())
        counts.append(len(caught))
    assert counts[0] == counts[1]
