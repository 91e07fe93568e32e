"""Layers in memory answer as stored layers do."""

from __future__ import annotations

from shapely.geometry import box

from minplan.core.geometry.area import ellipsoidal_area
from minplan.core.geometry.layer import ConstraintLayer
from minplan.core.geometry.memory import MemoryLayer


def test_a_memory_layer_is_a_constraint_layer() -> None:
    shapes = [box(113, 36, 113.1, 36.1), box(114, 36, 114.1, 36.1)]
    layer: ConstraintLayer = MemoryLayer.of("zones", shapes, [{"code": "A"}, {"code": "B"}])
    assert layer.version.extent == (113.0, 36.0, 114.1, 36.1)
    assert layer.candidates((113.05, 36.0, 113.2, 36.2)).feature.tolist() == [0]
    assert layer.attributes([1]) == {1: {"code": "B"}}
    assert layer.feature_areas([0]) == {0: float(ellipsoidal_area(shapes[0])[0])}
