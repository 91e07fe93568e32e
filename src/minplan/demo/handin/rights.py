"""Rights and deposits of the demo's layers as features of the data standard."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from typing import Any, Final

import numpy as np
import shapely
from shapely.geometry import Point
from shapely.geometry.base import BaseGeometry

from minplan.core.geometry.area import ellipsoidal_area
from minplan.core.geometry.layer import ConstraintLayer
from minplan.core.plan.model import Plan
from minplan.core.standard.feature import FeatureValue, rounded
from minplan.core.standard.minerals import find_mineral
from minplan.core.standard.model import Edition
from minplan.demo.handin.sites import Sites
from minplan.demo.schematic.plane import to_ground

_WORLD: Final = (-180.0, -90.0, 180.0, 90.0)
_METHODS: Final = {"open-pit": "1", "underground": "2"}
_SIZES: Final = {"大型": "1", "中型": "2", "小型": "3"}
_LARGEST_KM2: Final = 0.8
_TERM: Final = 10  # years from the begin of a schematic right to its end
_MOST: Final = 0.9  # share of a feature in a county that makes it one of that county
Divisions = Mapping[str, tuple[str, BaseGeometry]]


def whole(layer: ConstraintLayer) -> Iterator[tuple[Mapping[str, Any], BaseGeometry]]:
    """Attributes and geometry (EPSG:4490) of every feature of a layer, by id."""
    held = layer.candidates(_WORLD)
    ids = np.unique(held.feature)
    told = layer.attributes([int(item) for item in ids])
    for item in ids:
        parts = held.geometry[held.feature == item]
        yield told[int(item)], parts[0] if len(parts) == 1 else shapely.union_all(parts)


def rights(
    layer: ConstraintLayer,
    code: str,
    *,
    plan: Plan,
    edition: Edition,
    divisions: Divisions,
    sites: Sites,
) -> Iterator[FeatureValue]:
    """A layer of rights as features of ``TKQ`` or ``CKQ``; ``divisions`` are counties by code.

    Those of the demo's layer lie on control lines and over one another, as real ones do; here each
    has a place of its own that is clear, in its county where there is room, and is small.
    """
    for number, (told, drawn) in enumerate(whole(layer), start=1):
        shape = _clear(f"{code}{number}", drawn, divisions, sites)
        begin = dt.date(int(str(told["expiry"])[:4]) - _TERM, 1, 1)
        area = square_km(shape)
        key = f"{code}{number:04d}"
        yield FeatureValue(
            code,
            key,
            {
                **common(key, plan, element_code(edition, code), shape, divisions),
                "MC": told["name"],
                "XKZH": told["licence"],
                "QLR": told["holder"],
                "ZYKZ": _mineral(told["mineral"]),
                "MJ": area,
                "MJWB": f"{area:.4f}",
                "JSMJ": area,
                "YXQQ": begin.isoformat(),
                "YXQZ": str(told["expiry"]),
                "FZRQ": begin.isoformat(),
                "FZJG": "示意发证机关",
                **(_mining(told) if code == "CKQ" else {"KCJD": "3"}),
            },
            shape,
        )


def _clear(key: str, drawn: BaseGeometry, divisions: Divisions, sites: Sites) -> BaseGeometry:
    middle = drawn.representative_point()
    order = sorted(divisions, key=lambda name: divisions[name][1].distance(middle))
    area = min(square_km(drawn), _LARGEST_KM2) * 1e6
    return rounded(to_ground(sites.take(order, area, key)[1]))


def _mining(told: Mapping[str, Any]) -> dict[str, Any]:
    capacity = told.get("capacity")
    scale = {"SCGM": float(capacity), "GMDW": "万吨/年"} if capacity else {}
    method = _METHODS.get(str(told["method"]))
    return {
        **scale,
        **({"KCFS": method} if method else {}),
        "BGSX": float(told["upper"]),
        "BGXX": float(told["lower"]),
    }


def deposits(
    layer: ConstraintLayer, plan: Plan, edition: Edition, divisions: Divisions
) -> Iterator[FeatureValue]:
    """The layer of deposits as points of ``KCD``."""
    for number, (told, shape) in enumerate(whole(layer), start=1):
        key = f"KCD{number:04d}"
        point = rounded(shape.representative_point())
        yield FeatureValue(
            "KCD",
            key,
            {
                **common(key, plan, element_code(edition, "KCD"), point, divisions),
                "MC": told["name"],
                "ZYKZ": _mineral(told["mineral"]),
                "KCGM": _SIZES[str(told["size"])],
                "KCCD": "3",
            },
            point,
        )


def element_code(edition: Edition, code: str) -> str:
    """The element code (要素代码) of a layer."""
    layer = edition.layer(code)
    assert layer is not None
    return layer.element_code


def common(
    key: str, plan: Plan, element: str, shape: BaseGeometry, divisions: Divisions
) -> dict[str, Any]:
    """What every layer says of a feature; its division is the county with most of it, or all."""
    middle = shape if isinstance(shape, Point) else shape.representative_point()
    code, name = plan.region_code, plan.region_name
    for county, (number, held) in divisions.items():
        if held.covers(middle) and (
            isinstance(shape, Point) or held.intersection(shape).area > _MOST * shape.area
        ):
            code, name = number, county
    return {
        "BSM": key,
        "YSDM": element,
        "XZQDM": code,
        "XZQMC": name,
        "GHBH": key,
        "GHJB": "3",
        "GHQSN": plan.first_year,
        "GHMZN": plan.last_year,
        "SJLY": "示意数据",
    }


def _mineral(name: Any) -> str:
    found = find_mineral(str(name))
    return found.name if found else str(name)


def square_km(shape: BaseGeometry) -> float:
    """The ellipsoidal area of a shape in EPSG:4490, to four decimals as layers have it."""
    return round(float(ellipsoidal_area(np.array([shape], dtype=object))[0]) / 1e6, 4)
