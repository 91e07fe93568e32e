"""A stored layer asked by the kernel: the same answers as the layer in memory, from any thread."""

from __future__ import annotations

import pickle
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import geopandas
import numpy as np
import pytest
import shapely

from minplan.core.geometry.border import BlockBorder
from minplan.core.geometry.crs import local_system
from minplan.core.geometry.overlay import MemoryLayer, overlaps, prepare
from minplan.core.geometry.polygonal import Polygonal
from minplan.layers import AddReport, LayerFile, LayerLibrary

from .conftest import NAME

Add = Callable[..., AddReport]


def ragged_fields(count: int, seed: int) -> np.ndarray:
    """Star-shaped fields that may overlap each other, some with holes."""
    random = np.random.default_rng(seed)
    shapes = []
    for _ in range(count):
        corners = int(random.integers(5, 40))
        angle = np.sort(random.uniform(0, 2 * np.pi, corners))
        radius = 0.004 * random.uniform(0.3, 1, corners)
        star = np.column_stack([np.cos(angle), np.sin(angle)]) * radius[:, None]
        centre = random.uniform((112.5, 36.2), (112.7, 36.4))
        holes = [centre + 0.3 * star] if random.uniform() < 0.2 else []
        shape = shapely.Polygon(centre + star, holes)
        shapes.append(shape if shape.is_valid else shapely.convex_hull(shape))
    return np.array(shapes, dtype=object)


@pytest.fixture
def shapes() -> np.ndarray:
    return ragged_fields(1_500, seed=7)


@pytest.fixture
def layer(shapes: np.ndarray, tmp_path: Path, add: Add, library: LayerLibrary) -> LayerFile:
    frame = geopandas.GeoDataFrame({"no": range(len(shapes))}, geometry=shapes, crs=4490)
    frame.to_file(tmp_path / "a.fgb", driver="FlatGeobuf", SPATIAL_INDEX="NO")
    add(tmp_path / "a.fgb")
    return library.open(NAME)


def blocks() -> list[Polygonal]:
    corners = ragged_fields(30, seed=8)
    grown = [shapely.affinity.scale(item, size, size) for item in corners for size in (1, 5, 20)]
    gauss = local_system(112.6)
    return [Polygonal(item, gauss) for item in grown] + [Polygonal(item) for item in grown]


def test_the_file_answers_as_the_memory_does(layer: LayerFile, shapes: np.ndarray) -> None:
    memory = MemoryLayer.of(NAME, shapes, [{"no": i} for i in range(len(shapes))])
    for block in map(prepare, blocks()[::7]):
        stored, held = overlaps(block, layer), overlaps(block, memory)
        assert [item.feature for item in stored] == [item.feature for item in held]
        assert [item.attributes["no"] for item in stored] == [item.feature for item in held]
        np.testing.assert_allclose(
            [item.area_m2 for item in stored], [item.area_m2 for item in held], rtol=1e-9
        )


def test_the_fast_path_finds_the_same_areas(layer: LayerFile) -> None:
    for block in map(prepare, blocks()):
        border = BlockBorder(block.geometry)
        features, areas = layer.overlap_areas(border)
        fast = dict(zip(features.tolist(), areas.tolist(), strict=True))
        slow = {item.feature: item.area_m2 for item in overlaps(block, layer)}
        assert slow.keys() <= fast.keys()
        assert all(fast[feature] < 1.0 for feature in fast.keys() - slow.keys())
        for feature, area in slow.items():
            assert fast[feature] == pytest.approx(area, abs=1e-4)
        assert layer.total_area(border) == pytest.approx(sum(fast.values()), rel=1e-9, abs=1e-4)


def test_nothing_near_is_nothing(layer: LayerFile) -> None:
    far = BlockBorder(shapely.box(113.0, 36.0, 113.1, 36.1))
    assert len(layer.candidates((113.0, 36.0, 113.1, 36.1))) == 0
    assert len(layer.overlap_areas(far)[0]) == 0
    assert layer.total_area(far) == 0.0
    assert layer.attributes([]) == {}


def test_another_process_opens_the_file_itself(layer: LayerFile) -> None:
    again = pickle.loads(pickle.dumps(layer))
    assert again.version == layer.version
    everywhere = (-180.0, -90.0, 180.0, 90.0)
    assert len(again.candidates(everywhere)) == len(layer.candidates(everywhere)) > 0


def test_threads_share_a_layer(layer: LayerFile) -> None:
    def total(block: Polygonal) -> float:
        return layer.total_area(BlockBorder(prepare(block).geometry))

    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(total, blocks())) == [total(block) for block in blocks()]
    layer.close()
    assert len(layer.candidates((112.5, 36.2, 112.7, 36.4))) > 0
