"""The Changzhi plan as data holds every box, table, target and limit of the text."""

from __future__ import annotations

import csv
import importlib
from collections import Counter
from decimal import Decimal
from importlib import resources
from pathlib import Path

import pytest

from minplan.core.plan.model import (
    Modality,
    Operator,
    PlanSnapshot,
    PlanTable,
    Property,
    Zone,
    ZoneKind,
)
from minplan.core.review.rule import registered
from minplan.core.standard.minerals import find_mineral
from minplan.formats.plan_package import load_plan

PACKAGE = Path(str(resources.files("minplan.demo"))) / "changzhi" / "plan"

#: Box 6, read anew: code, area, county, then mineral, existing and planned rights.
BOX_6 = """
CS001 2.45 沁源县 建筑石料用灰岩 - 1
CS002 1.70 沁源县 建筑石料用灰岩 - 1
CS003 2.45 武乡县 建筑石料用灰岩 - 1
CS004 7.65 武乡县 建筑用白云岩 - 1 建筑石料用灰岩 - 1
CS005 2.74 武乡县 建筑石料用灰岩 - 1
CS006 3.83 黎城县 建筑用白云岩 - 1
CS007 8.46 黎城县 建筑石料用灰岩 - 2
CS008 4.04 黎城县 建筑石料用灰岩 - 1
CS009 29.65 黎城县 建筑石料用灰岩 - 2
CS010 1.86 黎城县 制碱用灰岩 - 1
CS011 2.19 潞城区 建筑石料用灰岩 3 1
CS012 26.37 潞城区 水泥用灰岩 - 2 熔剂用灰岩 - 1
CS013 41.03 潞城区 建筑石料用灰岩 - 2
CS014 1.17 上党区 建筑石料用灰岩 1 -
CS015 1.80 上党区 建筑石料用灰岩 - 1
CS016 1.68 壶关县 建筑石料用灰岩 - 1
CS017 2.44 壶关县 建筑石料用灰岩 - 1
CS018 1.10 平顺县 建筑石料用灰岩 - 1
CS019 12.72 平顺县 建筑石料用灰岩 - 1
CS020 8.11 平顺县 建筑石料用灰岩 - 2
CS021 1.52 平顺县 熔剂用灰岩 - 1
"""
#: Boxes 2 to 5 and 9: code and printed area, in the order of the plan.
AREAS = {
    ZoneKind.NATIONAL_PLANNED_MINING_AREA: "1436.89 859.69 1045.64 1366.80 611.52 - - -",
    ZoneKind.STRATEGIC_RESERVE_AREA: "266 273",
    ZoneKind.KEY_EXPLORATION_AREA: "964 118 2297.83",
    ZoneKind.KEY_MINING_AREA: "117.49 593 2297.83",
    ZoneKind.KEY_REMEDIATION_ZONE: "383.24 121.33 559.69 487.73 27.44 139.81 203.25",
    ZoneKind.GENERAL_REMEDIATION_ZONE: "517.09 195.706",
}


@pytest.fixture(scope="module")
def plan() -> PlanSnapshot:
    return load_plan(PACKAGE)


def table_of(plan: PlanSnapshot, name: str) -> PlanTable:
    return next(item for item in plan.tables if item.id == name)


def total(table: PlanTable, column: str, *, last: int | None = -1) -> Decimal:
    """Sum of a column; the last row is a printed total unless ``last`` is None."""
    index = table.columns.index(column)
    return sum((Decimal(row[index]) for row in table.rows[:last]), Decimal(0))


def area(plan: PlanSnapshot, kind: ZoneKind) -> Decimal:
    return sum((zone.area_km2 or Decimal(0) for zone in plan.zones_of(kind)), Decimal(0))


# -- identity and text -----------------------------------------------------------------


def test_identity(plan: PlanSnapshot) -> None:
    assert plan.plan.act == "长政办发〔2023〕29号"
    assert (plan.plan.region_code, plan.plan.region_name) == ("140400", "长治市")
    assert (plan.plan.base_year, plan.plan.first_year, plan.plan.last_year) == (2020, 2021, 2025)
    assert len(plan.zones_of(ZoneKind.COUNTY)) == 12


def test_the_tree_of_clauses_is_whole(plan: PlanSnapshot) -> None:
    chapters = [item.id for item in plan.clauses if item.parent is None]
    assert chapters == [f"c{number}" for number in range(9)]
    children = Counter(item.parent for item in plan.clauses)
    assert children["c4-1-3-1"] == 7
    assert children["c4-2-1"] == 7
    assert children["c4-5"] == 6
    assert children["c7"] == 6
    assert children["c8-1"] == children["c8-2"] == 8
    assert {f"table-{n}" for n in range(1, 6)} <= {item.id for item in plan.clauses}
    assert {f"box-{n}" for n in range(1, 11)} <= {item.id for item in plan.clauses}
    last = plan.clause("c4-2-1-5")
    assert last is not None
    assert last.number == "第四章二（一）5"


def test_ids_of_clauses_follow_their_parents(plan: PlanSnapshot) -> None:
    for clause in plan.clauses:
        if clause.id.startswith("c") and clause.parent:
            assert clause.id.rpartition("-")[0] == clause.parent


def test_paraphrases_are_short(plan: PlanSnapshot) -> None:
    assert max(len(clause.paraphrase) for clause in plan.clauses) <= 80
    assert max(len(measure.text) for measure in plan.measures) <= 40


# -- zones -----------------------------------------------------------------


@pytest.mark.parametrize("line", BOX_6.split("\n")[1:-1], ids=lambda line: line[:5])
def test_box_6(plan: PlanSnapshot, line: str) -> None:
    code, printed, county, *rights = line.split()
    zone = next(item for item in plan.zones if item.code == code)
    assert zone.kind is ZoneKind.CONCENTRATED_MINING_AREA
    assert (zone.area_km2, zone.counties) == (Decimal(printed), (county,))
    found: list[str] = []
    for item in zone.minerals:
        numbers = (item.existing_rights, item.planned_rights)
        found += [item.mineral, *("-" if number is None else str(number) for number in numbers)]
    assert found == rights


def test_concentrated_mining_areas_add_up(plan: PlanSnapshot) -> None:
    zones = plan.zones_of(ZoneKind.CONCENTRATED_MINING_AREA)
    assert len(zones) == 21
    assert area(plan, ZoneKind.CONCENTRATED_MINING_AREA) == Decimal("164.96")
    planned: Counter[str] = Counter()
    for zone in zones:
        for item in zone.minerals:
            planned[item.mineral] += item.planned_rights or 0
    limestone = {name for name in planned if name.endswith("灰岩")}
    assert planned.total() == 27
    assert sum(planned[name] for name in limestone) == 25
    assert planned["建筑用白云岩"] == 2
    assert planned["建筑石料用灰岩"] == 20
    wordings = {item.as_printed for zone in zones for item in zone.minerals}
    assert {"水泥用石灰岩", "熔剂用石灰岩"} <= wordings


@pytest.mark.parametrize(("kind", "figures"), AREAS.items(), ids=lambda value: str(value)[:12])
def test_areas_of_the_other_boxes(plan: PlanSnapshot, kind: ZoneKind, figures: str) -> None:
    printed = [None if figure == "-" else Decimal(figure) for figure in figures.split()]
    assert [zone.area_km2 for zone in plan.zones_of(kind)] == printed


def test_zones_of_the_upper_plans(plan: PlanSnapshot) -> None:
    assert len(plan.zones_of(ZoneKind.ENERGY_BASE)) == 3
    minerals = [
        name
        for zone in plan.zones_of(ZoneKind.NATIONAL_PLANNED_MINING_AREA)
        for name in zone.mineral_names
    ]
    assert Counter(minerals) == {"煤炭": 4, "铝土矿": 1, "煤层气": 3}
    codes = [zone.code for zone in plan.zones_of(ZoneKind.KEY_MINING_AREA)]
    assert codes == ["CZ001", "CZ002", "CZ003"]
    assert len(plan.zones_of(ZoneKind.INDUSTRY_DEVELOPMENT_AREA)) == 7


def test_remediation_zones_add_up(plan: PlanSnapshot) -> None:
    assert area(plan, ZoneKind.KEY_REMEDIATION_ZONE) == Decimal("1922.49")
    assert area(plan, ZoneKind.GENERAL_REMEDIATION_ZONE) == Decimal("712.796")
    zones = plan.zones_of(ZoneKind.KEY_REMEDIATION_ZONE, ZoneKind.GENERAL_REMEDIATION_ZONE)
    assert [zone.code for zone in zones] == [f"I{n}" for n in range(1, 8)] + ["II1", "II2"]
    assert all(zone.note.startswith("问题：") for zone in zones)


@pytest.mark.parametrize(
    ("kind", "count", "printed"),
    [
        (ZoneKind.ENVIRONMENT_PROTECTION_AREA, 19, "1719.83"),
        (ZoneKind.ENVIRONMENT_PREVENTION_AREA, 6, "3742.9"),
    ],
)
def test_areas_the_plan_only_counts(
    plan: PlanSnapshot, kind: ZoneKind, count: int, printed: str
) -> None:
    (zone,) = plan.zones_of(kind)
    assert (zone.count, zone.area_km2, zone.geometry) == (count, Decimal(printed), None)


def test_every_kind_of_zone_and_block_has_its_measures(plan: PlanSnapshot) -> None:
    kinds = set(ZoneKind) - {ZoneKind.COUNTY}
    assert {measure.applies_to for measure in plan.measures} == kinds
    for zone in plan.zones:
        assert zone.measures or zone.kind is ZoneKind.COUNTY


# -- blocks, quotas, limits -----------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "level", "counts"),
    [
        ("exploration-block", "province", [17, 7, 2, 5, 1, 1, 2, 1]),
        ("mining-block", "province", [4, 6, 4, 7]),
        ("mining-block", "city", [25, 2, 1, 2, 1]),
    ],
)
def test_block_counts(plan: PlanSnapshot, kind: str, level: str, counts: list[int]) -> None:
    rows = [item.count for item in plan.block_counts if (item.kind, item.level) == (kind, level)]
    assert rows == counts
    assert sum(rows) in (36, 21, 31)


def test_targets_of_table_4(plan: PlanSnapshot) -> None:
    table = table_of(plan, "table-4")
    assert len(table.rows) == 21
    assert {row[table.columns.index("属性")] for row in table.rows} == {""}
    targets = {
        item.target.replace("—", "-") for item in plan.indicators if item.clause == "table-4"
    }
    assert targets == {row[table.columns.index("2025年")] for row in table.rows}
    assert all(item.property is Property.UNKNOWN for item in plan.indicators)


def test_how_firmly_targets_bind(plan: PlanSnapshot) -> None:
    modality = {item.id: item.modality for item in plan.indicators}
    assert modality["I-03"] is Modality.STRIVE
    assert modality["I-18"] is Modality.ABOUT
    assert modality["I-19"] is Modality.FIRM
    coal_bed = next(item for item in plan.indicators if item.id == "I-03")
    assert (coal_bed.operator, coal_bed.target) == (Operator.RANGE, "640—1280")


def test_limestone_quotas_add_up(plan: PlanSnapshot) -> None:
    parts = ("建筑石料用灰岩", "水泥用灰岩", "熔剂用灰岩")
    figures = [
        item.high
        for name in parts
        for item in plan.quotas_of("output", name)
        if item.place == "table"
    ]
    assert figures == [1900, 400, 310]
    assert {item.high for item in plan.quotas_of("output", "石灰岩")} == {sum(figures)}


@pytest.mark.parametrize(
    ("mineral", "readings"),
    [("陶瓷土", {20, 50}), ("石英岩", {168, 170}), ("煤炭", {Decimal("1.7")})],
)
def test_contradicting_quotas_keep_every_reading(
    plan: PlanSnapshot, mineral: str, readings: set[Decimal]
) -> None:
    assert {item.high for item in plan.quotas_of("output", mineral)} == readings


def test_caps(plan: PlanSnapshot) -> None:
    (capacity,) = plan.quotas_of("capacity", "煤炭")
    assert (capacity.operator, capacity.high) == (Operator.AT_MOST, Decimal("1.8"))
    (city,) = plan.quotas_of("output")
    assert (city.high, city.modality) == (3000, Modality.ABOUT)
    (mines,) = plan.quotas_of("mines", "陶瓷土")
    assert (mines.operator, mines.low, mines.high) == (Operator.RANGE, 2, 3)
    (luzhou,) = plan.quotas_of("output", "煤炭", "潞州区")
    assert luzhou.high == 1800
    assert plan.quotas_of("mines", None, "沁县")[0].high == 4


def test_minimum_scales(plan: PlanSnapshot) -> None:
    scales = {
        item.mineral: item.value for item in plan.thresholds if item.subject == "minimum-scale"
    }
    assert scales == {
        "煤炭": "120",
        "铁矿": "5",
        "水泥用灰岩": "30",
        "建筑用白云岩": "10",
        "建筑石料用灰岩": "50",
        "陶瓷土": "10",
        "石英岩": "10",
    }


def test_other_limits(plan: PlanSnapshot) -> None:
    (minimum,) = plan.thresholds_of("minimum-area")
    assert (minimum.value, minimum.unit, minimum.modality) == (
        "1",
        "基本单位区块",
        Modality.IN_PRINCIPLE,
    )
    degrees = [
        (item.value, item.condition) for item in plan.thresholds_of("exploration-degree", "煤炭")
    ]
    assert degrees == [("detailed", ""), ("detailed", "deposit=large"), ("general", "")]
    assert {item.modality for item in plan.thresholds_of("minimum-mine-size")} == {
        Modality.IN_PRINCIPLE
    }


# -- tables and status -----------------------------------------------------------------


def test_printed_totals_of_the_tables(plan: PlanSnapshot) -> None:
    assert total(table_of(plan, "table-2"), "矿山数量") == 291
    third = table_of(plan, "table-3")
    assert total(third, "总破坏面积") == Decimal("222.002137")
    assert third.rows[-1][1:] == ("222.0018", "82.784", "39.318", "122.102")
    assert total(third, "治理面积合计") == Decimal("122.102")
    fifth = table_of(plan, "table-5")
    assert sum(int(row[2]) for row in fifth.rows[:-1]) == 392
    assert total(fifth, "修复任务（公顷）") == Decimal("447.80")
    assert fifth.rows[-1][-1] == "447.81"


def test_tables_are_whole(plan: PlanSnapshot) -> None:
    sizes = {item.id: len(item.rows) for item in plan.tables}
    assert {name: sizes[name] for name in ("table-1", "table-2", "table-3", "table-5")} == {
        "table-1": 23,
        "table-2": 17,
        "table-3": 13,
        "table-5": 11,
    }
    assert (sizes["box-7"], sizes["box-8"], sizes["box-10"]) == (18, 9, 2)


def test_restoration_tasks_by_county_agree_with_table_5(plan: PlanSnapshot) -> None:
    tasks = {item.county: item.target for item in plan.indicators if item.clause == "table-5"}
    assert tasks == {row[1]: row[3] for row in table_of(plan, "table-5").rows[:-1]}


def test_mines_of_the_base_year(plan: PlanSnapshot) -> None:
    rows = [
        item
        for item in plan.status
        if item.subject == "mines" and item.place == "table-2" and item.mineral
    ]
    assert len(rows) == 16
    assert sum(item.value for item in rows) == 291
    assert plan.status_of("mines")[0].value == 291
    assert plan.status_of("mines", "石灰岩")[0].value == 78 + 5 + 3
    assert plan.status_of("capacity", "煤炭")[0].value == 15480


def test_sub_plans(plan: PlanSnapshot) -> None:
    assert [item.county for item in plan.sub_plans if item.in_text] == ["潞州区", "沁县"]
    assert len(plan.sub_plans) == 12


# -- contradictions -----------------------------------------------------------------


def test_the_known_contradictions_are_kept(plan: PlanSnapshot) -> None:
    values = {item.id: [reading.value for reading in item.readings] for item in plan.contradictions}
    assert values["D-01"] == ["20", "50左右"]
    assert values["D-04"][0].endswith("112°44′04″E")
    assert values["D-05"][:2] == ["447.81", "447.80"]
    assert values["D-12"] == ["5498.159", "5497.659"]
    assert any("3008.32" in value for value in values["D-18"])
    assert len(values) == 33


def test_sums_behind_the_contradictions(plan: PlanSnapshot) -> None:
    rights = [
        plan.status_of("exploration-area", name)[0].value for name in ("煤炭", "煤层气", "铝土矿")
    ]
    assert sum(rights) == Decimal("5497.659")
    assert plan.status_of("exploration-area")[0].value == Decimal("5498.159")
    assert area(plan, ZoneKind.KEY_MINING_AREA) == Decimal("3008.32")
    outputs = table_of(plan, "table-1")
    done = outputs.columns.index("完成")
    mined = [row for row in outputs.rows if "年开采总量" in row[1] and "煤" not in row[2]]
    assert sum(Decimal(row[done]) for row in mined) + 14000 == Decimal("16233.75")


# -- form -----------------------------------------------------------------


def test_minerals_are_written_by_their_name_in_the_code_list() -> None:
    for path in PACKAGE.glob("*.csv"):
        for row in csv.DictReader(path.read_text("utf-8").splitlines()):
            name = row.get("mineral", "")
            mineral = find_mineral(name)
            assert not name or (mineral is not None and mineral.name == name), (path.name, name)


def test_files_read_well_in_a_diff() -> None:
    for path in PACKAGE.rglob("*.csv"):
        content = path.read_bytes()
        assert not content.startswith(b"\xef\xbb\xbf")
        assert b"\r" not in content
        assert content.endswith(b"\n")


def zone_of(plan: PlanSnapshot, code: str) -> Zone:
    return next(zone for zone in plan.zones if zone.code == code)


def test_notes_say_where_a_county_was_taken_from(plan: PlanSnapshot) -> None:
    assert "据名称" in zone_of(plan, "KZ003").note
    assert zone_of(plan, "NPA-1").counties == ()


def test_rules_that_cite_the_plan_find_their_clause(plan: PlanSnapshot) -> None:
    importlib.import_module("minplan.core.review.rules")
    cited = {basis.clause_id for rule in registered() for basis in rule.basis if basis.clause_id}
    assert cited
    assert cited <= {clause.id for clause in plan.clauses}
