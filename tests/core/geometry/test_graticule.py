"""Basic blocks: areas, labels, cells of a block, and how corners lie to the lines."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from shapely.geometry import Polygon, box

from minplan.core.geometry.area import area_by_formula, ellipsoidal_area
from minplan.core.geometry.graticule import (
    Cell,
    CellSize,
    basic_block_area,
    cell_ids,
    cells_from_ids,
    cover,
    row_areas,
    snap_report,
)
from minplan.core.geometry.polygonal import Polygonal

from .shapes import stars, zone_block


@pytest.mark.parametrize(("latitude", "km2"), [(35.82, 2.785), (36.5, 2.762), (37.13, 2.739)])
def test_area_of_a_basic_block(latitude: float, km2: float) -> None:
    assert basic_block_area(latitude) / 1e6 == pytest.approx(km2, abs=5e-4)


@given(st.integers(0, 54 * 60 - 1), st.integers(73 * 60, 135 * 60 - 1))
def test_cell_area_is_that_of_its_polygon(row: int, column: int) -> None:
    cell = Cell(column, row)
    assert cell.area_m2 == pytest.approx(area_by_formula(cell.geometry), rel=1e-9)
    middle = (row + 0.5) / 60
    assert basic_block_area(middle) == pytest.approx(cell.area_m2, rel=1e-9)


def test_sixteen_small_blocks_make_a_basic_block() -> None:
    row = 36 * 60 + 12
    small = row_areas(np.arange(4 * row, 4 * row + 4), CellSize.SMALL)
    assert 4 * small.sum() == pytest.approx(row_areas(np.array([row]))[0], rel=1e-9)


def test_labels_and_ids() -> None:
    cell = Cell(112 * 240 + 58 * 4 + 2, 36 * 240 + 12 * 4 + 1, CellSize.SMALL)
    assert cell.label == "E1125830N361215-15"
    assert cell.bounds[0] == pytest.approx(112 + 58 / 60 + 30 / 3600)
    ids = cell_ids(np.array([cell.column]), np.array([cell.row]))
    assert cells_from_ids(ids.tolist(), CellSize.SMALL) == (cell,)


def test_cells_of_a_block_on_the_lines() -> None:
    block = box(112 + 58 / 60, 36.2, 113 + 2 / 60, 36.25)
    found = cover(block)
    assert (len(found), found.whole_count, found.is_exact) == (12, 12, True)
    assert found.cells()[0].label == "E1125800N361200-60"
    total = sum(cell.area_m2 for cell in found.cells(whole=True))
    assert total == pytest.approx(ellipsoidal_area(block)[0], rel=1e-9)


def test_a_thousandth_of_a_second_breaks_no_cell() -> None:
    off = 0.001 / 3600
    block = box(113 - off, 36 + off, 113 + 1 / 60 + off, 36 + 2 / 60 - off)
    found = cover(block)
    assert (len(found), found.whole_count) == (2, 2)


def test_touched_and_whole_cells_of_a_slanting_block() -> None:
    block = Polygon([(112.5, 36), (112.6, 36.01), (112.55, 36.2)])
    found = cover(block)
    assert 0 < found.whole_count < len(found)
    assert not found.is_exact
    assert len(found.cells(whole=True)) == found.whole_count


@given(stars(smallest_m=500))
def test_touched_cells_cover_the_block_and_whole_ones_lie_inside(shape: Polygon) -> None:
    found = cover(shape, CellSize.SMALL)
    touched = shapely.union_all([cell.geometry for cell in found.cells()])
    # Cells met by less than the snapping slack are left out.
    assert shape.difference(touched).area < 1e-3 * shape.area
    for cell in found.cells(whole=True):
        assert shape.buffer(1e-6).covers(cell.geometry)


def test_report_of_an_exact_exploration_block() -> None:
    report = snap_report(Polygonal(box(113, 36, 113 + 3 / 60, 36 + 2 / 60)))
    assert report.made_of is CellSize.BASIC
    assert report.whole_basic_blocks == 6
    assert report.whole[CellSize.SMALL] == 96
    assert report.off_grid == ()
    assert {corner.on for corner in report.corners} == {CellSize.BASIC}


def test_report_of_small_blocks() -> None:
    report = snap_report(Polygonal(box(113, 36, 113 + 45 / 3600, 36 + 30 / 3600)))
    assert report.made_of is CellSize.SMALL
    assert (report.whole_basic_blocks, report.whole[CellSize.SMALL]) == (0, 6)


def test_report_names_corners_off_the_lines() -> None:
    block = Polygon(
        [(113, 36), (113 + 1 / 60, 36), (113 + 1 / 60, 36 + 62 / 3600), (113, 36 + 1 / 60)]
    )
    report = snap_report(Polygonal(block))
    (corner,) = report.off_grid
    assert (corner.ring, corner.number) == (1, 3)
    assert corner.lat_seconds == pytest.approx(2.0)
    assert corner.lon_seconds == pytest.approx(0.0, abs=1e-9)
    assert corner.offset_m == pytest.approx(61.7, abs=0.2)
    assert report.made_of is None


def test_a_mining_block_lies_on_no_line() -> None:
    report = snap_report(zone_block((0, 0), (1000, 0), (1000, 700), (0, 700)))
    assert len(report.off_grid) == 4
    assert report.made_of is None
