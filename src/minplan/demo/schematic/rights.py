"""Schematic exploration and mining rights with the plan's numbers and areas by mineral.

Numbers, areas, minerals and counties are the plan's; places, names, holders and licence numbers
are made up by rule and say so.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping, Sequence
from importlib.resources.abc import Traversable

import numpy as np
import shapely
from shapely.geometry import Polygon
from shapely.geometry.base import BaseGeometry

from minplan.demo.schematic.controls import Feature
from minplan.demo.schematic.counties import County, region
from minplan.demo.schematic.plane import fit_area, largest
from minplan.demo.schematic.shapes import blob, disc, place, seed_of

_DEPOSIT_AROUND = 400.0  # m by which a deposit is wider than a right on it
_WIDE_KM2 = 100.0  # rights larger than this may overlap each other, as coal-bed methane does


def draw_rights(
    table: Traversable, counties: Sequence[County], zones: Mapping[str, Polygon]
) -> dict[str, tuple[Feature, ...]]:
    """Layers ``mining-right``, ``exploration-right`` and ``mineral-deposit``.

    ``zones`` are the concentrated mining areas by code: free of rights but for the rows of the
    table that name one of them.
    """
    zone_ground = shapely.union_all(list(zones.values()))
    layers: dict[str, list[Feature]] = {"mining-right": [], "exploration-right": []}
    for row in csv.DictReader(table.read_text("utf-8").splitlines()):
        named = zones.get(row["counties"])
        ground = named.buffer(-100) if named else region(counties, row["counties"].split("|"))
        keep_free = shapely.Polygon() if named else zone_ground
        taken = [f.geometry for f in layers[row["layer"]] if f.geometry.area < _WIDE_KM2 * 1e6]
        free = ground.difference(shapely.union_all([keep_free, *taken]).buffer(60))
        layers[row["layer"]].extend(_rights(row, ground, free))
    deposits = tuple(_deposits(layers["mining-right"]))
    return {**{name: tuple(items) for name, items in layers.items()}, "mineral-deposit": deposits}


def _rights(row: dict[str, str], ground: BaseGeometry, free: BaseGeometry) -> Iterator[Feature]:
    count = int(row["count"])
    each = float(row["area_km2"]) * 1e6 / count
    random = seed_of(f"{row['layer']}{row['mineral']}")
    centers = _lattice(free, each, count, random) if each < _WIDE_KM2 * 1e6 else None
    for number in range(1, count + 1):
        key = f"{row['layer']}{row['mineral']}{number}"
        if centers is None:
            shape = place(ground, each, key)
        else:
            shape = _grow(centers[number - 1], free, each, key)
        yield Feature(shape, _attributes(row, number, random))


def _grow(center: tuple[float, float], free: BaseGeometry, area: float, key: str) -> Polygon:
    """A shape of ``area`` m² around a point of the lattice, inside ``free``."""
    near = largest(free.intersection(disc(center, 3 * np.sqrt(area))))

    def grown(size: float) -> BaseGeometry:
        return largest(blob(center, size, key).intersection(near))

    return largest(fit_area(grown, area, 1.0, 12 * np.sqrt(area)))


def _lattice(
    free: BaseGeometry, each: float, count: int, random: np.random.Generator
) -> list[tuple[float, float]]:
    """``count`` points in ``free``, as far apart as shapes of ``each`` m² allow."""
    west, south, east, north = free.bounds
    shapely.prepare(free)
    inner = free.buffer(-0.75 * np.sqrt(each / np.pi))
    for factor in (1.75, 1.5, 1.3):
        spacing = factor * np.sqrt(each)
        xs, ys = np.meshgrid(np.arange(west, east, spacing), np.arange(south, north, spacing))
        points = np.column_stack([xs.ravel(), ys.ravel()])
        points = points[shapely.contains_xy(inner, points[:, 0], points[:, 1])]
        if len(points) >= count:
            chosen = random.choice(len(points), count, replace=False)
            return [(float(x), float(y)) for x, y in points[np.sort(chosen)]]
    raise ValueError(f"no room for {count} rights of {each:.0f} m²")


def _attributes(
    row: dict[str, str], number: int, random: np.random.Generator
) -> dict[str, str | float | None]:
    mineral = row["mineral"]
    kind = "采矿权" if row["layer"] == "mining-right" else "探矿权"
    return {
        "licence": f"示意-{kind}-{mineral}-{number:03d}",
        "name": f"{mineral}{kind}（示意{number:03d}）",
        "holder": f"示意权利人{number:03d}",
        "mineral": mineral,
        "expiry": f"{2027 + int(random.integers(0, 12))}-12-31",
        "upper": float(row["upper"]),
        "lower": float(row["lower"]),
        "method": row["method"],
        "capacity": float(row["capacity"]) if row["capacity"] else None,
        "status": "有效",
    }


def _deposits(rights: Sequence[Feature]) -> Iterator[Feature]:
    """A deposit around every tenth right: large where the right is, else medium or small."""
    for item in rights[::10]:
        size = (
            "大型" if item.geometry.area > 1e7 else "中型" if item.geometry.area > 1e6 else "小型"
        )
        mineral = item.attributes["mineral"]
        name = f"{mineral}矿产地（{item.attributes['licence'][-3:]}，示意）"
        shape = item.geometry.buffer(_DEPOSIT_AROUND)
        yield Feature(shape, {"name": name, "mineral": mineral, "size": size})
