"""Planning blocks (规划区块): a right lies inside the block that the plan sets for it."""

from __future__ import annotations

from minplan.core.geometry.overlay import Overlap
from minplan.core.plan.model import BlockCount, Zone, ZoneKind
from minplan.core.review.context import Context
from minplan.core.review.finding import Finding, Outcome, Quantity, Severity
from minplan.core.review.ground import (
    lists_mineral,
    no_new_ground,
    same_mineral,
    zone_word,
    zones_evidence,
    zones_met,
)
from minplan.core.review.proposal import Action
from minplan.core.review.rule import Example, Family, rule
from minplan.core.review.sources import of_plan
from minplan.core.standard.minerals import find_mineral
from minplan.core.text import Text
from minplan.core.tolerances import INSIDE_BLOCK_SHARE, OUTSIDE_BLOCK_SHARE

_AROUND = {"box": (-100, -100, 1100, 1100)}
_MOSTLY = {"box": (50, -100, 1100, 1100)}
_PARTLY = {"box": (500, -100, 1100, 1100)}
_FAR = {"box": (3000, 0, 4000, 1000)}
_STONE = ({"mineral": "建筑石料用灰岩", "planned_rights": 1},)
_BLOCK = {"kind": "mining-block", "code": "KC01", "minerals": ("建筑石料用灰岩",)}
_CS = {"kind": "concentrated-mining-area", "code": "CS007", "name": "示例集中开采区"}
_COUNTS = {"block_counts": ({"kind": "mining-block", "mineral": "石灰岩", "count": 25},)}


@rule(
    "R-SP-12",
    Text("矿业权须落在规划区块内", "The right lies inside a planning block"),
    family=Family.PLANNING_ZONES,
    severity=Severity.PROHIBIT,
    basis=of_plan("第四章二（二）3", "严格落实规划区块划定范围", "c4-2-2-3"),
    explanation=Text(
        "矿业权范围至少 99% 在规划区块内且矿种一致为符合；90%—99% 须关注；不足 90% 须先调整规划。"
        "规划只给区块数量的，须补充区块图形。战略性矿产可直接划块，亚矿种不同不需调整。",
        "At least 99 % of the right inside a block of its mineral conforms; 90–99 % needs a look; "
        "less needs an adjustment first. Where the plan gives counts only, the geometry is to be "
        "added. Strategic minerals may get a block directly; kinds of one rock need no adjustment.",
    ),
    examples=(
        Example(
            Outcome.CLEAR, Text("全部在区块内", "wholly inside"), zones=({**_BLOCK, **_AROUND},)
        ),
        Example(
            Outcome.ATTENTION, Text("95% 在区块内", "95 % inside"), zones=({**_BLOCK, **_MOSTLY},)
        ),
        Example(
            Outcome.CONFLICT, Text("一半在区块外", "half outside"), zones=({**_BLOCK, **_PARTLY},)
        ),
        Example(
            Outcome.ATTENTION,
            Text("区块外的铁矿，战略性矿产", "iron outside any block"),
            given={"minerals": ("铁矿",), "method": "underground"},
            zones=({**_BLOCK, **_FAR},),
        ),
        Example(
            Outcome.CONFLICT,
            Text("区块矿种是陶瓷土", "a block of ceramic clay"),
            zones=({**_BLOCK, **_AROUND, "minerals": ("陶瓷土",)},),
        ),
        Example(
            Outcome.ATTENTION,
            Text("区块为水泥用灰岩，仅亚矿种不同", "a block of cement limestone"),
            zones=({**_BLOCK, **_AROUND, "minerals": ("水泥用灰岩",)},),
        ),
        Example(
            Outcome.CONFLICT,
            Text("申报的区块编号规划里没有", "an unknown block code"),
            given={"block_code": "KC99"},
            zones=({**_BLOCK, **_AROUND},),
        ),
        Example(
            Outcome.NOT_CHECKED, Text("规划只给区块数", "the plan gives counts only"), plan=_COUNTS
        ),
        Example(
            Outcome.ATTENTION,
            Text("只有区块数，申报了编号且在集中开采区内", "counts, a code, a concentrated area"),
            given={"block_code": "示例01"},
            plan=_COUNTS,
            zones=({**_CS, **_AROUND, "minerals": _STONE},),
        ),
        Example(Outcome.NOT_CHECKED, Text("没有区块数据", "no blocks at all")),
        Example(
            Outcome.NOT_APPLICABLE,
            Text("审查对象本身是区块", "the proposal is a block"),
            given={"right": "mining-block", "action": "adjustment"},
            zones=({**_BLOCK, **_AROUND},),
        ),
    ),
)
def inside_block(ctx: Context) -> Finding:
    """A right lies inside a planning block (规划区块) of its mineral."""
    if ctx.proposal.right.is_block:
        return ctx.not_applicable(
            Text("审查对象本身是规划区块。", "The proposal is a planning block itself.")
        )
    if answer := no_new_ground(ctx):
        return answer
    kind = ZoneKind.MINING_BLOCK if ctx.proposal.right.is_mining else ZoneKind.EXPLORATION_BLOCK
    listed, code = ctx.plan.zones_of(kind), ctx.proposal.block_code
    if not listed:
        return _by_count(ctx, kind)
    named = [zone for zone in listed if code in ("", zone.code)]
    if not named:
        return ctx.conflict(
            Text(f"规划没有编号为“{code}”的区块。", f"The plan has no block {code}."),
            mend=Text("请核对规划区块编号。", "Check the code of the block."),
        )
    found = [hit for hit in ctx.measured.zones(kind) if hit[0] in named]
    if not found or found[0][1].share_of_block < INSIDE_BLOCK_SHARE:
        # A block without geometry may hold the rest: not checked rather than outside.
        zones_met(ctx, kind, select=lambda z: z in named and (not found or z.geometry is None))
    return _share_answer(ctx, kind, found[0] if found else None)


def _share_answer(ctx: Context, kind: ZoneKind, best: tuple[Zone, Overlap] | None) -> Finding:
    word, share = zone_word(kind), best[1].share_of_block if best else 0.0
    where = f"“{best[0].code}”" if best else ""
    facts = {
        "measured": Quantity(round(share * 100, 2), "%"),
        "limit": Quantity(round(INSIDE_BLOCK_SHARE * 100, 2), "%", "≥"),
        "evidence": zones_evidence((best,)) if best else (),
    }
    state = Text(f"{share:.2%} 位于{word.zh}{where}内", f"{share:.2%} inside {word.en} {where}")
    if best is None or share < OUTSIDE_BLOCK_SHARE:
        strategic = ctx.mineral.is_strategic(ctx.date)
        mend = Text("请先办理规划区块调整，或调整范围。", "Adjust the plan first, or the extent.")
        if strategic:
            text = Text(
                f"{state.zh}；战略性矿产可直接划定区块，须先上图入库。",
                f"{state.en}; a strategic mineral may get a block directly.",
            )
            return ctx.attention(text, mend=mend, **facts)
        text = Text(f"{state.zh}，不足 90%。", f"{state.en}, less than 90 %.")
        return ctx.conflict(text, mend=mend, **facts)
    zone = best[0]
    if zone.minerals and not lists_mineral(zone.mineral_names, ctx.mineral):
        return _other_mineral(ctx, zone, state, facts)
    if share < INSIDE_BLOCK_SHARE:
        text = Text(f"{state.zh}，请核对边界。", f"{state.en}; check the boundary.")
        return ctx.attention(text, **facts)
    return ctx.clear(Text(f"{state.zh}。", f"{state.en}."), **facts)


def _other_mineral(ctx: Context, zone: Zone, state: Text, facts: dict[str, object]) -> Finding:
    named = "、".join(zone.mineral_names)
    parents = {item.parent for n in zone.mineral_names if (item := find_mineral(n)) is not None}
    if ctx.mineral.parent and ctx.mineral.parent in parents:
        return ctx.attention(
            Text(
                f"{state.zh}；区块矿种为{named}，仅亚矿种不同，不需调整区块，须说明。",
                f"{state.en}; the block is for {named}, a kind of the same rock.",
            ),
            **facts,
        )
    return ctx.conflict(
        Text(
            f"{state.zh}；区块矿种为{named}，与{ctx.mineral.name}不一致。",
            f"{state.en}; the block is for {named}, not {ctx.mineral.english}.",
        ),
        mend=Text("请核对主矿种，或先调整区块矿种。", "Check the mineral, or adjust the block."),
        **facts,
    )


def _by_count(ctx: Context, kind: ZoneKind) -> Finding:
    """The plan lists only how many blocks of a mineral it sets."""
    word = zone_word(kind)
    counts = [item for item in ctx.plan.block_counts if item.kind is kind]
    geometry = Text(f"{word.zh}的范围图形", f"geometry of {word.en}")
    if not counts:
        return ctx.not_checked(geometry)
    own = [item for item in counts if same_mineral(find_mineral(item.mineral), ctx.mineral)]
    if not own:
        return _no_block_of_mineral(ctx, word)
    inside = [
        hit
        for hit in ctx.measured.zones(ZoneKind.CONCENTRATED_MINING_AREA)
        if hit[1].share_of_block >= INSIDE_BLOCK_SHARE
    ]
    number = sum(item.count for item in own)
    if not (ctx.proposal.block_code and inside):
        return ctx.not_checked(geometry, _count_words(own, word, number))
    code, zone = ctx.proposal.block_code, inside[0][0]
    return ctx.attention(
        Text(
            f"规划只列{own[0].mineral}{word.zh} {number} 个，未给图形；"
            f"位于{zone.name or zone.code}内，申报区块“{code}”，请与区块坐标表核对。",
            f"The plan counts {number} {word.en} without geometry; inside {zone.code}, declared "
            f"block {code}: check with the table of corners.",
        ),
        evidence=zones_evidence((inside[0],)),
        mend=Text("请补充规划区块坐标表。", "Add the table of corners of the blocks."),
    )


def _count_words(own: list[BlockCount], word: Text, number: int) -> Text:
    return Text(
        f"未核查：规划列{own[0].mineral}{word.zh} {number} 个，但没有图形。",
        f"Not checked: the plan counts {number} {word.en}, without geometry.",
    )


def _no_block_of_mineral(ctx: Context, word: Text) -> Finding:
    text = Text(
        f"规划未设置{ctx.mineral.name}的{word.zh}。",
        f"The plan sets no {word.en} for {ctx.mineral.english}.",
    )
    mend = Text("须先办理规划区块调整。", "Adjust the plan first.")
    fresh = ctx.proposal.action in (Action.NEW, Action.GRANT)
    if fresh and not ctx.mineral.is_strategic(ctx.date):
        return ctx.conflict(text, mend=mend)
    return ctx.attention(text, mend=mend)
