"""Schematic control lines, protected ground and lines of traffic.

They keep clear of the concentrated mining areas, as the plan says of the real ones (三章三（二）2).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import shapely
from shapely.geometry import LineString, Polygon, box
from shapely.geometry.base import BaseGeometry

from minplan.demo.schematic.counties import County
from minplan.demo.schematic.shapes import blob, disc, place, seed_of

_CLEAR = 400.0  # m kept between control lines and concentrated mining areas
_URBAN_KM2 = {"潞州区": 70.0, "上党区": 14.0}
_URBAN_DEFAULT_KM2 = 6.0
_VILLAGES_PER_COUNTY = 30
_FIELDS_PER_COUNTY = 220


@dataclass(frozen=True, slots=True)
class Feature:
    """A feature of a demo layer: geometry in the plane (m) and attributes."""

    geometry: BaseGeometry
    attributes: dict[str, Any] = field(default_factory=dict)


def draw_controls(
    counties: Sequence[County], mining_areas: Iterable[Polygon]
) -> dict[str, tuple[Feature, ...]]:
    """All control layers by name."""
    city = shapely.union_all([county.shape for county in counties])
    free = city.difference(shapely.union_all(list(mining_areas)).buffer(_CLEAR))
    urban = tuple(_urban(counties))
    towns = shapely.union_all([f.geometry for f in urban])
    open_land = free.difference(towns.buffer(200))
    heritage = tuple(_heritage(counties, open_land))
    farmland = tuple(_fields(counties, open_land, "永久基本农田"))
    roads, rails = tuple(_roads(counties)), tuple(_railways(counties))
    layers: dict[str, tuple[Feature, ...]] = {
        "ecological-red-line": tuple(
            _blobs(counties, open_land, "生态保护红线", 0.06, kinds=("其他",))
        ),
        "permanent-basic-farmland": farmland,
        "cultivated-land": farmland + tuple(_fields(counties, open_land, "耕地")),
        "urban-development-boundary": urban,
        "heritage-protection-area": heritage,
        "heritage-control-zone": tuple(_rings(heritage, 120.0)),
        "nature-reserve": tuple(
            _blobs(
                counties[1::3], open_land, "自然保护地", 0.015, kinds=("核心保护区", "一般控制区")
            )
        ),
        "public-welfare-forest": tuple(_blobs(counties[::2], open_land, "公益林", 0.02)),
        "drinking-water-source": tuple(_water_sources(counties[::4], open_land)),
        "spring-protection-area": tuple(_blobs(counties[3:4], open_land, "泉域重点保护区", 0.04)),
        "water-project": tuple(_blobs(counties[::3], open_land, "水库", 0.003, kinds=("库区",))),
        "military-and-airport": (
            Feature(
                disc(counties[0].seat, 5_000),
                {"name": "机场净空保护区（示意）", "kind": "机场净空"},
            ),
        ),
        "construction-project": tuple(_blobs(counties[::2], open_land, "建设项目", 0.0006)),
        "dwelling": tuple(_dwellings(counties, open_land)),
        "highway": roads,
        "railway": rails,
        "pipeline": (
            _line(counties, ("沁源县", "屯留区", "潞州区", "平顺县"), "输气管道", kind="线路"),
        ),
        "road-visible-range": tuple(_visible([*roads, *rails], free)),
        "ridge-line": tuple(_ridges(counties)),
        "yellow-river": (_river(counties),),
    }
    return layers


def _named(word: str, number: int) -> str:
    return f"{word}（示意{number:02d}）"


def _blobs(
    counties: Sequence[County],
    free: BaseGeometry,
    word: str,
    share: float,
    kinds: Sequence[str] = ("",),
) -> Iterator[Feature]:
    """One or more shapes a county, of a share of its area each."""
    for number, county in enumerate(counties, start=1):
        kind = kinds[number % len(kinds)]
        shape = place(
            county.shape.intersection(free), share * county.shape.area, word + county.code
        )
        yield Feature(
            shape, {"name": _named(f"{county.name}{word}", number), "kind": kind, "level": ""}
        )


def _urban(counties: Sequence[County]) -> Iterator[Feature]:
    for county in counties:
        radius = float(np.sqrt(_URBAN_KM2.get(county.name, _URBAN_DEFAULT_KM2) * 1e6 / np.pi))
        shape = blob(county.seat, radius, f"城镇{county.code}").intersection(county.shape)
        yield Feature(shape, {"name": f"{county.name}城镇开发边界（示意）", "kind": "集中建设区"})


def _heritage(counties: Sequence[County], free: BaseGeometry) -> Iterator[Feature]:
    for number, county in enumerate(counties, start=1):
        for level in ("国保", "省保"):
            shape = place(county.shape.intersection(free), 6e4, f"文物{level}{county.code}")
            yield Feature(
                shape, {"name": _named(f"{county.name}{level}文物", number), "level": level}
            )


def _rings(features: Iterable[Feature], width: float) -> Iterator[Feature]:
    for item in features:
        ring = item.geometry.buffer(width).difference(item.geometry)
        yield Feature(ring, {**item.attributes, "name": f"{item.attributes['name']}建设控制地带"})


def _fields(counties: Sequence[County], free: BaseGeometry, word: str) -> Iterator[Feature]:
    """Patches of 2 to 30 hectares on a 1.2 km lattice around the county seats."""
    for county in counties:
        random = seed_of(f"{word}{county.code}")
        ground = county.shape.intersection(free)
        spread = 0.33 * np.sqrt(county.shape.area)
        centers = random.normal(county.seat, spread, (_FIELDS_PER_COUNTY, 2))
        cells = np.unique(np.round(centers / 1_200), axis=0) * 1_200
        sizes = random.uniform(150, 550, (len(cells), 2))
        for number, ((x, y), (a, b)) in enumerate(zip(cells, sizes, strict=True), start=1):
            patch = box(x, y, x + a, y + b).intersection(ground)
            if isinstance(patch, Polygon) and patch.area > 5_000:
                yield Feature(
                    patch, {"name": f"{county.name}{word}图斑（示意{number:04d}）", "kind": "0103"}
                )


def _dwellings(counties: Sequence[County], free: BaseGeometry) -> Iterator[Feature]:
    for county in counties:
        random = seed_of(f"村庄{county.code}")
        west, south, east, north = county.shape.bounds
        points = random.uniform((west, south), (east, north), (_VILLAGES_PER_COUNTY, 2))
        for number, (x, y) in enumerate(points, start=1):
            shape = blob((x, y), 140, f"村{county.code}{number}")
            if county.shape.intersection(free).contains(shape):
                yield Feature(shape, {"name": f"{county.name}村庄（示意{number:02d}）"})


def _water_sources(counties: Sequence[County], free: BaseGeometry) -> Iterator[Feature]:
    """Nested first, second and quasi protection areas."""
    for county in counties:
        core = place(county.shape.intersection(free), 4e5, f"水源{county.code}")
        second = core.buffer(900).intersection(free)
        quasi = core.buffer(2_000).intersection(free)
        name = f"{county.name}水源地（示意）"
        yield Feature(core, {"name": name, "level": "一级"})
        yield Feature(second.difference(core), {"name": name, "level": "二级"})
        yield Feature(quasi.difference(second), {"name": name, "level": "准"})


def _line(counties: Sequence[County], through: Sequence[str], word: str, **more: str) -> Feature:
    seats = {county.name: county.seat for county in counties}
    path = LineString([(seats[n][0] + 2_500, seats[n][1] - 1_800) for n in through])
    return Feature(path, {"name": f"{word}（示意）", **more})


def _roads(counties: Sequence[County]) -> Iterator[Feature]:
    routes = (
        ("高速", ("沁县", "襄垣县", "潞州区", "长子县")),
        ("高速", ("黎城县", "潞城区", "屯留区", "沁源县")),
        ("国道", ("武乡县", "襄垣县", "潞城区", "平顺县")),
        ("省道", ("沁源县", "沁县", "武乡县")),
        ("省道", ("长子县", "上党区", "壶关县", "平顺县")),
    )
    for number, (grade, through) in enumerate(routes, start=1):
        yield _line(counties, through, f"{grade}公路{number}", grade=grade)


def _railways(counties: Sequence[County]) -> Iterator[Feature]:
    yield _line(counties, ("武乡县", "襄垣县", "潞州区", "上党区"), "铁路", kind="普速")
    yield _line(counties, ("襄垣县", "潞城区", "潞州区", "长子县"), "高速铁路", kind="高铁")


def _visible(lines: Sequence[Feature], free: BaseGeometry) -> Iterator[Feature]:
    for item in lines:
        words = (item.attributes.get("grade"), item.attributes.get("kind"))
        if "高速" in words or "高铁" in words:
            seen = item.geometry.buffer(1_500).intersection(free)
            yield Feature(seen, {"name": f"{item.attributes['name']}可视范围"})


def _ridges(counties: Sequence[County]) -> Iterator[Feature]:
    for county in counties:
        random = seed_of(f"山脊{county.code}")
        west, south, east, north = county.shape.bounds
        for number in range(1, 4):
            start = random.uniform((west, south), (east, north))
            steps = random.normal((250, 700), 260, (12, 2)).cumsum(axis=0)
            line = LineString(start + steps).intersection(county.shape)
            if line.length > 1_000:
                yield Feature(line, {"name": f"{county.name}山脊（示意{number}）"})


def _river(counties: Sequence[County]) -> Feature:
    """A river through the western county: the 沁河 belongs to the Yellow River basin."""
    county = next(item for item in counties if item.name == "沁源县")
    x, y = county.seat
    bends = [(x - 3_000, y + 22_000), (x + 1_000, y + 9_000), (x - 800, y), (x + 2_000, y - 20_000)]
    return Feature(
        LineString(bends).intersection(county.shape), {"name": "沁河（示意）", "kind": "重要支流"}
    )
