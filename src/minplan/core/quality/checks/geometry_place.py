"""Where the geometry lies: system stated and allowed, axes and zone right, in the region."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import numpy as np
import shapely
from shapely.geometry import box

from minplan.core.geometry.crs import CoordinateSystem, FloatArray
from minplan.core.geometry.layer import Bounds
from minplan.core.quality.check import Example, Family, NotApplicable, NotChecked, Scope, check
from minplan.core.quality.checks.geometry_validity import spatial
from minplan.core.quality.fault import Fault, Level, More
from minplan.core.quality.sources import AREA_NOTICE, quality
from minplan.core.quality.submission import Context
from minplan.core.quality.view import View
from minplan.core.quality.words import dictionary
from minplan.core.standard.model import CrsRule
from minplan.core.text import Text
from minplan.core.tolerances import MISPLACED_DEGREES, OUTSIDE_REGION_SHARE

_BLOCK: Final = "KAIGHQK"
#: West, south, east, north of everything that a Chinese plan may show (degrees).
_COUNTRY: Final[Bounds] = (73.0, 3.0, 136.0, 54.0)
#: Width of a zone in degrees, and how many zones a wrong one may be off.
_WIDTH: Final = 3.0
_ZONES: Final = (-1, 1, -2, 2, -3, 3)


@check(
    "Q-GE-13",
    Text("坐标系已说明", "The coordinate system is stated"),
    family=Family.GEOMETRY,
    scope=Scope.LAYER,
    level=Level.FATAL,
    basis=quality("数学基础"),
    explanation=Text(
        "没有坐标系说明（如缺 .prj）或说明认不出时，坐标不能归算，空间检查都做不了。",
        "Without a stated and known coordinate system nothing can be placed or measured.",
    ),
    mend=Text(
        "补上坐标系文件，或在导入时指定坐标系", "add the .prj, or state the system on import"
    ),
    examples=(
        Example(Text("已说明", "stated"), 0),
        Example(
            Text("缺 prj", "no .prj"),
            1,
            {"layers": {_BLOCK: {"rows": [{}], "system": None, "crs": ""}}},
        ),
        Example(
            Text("认不出的地方坐标系", "an unknown local system"),
            1,
            {"layers": {_BLOCK: {"rows": [{}], "system": None, "crs": "LOCAL_CS"}}},
        ),
    ),
)
def missing_system(ctx: Context) -> Iterator[Fault | More]:
    """Layers without a coordinate system that is known."""
    spatial(ctx)
    if ctx.source.system is not None or ctx.source.count == 0:
        return
    if ctx.source.crs:
        named = ctx.source.crs[:80]
        told = Text(f"不认识坐标系“{named}”", f"unknown coordinate system {named!r}")
        yield ctx.fault(told, value=named)
    else:
        yield ctx.fault(Text("没有坐标系说明", "no coordinate system is stated"))


def _allows(rule: CrsRule, system: CoordinateSystem) -> bool:
    if rule.datum != system.datum.value:
        return False
    if rule.kind == "geographic":
        return not system.is_projected
    return system.width in rule.widths and system.prefixed == rule.prefixed


@check(
    "Q-GE-14",
    Text("坐标系符合标准", "The coordinate system is one of the standard"),
    family=Family.GEOMETRY,
    scope=Scope.LAYER,
    level=Level.ERROR,
    basis=(AREA_NOTICE, quality("数学基础")),
    explanation=Text(
        "应为 2000 国家大地坐标系经纬度，或 3 度带高斯—克吕格（含带号）；以标准版本为准。",
        "CGCS2000 in degrees, or in 3° Gauss-Krüger zones with prefix, as the edition says.",
    ),
    mend=Text("转换到标准坐标系后重新导出", "transform it to a system of the standard"),
    examples=(
        Example(Text("2000 经纬度", "CGCS2000 degrees"), 0),
        Example(
            Text("西安 80", "Xian 80"),
            1,
            {"layers": {_BLOCK: {"rows": [{}], "system": "xian80"}}},
        ),
    ),
)
def allowed_system(ctx: Context) -> Iterator[Fault | More]:
    """Layers in a coordinate system that the edition does not allow."""
    spatial(ctx)
    system = ctx.source.system
    if system is None or not ctx.edition.crs:
        raise NotApplicable
    if not any(_allows(rule, system) for rule in ctx.edition.crs):
        listed = "；".join(rule.name.zh for rule in ctx.edition.crs)
        yield ctx.fault(
            Text(f"坐标系为{system.name.zh}", f"the system is {system.name.en}"),
            value=system.name.zh,
            limit=listed,
        )


def _near(places: FloatArray, bounds: Bounds, degrees: float) -> float:
    """Share of the places that lie in the bounds grown by some degrees."""
    west, south, east, north = bounds
    lon, lat = places.T
    inside = (west - degrees <= lon) & (lon <= east + degrees)
    inside &= (south - degrees <= lat) & (lat <= north + degrees)
    return float(inside.mean())


def _middles(view: View) -> FloatArray:
    bounds = shapely.bounds(view.shapes[view.present])
    middles: FloatArray = np.column_stack(
        [bounds[:, [0, 2]].mean(axis=1), bounds[:, [1, 3]].mean(axis=1)]
    )
    return middles


def misplaced(ctx: Context, view: View) -> Text | None:
    """What is wrong with the place of a layer as a whole, None when it is where it should be.

    Swapped axes and neighbouring zones are tried: what brings the layer to the region is told.
    """
    if not len(view.present):
        return None
    region = ctx.submission.region
    bounds = _COUNTRY if region is None else region.bounds
    degrees = 0.0 if region is None else MISPLACED_DEGREES
    places = _middles(view)
    if _near(places, bounds, degrees) > 0.5:
        return None
    if _near(places[:, ::-1], bounds, degrees) > 0.5:
        return Text(
            "横纵坐标（经纬度）颠倒：对调后落在规划区内",
            "the axes are swapped: exchanged, it lies in the region",
        )
    for zones in _ZONES:
        if (
            region is not None
            and _near(places + np.array([zones * _WIDTH, 0.0]), bounds, degrees) > 0.5
        ):
            return Text(
                f"带号可能错了 {-zones:+d} 带（3 度带）：改带号后落在规划区内",
                f"the zone may be off by {-zones:+d} (3° zones): corrected, it lies in the region",
            )
    lon, lat = np.median(places, axis=0)
    return Text(
        f"图层位于 {lon:.4f}°E {lat:.4f}°N 一带，远离规划区",
        f"the layer lies near {lon:.4f}°E {lat:.4f}°N, far from the region",
    )


@check(
    "Q-GE-15",
    Text("坐标轴和分带正确", "Axes and zone are right"),
    family=Family.GEOMETRY,
    scope=Scope.LAYER,
    level=Level.FATAL,
    weight=2.0,
    basis=quality("数学基础"),
    explanation=Text(
        "多数要素远离规划区时，依次试对调横纵坐标、改用邻近的 3 度带，说明哪一种能对上。",
        "When most features lie far from the region, swapped axes and other 3° zones are tried, "
        "and the one that fits is told.",
    ),
    mend=Text("按提示改正坐标轴或带号后重新导出", "mend axes or zone and export again"),
    examples=(
        Example(Text("位置正确", "in its place"), 0),
        Example(
            Text("经纬度颠倒", "swapped axes"),
            1,
            {"layers": {_BLOCK: {"rows": [{}], "swap": True}}},
        ),
        Example(
            Text("带号错一带", "a wrong zone"),
            1,
            {"layers": {_BLOCK: {"rows": [{}], "shift": 3.0}}},
        ),
        Example(Text("落在海上", "at sea"), 1, {"layers": {_BLOCK: {"rows": [{}], "shift": 40.0}}}),
    ),
)
def wrong_place(ctx: Context) -> Iterator[Fault | More]:
    """Layers that lie far from the region, and why."""
    spatial(ctx)
    if ctx.source.system is None:
        raise NotApplicable
    wrong = misplaced(ctx, ctx.view)
    if wrong is not None:
        yield ctx.fault(wrong, geometry=box(*(ctx.view.bounds or (0, 0, 0, 0))))
    elif ctx.submission.region is None:
        raise NotChecked(Text("没有规划区范围", "the region of the plan is not at hand"))


@check(
    "Q-GE-16",
    Text("要素在规划区内", "Features lie in the region of the plan"),
    family=Family.GEOMETRY,
    scope=Scope.LAYER,
    level=Level.ERROR,
    basis=quality("空间范围"),
    explanation=Text(
        "完全在规划区外的为错误；超出部分大于 1%（可调）的为警告。整层位置错误时不再逐个列出。",
        "Features wholly outside are errors; those with more than 1 % outside are warnings. A "
        "layer that is misplaced as a whole is not told feature by feature.",
    ),
    mend=Text("裁到规划区边界，或核对坐标", "cut it at the border, or check its coordinates"),
    parameters={"share": OUTSIDE_REGION_SHARE},
    examples=(
        Example(Text("都在区内", "all inside"), 0),
        Example(
            Text("一个在外，一个越界", "one outside, one across the border"),
            2,
            {
                "layers": {
                    _BLOCK: [
                        {"box": (1000, 1000, 2000, 2000)},
                        {"box": (-2000, 1000, -1000, 2000)},
                        {"box": (-500, 3000, 500, 4000)},
                    ]
                }
            },
        ),
    ),
)
def outside(ctx: Context) -> Iterator[Fault | More]:
    """Features outside the region of the plan."""
    spec, region = spatial(ctx), ctx.submission.region
    if ctx.source.system is None or spec.zone_kind in dictionary()["kinds"]["divisions"]:
        raise NotApplicable
    if region is None:
        raise NotChecked(Text("没有规划区范围", "the region of the plan is not at hand"))
    view = ctx.view
    if misplaced(ctx, view) is not None:
        raise NotApplicable
    shapely.prepare(region)
    open_ones = view.present[~shapely.covers(region, view.shapes[view.present])]
    if not len(open_ones):
        return
    shapes = view.sound[open_ones]
    beyond = shapely.difference(shapes, region)
    size = np.where(
        shapely.get_dimensions(shapes) == 2, shapely.area(shapes), shapely.length(shapes)
    )
    over = np.where(
        shapely.get_dimensions(shapes) == 2, shapely.area(beyond), shapely.length(beyond)
    )
    share = np.divide(over, size, out=np.ones(len(over)), where=size > 0)
    share[shapely.is_missing(shapes)] = 0.0

    def make(number: int) -> Fault:
        whole = not shapely.intersects(region, shapes[number])
        message = (
            Text("完全在规划区外", "wholly outside the region")
            if whole
            else Text(f"{share[number]:.1%} 在规划区外", f"{share[number]:.1%} outside the region")
        )
        return ctx.at(
            view,
            int(open_ones[number]),
            message,
            level=ctx.check.level if whole else Level.WARNING,
            value=f"{share[number]:.1%}",
            geometry=beyond[number],
        )

    yield from ctx.each(np.flatnonzero(share > ctx.parameters["share"]), make)
