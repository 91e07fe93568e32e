"""Blocks against a million polygons: minplan beside what one would use instead.

    python benchmarks/overlay.py [--small] [--dsn DSN] [--only minplan,postgis,…] [--json FILE]

Makes the case of :mod:`cases` on first use (``benchmarks/data``), builds the layer library in a
process of its own to see its memory, times single blocks (warm), all blocks, and large blocks, and
checks that every contender finds the same areas pair by pair.
"""

from __future__ import annotations

import argparse
import datetime as dt
import gc
import json
import resource
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from contextlib import ExitStack
from functools import partial
from pathlib import Path

import numpy as np
import shapely

import cases
import contenders
import postgis
from minplan.core.geometry.border import BlockBorder
from minplan.core.geometry.crs import local_system
from minplan.core.geometry.layer import FeatureBatch
from minplan.core.geometry.overlay import PreparedBlock, overlap_arrays, prepare
from minplan.core.geometry.polygonal import Polygonal
from minplan.layers import LayerFile, LayerLibrary, overlap_areas

DATA = Path(__file__).parent / "data"
TOLERANCE_M2 = 0.01
SPLIT_TOLERANCE = 2e-7
Pairs = Mapping[tuple[int, str, int], float]
Compare = Callable[[Pairs], float]


def main() -> None:
    # so that a terminated run stops its database as well
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("terminated"))
    options = _options()
    size = cases.SMALL if options.small else cases.FULL
    wanted = set(options.only.split(","))
    report: dict[str, float] = {}
    files = cases.layer_files(size, DATA)
    library = LayerLibrary(DATA / size.name / "layers")
    _import(files, library, report)
    layers = {name.replace("-", "_"): library.open(name) for name in cases.LAYERS}
    corners, large_corners = cases.blocks(size), cases.large_blocks(size)
    # the others are handed the densified outlines; making them is part of minplan's time alone
    blocks, large = _densified(corners), _densified(large_corners)

    pairs = _time_minplan(layers, corners, report)
    large_totals = _time_large(layers, large_corners, report)
    _time_floor(layers, blocks, report)
    agrees = partial(_compare, pairs, split=_split_features(layers))
    if "postgis" in wanted:
        _time_postgis(
            options.dsn,
            layers,
            corners=(corners, large_corners),
            blocks=(blocks, large),
            answers=(agrees, large_totals),
            report=report,
        )
    if "geopandas" in wanted:
        contenders.time_geopandas(files, blocks, report, agrees)
    if "duckdb" in wanted:
        contenders.time_duckdb(files, blocks, report, agrees)
    _print_ratios(report)
    if options.json:
        Path(options.json).write_text(json.dumps(report, indent=1))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--small", action="store_true", help="22,500 polygons, 100 blocks")
    parser.add_argument("--dsn", help="PostGIS to use; without it a private cluster is started")
    parser.add_argument("--only", default="postgis,geopandas,duckdb", help="contenders to run")
    parser.add_argument("--json", help="write the figures to this file")
    parser.add_argument("--import-only", nargs=3, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.import_only:
        file, name, folder = options.import_only
        added = LayerLibrary(folder).add(file, name, "benchmark", dt.date(2026, 1, 1))
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print(f"{added.origin.features} {added.origin.parts} {peak:.0f}")
        sys.exit()
    return options


def _import(files: Mapping[str, Path], library: LayerLibrary, report: dict[str, float]) -> None:
    print("import (streaming, each in a process of its own)")
    for name, file in files.items():
        start = time.perf_counter()
        done = subprocess.run(
            [sys.executable, __file__, "--import-only", str(file), name, str(library.folder)],
            check=True,
            capture_output=True,
            text=True,
        )
        seconds = time.perf_counter() - start
        features, parts, peak = map(int, done.stdout.split())
        report[f"import_{name}_s"], report[f"import_{name}_mib"] = seconds, peak
        print(f"  {name}: {features} features, {parts} parts, {seconds:.1f} s, peak {peak} MiB")


def _forget_what_is_held() -> None:
    """Keep Python's garbage collector off the answers held for comparison."""
    gc.collect()
    gc.freeze()


def _warm_times(action: Callable[[int], object], count: int) -> np.ndarray:
    _forget_what_is_held()
    for index in range(min(count, 50)):
        action(index)
    times = np.empty(count)
    for index in range(count):
        start = time.perf_counter()
        action(index)
        times[index] = time.perf_counter() - start
    return times * 1e3


def _in_turns(
    report: dict[str, float],
    actions: Mapping[str, Callable[[int], object]],
    count: int,
    server_s: Callable[[], float],
) -> None:
    """Time contenders by turns of 50 blocks, three times, and keep each block's best time.

    What else the machine does hits all alike. Processor time, that of the server included, is
    noted as well: on a busy machine it is the steadier figure.
    """
    _forget_what_is_held()
    times = {key: np.full((count, 2), np.inf) for key in actions}
    for first in [*range(0, count, 50)] * 3:
        for key, action in actions.items():
            action(first)
            for index in range(first, min(first + 50, count)):
                start = np.array([time.perf_counter(), time.thread_time() + server_s()])
                action(index)
                end = np.array([time.perf_counter(), time.thread_time() + server_s()])
                times[key][index] = np.fmin(times[key][index], (end - start) * 1e3)
    for key, measured in times.items():
        _note(report, key, measured[:, 0])
        _note(report, f"{key}_processor", measured[:, 1])


def _note(report: dict[str, float], key: str, times: np.ndarray) -> None:
    report[f"{key}_p50_ms"], report[f"{key}_p95_ms"] = np.percentile(times, [50, 95]).tolist()
    print(f"  {key}: p50 {report[f'{key}_p50_ms']:.2f} ms, p95 {report[f'{key}_p95_ms']:.2f} ms")


def _prepared(corners: shapely.Polygon) -> PreparedBlock:
    """A block as licences have it: edges straight between corners in Gauss-Krüger."""
    return prepare(Polygonal(corners, edge_system=local_system(113.0)))


def _densified(corners: np.ndarray) -> np.ndarray:
    return np.array([_prepared(item).geometry for item in corners], dtype=object)


def _overlaps(layers: Mapping[str, LayerFile], corners: shapely.Polygon) -> list[tuple]:
    border = BlockBorder(_prepared(corners).geometry)
    found = overlap_areas(list(layers.values()), border)
    return [(name, *areas) for name, areas in zip(layers, found, strict=True)]


def _time_minplan(
    layers: Mapping[str, LayerFile], blocks: np.ndarray, report: dict[str, float]
) -> Pairs:
    print(f"minplan, {len(blocks)} blocks against {len(layers)} layers")
    _note(report, "minplan", _warm_times(lambda i: _overlaps(layers, blocks[i]), len(blocks)))

    def with_geometry(index: int) -> None:
        block = _prepared(blocks[index])
        for layer in layers.values():
            overlap_arrays(block, layer.candidates(block.bounds))

    _note(report, "minplan_pieces", _warm_times(with_geometry, len(blocks)))
    found = []
    for threads in (1, 2):
        runs = [_bulk(layers, blocks, threads) for _ in range(3)]
        report[f"minplan_bulk_{threads}_s"] = min(seconds for seconds, _ in runs)
        found = runs[0][1]
        print(f"  bulk, {threads} thread(s): {report[f'minplan_bulk_{threads}_s']:.2f} s")
    report["minplan_bulk_processes_s"] = min(_bulk_in_processes(layers, blocks) for _ in range(3))
    print(f"  bulk, 2 processes: {report['minplan_bulk_processes_s']:.2f} s with their start")
    pairs = {
        (int(i), name, feature): area
        for i, answers in found
        for name, features, areas in answers
        for feature, area in zip(features.tolist(), areas.tolist(), strict=True)
    }
    print(f"  {len(pairs)} pairs")
    report["pairs"] = len(pairs)
    return pairs


def _west_to_east(blocks: np.ndarray) -> list[int]:
    return np.argsort(shapely.get_x(shapely.centroid(blocks))).tolist()


def _bulk(
    layers: Mapping[str, LayerFile], blocks: np.ndarray, threads: int
) -> tuple[float, list[tuple[int, list[tuple]]]]:
    _forget_what_is_held()
    start = time.perf_counter()
    with ThreadPoolExecutor(threads) as pool:
        answers = pool.map(lambda i: (i, _overlaps(layers, blocks[i])), _west_to_east(blocks))
        found = list(answers)
    return time.perf_counter() - start, found


def _bulk_in_processes(layers: Mapping[str, LayerFile], blocks: np.ndarray) -> float:
    start = time.perf_counter()
    chunks = np.array_split(blocks[_west_to_east(blocks)], 8)
    paths = {name: layer.path for name, layer in layers.items()}
    with ProcessPoolExecutor(2) as pool:
        list(pool.map(partial(_chunk, paths), chunks))
    return time.perf_counter() - start


def _chunk(paths: Mapping[str, Path], blocks: np.ndarray) -> list[list[tuple]]:
    layers = {name: LayerFile(path) for name, path in paths.items()}
    return [_overlaps(layers, block) for block in blocks]


def _time_large(
    layers: Mapping[str, LayerFile], large: np.ndarray, report: dict[str, float]
) -> list[list[float]]:
    print(f"minplan, layer totals in {len(large)} blocks of 100 to 2,000 km²")

    def totals(index: int) -> list[float]:
        return _totals(layers, large[index])

    def pairwise(index: int) -> list[float]:
        return [float(areas.sum()) for _, _, areas in _overlaps(layers, large[index])]

    _note(report, "minplan_large", _warm_times(totals, len(large)))
    _note(report, "minplan_large_pairs", _warm_times(pairwise, len(large)))
    found = [totals(i) for i in range(len(large))]
    for index, by_pairs in enumerate(map(pairwise, range(len(large)))):
        np.testing.assert_allclose(found[index], by_pairs, rtol=1e-9, atol=TOLERANCE_M2)
    return found


def _crossing(
    layers: Mapping[str, LayerFile], blocks: np.ndarray
) -> Iterator[tuple[shapely.Polygon, FeatureBatch]]:
    """The parts that a block's border crosses, geometry in memory."""
    for block in blocks:
        shapely.prepare(block)
        for layer in layers.values():
            near = layer.candidates(block.bounds)
            crosses = shapely.intersects(block, near.geometry)
            crosses &= ~shapely.contains_properly(block, near.geometry)
            chosen = np.flatnonzero(crosses)
            yield (
                block,
                FeatureBatch(near.feature[chosen], near.geometry[chosen], near.area_m2[chosen]),
            )


def _time_floor(
    layers: Mapping[str, LayerFile], blocks: np.ndarray, report: dict[str, float]
) -> None:
    """What GEOS needs to cut the crossing pairs alone, geometry in memory, nothing else."""
    crossing = [(block, batch) for block, batch in _crossing(layers, blocks) if len(batch)]
    runs = []
    for _ in range(3):
        start = time.perf_counter()
        for block, batch in crossing:
            shapely.intersection(batch.geometry, block)
        runs.append(time.perf_counter() - start)
    report["floor_s"] = min(runs)
    pairs = sum(len(batch) for _, batch in crossing)
    print(f"GEOS floor: cutting {pairs} crossing parts, 1 thread: {report['floor_s']:.2f} s")


def _split_features(layers: Mapping[str, LayerFile]) -> set[tuple[str, int]]:
    """Features stored in several parts."""
    split = set()
    for name, layer in layers.items():
        near = layer.boxes(layer.version.extent)
        feature, count = np.unique(near.feature, return_counts=True)
        split |= {(name, int(item)) for item in feature[count > 1]}
    return split


def _compare(pairs: Pairs, found: Pairs, split: set[tuple[str, int]]) -> float:
    """Greatest difference in m²; a pair that one side lacks counts as area 0 there.

    A cut through an edge is a new vertex, and an edge in lon/lat bends there in equal-area
    coordinates: features that are stored in parts differ by up to 1e-7 of their area.
    """
    tables = {table for _, table, _ in found}
    keys = {key for key in pairs if key[1] in tables} | set(found)
    worst, worst_split = 0.0, 0.0
    for key in keys:
        difference = abs(pairs.get(key, 0.0) - found.get(key, 0.0))
        if key[1:] in split:
            area = max(pairs.get(key, 0.0), found.get(key, 0.0))
            worst_split = max(worst_split, difference / max(area, 1e6))
        else:
            worst = max(worst, difference)
    agree = worst <= TOLERANCE_M2 and worst_split <= SPLIT_TOLERANCE
    print(
        f"  {len(keys)} pairs {'agree' if agree else 'DISAGREE'}: greatest difference"
        f" {worst:.2g} m²; of features stored in parts {worst_split:.1g} of their area"
    )
    if not agree:
        sys.exit("the contenders disagree")
    return worst


def _time_postgis(
    dsn: str | None,
    layers: Mapping[str, LayerFile],
    *,
    corners: tuple[np.ndarray, np.ndarray],
    blocks: tuple[np.ndarray, np.ndarray],
    answers: tuple[Compare, list[list[float]]],
    report: dict[str, float],
) -> None:
    (ordinary, large), (agrees, large_totals) = blocks, answers
    if dsn is None and (reason := postgis.missing()):
        print(f"PostGIS: not available: {reason}")
        return
    with ExitStack() as stack:
        server = postgis.PostGIS(dsn or stack.enter_context(postgis.cluster()))
        print("PostGIS: loading")
        start = time.perf_counter()
        for name, layer in layers.items():
            server.load(name, *contenders.whole_features(layer))
        server.load_blocks(ordinary)
        print(f"  loaded in {time.perf_counter() - start:.0f} s")
        wkb = shapely.to_wkb(ordinary).tolist()
        # square degrees are no areas: the query without the conversion is the kindest to PostGIS
        for key, tuned, exact in (
            ("postgis_tuned", True, True),
            ("postgis_tuned_degrees", True, False),
            ("postgis_plain", False, True),
        ):
            _in_turns(
                report,
                {
                    f"minplan_beside_{key}": lambda i: _overlaps(layers, corners[0][i]),
                    key: lambda i, t=tuned, e=exact: server.single(wkb[i], tuned=t, exact=e),
                },
                len(ordinary),
                server.processor_s,
            )
            rounds = []
            for _ in range(2):
                mine, _ = _bulk(layers, corners[0], 2)
                start = time.perf_counter()
                found = server.bulk(tuned=tuned, exact=exact)
                rounds.append((mine, time.perf_counter() - start))
            report[f"minplan_beside_{key}_bulk_s"], report[f"{key}_bulk_s"] = np.min(rounds, axis=0)
            print(
                f"  {key} bulk: {report[f'{key}_bulk_s']:.2f} s,"
                f" minplan in turns {report[f'minplan_beside_{key}_bulk_s']:.2f} s"
            )
            if exact:
                report[f"{key}_difference_m2"] = agrees(found)
        _time_postgis_large(
            server,
            layers,
            corners=corners[1],
            large=large,
            expected=large_totals,
            report=report,
        )


def _totals(layers: Mapping[str, LayerFile], corners: shapely.Polygon) -> list[float]:
    border = BlockBorder(_prepared(corners).geometry)
    return [layer.total_area(border) for layer in layers.values()]


def _time_postgis_large(
    server: postgis.PostGIS,
    layers: Mapping[str, LayerFile],
    *,
    corners: np.ndarray,
    large: np.ndarray,
    expected: list[list[float]],
    report: dict[str, float],
) -> None:
    wkb = shapely.to_wkb(large).tolist()
    actions = {
        "minplan_beside_postgis_large": lambda i: _totals(layers, corners[i]),
        "postgis_large": lambda i: server.totals(wkb[i]),
    }
    _in_turns(report, actions, len(large), server.processor_s)
    for index, block in enumerate(wkb):
        found = server.totals(block)
        np.testing.assert_allclose(found, expected[index], rtol=1e-8, atol=TOLERANCE_M2)
    print("  totals of large blocks agree to 1e-8")


def _print_ratios(report: Mapping[str, float]) -> None:
    beside = "minplan_beside_"
    print("ratios (minplan : other)")
    for title, mine, other in (
        ("single p50, PostGIS tuned", f"{beside}postgis_tuned_p50_ms", "postgis_tuned_p50_ms"),
        (
            "single p50 of processor time, PostGIS tuned",
            f"{beside}postgis_tuned_processor_p50_ms",
            "postgis_tuned_processor_p50_ms",
        ),
        ("single p95, PostGIS tuned", f"{beside}postgis_tuned_p95_ms", "postgis_tuned_p95_ms"),
        (
            "single p50, PostGIS tuned, no areas",
            f"{beside}postgis_tuned_degrees_p50_ms",
            "postgis_tuned_degrees_p50_ms",
        ),
        ("single p50, PostGIS plain", f"{beside}postgis_plain_p50_ms", "postgis_plain_p50_ms"),
        ("bulk, PostGIS tuned", f"{beside}postgis_tuned_bulk_s", "postgis_tuned_bulk_s"),
        (
            "bulk, PostGIS tuned, no areas",
            f"{beside}postgis_tuned_degrees_bulk_s",
            "postgis_tuned_degrees_bulk_s",
        ),
        ("bulk, PostGIS plain", f"{beside}postgis_plain_bulk_s", "postgis_plain_bulk_s"),
        ("bulk, geopandas.overlay", "minplan_bulk_2_s", "geopandas_bulk_s"),
        ("bulk, DuckDB spatial", "minplan_bulk_2_s", "duckdb_bulk_s"),
        ("bulk on 1 thread, GEOS floor", "minplan_bulk_1_s", "floor_s"),
        ("bulk on 2 threads, GEOS floor", "minplan_bulk_2_s", "floor_s"),
        ("bulk in 2 processes, GEOS floor", "minplan_bulk_processes_s", "floor_s"),
        ("large p50, PostGIS tuned", f"{beside}postgis_large_p50_ms", "postgis_large_p50_ms"),
        ("large p95, PostGIS tuned", f"{beside}postgis_large_p95_ms", "postgis_large_p95_ms"),
        ("large p50, minplan pair by pair", "minplan_large_p50_ms", "minplan_large_pairs_p50_ms"),
    ):
        if mine in report and other in report:
            ratio = report[mine] / report[other]
            print(f"  {title}: {ratio:.2f} ({1 / ratio:.1f} times as fast)")


if __name__ == "__main__":
    main()
