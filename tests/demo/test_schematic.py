"""The schematic geometry keeps the facts it is made from."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
import shapely

from minplan.core.plan.features import features_to_snapshot, snapshot_to_features
from minplan.core.plan.model import PlanSnapshot, ZoneKind
from minplan.core.standard.load import edition
from minplan.core.standard.validate import validate_layer
from minplan.demo.build import add_geometry
from minplan.demo.schematic.counties import draw_counties, read_seats
from minplan.demo.schematic.ground import Ground, draw, facts
from minplan.demo.schematic.plane import area_of
from minplan.formats.plan_package import load_plan


@pytest.fixture(scope="module")
def plan() -> PlanSnapshot:
    return load_plan(Path(str(facts() / "plan")))


@pytest.fixture(scope="module")
def ground(plan: PlanSnapshot) -> Ground:
    return draw(plan)


def test_counties_have_their_official_areas_and_tile_the_city(ground: Ground) -> None:
    seats = {seat.code: seat for seat in read_seats(facts() / "seats.csv")}
    for county in ground.counties:
        wanted = seats[county.code].area_km2
        assert area_of(county.shape) / 1e6 == pytest.approx(wanted, rel=2e-4)
    city = shapely.union_all([county.shape for county in ground.counties])
    whole = sum(county.shape.area for county in ground.counties)
    assert city.area == pytest.approx(whole, rel=1e-9)


def test_every_zone_with_an_area_has_exactly_that_area(plan: PlanSnapshot, ground: Ground) -> None:
    drawn = [zone for zone in plan.zones if zone.code in ground.zones]
    for zone in drawn:
        assert area_of(ground.zones[zone.code]) == pytest.approx(
            float(zone.area_km2 or 0) * 1e6, abs=2
        )
    missing = [z.code for z in plan.zones if z.area_km2 is not None and z.code not in ground.zones]
    assert missing == []


def test_concentrated_areas_lie_in_their_county_apart_from_each_other(
    plan: PlanSnapshot, ground: Ground
) -> None:
    counties = {county.name: county.shape for county in ground.counties}
    zones = plan.zones_of(ZoneKind.CONCENTRATED_MINING_AREA)
    for zone in zones:
        assert counties[zone.counties[0]].contains(ground.zones[zone.code])
    shapes = [ground.zones[zone.code] for zone in zones]
    assert shapely.union_all(shapes).area == pytest.approx(sum(s.area for s in shapes), rel=1e-9)


def test_control_lines_keep_clear_of_concentrated_areas(plan: PlanSnapshot, ground: Ground) -> None:
    areas = shapely.union_all(
        [ground.zones[z.code] for z in plan.zones_of(ZoneKind.CONCENTRATED_MINING_AREA)]
    )
    for name in ("ecological-red-line", "permanent-basic-farmland"):
        assert not any(f.geometry.intersects(areas) for f in ground.layers[name])


def test_rights_have_the_numbers_of_the_plan(ground: Ground) -> None:
    assert len(ground.layers["mining-right"]) == 291
    assert len(ground.layers["exploration-right"]) == 14


def test_drawing_is_deterministic() -> None:
    seats = read_seats(facts() / "seats.csv")
    first, second = draw_counties(seats), draw_counties(seats)
    assert [c.shape.wkb for c in first] == [c.shape.wkb for c in second]


def test_the_drawn_plan_survives_as_features_of_the_standard(
    ground: Ground, tmp_path: Path
) -> None:
    package = Path(shutil.copytree(str(facts() / "plan"), tmp_path / "plan"))
    add_geometry(package, ground)
    drawn = load_plan(package)
    assert any(zone.geometry is not None for zone in drawn.zones)
    standard = edition("2021-2025")
    features = snapshot_to_features(drawn, standard)
    for code in {item.layer for item in features}:
        members = [item for item in features if item.layer == code]
        assert validate_layer(standard, code, members).faults == ()
    assert features_to_snapshot(reversed(features), standard).sha256 == drawn.sha256
