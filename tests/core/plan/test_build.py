"""Rows become a snapshot, or a list of faults; no file is needed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
import shapely

from minplan.core.errors import Faults
from minplan.core.geometry.polygonal import Polygonal
from minplan.core.plan.build import build
from minplan.core.plan.model import PlanSnapshot, ZoneKind
from minplan.core.plan.package import PlanFiles, ZoneGeometry
from minplan.core.plan.rows import Row, Table

IDENTITY: Mapping[str, Any] = {
    "id": "p",
    "name_zh": "示例规划",
    "name_en": "example plan",
    "level": "city",
    "region_code": "990100",
    "region_name": "示例市",
    "first_year": 2026,
    "last_year": 2030,
    "base_year": 2025,
    "act": "示例〔2026〕1号",
    "effective_from": "2026-01-01",
    "issuer": "示例市人民政府",
}
CSV = {
    "counties.csv": "code,name\n990121,东山县",
    "clauses.csv": "id,number,title,parent\nc1,第一章,目标,\nbox-1,专栏1,分区表,c1",
    "zones.csv": "code,kind,name,counties,area_km2,clause\n"
    "KZ001,key-exploration-area,勘查区,东山县,9,box-1",
    "indicators.csv": "id,name,operator,target,property,level,clause\n"
    "I-1,产量,<=,5,unknown,city,c1",
}


def table(file: str, text: str) -> Table:
    lines = [line.split(",") for line in text.splitlines()]
    rows = (Row(file, n, dict(zip(lines[0], line, strict=True))) for n, line in enumerate(lines, 1))
    return Table(file, tuple(lines[0]), tuple(rows)[1:])


def files(changes: Mapping[str, str] | None = None, **more: Any) -> PlanFiles:
    tables = {name: table(name, text) for name, text in {**CSV, **(changes or {})}.items()}
    documents = {"plan.toml": {**IDENTITY, **more.pop("identity", {})}}
    return PlanFiles(tables, documents, **more)


def codes(content: PlanFiles) -> list[str]:
    with pytest.raises(Faults) as caught:
        build(content)
    return [item.code for item in caught.value.faults]


def test_counties_come_first_then_the_zones_of_the_plan() -> None:
    plan = build(files())
    assert [zone.kind for zone in plan.zones] == [ZoneKind.COUNTY, ZoneKind.KEY_EXPLORATION_AREA]
    assert plan.clause("box-1") is not None
    assert plan.sha256


def test_equal_content_has_an_equal_hash() -> None:
    assert build(files()).sha256 == build(files()).sha256
    changed = build(files(identity={"act": "示例〔2026〕2号"}))
    assert changed.sha256 != build(files()).sha256


def test_ground_counts_in_the_hash_whatever_its_first_corner() -> None:
    def drawn(*corners: tuple[float, float]) -> PlanSnapshot:
        ground = Polygonal(shapely.Polygon(corners))
        return build(files(geometry={"KZ001": ZoneGeometry(ground, schematic=True)}))

    square = [(113.0, 36.0), (113.1, 36.0), (113.1, 36.1), (113.0, 36.1)]
    turned = square[2:] + square[:2]
    moved = [(113.0, 36.0), (113.1, 36.0), (113.1, 36.2), (113.0, 36.1)]
    assert drawn(*square).sha256 == drawn(*turned).sha256 != drawn(*moved).sha256
    assert drawn(*square).zones[-1].schematic


def test_ground_of_an_unknown_code_is_a_fault() -> None:
    ground = ZoneGeometry(Polygonal(shapely.box(113, 36, 113.1, 36.1)))
    assert codes(files(geometry={"KZ009": ground})) == ["E416"]


def test_an_empty_package_names_every_missing_file() -> None:
    found = codes(PlanFiles({}, {}))
    assert found.count("E402") == 5


def test_a_clause_may_not_be_its_own_ancestor() -> None:
    loop = "id,number,title,parent\nc1,第一章,目标,c2\nc2,第二章,布局,c1\nbox-1,专栏1,表,"
    assert codes(files({"clauses.csv": loop})) == ["E410"]


def test_a_zone_may_share_no_code_with_a_county() -> None:
    zones = "code,kind,name,clause\n990121,key-mining-area,区,box-1"
    assert codes(files({"zones.csv": zones})) == ["E411"]


def test_a_figure_may_stand_twice_in_different_places_only() -> None:
    header = "subject,mineral,year,operator,low,high,unit,modality,clause,place"
    row = "output,陶瓷土,2030,<=,20,20,万吨/年,firm,c1,"
    twice = f"{header}\n{row}table\n{row}text"
    assert len(build(files({"quotas.csv": twice})).quotas_of("output", "陶瓷土")) == 2
    assert codes(files({"quotas.csv": f"{header}\n{row}text\n{row}text"})) == ["E411"]


@pytest.mark.parametrize(
    ("check", "expected"),
    [
        ({"count": 1}, []),
        ({"count": 2}, ["E415"]),
        ({"column": "area_km2", "total": "9"}, []),
        ({"column": "area_km2", "total": "9.00"}, []),
        ({"column": "area_km2", "total": "9.01"}, ["E415"]),
        ({"where": {"code": "KZ002"}, "count": 0}, []),
        ({"except": {"code": ["KZ001", "KZ002"]}, "count": 0}, []),
        ({"column": "name", "total": 1}, ["E408", "E415"]),
    ],
)
def test_declared_totals_are_held_against_the_rows(
    check: Mapping[str, Any], expected: list[str]
) -> None:
    content = files(identity={"checks": [{"file": "zones.csv", **check}]})
    if expected:
        assert codes(content) == expected
    else:
        build(content)
