"""Production scale (生产规模): classes of mines, and no new small quarries."""

from __future__ import annotations

import datetime as dt

from minplan.core.basis import Basis
from minplan.core.review.context import Context
from minplan.core.review.finding import Finding, Outcome, Quantity, Severity
from minplan.core.review.rule import Example, Family, rule
from minplan.core.review.scope import designed_scale, group, mine_scale, new_mining
from minplan.core.review.sources import SHANXI_NOTICE_2024, of_act, of_plan
from minplan.core.standard.minerals import find_mineral
from minplan.core.standard.scales import MineScale, scale_limits
from minplan.core.text import Text


@rule(
    "R-AT-08",
    Text("砂石类、第三类矿产不得新建小型矿山", "No new small sand, stone or class-3 mines"),
    family=Family.MINIMUM_SCALE,
    severity=Severity.PROHIBIT,
    basis=(
        of_plan("第四章五（二）", "原则上砂石类矿产不得新建小型生产规模矿山", "c4-5-2"),
        of_plan("第四章四（一）", "原则上露天开采等第三类矿产不得新建小型规模矿山", "c4-4-1"),
    ),
    explanation=Text(
        "按生产规模分级表判定；“原则上”可凭依据豁免。按体积分级的石料以体重换算，"
        "未填体重时按该岩石常见体重的上下限都成立才下结论。",
        "Judged by the table of production scales; “in principle” may be argued away with a basis. "
        "Volume classes are converted by density; without one, every usual density must agree.",
    ),
    applies=lambda ctx: new_mining(ctx) and _third_class(ctx),
    examples=(
        Example(
            Outcome.CLEAR,
            Text("建筑石料 100 万吨/年为大型", "aggregate of 10⁶ t a year is large"),
            given={"scale": 100},
        ),
        Example(
            Outcome.CONFLICT,
            Text("建筑石料 8 万吨/年为小型", "aggregate of 80 000 t a year is small"),
            given={"scale": 8},
        ),
        Example(
            Outcome.NOT_CHECKED,
            Text("临界规模须填矿石体重", "near the class limit the density decides"),
            given={"scale": 13},
        ),
    ),
)
def no_new_small_quarry(ctx: Context) -> Finding:
    """A new mine of sand, stone or a class-3 mineral must not be small."""
    grade = mine_scale(ctx)
    shown = f"{ctx.proposal.scale:g} {ctx.proposal.scale_unit}"
    measured = Quantity(grade.word.zh)
    limit = Quantity(MineScale.MEDIUM.word.zh, operator="≥")
    if grade is not MineScale.SMALL:
        return ctx.clear(
            Text(f"生产规模 {shown} 属{grade.word.zh}。", f"{shown} is a {grade.word.en} mine."),
            measured=measured,
            limit=limit,
        )
    floor = scale_limits(ctx.mineral.name, "", ctx.date)[0]
    return ctx.conflict(
        Text(
            f"生产规模 {shown} 属小型，{ctx.mineral.name}原则上不得新建小型矿山。",
            f"{shown} is a small mine; new small mines of {ctx.mineral.english} are not allowed in "
            "principle.",
        ),
        measured=measured,
        limit=limit,
        mend=Text(
            f"将规模提高到中型（≥ {floor.medium_from:g} {floor.unit}）以上；"
            "属重大基础设施或偏远民生的，填报理由并附县级政府说明。",
            f"Raise it to medium (≥ {floor.medium_from:g} {floor.unit}); for major infrastructure "
            "or remote livelihood declare the ground and attach the county's statement.",
        ),
    )


def _third_class(ctx: Context) -> bool:
    found = find_mineral(ctx.proposal.mineral)
    return found is not None and (found.group == "sand-stone" or found.category == 3)


@rule(
    "R-LAW-09",
    Text("可以出让小型砂石矿的情形", "When a small quarry may be granted"),
    family=Family.MINIMUM_SCALE,
    severity=Severity.RESTRICT,
    basis=of_act(SHANXI_NOTICE_2024, "二（一）", "可以出让小型矿山"),
    explanation=Text(
        "重大基础设施建设、偏远山区民生改善确需配置的小型砂石土矿，可以出让，须附县级政府说明。",
        "Small quarries needed for major infrastructure or remote livelihood may be granted with "
        "the county government's statement.",
    ),
    applies=lambda ctx: (
        new_mining(ctx)
        and group(ctx) == "sand-stone"
        and ctx.proposal.facts.get("small_quarry_ground", "无") != "无"
    ),
    facts=("small_quarry_ground",),
    effective_from=dt.date(2024, 5, 28),
    overrides=("R-AT-08",),
    required=False,
    examples=(
        Example(
            Outcome.CLEAR,
            Text("重大基础设施，附说明", "major infrastructure with the statement"),
            given={"scale": 8},
            facts={"small_quarry_ground": "重大基础设施建设"},
            attachments=("small-quarry-statement",),
        ),
        Example(
            Outcome.ATTENTION,
            Text("没有附说明", "the statement is missing"),
            given={"scale": 8},
            facts={"small_quarry_ground": "偏远山区民生改善"},
        ),
    ),
)
def small_quarry_case(ctx: Context) -> Finding:
    """A declared ground for a small quarry counts with the county's statement."""
    ground = str(ctx.fact("small_quarry_ground"))
    paper = ctx.attachment("small-quarry-statement")
    if paper is not None:
        return ctx.clear(
            Text(
                f"属“{ground}”，可以出让小型矿山（{paper.number}）。",
                f"A case in which a small quarry may be granted ({paper.number}).",
            )
        )
    word = ctx.attachment_name("small-quarry-statement")
    return ctx.attention(
        Text(
            f"申报理由为“{ground}”，未附{word.zh}。",
            f"A ground is declared, but the {word.en} is not attached.",
        ),
        mend=Text(f"请附{word.zh}。", f"Attach the {word.en}."),
        missing=(word,),
    )


@rule(
    "R-LAW-13",
    Text("生产规模分级与全国最低规模", "Production scale and national minimum"),
    family=Family.MINIMUM_SCALE,
    severity=Severity.HINT,
    basis=Basis(
        "国土资发〔2004〕208号",
        "附件",
        "矿山生产建设规模分类一览表",
        url="https://360docs.net/doc/0611754698.html",
    ),
    explanation=Text(
        "给出生产规模等级；表中列有最低生产建设规模的矿种，低于该值时提示。",
        "Names the production scale; where the table has a minimum, says when it is not reached.",
    ),
    applies=new_mining,
    effective_from=dt.date(2004, 9, 30),
    examples=(
        Example(
            Outcome.CLEAR,
            Text("煤 120 万吨/年为大型", "coal of 1.2 Mt a year is large"),
            given={"minerals": ("煤",), "method": "underground", "scale": 120},
        ),
        Example(
            Outcome.ATTENTION,
            Text("铝土矿 4 万吨/年低于全国最低规模", "bauxite below the national minimum"),
            given={"minerals": ("铝土矿",), "scale": 4},
        ),
        Example(
            Outcome.NOT_CHECKED,
            Text("分级表没有该矿种", "a mineral the table leaves out"),
            given={"minerals": ("麻粒岩",), "scale": 4},
        ),
    ),
)
def production_scale(ctx: Context) -> Finding:
    """Name the production scale; say when a national minimum is not reached."""
    grade = mine_scale(ctx)
    method = ctx.proposal.method.value if ctx.proposal.method else ""
    row = scale_limits(ctx.mineral.name, method, ctx.date)[0]
    low = min(designed_scale(ctx, row.unit))
    words = Text(f"生产规模属{grade.word.zh}", f"The mine is {grade.word.en}")
    if row.minimum is not None and low < row.minimum:
        return ctx.attention(
            Text(
                f"{words.zh}，{low:g} {row.unit} 低于全国最低生产建设规模 "
                f"{row.minimum:g} {row.unit}。",
                f"{words.en}; {low:g} {row.unit} is below the national minimum {row.minimum:g}.",
            ),
            measured=Quantity(low, row.unit),
            limit=Quantity(row.minimum, row.unit, "≥"),
        )
    return ctx.clear(Text(f"{words.zh}。", f"{words.en}."), measured=Quantity(low, row.unit))
