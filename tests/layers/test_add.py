"""Adding layers: every format comes out as the same ground."""

from __future__ import annotations

import datetime as dt
import sqlite3
import zipfile
from collections.abc import Callable
from pathlib import Path

import geopandas
import numpy as np
import pyogrio
import pytest
import shapely

from minplan.core.geometry.area import ellipsoidal_area
from minplan.core.geometry.repair import Repair
from minplan.layers import AddReport, LayerLibrary

from .conftest import NAME, fields

Add = Callable[..., AddReport]
EVERYWHERE = (70.0, 0.0, 140.0, 60.0)


def zipped(folder: Path, name: str) -> Path:
    archive = folder.parent / name
    with zipfile.ZipFile(archive, "w") as opened:
        for item in sorted(folder.rglob("*")):
            opened.write(item, item.relative_to(folder))
    return archive


def gbk_shapefile(tmp_path: Path) -> Path:
    folder = tmp_path / "基本农田"
    folder.mkdir()
    fields().to_file(folder / "农田.shp", encoding="GBK")
    (folder / "农田.cpg").unlink()
    return zipped(folder, "农田.zip")


def geodatabase(tmp_path: Path) -> Path:
    path = tmp_path / "库.gdb"
    fields().to_file(path, layer="农田", driver="OpenFileGDB")
    return path


def zipped_geodatabase(tmp_path: Path) -> Path:
    folder = tmp_path / "outer"
    folder.mkdir()
    geodatabase(folder)
    return zipped(folder, "gdb.zip")


def geopackage(tmp_path: Path) -> Path:
    fields().to_file(tmp_path / "农田.gpkg", layer="农田")
    return tmp_path / "农田.gpkg"


def geojson(tmp_path: Path) -> Path:
    fields().to_crs(4326).to_file(tmp_path / "农田.geojson")
    return tmp_path / "农田.geojson"


def flatgeobuf(tmp_path: Path) -> Path:
    fields().to_file(tmp_path / "农田.fgb", driver="FlatGeobuf", SPATIAL_INDEX="NO")
    return tmp_path / "农田.fgb"


def parquet(tmp_path: Path) -> Path:
    fields().to_parquet(tmp_path / "农田.parquet")
    return tmp_path / "农田.parquet"


@pytest.mark.parametrize(
    "make",
    [gbk_shapefile, geodatabase, zipped_geodatabase, geopackage, geojson, flatgeobuf, parquet],
    ids=lambda make: make.__name__,
)
def test_every_format_gives_the_same_layer(
    make: Callable[[Path], Path], tmp_path: Path, add: Add, library: LayerLibrary
) -> None:
    report = add(make(tmp_path))
    original = fields()
    layer = library.open(NAME)
    found = layer.candidates(EVERYWHERE)
    ids = sorted(found.feature.tolist())
    attributes = layer.attributes(ids)
    assert report.origin.features == 36
    assert [attributes[i]["名称"] for i in ids] == original["名称"].tolist()
    assert [attributes[i]["面积"] for i in ids] == original["面积"].tolist()
    order = np.argsort(found.feature)
    shapes = original.geometry.to_numpy()
    # a geodatabase keeps coordinates to a nanodegree
    assert shapely.hausdorff_distance(found.geometry[order], shapes).max() < 3e-9
    np.testing.assert_allclose(found.area_m2[order], ellipsoidal_area(shapes), rtol=1e-6)
    assert layer.feature_areas(ids[:1]) == pytest.approx({ids[0]: found.area_m2[order][0]})


@pytest.mark.parametrize("epsg", [4525, 4526, 4546, 4547, 4508])
def test_projected_layers_come_back_to_lonlat(
    epsg: int, tmp_path: Path, add: Add, library: LayerLibrary
) -> None:
    """3° zones with prefix (37, 38), without (CM 111°, 114°), and a 6° zone."""
    fields().to_crs(epsg).to_file(tmp_path / "a.shp")
    add(tmp_path / "a.shp")
    found = library.open(NAME).candidates(EVERYWHERE)
    difference = shapely.symmetric_difference(
        found.geometry[np.argsort(found.feature)], fields().geometry.to_numpy()
    )
    assert ellipsoidal_area(difference).max() < 40.0  # edges bend; corners stay


def test_edges_straight_in_a_projection_are_densified(tmp_path: Path, add: Add) -> None:
    fields().to_crs(4526).to_file(tmp_path / "a.gpkg")
    report = add(tmp_path / "a.gpkg")
    with sqlite3.connect(report.stored.path) as opened:
        wkb = [row[0][8:] for row in opened.execute("SELECT geom FROM parts")]
    assert shapely.get_num_coordinates(shapely.from_wkb(wkb)).min() > 40


def test_a_zone_less_file_may_be_declared(tmp_path: Path, add: Add, library: LayerLibrary) -> None:
    fields().to_crs(4526).set_crs(None, allow_override=True).to_file(tmp_path / "a.shp")
    report = add(tmp_path / "a.shp", crs="38")
    assert "38带" in report.origin.crs
    assert len(library.open(NAME).candidates((112.5, 36.2, 112.511, 36.209))) == 1


def test_wgs84_is_accepted_with_a_remark(tmp_path: Path, add: Add) -> None:
    fields().to_crs(4326).to_file(tmp_path / "a.gpkg")
    report = add(tmp_path / "a.gpkg")
    assert any("WGS84" in remark.zh for remark in report.origin.remarks)


def test_repairs_are_reported_by_feature(tmp_path: Path, add: Add) -> None:
    frame = fields(2)
    bow_tie = shapely.Polygon([(112.6, 36.3), (112.61, 36.31), (112.61, 36.3), (112.6, 36.31)])
    frame.loc[1, "geometry"] = bow_tie
    frame.loc[2, "geometry"] = None
    frame.to_file(tmp_path / "a.gpkg")
    origin = add(tmp_path / "a.gpkg").origin
    assert origin.repair_counts == {Repair.MADE_VALID: 1}
    assert [item.feature for item in origin.repairs] == [2]
    assert origin.repairs[0].area_change_m2 > 0
    assert (origin.features, origin.skipped) == (3, 1)
    assert any("1 个要素没有可用图形" in remark.zh for remark in origin.remarks)


def test_giants_are_stored_in_small_parts(tmp_path: Path, add: Add, library: LayerLibrary) -> None:
    angle = np.linspace(0, 2 * np.pi, 5_000, endpoint=False)
    radius = 0.1 * (1 + 0.1 * np.sin(40 * angle))
    centre = np.array([112.8, 36.4])
    giant = shapely.Polygon(
        centre + radius[:, None] * np.column_stack([np.cos(angle), np.sin(angle)])
    )
    hole = shapely.Point(112.8, 36.4).buffer(0.02, quad_segs=200)
    giant = giant.difference(hole)
    geopandas.GeoDataFrame({"name": ["大"]}, geometry=[giant], crs=4490).to_file(tmp_path / "a.fgb")
    add(tmp_path / "a.fgb", "ecological-red-line")
    layer = library.open("ecological-red-line")
    parts = layer.candidates(EVERYWHERE)
    assert len(parts) > 20
    assert shapely.get_num_coordinates(parts.geometry).max() <= 256
    assert set(parts.feature.tolist()) == {0}
    assert layer.feature_areas([0])[0] == pytest.approx(ellipsoidal_area(giant)[0], rel=1e-8)
    assert (
        shapely.union_all(parts.geometry, grid_size=1e-12).symmetric_difference(giant).area < 1e-9
    )


def test_lines_and_points_are_layers_too(tmp_path: Path, add: Add, library: LayerLibrary) -> None:
    x = np.linspace(112.5, 112.9, 1_000)
    line = shapely.LineString(np.column_stack([x, 36.3 + 0.01 * np.sin(50 * x)]))
    geopandas.GeoDataFrame({"grade": ["高速"]}, geometry=[line], crs=4490).to_file(
        tmp_path / "l.gpkg"
    )
    add(tmp_path / "l.gpkg", "highway")
    parts = library.open("highway").candidates(EVERYWHERE)
    assert shapely.get_num_coordinates(parts.geometry).max() <= 256
    assert shapely.length(parts.geometry).sum() == pytest.approx(line.length)
    points = geopandas.GeoDataFrame(
        geometry=[shapely.MultiPoint([(112.5, 36), (112.6, 36)])], crs=4490
    )
    points.to_file(tmp_path / "p.geojson")
    assert add(tmp_path / "p.geojson", "springs").origin.parts == 2


def test_equal_input_gives_equal_hash(tmp_path: Path) -> None:
    path = geopackage(tmp_path)
    first, second = (
        LayerLibrary(tmp_path / folder).add(path, NAME, "文件", dt.date(2023, 1, 1))
        for folder in ("one", "two")
    )
    assert first.stored.version.sha256 == second.stored.version.sha256
    other = LayerLibrary(tmp_path / "one").add(path, NAME, "文件", dt.date(2024, 1, 1))
    assert other.stored.version.sha256 != first.stored.version.sha256


def test_adding_the_same_again_changes_nothing(tmp_path: Path, add: Add) -> None:
    path = geopackage(tmp_path)
    assert not add(path).already_present
    assert add(path).already_present


def test_the_file_is_a_geopackage_for_other_programs(tmp_path: Path, add: Add) -> None:
    path = add(geopackage(tmp_path)).stored.path
    info = pyogrio.read_info(path, layer="parts")
    assert (info["crs"], info["geometry_type"], info["features"]) == ("EPSG:4490", "Polygon", 36)
    with sqlite3.connect(path) as opened:
        assert opened.execute("SELECT rtreecheck('rtree_parts_geom')").fetchone() == ("ok",)
        assert opened.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert opened.execute("PRAGMA foreign_key_check").fetchall() == []
    near = pyogrio.read_dataframe(path, layer="parts", bbox=(112.5, 36.2, 112.511, 36.209))
    assert near["feature"].tolist() == [1]
    assert pyogrio.read_dataframe(path, layer="origin")["file"].tolist() == ["农田.gpkg"]


def test_columns_that_would_clash_are_kept_under_their_names(
    tmp_path: Path, add: Add, library: LayerLibrary
) -> None:
    frame = fields(2).rename(columns={"名称": "area_m2", "编号": "ogc"})
    frame["when"] = [dt.datetime(2024, 1, 2)] * 4
    frame.to_parquet(tmp_path / "a.parquet")
    add(tmp_path / "a.parquet")
    row = library.open(NAME).attributes([0])[0]
    assert row == {"area_m2": "地块0", "面积": 0.0, "ogc": 0, "when": "2024-01-02T00:00:00"}


def test_a_declared_encoding_wins(tmp_path: Path, add: Add, library: LayerLibrary) -> None:
    fields(2).to_file(tmp_path / "a.shp", encoding="GBK")
    (tmp_path / "a.cpg").write_text("ISO-8859-1")
    add(tmp_path / "a.shp", encoding="GBK")
    assert library.open(NAME).attributes([0])[0]["名称"] == "地块0"


def test_progress_rises_to_its_total(tmp_path: Path, add: Add) -> None:
    calls: list[tuple[int, int]] = []
    add(geopackage(tmp_path), progress=lambda done, total: calls.append((done, total)))
    assert [done for done, _ in calls] == sorted(done for done, _ in calls)
    assert calls[-1] == (72, 72)


def test_half_a_character_is_cut_off_and_remarked(
    tmp_path: Path, add: Add, library: LayerLibrary
) -> None:
    """Text fields of fixed width end where the bytes end, not where a character does."""
    fields(2).to_parquet(tmp_path / "a.parquet")
    content = (tmp_path / "a.parquet").read_bytes()
    broken = content.replace("地块0".encode(), "地块".encode() + b"\xe5")
    assert broken != content
    (tmp_path / "a.parquet").write_bytes(broken)
    report = add(tmp_path / "a.parquet")
    assert library.open(NAME).attributes([0])[0]["名称"] == "地块"
    assert any("半个字" in remark.zh for remark in report.origin.remarks)
