"""A table with everything a plan layer has, and how two tables are compared."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from shapely.geometry import MultiPolygon, Polygon, box

from minplan.core.geometry.crs import CoordinateSystem, Datum
from minplan.formats.features import (
    Column,
    ColumnType,
    FeatureTable,
    GeometryType,
    object_array,
    open_features,
)

ZONE = CoordinateSystem(Datum.CGCS2000, 3, 38)
SQUARE = box(38400000.1234, 4040000.1, 38400100.5, 4040100.25)
RING = box(38400200, 4040000.1, 38400300.5, 4040100.25).difference(
    box(38400220, 4040020, 38400230, 4040030)
)
PARTS = MultiPolygon([RING, box(38400400, 4040000.1, 38400500, 4040100)])

COLUMNS = (
    Column("BSM", ColumnType.INTEGER, 9, alias="标识码"),
    Column("DAXIAO", ColumnType.INTEGER, 16),
    Column("MC", ColumnType.TEXT, 60, alias="名称"),
    Column("MJ", ColumnType.REAL, 15, 2),
    Column("BILI", ColumnType.REAL),
    Column("RQ", ColumnType.DATE, 10),
    Column("SFYX", ColumnType.BOOLEAN),
)
VALUES: dict[str, list[Any]] = {
    "BSM": [1, None, 3],
    "DAXIAO": [2**53 - 1, None, -5],
    "MC": ["长治市·石灰岩", "字" * 60, None],
    "MJ": [1.25, None, 99999.99],
    "BILI": [1 / 3, None, 1e-20],
    "RQ": [dt.date(2024, 2, 29), None, dt.date(1949, 10, 1)],
    "SFYX": [True, None, False],
}


def plan_table(geometry: Iterable[Any] = (SQUARE, None, PARTS)) -> FeatureTable:
    return FeatureTable(
        "GHQK",
        COLUMNS,
        {name: object_array(values) for name, values in VALUES.items()},
        object_array(geometry),
        GeometryType.POLYGON,
        ZONE,
    )


def named(shapes: Iterable[Any], kind: GeometryType = GeometryType.POLYGON) -> FeatureTable:
    """A table of geometries with nothing but numbered names."""
    shapes = object_array(shapes)
    names = object_array(f"区块{index}" for index in range(1, len(shapes) + 1))
    return FeatureTable("GHQK", (Column("MC", length=60),), {"MC": names}, shapes, kind, ZONE)


def read_all(path: Path, **options: Any) -> list[FeatureTable]:
    """Every layer of a file as one table each."""
    with open_features(path, **options) as source:
        return [joined(source.batches(layer, 2)) for layer in source.layers]


def joined(batches: Iterable[FeatureTable]) -> FeatureTable:
    tables = list(batches)
    head = tables[0]
    return replace(
        head,
        values={
            name: np.concatenate([table.values[name] for table in tables]) for name in head.values
        },
        geometry=None
        if head.geometry is None
        else np.concatenate([table.geometry for table in tables]),
    )


def assert_same_ground(found: Iterable[Any], expected: Iterable[Any], tolerance: float) -> None:
    """Equal corners in any ring order, to ``tolerance`` in the units of the coordinates."""
    found, expected = list(found), list(expected)
    assert len(found) == len(expected)
    for one, other in zip(found, expected, strict=True):
        if other is None:
            assert one is None
            continue
        assert one is not None
        assert one.geom_type == other.geom_type
        assert shapely.get_num_coordinates(one) == shapely.get_num_coordinates(other)
        assert shapely.hausdorff_distance(one, other) <= tolerance
        assert rings(one) == rings(other)


def rings(shape: Any) -> list[tuple[int, ...]]:
    """How many corners each ring of each part has, sorted."""
    return sorted(
        tuple(len(ring.coords) for ring in (part.exterior, *part.interiors))
        for part in shapely.get_parts(shape)
        if isinstance(part, Polygon)
    )
