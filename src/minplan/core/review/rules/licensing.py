"""Granting and licensing (出让与登记): who grants, in which way, for which mineral."""

from __future__ import annotations

import datetime as dt

from minplan.core.basis import Basis
from minplan.core.plan.model import ZoneKind
from minplan.core.review.context import Context
from minplan.core.review.finding import Finding, Outcome, Quantity, Severity
from minplan.core.review.missing import fact_word
from minplan.core.review.proposal import Action
from minplan.core.review.rule import Example, Family, rule
from minplan.core.review.scope import canonical, group
from minplan.core.review.sources import MINISTRY_REFORM_2023, of_act, of_plan
from minplan.core.standard.scales import MineScale, scale_grade
from minplan.core.standard.tables import rows_at
from minplan.core.text import Text

_LEVELS = {"县": 1, "市": 2, "省": 3, "部": 4}
_LEVEL_OF = {"city": "市", "province": "省", "ministry": "部"}


@rule(
    "R-AT-18",
    Text("拟投放探矿权不得变更主攻矿种", "The main mineral of an exploration right stays"),
    family=Family.LICENSING,
    severity=Severity.PROHIBIT,
    basis=of_plan("第四章一（三）3", "拟投放探矿权不得变更主攻矿种", "c4-1-3-3"),
    explanation=Text(
        "申请的主矿种须与规划区块或出让公告的主攻矿种一致。",
        "The main mineral must be the one of the planning block or the announcement.",
    ),
    applies=lambda ctx: (
        not ctx.proposal.right.is_mining
        and ctx.proposal.action in (Action.NEW, Action.GRANT, Action.CHANGE)
    ),
    facts=("announced_mineral",),
    examples=(
        Example(
            Outcome.CLEAR,
            Text("与公告一致", "as announced"),
            given={"right": "exploration-right", "minerals": ("铝土矿",)},
            facts={"announced_mineral": "铝土矿"},
        ),
        Example(
            Outcome.CONFLICT,
            Text("公告为铝土矿，申请铁矿", "bauxite announced, iron asked for"),
            given={"right": "exploration-right", "minerals": ("铁矿",)},
            facts={"announced_mineral": "铝土矿"},
        ),
        Example(
            Outcome.CONFLICT,
            Text("规划区块为煤层气，申请煤炭", "a block of coal-bed methane, coal asked for"),
            given={"right": "exploration-right", "minerals": ("煤炭",), "block_code": "K1"},
            zones=({"kind": "exploration-block", "code": "K1", "minerals": ("煤层气",)},),
        ),
        Example(
            Outcome.NOT_CHECKED,
            Text("没有区块也没有公告", "neither block nor announcement"),
            given={"right": "exploration-right", "minerals": ("铁矿",)},
        ),
    ),
)
def main_mineral_stays(ctx: Context) -> Finding:
    """The main mineral against that of the planning block, or else of the announcement."""
    code = ctx.proposal.block_code
    blocks = [z for z in ctx.plan.zones_of(ZoneKind.EXPLORATION_BLOCK) if code and z.code == code]
    wanted = blocks[0].mineral_names if blocks else (str(ctx.fact("announced_mineral")),)
    listed = "、".join(wanted)
    found = {"measured": Quantity(ctx.mineral.name), "limit": Quantity(listed)}
    if ctx.mineral.name in {canonical(name) for name in wanted}:
        return ctx.clear(
            Text(f"主矿种与规划区块一致（{listed}）。", f"The main mineral agrees ({listed})."),
            **found,
        )
    return ctx.conflict(
        Text(
            f"规划区块主攻矿种为{listed}，申请主矿种为{ctx.mineral.name}。",
            f"The block is for {listed}, {ctx.mineral.english} is asked for.",
        ),
        mend=Text(f"主矿种改为{listed}，或另行申请区块。", "Ask for the block's mineral."),
        **found,
    )


def _by_agreement(ctx: Context) -> bool:
    return "协议" in ctx.proposal.grant_method


_AGREEMENT = {"action": "grant", "grant_method": "协议", "minerals": ("铁矿",)}


@rule(
    "R-AT-19",
    Text("竞争性出让", "Rights are granted by competition"),
    family=Family.LICENSING,
    severity=Severity.RESTRICT,
    basis=(
        of_plan("第四章一（三）3", "采取招标、拍卖、挂牌等市场竞争方式", "c4-1-3-3"),
        of_plan("第四章二（二）3", "严格限制协议出让", "c4-2-2-3"),
    ),
    explanation=Text(
        "探矿权、采矿权以招标、拍卖、挂牌出让；协议出让须说明情形。",
        "Rights are granted by tender, auction or listing; agreement needs a stated case.",
    ),
    applies=lambda ctx: ctx.proposal.action in (Action.GRANT, Action.NEW),
    examples=(
        Example(Outcome.CLEAR, Text("挂牌", "listing"), given={"grant_method": "挂牌"}),
        Example(Outcome.ATTENTION, Text("协议", "agreement"), given={"grant_method": "协议"}),
        Example(
            Outcome.NOT_CHECKED, Text("没有填出让方式", "not given"), given={"grant_method": ""}
        ),
    ),
)
def competitive_grant(ctx: Context) -> Finding:
    """Tender, auction or listing; agreement calls for attention."""
    way = str(ctx.need("grant_method"))
    if not _by_agreement(ctx):
        return ctx.clear(
            Text(f"以{way}方式竞争性出让。", f"Granted by competition ({way})."),
            measured=Quantity(way),
        )
    return ctx.attention(
        Text(
            "拟以协议方式出让，规划严格限制协议出让，须说明情形。",
            "Granting by agreement is strictly limited: state the case.",
        ),
        measured=Quantity(way),
        mend=Text(
            "改为招标、拍卖、挂牌，或填报协议出让情形。", "Grant by competition, or state the case."
        ),
    )


@rule(
    "R-LAW-11",
    Text("协议出让情形", "Cases of granting by agreement"),
    family=Family.LICENSING,
    severity=Severity.RESTRICT,
    basis=of_act(MINISTRY_REFORM_2023, "", "协议出让"),
    explanation=Text(
        "可以协议出让：已设采矿权深部或上部、周边零星资源、同一主体夹缝（约 300 米内）、"
        "国务院批准的重点建设项目；前三种不含普通砂石土。须有集体决策和公示材料。",
        "Agreement is open to ground below or above an existing mine, scattered resources beside "
        "it, gaps of about 300 m within one holder, and projects approved by the State Council; "
        "plain sand, stone and clay only to the last.",
    ),
    applies=lambda ctx: (
        ctx.proposal.action in (Action.GRANT, Action.NEW, Action.CHANGE) and _by_agreement(ctx)
    ),
    facts=("agreement_case", "gap_width"),
    effective_from=dt.date(2023, 7, 26),
    overrides=("R-AT-19",),
    examples=(
        Example(
            Outcome.CLEAR,
            Text("深部，有集体决策材料", "below an existing mine, with the decision"),
            given=_AGREEMENT,
            facts={"agreement_case": "已设采矿权深部或上部"},
            attachments=("collective-decision",),
        ),
        Example(
            Outcome.CONFLICT,
            Text("普通砂石不得协议", "plain stone may not use the case"),
            given={**_AGREEMENT, "minerals": ("建筑石料用灰岩",)},
            facts={"agreement_case": "已设采矿权周边零星资源"},
            attachments=("collective-decision",),
        ),
        Example(
            Outcome.ATTENTION,
            Text("夹缝 420 米", "a gap of 420 m"),
            given=_AGREEMENT,
            facts={"agreement_case": "同一主体夹缝", "gap_width": 420},
            attachments=("collective-decision",),
        ),
        Example(
            Outcome.ATTENTION,
            Text("没有集体决策材料", "the decision is missing"),
            given=_AGREEMENT,
            facts={"agreement_case": "已设采矿权深部或上部"},
        ),
        Example(Outcome.NOT_CHECKED, Text("没有填情形", "no case stated"), given=_AGREEMENT),
    ),
)
def agreement_case(ctx: Context) -> Finding:
    """The stated case against those the ministry allows."""
    case = str(ctx.fact("agreement_case"))
    rows = rows_at("agreement_cases", ctx.date, case=case)
    mend = Text("改为招标、拍卖、挂牌出让。", "Grant by tender, auction or listing.")
    if not rows:
        return ctx.conflict(
            Text(f"“{case}”不属可以协议出让的情形。", "Not a case open to agreement."), mend=mend
        )
    row = rows[0]
    if group(ctx) == "sand-stone" and not row["stone"]:
        return ctx.conflict(
            Text(
                f"普通建筑用砂石土不适用“{case}”协议出让。",
                "Plain sand, stone and clay may not be granted by agreement in this case.",
            ),
            mend=mend,
        )
    if "gap" in row.values and float(ctx.fact("gap_width")) > float(row["gap"]):
        gap = float(ctx.fact("gap_width"))
        return ctx.attention(
            Text(
                f"夹缝间距 {gap:g} 米，超过约 {row['gap']:g} 米，须论证。",
                f"A gap of {gap:g} m, wider than about {row['gap']:g} m: argue the case.",
            ),
            measured=Quantity(gap, "米"),
            limit=Quantity(float(row["gap"]), "米", "≤"),
        )
    paper = ctx.attachment("collective-decision")
    if paper is None:
        word = ctx.attachment_name("collective-decision")
        return ctx.attention(
            Text(f"属“{case}”，未附{word.zh}。", f"An open case; the {word.en} is missing."),
            mend=Text(f"请附{word.zh}。", f"Attach the {word.en}."),
            missing=(word,),
        )
    return ctx.clear(
        Text(f"属“{case}”，可以协议出让（{paper.number}）。", f"An open case ({paper.number}).")
    )


@rule(
    "R-LAW-27",
    Text("出让登记权限", "Level that grants and registers"),
    family=Family.LICENSING,
    severity=Severity.PROHIBIT,
    basis=(
        of_act(MINISTRY_REFORM_2023, "", "矿业权出让登记"),
        Basis(
            "山西省自然资源厅关于矿业权出让登记权限的通知",
            url="https://wap.asianmetal.cn/news/viewNews.am?nId=2606881",
        ),
    ),
    explanation=Text(
        "部：石油、稀土等 14 种；省：煤、煤层气、铁、铝等 11 种和地热；其余由市，"
        "其中小型河砂、砖瓦用粘土由县。低于应有级别的为越权。",
        "The ministry grants 14 minerals, the province 11 and geothermal energy, the city the "
        "others, the county small river-sand and brick-clay mines; a lower level is ultra vires.",
    ),
    applies=lambda ctx: ctx.proposal.action is not Action.ADJUSTMENT,
    facts=("granting_authority",),
    effective_from=dt.date(2020, 5, 1),
    examples=(
        Example(
            Outcome.CLEAR,
            Text("建筑石料由市出让", "aggregate by the city"),
            facts={"granting_authority": "市"},
        ),
        Example(
            Outcome.CONFLICT,
            Text("煤炭由市出让", "coal by the city"),
            given={"minerals": ("煤炭",)},
            facts={"granting_authority": "市"},
        ),
        Example(
            Outcome.ATTENTION,
            Text("建筑石料由省出让", "aggregate by the province"),
            facts={"granting_authority": "省"},
        ),
        Example(Outcome.NOT_CHECKED, Text("没有填级别", "level not declared")),
    ),
)
def granting_level(ctx: Context) -> Finding:
    """The declared level against the mineral's; a lower one is a conflict."""
    stated, needed = str(ctx.fact("granting_authority")), _needed_level(ctx)
    if stated not in _LEVELS:
        return ctx.not_checked(fact_word("granting_authority"))
    name, english = ctx.mineral.name, ctx.mineral.english
    found = {"measured": Quantity(stated), "limit": Quantity(needed)}
    if stated == needed:
        return ctx.clear(
            Text(
                f"{name}由{stated}级出让登记，权限相符。",
                f"{english} is granted at the right level.",
            ),
            **found,
        )
    words = Text(
        f"{name}应由{needed}级出让登记，申报为{stated}级。",
        f"{english} is granted at another level than declared.",
    )
    lower = _LEVELS[stated] < _LEVELS[needed]
    answer = ctx.conflict if lower and ctx.mineral.certain else ctx.attention
    return answer(words, mend=Text(f"报{needed}级办理。", "Take it to the right level."), **found)


def _needed_level(ctx: Context) -> str:
    """The level for the mineral; small river-sand and brick-clay mines are the county's."""
    proposal, mineral = ctx.proposal, ctx.mineral
    if mineral.name in ("砖瓦用粘土", "建筑用砂") and proposal.scale is not None:
        unit, method = proposal.scale_unit, proposal.method.value if proposal.method else ""
        grade = scale_grade(mineral.name, method, proposal.scale, unit, ctx.date)
        if grade is MineScale.SMALL:
            return "县"
    return _LEVEL_OF[mineral.licensed_by]


@rule(
    "R-LAW-29",
    Text("砂石净矿出让", "Sand and stone are granted as cleared ground"),
    family=Family.LICENSING,
    severity=Severity.RESTRICT,
    basis=Basis(
        "自然资发〔2023〕57号",
        url="http://xjgyky.com/index.php/wap/zcfg/2652.html",
        certain=False,
    ),
    explanation=Text(
        "出让前多部门踏勘，核查禁限区，明确用地、林草、环保、水保、安全手续。",
        "Before a grant several departments visit the ground and settle land, forest, environment, "
        "water and safety.",
    ),
    applies=lambda ctx: ctx.proposal.action is Action.GRANT and group(ctx) == "sand-stone",
    required=False,
    examples=(
        Example(
            Outcome.CLEAR,
            Text("有踏勘核查意见", "the check is attached"),
            given={"action": "grant"},
            attachments=("net-mine-checklist",),
        ),
        Example(
            Outcome.ATTENTION,
            Text("没有踏勘核查意见", "the check is missing"),
            given={"action": "grant"},
        ),
    ),
)
def cleared_ground(ctx: Context) -> Finding:
    """The site check of several departments before sand or stone is granted."""
    paper, word = ctx.attachment("net-mine-checklist"), ctx.attachment_name("net-mine-checklist")
    if paper is not None:
        return ctx.clear(
            Text(f"已附{word.zh}（{paper.number}）。", f"Attached: {word.en} ({paper.number}).")
        )
    return ctx.attention(
        Text(f"未附{word.zh}。", f"Not attached: {word.en}."),
        mend=Text("出让前组织多部门踏勘核查。", "Have the departments check the ground first."),
        missing=(word,),
    )


@rule(
    "R-TT-10",
    Text("上级未设的矿种可先设区块", "The city may set blocks the upper plan lacks"),
    family=Family.LICENSING,
    severity=Severity.HINT,
    basis=of_plan("第四章一（三）3", "市级规划可以先设置开采规划区块", "c4-1-3-3"),
    explanation=Text(
        "非本级审批发证而上级规划未设的矿种，可先设开采区块，须向上级申请出让。",
        "For a mineral of a higher level that the upper plan leaves out, the city may set a block "
        "and apply upwards for the grant.",
    ),
    applies=lambda ctx: ctx.proposal.right.is_block and ctx.proposal.right.is_mining,
    facts=("set_by_upper_plan",),
    examples=(
        Example(
            Outcome.CLEAR,
            Text("上级已设", "the upper plan sets it"),
            given={"right": "mining-block", "minerals": ("铁矿",)},
            facts={"set_by_upper_plan": True},
        ),
        Example(
            Outcome.ATTENTION,
            Text("上级未设", "the upper plan leaves it out"),
            given={"right": "mining-block", "minerals": ("铁矿",)},
            facts={"set_by_upper_plan": False},
        ),
        Example(
            Outcome.NOT_CHECKED,
            Text("未申报", "not declared"),
            given={"right": "mining-block", "minerals": ("铁矿",)},
        ),
    ),
)
def block_set_by_city(ctx: Context) -> Finding:
    """Say that the city must apply upwards for a mineral of a higher level."""
    if ctx.mineral.licensed_by == "city":
        return ctx.not_applicable(
            Text(f"{ctx.mineral.name}为市级发证矿种。", "The city licenses the mineral itself.")
        )
    if ctx.fact("set_by_upper_plan"):
        return ctx.clear(Text("上级规划已设置该区块。", "The upper plan sets the block."))
    return ctx.attention(
        Text(
            "上级规划未设置，市级可先设区块，须向上级主管部门申请出让。",
            "Not in the upper plan: the city may set the block and apply upwards for the grant.",
        )
    )
