"""Importing needs memory for a batch, not for the layer."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import geopandas
import numpy as np
import pytest
import shapely

resource = pytest.importorskip("resource", reason="peak memory is measured on POSIX systems")

_ADD = """
import resource, sys
from minplan.layers import LayerLibrary
def peak(): return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
LayerLibrary(sys.argv[1]).add(sys.argv[2], "farmland", "", None)
before = peak()
LayerLibrary(sys.argv[1]).add(sys.argv[3], "farmland", "", None)
print(peak() - before)
"""


@pytest.mark.slow
def test_a_hundred_thousand_polygons_fit_in_a_small_memory(tmp_path: Path) -> None:
    side = 320
    lon, lat = np.meshgrid(112 + 0.005 * np.arange(side), 36 + 0.003 * np.arange(side))
    shapes = shapely.buffer(shapely.points(lon.ravel(), lat.ravel()), 0.001, quad_segs=8)
    frame = geopandas.GeoDataFrame({"name": ["地块"] * len(shapes)}, geometry=shapes, crs=4490)
    frame.iloc[:100].to_file(tmp_path / "few.gpkg")
    frame.to_file(tmp_path / "many.gpkg")
    command = [sys.executable, "-c", _ADD, tmp_path / "layers"]
    command += [tmp_path / "few.gpkg", tmp_path / "many.gpkg"]
    done = subprocess.run(
        [str(item) for item in command], check=True, capture_output=True, text=True
    )
    # the file is 70 MB; held as objects it would take about 500
    assert float(done.stdout) < 300
