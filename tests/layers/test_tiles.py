"""Vector tiles of a layer: what is in them, at which zoom, and how they live with their layer."""

from __future__ import annotations

import gzip
import math
from collections.abc import Callable
from pathlib import Path

import geopandas
import numpy as np
import pyogrio
import pytest
import shapely

from minplan.layers import AddReport, LayerLibrary
from minplan.layers.file import LayerFile
from minplan.layers.overview import HALF_WORLD, Overview, pixel_side
from minplan.layers.tiles import make_tiles, matrices, read_tile, tile_file

from .conftest import NAME, fields

Add = Callable[..., AddReport]
#: A corner of the fields: lon, lat.
PLACE = (112.505, 36.204)


@pytest.fixture
def layer(tmp_path: Path, add: Add) -> LayerFile:
    frame = fields(4).rename(columns={"名称": "name"})
    frame.to_file(tmp_path / "a.gpkg")
    return LayerFile(add(tmp_path / "a.gpkg").stored.path)


def tile_at(zoom: int, lon: float, lat: float, *, mercator: bool) -> tuple[int, int]:
    """Column and row, from the west and the north, of the tile over a place."""
    north = math.degrees(math.asinh(math.tan(math.radians(lat)))) if mercator else lat
    return int((lon + 180) / 360 * 2**zoom), int((180 - north) / 360 * 2**zoom)


def drawn(file: Path, zoom: int, name: str) -> geopandas.GeoDataFrame:
    return pyogrio.read_dataframe(file, layer=name, ZOOM_LEVEL=zoom)


@pytest.mark.parametrize("matrix", ["c", "w"])
def test_tiles_lie_where_the_ground_is(layer: LayerFile, matrix: str) -> None:
    made = make_tiles(layer, matrix)
    assert made.path == tile_file(layer.path, matrix)
    assert matrices(layer.path) == (matrix,)
    for zoom in (5, 11, 12, 14):
        column, row = tile_at(zoom, *PLACE, mercator=matrix == "w")
        tile = read_tile(layer.path, matrix, zoom, column, row)
        assert tile is not None
        assert len(gzip.decompress(tile)) > 20
        assert read_tile(layer.path, matrix, zoom, column + 3, row) is None


def test_near_the_ground_tiles_hold_every_feature_with_its_name(layer: LayerFile) -> None:
    found = drawn(make_tiles(layer, "w").path, 14, "features").to_crs(4490)
    assert set(found["label"]) == {f"地块{i}" for i in range(16)}
    whole = found.dissolve("fid").geometry
    original = fields(4).geometry.to_numpy()
    for fid, shape in zip(whole.index, whole, strict=True):
        parts = shapely.intersection(shape, original)
        assert max(shapely.area(parts)) / original[0].area == pytest.approx(1, abs=0.01), fid


def test_far_away_tiles_hold_the_ground_joined_and_lose_nothing(tmp_path: Path, add: Add) -> None:
    tiny = shapely.box(112.9, 36.5, 112.90001, 36.50001)  # one metre
    frame = geopandas.GeoDataFrame(geometry=[*fields(4).geometry, tiny], crs=4490)
    frame.to_file(tmp_path / "a.gpkg")
    layer = LayerFile(add(tmp_path / "a.gpkg").stored.path)
    found = drawn(make_tiles(layer, "c").path, 7, "overview")
    # the plane of “c” is degrees stretched to the width of the Mercator world
    degrees = shapely.transform(found.geometry.to_numpy(), lambda c: c * 180 / HALF_WORLD)
    assert len(degrees) <= 4
    pixel = pixel_side(7) * 180 / HALF_WORLD
    assert any(shapely.distance(shape, tiny) < pixel for shape in degrees)
    assert any(shapely.distance(shape, shapely.Point(PLACE)) < pixel for shape in degrees)


def test_ground_with_thousands_of_holes_is_outlined_true_to_its_area() -> None:
    side = pixel_side(11)
    marked = np.argwhere(np.random.default_rng(1).random((400, 400)) < 0.7)
    middles = (marked + 0.5) * side - HALF_WORLD + 2**18 * side
    overview = Overview(11)
    overview.add(shapely.buffer(shapely.points(middles), 0.4 * side, quad_segs=1))
    found = overview.shapes(11)
    assert shapely.is_valid(found).all()
    assert shapely.get_num_interior_rings(shapely.get_parts(found)).sum() > 5_000
    assert shapely.area(found).sum() == pytest.approx(len(marked) * side**2, rel=0.1)


def test_an_overview_marks_what_covers_a_pixel_and_joins_over_tile_edges() -> None:
    side = pixel_side(11)
    overview = Overview(11)
    # 100 by 100 pixels over the corner of four tiles, with a hole of 20
    hole = shapely.box(-10 * side, -10 * side, 10 * side, 10 * side)
    square = shapely.box(-50 * side, -50 * side, 50 * side, 50 * side) - hole
    overview.add(np.array([square], dtype=object))
    shapes = overview.shapes(11)
    found = shapely.union_all(shapes)
    assert found.area == pytest.approx(square.area, rel=0.03)
    assert len(shapes) == 4
    assert shapely.area(shapes).sum() == pytest.approx(found.area)
    coarse = shapely.union_all(overview.shapes(9))
    assert coarse.area == pytest.approx(square.area, rel=0.12)


def test_split_giants_are_whole_again(tmp_path: Path, add: Add) -> None:
    angle = np.linspace(0, 2 * np.pi, 3000, endpoint=False)
    ring = np.column_stack([112.6 + 0.02 * np.cos(angle), 36.3 + 0.02 * np.sin(angle)])
    frame = geopandas.GeoDataFrame(geometry=[shapely.Polygon(ring)], crs=4490)
    frame.to_file(tmp_path / "a.gpkg")
    layer = LayerFile(add(tmp_path / "a.gpkg").stored.path)
    assert layer.stored.origin.parts > 1
    found = drawn(make_tiles(layer, "w").path, 12, "features")
    column_count = len(found)
    tiles = {tile_at(12, lon, lat, mercator=True) for lon, lat in ring}
    # one piece a tile (and its rim), none for the cuts of the stored parts
    assert column_count <= 2 * len(tiles)


def test_tiles_come_with_many_features_and_go_with_the_layer(
    tmp_path: Path, add: Add, library: LayerLibrary, monkeypatch: pytest.MonkeyPatch
) -> None:
    fields(3).to_file(tmp_path / "a.gpkg")
    assert matrices(add(tmp_path / "a.gpkg").stored.path) == ()
    monkeypatch.setattr("minplan.layers.library.TILED_FROM", 3)
    report = add(tmp_path / "a.gpkg", act="另一文件", matrices=("c", "w"))
    assert matrices(report.stored.path) == ("c", "w")
    assert all(item.ok for item in library.verify(NAME))
    library.remove(report.stored.ref)
    assert matrices(report.stored.path) == ()


def test_what_progress_raises_leaves_no_tiles(layer: LayerFile) -> None:
    def stop(done: int, total: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        make_tiles(layer, "c", stop)
    assert matrices(layer.path) == ()
    assert [item.name for item in layer.path.parent.glob(".tiles-*")] == []
