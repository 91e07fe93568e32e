"""Resources under construction projects (压覆矿产资源), in reserve areas and elsewhere."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from minplan.core.plan.model import ZoneKind
from minplan.core.review.context import Context
from minplan.core.review.finding import Finding, Outcome, Severity
from minplan.core.review.ground import (
    evidence_of,
    hits,
    layer_title,
    needs,
    no_real_hit,
    no_zone_of,
    overlap_words,
    zones_met,
)
from minplan.core.review.proposal import Attachment
from minplan.core.review.rule import Example, Family, rule
from minplan.core.review.sources import MINERAL_LAW, of_act, of_plan
from minplan.core.text import Text

PROJECT = "construction-project"
#: A query on overlain resources counts for so many months (answer to the law's article 32).
QUERY_MONTHS = 6

_HERE = {"box": (500, -100, 1100, 1100)}
_FAR = {"box": (3000, 0, 4000, 1000)}
_RESERVE = {"kind": "strategic-reserve-area", "code": "SR-1", "minerals": ("煤炭",)}
_WORKS = {**_HERE, "name": "示例建设项目"}


@rule(
    "R-SP-20",
    Text("储备区防止建设项目压覆", "Nothing is built over reserve areas"),
    family=Family.PLANNING_ZONES,
    severity=Severity.RESTRICT,
    basis=of_plan("第三章三（一）3", "防止工程建设项目压覆或人为破坏", "c3-3-1-3"),
    explanation=Text(
        "范围内的储备区部分有建设项目用地的，须出具压覆矿产资源查询结果。",
        "Where a construction project lies on the reserve inside the block, the result of the "
        "query on overlain resources is needed.",
    ),
    layers=(PROJECT,),
    examples=(
        Example(
            Outcome.CLEAR,
            Text("储备区内没有建设项目", "no project on the reserve"),
            zones=({**_RESERVE, **_HERE},),
            layers={PROJECT: ({**_FAR, "name": "远处"},)},
        ),
        Example(
            Outcome.CLEAR,
            Text("建设项目在储备区外", "the project lies off the reserve"),
            zones=({**_RESERVE, **_HERE},),
            layers={PROJECT: ({"box": (0, 0, 200, 200), "name": "示例"},)},
        ),
        Example(
            Outcome.ATTENTION,
            Text("储备区上有建设项目", "a project on the reserve"),
            zones=({**_RESERVE, **_HERE},),
            layers={PROJECT: (_WORKS,)},
        ),
        Example(
            Outcome.NOT_CHECKED,
            Text("缺建设项目图层", "the layer is absent"),
            zones=({**_RESERVE, **_HERE},),
        ),
    ),
)
def reserve_overlain(ctx: Context) -> Finding:
    """Construction projects that overlay a reserve area inside the block (压覆)."""
    kind = ZoneKind.STRATEGIC_RESERVE_AREA
    if not ctx.plan.zones_of(kind):
        return no_zone_of(ctx, kind)
    projects = hits(ctx, PROJECT).real
    areas = [item.geometry for _, item in zones_met(ctx, kind)]
    over = [
        item
        for item in projects
        if item.geometry is not None
        and any(area is not None and item.geometry.intersection(area).area > 0 for area in areas)
    ]
    if not over:
        return ctx.clear(Text("没有建设项目压覆储备区。", "No project overlays a reserve area."))
    words = overlap_words(ctx, layer_title(PROJECT), over)
    return needs(
        ctx,
        "overlay-query-result",
        Text(f"储备区内{words.zh}", f"On a reserve area: {words.en}"),
        evidence=evidence_of(ctx, PROJECT, over),
    )


@rule(
    "R-LAW-28",
    Text("建设项目压覆矿产", "Resources under construction projects"),
    family=Family.PLANNING_ZONES,
    severity=Severity.RESTRICT,
    basis=of_act(MINERAL_LAW, "第三十二条", "战略性矿产资源原则上不得压覆"),
    explanation=Text(
        "范围与建设项目用地重叠的，须有 6 个月内的压覆查询结果；申报重叠不影响开采的，不作压覆。",
        "Where the block overlaps a construction project, a query result not older than six months "
        "is needed; a declared overlap that does not affect mining is no overlay.",
    ),
    layers=(PROJECT,),
    facts=("overlay_affects_mining",),
    effective_from=dt.date(2025, 7, 1),
    examples=(
        Example(
            Outcome.CLEAR,
            Text("没有重叠", "no overlap"),
            layers={PROJECT: ({**_FAR, "name": "远处"},)},
        ),
        Example(
            Outcome.ATTENTION,
            Text("重叠，缺查询结果", "overlap, no query result"),
            layers={PROJECT: (_WORKS,)},
        ),
        Example(
            Outcome.CLEAR,
            Text("查询结果在有效期内", "a recent query result"),
            attachments=({"kind": "overlay-query-result", "date": "2025-12-01"},),
            layers={PROJECT: (_WORKS,)},
        ),
        Example(
            Outcome.ATTENTION,
            Text("查询结果超过 6 个月", "a query result older than six months"),
            attachments=({"kind": "overlay-query-result", "date": "2025-03-01"},),
            layers={PROJECT: (_WORKS,)},
        ),
        Example(
            Outcome.CLEAR,
            Text("申报不影响开采", "declared not to affect mining"),
            facts={"overlay_affects_mining": False},
            layers={PROJECT: (_WORKS,)},
        ),
        Example(Outcome.NOT_CHECKED, Text("缺图层", "the layer is absent")),
    ),
)
def overlain(ctx: Context) -> Iterator[Finding]:
    """Resources under construction projects (压覆矿产资源)."""
    found = hits(ctx, PROJECT)
    if answer := no_real_hit(ctx, found):
        yield answer
        return
    state = overlap_words(ctx, layer_title(PROJECT), found.real)
    evidence = evidence_of(ctx, PROJECT, found.real)
    if ctx.proposal.facts.get("overlay_affects_mining") is False:
        yield ctx.clear(
            Text(f"{state.zh}，申报不影响开采。", f"{state.en}, declared not to affect mining."),
            evidence=evidence,
        )
        return
    result = ctx.attachment("overlay-query-result")
    if result is not None and not _recent(result, ctx.date):
        yield ctx.attention(
            Text(
                f"{state.zh}，压覆查询结果已超过 {QUERY_MONTHS} 个月，须重新查询。",
                f"{state.en}; the query result is older than {QUERY_MONTHS} months.",
            ),
            evidence=evidence,
        )
        return
    strategic = ctx.mineral.is_strategic(ctx.date)
    more = Text("，战略性矿产原则上不得压覆", "; strategic minerals are not overlain in principle")
    yield needs(
        ctx,
        "overlay-query-result",
        Text(state.zh + more.zh, state.en + more.en) if strategic else state,
        evidence=evidence,
    )


def _recent(result: Attachment, date: dt.date) -> bool:
    if result.date is None:
        return False
    months = (date.year - result.date.year) * 12 + date.month - result.date.month
    return months < QUERY_MONTHS or (months == QUERY_MONTHS and date.day <= result.date.day)
