"""Fifty people at work: map, query and reviews on one server for two minutes.

    python benchmarks/web_load.py --workspace workspace-copy            50 users, 120 s
    python benchmarks/web_load.py --workspace workspace-copy --users 20 --seconds 30

Starts ``minplan serve`` on a copy of the workspace (never the original: cases are written), logs
every user in as one of the accounts of the demo, and lets each open pages and ask what their
scripts ask, with one to five seconds between two actions as people have. Server and users share
the machine. Prints requests, failures, and the median and 95th percentile per kind of page; exits
1 when anything failed. Needs the group ``bench`` of the dependencies (locust).
"""

from __future__ import annotations

import argparse
import csv
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

HERE = Path(__file__).resolve().parent


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--workspace", type=Path, required=True)
    parser.add_argument("--users", type=int, default=50)
    parser.add_argument("--seconds", type=int, default=120)
    parser.add_argument("--workers", type=int, default=2)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="minplan-load-") as scratch:
        folder = Path(scratch) / "workspace"
        shutil.copytree(options.workspace, folder)
        port = free_port()
        address = f"http://127.0.0.1:{port}"
        with (Path(scratch) / "serve.log").open("wb") as log:
            server = subprocess.Popen(
                [sys.executable, "-m", "minplan.web", "serve", "--bind", f"127.0.0.1:{port}",
                 "--workers", str(options.workers), "--threads", "8"],
                env={**os.environ, "MINPLAN_WORKSPACE": str(folder)}, stdout=log, stderr=log,
            )  # fmt: skip
        try:
            wait_for(address)
            drive(address, folder, Path(scratch) / "told", options.users, options.seconds)
        finally:
            server.terminate()
            server.wait(60)
        return report(Path(scratch) / "told_stats.csv")


def drive(address: str, folder: Path, told: Path, users: int, seconds: int) -> None:
    command = [
        sys.executable, "-m", "locust", "-f", str(HERE / "web_users.py"), "--headless",
        "--host", address, "--users", str(users), "--spawn-rate", "2",
        "--run-time", f"{seconds + users // 2}s", "--csv", str(told), "--only-summary",
        "--loglevel", "ERROR", "--reset-stats",
    ]  # fmt: skip
    environment = {**os.environ, "MINPLAN_LOAD_ACCOUNTS": str(folder / "demo-accounts.txt")}
    subprocess.run(
        command, env=environment, check=False, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )


def report(file: Path) -> int:
    with file.open(newline="", encoding="utf-8") as lines:
        rows = [*csv.DictReader(lines)]
    print(f"{'':34}{'requests':>9}{'failed':>8}{'median':>9}{'95 %':>9}  ms")
    for row in rows:
        name = row["Name"] if row["Name"] != "Aggregated" else "all"
        print(
            f"{name:34}{row['Request Count']:>9}{row['Failure Count']:>8}"
            f"{row['50%']:>9}{row['95%']:>9}"
        )
    return int(any(int(row["Failure Count"]) for row in rows))


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_for(address: str) -> None:
    for _ in range(600):
        try:
            with urllib.request.urlopen(f"{address}/ready", timeout=10):
                return
        except OSError:
            time.sleep(0.2)
    raise SystemExit("the server did not start")


if __name__ == "__main__":
    sys.exit(main())
