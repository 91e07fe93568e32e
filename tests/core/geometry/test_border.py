"""Areas along a border from crossing edges: the same as by cutting."""

from __future__ import annotations

import numpy as np
import shapely
from hypothesis import example, given, settings
from hypothesis import strategies as st

from minplan.core.geometry.area import ellipsoidal_area
from minplan.core.geometry.border import BlockBorder
from minplan.core.geometry.cells import cells_of
from minplan.core.geometry.layer import BoxBatch


def star(random: np.random.Generator, size: float, corners: int) -> shapely.Polygon:
    angle = np.sort(random.uniform(0, 2 * np.pi, corners))
    radius = size * random.uniform(0.1, 1, corners)
    centre = np.array([112.6, 36.3]) + random.uniform(-0.02, 0.02, 2)
    return shapely.Polygon(
        centre + np.column_stack([np.cos(angle), np.sin(angle)]) * radius[:, None]
    )


def valid_star(random: np.random.Generator, size: float, corners: int) -> shapely.Polygon:
    """Star with an angle of less than 180° between neighbours, so that it does not cross itself."""
    while True:
        shape = star(random, size, corners)
        if shape.is_valid and shape.area > 0:
            return shape


def batch(shapes: np.ndarray) -> BoxBatch:
    number = np.arange(len(shapes))
    return BoxBatch(number, number, shapely.bounds(shapes), ellipsoidal_area(shapes))


def check(block: shapely.Geometry, shapes: np.ndarray) -> None:
    found = BlockBorder(block).areas(batch(shapes), lambda part: shapes[part])
    expected = ellipsoidal_area(shapely.intersection(shapes, block))
    # the cut of a long edge is a new vertex; a tenth of a millimetre square stays
    np.testing.assert_allclose(found, expected, rtol=1e-9, atol=1e-4)


@settings(max_examples=150, deadline=None)
@given(seed=st.integers(0, 2**32 - 1))
def test_areas_agree_with_cutting(seed: int) -> None:
    random = np.random.default_rng(seed)
    block = valid_star(random, random.uniform(0.002, 0.05), int(random.integers(5, 60)))
    if random.uniform() < 0.3:
        block = block.difference(valid_star(random, 0.01, 8).buffer(0))
    if random.uniform() < 0.3:
        block = block.union(valid_star(random, 0.02, 9))
    if shapely.get_dimensions(block) != 2 or block.is_empty:
        return
    block = shapely.multipolygons([p for p in shapely.get_parts(block) if p.area > 0])
    shapes = np.array(
        [
            valid_star(random, random.uniform(0.0005, 0.02), int(random.integers(5, 40)))
            for _ in range(40)
        ]
    )
    check(block, shapes)


def test_shared_corners_and_edges_are_left_to_geos() -> None:
    """A grid of squares over a block of the same grid: every vertex lies on the border."""
    lon, lat = np.meshgrid(112.5 + 0.01 * np.arange(8), 36.2 + 0.01 * np.arange(8))
    shapes = shapely.box(lon.ravel(), lat.ravel(), lon.ravel() + 0.01, lat.ravel() + 0.01)
    check(shapely.box(112.52, 36.22, 112.55, 36.26), shapes)
    check(shapely.box(112.525, 36.22, 112.555, 36.26), shapes)


def test_a_block_inside_a_part_and_holes_around_it() -> None:
    ring = shapely.box(112.5, 36.2, 112.7, 36.4).difference(
        shapely.box(112.58, 36.28, 112.62, 36.32)
    )
    shapes = np.array([ring] + [shapely.box(112.5, 36.2, 112.7, 36.4)] * 15, dtype=object)
    check(shapely.Point(112.6, 36.3).buffer(0.005), shapes)
    check(shapely.Point(112.6, 36.3).buffer(0.025), shapes)
    check(shapely.Point(112.6, 36.3).buffer(0.05), shapes)


@settings(max_examples=100, deadline=None)
@example(seed=1137991)  # an edge along the northern rim, ending in the middle of a column
@given(seed=st.integers(0, 2**32 - 1))
def test_cells_never_decide_wrongly(seed: int) -> None:
    random = np.random.default_rng(seed)
    block = valid_star(random, random.uniform(0.001, 0.3), int(random.integers(5, 200)))
    if random.uniform() < 0.5:
        block = shapely.set_precision(block, 0.0008)
    if shapely.get_dimensions(block) != 2 or block.is_empty:
        return
    west, south, east, north = block.bounds
    corner = random.uniform((west - 0.01, south - 0.01), (east + 0.01, north + 0.01), (300, 2))
    reach = random.uniform(0, 0.003, (300, 2))
    bounds = np.hstack([corner, corner + reach])
    inside, outside = cells_of(block).classify(bounds)
    boxes = shapely.box(*bounds.T)
    assert shapely.covers(block, boxes[inside]).all()
    assert not shapely.intersects(block, boxes[outside]).any()
    assert not (inside & outside).any()
