"""Distances (安全距离) to highways, railways and pipelines, from the dated table of laws."""

from __future__ import annotations

import datetime as dt
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from importlib import resources
from typing import Any, Final

from minplan.core.basis import Basis
from minplan.core.geometry.overlay import Near, buffer_m
from minplan.core.review.context import Context
from minplan.core.review.finding import Evidence, Finding, Outcome, Quantity, Severity
from minplan.core.review.ground import layer_title, name_list
from minplan.core.review.missing import fact_word, layer_word
from minplan.core.review.proposal import MiningMethod
from minplan.core.review.relations import as_number
from minplan.core.review.rule import Example, Family, LayerNeed, rule
from minplan.core.text import Text

HIGHWAY = "highway"
RAILWAY = "railway"
PIPELINE = "pipeline"
#: No road's land is wider than twice this (m): reach beyond the distance for centre lines (design).
WIDEST_HALF_M: Final = 60.0
LAWS: Final = "https://github.com/LawRefBook/Laws"

Row = Mapping[str, Any]


@lru_cache(maxsize=1)
def _table() -> tuple[Row, ...]:
    text = (resources.files(__package__) / "distances.toml").read_text("utf-8")
    return tuple(tomllib.loads(text)["distance"])


def rows_of(rule_id: str, date: dt.date) -> tuple[Row, ...]:
    """Rows of the table that a rule reads and that are in force on ``date``."""
    return tuple(
        row
        for row in _table()
        if row["rule"] == rule_id and row["from"] <= date <= row.get("to", date)
    )


def distance_to(item: Near) -> float:
    """Distance in metres to the land of a feature: half its width is taken off a centre line."""
    return max(item.distance_m - (as_number(item.attributes.get("half_width")) or 0.0), 0.0)


def near_evidence(ctx: Context, layer: str, found: Sequence[Near]) -> tuple[Evidence, ...]:
    """Features near the block as evidence; their geometry is the land from which is measured."""
    schematic = ctx.measured.layer(layer).version.schematic
    return tuple(
        Evidence(
            layer=layer,
            feature=str(item.attributes.get("code") or item.feature),
            name=str(item.attributes.get("name") or ""),
            distance_m=distance_to(item),
            schematic=schematic,
            geometry=_land(item),
        )
        for item in found
    )


def _land(item: Near) -> Any:
    half = as_number(item.attributes.get("half_width")) or 0.0
    return buffer_m(item.geometry, half) if half > 0 else item.geometry


def keep_distance(ctx: Context) -> Iterator[Finding]:
    """One finding per layer that is absent or clear, one per row of the table that is met."""
    if not ctx.proposal.right.is_mining:
        yield ctx.not_applicable(Text("该条仅对开采。", "The clause speaks of mining."))
        return
    for need in ctx.rule.layers:
        if not ctx.measured.has_layer(need.name):
            yield ctx.not_checked(layer_word(need.name))
            continue
        near, broken, answered = ctx.near(need.name), set[int](), False
        for row in rows_of(ctx.rule.id, ctx.date):
            inside = [i for i in near if i.feature not in broken and _falls_under(row, i)]
            word = _word(ctx, row) if inside else "free"
            if row["layer"] != need.name or word == "free":
                continue
            answered = True
            if "fact" in row and row["fact"] not in ctx.proposal.facts:
                yield ctx.not_checked(fact_word(row["fact"]))
            elif ctx.proposal.facts.get(row.get("fact", ""), True):
                if word == "forbidden":
                    broken.update(item.feature for item in inside)
                yield _row_answer(ctx, row, word, inside)
            else:
                answered = False
        if not answered:
            yield _far_enough(ctx, need.name, near)


def _falls_under(row: Row, item: Near) -> bool:
    word = str(item.attributes.get(row["attribute"]) or "")
    named = not row["match"] or any(part in word for part in row["match"])
    spared = any(part in word for part in row.get("except", ()))
    return named and not spared and distance_to(item) < row["metres"]


def _word(ctx: Context, row: Row) -> str:
    deep = (MiningMethod.UNDERGROUND, MiningMethod.WELL)
    return str(row["underground" if ctx.need("method") in deep else "open_pit"])


def _row_answer(ctx: Context, row: Row, word: str, inside: Sequence[Near]) -> Finding:
    layer, closest = row["layer"], min(distance_to(item) for item in inside)
    names = name_list(str(i.attributes.get("name") or layer_title(layer).zh) for i in inside)
    state = Text(
        f"距“{names}”{closest:.1f} 米，{row['zh']} {row['metres']} 米内（{row['source']}）",
        f"{closest:.1f} m from {names}; within {row['metres']} m: {row['en']} ({row['source']})",
    )
    facts: dict[str, Any] = {
        "measured": Quantity(round(closest, 1), "m"),
        "limit": Quantity(row["metres"], "m", "≥"),
        "evidence": near_evidence(ctx, layer, inside),
    }
    if word == "forbidden":
        return ctx.conflict(
            Text(f"{state.zh}。", f"{state.en}."),
            mend=Text(
                f"请退让至 {row['metres']} 米以外。", f"Keep at least {row['metres']} m away."
            ),
            **facts,
        )
    absent = [ctx.attachment_name(k) for k in row["documents"] if ctx.attachment(k) is None]
    if not absent:
        return ctx.clear(
            Text(f"{state.zh}，手续齐备。", f"{state.en}; all documents handed in."), **facts
        )
    zh, en = "、".join(n.zh for n in absent), ", ".join(n.en for n in absent)
    return ctx.attention(
        Text(f"{state.zh}，须有{zh}。", f"{state.en}; needs {en}."),
        mend=Text(f"请补充：{zh}。", f"Add: {en}."),
        **facts,
    )


def _far_enough(ctx: Context, layer: str, near: Sequence[Near]) -> Finding:
    what = layer_title(layer)
    if not near:
        reach = next(need.within_m for need in ctx.rule.layers if need.name == layer)
        return ctx.clear(
            Text(f"{reach:g} 米内没有{what.zh}。", f"No {what.en} within {reach:g} m.")
        )
    closest = min(distance_to(item) for item in near)
    return ctx.clear(
        Text(
            f"最近的{what.zh}距 {closest:.1f} 米，符合距离要求。",
            f"The nearest of {what.en} is {closest:.1f} m away: far enough.",
        ),
        measured=Quantity(round(closest, 1), "m"),
    )


_COAL = {"minerals": ("煤炭",), "method": "underground"}
_AT_60 = {"line": ((1060, -500), (1060, 1500)), "name": "示例线"}
_AT_150 = {"line": ((1150, -500), (1150, 1500)), "name": "示例线"}
_AT_800 = {"line": ((1800, -500), (1800, 1500)), "name": "示例线"}
_FAR = {"line": ((5000, 0), (5000, 1000)), "name": "示例线"}
_GAP = Text("没有图层", "the layer is absent")


@rule(
    "R-LAW-17",
    Text("公路两侧、桥梁、隧道", "Highways, bridges and tunnels"),
    family=Family.DISTANCES,
    severity=Severity.PROHIBIT,
    basis=Basis("《公路安全保护条例》", "第十七条", "公路用地外缘起向外100米", LAWS),
    explanation=Text(
        "国道、省道、县道用地外缘 100 米，乡道 50 米，渡口和中型以上桥梁 200 米，"
        "隧道 100 米内禁止采矿采石；"
        "井工开采须留设保护矿柱。图层为中心线的，按 half_width（半宽，米）折减。",
        "No mining within 100 m of the land of national, provincial and county roads, 50 m of "
        "township roads, 200 m of ferries and bridges, 100 m of tunnels; underground mines leave "
        "pillars. On centre lines the attribute half_width (m) is taken off.",
    ),
    layers=(LayerNeed(HIGHWAY, 200 + WIDEST_HALF_M),),
    examples=(
        Example(
            Outcome.CLEAR,
            Text("省道 150 米外", "a provincial road at 150 m"),
            layers={HIGHWAY: ({**_AT_150, "grade": "省道"},)},
        ),
        Example(
            Outcome.CLEAR,
            Text("乡道 60 米外", "a township road at 60 m"),
            layers={HIGHWAY: ({**_AT_60, "grade": "乡道"},)},
        ),
        Example(
            Outcome.CONFLICT,
            Text("国道 60 米", "a national road at 60 m"),
            layers={HIGHWAY: ({**_AT_60, "grade": "国道"},)},
        ),
        Example(
            Outcome.CONFLICT,
            Text("高速中心线 120 米，半宽 30 米", "an expressway, 30 m half width"),
            layers={
                HIGHWAY: (
                    {
                        "line": ((1120, -500), (1120, 1500)),
                        "name": "示例高速",
                        "grade": "高速",
                        "half_width": 30,
                    },
                )
            },
        ),
        Example(
            Outcome.ATTENTION,
            Text("井工煤矿在国道下，缺保护煤柱方案", "a coal mine below a road, no pillar plan"),
            given=_COAL,
            layers={HIGHWAY: ({**_AT_60, "grade": "国道"},)},
        ),
        Example(
            Outcome.CLEAR,
            Text("井工煤矿，有保护煤柱方案", "a coal mine with the pillar plan"),
            given=_COAL,
            attachments=("protective-pillar-plan",),
            layers={HIGHWAY: ({**_AT_60, "grade": "国道"},)},
        ),
        Example(
            Outcome.NOT_CHECKED,
            Text("未填开采方式", "the method is not given"),
            given={"method": None},
            layers={HIGHWAY: ({**_AT_60, "grade": "国道"},)},
        ),
        Example(Outcome.NOT_CHECKED, _GAP),
    ),
)
def highways(ctx: Context) -> Iterator[Finding]:
    """Distances to highways (公路)."""
    yield from keep_distance(ctx)


@rule(
    "R-LAW-18",
    Text("铁路两侧 1000 米、高铁两侧 200 米", "Railways"),
    family=Family.DISTANCES,
    severity=Severity.RESTRICT,
    basis=Basis(
        "《铁路安全管理条例》", "第三十四条、第三十五条", "应当与铁路运输企业协商一致", LAWS
    ),
    explanation=Text(
        "两侧各 1000 米内露天采矿、采石、爆破须与铁路企业协商一致、经县级以上批准并采取防护，"
        "不是绝对禁止；"
        "高速铁路两侧 200 米内禁止抽取地下水。",
        "Open pits, quarries and blasting within 1000 m need the railway's agreement, approval and "
        "protection; no pumping of groundwater within 200 m of high-speed railways.",
    ),
    layers=(LayerNeed(RAILWAY, 1000),),
    facts=("drains_groundwater",),
    examples=(
        Example(Outcome.CLEAR, Text("5 公里外", "5 km away"), layers={RAILWAY: (_FAR,)}),
        Example(
            Outcome.ATTENTION,
            Text("普速铁路 800 米，缺协议和批准", "800 m, no documents"),
            layers={RAILWAY: ({**_AT_800, "kind": "普速"},)},
        ),
        Example(
            Outcome.CLEAR,
            Text("协议和批准齐备", "with agreement and approval"),
            attachments=("railway-agreement", "railway-approval"),
            layers={RAILWAY: ({**_AT_800, "kind": "普速"},)},
        ),
        Example(
            Outcome.CONFLICT,
            Text("高铁 150 米且疏排地下水", "high-speed at 150 m, pumping"),
            given=_COAL,
            facts={"drains_groundwater": True},
            layers={RAILWAY: ({**_AT_150, "kind": "高铁"},)},
        ),
        Example(
            Outcome.CLEAR,
            Text("井工、高铁 150 米、不疏排地下水", "underground, high-speed, no pumping"),
            given=_COAL,
            facts={"drains_groundwater": False},
            layers={RAILWAY: ({**_AT_150, "kind": "高铁"},)},
        ),
        Example(
            Outcome.NOT_CHECKED,
            Text("高铁 150 米，未申报疏排水", "high-speed, pumping not declared"),
            given=_COAL,
            layers={RAILWAY: ({**_AT_150, "kind": "高铁"},)},
        ),
        Example(Outcome.NOT_CHECKED, _GAP),
    ),
)
def railways(ctx: Context) -> Iterator[Finding]:
    """Distances to railways (铁路): by agreement, not forbidden outright."""
    yield from keep_distance(ctx)


@rule(
    "R-LAW-19",
    Text("油气管道两侧", "Oil and gas pipelines"),
    family=Family.DISTANCES,
    severity=Severity.PROHIBIT,
    basis=Basis(
        "《石油天然气管道保护法》", "第三十条至第三十五条", "管道线路中心线两侧各五米", LAWS
    ),
    explanation=Text(
        "中心线两侧 5 米禁止采石，穿河管道 500 米禁止采石，专用隧道 1000 米禁止采石采矿爆破；"
        "两侧 200 米、附属设施 500 米内爆破、采矿须申请。",
        "No quarrying within 5 m, or 500 m where the pipeline crosses a river; nothing within "
        "1000 m of its tunnels; blasting and mining within 200 m, or 500 m of stations, need a "
        "permit.",
    ),
    layers=(LayerNeed(PIPELINE, 1000),),
    examples=(
        Example(
            Outcome.CLEAR,
            Text("800 米外的线路", "a line at 800 m"),
            layers={PIPELINE: ({**_AT_800, "kind": "线路"},)},
        ),
        Example(
            Outcome.CONFLICT,
            Text("管道穿过矿区", "a pipeline crosses the block"),
            layers={PIPELINE: ({"line": ((500, -500), (500, 1500)), "kind": "线路"},)},
        ),
        Example(
            Outcome.CONFLICT,
            Text("专用隧道 800 米", "a pipeline tunnel at 800 m"),
            layers={PIPELINE: ({**_AT_800, "kind": "专用隧道"},)},
        ),
        Example(
            Outcome.ATTENTION,
            Text("线路 150 米，缺批准", "a line at 150 m, no permit"),
            layers={PIPELINE: ({**_AT_150, "kind": "线路"},)},
        ),
        Example(
            Outcome.CLEAR,
            Text("线路 150 米，有批准", "a line at 150 m, with the permit"),
            attachments=("pipeline-approval",),
            layers={PIPELINE: ({**_AT_150, "kind": "线路"},)},
        ),
        Example(Outcome.NOT_CHECKED, _GAP),
    ),
)
def pipelines(ctx: Context) -> Iterator[Finding]:
    """Distances to oil and gas pipelines (油气管道)."""
    yield from keep_distance(ctx)
