"""What one of the people of ``web_load.py`` does; locust starts as many of them as asked."""

from __future__ import annotations

import itertools
import os
import random
import re
from pathlib import Path

from locust import between, task
from locust.contrib.fasthttp import FastHttpUser

ACCOUNTS = [
    line.split("\t")
    for line in Path(os.environ["MINPLAN_LOAD_ACCOUNTS"]).read_text("utf-8").splitlines()
    if not line.startswith("admin")
]
TURNS = itertools.cycle(ACCOUNTS)
#: The middle of the demo's region, degrees.
CENTRE = (113.0, 36.5)
ATTRIBUTES = {
    "right": "采矿权",
    "action": "新立",
    "minerals": ["建筑石料用灰岩"],
    "scale": "100万吨/年",
    "service_life": "10",
}
TOKEN = re.compile(r'name="csrf-token" content="([^"]+)"')


class Officer(FastHttpUser):
    """Somebody who looks at the map, asks, reads the plan, and drags a block about."""

    wait_time = between(1, 5)

    def on_start(self) -> None:
        self.name, password = next(TURNS)
        self.marks: dict[str, str] = {}
        self.token = TOKEN.search(self.client.get("/login", name="log in").text)[1]
        form = {"username": self.name, "password": password, "csrfmiddlewaretoken": self.token}
        headers = {"Referer": f"{self.host}/login"}
        page = self.client.post("/login", data=form, headers=headers, name="log in")
        self.token = TOKEN.search(page.text)[1]

    def again(self, path: str, name: str) -> None:
        """Ask for what may have been asked before, with the mark of it, as browsers do."""
        headers = {"If-None-Match": self.marks[path]} if path in self.marks else {}
        answer = self.client.get(path, headers=headers, name=name)
        self.marks[path] = answer.headers.get("ETag", "")

    def ask(self, path: str, body: dict[str, object], name: str) -> None:
        headers = {
            "X-CSRFToken": self.token,
            "Referer": f"{self.host}/",
            "Accept": "application/json",
        }
        self.client.post(path, json=body, headers=headers, name=name)

    @task(4)
    def look_at_the_map(self) -> None:
        self.client.get("/map", name="page map")
        self.client.get("/map/setup", name="map setup")
        for code in ("XZQ", "JZKCQ", "KAIGHQK"):
            self.again(f"/map/features/{code}", "map layer")

    @task(4)
    def click_on_the_map(self) -> None:
        lon, lat = (value + random.uniform(-0.5, 0.5) for value in CENTRE)
        self.client.get(f"/map/identify?lon={lon}&lat={lat}&reach=100", name="map identify")

    @task(3)
    def query(self) -> None:
        self.client.get("/query", name="page query")
        body = {"query": {"source": "plan/KAIGHQK", "conditions": []}}
        self.ask("/query/run", body, "query run")
        self.ask("/query/totals", body, "query totals")

    @task(4)
    def review(self) -> None:
        if self.name in ("chuliang", "lingdao"):
            self.client.get("/cases", name="page cases")
            return
        self.client.get("/cases/new", name="page intake")
        lon, lat = (value + random.uniform(-0.3, 0.3) for value in CENTRE)
        for step in range(6):
            side = 0.008 + 0.001 * step
            ring = [[lon, lat], [lon, lat + side], [lon + side, lat + side], [lon + side, lat]]
            geometry = {"type": "Polygon", "coordinates": [[*ring, ring[0]]]}
            body = {"geometry": geometry, "attributes": ATTRIBUTES, "drag": step < 5}
            self.ask("/cases/live", body, "review live")

    @task(2)
    def read(self) -> None:
        self.client.get("/", name="page desk")
        self.client.get("/cases", name="page cases")
        self.client.get("/plans", name="page plans")

    @task(2)
    def zones(self) -> None:
        self.client.get("/zones", name="page zones")
        self.client.get("/zones/JZKCQ", name="page zone table")

    @task(1)
    def search(self) -> None:
        word = random.choice(["石灰岩", "集中开采区", "最低开采规模", "黎城县"])
        self.client.get(f"/search?q={word}", name="page search")
