"""``minplan check`` on a large hand-in, from the files to the report, as a user runs it.

    python benchmarks/checking.py --workspace workspace              about 480,000 features
    python benchmarks/checking.py --workspace workspace --rows 50000

A folder with nine GeoPackages of all layers of the working edition, every field filled with values
that are allowed, is generated first, which is not counted. Then the command runs in a process of
its own, which begins others; the peak memory is that of all together, looked at four times a
second. The workspace gives the plan of the database and the control layers (``make demo`` makes
one).
"""

from __future__ import annotations

import argparse
import resource
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

import geopandas
import numpy as np
import pyogrio
import shapely

from minplan.core.geometry.area import ellipsoidal_area
from minplan.core.standard.load import edition
from minplan.core.standard.model import Edition, FieldSpec, LayerSpec
from quality import parcels

FILES: Final = 9
_ROOT: Final = "140400长治市2021-2025矿产资源总体规划/5 数据库/空间数据"
#: Divisions as a grid of half degrees, and where the first file's features begin.
_DIVISIONS: Final = [
    shapely.box(112 + x / 2, 36 + y / 2, 112.5 + x / 2, 36.5 + y / 2)
    for x in range(6)
    for y in range(2)
]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--workspace", type=Path, required=True)
    parser.add_argument("--rows", type=int, default=500_000)
    parser.add_argument("--workers", type=int, help="processes; by default as many as suit")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="minplan-checking-") as folder:
        count = generate(Path(folder) / _ROOT, options.rows)
        program = str(Path(sys.executable).parent / "minplan")
        command = [program, "--workspace", str(options.workspace), "check"]
        target = str(Path(folder) / "report.json")
        if options.workers:
            command += ["--workers", str(options.workers)]
        start = time.perf_counter()
        with (Path(folder) / "errors").open("w+") as errors:
            done = subprocess.Popen(
                [*command, str(Path(folder) / _ROOT.split("/")[0]), "-o", target],
                stdout=subprocess.DEVNULL, stderr=errors,
            )  # fmt: skip
            peak = 0
            while done.poll() is None:
                peak = max(peak, memory_of(done.pid))
                time.sleep(0.25)
            wall = time.perf_counter() - start
            errors.seek(0)
            said = errors.read()
        used = resource.getrusage(resource.RUSAGE_CHILDREN)
        print(
            f"{count} features of {FILES} files, exit code {done.returncode}: {wall:.0f} s "
            f"({used.ru_utime + used.ru_stime:.0f} s of processor), "
            f"{peak / 1024**2:.2f} GiB"
        )
        if not Path(target).is_file():
            sys.exit(said[-2000:])


def memory_of(pid: int) -> int:
    """Kilobytes that a process and those it began hold; what they share is counted once."""
    total = 0
    with suppress(OSError):
        told = Path(f"/proc/{pid}/smaps_rollup").read_text()
        total = next(int(row.split()[1]) for row in told.splitlines() if row.startswith("Pss:"))
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
        total += sum(memory_of(int(child)) for child in children)
    return total


def generate(folder: Path, rows: int) -> int:
    folder.mkdir(parents=True)
    told, count = edition("2021-2025"), 0
    size = rows // (FILES * len(told.layers))
    for number in range(FILES):
        for place, spec in enumerate(told.layers):
            if spec.code == "XZQ" and number:
                continue
            shapes = np.array(_DIVISIONS) if spec.code == "XZQ" else _ground(number, place, size)
            frame = geopandas.GeoDataFrame(_values(told, spec, shapes, number), geometry=shapes)
            frame = frame.set_crs(4490)
            if spec.geometry.value == "point":
                frame = frame.set_geometry(shapely.centroid(shapes), crs=4490)
            pyogrio.write_dataframe(frame, folder / f"1404{number:02d}.gpkg", layer=spec.code)
            count += len(frame)
    return count


def _ground(number: int, place: int, size: int) -> Any:
    side = int(np.ceil(size**0.5))
    shapes = parcels(side, 18_000 / side, number * 100 + place)[:size]
    west, south, *_ = shapely.total_bounds(shapes)
    corner = np.array([112.02 + (number % 6) / 2 - west, 36.02 + (number // 6) / 2 - south])
    return shapely.transform(shapes, lambda coordinates: coordinates + corner)


def _values(told: Edition, spec: LayerSpec, shapes: Any, number: int) -> dict[str, list[Any]]:
    domain = next(f.domain for f in told.layer("XZQ").fields if f.code == "XZQDM")  # type: ignore[union-attr]
    counties = [
        (item.code, item.name.zh)
        for item in told.code_lists[domain].codes
        if item.code.startswith("1404") and item.code != "140400"
    ]
    tree = shapely.STRtree(_DIVISIONS)
    inside = np.zeros(len(shapes), dtype=int)
    found = tree.query(shapely.centroid(shapes), predicate="intersects")
    inside[found[0]] = found[1]
    county = [counties[index] for index in inside]
    areas = ellipsoidal_area(shapes) / 1e6
    known: dict[str, list[Any]] = {
        spec.key: [f"{spec.code}-{number}-{row}" for row in range(len(shapes))],
        "XZQDM": [code for code, _ in county],
        "XZQMC": [name for _, name in county],
        "YSDM": [spec.element_code] * len(shapes),
        "JSMJ": [round(float(area), 4) for area in areas],
        "GHQSN": [2021] * len(shapes),
        "GHMZN": [2025] * len(shapes),
    }
    return {
        field.code: known.get(field.code) or [_value(told, field)] * len(shapes)
        for field in spec.fields
    }


def _value(told: Edition, field: FieldSpec) -> Any:
    if field.domain:
        codes = told.code_lists[field.domain]
        return codes.stored(codes.codes[0])
    if field.printed_of:
        return None
    plain = {"int": 5, "float": 5.0, "date": "2022-01-01", "bool": True}
    return plain.get(field.type.value, "值")


if __name__ == "__main__":
    main()
