"""The page's own area and length against the kernel's."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import shapely

from minplan.core.geometry.area import ellipsoidal_area
from minplan.core.geometry.measure import GEOD

FRONTEND = Path(__file__).parents[2] / "frontend"
SHAPES: tuple[dict[str, Any], ...] = (
    {"type": "Polygon", "coordinates": [[[113.1, 36.2], [113.3, 36.25], [113.2, 36.4]]]},
    {"type": "Polygon", "coordinates": [[[113.1, 36.2], [113.1008, 36.2], [113.1, 36.2006]]]},
    {
        "type": "Polygon",
        "coordinates": [
            [[100, 20], [120, 22], [118, 50], [99, 48], [100, 20]],
            [[105, 30], [110, 30], [110, 35], [105, 35], [105, 30]],
        ],
    },
    {
        "type": "MultiPolygon",
        "coordinates": [
            [[[113, 36], [113.01, 36], [113.01, 36.01], [113, 36.01], [113, 36]]],
            [[[114, 36], [114.02, 36], [114.02, 36.01], [114, 36.01], [114, 36]]],
        ],
    },
)
LINES = (
    [[112.5, 36.1], [113.7, 37.0]],
    [[113.1, 36.2], [113.1001, 36.2001]],
    [[75, 20], [135, 53]],
    [[113.0, 36.0], [113.0, 36.0]],
)
_PROGRAM = """
import { rolldown } from "rolldown";
const bundle = await rolldown({ input: "src/lib/map/ellipsoid.ts" });
const { output } = await bundle.generate({ format: "esm" });
const made = await import("data:text/javascript," + encodeURIComponent(output[0].code));
const { shapes, lines } = JSON.parse(process.argv[1]);
const [areas, lengths] = [shapes.map(made.areaOf), lines.map(made.lineLength)];
console.log(JSON.stringify({ areas, lengths }));
"""


@pytest.fixture(scope="module")
def page() -> dict[str, list[float]]:
    if shutil.which("node") is None or not (FRONTEND / "node_modules/rolldown").is_dir():
        pytest.skip("the scripts' tools are not installed: run make assets")
    given = json.dumps({"shapes": SHAPES, "lines": LINES})
    command = ["node", "--input-type=module", "-e", _PROGRAM, given]
    done = subprocess.run(command, cwd=FRONTEND, capture_output=True, text=True, check=True)
    found: dict[str, list[float]] = json.loads(done.stdout)
    return found


def test_areas_are_those_of_the_kernel(page: dict[str, list[float]]) -> None:
    for shape, area in zip(SHAPES, page["areas"], strict=True):
        closed = shapely.from_geojson(json.dumps(_closed(shape)))
        assert area == pytest.approx(float(ellipsoidal_area(closed)[0]), rel=1e-9)


def test_lengths_are_geodesics(page: dict[str, list[float]]) -> None:
    for line, length in zip(LINES, page["lengths"], strict=True):
        lons, lats = ([point[axis] for point in line] for axis in (0, 1))
        assert length == pytest.approx(GEOD.line_length(lons, lats), abs=1e-3)


def _closed(shape: dict[str, Any]) -> dict[str, Any]:
    if shape["type"] != "Polygon":
        return shape
    rings = [ring if ring[0] == ring[-1] else [*ring, ring[0]] for ring in shape["coordinates"]]
    return {**shape, "coordinates": rings}
