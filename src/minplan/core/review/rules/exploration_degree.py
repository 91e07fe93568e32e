"""Degree of exploration (勘查程度) that a mining right or block needs, and what follows from it."""

from __future__ import annotations

import datetime as dt

from minplan.core.basis import Basis
from minplan.core.plan.model import Modality
from minplan.core.review.context import Context
from minplan.core.review.finding import Finding, Outcome, Quantity, Severity
from minplan.core.review.proposal import ExplorationDegree
from minplan.core.review.rule import Example, Family, rule
from minplan.core.review.scope import deposit_size, group, new_mining, of_mineral
from minplan.core.review.service_life import is_solid
from minplan.core.review.sources import of_plan
from minplan.core.standard.minerals import find_mineral
from minplan.core.standard.scales import MineScale
from minplan.core.text import Text

_DETAILED, _GENERAL = ExplorationDegree.DETAILED, ExplorationDegree.GENERAL


def _degree_at_least(
    ctx: Context, needed: ExplorationDegree, reason: Text, modality: Modality = Modality.FIRM
) -> Finding:
    """Hold the degree of exploration against the one needed; 原则上 gives attention."""
    degree: ExplorationDegree = ctx.need("exploration_degree")
    found = {
        "measured": Quantity(degree.word.zh),
        "limit": Quantity(needed.word.zh, operator="≥"),
    }
    if degree.rank >= needed.rank:
        return ctx.clear(
            Text(
                f"{reason.zh}须达到{needed.word.zh}，现为{degree.word.zh}。",
                f"{reason.en} needs {needed.word.en}; it is {degree.word.en}.",
            ),
            **found,
        )
    mend = Text(
        f"补充勘查达到{needed.word.zh}程度，报告评审备案后再申请。",
        f"Explore further to {needed.word.en} and file the report first.",
    )
    if modality is Modality.IN_PRINCIPLE:
        paper = ctx.attachment("degree-argument")
        note = f"，已附论证意见（{paper.number}）" if paper else "；可凭论证意见说明"
        return ctx.attention(
            Text(
                f"{reason.zh}原则上须达到{needed.word.zh}，现为{degree.word.zh}{note}。",
                f"{reason.en} in principle needs {needed.word.en}; it is {degree.word.en}.",
            ),
            mend=mend,
            **found,
        )
    return ctx.conflict(
        Text(
            f"{reason.zh}须达到{needed.word.zh}，现为{degree.word.zh}。",
            f"{reason.en} needs {needed.word.en}; it is only {degree.word.en}.",
        ),
        mend=mend,
        **found,
    )


def _planned(ctx: Context, rule_id: str, default: ExplorationDegree) -> ExplorationDegree:
    """The degree a threshold of the plan names for the rule, or the clause's own wording."""
    for item in ctx.plan.thresholds:
        if item.subject == "exploration-degree" and item.rule == rule_id:
            return ExplorationDegree(item.value)
    return default


_COAL = {"minerals": ("煤炭",), "method": "underground", "scale": 150}


@rule(
    "R-AT-12",
    Text("勘查程度：煤矿与大型非煤矿山", "Degree of exploration: coal and large non-coal mines"),
    family=Family.EXPLORATION_DEGREE,
    severity=Severity.PROHIBIT,
    basis=(
        of_plan("第四章二（一）2", "地质勘查程度需达到勘探程度", "c4-2-1-2"),
        of_plan("第四章四（一）", "地质勘查程度需达到勘探程度", "c4-4-1"),
    ),
    explanation=Text(
        "煤矿和资源储量规模为大型的非煤矿山，须达到勘探程度。",
        "Coal mines and non-coal mines on large deposits need detailed exploration.",
    ),
    applies=lambda ctx: new_mining(ctx) and is_solid(group(ctx)),
    facts=("deposit_size",),
    examples=(
        Example(
            Outcome.CLEAR,
            Text("煤矿已勘探", "coal explored in detail"),
            given={**_COAL, "exploration_degree": "detailed"},
        ),
        Example(
            Outcome.CONFLICT,
            Text("煤矿仅详查", "coal explored in general only"),
            given={**_COAL, "exploration_degree": "general"},
        ),
        Example(
            Outcome.CONFLICT,
            Text("大型石灰岩仅详查", "a large limestone deposit, general exploration only"),
            given={"minerals": ("水泥用灰岩",), "exploration_degree": "general"},
            facts={"deposit_size": "大型"},
        ),
        Example(
            Outcome.NOT_CHECKED,
            Text("非煤矿山未填储量规模", "size of a non-coal deposit not declared"),
            given={"minerals": ("水泥用灰岩",)},
        ),
    ),
)
def detailed_exploration(ctx: Context) -> Finding:
    """Coal, and non-coal mines on large deposits, need detailed exploration."""
    if ctx.mineral.group == "coal":
        return _degree_at_least(ctx, _planned(ctx, "R-AT-12", _DETAILED), Text("煤矿", "Coal"))
    size = deposit_size(ctx)
    if size is not MineScale.LARGE:
        return ctx.not_applicable(
            Text(
                f"资源储量规模为{size.word.zh}，不属大型。", f"A {size.word.en} deposit, not large."
            )
        )
    reason = Text("大型非煤矿山", "A non-coal mine on a large deposit")
    return _degree_at_least(ctx, _planned(ctx, "R-AT-12", _DETAILED), reason)


@rule(
    "R-AT-13",
    Text("勘查程度：其他矿山", "Degree of exploration: other mines"),
    family=Family.EXPLORATION_DEGREE,
    severity=Severity.RESTRICT,
    basis=of_plan("第四章二（一）2", "原则上应当达到详查及以上程度", "c4-2-1-2"),
    explanation=Text(
        "其他矿山原则上达到详查及以上；“原则上”可凭论证意见说明，不直接否决。",
        "Other mines in principle need general exploration; an argument may be accepted.",
    ),
    applies=lambda ctx: new_mining(ctx) and _by_ministry(ctx) and group(ctx) != "coal",
    facts=("deposit_size",),
    examples=(
        Example(
            Outcome.CLEAR,
            Text("中型矿床已详查", "a medium deposit, general exploration"),
            given={"minerals": ("石英岩",), "exploration_degree": "general"},
            facts={"deposit_size": "中型"},
        ),
        Example(
            Outcome.ATTENTION,
            Text("仅普查", "prospecting only"),
            given={"minerals": ("石英岩",), "exploration_degree": "prospecting"},
            facts={"deposit_size": "小型"},
        ),
        Example(
            Outcome.NOT_CHECKED,
            Text("没有填勘查程度", "degree not given"),
            given={"minerals": ("石英岩",), "exploration_degree": None},
            facts={"deposit_size": "小型"},
        ),
    ),
)
def general_exploration(ctx: Context) -> Finding:
    """Mines other than coal and large deposits in principle need general exploration."""
    if deposit_size(ctx) is MineScale.LARGE:
        return ctx.not_applicable(
            Text("大型矿山按勘探程度要求（R-AT-12）。", "Large deposits are under R-AT-12.")
        )
    needed = _planned(ctx, "R-AT-13", _GENERAL)
    return _degree_at_least(ctx, needed, Text("其他矿山", "The mine"), Modality.IN_PRINCIPLE)


def _by_ministry(ctx: Context) -> bool:
    """Solid minerals but sand and stone; the province sets the degree of those and of fluids."""
    return is_solid(group(ctx)) and group(ctx) != "sand-stone"


@rule(
    "R-AT-14",
    Text("第三类矿产的地质工作程度", "Geological work for class-3 minerals"),
    family=Family.EXPLORATION_DEGREE,
    severity=Severity.RESTRICT,
    basis=of_plan("第四章四（一）", "第三类矿产应达到建设要求的地质工作程度", "c4-4-1"),
    explanation=Text(
        "第三类矿产以评审备案文件证明地质工作达到建设要求。",
        "For class-3 minerals the filing of the report shows that geological work is adequate.",
    ),
    applies=lambda ctx: new_mining(ctx) and _third_class(ctx),
    facts=("geological_work_adequate",),
    examples=(
        Example(
            Outcome.CLEAR,
            Text("有评审备案文件", "the report is filed"),
            attachments=("reserve-report-filing",),
        ),
        Example(
            Outcome.ATTENTION,
            Text("申报未达到建设要求", "declared as not adequate"),
            facts={"geological_work_adequate": False},
        ),
        Example(Outcome.NOT_CHECKED, Text("未附也未申报", "neither attached nor declared")),
    ),
)
def adequate_geological_work(ctx: Context) -> Finding:
    """A filed report, or a declaration, that geological work is adequate for construction."""
    paper = ctx.attachment("reserve-report-filing")
    if paper is not None:
        return ctx.clear(
            Text(
                f"已附储量评审备案文件（{paper.number}）。",
                f"The reserve report is filed ({paper.number}).",
            )
        )
    if ctx.fact("geological_work_adequate"):
        word = ctx.attachment_name("reserve-report-filing")
        return ctx.attention(
            Text(
                f"申报已达到建设要求，未附{word.zh}。",
                f"Declared as adequate; the {word.en} is not attached.",
            ),
            mend=Text(f"请附{word.zh}。", f"Attach the {word.en}."),
            missing=(word,),
        )
    return ctx.attention(
        Text("地质工作程度未达到建设要求。", "Geological work is not adequate for construction."),
        mend=Text("补充地质工作并评审备案。", "Do the missing work and file the report."),
    )


def _third_class(ctx: Context) -> bool:
    found = find_mineral(ctx.proposal.mineral)
    return found is not None and found.category == 3


@rule(
    "R-AT-16",
    Text("石灰岩按品质确定具体矿种", "The kind of limestone is fixed by its quality"),
    family=Family.EXPLORATION_DEGREE,
    severity=Severity.HINT,
    basis=of_plan("第四章二（二）3", "根据其品质结果确定其用途和具体矿种类别", "c4-2-2-3"),
    explanation=Text(
        "石灰岩区块的具体矿种在勘查评价后按品质确定；出让时仍未确定的提示。",
        "The kind of limestone of a block is fixed by quality after exploration.",
    ),
    applies=lambda ctx: new_mining(ctx) and of_mineral("石灰岩")(ctx),
    facts=("kind_fixed_after_survey",),
    examples=(
        Example(
            Outcome.CLEAR,
            Text("已按品质确定", "fixed by quality"),
            facts={"kind_fixed_after_survey": True},
        ),
        Example(
            Outcome.ATTENTION,
            Text("只填石灰岩", "limestone only, no kind"),
            given={"minerals": ("石灰岩",)},
        ),
        Example(Outcome.NOT_CHECKED, Text("未申报", "not declared")),
    ),
)
def kind_of_limestone(ctx: Context) -> Finding:
    """Limestone needs its kind fixed by quality before a grant."""
    if ctx.mineral.name != "石灰岩" and ctx.fact("kind_fixed_after_survey"):
        return ctx.clear(
            Text(
                f"具体矿种已按品质确定为{ctx.mineral.name}。",
                f"The kind is fixed by quality: {ctx.mineral.english}.",
            )
        )
    return ctx.attention(
        Text(
            "石灰岩的具体矿种尚未按勘查品质结果确定。",
            "The kind of limestone has not been fixed by its quality.",
        ),
        mend=Text(
            "按化验品质确定用途和矿种；仅亚矿种变更不需调整规划区块。",
            "Fix use and kind by assay; a change of kind alone needs no block adjustment.",
        ),
    )


@rule(
    "R-LAW-12",
    Text("勘查程度：部口径", "Degree of exploration: the ministry's reading"),
    family=Family.EXPLORATION_DEGREE,
    severity=Severity.PROHIBIT,
    basis=Basis("自然资规〔2023〕4号", url="http://www.jygem.com/news/article/1528.html"),
    explanation=Text(
        "大中型煤矿、大型非煤矿山达到勘探程度，其他矿山达到详查；地热、矿泉水、砂石土按省规定。",
        "Large and medium coal mines and large non-coal mines need detailed exploration, others "
        "general; for geothermal energy, mineral water, sand and stone the province decides.",
    ),
    applies=lambda ctx: new_mining(ctx) and _by_ministry(ctx),
    facts=("deposit_size",),
    effective_from=dt.date(2023, 5, 6),
    overrides=("R-AT-12", "R-AT-13"),
    examples=(
        Example(
            Outcome.CLEAR,
            Text("小型煤矿详查即可", "a small coal deposit: general exploration suffices"),
            given={**_COAL, "exploration_degree": "general"},
            facts={"deposit_size": "小型"},
        ),
        Example(
            Outcome.CONFLICT,
            Text("中型煤矿仅详查", "a medium coal deposit, general exploration only"),
            given={**_COAL, "exploration_degree": "general"},
            facts={"deposit_size": "中型"},
        ),
        Example(
            Outcome.CONFLICT,
            Text("小型铁矿仅普查", "a small iron deposit, prospecting only"),
            given={"minerals": ("铁矿",), "exploration_degree": "prospecting"},
            facts={"deposit_size": "小型"},
        ),
        Example(
            Outcome.NOT_CHECKED,
            Text("未填储量规模", "size not declared"),
            given={**_COAL, "exploration_degree": "general"},
        ),
    ),
)
def degree_by_ministry(ctx: Context) -> Finding:
    """The ministry's reading since 2023: small coal deposits need general exploration only."""
    degree: ExplorationDegree = ctx.need("exploration_degree")
    if degree is _DETAILED:
        return _degree_at_least(ctx, _GENERAL, Text("矿山", "The mine"))
    size, coal = deposit_size(ctx), ctx.mineral.group == "coal"
    large = size is MineScale.LARGE or (coal and size is MineScale.MEDIUM)
    word = Text(f"{size.word.zh}{'煤矿' if coal else '非煤矿山'}", f"A {size.word.en} deposit")
    return _degree_at_least(ctx, _DETAILED if large else _GENERAL, word)
