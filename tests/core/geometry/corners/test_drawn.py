"""Ground that was drawn or dragged must still bound an area."""

from __future__ import annotations

from typing import Any

import pytest

from minplan.core.errors import InputError
from minplan.core.geometry.corners import drawn
from minplan.core.geometry.crs import CoordinateSystem, Datum

ZONE_38 = CoordinateSystem(Datum.CGCS2000, 3, 38)
SQUARE = [[113.4, 36.5], [113.41, 36.5], [113.41, 36.51], [113.4, 36.51]]


def polygon(*rings: list[list[float]]) -> dict[str, Any]:
    return {"type": "Polygon", "coordinates": list(rings)}


def test_a_ring_may_be_open_or_closed_and_is_turned_to_the_norm() -> None:
    ground = drawn(polygon(SQUARE), ZONE_38)
    assert ground.edge_system == ZONE_38
    assert not ground.geometry.exterior.is_ccw
    assert ground.fingerprint == drawn(polygon([*SQUARE, SQUARE[0]]), ZONE_38).fingerprint


def test_a_hole_is_kept() -> None:
    hole = [[113.404, 36.504], [113.406, 36.504], [113.406, 36.506], [113.404, 36.506]]
    assert len(drawn(polygon(SQUARE, hole), ZONE_38).geometry.interiors) == 1


@pytest.mark.parametrize(
    ("geometry", "code"),
    [
        (polygon([SQUARE[0], SQUARE[2], SQUARE[1], SQUARE[3]]), "E124"),
        (polygon(SQUARE[:2]), "E129"),
        (polygon([SQUARE[0], SQUARE[0], SQUARE[1], SQUARE[1]]), "E129"),
        (polygon(SQUARE, [[113.5, 36.5], [113.51, 36.5], [113.51, 36.51]]), "E127"),
        (polygon([[0.0, 0.0], [1.0, 0.0], [1.0, 1.0]]), "E109"),
        (polygon([[float("nan"), 36.5], *SQUARE]), "E109"),
        ({"type": "Point", "coordinates": [113.4, 36.5]}, "E109"),
        ({"type": "Polygon"}, "E109"),
        ({"type": "MultiPolygon", "coordinates": [[SQUARE], [SQUARE]]}, "E124"),
    ],
)
def test_what_bounds_no_area_is_refused(geometry: dict[str, Any], code: str) -> None:
    with pytest.raises(InputError) as refused:
        drawn(geometry, ZONE_38)
    assert refused.value.code == code
    assert refused.value.hint is not None


def test_crossing_edges_are_named_by_their_corners() -> None:
    with pytest.raises(InputError, match="边 1–2 与边 3–4"):
        drawn(polygon([SQUARE[0], SQUARE[2], SQUARE[1], SQUARE[3]]), ZONE_38)
