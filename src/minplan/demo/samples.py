"""Sample proposals of the demo: their papers are data, their corners lie in the schematic ground.

Each sample is a proposal file of ``changzhi/proposals``; its corner list is written beside it as an
officer would get it (north, east with zone prefix, two decimals, and the elevation row).
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from shapely.geometry import Polygon, box
from shapely.geometry.base import BaseGeometry
from shapely.geometry.polygon import orient

from minplan.core.geometry.crs import from_lonlat, local_system
from minplan.demo.schematic.ground import Ground, facts
from minplan.demo.schematic.plane import to_ground


def sample_files() -> tuple[Traversable, ...]:
    """The proposal files of the samples, in order."""
    folder = facts() / "proposals"
    found = (item for item in folder.iterdir() if item.name.endswith(".toml"))
    return tuple(sorted(found, key=lambda item: item.name))


def write_samples(folder: Path, ground: Ground) -> None:
    """Write every sample with its corner list into ``folder``."""
    folder.mkdir(parents=True, exist_ok=True)
    for file in sample_files():
        text = file.read_text("utf-8")
        sample = tomllib.loads(text)
        place, _, key = sample["corners_file"].partition("@")
        shape = _block(ground, key) if place == "block" else _beside(ground, key)
        corners = file.name.replace(".toml", ".txt")
        (folder / corners).write_text(_corner_list(shape, sample["elevation"]), encoding="utf-8")
        own = text.replace(f'"{sample["corners_file"]}"', f'"{corners}"')
        (folder / file.name).write_text(own, encoding="utf-8")


def _block(ground: Ground, code: str) -> Polygon:
    return next(item.shape for item in ground.blocks if item.code == code)


def _beside(ground: Ground, key: str) -> Polygon:
    """A square of 1.2 km² across the border of a county's red line, clear of rights and zones."""
    red = next(
        item.geometry
        for item in ground.layers["ecological-red-line"]
        if item.attributes["name"].startswith(key)
    )
    side = 1_100.0
    rights = [item.geometry for item in ground.layers["mining-right"]]
    others = shapely.union_all([*rights, ground.zones["PA"]])
    for vertex in shapely.get_coordinates(red):
        square = box(*(vertex - side / 2), *(vertex + side / 2))
        if not square.intersects(others) and 0.15 < _share(square, red) < 0.5:
            return square
    raise ValueError(f"no free ground beside {key}")


def _share(square: Polygon, other: BaseGeometry) -> float:
    return float(square.intersection(other).area / square.area)


def _corner_list(shape: Polygon, elevation: Mapping[str, Any] | list[float]) -> str:
    clockwise = orient(to_ground(shape), sign=-1)
    lonlat = shapely.get_coordinates(clockwise.exterior)[:-1]
    system = local_system(float(lonlat[:, 0].mean()))
    rows = np.round(from_lonlat(system, lonlat), 2)
    lines = [
        f"坐标系：{system.datum.name_zh}，{system.width}度带",
        "点号\tX\tY",
        *(f"{i}\t{north:.2f}\t{east:.2f}" for i, (east, north) in enumerate(rows, start=1)),
        f"*\t{max(elevation):g}\t{min(elevation):g}",
    ]
    return "\n".join(lines) + "\n"
