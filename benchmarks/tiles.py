"""Vector tiles of a layer of a million polygons: how long to make, how large, how fast to read.

::

    python benchmarks/tiles.py --folder /tmp/tiles-bench [--size small] [--matrix w]

The layer is the farmland of ``cases.py``; nothing in it is real ground.
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import random
import sqlite3
import statistics
import time
from contextlib import closing
from pathlib import Path

import cases
from minplan.layers import LayerLibrary
from minplan.layers.file import LayerFile
from minplan.layers.tiles import make_tiles, read_tile

NAME = "permanent-basic-farmland"
READS = 2_000


def main() -> None:
    """Make the layer and its tiles, then tell the figures as JSON."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--folder", type=Path, required=True)
    parser.add_argument("--size", choices=["small", "full"], default="full")
    parser.add_argument("--matrix", choices=["c", "w"], default="c")
    options = parser.parse_args()
    size = cases.FULL if options.size == "full" else cases.SMALL
    layer = LayerFile(stored(size, options.folder))
    clock, processor = time.perf_counter(), time.process_time()
    made = make_tiles(layer, options.matrix)
    told = {
        "features": layer.stored.origin.features,
        "seconds": round(time.perf_counter() - clock, 1),
        "processor_seconds": round(time.process_time() - processor, 1),
        "tiles": made.tiles,
        "megabytes": round(made.size / 1e6, 1),
        "by_zoom": by_zoom(made.path),
        "read_p50_ms": 0.0,
        "read_p95_ms": 0.0,
    }
    told["read_p50_ms"], told["read_p95_ms"] = reading(layer.path, options.matrix, made.path)
    print(json.dumps(told, indent=1))


def stored(size: cases.Size, folder: Path) -> Path:
    """The layer file, added to a library on first use."""
    library = LayerLibrary(folder / f"layers-{size.name}")
    known = [item for item in library.list() if item.version.name == NAME]
    if not known:
        file = cases.layer_files(size, folder)["farmland"]
        report = library.add(file, NAME, "benchmark", dt.date(2020, 1, 1), matrices=())
        known = [report.stored]
    return known[-1].path


def by_zoom(path: Path) -> dict[int, dict[str, float]]:
    """Number of tiles and kilobytes (median, 95th percentile, largest) at every zoom."""
    with closing(sqlite3.connect(path)) as database:
        rows = database.execute("SELECT zoom_level, length(tile_data) FROM tiles").fetchall()
    found: dict[int, dict[str, float]] = {}
    for zoom in sorted({row[0] for row in rows}):
        sizes = sorted(row[1] / 1000 for row in rows if row[0] == zoom)
        found[zoom] = {
            "tiles": len(sizes),
            "median_kb": round(statistics.median(sizes), 1),
            "p95_kb": round(sizes[int(0.95 * (len(sizes) - 1))], 1),
            "largest_kb": round(sizes[-1], 1),
        }
    return found


def reading(layer: Path, matrix: str, path: Path) -> tuple[float, float]:
    """Milliseconds to read a tile at random: median and 95th percentile."""
    with closing(sqlite3.connect(path)) as database:
        places = database.execute("SELECT zoom_level, tile_column, tile_row FROM tiles").fetchall()
    chosen = random.Random(1).choices(places, k=READS)
    times = []
    for zoom, column, row in chosen:
        begun = time.perf_counter()
        read_tile(layer, matrix, zoom, column, 2**zoom - 1 - row)
        times.append((time.perf_counter() - begun) * 1000)
    times.sort()
    return round(statistics.median(times), 3), round(times[int(0.95 * (READS - 1))], 3)


if __name__ == "__main__":
    main()
