"""Coordinates of the area of the plan: sound, as long and wide as printed, where it truly is."""

from __future__ import annotations

from typing import Final

from minplan.core.document.building import document
from minplan.core.quality.check import Example, NotApplicable, NotChecked
from minplan.core.quality.consistency import extent
from minplan.core.quality.consistency.extent import Extent, Span
from minplan.core.quality.consistency.telling import (
    AGREEMENT,
    MEND,
    SURE,
    Context,
    Family,
    Fault,
    Iterator,
    Level,
    Scope,
    Text,
    check,
    contradiction,
    documents,
    printed,
    where,
)

_COORDINATES: Final = (
    "地理坐标为东经 {}，北纬 35°49′—37°08′。东西最长处约 {} 公里，南北最宽处约 140 公里。"
)


def _plan(longitudes: str, width: int) -> dict[str, object]:
    return {"documents": [document("第一章 现状", _COORDINATES.format(longitudes, width))]}


@check(
    "Q-TX-17",
    Text("坐标范围与长宽、面积相符", "Coordinates fit length, width and area"),
    family=Family.CONSISTENCY,
    scope=Scope.DOCUMENT,
    level=Level.ERROR,
    weight=2.0,
    basis=AGREEMENT,
    explanation=Text(
        "印出的经纬度范围应由小到大、在国内；经差乘以中间纬度的余弦、纬差，换成公里，与文中的东西长、"
        "南北宽相差不超过 share；面积不大于经纬度围成的矩形。",
        "Printed ranges run upward and lie in the country; the span of longitudes times the cosine "
        "of the middle latitude and the span of latitudes (km) are within `share` of the length "
        "and width printed; the area is not greater than their rectangle.",
    ),
    mend=MEND,
    parameters={"share": 0.2},
    examples=(
        Example(Text("相符", "fits"), 0, _plan("111°58′03″—113°44′04″", 157)),
        Example(
            Text("经差只有 46′", "46′ of longitude only"), 1, _plan("111°58′03″—112°44′04″", 157)
        ),
        Example(Text("东界小于西界", "east is west"), 1, _plan("113°58′03″—112°44′04″", 157)),
    ),
)
def spans(ctx: Context) -> Iterator[Fault]:
    """Coordinates against the figures beside them."""
    for plan in documents(ctx):
        for found in extent.extents(plan):
            yield from _unsound(ctx, found) if not _sound(found) else _figures(ctx, found)


def _sound(found: Extent) -> bool:
    return all(span.sound for span in (found.lon, found.lat) if span is not None)


def _unsound(ctx: Context, found: Extent) -> Iterator[Fault]:
    for span in (found.lon, found.lat):
        if span is not None and not span.sound:
            place = where(span.spot)
            yield contradiction(
                ctx,
                Text(
                    f"{place.zh}的坐标范围 {span.spot.quote} 不是由小到大，或不在国内",
                    f"{place.en}: {span.spot.quote} does not run upward or is not in the country",
                ),
                (span.spot,),
                value=span.spot.quote,
            )


def _figures(ctx: Context, found: Extent) -> Iterator[Fault]:
    differ = list(extent.widths(found, ctx.parameters["share"]))
    for width in differ:
        place = where(width.said.spot)
        yield contradiction(
            ctx,
            Text(
                f"{place.zh}写 {printed(width.said)}，坐标 {width.span.spot.quote} 只合约 "
                f"{width.should:.0f} 公里",
                f"{place.en} says {printed(width.said)}; {width.span.spot.quote} is about "
                f"{width.should:.0f} km",
            ),
            (width.said.spot, width.span.spot),
            value=printed(width.said),
            limit=f"{width.should:.0f} 公里",
        )
    large = extent.area_too_large(found)
    if large is not None and not differ and found.lon is not None:
        yield contradiction(
            ctx,
            Text(
                f"面积 {printed(large[0])} 大于经纬度范围围成的约 {large[1]:.0f} 平方公里",
                f"the area {printed(large[0])} is greater than the box of the coordinates, about "
                f"{large[1]:.0f} km²",
            ),
            (large[0].spot, found.lon.spot),
            value=printed(large[0]),
            limit=f"{large[1]:.0f} 平方公里",
        )


@check(
    "Q-TX-18",
    Text("坐标范围与实际范围相符", "Coordinates fit the true area"),
    family=Family.CONSISTENCY,
    scope=Scope.DOCUMENT,
    level=Level.ERROR,
    weight=2.0,
    basis=AGREEMENT,
    explanation=Text(
        "印出的经纬度范围与规划区实际范围（汇交成果的行政区）的四至相差不超过 degrees 度。",
        "The printed ranges are within `degrees` of the bounds of the true area of the plan.",
    ),
    mend=Text("按行政区界线改正坐标范围", "correct the coordinates by the boundary"),
    parameters={"degrees": 0.05},
    examples=(
        Example(
            Text("相符", "fits"),
            0,
            {
                "documents": [
                    document("第一章", "东经 113°12′—113°18′42″，北纬 36°30′—36°35′24″。")
                ],
                "region": (0, 0, 10_000, 10_000),
            },
        ),
        Example(
            Text("东界差一度", "a degree off"),
            1,
            {
                "documents": [
                    document("第一章", "东经 113°12′—114°18′42″，北纬 36°30′—36°35′24″。")
                ],
                "region": (0, 0, 10_000, 10_000),
            },
        ),
    ),
)
def region(ctx: Context) -> Iterator[Fault]:
    """Coordinates against the true area."""
    found = [item for plan in documents(ctx) for item in extent.extents(plan)]
    if not found:
        raise NotApplicable
    if ctx.submission.region is None:
        raise NotChecked(Text("规划区实际范围（行政区）", "the true area of the plan"))
    west, south, east, north = ctx.submission.region.bounds
    for item in found:
        yield from _off(ctx, item.lon, (west, east))
        yield from _off(ctx, item.lat, (south, north))


def _off(ctx: Context, span: Span | None, true: tuple[float, float]) -> Iterator[Fault]:
    if span is None:
        return
    if all(
        abs(a - b) <= ctx.parameters["degrees"]
        for a, b in zip((span.low, span.high), true, strict=True)
    ):
        return
    place, should = where(span.spot), f"{extent.degrees(true[0])}—{extent.degrees(true[1])}"
    yield contradiction(
        ctx,
        Text(
            f"{place.zh}的坐标范围 {span.spot.quote}，实际为 {should}",
            f"{place.en}: {span.spot.quote}, in truth {should}",
        ),
        (span.spot,),
        value=span.spot.quote,
        limit=should,
        sure=SURE["certain"],
    )
