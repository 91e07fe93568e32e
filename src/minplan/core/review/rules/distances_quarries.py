"""Distances between quarries, to dwellings, and of tailings ponds to the Yellow River."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from minplan.core.basis import Basis
from minplan.core.geometry.overlay import Near
from minplan.core.review.context import Context
from minplan.core.review.finding import Finding, Outcome, Quantity, Severity
from minplan.core.review.ground import layer_title, name_list
from minplan.core.review.missing import field_word, layer_word
from minplan.core.review.proposal import MiningMethod
from minplan.core.review.relations import MINING, lapsed
from minplan.core.review.rule import Example, Family, LayerNeed, rule
from minplan.core.review.rules.distances import near_evidence
from minplan.core.review.scope import designed_scale
from minplan.core.standard.minerals import find_mineral
from minplan.core.text import Text

DWELLING = "dwelling"
RIVER = "yellow-river"
#: Least distance (m) between quarries, and to dwellings (总局令第39号).
QUARRY_M: Final = 300.0
#: A quarry up to this scale (万吨/年) is small; exactly this scale still is (总局令第39号).
SMALL_QUARRY: Final = 50.0
#: Metal and non-metal mines with a shorter life (years) are not approved.
SHORTEST_LIFE: Final = 3.0
#: New tailings ponds keep these distances (m) to the Yellow River and its main tributaries.
MAIN_STREAM_M: Final = 3000.0
TRIBUTARY_M: Final = 1000.0

_OPEN = (MiningMethod.OPEN_PIT, MiningMethod.BOTH)
_QUARRY = {"name": "相邻采石场", "mineral": "建筑石料用灰岩", "method": "露天开采"}
_AT_200 = {**_QUARRY, "box": (1200, 0, 1600, 1000)}
_AT_500 = {**_QUARRY, "box": (1500, 0, 1900, 1000)}
_UNKNOWN = {**_AT_200, "method": ""}
_HOUSE = {"box": (1250, 400, 1300, 450), "name": "示例村"}
_SMALL = {"scale": 40}
_IRON = {"minerals": ("铁矿",), "method": "open-pit"}
_GAP = Text("没有图层", "a layer is absent")


def _neighbours(ctx: Context) -> tuple[Near, ...]:
    """Valid mining rights nearby, but for the applicant's own licence."""
    return tuple(
        item
        for item in ctx.near(MINING)
        if str(item.attributes.get("licence") or "-") != ctx.proposal.licence
        and lapsed(item.attributes, ctx.date) is None
    )


def _too_near(ctx: Context, layer: str, found: Sequence[Near]) -> Finding:
    what, closest = layer_title(layer), min(item.distance_m for item in found)
    names = name_list(str(item.attributes.get("name") or what.zh) for item in found)
    return ctx.conflict(
        Text(
            f"距“{names}”{closest:.1f} 米，应大于 {QUARRY_M:g} 米。",
            f"{closest:.1f} m from {names}; more than {QUARRY_M:g} m is required.",
        ),
        measured=Quantity(round(closest, 1), "m"),
        limit=Quantity(QUARRY_M, "m", ">"),
        evidence=near_evidence(ctx, layer, found),
        mend=Text(f"请退让至 {QUARRY_M:g} 米以外。", f"Keep more than {QUARRY_M:g} m away."),
    )


def _none_near(ctx: Context, layer: str) -> Finding:
    what = layer_title(layer)
    return ctx.clear(
        Text(f"{QUARRY_M:g} 米内没有{what.zh}。", f"No {what.en} within {QUARRY_M:g} m.")
    )


@rule(
    "R-LAW-20",
    Text("小型露天采石场 300 米", "Small quarries: 300 m"),
    family=Family.DISTANCES,
    severity=Severity.PROHIBIT,
    basis=Basis(
        "小型露天采石场安全管理与监督检查规定（国家安全监管总局令第39号）",
        "第二条、第十二条",
        "300米",
        "https://cssglw.com/news/814927600912741.html",
        certain=False,
    ),
    explanation=Text(
        "年生产规模不超过 50 万吨（含）的山坡型露天采石场，与相邻采石场矿界、"
        "周边生活和他人生产设施距离大于 300 米，"
        "自矿界向外量。饰面石材和金属矿不适用。",
        "Hillside quarries up to 500 000 t a year keep more than 300 m from other quarries and "
        "from dwellings and facilities, from boundary outwards. Not for facing stone or metals.",
    ),
    layers=(LayerNeed(MINING, QUARRY_M), LayerNeed(DWELLING, QUARRY_M)),
    examples=(
        Example(
            Outcome.CLEAR,
            Text("相邻采石场 500 米", "another quarry at 500 m"),
            given=_SMALL,
            layers={MINING: (_AT_500,), DWELLING: ()},
        ),
        Example(
            Outcome.CONFLICT,
            Text("相邻采石场 200 米", "another quarry at 200 m"),
            given=_SMALL,
            layers={MINING: (_AT_200,), DWELLING: ()},
        ),
        Example(
            Outcome.CONFLICT,
            Text("恰为 50 万吨/年，村庄 250 米", "exactly 500 000 t, a village at 250 m"),
            given={"scale": 50},
            layers={MINING: (), DWELLING: (_HOUSE,)},
        ),
        Example(
            Outcome.NOT_APPLICABLE,
            Text("100 万吨/年不是小型", "10⁶ t a year is not small"),
            layers={MINING: (_AT_200,), DWELLING: ()},
        ),
        Example(
            Outcome.NOT_CHECKED,
            Text("缺居民点图层", "the layer of dwellings is absent"),
            given=_SMALL,
            layers={MINING: ()},
        ),
    ),
)
def small_quarry(ctx: Context) -> Iterator[Finding]:
    """Small open quarries (小型露天采石场) keep 300 m from quarries and dwellings."""
    mining = ctx.proposal.right.is_mining
    if not mining or ctx.mineral.group != "sand-stone" or ctx.need("method") not in _OPEN:
        yield ctx.not_applicable(Text("不是露天采石场。", "Not an open quarry."))
        return
    scale = min(designed_scale(ctx, "万吨/年"))
    if scale > SMALL_QUARRY:
        yield ctx.not_applicable(
            Text(
                f"年生产规模 {scale:g} 万吨，大于 {SMALL_QUARRY:g} 万吨。",
                f"{scale:g}·10⁴ t a year, above {SMALL_QUARRY:g}.",
            )
        )
        return
    for layer in (MINING, DWELLING):
        if not ctx.measured.has_layer(layer):
            yield ctx.not_checked(layer_word(layer))
            continue
        found = ctx.near(DWELLING) if layer == DWELLING else _quarries(ctx)
        yield _too_near(ctx, layer, found) if found else _none_near(ctx, layer)


def _quarries(ctx: Context) -> tuple[Near, ...]:
    """Valid rights to building stone nearby that are not known to be underground."""
    found = []
    for item in _neighbours(ctx):
        mineral = find_mineral(str(item.attributes.get("mineral") or ""))
        stone = mineral is None or mineral.group == "sand-stone"
        if stone and _method(item) is not MiningMethod.UNDERGROUND:
            found.append(item)
    return tuple(found)


def _method(item: Near) -> MiningMethod | None:
    word = str(item.attributes.get("method") or "")
    if "露天" in word or word in ("open-pit", "both"):
        return MiningMethod.OPEN_PIT
    known = any(part in word for part in ("地下", "井工", "钻井", "underground", "well"))
    return MiningMethod.UNDERGROUND if known else None


@rule(
    "R-LAW-21",
    Text("相邻露天矿 300 米、服务年限不足 3 年不批", "Open pits 300 m apart, a life of 3 years"),
    family=Family.DISTANCES,
    severity=Severity.PROHIBIT,
    basis=Basis(
        "金属非金属矿山安全准入意见（安监部门，文号未核）",
        quote="300米",
        url="https://www.chnfcs.com/manual/559.html?pagenum=5",
        certain=False,
    ),
    explanation=Text(
        "新建金属非金属露天矿与相邻露天矿开采范围小于 300 米的，"
        "或服务年限不足 3 年的，不予批准。依据待核实。",
        "A new metal or non-metal open pit within 300 m of another, or a mine with a life below "
        "three years, is not approved. The basis is to be verified.",
    ),
    layers=(LayerNeed(MINING, QUARRY_M),),
    examples=(
        Example(
            Outcome.CLEAR,
            Text("相邻露天矿 500 米", "another open pit at 500 m"),
            layers={MINING: (_AT_500,)},
        ),
        Example(
            Outcome.CONFLICT,
            Text("相邻露天矿 200 米", "another open pit at 200 m"),
            given=_IRON,
            layers={MINING: (_AT_200,)},
        ),
        Example(
            Outcome.CONFLICT,
            Text("服务年限 2 年", "a life of two years"),
            given={"service_life": 2},
            layers={MINING: ()},
        ),
        Example(
            Outcome.NOT_CHECKED,
            Text("相邻矿开采方式不明", "the neighbour's method is unknown"),
            layers={MINING: (_UNKNOWN,)},
        ),
        Example(
            Outcome.NOT_APPLICABLE,
            Text("煤矿不适用", "not for coal"),
            given={"minerals": ("煤炭",), "method": "underground"},
            layers={MINING: (_AT_200,)},
        ),
        Example(Outcome.NOT_CHECKED, _GAP),
    ),
)
def open_pits(ctx: Context) -> Iterator[Finding]:
    """Adjoining open pits (相邻露天矿) and the shortest service life."""
    groups = ("metal", "non-metal", "sand-stone")
    proposal = ctx.proposal
    new = proposal.right.is_mining and proposal.action.sets_new_ground
    if not new or ctx.mineral.group not in groups:
        yield ctx.not_applicable(
            Text("不是新建金属非金属矿山。", "Not a new metal or non-metal mine.")
        )
        return
    if proposal.service_life is None:
        yield ctx.not_checked(field_word("service_life"))
    elif proposal.service_life < SHORTEST_LIFE:
        yield ctx.conflict(
            Text(
                f"服务年限 {proposal.service_life:g} 年，不足 {SHORTEST_LIFE:g} 年。",
                f"A life of {proposal.service_life:g} years, below {SHORTEST_LIFE:g}.",
            ),
            measured=Quantity(proposal.service_life, "a"),
            limit=Quantity(SHORTEST_LIFE, "a", "≥"),
        )
    if ctx.need("method") not in _OPEN:
        yield ctx.clear(Text("不是露天开采，无相邻距离要求。", "Not an open pit."))
        return
    found = _neighbours(ctx)
    pits = [item for item in found if _method(item) is MiningMethod.OPEN_PIT]
    if pits:
        yield _too_near(ctx, MINING, pits)
    elif any(_method(item) is None for item in found):
        yield ctx.not_checked(
            Text("相邻采矿权的开采方式", "the method of the neighbouring mining right")
        )
    else:
        yield _none_near(ctx, MINING)


_BANK = {"line": ((3500, -5000), (3500, 5000)), "name": "示例河"}


@rule(
    "R-LAW-25",
    Text("黄河流域尾矿库距离", "Tailings ponds near the Yellow River"),
    family=Family.DISTANCES,
    severity=Severity.PROHIBIT,
    basis=(
        Basis("《黄河保护法》", "关于尾矿库的条款", certain=False),
        Basis("晋发〔2024〕10号", url="https://mp.zgkyb.com/m/news/95430", certain=False),
    ),
    explanation=Text(
        "黄河干流岸线 3 公里、重要支流岸线 1 公里内不得新建、改建、扩建尾矿库。"
        "长治的沁河属黄河流域，浊漳河属海河流域。以矿区范围量距，尾矿库另址的以其位置为准。",
        "No new or enlarged tailings pond within 3 km of the Yellow River or 1 km of its main "
        "tributaries (the Qin belongs to it, the Zhuozhang does not). Measured from the block; a "
        "pond elsewhere counts by its own place.",
    ),
    layers=(LayerNeed(RIVER, MAIN_STREAM_M),),
    facts=("tailings_pond",),
    examples=(
        Example(
            Outcome.CLEAR,
            Text("建尾矿库，支流 2.5 公里", "a pond, a tributary at 2.5 km"),
            given=_IRON,
            facts={"tailings_pond": True},
            layers={RIVER: ({**_BANK, "kind": "重要支流"},)},
        ),
        Example(
            Outcome.CONFLICT,
            Text("建尾矿库，干流 2.5 公里", "a pond, the main stream at 2.5 km"),
            given=_IRON,
            facts={"tailings_pond": True},
            layers={RIVER: ({**_BANK, "kind": "干流"},)},
        ),
        Example(
            Outcome.NOT_APPLICABLE,
            Text("不建尾矿库", "no pond"),
            given=_IRON,
            facts={"tailings_pond": False},
            layers={RIVER: ({**_BANK, "kind": "干流"},)},
        ),
        Example(
            Outcome.NOT_CHECKED,
            Text("未申报尾矿库", "not declared"),
            given=_IRON,
            layers={RIVER: ()},
        ),
        Example(Outcome.NOT_CHECKED, _GAP, given=_IRON, facts={"tailings_pond": True}),
    ),
)
def tailings(ctx: Context) -> Finding:
    """New tailings ponds (尾矿库) keep away from the Yellow River."""
    if not ctx.proposal.right.is_mining or ctx.mineral.group not in ("metal", "non-metal"):
        return ctx.not_applicable(
            Text("不是金属、非金属矿开采。", "Not mining of metals or non-metals.")
        )
    if not ctx.fact("tailings_pond"):
        return ctx.not_applicable(Text("不建尾矿库。", "No tailings pond."))
    for word, limit in (("干流", MAIN_STREAM_M), ("支流", TRIBUTARY_M)):
        found = [
            item
            for item in ctx.near(RIVER)
            if word in str(item.attributes.get("kind") or "干流") and item.distance_m < limit
        ]
        if found:
            closest = found[0].distance_m
            return ctx.conflict(
                Text(
                    f"距黄河{word}岸线 {closest:.0f} 米，{limit:g} 米内不得新建、改扩建尾矿库。",
                    f"{closest:.0f} m from the bank; no pond within {limit:g} m.",
                ),
                measured=Quantity(round(closest, 1), "m"),
                limit=Quantity(limit, "m", "≥"),
                evidence=near_evidence(ctx, RIVER, found),
                mend=Text("请另选尾矿库库址。", "Choose another place for the pond."),
            )
    return ctx.clear(Text("与黄河岸线距离符合要求。", "Far enough from the Yellow River."))
