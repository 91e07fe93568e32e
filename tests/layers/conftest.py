"""Small layers made by code, in every format and with every fault."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path

import geopandas
import numpy as np
import pytest
import shapely

from minplan.layers import AddReport, LayerLibrary

NAME = "permanent-basic-farmland"


def fields(side: int = 6) -> geopandas.GeoDataFrame:
    """A grid of ``side`` × ``side`` square fields of about 1 km² near Changzhi, EPSG:4490."""
    lon, lat = np.meshgrid(112.5 + 0.012 * np.arange(side), 36.2 + 0.01 * np.arange(side))
    shapes = shapely.box(lon.ravel(), lat.ravel(), lon.ravel() + 0.011, lat.ravel() + 0.009)
    number = np.arange(side * side)
    return geopandas.GeoDataFrame(
        {"名称": [f"地块{i}" for i in number], "面积": number / 4, "编号": number},
        geometry=shapes,
        crs=4490,
    )


@pytest.fixture
def library(tmp_path: Path) -> LayerLibrary:
    return LayerLibrary(tmp_path / "workspace" / "layers")


@pytest.fixture
def add(library: LayerLibrary) -> Callable[..., AddReport]:
    """Add a file under the usual declaration."""

    def adding(path: Path, name: str = NAME, **options: object) -> AddReport:
        declared = {"act": "长政发〔2023〕1号", "effective_from": dt.date(2023, 1, 1), **options}
        return library.add(path, name, **declared)  # type: ignore[arg-type]

    return adding


def snapshot(folder: Path) -> dict[str, bytes]:
    """Every file of a library with its content."""
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }
