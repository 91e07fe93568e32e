"""Editing zones and blocks as somebody: what is allowed, what is checked, what becomes of it."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from shapely import LineString, box
from tests.database.making import Clock
from tests.database.zones import (
    DAY,
    LICHENG,
    PLANNER,
    RIGHTS,
    SECOND,
    STONE,
    found_plan,
)

from minplan.core.access import Access
from minplan.core.access.model import Forbidden
from minplan.core.errors import Faults, PlanDataError, StoreError
from minplan.core.plan.model import MineralQuota
from minplan.core.plan.quota_use import quota_use
from minplan.core.plan.reshape import split_by_line
from minplan.core.standard.feature import FeatureValue
from minplan.database import Database
from minplan.database.acting import act_as

LAYER = "KAIGHQK"


def draft(plan: Any, clock: Clock, kind: str = "annual") -> Any:
    from minplan.database import editing

    return editing.open_draft(plan, kind, "晋自然资函〔2025〕8号", clock())


def changed(plan: Any, key: str, **more: Any) -> Any:
    """The zone as it stands, with other attributes or ground."""
    from minplan.core.plan.zone_edit import typed
    from minplan.database import zone_edits

    ground = more.pop("ground", None)
    there = zone_edits.stand(plan, DAY)
    layer = "JZKCQ" if key.startswith("CS") else LAYER
    held = there.get(layer, key)
    spec = zone_edits.zone_layer(there.edition, layer)
    attributes = {**typed(held, spec), **more}
    return zone_edits.Edit(FeatureValue(layer, key, attributes, ground or held.geometry))


def carry_out(changeset: Any, clock: Clock, approver: Access = SECOND) -> Any:
    from minplan.database import editing

    editing.check(changeset.pk, clock())
    with act_as(approver):
        editing.approve(changeset.pk, clock())
        return editing.take_effect(changeset.pk, clock())


def test_an_edit_becomes_effective_and_stays_in_history(database: Database) -> None:
    from minplan.database import editing, plans

    clock = Clock()
    plan = found_plan(clock)
    before = clock()
    with act_as(PLANNER):
        changeset = draft(plan, clock)
        editing.save(changeset, [changed(plan, "KQ1", MC="区块一（调整）")], date=DAY)
        carry_out(changeset, clock)
    names = {z.code: z.name for z in plans.load(plan, DAY).zones}
    assert names["KQ1"] == "区块一（调整）"
    day_before = DAY - dt.timedelta(days=1)
    assert {z.code: z.name for z in plans.load(plan, day_before).zones}["KQ1"] == "区块一"
    assert {z.code: z.name for z in plans.load(plan, DAY, before).zones}["KQ1"] == "区块一"


def test_what_the_layer_repeats_follows_from_what_was_typed(database: Database) -> None:
    from minplan.database import editing, plans, zone_edits
    from minplan.database.asof import as_of

    clock = Clock()
    plan = found_plan(clock)
    edit = changed(plan, "CS009")
    minerals = (
        MineralQuota(STONE, planned_rights=1),
        MineralQuota("建筑用白云岩", planned_rights=3),
    )
    with act_as(PLANNER):
        changeset = draft(plan, clock)
        editing.save(changeset, [zone_edits.Edit(edit.feature, minerals)], date=DAY)
        carry_out(changeset, clock)
    row = as_of(plan, DAY, layers=["JZKCQ"]).get()
    assert row.attributes["NSCKQS"] == 4
    assert row.attributes["ZYKZ"] == f"{STONE}、建筑用白云岩"
    (zone,) = [z for z in plans.load(plan, DAY).zones if z.code == "CS009"]
    assert [(m.mineral, m.planned_rights) for m in zone.minerals] == [
        (STONE, 1),
        ("建筑用白云岩", 3),
    ]


def test_a_county_edits_its_own_blocks_only(database: Database) -> None:
    from minplan.database import editing

    clock = Clock()
    plan = found_plan(clock)
    with act_as(LICHENG):
        changeset = draft(plan, clock)
        editing.save(changeset, [changed(plan, "KQ1", BZ="县级初核")], date=DAY)
        with pytest.raises(Forbidden, match="E952"):
            editing.save(changeset, [changed(plan, "QY1", BZ="越界")], date=DAY)
        with pytest.raises(Forbidden, match="E952"):  # not by claiming it either
            editing.save(changeset, [changed(plan, "QY1", SZXZQ="黎城县")], date=DAY)
        with pytest.raises(Forbidden, match="E952"):
            editing.save(changeset, [], date=DAY, ended=[(LAYER, "QY1")])
        abroad = box(112.2, 36.2, 112.21, 36.21)
        with pytest.raises(Forbidden, match="E868"):  # nor by drawing there
            editing.save(changeset, [changed(plan, "KQ1", ground=abroad)], date=DAY)
        editing.check(changeset.pk, clock())
        with pytest.raises(Forbidden, match="E951"):
            editing.approve(changeset.pk, clock())
    assert len(editing.operations_of(changeset)) == 1


def test_a_county_sees_no_draft_of_others(database: Database) -> None:
    from minplan.database import editing

    clock = Clock()
    plan = found_plan(clock)
    with act_as(PLANNER):
        changeset = draft(plan, clock)
        editing.save(changeset, [changed(plan, "QY1", BZ="调整")], date=DAY)
    with act_as(LICHENG):
        assert changeset.pk not in [item.pk for item in editing.listed(plan)]
        with pytest.raises(StoreError, match="E811"):
            editing.get(changeset.pk)
    with act_as(Access.of("qinyuan", ["county"], ["沁源县"])):
        assert editing.get(changeset.pk) == changeset
        with pytest.raises(Forbidden, match="E952"):
            editing.may_edit(changeset.pk)


def test_nobody_approves_their_own_and_others_may_not_edit(database: Database) -> None:
    from minplan.database import editing

    clock = Clock()
    plan = found_plan(clock)
    with act_as(RIGHTS), pytest.raises(Forbidden, match="E951"):
        draft(plan, clock)
    with act_as(PLANNER):
        changeset = draft(plan, clock)
        editing.save(changeset, [changed(plan, "KQ1", BZ="调整")], date=DAY)
        editing.check(changeset.pk, clock())
        with pytest.raises(Forbidden, match="E867"):
            editing.approve(changeset.pk, clock())
        with pytest.raises(StoreError, match="E805"):
            editing.save(changeset, [changed(plan, "KQ2", BZ="再改")], date=DAY)
    with act_as(SECOND):
        with pytest.raises(Forbidden, match="自己编制"):  # who edits must not be who approves
            editing.may_edit(changeset.pk)
        assert editing.reject(changeset.pk, "依据不足", clock()).reason == "依据不足"


def test_overlapping_blocks_are_not_checked_in(database: Database) -> None:
    from minplan.database import editing

    clock = Clock()
    plan = found_plan(clock)
    with act_as(PLANNER):
        changeset = draft(plan, clock)
        wider = box(113.11, 36.11, 113.14, 36.12)
        told = editing.save(changeset, [changed(plan, "KQ1", ground=wider)], date=DAY)
        assert [item.code for item in told] == ["T-03"]
        with pytest.raises(Faults) as caught:
            editing.check(changeset.pk, clock())
    assert [(f.code, f.place.field) for f in caught.value.faults] == [("E869", "KQ2")]


def test_a_wrong_value_is_refused_at_once(database: Database) -> None:
    from minplan.database import editing

    clock = Clock()
    plan = found_plan(clock)
    with act_as(PLANNER):
        changeset = draft(plan, clock)
        with pytest.raises(Faults) as caught:
            editing.save(changeset, [changed(plan, "KQ1", KCFS="用手挖", MC="")], date=DAY)
        assert sorted(f.code for f in caught.value.faults) == ["E713", "E716"]
        with pytest.raises(PlanDataError, match="没有改动"):
            editing.save(changeset, [changed(plan, "KQ1")], date=DAY)
    assert editing.operations_of(changeset) == ()


def test_a_conflict_with_another_changeset_is_explained(database: Database) -> None:
    from minplan.database import editing, zone_edits

    clock = Clock()
    plan = found_plan(clock)
    with act_as(LICHENG):
        first = draft(plan, clock)
        editing.save(first, [changed(plan, "KQ1", BZ="甲")], date=DAY)
        editing.check(first.pk, clock())
    with act_as(PLANNER):
        second = draft(plan, clock)
        editing.save(second, [changed(plan, "KQ1", BZ="乙")], date=DAY)
        found = zone_edits.rivals(plan, [(LAYER, "KQ1")], second)
        assert [item.changeset.pk for item in found] == [first.pk]
        with pytest.raises(Faults, match="licheng") as caught:
            editing.check(second.pk, clock())
    assert [item.code for item in caught.value.faults] == ["E866"]


def split(plan: Any, key: str) -> list[Any]:
    from minplan.database import zone_edits

    held = zone_edits.stand(plan, DAY).get(LAYER, key)
    middle = held.geometry.centroid.x - 0.002
    parts = split_by_line(held.geometry, LineString([(middle, 36.0), (middle, 36.3)]))
    return [
        zone_edits.Edit(
            FeatureValue(LAYER, f"{key}-{n}", {"MC": f"{key}-{n}", "SZXZQ": "黎城县"}, part),
            (MineralQuota(STONE),),
        )
        for n, part in enumerate(parts, start=1)
    ]


def test_split_blocks_keep_their_state_and_descent(database: Database) -> None:
    from minplan.database import audit, blocks, editing, plans

    clock = Clock()
    plan = found_plan(clock)
    with act_as(RIGHTS):
        early = DAY - dt.timedelta(days=30)
        blocks.register(plan, LAYER, "KQ1", "argued", early, document="意见", recorded=clock())
    with act_as(PLANNER):
        changeset = draft(plan, clock)
        editing.save(changeset, split(plan, "KQ1"), date=DAY, ended=[(LAYER, "KQ1")])
        carry_out(changeset, clock)
    states = blocks.standings(plan, DAY)
    assert {k[1]: s.state for k, s in states.items()} == {
        "KQ1": "struck",
        "KQ1-1": "argued",
        "KQ1-2": "argued",
    }
    assert set(blocks.successors(plan, LAYER, "KQ1")) == {(LAYER, "KQ1-1"), (LAYER, "KQ1-2")}
    assert blocks.latest(plan, LAYER, "KQ1").attributes["MC"] == "区块一"
    (use,) = quota_use(plans.load(plan, DAY), blocks.by_code(states), blocks.gone(plan, DAY))
    assert use.blocks == ("KQ1-1", "KQ1-2", "KQ2")
    assert audit.verify().faults == ()


def test_merged_blocks_point_to_what_they_became(database: Database) -> None:
    from minplan.database import blocks, editing, zone_edits

    clock = Clock()
    plan = found_plan(clock)
    whole = FeatureValue(
        LAYER, "KQ12", {"MC": "合并", "SZXZQ": "黎城县"}, box(113.11, 36.11, 113.15, 36.12)
    )
    with act_as(PLANNER):
        changeset = draft(plan, clock)
        edit = zone_edits.Edit(whole, (MineralQuota(STONE),))
        editing.save(changeset, [edit], date=DAY, ended=[(LAYER, "KQ1"), (LAYER, "KQ2")])
        carry_out(changeset, clock)
    for key in ("KQ1", "KQ2"):
        assert blocks.successors(plan, LAYER, key) == ((LAYER, "KQ12"),)
    tree = blocks.lineage(plan, LAYER, "KQ12")
    assert {line.start[1] for line in tree.lines} == {"KQ1", "KQ2"}


def test_a_correction_mends_an_interval(database: Database) -> None:
    from minplan.database import editing, plans

    clock = Clock()
    plan = found_plan(clock)
    until = DAY + dt.timedelta(days=10)
    with act_as(PLANNER):
        changeset = draft(plan, clock, "correction")
        edit = changed(plan, "KQ1", MC="区块一（更正）")
        editing.save(changeset, [edit], date=DAY, until=until)
        carry_out(changeset, clock)

    def name(day: dt.date) -> str:
        return next(z.name for z in plans.load(plan, day).zones if z.code == "KQ1")

    assert [name(DAY), name(until)] == ["区块一（更正）", "区块一"]
