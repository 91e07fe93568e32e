"""Control lines in law and policy beside the plan, each with its dates."""

from __future__ import annotations

import datetime as dt
import tomllib
from collections.abc import Iterator, Mapping
from functools import lru_cache
from importlib import resources
from typing import Any

from minplan.core.basis import Basis
from minplan.core.review.context import Context
from minplan.core.review.finding import Finding, Outcome, Severity
from minplan.core.review.ground import (
    NONE_ALLOWED,
    SHRINK,
    Hits,
    evidence_of,
    exempt_fluid,
    ground,
    hits,
    keep_out,
    layer_title,
    lists_mineral,
    needs,
    no_new_ground,
    no_real_hit,
    overlap_words,
    square_metres,
)
from minplan.core.review.missing import layer_word
from minplan.core.review.proposal import Action, MiningMethod
from minplan.core.review.rule import Example, Family, rule
from minplan.core.review.sources import SHANXI_NOTICE_2024, of_act
from minplan.core.text import Text

RED = "ecological-red-line"
FARMLAND = "permanent-basic-farmland"
URBAN = "urban-development-boundary"
RESERVE = "nature-reserve"

_NO_NEW_RIGHT = Text("不得新设矿业权", "no new right may be set")

_EAST_HALF = {"box": (500, -100, 1100, 1100), "name": "示例图斑"}
_CORE = {**_EAST_HALF, "kind": "核心区"}
_OTHER = {**_EAST_HALF, "kind": "其他"}
_AWAY = {"box": (2000, 0, 3000, 1000), "name": "远处图斑"}
_MISS = Text("图层在，无重叠", "the layer is there, no overlap")
_GAP = Text("没有图层", "the layer is absent")


@lru_cache(maxsize=1)
def limited_activities() -> tuple[Mapping[str, Any], ...]:
    """Activities that may be allowed inside the red line (有限人为活动)."""
    text = (resources.files(__package__) / "red_line_activities.toml").read_text("utf-8")
    return tuple(tomllib.loads(text)["activity"])


def _listed_activity(ctx: Context) -> Mapping[str, Any] | None:
    mineral = ctx.mineral
    kind = "mining" if ctx.proposal.right.is_mining else "exploration"
    for item in limited_activities():
        named = mineral.group in item.get("groups", ()) or lists_mineral(
            item.get("minerals", ()), mineral
        )
        grows = item["existing"] and ctx.proposal.action.sets_new_ground
        if named and kind in item["rights"] and not grows:
            return item
    return None


@rule(
    "R-LAW-01",
    Text("生态保护红线内有限人为活动", "Limited activities inside the ecological red line"),
    family=Family.CONTROL_LINES,
    severity=Severity.PROHIBIT,
    basis=Basis(
        "《关于加强生态保护红线管理的通知（试行）》（自然资发〔2022〕142号）",
        "一（一）",
        "仅允许以下对生态功能不造成破坏的有限人为活动",
        "http://wap.zqcn.com.cn/886/17470.html",
        certain=False,
    ),
    explanation=Text(
        "红线内自然保护地核心保护区禁止；其余红线范围只允许清单内的涉矿活动，并须认定意见。"
        "清单为归纳，未逐条核对原文。",
        "Nothing in the core of a nature reserve; elsewhere inside the red line only the listed "
        "activities, with an opinion. The list is a summary that was not checked item by item.",
    ),
    layers=(RED,),
    effective_from=dt.date(2022, 8, 16),
    examples=(
        Example(Outcome.CLEAR, _MISS, layers={RED: (_AWAY,)}),
        Example(
            Outcome.CONFLICT,
            Text("石灰岩不在清单内", "limestone is not on the list"),
            layers={RED: (_OTHER,)},
        ),
        Example(
            Outcome.CONFLICT,
            Text("核心保护区内，清单矿种也不允许", "a listed mineral in the core"),
            given={"minerals": ("铜矿",), "right": "exploration-right"},
            layers={RED: (_CORE,)},
        ),
        Example(
            Outcome.ATTENTION,
            Text("新立铜矿探矿权，在清单内，缺认定意见", "copper exploration, opinion missing"),
            given={"minerals": ("铜矿",), "right": "exploration-right"},
            layers={RED: (_OTHER,)},
        ),
        Example(
            Outcome.CLEAR,
            Text("铜矿探矿权，有认定意见", "copper exploration with the opinion"),
            given={"minerals": ("铜矿",), "right": "exploration-right"},
            attachments=("red-line-activity-opinion",),
            layers={RED: (_OTHER,)},
        ),
        Example(Outcome.NOT_CHECKED, _GAP),
    ),
)
def limited_activity(ctx: Context) -> Finding:
    """Inside the red line only listed activities, none in the core of a reserve."""
    found = hits(ctx, RED)
    if finding := no_real_hit(ctx, found):
        return finding
    core = [item for item in found.real if "核心" in str(item.attributes.get("kind") or "")]
    if core:
        return _red_line_answer(
            ctx,
            Hits(RED, tuple(core), ()),
            Text("属自然保护地核心保护区，禁止人为活动", "core of a nature reserve"),
        )
    activity = _listed_activity(ctx)
    if activity is None:
        if ctx.proposal.action.sets_new_ground:
            reason = Text("不在有限人为活动清单内", "not a listed activity")
            return _red_line_answer(ctx, found, reason)
        return ctx.attention(
            Text(
                "已设矿业权位于生态保护红线内，不在有限人为活动清单内，按国家关于红线内矿业权退出的规定办理。",
                "An existing right inside the red line, not a listed activity: to be withdrawn "
                "as the state provides.",
            ),
            evidence=evidence_of(ctx, RED, found.real),
        )
    return _with_opinion(ctx, found, activity)


def _red_line_answer(ctx: Context, found: Hits, reason: Text) -> Finding:
    words = overlap_words(ctx, layer_title(RED), found.real)
    return ctx.conflict(
        Text(f"{words.zh}，{reason.zh}。", f"{words.en}: {reason.en}."),
        measured=square_metres(ground(ctx, found.real)[0]),
        limit=NONE_ALLOWED,
        evidence=evidence_of(ctx, RED, found.real),
        mend=SHRINK,
    )


def _with_opinion(ctx: Context, found: Hits, activity: Mapping[str, Any]) -> Finding:
    words = overlap_words(ctx, layer_title(RED), found.real)
    return needs(
        ctx,
        "red-line-activity-opinion",
        Text(f"{words.zh}，属“{activity['zh']}”", f"{words.en}: {activity['en']}"),
        evidence=evidence_of(ctx, RED, found.real),
    )


@rule(
    "R-LAW-02",
    Text("永久基本农田上设立矿业权（2025-10-01 起）", "Rights over farmland from 2025-10-01"),
    family=Family.CONTROL_LINES,
    severity=Severity.PROHIBIT,
    basis=Basis(
        "《永久基本农田保护红线管理办法》",
        "第二十二条",
        "允许在永久基本农田上设立矿业权",
        "https://hot.dzwww.com/w__cR6?ipage=8",
    ),
    explanation=Text(
        "战略性矿产，以及不造成永久基本农田损毁的地热、矿泉水等，可以在永久基本农田上设权；"
        "划定前已设的非战略性矿产在原范围延续、变更，探转采只能井下开采；其余不得新设。",
        "Strategic minerals, and geothermal energy or mineral water that do no damage, may have "
        "rights over farmland; existing rights to other minerals go on within their extent, and "
        "become mining rights only underground; nothing else may be set.",
    ),
    layers=(FARMLAND,),
    facts=("farmland_unharmed",),
    effective_from=dt.date(2025, 10, 1),
    overrides=("R-SP-02",),
    examples=(
        Example(Outcome.CLEAR, _MISS, layers={FARMLAND: (_AWAY,)}),
        Example(
            Outcome.CONFLICT,
            Text("建筑石料不是战略性矿产", "building stone is not strategic"),
            layers={FARMLAND: (_EAST_HALF,)},
        ),
        Example(
            Outcome.ATTENTION,
            Text("铁矿是战略性矿产，须论证保护措施", "iron is strategic; protection to be shown"),
            given={"minerals": ("铁矿",), "method": "underground"},
            layers={FARMLAND: (_EAST_HALF,)},
        ),
        Example(
            Outcome.CLEAR,
            Text("铁矿，论证意见齐全", "iron, with the study"),
            given={"minerals": ("铁矿",), "method": "underground"},
            attachments=("farmland-study",),
            layers={FARMLAND: (_EAST_HALF,)},
        ),
        Example(
            Outcome.CONFLICT,
            Text("矿泉水但会损毁农田", "mineral water that damages farmland"),
            given={"minerals": ("矿泉水",), "method": "well"},
            facts={"farmland_unharmed": False},
            layers={FARMLAND: (_EAST_HALF,)},
        ),
        Example(
            Outcome.NOT_CHECKED,
            Text("矿泉水，未申报是否损毁", "mineral water, damage not declared"),
            given={"minerals": ("矿泉水",), "method": "well"},
            layers={FARMLAND: (_EAST_HALF,)},
        ),
        Example(
            Outcome.CONFLICT,
            Text("陶瓷土探转采，露天", "ceramic clay conversion, open pit"),
            given={"minerals": ("陶瓷土",), "action": "conversion"},
            layers={FARMLAND: (_EAST_HALF,)},
        ),
        Example(Outcome.NOT_CHECKED, _GAP),
    ),
)
def farmland_today(ctx: Context) -> Finding:
    """Which rights may lie over permanent basic farmland since 2025-10-01."""
    found = hits(ctx, FARMLAND)
    if finding := no_real_hit(ctx, found):
        return finding
    if ctx.mineral.is_strategic(ctx.date):
        return _farmland_study(ctx, found, Text("属战略性矿产", "a strategic mineral"))
    if ctx.mineral.is_fluid_exempt and ctx.fact("farmland_unharmed"):
        return _farmland_study(ctx, found, Text("不造成损毁", "no damage to farmland"))
    action = ctx.proposal.action
    if action is Action.CONVERSION and ctx.need("method") is MiningMethod.UNDERGROUND:
        return _farmland_study(
            ctx, found, Text("探转采且井下开采", "a conversion to underground mining")
        )
    if not action.sets_new_ground:
        return ctx.clear(
            Text(
                "已设非战略性矿产矿业权，可在原范围内办理。",
                "An existing right may go on within its extent.",
            ),
            evidence=evidence_of(ctx, FARMLAND, found.real),
        )
    return keep_out(
        ctx,
        FARMLAND,
        Text("非战略性矿产或可能造成损毁，不得新设矿业权", "no new right for this mineral"),
    )


def _farmland_study(ctx: Context, found: Hits, reason: Text) -> Finding:
    words = overlap_words(ctx, layer_title(FARMLAND), found.real)
    return needs(
        ctx,
        "farmland-study",
        Text(f"{words.zh}，{reason.zh}，可以设权", f"{words.en}: {reason.en}, may be set"),
        evidence=evidence_of(ctx, FARMLAND, found.real),
    )


@rule(
    "R-LAW-08",
    Text(
        "山西：避让红线和保护地，妥善处理农田和城镇边界",
        "Shanxi: red line, reserves, farmland, urban",
    ),
    family=Family.CONTROL_LINES,
    severity=Severity.PROHIBIT,
    basis=of_act(SHANXI_NOTICE_2024, "一（二）（三）", "妥善处理", certain=False),
    explanation=Text(
        "新设矿业权避让生态保护红线和自然保护地；与永久基本农田、城镇开发边界重叠的，须有处理方案。",
        "New rights keep out of the red line and nature reserves; overlaps with farmland and the "
        "urban boundary need a treatment plan.",
    ),
    layers=(RED, RESERVE, FARMLAND, URBAN),
    effective_from=dt.date(2024, 1, 1),
    examples=(
        Example(
            Outcome.CLEAR,
            _MISS,
            layers={RED: (_AWAY,), RESERVE: (), FARMLAND: (_AWAY,), URBAN: ()},
        ),
        Example(
            Outcome.CONFLICT,
            Text("与自然保护地重叠", "overlaps a nature reserve"),
            layers={RED: (), RESERVE: (_EAST_HALF,), FARMLAND: (), URBAN: ()},
        ),
        Example(
            Outcome.ATTENTION,
            Text("与城镇开发边界重叠，缺处理方案", "overlaps the urban boundary, no plan"),
            layers={RED: (), RESERVE: (), FARMLAND: (), URBAN: (_EAST_HALF,)},
        ),
        Example(
            Outcome.CLEAR,
            Text("与城镇开发边界重叠，有处理方案", "overlaps the urban boundary, with a plan"),
            attachments=("control-line-treatment-plan",),
            layers={RED: (), RESERVE: (), FARMLAND: (), URBAN: (_EAST_HALF,)},
        ),
        Example(
            Outcome.NOT_CHECKED,
            Text("缺自然保护地图层", "the reserve layer is absent"),
            layers={RED: (), FARMLAND: (), URBAN: ()},
        ),
    ),
)
def shanxi_control_lines(ctx: Context) -> Iterator[Finding]:
    """Shanxi's way with the four kinds of control areas for new rights."""
    if answer := no_new_ground(ctx) or exempt_fluid(ctx):
        yield answer
        return
    plan = ctx.attachment("control-line-treatment-plan")
    name = ctx.attachment_name("control-line-treatment-plan")
    for layer in (RED, RESERVE, FARMLAND, URBAN):
        if not ctx.measured.has_layer(layer):
            yield ctx.not_checked(layer_word(layer))
        elif layer in (RED, RESERVE):
            yield keep_out(ctx, layer, _NO_NEW_RIGHT)
        elif plan is not None:
            yield keep_out(
                ctx, layer, Text(f"{name.zh}：{plan.number}", plan.number), answer=ctx.clear
            )
        else:
            yield keep_out(
                ctx,
                layer,
                Text(f"须有{name.zh}", f"needs the {name.en}"),
                answer=ctx.attention,
                mend=Text(f"请补充{name.zh}，或调整范围。", f"Add the {name.en}, or adjust."),
            )
