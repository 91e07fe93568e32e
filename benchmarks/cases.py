"""The test case of the overlay benchmark, made by code from a seed.

Four layers in the extent of Changzhi (长治) in EPSG:4490: a million farmland polygons with about
22 vertices, 2 % of them with a hole; 2,993 red-line polygons, five of them giants of 23,000 to
66,000 vertices; 300 rights; 60 zones. Blocks of 0.5 to 30 km² and, for large ones, 100 to
2,000 km²; their edges are straight in Gauss-Krüger, as those of licences. Nothing here is real
ground.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import geopandas
import numpy as np
import shapely

EXTENT = (111.98, 35.82, 113.74, 37.13)
KM_LON, KM_LAT = 1 / 89.7, 1 / 111.0
SEED = 20261123
GIANTS = (23_000, 31_000, 42_000, 54_000, 66_000)


@dataclass(frozen=True)
class Size:
    name: str
    farmland_side: int
    red_line: int
    giants: tuple[int, ...]
    rights: int
    zones: int
    blocks: int
    large_blocks: int


FULL = Size("full", 1000, 2_988, GIANTS, 300, 60, 1_000, 60)
SMALL = Size("small", 150, 300, (23_000,), 100, 20, 100, 12)
LAYERS = ("farmland", "red-line", "rights", "zones")


def layer_files(size: Size, folder: Path) -> dict[str, Path]:
    """Paths of the four layers, written on first use."""
    folder = folder / size.name
    folder.mkdir(parents=True, exist_ok=True)
    paths = {name: folder / f"{name}.gpkg" for name in LAYERS}
    makers = {
        "farmland": lambda: farmland(size),
        "red-line": lambda: [red_line(size)],
        "rights": lambda: [stars(_random(3), size.rights, (4, 13), (0.1, 30.0))],
        "zones": lambda: [stars(_random(4), size.zones, (12, 60), (20.0, 300.0))],
    }
    for name, path in paths.items():
        if path.exists():
            continue
        partial = path.with_suffix(".partial.gpkg")
        partial.unlink(missing_ok=True)
        first = 0
        for shapes in makers[name]():
            frame = geopandas.GeoDataFrame(
                {"name": [f"{name}-{first + i}" for i in range(len(shapes))]},
                geometry=shapes,
                crs=4490,
            )
            frame.to_file(partial, layer=name, mode="a" if first else "w", engine="pyogrio")
            first += len(shapes)
        partial.rename(path)
    return paths


def blocks(size: Size) -> np.ndarray:
    """Query blocks of 0.5 to 30 km², 4 to 20 corners."""
    return stars(_random(5), size.blocks, (4, 21), (0.5, 30.0))


def large_blocks(size: Size) -> np.ndarray:
    """Blocks of 100 to 2,000 km², 8 to 200 corners."""
    return stars(_random(6), size.large_blocks, (8, 201), (100.0, 2_000.0))


def farmland(size: Size) -> Iterator[np.ndarray]:
    """Fields in a jittered grid, a strip of rows at a time."""
    side = size.farmland_side
    random = _random(1)
    west, south, east, north = EXTENT
    dx, dy = (east - west) / side, (north - south) / side
    rows = max(1, 100_000 // side)
    for first in range(0, side, rows):
        i, j = np.meshgrid(np.arange(side), np.arange(first, min(first + rows, side)))
        centre = np.column_stack([west + (i.ravel() + 0.5) * dx, south + (j.ravel() + 0.5) * dy])
        centre += random.uniform(-0.06, 0.06, centre.shape) * (dx, dy)
        corners = random.integers(10, 33, len(centre))
        yield _rings(random, centre, (dx * 0.42, dy * 0.42), corners, roughness=0.45, holes=0.02)


def red_line(size: Size) -> np.ndarray:
    random = _random(2)
    ordinary = stars(random, size.red_line, (60, 400), (0.02, 12.0))
    giants = [
        _giant(random, vertices, radius_km)
        for vertices, radius_km in zip(size.giants, (9, 12, 15, 18, 22), strict=False)
    ]
    return np.concatenate([ordinary, np.array(giants, dtype=object)])


def stars(
    random: np.random.Generator,
    count: int,
    corners: tuple[int, int],
    area_km2: tuple[float, float],
) -> np.ndarray:
    """Star-shaped polygons, areas spread evenly on a logarithmic scale."""
    west, south, east, north = EXTENT
    area = np.exp(random.uniform(np.log(area_km2[0]), np.log(area_km2[1]), count))
    # the mean square of a radius with this roughness is 0.62 of its greatest square
    radius = np.sqrt(area / (np.pi * 0.62))
    margin = np.minimum(radius, 60.0)[:, None] * (KM_LON, KM_LAT)
    low, high = np.array([west, south]) + margin, np.array([east, north]) - margin
    centre = low + random.uniform(0, 1, (count, 2)) * (high - low)
    number = random.integers(*corners, count)
    return np.array(
        [
            _rings(
                random,
                centre[i : i + 1],
                (radius[i] * KM_LON, radius[i] * KM_LAT),
                number[i : i + 1],
                roughness=0.45,
            )[0]
            for i in range(count)
        ]
    )


def _rings(
    random: np.random.Generator,
    centre: np.ndarray,
    radius: tuple[float, float],
    corners: np.ndarray,
    *,
    roughness: float,
    holes: float = 0.0,
) -> np.ndarray:
    """One star-shaped polygon around each centre; ``holes`` is the share that gets a hole."""
    owner = np.repeat(np.arange(len(centre)), corners)
    step = np.arange(len(owner)) - np.repeat(np.cumsum(corners) - corners, corners)
    angle = 2 * np.pi * (step + random.uniform(-0.3, 0.3, len(owner))) / corners[owner]
    length = 1 - roughness * random.uniform(0, 1, len(owner))
    offset = np.column_stack([np.cos(angle), np.sin(angle)]) * length[:, None] * radius
    shells = shapely.linearrings(centre[owner] + offset, indices=owner)
    polygons = shapely.polygons(shells)
    pierced = np.flatnonzero(random.uniform(0, 1, len(centre)) < holes)
    chosen = np.isin(owner, pierced)
    if chosen.any():
        inner = shapely.linearrings(
            centre[owner[chosen]] + 0.4 * offset[chosen],
            indices=np.searchsorted(pierced, owner[chosen]),
        )
        polygons[pierced] = shapely.polygons(shells[pierced], inner[:, None])
    return polygons


def _giant(random: np.random.Generator, vertices: int, radius_km: float) -> shapely.Polygon:
    """A ragged outline: a radius with detail on every scale."""
    angle = np.linspace(0, 2 * np.pi, vertices, endpoint=False)
    radius = np.ones(vertices)
    for octave in range(3, 13):
        waves = 2**octave
        knots = random.normal(0, 0.25 / np.sqrt(waves), waves)
        places = np.linspace(0, 2 * np.pi, waves, endpoint=False)
        radius += np.interp(angle, places, knots, period=2 * np.pi)
    radius = np.maximum(radius, 0.2) * radius_km
    west, south, east, north = EXTENT
    middle = np.array([(west + east) / 2, (south + north) / 2])
    centre = middle + random.uniform(-0.25, 0.25, 2) * (east - west, north - south)
    offset = np.column_stack([np.cos(angle) * KM_LON, np.sin(angle) * KM_LAT]) * radius[:, None]
    return shapely.polygons(centre + offset)


def _random(stream: int) -> np.random.Generator:
    return np.random.default_rng([SEED, stream])
