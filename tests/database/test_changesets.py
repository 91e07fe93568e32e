"""Changesets and as-of reads, on both engines."""

from __future__ import annotations

import datetime as dt

import pytest
from tests.database.making import Clock, carry_out, found, moment, square, trial_plan, zone

from minplan.core.errors import Faults, StoreError
from minplan.core.standard.feature import FeatureValue
from minplan.database import Database

LAW = dt.date(2021, 1, 1)


def names(plan: object, date: dt.date, recorded: dt.datetime | None = None) -> dict[str, str]:
    from minplan.database.asof import as_of, values

    return {f.key: f.attributes["MC"] for f in values(as_of(plan, date, recorded))}


def test_changes_from_a_date_leave_the_time_before_as_it_was(database: Database) -> None:
    from minplan.database import changesets

    clock, plan = Clock(), trial_plan()
    found(plan, [zone("a", "甲"), zone("b", "乙")], clock, LAW)
    before = clock()
    date = dt.date(2023, 7, 1)
    carry_out(plan, "annual", clock, lambda c: changesets.change(c, [zone("a", "新甲")], date))
    carry_out(plan, "annual", clock, lambda c: changesets.end(c, [("XZQ", "b")], date))
    assert names(plan, dt.date(2020, 12, 31)) == {}
    assert names(plan, dt.date(2023, 6, 30)) == {"a": "甲", "b": "乙"}
    assert names(plan, date) == {"a": "新甲"}
    assert names(plan, date, before) == {"a": "甲", "b": "乙"}
    assert names(plan, date, moment(0)) == {}


def test_a_correction_keeps_what_was_believed(database: Database) -> None:
    from minplan.database import changesets

    clock, plan = Clock(), trial_plan()
    found(plan, [zone("a", "甲"), zone("b", "乙")], clock, LAW)
    before = clock()
    first, last = dt.date(2022, 1, 1), dt.date(2022, 7, 1)

    def stage(changeset: object) -> None:
        changesets.correct(changeset, [zone("a", "误记更正")], first, last)
        changesets.withdraw(changeset, [("XZQ", "b")], LAW)

    carry_out(plan, "correction", clock, stage)
    assert names(plan, dt.date(2021, 12, 31)) == {"a": "甲"}
    assert names(plan, first) == {"a": "误记更正"}
    assert names(plan, last) == {"a": "甲"}
    assert names(plan, first, before) == {"a": "甲", "b": "乙"}


def test_geometry_and_attributes_come_back_exactly(database: Database) -> None:
    from minplan.core.standard.feature import features_digest
    from minplan.database.asof import as_of, values

    clock, plan = Clock(), trial_plan()
    put = [
        zone("a", "甲\t\\N 乙", square(112.123456789123), MJ=12.5, XH=3, SFSY=True),
        zone("b", "“引号”'\"", square(112.0).union(square(113.0))),
        zone("c", "无图形"),
    ]
    found(plan, put, clock, LAW)
    got = values(as_of(plan, LAW))
    assert features_digest(got) == features_digest(put)
    assert got[0].attributes["MC"] == "甲\t\\N 乙"


def test_every_fault_is_told_and_nothing_is_written(database: Database) -> None:
    from minplan.database import changesets
    from minplan.database.models import Feature

    clock, plan = Clock(), trial_plan()
    changeset = changesets.open_changeset(plan, "founding", "文件", "经办人", clock())
    changesets.add(
        changeset,
        [
            zone("a", "甲", NOSUCH=1),
            FeatureValue("XZQ", "b", {"BSM": "b"}),
            FeatureValue("NOLAYER", "c", {"D": LAW}),
            zone("d", "丁", square(500.0)),
            zone(" e", "戊"),
        ],
        LAW,
    )
    with pytest.raises(Faults) as told:
        changesets.check(changeset, clock())
    codes = [fault.code for fault in told.value.faults]
    assert codes[:4] == ["E712", "E713", "E711", "E809"]
    assert "E809" in codes[4:]
    with pytest.raises(StoreError, match="E805"):
        changesets.approve(changeset, "批准人", clock())
    assert Feature.objects.count() == 0


@pytest.mark.parametrize(
    ("kind", "action"), [("founding", "change"), ("annual", "correct"), ("correction", "add")]
)
def test_kinds_allow_only_their_actions(database: Database, kind: str, action: str) -> None:
    from minplan.database import changesets

    clock, plan = Clock(), trial_plan()
    changeset = changesets.open_changeset(plan, kind, "文件", "经办人", clock())
    with pytest.raises(StoreError, match="E808"):
        getattr(changesets, action)(changeset, [zone("a")], LAW)


def test_actions_must_fit_what_is_believed(database: Database) -> None:
    from minplan.database import changesets

    clock, plan = Clock(), trial_plan()
    found(plan, [zone("a")], clock, LAW)
    changeset = changesets.open_changeset(plan, "annual", "文件", "经办人", clock())
    changesets.add(changeset, [zone("a")], dt.date(2025, 1, 1))
    changesets.change(changeset, [zone("x")], LAW)
    changesets.end(changeset, [("XZQ", "y")], LAW)
    with pytest.raises(Faults) as told:
        changesets.check(changeset, clock())
    assert [fault.code for fault in told.value.faults] == ["E807"] * 3


def test_what_became_impossible_meanwhile_changes_nothing(database: Database) -> None:
    from minplan.database import changesets

    clock, plan = Clock(), trial_plan()
    found(plan, [zone("a", "甲")], clock, LAW)
    date = dt.date(2024, 1, 1)
    late = changesets.open_changeset(plan, "annual", "文件", "经办人", clock())
    changesets.add(late, [zone("n", "新")], date)
    changesets.change(late, [zone("a", "晚")], date)
    changesets.check(late, clock())
    changesets.approve(late, "批准人", clock())
    carry_out(plan, "annual", clock, lambda c: changesets.end(c, [("XZQ", "a")], date))
    with pytest.raises(Faults, match="E807"):
        changesets.make_effective(late, clock())
    assert names(plan, date) == {}
    assert changesets.get(late.pk).state == "approved"


def test_recorded_time_runs_forward_and_has_a_zone(database: Database) -> None:
    from minplan.database import changesets

    clock, plan = Clock(), trial_plan()
    last = found(plan, [zone("a")], clock, LAW)
    changeset = changesets.open_changeset(plan, "annual", "文件", "经办人", clock())
    changesets.end(changeset, [("XZQ", "a")], dt.date(2024, 1, 1))
    changesets.check(changeset, clock())
    changesets.approve(changeset, "批准人", clock())
    for wrong in (last.effective, moment(0), clock().replace(tzinfo=None)):
        with pytest.raises(StoreError, match="E806"):
            changesets.make_effective(changeset, wrong)
    changesets.make_effective(changeset, last.effective + dt.timedelta(microseconds=1))


def test_steps_come_in_order_and_closed_changesets_stay_closed(database: Database) -> None:
    from minplan.database import changesets

    clock, plan = Clock(), trial_plan()
    done = found(plan, [zone("a")], clock, LAW)
    draft = changesets.open_changeset(plan, "annual", "文件", "经办人", clock())
    for step in (
        lambda: changesets.make_effective(draft, clock()),
        lambda: changesets.approve(draft, "批准人", clock()),
        lambda: changesets.check(draft, clock()),
        lambda: changesets.make_effective(done, clock()),
        lambda: changesets.reject(done, "批准人", "", clock()),
        lambda: changesets.end(done, [("XZQ", "a")], LAW),
    ):
        with pytest.raises(StoreError, match=r"E805|E808"):
            step()
    changesets.reject(draft, "批准人", "依据不足", clock())
    assert changesets.get(draft.pk).reason == "依据不足"


def test_near_finds_by_place_on_both_engines(database: Database) -> None:
    from minplan.database.asof import as_of, values
    from minplan.database.spatial import near

    clock, plan = Clock(), trial_plan()
    put = [zone(f"k{i}", shape=square(112 + i / 10)) for i in range(10)] + [zone("none")]
    found(plan, put, clock, LAW)
    here = near((112.205, 36.0, 112.31, 36.001), as_of(plan, LAW))
    assert [f.key for f in values(here)] == ["k2", "k3"]
    assert not values(near((0.0, 0.0, 1.0, 1.0), as_of(plan, LAW)))
    assert not values(near((float("nan"), 0.0, 1.0, 1.0), as_of(plan, LAW)))
