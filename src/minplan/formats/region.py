"""The ground a block is expected in: a division, bounds, or an outline in a file."""

from __future__ import annotations

import tomllib
from functools import lru_cache
from importlib import resources
from pathlib import Path
from typing import Any

import shapely
from shapely.geometry.base import BaseGeometry

from minplan.core.errors import InputError
from minplan.core.geometry.corners import Region
from minplan.core.text import Text
from minplan.formats.fields import near_matches
from minplan.formats.read import read_input


def read_region(word: str, folder: Path | None = None) -> Region:
    """Return the region that ``word`` stands for.

    A division by code or name (``140400``, ``长治市``, ``山西``), bounds in degrees
    (``111.9,35.8,113.8,37.2``: west, south, east, north), or a file with its outline, relative to
    ``folder``. Raises InputError E217 when it is none of these.
    """
    for code, entry in _divisions().items():
        names = (code, entry["zh"], entry["zh"].removesuffix("省").removesuffix("市"), entry["en"])
        if word.strip().lower() in (name.lower() for name in names):
            west, south, east, north = (float(value) for value in entry["bounds"])
            return Region(Text(entry["zh"], entry["en"]), (west, south, east, north))
    if (given := _bounds(word)) is not None:
        return Region(Text("给定范围", "the given bounds"), given)
    path = (folder or Path()) / word
    if path.exists():
        return Region.of(Text(path.stem, path.stem), read_outline(path))
    known = [name for entry in _divisions().values() for name in (entry["zh"], entry["en"])]
    raise InputError(
        "E217",
        Text(f"不认识的地区“{word}”", f"unknown region {word!r}"),
        hint=near_matches(word, known)
        or Text(
            "可填区划代码（140400）、经纬度范围（111.9,35.8,113.8,37.2）或边界文件",
            "give a division code (140400), bounds (111.9,35.8,113.8,37.2) or an outline file",
        ),
    )


def read_outline(path: Path) -> BaseGeometry:
    """The ground of all blocks of a file together, in lon/lat; errors as of ``read_input``."""
    return shapely.union_all([block.polygonal.geometry for block in read_input(path).blocks])


def _bounds(word: str) -> tuple[float, float, float, float] | None:
    try:
        west, south, east, north = (float(part) for part in word.split(","))
    except ValueError:
        return None
    inside = -180 <= west < east <= 180 and -90 <= south < north <= 90
    return (west, south, east, north) if inside else None


@lru_cache(maxsize=1)
def _divisions() -> dict[str, dict[str, Any]]:
    text = (resources.files(__package__) / "regions.toml").read_text("utf-8")
    return tomllib.loads(text)
