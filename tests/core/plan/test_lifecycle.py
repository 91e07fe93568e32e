"""The life of a block, what it uses of a quota, and the ground of edited zones."""

from __future__ import annotations

import datetime as dt

import pytest
from shapely import LineString, box

from minplan.core.errors import InputError, PlanDataError
from minplan.core.geometry.polygonal import Polygonal
from minplan.core.plan import lifecycle
from minplan.core.plan.ground_checks import Surroundings, ground_issues
from minplan.core.plan.lifecycle import BlockStep, Related, Standing
from minplan.core.plan.model import Level, MineralQuota, Plan, PlanSnapshot, Zone, ZoneKind
from minplan.core.plan.quota_use import quota_use, total, totals
from minplan.core.plan.reshape import merged, split_by_line, without
from minplan.core.standard.feature import FeatureValue
from minplan.core.standard.load import edition
from minplan.core.text import Text

DAY = dt.date(2024, 5, 1)
STONE = "建筑石料用灰岩"


def steps(*states: str) -> list[BlockStep]:
    return [BlockStep(state, DAY + dt.timedelta(days=n)) for n, state in enumerate(states)]


def zone(code: str, kind: ZoneKind, ground: object, **more: object) -> Zone:
    return Zone(code, kind, code, counties=("黎城县",), geometry=Polygonal(ground), **more)  # type: ignore[arg-type]


def plan(*zones: Zone) -> PlanSnapshot:
    card = Plan(
        "p", Text("规划", "plan"), Level.CITY, "140400", "长治市", 2021, 2025, 2020, "文",
        DAY, None, "",
    )  # fmt: skip
    return PlanSnapshot(card, zones=zones)


def test_the_states_follow_one_another() -> None:
    words = [item.word.zh for item in lifecycle.states()]
    assert words == ["拟设", "已论证", "已出让", "已发证", "核销"]
    assert [s.to for s in lifecycle.next_steps("argued")] == ["granted", "struck", "planned"]
    with pytest.raises(PlanDataError, match="不能直接改为“已发证”") as caught:
        lifecycle.step_between("planned", "licensed")
    assert caught.value.code == "E861"


def test_a_step_needs_its_document_a_reason_back_and_a_licence() -> None:
    grant = lifecycle.step_between("argued", "granted")
    back = lifecycle.step_between("granted", "argued")
    licence = lifecycle.step_between("granted", "licensed")
    with pytest.raises(PlanDataError, match="E862"):
        lifecycle.require(grant, " ", "", ())
    with pytest.raises(PlanDataError, match="E863"):
        lifecycle.require(back, "决定", "", ())
    with pytest.raises(PlanDataError, match="E864"):
        lifecycle.require(licence, "通知书", "", ())
    right = Related(lifecycle.BECAME_RIGHT, "CKQ", "C1404002024051110000001")
    lifecycle.require(licence, "通知书", "", (right,))


def test_where_a_block_stands_on_a_day() -> None:
    taken = steps("argued", "granted", "licensed", "struck")
    assert lifecycle.standing(taken, DAY - dt.timedelta(days=1)) == Standing()
    assert lifecycle.standing(taken, DAY).state == "argued"
    assert lifecycle.standing(taken, DAY + dt.timedelta(days=9)) == Standing(
        "struck", DAY + dt.timedelta(days=3), granted=True
    )
    assert not lifecycle.standing(steps("argued", "granted", "argued"), dt.date.max).granted


def test_quota_use_counts_what_was_granted_and_flags_too_much() -> None:
    area = zone(
        "CS1",
        ZoneKind.CONCENTRATED_MINING_AREA,
        box(113, 36, 113.1, 36.1),
        minerals=(MineralQuota(STONE, existing_rights=3, planned_rights=1),),
    )
    inside = [
        zone(f"K{n}", ZoneKind.MINING_BLOCK, box(x, 36.02, x + 0.01, 36.03),
             minerals=(MineralQuota(STONE),))
        for n, x in ((1, 113.02), (2, 113.04))
    ]  # fmt: skip
    outside = zone("K9", ZoneKind.MINING_BLOCK, box(114, 36, 114.01, 36.01))
    snapshot = plan(area, *inside, outside)
    (untouched,) = quota_use(snapshot, {})
    assert (untouched.planned, untouched.granted, untouched.left) == (1, 0, 1)
    assert untouched.blocks == ("K1", "K2")
    granted = Standing("granted", DAY, granted=True)
    (one,) = quota_use(snapshot, {"K1": granted, "K9": granted})
    assert (one.granted, one.left, one.over) == (1, 0, False)
    (two,) = quota_use(snapshot, {"K1": granted, "K2": granted})
    assert (two.left, two.over) == (-1, True)
    assert total([two]).left == -1
    assert [(t.name, t.planned, t.granted) for t in totals([two], "county")] == [("黎城县", 1, 2)]


def test_a_granted_block_that_is_gone_still_uses_the_quota() -> None:
    area = zone(
        "CS1",
        ZoneKind.CONCENTRATED_MINING_AREA,
        box(113, 36, 113.1, 36.1),
        minerals=(MineralQuota(STONE, planned_rights=1),),
    )
    gone = zone("K1", ZoneKind.MINING_BLOCK, box(113.02, 36.02, 113.03, 36.03))
    struck = {"K1": Standing("struck", DAY, granted=True)}
    use = quota_use(plan(area), struck, [gone])
    assert sum(item.granted for item in use) == 1


def test_a_line_splits_a_block_into_what_merges_back() -> None:
    block = box(113, 36, 113.02, 36.01)
    parts = split_by_line(block, LineString([(113.005, 35.99), (113.005, 36.02)]))
    assert len(parts) == 2
    assert parts[0].area > parts[1].area
    assert merged(parts).equals(block)
    with pytest.raises(InputError, match="E865"):
        split_by_line(block, LineString([(114, 35.99), (114, 36.02)]))


def test_a_hole_is_cut_out() -> None:
    block = box(113, 36, 113.02, 36.01)
    left = without(block, box(113.005, 36.002, 113.01, 36.004))
    assert len(left.interiors) == 1
    with pytest.raises(InputError, match="E865"):
        without(block, box(114, 36, 114.1, 36.1))


def test_the_ground_of_a_block_is_held_against_its_neighbours() -> None:
    county = zone("140426", ZoneKind.COUNTY, box(113, 36, 114, 37))
    county = Zone("140426", ZoneKind.COUNTY, "黎城县", geometry=county.geometry)
    neighbour = zone("K2", ZoneKind.MINING_BLOCK, box(113.01, 36.5, 113.03, 36.51))
    around = Surroundings(plan(county, neighbour), edition("2021-2025"))
    good = {"SZXZQ": "黎城县"}
    clear = FeatureValue("KAIGHQK", "K1", good, box(113.05, 36.5, 113.06, 36.51))
    assert ground_issues(clear, around) == ()
    over = FeatureValue("KAIGHQK", "K1", good, box(113.02, 36.5, 113.04, 36.51))
    assert [(i.code, i.severity, i.key) for i in ground_issues(over, around)] == [
        ("T-03", "error", "K2")
    ]
    stated = {**good, "MJ": 5.0, "MJWB": "5"}
    wrong = FeatureValue("KAIGHQK", "K1", stated, box(113.05, 36.5, 113.06, 36.51))
    assert [i.code for i in ground_issues(wrong, around)] == ["G-03"]
    abroad = FeatureValue("KAIGHQK", "K1", good, box(113.99, 36.5, 114.01, 36.51))
    assert [i.code for i in ground_issues(abroad, around)] == ["T-08", "G-01"]
