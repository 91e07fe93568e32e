"""Quality checks on large hand-ins: topology of 100,000 polygons, a hand-in of 200 layers.

    python benchmarks/quality.py [--only topology,geopandas,package] [--json FILE]

``topology`` times the checks of overlaps, gaps and common edges of one layer of 100,000 polygons
with planted faults; ``geopandas`` what a user would write instead (an overlay of the layer with
itself, and the union for gaps), each pair compared; ``package`` all checks on 200 layers and tables
with 500,000 features. Every part runs in a process of its own, which tells its peak memory.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import resource
import time
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

import numpy as np
import shapely

from minplan.core.quality.engine import inspect
from minplan.core.quality.inspection import State
from minplan.core.quality.sandbox import REGION, submission
from minplan.core.quality.sandbox_layers import ORIGIN, Ground, layer_of
from minplan.core.quality.score import score
from minplan.core.quality.submission import Column, LayerData
from minplan.core.standard.load import edition
from minplan.core.standard.model import Edition, LayerSpec, Spec

#: Polygons along a side of the layer of the topology part.
SIDE: Final = 316
LAYERS: Final = 200
FEATURES: Final = 500_000
#: Features of the largest layer of the package.
LARGEST: Final = 60_000
SEED: Final = 7
#: Metres by which planted faults are off.
OFF_M: Final = 0.3
REPORT: dict[str, float] = {}


def parcels(side: int, cell_m: float, seed: int, *, dense: int = 6) -> np.ndarray:
    """side² quadrilaterals that share their edges, corners and edges jittered (metres)."""
    random = np.random.default_rng(seed)
    grid = np.stack(np.meshgrid(np.arange(side + 1), np.arange(side + 1), indexing="ij"), -1)
    nodes = grid * cell_m + random.uniform(-0.25, 0.25, grid.shape) * cell_m
    along = np.linspace(0, 1, dense + 1)[:-1][None, None, :, None]

    def edges(start: np.ndarray, end: np.ndarray) -> np.ndarray:
        points = start[:, :, None] * (1 - along) + end[:, :, None] * along
        jitter = random.uniform(-0.04, 0.04, points.shape) * cell_m
        jitter[:, :, 0] = 0
        return points + jitter

    across, up = edges(nodes[:-1], nodes[1:]), edges(nodes[:, :-1], nodes[:, 1:])

    def backwards(points: np.ndarray, end: np.ndarray) -> np.ndarray:
        return np.concatenate([end[:, :, None], points[:, :, 1:][:, :, ::-1]], axis=2)

    top = backwards(across[:, 1:], nodes[1:, 1:])
    left = backwards(up[:-1], nodes[:-1, 1:])
    rings = np.concatenate([across[:, :-1], up[1:], top, left], axis=2).reshape(side * side, -1, 2)
    closed = np.concatenate([rings, rings[:, :1]], axis=1)
    return shapely.transform(shapely.polygons(closed), Ground.lonlat)


def planted(shapes: np.ndarray, count: int) -> np.ndarray:
    """The shapes with some of them moved east by a few decimetres."""
    moved = np.random.default_rng(SEED).choice(len(shapes), count, replace=False)
    result = shapes.copy()
    off = OFF_M / 90_000
    result[moved] = shapely.transform(shapes[moved], lambda c: c + np.array([off, 0.0]))
    return result


@contextmanager
def timed(name: str) -> Iterator[None]:
    """Seconds by the clock, and of the processor: on a busy machine these tell more."""
    start, work = time.perf_counter(), time.process_time()
    yield
    REPORT[f"{name}.seconds"] = time.perf_counter() - start
    REPORT[f"{name}.cpu_seconds"] = time.process_time() - work


# -- topology -------------------------------------------------------------------------------------


def topology() -> None:
    shapes = planted(parcels(SIDE, 100.0, SEED), 500)
    rules = [{"kind": "no-gap", "layer": "KAIGHQK", "id": "B-1"}]
    given = submission({"rules": rules, "layers": {"XZQ": None, "KCGHQK": None}, "region": None})
    spec = given.edition.spec("KAIGHQK")
    data = LayerData(np.arange(1, len(shapes) + 1), {}, shapes, shapes)
    layer = replace(layer_of(spec, [], {"file": "blocks.gpkg"}), data=data)
    with timed("topology"):
        found = inspect(replace(given, layers=(layer,)), checks=_checks("Q-TO"))
    REPORT["topology.polygons"] = len(shapes)
    REPORT["topology.vertices"] = int(shapely.get_num_coordinates(shapes).sum())
    for result in found.results:
        if result.state is not State.NOT_APPLICABLE:
            REPORT[f"{result.check}.seconds"] = result.seconds
            REPORT[f"{result.check}.faults"] = result.total


def _checks(start: str) -> list[Any]:
    from minplan.core.quality.check import registered

    return [item for item in registered() if item.id.startswith(start)]


def geopandas() -> None:
    """What one would write in a notebook; QGIS's topology checker does the same pair by pair."""
    import geopandas as gpd

    shapes = planted(parcels(SIDE, 100.0, SEED), 500)
    frame = gpd.GeoDataFrame({"number": range(len(shapes))}, geometry=shapes, crs=4490)
    with timed("geopandas.overlaps"):
        pairs = gpd.overlay(frame, frame, how="intersection", keep_geom_type=True)
        pairs = pairs[pairs["number_1"] < pairs["number_2"]]
        area = pairs.to_crs("+proj=cea +ellps=GRS80").area
    REPORT["geopandas.overlaps.faults"] = int((area >= 1.0).sum())
    with timed("geopandas.gaps"):
        union = frame.union_all()
        parts = getattr(union, "geoms", [union])
        holes = [ring for part in parts for ring in part.interiors]
    REPORT["geopandas.gaps.holes"] = len(holes)


# -- package --------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, eq=False)
class MadeLayer:
    """A layer whose features are made whenever it is loaded, as if read from a file."""

    file: str
    name: str
    spec: Spec
    columns: tuple[Column, ...]
    count: int
    seed: int
    geometry_type: str
    system: Any
    crs: str = "CGCS2000"
    problem: None = None

    def load(self, fields: Collection[str] | None = None) -> LayerData:
        """The content; making it takes the place of reading a file, and is timed apart."""
        start = time.process_time()
        try:
            return self._made(fields)
        finally:
            spent = REPORT.get("package.making.cpu_seconds", 0) + time.process_time() - start
            REPORT["package.making.cpu_seconds"] = spent

    def _made(self, fields: Collection[str] | None) -> LayerData:
        values = {
            item.code: self._column(item)
            for item in self.spec.fields
            if fields is None or item.code in fields
        }
        rows = np.arange(1, self.count + 1)
        if not isinstance(self.spec, LayerSpec):
            return LayerData(rows, values)
        side = int(np.ceil(np.sqrt(self.count)))
        shapes = parcels(side, (REGION[2] - 1000) / side, self.seed)[: self.count]
        shapes = shapely.transform(shapes, lambda c: c + np.array([0.005, 0.005]))
        if self.geometry_type == "point":
            shapes = shapely.centroid(shapes)
        drawn = shapes if fields is None else None
        return LayerData(rows, values, shapes, drawn)

    def _column(self, item: Any) -> np.ndarray:
        random = np.random.default_rng(self.seed + len(item.code))
        column = np.full(self.count, None, dtype=object)
        if item.code == self.spec.key:
            column[:] = [f"{self.spec.code}{number:07d}" for number in range(self.count)]
        elif item.code == "YSDM":
            column[:] = self.spec.element_code
        elif item.domain:
            codes = EDITION.code_lists[item.domain]
            chosen = [codes.stored(entry) for entry in codes.codes]
            column[:] = random.choice(np.array(chosen, dtype=object), self.count)
        elif item.type.value == "char" and not item.printed_of:
            column[:] = [f"示例{number}" for number in random.integers(0, 5000, self.count)]
        elif item.type.value == "float":
            column[:] = [*random.uniform(0, 500, self.count).round(4).tolist()]
        elif item.type.value == "int":
            column[:] = [*random.integers(2021, 2026, self.count).tolist()]
        return column


EDITION = edition("2021-2025")


def package() -> None:
    wide = _many_layers(EDITION)
    base = submission({"level": "county"})
    pairs = zip(wide.specs, _sizes(wide), strict=False)
    layers = tuple(_made(spec, size, n) for n, (spec, size) in enumerate(pairs))
    given = replace(base, edition=wide, layers=layers, region=_region())
    with timed("package"):
        found = inspect(given)
    REPORT["package.layers"] = len(layers)
    REPORT["package.features"] = found.features
    REPORT["package.faults"] = sum(found.counts.values())
    REPORT["package.score"] = score(found).points
    slow = sorted(found.results, key=lambda item: -item.seconds)[:8]
    for result in slow:
        REPORT[f"package.{result.check}.seconds"] = result.seconds
    crashed = [r.check for r in found.results if any("内部错误" in m.zh for m in r.missing)]
    assert not crashed, crashed


def _region() -> Any:
    west, south = ORIGIN
    return shapely.box(west - 0.1, south - 0.1, west + 0.3, south + 0.3)


def _many_layers(base: Edition) -> Edition:
    """The edition with its layers and tables under further codes, up to the number wanted."""
    layers: list[LayerSpec] = []
    tables: list[Any] = []
    rules = []
    copy = 0
    while len(layers) + len(tables) < LAYERS:
        end = f"{copy}" if copy else ""
        layers += [replace(item, code=item.code + end) for item in base.layers]
        tables += [replace(item, code=item.code + end) for item in base.tables]
        rules += [
            replace(item, layer=item.layer + end, other=item.other + end if item.other else "")
            for item in base.topology
        ]
        copy += 1
    tables = tables[: LAYERS - len(layers)] if len(layers) < LAYERS else []
    return replace(base, layers=tuple(layers), tables=tuple(tables), topology=tuple(rules))


def _sizes(wide: Edition) -> list[int]:
    """Features of every layer and table: a dozen divisions, one large layer, the rest alike."""
    specs = wide.specs[:LAYERS]
    sizes = np.random.default_rng(SEED).uniform(0.5, 1.5, len(specs))
    fixed = {number: 12 for number, spec in enumerate(specs) if spec.code.startswith("XZQ")}
    fixed[next(n for n, spec in enumerate(specs) if spec.code == "KAIGHQK")] = LARGEST
    free = [number for number in range(len(specs)) if number not in fixed]
    share = (FEATURES - sum(fixed.values())) / sizes[free].sum()
    return [fixed.get(number, max(1, int(sizes[number] * share))) for number in range(len(specs))]


def _made(spec: Spec, size: int, number: int) -> MadeLayer:
    plain = layer_of(spec, [], {"file": f"5 数据库/空间数据/{spec.code}.gpkg"})
    return MadeLayer(
        plain.file, spec.code, spec, plain.columns, size, number, plain.geometry_type, plain.system
    )


# -- running --------------------------------------------------------------------------------------

PARTS: Final[dict[str, Callable[[], None]]] = {
    "topology": topology,
    "geopandas": geopandas,
    "package": package,
}


def _run(name: str, queue: Any) -> None:
    PARTS[name]()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    queue.put({**REPORT, f"{name}.peak_gib": peak})


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", default=",".join(PARTS))
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    report: dict[str, float] = {}
    context = multiprocessing.get_context("spawn")
    for name in options.only.split(","):
        queue = context.Queue()
        process = context.Process(target=_run, args=(name, queue))
        process.start()
        report |= queue.get()
        process.join()
    for key, value in report.items():
        print(
            f"{key:<36} {value:>14,.2f}" if isinstance(value, float) else f"{key:<36} {value:>14,}"
        )
    if options.json:
        options.json.write_text(json.dumps(report, indent=1))


if __name__ == "__main__":
    main()
