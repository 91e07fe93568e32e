"""A plan package is a directory of files; every fault in it is named with file, row and field."""

from __future__ import annotations

import contextlib
import shutil
from decimal import Decimal
from pathlib import Path

import numpy as np
import pyogrio.raw
import pytest
import shapely
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from minplan.core.errors import Faults, MinplanError, PlanDataError
from minplan.core.geometry.area import ellipsoidal_area
from minplan.core.plan.model import Modality, Operator, Property, ZoneKind
from minplan.core.plan.package import file_specs
from minplan.formats.plan_package import load_plan

EXAMPLE = Path(__file__).parent / "plan_shili"
REFERENCE = Path(__file__).parents[2] / "docs" / "reference" / "plan-package.md"


@pytest.fixture
def package(tmp_path: Path) -> Path:
    """A copy of the example package that a test may spoil."""
    return Path(shutil.copytree(EXAMPLE, tmp_path / "plan"))


def spoil(package: Path, file: str, old: str, new: str) -> None:
    path = package / file
    text = path.read_text("utf-8")
    assert old in text, f"{old!r} is not in {file}"
    path.write_text(text.replace(old, new, 1), "utf-8")


def faults_of(package: Path) -> list[MinplanError]:
    with pytest.raises(Faults) as caught:
        load_plan(package)
    return list(caught.value.faults)


def test_another_city_and_period_needs_only_data() -> None:
    plan = load_plan(EXAMPLE)
    assert plan.plan.name.zh == "示例市矿产资源总体规划（2026—2030年）"
    assert (plan.plan.first_year, plan.plan.last_year) == (2026, 2030)
    assert plan.plan.effective_to is None
    first, second = plan.zones_of(ZoneKind.CONCENTRATED_MINING_AREA)
    assert (first.area_km2, first.counties) == (Decimal("2.50"), ("东山县",))
    assert second.counties == ("东山县", "西河县")
    assert first.measures == ("M-1",)
    assert [zone.name for zone in plan.zones_of(ZoneKind.COUNTY)] == ["东山县", "西河县"]


def test_minerals_take_the_name_of_the_code_list_and_keep_the_wording() -> None:
    zone = load_plan(EXAMPLE).zones_of(ZoneKind.CONCENTRATED_MINING_AREA)[1]
    (mineral,) = zone.minerals
    assert mineral.mineral == "水泥用灰岩"
    assert mineral.as_printed == "水泥用石灰岩"
    assert (mineral.existing_rights, mineral.planned_rights) == (None, 1)


def test_figures_keep_how_firmly_they_bind() -> None:
    plan = load_plan(EXAMPLE)
    (output,) = plan.quotas_of("output", "石灰岩")
    assert (output.operator, output.high, output.modality) == (
        Operator.AT_MOST,
        Decimal(500),
        Modality.ABOUT,
    )
    (mines,) = plan.quotas_of("mines", "石灰岩", "东山县")
    assert (mines.operator, mines.low, mines.high) == (Operator.RANGE, Decimal(2), Decimal(4))
    assert plan.indicators[0].property is Property.BINDING


def test_the_hash_is_of_the_content_not_of_the_bytes(package: Path) -> None:
    before = load_plan(EXAMPLE).sha256
    for path in (*package.glob("*.csv"), *package.glob("tables/*.csv")):
        text = path.read_text("utf-8").replace("\n", "\r\n")
        path.write_bytes(b"\xef\xbb\xbf" + text.encode())
    assert load_plan(package).sha256 == before
    spoil(package, "zones.csv", "集中开采区一", "集中开采区甲")
    assert load_plan(package).sha256 != before


def test_a_stated_figure_keeps_its_decimals_in_the_hash(package: Path) -> None:
    spoil(package, "zones.csv", "2.50", "2.5")
    assert load_plan(package).sha256 != load_plan(EXAMPLE).sha256


def test_all_faults_are_named_at_once(package: Path) -> None:
    spoil(package, "zones.csv", "3.00", "三平方公里")
    spoil(package, "quotas.csv", "石灰岩,东山县", "石灰岩,南岭县")
    spoil(package, "clauses.csv", "c1-1,第一章一,开采总量,c1", "c1-1,第一章一,开采总量,c9")
    found = {(f.code, f.place.file, f.place.row, f.place.field) for f in faults_of(package)}
    assert {
        ("E408", "zones.csv", 3, "area_km2"),
        ("E410", "quotas.csv", 3, "county"),
        ("E410", "clauses.csv", 3, "parent"),
    } <= found


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (("plan.toml", 'level = "city"', 'level = "town"'), ("E409", None, "level")),
        (("plan.toml", '"shili-2026-2030"', '"示例 2026"'), ("E409", None, "id")),
        (("plan.toml", "990100", "9901"), ("E409", None, "region_code")),
        (("plan.toml", "last_year = 2030", "last_year = 2020"), ("E413", None, "last_year")),
        (("plan.toml", "base_year = 2025", "base_year = 25"), ("E408", None, "base_year")),
        (("plan.toml", "2026-07-01", '"七月一日"'), ("E418", None, "effective_from")),
        (("plan.toml", 'issuer = "示例市人民政府"', ""), ("E406", None, "issuer")),
        (("plan.toml", '"示政发〔2026〕1号"', '""'), ("E407", None, "act")),
        (("plan.toml", "issuer =", 'mayor = "某"\nissuer ='), ("E405", None, "mayor")),
        (("plan.toml", '["建筑石料用灰岩"', '["砚台石"'), ("E410", None, "city_minerals")),
        (("plan.toml", "count = 2", "count = 3"), ("E415", 1, "checks.count")),
        (("plan.toml", '"5.50"', '"5.60"'), ("E415", 1, "checks.total")),
        (("plan.toml", '"10.0"', '"9.9"'), ("E415", 2, "checks.total")),
        (("plan.toml", '"10.0"', '"十"'), ("E408", 2, "checks.total")),
        (("plan.toml", 'file = "zones.csv"', 'file = "zone.csv"'), ("E410", 1, "checks.file")),
        (("plan.toml", "{ kind =", "{ type ="), ("E410", 1, "checks.column")),
        (("plan.toml", 'contradiction = "D-1"', 'contradiction = "D-2"'), ("E410", 2, None)),
        (("plan.toml", "count = 2", "number = 2"), ("E405", 1, "checks.number")),
        (("counties.csv", "990122", "990121"), ("E411", 3, "code")),
        (("clauses.csv", "c2,第二章", "c1,第二章"), ("E411", 4, "id")),
        (("zones.csv", "CS002", "CS001"), ("E411", 3, "code")),
        (("zones.csv", "CS001,concentrated-mining-area", "CS001,quarry"), ("E409", 2, "kind")),
        (("zones.csv", "2.50", "-2.50"), ("E412", 2, "area_km2")),
        (("zones.csv", "2.50", "nan"), ("E408", 2, "area_km2")),
        (("zones.csv", "city,box-1", "city,box-9"), ("E410", 2, "clause")),
        (("zones.csv", "集中开采区一", ""), ("E407", 2, "name")),
        (("zones.csv", "area_km2", "area"), ("E405", None, "area")),
        (("zones.csv", "clause\n", "remark\n"), ("E406", None, "clause")),
        (("zones.csv", "2.50,city", "2.50,,city"), ("E417", 2, None)),
        (("zone_minerals.csv", "CS002", "CS009"), ("E410", 3, "zone")),
        (("zone_minerals.csv", "水泥用石灰岩", "水泥"), ("E410", 3, "mineral")),
        (("zone_minerals.csv", "1,2", "1,1.5"), ("E408", 2, "planned_rights")),
        (("quotas.csv", "<=,500,500", "<=,400,500"), ("E414", 2, "low")),
        (("quotas.csv", "range,2,4", "range,4,2"), ("E414", 3, "low")),
        (("quotas.csv", "<=,500", "≤,500"), ("E409", 2, "operator")),
        (("quotas.csv", "<=,500", "rising,500"), ("E409", 2, "operator")),
        (("quotas.csv", "about", "左右"), ("E409", 2, "modality")),
        (("quotas.csv", "output,", "yield,"), ("E409", 2, "subject")),
        (("thresholds.csv", "R-AT-05", "AT5"), ("E409", 2, "rule")),
        (("thresholds.csv", ",100,", ",一百,"), ("E408", 2, "value")),
        (("thresholds.csv", ",general,", ",详查,"), ("E409", 3, "value")),
        (("thresholds.csv", "deposit=medium", "中型"), ("E409", 3, "condition")),
        (("indicators.csv", "binding", "约束性"), ("E409", 2, "property")),
        (
            ("contradictions.toml", '  { place = "表1相加", value = "9.9" },\n', ""),
            ("E407", 1, None),
        ),
        (
            ("contradictions.toml", 'place = "表1相加"', 'where = "表1相加"'),
            ("E407", 1, "readings"),
        ),
        (("tables.toml", "tables/table-1.csv", "tables/table-2.csv"), ("E402", 1, "file")),
        (("tables/table-1.csv", "4.4", "约4.4"), ("E408", 2, "公顷")),
    ],
)
def test_each_kind_of_fault_has_its_place_and_a_hint(
    package: Path,
    change: tuple[str, str, str],
    expected: tuple[str, int | None, str | None],
) -> None:
    spoil(package, *change)
    found = faults_of(package)
    code, row, field = expected
    matching = [
        item
        for item in found
        if item.code == code
        and item.place.file == change[0]
        and item.place.row == row
        and field in (None, item.place.field)
    ]
    assert matching, [item.describe() for item in found]
    assert all(item.hint is not None for item in found)


def test_a_cell_that_cannot_be_read_is_quoted(package: Path) -> None:
    spoil(package, "zones.csv", "2.50", "2.5平方公里")
    (fault,) = [item for item in faults_of(package) if item.code == "E408"]
    assert "2.5平方公里" in fault.message.zh
    assert "文件 zones.csv · 行 2 · 字段 area_km2" in fault.describe()


def test_a_bad_figure_does_not_cause_follow_on_faults(package: Path) -> None:
    spoil(package, "quotas.csv", "range,2,4", "range,二,4")
    assert [item.code for item in faults_of(package)] == ["E408"]


def test_no_directory(tmp_path: Path) -> None:
    with pytest.raises(PlanDataError) as caught:
        load_plan(tmp_path / "nowhere")
    assert caught.value.code == "E401"


@pytest.mark.parametrize("name", ["plan.toml", "zones.csv", "clauses.csv", "indicators.csv"])
def test_a_required_file_is_missing(package: Path, name: str) -> None:
    (package / name).unlink()
    assert ("E402", name) in {(item.code, item.place.file) for item in faults_of(package)}


def test_an_optional_file_may_be_absent(package: Path) -> None:
    (package / "measures.csv").unlink()
    assert load_plan(package).measures == ()


@pytest.mark.parametrize("name", ["zone.csv", "notes.txt", "more/zones.csv"])
def test_a_file_that_does_not_belong_is_named(package: Path, name: str) -> None:
    (package / name).parent.mkdir(exist_ok=True)
    (package / name).write_text("a\n1\n", "utf-8")
    assert [(item.code, item.place.file) for item in faults_of(package)] == [("E404", name)]


def test_a_table_must_be_listed(package: Path) -> None:
    (package / "tables" / "table-9.csv").write_text("a\n1\n", "utf-8")
    (fault,) = faults_of(package)
    assert (fault.code, fault.place.file) == ("E404", "tables/table-9.csv")


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("zones.csv", "code,名称\n1,东山\n".encode("gbk")),
        ("zones.csv", b""),
        ("zones.csv", b"code,code\n1,2\n"),
        ("zones.csv", b'code,kind\n"CS001,x\n'),
        ("plan.toml", b"id = \n"),
        ("tables.toml", b'table = "one"\n'),
    ],
)
def test_a_file_that_cannot_be_read_gives_one_fault(
    package: Path, name: str, content: bytes
) -> None:
    (package / name).write_bytes(content)
    found = [item for item in faults_of(package) if item.place.file == name]
    assert [item.code for item in found] == ["E403"]


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    name=st.sampled_from(sorted(file_specs())),
    start=st.integers(0, 400),
    junk=st.one_of(st.binary(max_size=12), st.text(max_size=8).map(lambda t: t.encode("utf-8"))),
)
def test_no_damage_to_a_file_crashes_the_reader(
    tmp_path_factory: pytest.TempPathFactory, name: str, start: int, junk: bytes
) -> None:
    package = Path(shutil.copytree(EXAMPLE, tmp_path_factory.mktemp("plan") / "p"))
    path = package / name
    content = path.read_bytes() if path.exists() else b"id\n1\n"
    path.write_bytes(content[:start] + junk + content[start + 3 :])
    with contextlib.suppress(Faults):
        load_plan(package)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("plan.toml", "checks = 3\n"),
        ("plan.toml", 'checks = [1, "a"]\n'),
        ("contradictions.toml", "[[contradiction]]\nreadings = 5\n"),
        ("contradictions.toml", "[[contradiction]]\nreadings = [1, { place = [2] }]\n"),
    ],
)
def test_toml_of_the_wrong_shape_is_a_fault(package: Path, name: str, text: str) -> None:
    path = package / name
    path.write_text(text + path.read_text("utf-8").split("[[checks]]")[0], "utf-8")
    assert faults_of(package)


# -- geometry -------------------------------------------------------------------------------------

SQUARE = shapely.box(113.00, 36.50, 113.02, 36.52)


def draw(
    package: Path,
    shapes: list[shapely.Geometry],
    codes: list[str],
    *,
    crs: str = "EPSG:4490",
    layer: str = "zones",
    field: str = "code",
    schematic: list[bool] | None = None,
) -> None:
    """Write geometry.gpkg; ``shapes`` are in (lon, lat) or (east, north)."""
    columns = [np.array(codes, dtype=object)]
    fields = [field]
    if schematic is not None:
        columns.append(np.array(schematic))
        fields.append("schematic")
    pyogrio.raw.write(
        package / "geometry.gpkg",
        shapely.to_wkb(np.array(shapes, dtype=object)),
        columns,
        fields,
        layer=layer,
        geometry_type="Unknown",
        crs=crs,
    )


def test_zones_and_counties_take_their_ground_from_the_geopackage(package: Path) -> None:
    draw(package, [SQUARE, SQUARE], ["CS001", "990121"], schematic=[True, False])
    plan = load_plan(package)
    zone = plan.zones_of(ZoneKind.CONCENTRATED_MINING_AREA)[0]
    county = plan.zones_of(ZoneKind.COUNTY)[0]
    assert zone.geometry is not None
    assert zone.geometry.geometry.equals(SQUARE)
    assert (zone.schematic, county.schematic) == (True, False)
    assert plan.zones_of(ZoneKind.CONCENTRATED_MINING_AREA)[1].geometry is None
    assert plan.sha256 != load_plan(EXAMPLE).sha256


def test_projected_ground_becomes_lonlat_with_its_edges_kept(package: Path) -> None:
    square = shapely.box(38_400_000, 4_040_000, 38_402_000, 4_042_000)
    draw(package, [square], ["CS001"], crs="EPSG:4526")
    zone = load_plan(package).zones_of(ZoneKind.CONCENTRATED_MINING_AREA)[0]
    assert zone.geometry is not None
    west, south, east, north = zone.geometry.bounds
    assert 112 < west < east < 114
    assert 36 < south < north < 37
    assert len(shapely.get_coordinates(zone.geometry.geometry)) > 100
    area = float(ellipsoidal_area(np.array([zone.geometry.geometry], dtype=object))[0])
    assert area == pytest.approx(4e6, rel=1e-3)


@pytest.mark.parametrize(
    ("shapes", "codes", "options", "words"),
    [
        ([SQUARE], ["CS001"], {"crs": "EPSG:4326"}, "坐标系"),
        ([SQUARE], ["CS001"], {"layer": "blocks"}, "没有图层 zones"),
        ([SQUARE], ["CS001"], {"field": "name"}, "没有 code 字段"),
        ([SQUARE], ["CS009"], {}, "“CS009”不在"),
        ([SQUARE], [""], {}, "没有编号"),
        ([SQUARE, SQUARE], ["CS001", "CS001"], {}, "两个图形"),
        ([shapely.Point(113, 36)], ["CS001"], {}, "不是面"),
        ([shapely.Polygon([(113, 36), (114, 37), (114, 36), (113, 37)])], ["CS001"], {}, "无效"),
    ],
)
def test_ground_that_cannot_be_used_is_a_fault(
    package: Path,
    shapes: list[shapely.Geometry],
    codes: list[str],
    options: dict[str, str],
    words: str,
) -> None:
    draw(package, shapes, codes, **options)  # type: ignore[arg-type]
    (fault,) = faults_of(package)
    assert (fault.code, fault.place.file) == ("E416", "geometry.gpkg")
    assert words in fault.message.zh


def test_a_damaged_geopackage_is_a_fault(package: Path) -> None:
    (package / "geometry.gpkg").write_bytes(b"SQLite format 3\x00 and nothing more")
    assert faults_of(package)


# -- documentation ------------------------------------------------------------------------------


@pytest.mark.parametrize("spec", file_specs().values(), ids=lambda spec: spec.name)
def test_every_file_and_column_is_documented(spec: object) -> None:
    text = REFERENCE.read_text("utf-8")
    assert f"`{spec.name}`" in text  # type: ignore[attr-defined]
    for column in spec.columns:  # type: ignore[attr-defined]
        assert f"`{column.name}`" in text
