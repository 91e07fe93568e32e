"""A corner is dragged over a million polygons: how long until the page knows the verdict.

    python benchmarks/live_verdict.py                     makes the workspace on first use
    python benchmarks/live_verdict.py --layer FILE.gpkg   takes farmland that was made before

A demo workspace gets a farmland layer of a million generated polygons; the server runs in a
process of its own as an officer would start it. One officer drags a corner of blocks of 0.5 to
30 km²: each step is a whole request to /cases/live (session, account, plan, 100 rules, JSON), on
one connection, as the page sends it. Nothing here is real ground.
"""

from __future__ import annotations

import argparse
import datetime as dt
import http.client
import http.cookies
import json
import os
import re
import socket
import subprocess
import sys
import time
import urllib.parse
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
from shapely.geometry import Polygon, mapping

import cases

DATA = Path(__file__).parent / "data"
FARMLAND = "permanent-basic-farmland"
ACCOUNT = "kuangquan"
ATTRIBUTES = {
    "name": "试验矿",
    "right": "mining-right",
    "action": "new",
    "minerals": ["建筑石料用灰岩"],
    "scale": "60",
    "scale_unit": "万吨/年",
    "service_life": "20",
    "method": "open-pit",
    "upper": "1260",
    "lower": "1100",
    "exploration_degree": "detailed",
    "reserves": {"total": "900"},
    "facts": {"whole_hill": "是", "deposit_size": "中型"},
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--small", action="store_true", help="22,500 polygons")
    parser.add_argument("--layer", type=Path, help="a farmland GeoPackage made before")
    parser.add_argument("--data", type=Path, default=DATA, help="where the workspace is kept")
    parser.add_argument("--blocks", type=int, default=20)
    parser.add_argument("--steps", type=int, default=25, help="steps of each drag")
    options = parser.parse_args()
    size = cases.SMALL if options.small else cases.FULL
    folder = options.data / f"live-{size.name}"
    workspace(folder, size, options)
    with served(folder) as port:
        officer = Officer(port, password_of(folder))
        shapes = cases.blocks(size)[: options.blocks]
        officer.judge(shapes[0], drag=True)  # opens the plan and the layers
        milliseconds = [took for shape in shapes for took in officer.drag(shape, options.steps)]
        tell("drag", milliseconds)
        rest = [officer.judge(shape, drag=False) for shape in shapes]
    tell("with the suggested part", rest)


def tell(what: str, milliseconds: list[float]) -> None:
    p50, p95, p99 = np.percentile(milliseconds, (50, 95, 99))
    print(
        f"{what}: {len(milliseconds)} requests, p50 {p50:.0f} ms, p95 {p95:.0f} ms, "
        f"p99 {p99:.0f} ms, most {max(milliseconds):.0f} ms",
        flush=True,
    )


# -- the workspace --------------------------------------------------------------------------------


def workspace(folder: Path, size: cases.Size, options: argparse.Namespace) -> None:
    """The demo with the farmland layer, made once."""
    from minplan.layers import LayerLibrary

    done = folder / "ready"
    if done.exists():
        return
    minplan = str(Path(sys.executable).with_name("minplan"))
    subprocess.run([minplan, "--workspace", str(folder), "demo"], check=True, capture_output=True)
    layer = options.layer or cases.layer_files(size, options.data)["farmland"]
    LayerLibrary(folder / "layers").add(
        layer, FARMLAND, "试验", dt.date(2024, 1, 1), source="generated", schematic=True
    )
    done.touch()


def password_of(folder: Path) -> str:
    lines = (folder / "demo-accounts.txt").read_text("utf-8").splitlines()
    return dict(line.split("\t") for line in lines)[ACCOUNT]


@contextmanager
def served(folder: Path) -> Iterator[int]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    command = [sys.executable, "-m", "minplan.web", "serve", "--bind", f"127.0.0.1:{port}"]
    with (folder / "serve.log").open("wb") as log:
        process = subprocess.Popen(
            [*command, "--workers", "1", "--threads", "4"],
            env={**os.environ, "MINPLAN_WORKSPACE": str(folder)}, stdout=log, stderr=log,
        )  # fmt: skip
    try:
        for _ in range(1500):
            try:
                socket.create_connection(("127.0.0.1", port), 1).close()
                break
            except OSError:
                time.sleep(0.2)
        yield port
    finally:
        process.terminate()
        process.wait(60)


# -- the officer ----------------------------------------------------------------------------------


class Officer:
    """Somebody who is logged in and drags corners; keeps one connection, as browsers do."""

    def __init__(self, port: int, password: str) -> None:
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
        self.cookies: dict[str, str] = {}
        self.known: list[str] = []
        _, page = self.ask("GET", "/login")
        found = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page.decode())
        assert found is not None
        form = {"username": ACCOUNT, "password": password, "csrfmiddlewaretoken": found[1]}
        status, _ = self.ask(
            "POST", "/login", urllib.parse.urlencode(form), "application/x-www-form-urlencoded"
        )
        assert status == 302, f"not logged in: {status}"

    def ask(
        self, method: str, path: str, body: str | None = None, kind: str = "application/json"
    ) -> tuple[int, bytes]:
        headers = {
            "Cookie": "; ".join(f"{key}={value}" for key, value in self.cookies.items()),
            "X-CSRFToken": self.cookies.get("minplan_csrf", ""),
            "Content-Type": kind,
            "Accept": "application/json",
        }
        content_sent = body.encode() if body else None
        try:
            self.connection.request(method, path, content_sent, headers)
            answer = self.connection.getresponse()
        except (OSError, http.client.RemoteDisconnected):  # the server ended an idle connection
            self.connection.close()
            self.connection.request(method, path, content_sent, headers)
            answer = self.connection.getresponse()
        content = answer.read()
        for line in answer.headers.get_all("Set-Cookie") or ():
            for key, item in http.cookies.SimpleCookie(line).items():
                self.cookies[key] = item.value
        return answer.status, content

    def judge(self, shape: Polygon, *, drag: bool) -> float:
        """Milliseconds of the whole request."""
        question: dict[str, Any] = {
            "geometry": mapping(shape),
            "system": "38",
            "attributes": ATTRIBUTES,
            "date": "2026-11-23",
            "drag": drag,
            "suggest": not drag,
            "known": self.known,
        }
        start = time.perf_counter()
        status, content = self.ask("POST", "/cases/live", json.dumps(question))
        took = (time.perf_counter() - start) * 1000
        assert status == 200, content[:500]
        self.known = [item["key"] for item in json.loads(content)["findings"]]
        return took

    def drag(self, shape: Polygon, steps: int) -> Iterator[float]:
        """Move the first corner outwards and back again, step by step."""
        corners = np.array(shape.exterior.coords)[:-1]
        away = corners[0] - corners.mean(axis=0)
        for step in range(steps):
            moved = corners.copy()
            moved[0] = corners[0] + 0.3 * away * np.sin(np.pi * (step + 1) / steps)
            dragged = Polygon(moved)
            if dragged.is_valid:
                yield self.judge(dragged, drag=True)


if __name__ == "__main__":
    main()
