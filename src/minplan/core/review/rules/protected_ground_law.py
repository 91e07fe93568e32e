"""Ground protected by special laws: dams, water, reserves, forest, springs; the old article 20.

Which kind of feature forbids what is the table ``protected_ground.toml``.
"""

from __future__ import annotations

import datetime as dt
import tomllib
from collections.abc import Iterator, Mapping
from functools import lru_cache
from importlib import resources
from typing import Any

from minplan.core.basis import Basis
from minplan.core.geometry.overlay import Overlap
from minplan.core.review.context import Context
from minplan.core.review.finding import Finding, Outcome, Severity
from minplan.core.review.ground import (
    NONE_ALLOWED,
    SHRINK,
    clear_of,
    evidence_of,
    extent,
    hits,
    keep_out,
    layer_title,
    needs,
    no_real_hit,
    overlap_words,
)
from minplan.core.review.missing import layer_word
from minplan.core.review.proposal import MiningMethod
from minplan.core.review.rule import Example, Family, rule
from minplan.core.review.sources import MINERAL_LAW, of_act
from minplan.core.text import Text

WATER = "water-project"
SOURCE = "drinking-water-source"
SPRING = "spring-protection-area"
RESERVE = "nature-reserve"
MILITARY = "military-and-airport"
FOREST = "public-welfare-forest"
HERITAGE = "heritage-protection-area"
HIGHWAY = "highway"
RAILWAY = "railway"

Row = Mapping[str, Any]


@lru_cache(maxsize=1)
def _table() -> tuple[Row, ...]:
    text = (resources.files(__package__) / "protected_ground.toml").read_text("utf-8")
    return tuple(tomllib.loads(text)["ground"])


def _row_of(rule_id: str, layer: str, attributes: Mapping[str, Any]) -> Row:
    rows = [row for row in _table() if row["rule"] == rule_id and row["layer"] == layer]
    word = str(attributes.get(rows[0]["attribute"]) or "")
    return next(row for row in rows if not row["match"] or any(m in word for m in row["match"]))


def _protected(ctx: Context) -> Iterator[Finding]:
    """One finding per layer that is absent or clear, one per row of the table that is met."""
    for need in ctx.rule.layers:
        layer = need.name
        if not ctx.measured.has_layer(layer):
            yield ctx.not_checked(layer_word(layer))
            continue
        found = hits(ctx, layer)
        if answer := no_real_hit(ctx, found):
            yield answer
            continue
        met: dict[str, tuple[Row, list[Overlap]]] = {}
        for item in found.real:
            row = _row_of(ctx.rule.id, layer, item.attributes)
            met.setdefault(row["zh"], (row, []))[1].append(item)
        for row, items in met.values():
            yield _met(ctx, layer, row, items)


def _met(ctx: Context, layer: str, row: Row, items: list[Overlap]) -> Finding:
    word = _word(ctx, row)
    words = overlap_words(ctx, layer_title(layer), items)
    state = Text(
        f"{words.zh}，{row['zh']}（{row['source']}）", f"{words.en}: {row['en']} ({row['source']})"
    )
    more: dict[str, Any] = {
        "measured": extent(ctx, items),
        "evidence": evidence_of(ctx, layer, items),
    }
    if word == "free":
        return clear_of(ctx, layer_title(layer))
    if word == "condition":
        return needs(ctx, row["document"], state, **more)
    if word == "consent" and ctx.attachment(row["document"]) is not None:
        name = ctx.attachment_name(row["document"])
        return ctx.attention(
            Text(f"{state.zh}；已有{name.zh}，请核对其范围。", f"{state.en}; {name.en} handed in."),
            **more,
        )
    return ctx.conflict(
        Text(f"{state.zh}。", f"{state.en}."), limit=NONE_ALLOWED, mend=SHRINK, **more
    )


def _word(ctx: Context, row: Row) -> str:
    """What the row says of this proposal: forbidden, consent, condition or free."""
    if not ctx.proposal.right.is_mining:
        return str(row["exploration"])
    open_pit = (MiningMethod.OPEN_PIT, MiningMethod.BOTH)
    if row.get("open_pit_only") and ctx.need("method") not in open_pit:
        return "condition"
    if "fact" in row and not ctx.fact(row["fact"]):
        return "condition"
    return str(row["mining"])


_EAST = {"box": (500, -100, 1100, 1100), "name": "示例保护范围"}
_AWAY = {"box": (2000, 0, 3000, 1000), "name": "远处"}
_GAP = Text("缺图层", "a layer is absent")
_MISS = Text("图层在，无重叠", "the layers are there, no overlap")


@rule(
    "R-LAW-22",
    Text("水库大坝、河道、饮用水水源", "Dams, rivers and water sources"),
    family=Family.PROTECTED_GROUND,
    severity=Severity.PROHIBIT,
    basis=(
        Basis("《水库大坝安全管理条例》", "第十三条、第十五条", "禁止在大坝管理和保护范围内"),
        Basis("《河道管理条例》", "第二十六条、第三十二条", "在堤防安全保护区内，禁止"),
        Basis("《水污染防治法》", "第六十五条至第六十七条", "饮用水水源一级保护区内"),
    ),
    explanation=Text(
        "大坝管理和保护范围、堤防安全保护区、库区、饮用水水源保护区以划定的面为准；"
        "一级区禁止，二级区禁止排污项目，准保护区从严。",
        "Dams, dikes, reservoirs and drinking-water sources count by their delimited areas: "
        "nothing in class one, nothing that pollutes in class two, conditions in the rest.",
    ),
    layers=(WATER, SOURCE),
    facts=("discharges_pollutants",),
    examples=(
        Example(Outcome.CLEAR, _MISS, layers={WATER: (_AWAY,), SOURCE: (_AWAY,)}),
        Example(
            Outcome.CONFLICT,
            Text("大坝保护范围", "protection area of a dam"),
            layers={WATER: ({**_EAST, "kind": "大坝"},), SOURCE: ()},
        ),
        Example(
            Outcome.CONFLICT,
            Text("露天采石在库区", "a quarry in a reservoir area"),
            layers={WATER: ({**_EAST, "kind": "库区"},), SOURCE: ()},
        ),
        Example(
            Outcome.ATTENTION,
            Text("井工开采在库区，须有意见", "underground below a reservoir area"),
            given={"method": "underground", "minerals": ("煤炭",)},
            layers={WATER: ({**_EAST, "kind": "库区"},), SOURCE: ()},
        ),
        Example(
            Outcome.CONFLICT,
            Text("二级保护区且排污", "class two, discharging"),
            facts={"discharges_pollutants": True},
            layers={WATER: (), SOURCE: ({**_EAST, "level": "二级"},)},
        ),
        Example(
            Outcome.CLEAR,
            Text("二级保护区不排污，有意见", "class two, nothing discharged, opinion handed in"),
            facts={"discharges_pollutants": False},
            attachments=("water-authority-consent",),
            layers={WATER: (), SOURCE: ({**_EAST, "level": "二级"},)},
        ),
        Example(
            Outcome.NOT_CHECKED,
            Text("二级保护区，未申报是否排污", "class two, discharge not declared"),
            layers={WATER: (), SOURCE: ({**_EAST, "level": "二级"},)},
        ),
        Example(Outcome.NOT_CHECKED, _GAP, layers={WATER: ()}),
    ),
)
def water(ctx: Context) -> Iterator[Finding]:
    """Dams, reservoirs, dikes, rivers and drinking-water sources."""
    yield from _protected(ctx)


@rule(
    "R-LAW-23",
    Text("自然保护地、军事设施、机场、公益林", "Reserves, military ground, airports, forest"),
    family=Family.PROTECTED_GROUND,
    severity=Severity.PROHIBIT,
    basis=(
        Basis("《自然保护区条例》", "第二十六条", "禁止在自然保护区内"),
        Basis("《风景名胜区条例》", "第二十六条", "开山、采石、开矿"),
        Basis("《湿地保护法》", "第二十八条"),
        Basis("《军事设施保护法》"),
        Basis("《民用航空法》", "第五十八条"),
        Basis("《森林法》", "第三十七条"),
        of_act(MINERAL_LAW, "第二十六条", "可以依法进行符合管控要求的勘查、开采"),
    ),
    explanation=Text(
        "核心保护区、自然保护区、风景名胜区内禁止开矿；一般控制区内须符合管控要求；"
        "军事禁区禁止，机场净空和公益林须经主管部门同意。",
        "No mining in cores, nature reserves and scenic areas; general control areas by their "
        "controls; none on military ground; consent under airport clearance and in forest.",
    ),
    layers=(RESERVE, MILITARY, FOREST),
    examples=(
        Example(Outcome.CLEAR, _MISS, layers={RESERVE: (_AWAY,), MILITARY: (), FOREST: ()}),
        Example(
            Outcome.CONFLICT,
            Text("风景名胜区", "a scenic area"),
            layers={RESERVE: ({**_EAST, "kind": "风景名胜区"},), MILITARY: (), FOREST: ()},
        ),
        Example(
            Outcome.ATTENTION,
            Text("公益林，缺使用林地审核", "forest, approval missing"),
            layers={RESERVE: (), MILITARY: (), FOREST: ({**_EAST, "level": "省级"},)},
        ),
        Example(
            Outcome.CLEAR,
            Text("一般控制区，有主管部门意见", "general control area, opinion handed in"),
            attachments=("protected-area-opinion",),
            layers={RESERVE: ({**_EAST, "kind": "一般控制区"},), MILITARY: (), FOREST: ()},
        ),
        Example(
            Outcome.ATTENTION,
            Text("湿地，有同意意见", "a wetland, with consent"),
            attachments=("protected-area-opinion",),
            layers={RESERVE: ({**_EAST, "kind": "湿地"},), MILITARY: (), FOREST: ()},
        ),
        Example(Outcome.NOT_CHECKED, _GAP, layers={RESERVE: (), FOREST: ()}),
    ),
)
def reserves(ctx: Context) -> Iterator[Finding]:
    """Nature reserves, scenic areas, wetlands, military ground, airports, public forest."""
    yield from _protected(ctx)


@rule(
    "R-LAW-32",
    Text("泉域重点保护区", "Spring protection areas"),
    family=Family.PROTECTED_GROUND,
    severity=Severity.PROHIBIT,
    basis=Basis(
        "《山西省泉域水资源保护条例》",
        quote="泉域重点保护区",
        url="http://www.arthaibo.com/show.asp?id=1899",
        certain=False,
    ),
    explanation=Text(
        "泉域（长治为辛安泉域）重点保护区内不得开矿；勘查须防止破坏含水层。范围以划定的面为准，依据待核实。",
        "No mining in the key protection area of a spring (Xin'an in Changzhi); exploration must "
        "spare the aquifer. The delimited area counts; the basis is to be verified.",
    ),
    layers=(SPRING,),
    examples=(
        Example(Outcome.CLEAR, _MISS, layers={SPRING: (_AWAY,)}),
        Example(
            Outcome.CONFLICT,
            Text("重点保护区内采矿", "mining in the key area"),
            layers={SPRING: (_EAST,)},
        ),
        Example(
            Outcome.ATTENTION,
            Text("重点保护区内勘查", "exploration in the key area"),
            given={"right": "exploration-right"},
            layers={SPRING: (_EAST,)},
        ),
        Example(Outcome.NOT_CHECKED, _GAP),
    ),
)
def springs(ctx: Context) -> Finding:
    """No mining in the key protection area of a spring (泉域重点保护区)."""
    if ctx.proposal.right.is_mining:
        return keep_out(ctx, SPRING, Text("重点保护区内不得开矿", "no mining in the key area"))
    return keep_out(
        ctx,
        SPRING,
        Text("勘查须防止破坏含水层", "exploration must spare the aquifer"),
        answer=ctx.attention,
    )


@rule(
    "R-LAW-34",
    Text("旧矿产资源法第二十条禁采地（至 2025-06-30）", "Article 20 of the old law"),
    family=Family.PROTECTED_GROUND,
    severity=Severity.PROHIBIT,
    basis=Basis("矿产资源法（2009年修正）", "第二十条", "不得在下列地区开采矿产资源"),
    explanation=Text(
        "2025-07-01 前审查的采矿事项适用：六类地区未经国务院授权的有关主管部门同意不得开采。"
        "“一定距离”法律未给数值，此处以重叠（穿越）判定，距离见各专门法规则。",
        "For mining reviewed before 2025-07-01: six kinds of ground need the consent of the "
        "empowered authority. The law gives no distances: overlaps count here, distances follow "
        "from the special laws.",
    ),
    layers=(MILITARY, WATER, RAILWAY, HIGHWAY, RESERVE, HERITAGE),
    effective_to=dt.date(2025, 6, 30),
    examples=(
        Example(
            Outcome.CLEAR,
            _MISS,
            layers=dict.fromkeys((MILITARY, WATER, RAILWAY, HIGHWAY, RESERVE, HERITAGE), ()),
            date="2025-06-01",
        ),
        Example(
            Outcome.CONFLICT,
            Text("国道穿过矿区", "a national road crosses the block"),
            layers={
                MILITARY: (),
                WATER: (),
                RAILWAY: (),
                HIGHWAY: ({"line": ((-100, 500), (1100, 500)), "grade": "国道"},),
                RESERVE: (),
                HERITAGE: (),
            },
            date="2025-06-01",
        ),
        Example(
            Outcome.ATTENTION,
            Text("自然保护区，有授权部门同意", "a reserve, with consent"),
            attachments=("authority-consent",),
            layers={
                MILITARY: (),
                WATER: (),
                RAILWAY: (),
                HIGHWAY: (),
                RESERVE: (_EAST,),
                HERITAGE: (),
            },
            date="2025-06-01",
        ),
        Example(
            Outcome.NOT_APPLICABLE,
            Text("新法施行后不再适用", "not after the new law"),
            layers={RESERVE: (_EAST,)},
            date="2025-07-01",
        ),
        Example(Outcome.NOT_CHECKED, _GAP, layers={WATER: ()}, date="2025-06-01"),
    ),
)
def old_article_20(ctx: Context) -> Iterator[Finding]:
    """Six kinds of ground closed to mining by the law in force until 2025-06-30."""
    if not ctx.proposal.right.is_mining:
        yield ctx.not_applicable(
            Text("该条仅限制开采，不涉及勘查。", "The article restricts mining, not exploration.")
        )
        return
    yield from _protected(ctx)
