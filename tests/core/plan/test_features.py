"""A plan as features of the standard and back: nothing is lost, whatever the order of the rows."""

from __future__ import annotations

import datetime as dt
import random
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import MultiPolygon, Point, box

from minplan.core.errors import PlanDataError
from minplan.core.geometry.crs import CoordinateSystem, Datum
from minplan.core.geometry.polygonal import ElevationRange, Polygonal
from minplan.core.plan.canonical import content_hash
from minplan.core.plan.features import features_to_snapshot, snapshot_to_features
from minplan.core.plan.model import (
    BlockCount,
    Clause,
    Contradiction,
    Indicator,
    Level,
    Measure,
    MineralQuota,
    Modality,
    Operator,
    Plan,
    PlanSnapshot,
    PlanTable,
    Property,
    Quota,
    Reading,
    Status,
    SubPlan,
    Threshold,
    Zone,
    ZoneKind,
)
from minplan.core.standard.feature import FeatureValue
from minplan.core.standard.load import edition
from minplan.core.standard.validate import validate_layer, validate_references
from minplan.core.text import Text

EDITION = edition("2021-2025")
ZONE_38 = CoordinateSystem(Datum.CGCS2000, 3, 38)
PLAN = Plan(
    id="example-2021-2025",
    name=Text("示例规划", "example plan"),
    level=Level.CITY,
    region_code="140400",
    region_name="长治市",
    first_year=2021,
    last_year=2025,
    base_year=2020,
    act="示例文号",
    effective_from=dt.date(2023, 9, 6),
    effective_to=None,
    issuer="示例机关",
    city_minerals=("石灰岩", "花岗岩"),
)
ZONES = (
    Zone(
        code="140426",
        kind=ZoneKind.COUNTY,
        name="黎城县",
        counties=("黎城县",),
        region="黎城县",
        level=Level.COUNTY,
        note="Licheng",
        geometry=Polygonal(box(113.1, 36.3, 113.6, 36.9), source="示例"),
    ),
    Zone(
        code="CS1",
        kind=ZoneKind.CONCENTRATED_MINING_AREA,
        name="集中开采区一",
        counties=("黎城县",),
        minerals=(
            MineralQuota("建筑石料用灰岩", 0, 2, "石灰岩"),
            MineralQuota("建筑用白云岩", None, 1),
        ),
        area_km2=Decimal("1.70"),
        level=Level.CITY,
        clause="c1",
        measures=("M-1",),
        geometry=Polygonal(box(113.2, 36.4, 113.21, 36.41), ZONE_38),
        schematic=True,
    ),
    Zone(code="EB1", kind=ZoneKind.ENERGY_BASE, name="煤炭基地", count=3, note="长" * 300),
    Zone(
        code="KQ1",
        kind=ZoneKind.MINING_BLOCK,
        name="开采区块",
        geometry=Polygonal(
            MultiPolygon([box(113, 36, 113.01, 36.01), box(113.1, 36, 113.11, 36.01)]),
            elevation=ElevationRange(1300.5, 900.0),
        ),
    ),
)
SNAPSHOT = PlanSnapshot(
    plan=PLAN,
    clauses=(Clause("c1", "第一章", "总则", "概括" * 200), Clause("c1-1", "一", "目标", "", "c1")),
    zones=ZONES,
    measures=(Measure("M-1", ZoneKind.CONCENTRATED_MINING_AREA, "措施", "c1"),),
    block_counts=(BlockCount(ZoneKind.MINING_BLOCK, Level.CITY, "石灰岩", 5, "c1"),),
    quotas=(
        Quota(
            "output",
            "煤炭",
            None,
            2025,
            Operator.RANGE,
            Decimal("1.50"),
            Decimal("1.7"),
            "亿吨/年",
            Modality.ABOUT,
            "c1",
            "table",
        ),
    ),
    thresholds=(
        Threshold("minimum-scale", "煤炭", "120", "万吨/年", Modality.FIRM, "c1", "R-AT-01"),
        Threshold("exploration-degree", None, "detailed", "", Modality.IN_PRINCIPLE, "c1"),
        Threshold("minimum-scale", None, "30.0", "万吨/年", Modality.FIRM, "c1", "", "a=b"),
    ),
    indicators=(
        Indicator(
            "I-1", "矿山数", "个", "", Operator.AT_MOST, "3—5", Property.UNKNOWN, "city", "c1"
        ),
    ),
    status=(
        Status("mines", None, "黎城县", Decimal(291), "个", dt.date(2020, 12, 31), "c1"),
        Status("output", "煤炭", None, Decimal("0.10"), "亿吨", dt.date(2020, 12, 31), ""),
    ),
    contradictions=(
        Contradiction("D-1", "矿山数", (Reading("表4", "20"), Reading("正文", "50左右")), "说明"),
    ),
    sub_plans=(SubPlan("黎城县", False),),
    tables=(PlanTable("t-1", "表", ("列，一", "二"), (("1", ""), ("“引”", " 空 格 ")), "c1"),),
)
HASHED = replace(SNAPSHOT, sha256=content_hash(SNAPSHOT))


def test_the_way_there_and_back_is_exact() -> None:
    features = snapshot_to_features(HASHED, EDITION)
    assert features_to_snapshot(features, EDITION) == HASHED


@given(st.randoms(use_true_random=False))
@settings(max_examples=20, deadline=None)
def test_the_order_of_rows_does_not_matter(chance: random.Random) -> None:
    features = list(snapshot_to_features(HASHED, EDITION))
    chance.shuffle(features)
    assert features_to_snapshot(features, EDITION) == HASHED


def test_a_plan_without_geometry() -> None:
    bare = replace(SNAPSHOT, zones=tuple(replace(zone, geometry=None) for zone in ZONES))
    back = features_to_snapshot(snapshot_to_features(bare, EDITION), EDITION)
    assert back.sha256 == content_hash(bare)
    assert back.sha256 != HASHED.sha256


def test_features_are_valid_and_in_their_stored_form() -> None:
    features = snapshot_to_features(HASHED, EDITION)
    assert validate_references(EDITION, features) == ()
    for code in {item.layer for item in features}:
        members = tuple(item for item in features if item.layer == code)
        check = validate_layer(EDITION, code, members, date=PLAN.effective_from)
        assert check.faults == ()
        assert check.features == members


def test_what_a_zone_becomes() -> None:
    features = {item.key: item for item in snapshot_to_features(HASHED, EDITION)}
    zone = features["CS1"]
    assert zone.layer == "JZKCQ"
    told = zone.attributes
    assert (told["MJ"], told["MJWB"], told["XZQDM"], told["GHJB"]) == (1.7, "1.70", "140426", "3")
    assert (told["ZYKZ"], told["YSCKQS"], told["NSCKQS"]) == (
        "建筑石料用灰岩、建筑用白云岩",
        0,
        3,
    )
    assert (told["BJZB"], told["SFSY"]) == (4526, True)
    assert told["JSMJ"] == pytest.approx(0.99, abs=0.02)


def test_long_texts_are_cut_and_kept_whole_elsewhere() -> None:
    features = {item.key: item for item in snapshot_to_features(HASHED, EDITION)}
    note = features["EB1"].attributes["BZ"]
    assert note == "长" * 127
    assert features["NYZYJD|EB1|BZ"].attributes["NR"] == "长" * 300


def test_a_text_that_was_changed_since_is_not_overwritten() -> None:
    features = [
        replace(item, attributes={**item.attributes, "BZ": "新的备注"})
        if item.key == "EB1"
        else item
        for item in snapshot_to_features(HASHED, EDITION)
    ]
    back = features_to_snapshot(features, EDITION)
    assert next(zone.note for zone in back.zones if zone.code == "EB1") == "新的备注"


def test_zones_from_elsewhere_have_the_minerals_of_their_own_field() -> None:
    identity = next(i for i in snapshot_to_features(HASHED, EDITION) if i.layer == "GHXX")
    told = {"BSM": "Z9", "MC": "区", "ZYKZ": "煤炭、铝土矿", "MJ": 120.0}
    back = features_to_snapshot([identity, FeatureValue("ZDKCQ", "Z9", told)], EDITION)
    assert back.zones[0].mineral_names == ("煤炭", "铝土矿")
    assert back.zones[0].area_km2 == Decimal("120.0")


@pytest.mark.parametrize(
    ("feature", "code"),
    [
        (FeatureValue("ZDKCQ", "Z9", {"MC": "区", "GHJB": "9"}), "E741"),
        (FeatureValue("ZDKCQ", "Z9", {"MC": "区"}, Point(113, 36)), "E741"),
        (FeatureValue("ZDKCQ", "Z9", {"MC": "区", "BJZB": 3857}, box(113, 36, 114, 37)), "E741"),
        (FeatureValue("FBNR", "t|1", {"FBBSM": "t", "NR": "{"}), "E741"),
        (FeatureValue("QKSL", "q", {"FQLB": "开采规划区块"}), "E741"),
        (FeatureValue("GHXX", "another", {"BSM": "another"}), "E742"),
    ],
)
def test_what_the_plan_cannot_use_is_named(feature: FeatureValue, code: str) -> None:
    features = [*snapshot_to_features(HASHED, EDITION), feature]
    with pytest.raises(PlanDataError) as caught:
        features_to_snapshot(features, EDITION)
    assert caught.value.code == code


def test_an_edition_without_the_tables_is_refused() -> None:
    with pytest.raises(PlanDataError) as caught:
        snapshot_to_features(HASHED, edition("third-round"))
    assert caught.value.code == "E711"
