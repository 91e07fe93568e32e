"""A large hand-in from the file to the database: ``minplan import`` as a user runs it.

    python benchmarks/handin.py                        500,000 features, both engines
    python benchmarks/handin.py --engine sqlite --rows 50000

A GeoPackage with a dozen attributes a feature is generated first, which is not counted. Then the
command runs in a process of its own: detect, match, validate, store with the original bytes. Its
peak memory is that of the command; on PostgreSQL the server's comes on top.
"""

from __future__ import annotations

import argparse
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any

from asof import rows, server_seconds, target

_BATCH = 20_000
_PLAN = """\
id = "benchmark"
name_zh = "试验规划"
name_en = "benchmark"
level = "city"
region_code = "140400"
region_name = "长治市"
first_year = 2021
last_year = 2025
base_year = 2020
act = "试验"
effective_from = 2021-01-01
issuer = "试验"
version = "1"
source = "generated"
"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--engine", choices=["sqlite", "postgresql"], action="append")
    parser.add_argument("--rows", type=int, default=500_000)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="minplan-handin-") as scratch:
        folder = Path(scratch)
        (folder / "plan.toml").write_text(_PLAN, encoding="utf-8")
        hand_in(folder / "区划.gpkg", options.rows)
        for engine in options.engine or ["sqlite", "postgresql"]:
            with target(engine) as address:
                take_in(engine, folder, address, options.rows)


def take_in(engine: str, folder: Path, address: Path | str, count: int) -> None:
    command = [str(Path(sys.executable).with_name("minplan"))]
    command += ["--workspace", str(folder / engine)]
    command += ["--database", str(address), "import", str(folder / "区划.gpkg"), "--yes"]
    command += ["--identity", str(folder / "plan.toml")]
    start, server = time.perf_counter(), server_seconds(address)
    process = subprocess.Popen(command)
    _, status, used = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - start
    process.returncode = os.waitstatus_to_exitcode(status)
    assert process.returncode == 0
    theirs = server_seconds(address) - server
    print(f"\n{engine}: minplan import of {count} features: {told(seconds, used, theirs)}")


def told(seconds: float, used: resource.struct_rusage, server: float) -> str:
    own, peak = used.ru_utime + used.ru_stime, used.ru_maxrss / 1024**2
    busy = f"{own:.0f} s of processor, {server:.0f} s of the server's"
    return f"{seconds:.0f} s ({busy}); {peak:.2f} GiB; load {os.getloadavg()[0]:.1f}"


def hand_in(file: Path, count: int) -> None:
    """A GeoPackage whose one layer is the standard's layer of counties."""
    from minplan.formats.features import write_features

    write_features(file, tables(rows(count, 0)))
    print(f"{file.name}: {count} features, {file.stat().st_size / 1e6:.0f} MB", flush=True)


def tables(features: Iterator[Any]) -> Iterator[Any]:
    from minplan.core.standard.load import edition
    from minplan.handin.columns import table_of

    spec = edition("2021-2025").spec("XZQ")
    while batch := [*islice(features, _BATCH)]:
        yield table_of(spec, batch)


if __name__ == "__main__":
    main()
