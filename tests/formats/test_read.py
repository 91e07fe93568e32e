"""Whatever the file is, the answer is blocks, how they were understood, and remarks."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import shapely
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from shapely.geometry import LineString, Point, Polygon
from tests.formats import samples

from minplan.core.errors import InputError, MinplanError
from minplan.core.geometry.area import AreaMethod, areas_by_method
from minplan.core.geometry.corners import ReadOptions, Remark
from minplan.core.geometry.crs import CoordinateSystem, Datum
from minplan.core.geometry.datum import PlaneShift
from minplan.formats.detect import Kind
from minplan.formats.read import read_bytes, read_input
from minplan.formats.reading import InputBlock, InputOptions
from minplan.formats.region import read_region

ZONE_38 = CoordinateSystem(Datum.CGCS2000, 3, 38)


def planar_m2(block: InputBlock) -> float:
    return areas_by_method(block.polygonal)[AreaMethod.PLANAR]


def codes(remarks: tuple[Remark, ...]) -> set[str]:
    return {remark.code for remark in remarks}


def options(layer: str | None = None, **corners: object) -> InputOptions:
    return InputOptions(corners=ReadOptions(**corners), layer=layer)  # type: ignore[arg-type]


def refusal(path: Path, given: InputOptions | None = None) -> InputError:
    with pytest.raises(InputError) as caught:
        read_input(path, given)
    return caught.value


@pytest.mark.parametrize(
    ("make", "kind"),
    [
        (samples.shapefile, Kind.SHAPEFILE),
        (samples.shapefile_zip, Kind.SHAPEFILE),
        (samples.geopackage, Kind.GEOPACKAGE),
        (samples.flatgeobuf, Kind.FLATGEOBUF),
        (samples.geodatabase, Kind.GEODATABASE),
        (samples.geodatabase_zip, Kind.GEODATABASE),
        (samples.dxf, Kind.DXF),
        (samples.excel, Kind.EXCEL),
        (samples.csv, Kind.CSV),
        (samples.word, Kind.WORD),
        (samples.text, Kind.TEXT),
    ],
)
def test_every_format_gives_the_same_ground(
    tmp_path: Path, make: Callable[[Path], Path], kind: Kind
) -> None:
    reading = read_input(make(tmp_path))
    assert reading.kind is kind
    assert len(reading.blocks) == 1
    block = reading.block
    assert planar_m2(block) == pytest.approx(samples.AREA_M2, abs=0.01)
    assert block.polygonal.edge_system == ZONE_38
    assert block.understanding.zh
    assert block.place.file


@pytest.mark.parametrize("make", [samples.geojson, samples.kml, samples.kmz])
def test_lonlat_formats_are_wgs84_and_say_so(tmp_path: Path, make: Callable[[Path], Path]) -> None:
    block = read_input(make(tmp_path)).block
    assert shapely.equals_exact(
        shapely.normalize(block.polygonal.geometry), shapely.normalize(samples.LONLAT), 1e-9
    )
    assert "E141" in codes(block.remarks)
    assert block.polygonal.edge_system.datum is Datum.CGCS2000


def test_pasted_text_and_bytes_are_read_too(tmp_path: Path) -> None:
    text = samples.text(tmp_path).read_text("gbk")
    assert planar_m2(read_input(text).block) == pytest.approx(samples.AREA_M2, abs=0.01)
    piped = read_bytes(samples.geopackage(tmp_path).read_bytes(), "")
    assert piped.kind is Kind.GEOPACKAGE


def test_a_missing_file_is_not_taken_for_text() -> None:
    assert refusal(Path("没有.zip")).code == "E201"
    with pytest.raises(InputError, match="E201"):
        read_input("没有这个.shp")


# -- coordinate systems -----------------------------------------------------------------------


def test_a_shapefile_without_prj_is_judged_by_its_values(tmp_path: Path) -> None:
    block = read_input(samples.shapefile_zip(tmp_path, ".shp", ".shx", ".dbf")).block
    assert block.systems == (ZONE_38,)
    assert {"E143", "E145"} <= codes(block.remarks)


def test_a_lone_shp_is_read(tmp_path: Path) -> None:
    block = read_input(samples.shapefile_zip(tmp_path, ".shp")).block
    assert planar_m2(block) == pytest.approx(samples.AREA_M2, abs=0.01)


def test_a_missing_zone_needs_a_region_or_a_statement(tmp_path: Path) -> None:
    plain = shapely.transform(samples.BLOCK, lambda c: c - [38_000_000, 0])
    path = samples.write(tmp_path / "a.gpkg", [plain], "GPKG", None)
    assert refusal(path).code == "E103"
    by_region = read_input(path, options(region=read_region("长治市"))).block
    by_word = read_input(path, options(system=replace(ZONE_38, prefixed=False))).block
    assert by_region.polygonal.fingerprint == by_word.polygonal.fingerprint
    assert by_region.systems[0].zone == 38


def test_a_definition_that_contradicts_the_values_is_named(tmp_path: Path) -> None:
    wrong = samples.write(tmp_path / "a.gpkg", [samples.BLOCK], "GPKG", "EPSG:4525")
    block = read_input(wrong).block
    assert block.systems == (ZONE_38,)
    assert "E144" in codes(block.remarks)
    geographic = samples.write(tmp_path / "b.gpkg", [samples.BLOCK], "GPKG", "EPSG:4490")
    assert "E144" in codes(read_input(geographic).block.remarks)


def test_projected_values_in_geojson_are_not_taken_for_degrees(tmp_path: Path) -> None:
    path = tmp_path / "a.geojson"
    path.write_text(shapely.to_geojson(samples.BLOCK).replace("\n", ""), encoding="utf-8")
    block = read_input(path).block
    assert planar_m2(block) == pytest.approx(samples.AREA_M2, abs=0.01)


def test_the_crs_member_of_geojson_is_honoured(tmp_path: Path) -> None:
    path = samples.write(tmp_path / "a.geojson", [samples.LONLAT], "GeoJSON", "EPSG:4490")
    if '"crs"' not in path.read_text("utf-8"):
        crs = '{"type":"name","properties":{"name":"urn:ogc:def:crs:EPSG::4490"}}'
        path.write_text(path.read_text("utf-8").replace("{", f'{{"crs":{crs},', 1), "utf-8")
    block = read_input(path).block
    assert block.systems[0].datum is Datum.CGCS2000
    assert "E141" not in codes(block.remarks)


@pytest.mark.parametrize("crs", ["EPSG:32649", "EPSG:3857"])
def test_other_projections_are_converted_and_said(tmp_path: Path, crs: str) -> None:
    from pyproj import Transformer

    there = Transformer.from_crs(4326, crs, always_xy=True)
    moved = shapely.transform(samples.LONLAT, there.transform, interleaved=False)
    block = read_input(samples.write(tmp_path / "a.gpkg", [moved], "GPKG", crs)).block
    assert block.polygonal.geometry.symmetric_difference(samples.LONLAT).area < 1e-7
    assert "E144" in codes(block.remarks)


def test_old_datums_are_refused_without_parameters(tmp_path: Path) -> None:
    path = samples.write(tmp_path / "a.gpkg", [samples.BLOCK], "GPKG", "EPSG:2362")
    assert refusal(path).code == "E141"
    shift = PlaneShift(Datum.XIAN80, dn=2.0, de=115.0)
    assert "E141" in codes(read_input(path, options(shift=shift)).block.remarks)
    kept = read_input(path, options(keep_datum=True)).block
    assert kept.systems[0].datum is Datum.XIAN80


def test_swapped_axes_are_turned_and_said(tmp_path: Path) -> None:
    turned = shapely.transform(samples.BLOCK, lambda c: c[:, ::-1])
    block = read_input(samples.write(tmp_path / "a.gpkg", [turned], "GPKG", "EPSG:4526")).block
    assert planar_m2(block) == pytest.approx(samples.AREA_M2, abs=0.01)
    assert "E101" in codes(block.remarks)


# -- layers, features, attributes -------------------------------------------------------------


def test_every_feature_is_a_block_with_its_attributes(tmp_path: Path) -> None:
    path = samples.write(
        tmp_path / "a.gpkg",
        [samples.BLOCK, samples.NEXT, Point(1, 1)],
        "GPKG",
        "EPSG:4526",
        kind="Unknown",
    )
    reading = read_input(path)
    assert [block.name for block in reading.blocks] == ["黎城石料矿"] * 2
    assert [block.place.row for block in reading.blocks] == [1, 2]
    assert reading.block.attributes["矿种"] == "建筑石料用灰岩"
    assert "E162" in codes(reading.remarks)
    assert "E148" in codes(reading.block.remarks)


def test_layers_are_listed_and_one_can_be_picked(tmp_path: Path) -> None:
    path = tmp_path / "a.gpkg"
    samples.write(path, [samples.BLOCK], "GPKG", "EPSG:4526", layer="甲")
    samples.write(path, [samples.NEXT], "GPKG", "EPSG:4526", layer="乙", append=True)
    assert len(read_input(path).blocks) == 2
    assert [b.place.layer for b in read_input(path, options(layer="乙")).blocks] == ["乙"]
    missing = refusal(path, options(layer="丙"))
    assert missing.code == "E219"
    assert "甲" in str(missing.hint)


def test_holes_parts_and_heights(tmp_path: Path) -> None:
    hole = samples.BLOCK.buffer(-100, join_style="mitre").exterior.coords
    ring = Polygon(samples.CORNERS, [hole])
    both = shapely.force_3d(shapely.MultiPolygon([ring, samples.NEXT]), 1000.0)
    path = samples.write(tmp_path / "a.gpkg", [both], "GPKG", "EPSG:4526", kind="MultiPolygon Z")
    block = read_input(path).block
    assert planar_m2(block) == pytest.approx(both.area, abs=0.05)
    assert len(block.polygonal.parts) == 2
    assert "E147" in codes(block.remarks)


def test_a_crossing_boundary_names_feature_and_crossing(tmp_path: Path) -> None:
    a, b, c, d = samples.CORNERS
    path = samples.write(
        tmp_path / "a.gpkg",
        [samples.NEXT, Polygon([a, b, d, c])],
        "GPKG",
        "EPSG:4526",
    )
    error = refusal(path)
    assert error.code == "E124"
    assert error.place.row == 2


def test_a_layer_without_areas_says_what_it_holds(tmp_path: Path) -> None:
    points = samples.write(tmp_path / "a.gpkg", [Point(1, 1)], "GPKG", "EPSG:4526", kind="Point")
    error = refusal(points)
    assert (error.code, "点" in error.message.zh) == ("E207", True)


def test_too_many_features_are_a_layer(tmp_path: Path) -> None:
    many = [shapely.box(113 + n * 1e-4, 36, 113.00005 + n * 1e-4, 36.1) for n in range(2001)]
    path = samples.write(tmp_path / "a.gpkg", list(many), "GPKG", "EPSG:4490")
    assert refusal(path).code == "E213"


# -- drawings ---------------------------------------------------------------------------------


def test_closed_polylines_become_blocks_layer_by_layer(tmp_path: Path) -> None:
    next_corners = tuple(samples.NEXT.exterior.coords)[:-1]
    path = samples.drawing(
        tmp_path / "a.dxf",
        samples.polyline(samples.CORNERS, layer="新范围"),
        samples.polyline(next_corners, layer="老范围"),
        samples.polyline(samples.CORNERS[:2], layer="道路", closed=False),
    )
    assert [block.place.layer for block in read_input(path).blocks] == ["新范围", "老范围"]
    one = read_input(path, options(layer="新范围"))
    assert planar_m2(one.block) == pytest.approx(samples.AREA_M2, abs=0.01)
    assert "E143" in codes(one.block.remarks)
    assert refusal(path, options(layer="没有")).code == "E219"
    assert refusal(path, options(layer="道路")).code == "E207"


@pytest.mark.parametrize("page", ["ANSI_936", "ANSI_1252", ""])
@pytest.mark.parametrize("encoding", ["utf-8", "gbk"])
def test_layer_names_survive_every_code_page(tmp_path: Path, page: str, encoding: str) -> None:
    path = samples.drawing(
        tmp_path / "a.dxf", samples.polyline(samples.CORNERS), page=page, encoding=encoding
    )
    assert read_input(path).block.name == "范围线"


def test_an_unclosed_polyline_is_closed_and_said(tmp_path: Path) -> None:
    path = samples.drawing(tmp_path / "a.dxf", samples.polyline(samples.CORNERS, closed=False))
    block = read_input(path).block
    assert planar_m2(block) == pytest.approx(samples.AREA_M2, abs=0.01)
    assert "E121" in codes(block.remarks)


def test_inner_rings_are_holes_and_repeated_rings_count_once(tmp_path: Path) -> None:
    inner = tuple(samples.BLOCK.buffer(-100, join_style="mitre").exterior.coords)[:-1]
    outer = samples.polyline(samples.CORNERS)
    block = read_input(
        samples.drawing(tmp_path / "a.dxf", outer, outer, samples.polyline(inner))
    ).block
    assert planar_m2(block) == pytest.approx(samples.AREA_M2 - Polygon(inner).area, abs=0.05)
    assert {"E127", "E122"} <= codes(block.remarks)


def test_arcs_are_densified_and_said(tmp_path: Path) -> None:
    path = samples.drawing(tmp_path / "a.dxf", samples.polyline(samples.CORNERS, bulge=0.3))
    block = read_input(path).block
    assert len(block.corners) > 20
    assert "E154" in codes(block.remarks)


# -- tables -----------------------------------------------------------------------------------


def test_one_block_per_sheet(tmp_path: Path) -> None:
    shifted = [[n, north, east + 2000] for n, north, east in samples.corner_rows()]  # type: ignore[operator]
    path = samples.workbook(
        tmp_path / "a.xlsx",
        {"说明": [["本表用于测试"]], "甲": samples.corner_rows(), "乙": shifted},
    )
    assert [block.name for block in read_input(path).blocks] == ["甲", "乙"]
    assert [block.name for block in read_input(path, options(layer="乙")).blocks] == ["乙"]


def test_blocks_of_one_sheet_are_told_apart_by_their_names(tmp_path: Path) -> None:
    rows: list[list[object]] = [["区块名称", "矿种", "点号", "X", "Y"]]
    for name, east in (("甲", 0.0), ("乙", 2000.0)):
        for number, (x, y) in enumerate(samples.CORNERS, 1):
            first = [name, "铁矿"] if number == 1 else [None, None]
            rows.append([*first, number, str(y), f"{x + east:,.2f}"])
    path = samples.workbook(tmp_path / "a.xlsx", {"清单": rows})
    blocks = read_input(path).blocks
    assert [block.name for block in blocks] == ["甲", "乙"]
    assert all(planar_m2(b) == pytest.approx(samples.AREA_M2, abs=0.05) for b in blocks)
    assert blocks[1].attributes["矿种"] == "铁矿"


def test_messages_name_the_cell(tmp_path: Path) -> None:
    rows: list[list[object]] = [["点号", "X", "Y"], *samples.corner_rows()]
    rows[3][2] = "384****0.5"
    error = refusal(samples.workbook(tmp_path / "a.xlsx", {"拐点": rows}))
    assert error.code == "E115"
    assert error.place.layer == "拐点"
    assert error.place.row == 4


def test_a_wkt_column_is_a_block_per_row(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text(
        f'名称,WKT\n甲,"{samples.BLOCK.wkt}"\n乙,"SRID=4526;{samples.NEXT.wkt}"\n', "utf-8-sig"
    )
    blocks = read_input(path).blocks
    assert [block.name for block in blocks] == ["甲", "乙"]
    assert blocks[1].systems == (ZONE_38,)


# -- archives ---------------------------------------------------------------------------------


def test_an_archive_may_hold_the_same_range_twice_and_a_note(tmp_path: Path) -> None:
    shp = samples.shapefile(tmp_path)
    members = {f"a{s}": shp.with_suffix(s).read_bytes() for s in (".shp", ".shx", ".dbf", ".prj")}
    path = samples.zipped(
        tmp_path / "a.zip",
        {
            **members,
            "a.gpkg": samples.geopackage(tmp_path).read_bytes(),
            "说明.txt": "联系人见公告".encode(),
            "图.jpg": b"\xff\xd8\xff\xe0",
        },
    )
    reading = read_input(path)
    assert len(reading.blocks) == 1
    assert {"E163", "E161"} <= codes(reading.remarks)


def test_a_geodatabase_zipped_without_its_root(tmp_path: Path) -> None:
    assert read_input(samples.geodatabase_zip(tmp_path, root="")).kind is Kind.GEODATABASE


def test_an_archive_in_an_archive(tmp_path: Path) -> None:
    inner = samples.shapefile_zip(tmp_path).read_bytes()
    path = samples.zipped(tmp_path / "outer.zip", {"资料/范围.zip": inner})
    assert read_input(path).kind is Kind.SHAPEFILE


def test_nothing_to_read_in_an_archive(tmp_path: Path) -> None:
    path = samples.zipped(tmp_path / "a.zip", {"a.jpg": b"\xff\xd8\xff\xe0"})
    assert refusal(path).hint is not None


def test_a_description_that_points_elsewhere_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.kml"
    path.write_text("<OGRVRTDataSource><kml></kml></OGRVRTDataSource>", "utf-8")
    assert refusal(path).code == "E161"


# -- damage -----------------------------------------------------------------------------------

SMALL = {
    maker.__name__: maker
    for maker in (
        samples.shapefile_zip,
        samples.geopackage,
        samples.geojson,
        samples.kml,
        samples.kmz,
        samples.flatgeobuf,
        samples.geodatabase_zip,
        samples.dxf,
        samples.excel,
        samples.word,
        samples.csv,
        samples.text,
    )
}


@pytest.fixture(scope="session")
def originals(tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[str, bytes]]:
    folder = tmp_path_factory.mktemp("originals")
    made = {name: maker(folder) for name, maker in SMALL.items()}
    return {name: (path.name, path.read_bytes()) for name, path in made.items()}


@pytest.mark.parametrize("name", SMALL)
@settings(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(data=st.data())
def test_damaged_files_only_raise_our_errors(
    originals: dict[str, tuple[str, bytes]], name: str, data: st.DataObject
) -> None:
    file, content = originals[name]
    broken = bytearray(content)
    positions = st.integers(0, len(broken) - 1)
    for position in data.draw(st.lists(positions, max_size=12)):
        broken[position] = data.draw(st.integers(0, 255))
    cut = data.draw(st.one_of(st.just(len(broken)), positions))
    with contextlib.suppress(MinplanError):
        reading = read_bytes(bytes(broken[:cut]), file)
        assert all(block.polygonal.geometry.is_valid for block in reading.blocks)


def test_open_lines_alone_are_refused(tmp_path: Path) -> None:
    line = LineString([(38400100, 4040100), (38400900, 4040100), (38401900, 4040200)])
    path = samples.write(tmp_path / "a.gpkg", [line], "GPKG", "EPSG:4526", kind="LineString")
    assert refusal(path).code == "E207"


def test_a_sheet_without_end_is_no_table_of_corners(tmp_path: Path) -> None:
    rows: list[list[object]] = [[1, 2]] * 20_001
    assert refusal(samples.workbook(tmp_path / "a.xlsx", {"甲": rows})).code == "E213"


def test_a_web_map_range_beside_a_known_one_is_suspected(tmp_path: Path) -> None:
    moved = shapely.transform(samples.LONLAT, lambda c: c + np.array([0.0065, 0.0008]))
    path = samples.write(
        tmp_path / "a.kml", [moved], "KML", "EPSG:4326", attributes={"Name": "奥维"}
    )
    block = read_input(path, options(reference=samples.LONLAT)).block
    (found,) = [remark for remark in block.remarks if remark.code == "E142"]
    assert "GCJ-02" in found.message.zh
    assert "0.006" in found.message.zh
