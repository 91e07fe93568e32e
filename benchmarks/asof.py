"""As-of reads against reading the current state, and a bulk import, on both engines.

    python benchmarks/asof.py                     both parts, both engines
    python benchmarks/asof.py --engine sqlite --only reads --features 1000

Reads: every feature has ``--versions`` versions, half of them changes in law and half corrections
of what was believed. The current state is read three ways: through ``as_of`` as everybody does,
by hand from the rows believed now, and from a plain table that holds nothing but the current rows.
Import: ``--rows`` features with attributes, staged, checked, approved and made effective in a
process of its own; its peak memory is that of the process.
"""

from __future__ import annotations

import argparse
import datetime as dt
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tools"))

LAW = dt.date(2000, 1, 1)
ROUNDS = 15
START = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--engine", choices=["sqlite", "postgresql"], action="append")
    parser.add_argument("--only", choices=["reads", "import"])
    parser.add_argument("--features", type=int, default=5_000)
    parser.add_argument("--versions", type=int, default=50)
    parser.add_argument("--rows", type=int, default=500_000)
    parser.add_argument("--import-into", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.import_into:
        bulk_import(options.import_into, options.rows)
        return
    for engine in options.engine or ["sqlite", "postgresql"]:
        if options.only != "import":
            with target(engine) as address:
                reads(engine, address, options.features, options.versions)
        if options.only != "reads":
            with target(engine) as address:
                command = [sys.executable, __file__, "--import-into", str(address)]
                subprocess.run([*command, "--rows", str(options.rows)], check=True)


@contextmanager
def target(engine: str) -> Iterator[Path | str]:
    if engine == "sqlite":
        with tempfile.TemporaryDirectory(prefix="minplan-asof-") as folder:
            yield Path(folder) / "plan.sqlite"
        return
    import postgres
    import psycopg

    cluster = postgres.start(durable=True)
    try:
        with psycopg.connect(f"{cluster.address}/postgres", autocommit=True) as connection:
            connection.execute("CREATE DATABASE plan")
        yield f"{cluster.address}/plan"
    finally:
        postgres.stop(cluster)


def server_seconds(address: Path | str) -> float:
    """Processor seconds the server of a database has used so far; 0 for a file. Linux alone."""
    if isinstance(address, Path) or "://" not in address:
        return 0.0
    import psycopg

    with psycopg.connect(address) as connection:
        row = connection.execute("SHOW data_directory").fetchone()
    assert row is not None
    first = int((Path(row[0]) / "postmaster.pid").read_text().split()[0])
    ticks = 0
    for process in Path("/proc").glob("[0-9]*"):
        try:
            told = (process / "stat").read_text().rpartition(")")[2].split()
        except OSError:
            continue
        # own and ended children's time of the first process, own time of its children
        if process.name == str(first):
            ticks += sum(map(int, told[11:15]))
        elif told[1] == str(first):
            ticks += sum(map(int, told[11:13]))
    return ticks / os.sysconf("SC_CLK_TCK")


def reads(engine: str, address: Path | str, features: int, versions: int) -> None:
    plan, halfway = history(address, features, versions)
    from minplan.database.asof import as_of, values

    last = LAW + dt.timedelta(days=30 * versions)
    middle = LAW + dt.timedelta(days=15 * versions + 3)
    ways: dict[str, Callable[[], int]] = {
        "plain table of current rows": lambda: plain_table(features),
        "current state, by hand": lambda: by_hand(plan, last),
        "as of today, believed now": lambda: len(values(as_of(plan, last))),
        "as of a past day, believed now": lambda: len(values(as_of(plan, middle))),
        "as of a past day, believed then": lambda: len(values(as_of(plan, middle, halfway))),
        "as of today, believed then": lambda: len(values(as_of(plan, last, halfway))),
    }
    make_plain_table(plan, last)
    times = measured(ways, features)
    current = times["as of today, believed now"]
    plain = times["plain table of current rows"]
    print(f"\n{engine}: {features} features, {versions} versions, best of {ROUNDS}", flush=True)
    for name, seconds in times.items():
        print(
            f"  {name:32} {seconds * 1000:8.1f} ms   {seconds / current:5.2f} × current state"
            f"   {seconds / plain:5.2f} × plain table"
        )


def measured(ways: dict[str, Callable[[], int]], features: int) -> dict[str, float]:
    """The best time of each way; they take turns, so that all meet the same load."""
    best = dict.fromkeys(ways, float("inf"))
    for _ in range(ROUNDS):
        for name, way in ways.items():
            start = time.perf_counter()
            assert way() == features
            best[name] = min(best[name], time.perf_counter() - start)
    return best


def by_hand(plan: Any, date: dt.date) -> int:
    """The rows believed now that hold, without the time index."""
    from django.db.models import Q

    from minplan.database.asof import values
    from minplan.database.models import Feature

    held = Feature.objects.filter(plan=plan, recorded_to=None, effective_from__lte=date)
    return len(values(held.filter(Q(effective_to=None) | Q(effective_to__gt=date))))


def make_plain_table(plan: Any, date: dt.date) -> None:
    from django.db import connections

    from minplan.database import current

    with connections[current().alias].cursor() as cursor:
        cursor.execute(
            "CREATE TABLE plain AS SELECT layer, key, attributes, geometry FROM minplan_feature"
            " WHERE recorded_to IS NULL AND effective_from <= %s"
            " AND (effective_to IS NULL OR effective_to > %s)",
            [date, date],
        )


def plain_table(features: int) -> int:
    from django.db import connections

    from minplan.core.standard.feature import FeatureValue
    from minplan.database import current
    from minplan.database.fields import decode_geometries, decode_json

    with connections[current().alias].cursor() as cursor:
        cursor.execute("SELECT layer, key, attributes, geometry FROM plain")
        read = cursor.fetchall()
    shapes = decode_geometries([row[3] for row in read])
    found = [
        FeatureValue(layer, key, decode_json(attributes), shape)
        for (layer, key, attributes, _), shape in zip(read, shapes, strict=True)
    ]
    return len(sorted(found, key=lambda item: (item.layer, item.key)))


def history(address: Path | str, features: int, versions: int) -> tuple[Any, dt.datetime]:
    """A plan with its versions; returns it and a recorded moment halfway."""
    plan = new_plan(address)
    from minplan.database import changesets

    now = START
    carry_out(plan, "founding", now, lambda c: changesets.add(c, rows(features, 0), LAW))
    halfway = now
    for version in range(1, versions):
        now += dt.timedelta(days=1)
        first = LAW + dt.timedelta(days=30 * version)
        changed = [*rows(features, version)]
        if version % 2:
            carry_out(plan, "annual", now, lambda c: changesets.change(c, changed, first))  # noqa: B023
        else:
            carry_out(
                plan,
                "correction",
                now,
                lambda c: changesets.correct(c, changed, first, first + dt.timedelta(days=10)),  # noqa: B023
            )
        if version == versions // 2:
            halfway = now
    analyze()
    return plan, halfway


def bulk_import(address: str, count: int) -> None:
    plan = new_plan(address if "://" in address else Path(address))
    from minplan.database import changesets, current
    from minplan.database.models import Feature

    start, busy, server = time.perf_counter(), time.process_time(), server_seconds(address)
    steps: list[str] = []

    def step(name: str) -> None:
        wall, own = time.perf_counter() - start, time.process_time() - busy
        theirs = server_seconds(address) - server
        steps.append(f"{name} {wall:.0f} s ({own:.0f} s of this process, {theirs:.0f} s of server)")

    draft = changesets.open_changeset(plan, "founding", "benchmark", "author", START)
    changesets.add(draft, rows(count, 0), LAW)
    step("staged")
    changesets.check(draft, START)
    step("checked")
    changesets.approve(draft, "approver", START)
    changesets.make_effective(draft, START)
    step("effective")
    assert Feature.objects.count() == count
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024**2
    print(f"\n{current().vendor}: import of {count} features: {', '.join(steps)}; {peak:.2f} GiB")


def new_plan(address: Path | str) -> Any:
    from minplan.database import configure, migrate

    configure(address)
    migrate()
    from minplan.core.text import Text
    from minplan.database import plans

    return plans.register(
        "benchmark",
        Text("benchmark", "benchmark"),
        edition="2021-2025",
        level="city",
        region_code="140400",
        actor="author",
        recorded=START,
    )


def carry_out(plan: Any, kind: str, now: dt.datetime, stage: Callable[[Any], object]) -> None:
    from minplan.database import changesets

    draft = changesets.open_changeset(plan, kind, "benchmark", "author", now)
    stage(draft)
    changesets.check(draft, now)
    changesets.approve(draft, "approver", now)
    changesets.make_effective(draft, now)


def rows(count: int, version: int) -> Iterator[Any]:
    """Features with a dozen attributes and an outline of nine corners."""
    import numpy as np
    import shapely

    from minplan.core.standard.feature import FeatureValue

    for i in range(count):
        if i % 5_000 == 0:  # many at once, as files give them
            part = np.arange(i, min(i + 5_000, count))
            places = shapely.points(112 + part % 1000 / 500, 35 + part // 1000 / 500)
            shapes = shapely.buffer(places, 0.0008, quad_segs=2)
        shape = shapes[i % 5_000]
        attributes = {
            "BSM": f"F{i:07d}",
            "MC": f"图斑{i}第{version}版",
            "XZQDM": "140423",
            "XZQMC": "襄垣县",
            "GHBH": f"CQ{i:06d}",
            "GHJB": "3",
            "GHQSN": 2021,
            "GHMZN": 2025,
            "SJLY": "2020年度变更调查",
            "BZ": "测试数据",
            "JSMJ": round(i * 0.0001, 4),
            "XH": i % 900_000,
        }
        yield FeatureValue("XZQ", attributes["BSM"], attributes, shape)


def analyze() -> None:
    from django.db import connections

    from minplan.database import current

    with connections[current().alias].cursor() as cursor:
        cursor.execute("ANALYZE")


if __name__ == "__main__":
    main()
