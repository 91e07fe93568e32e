"""How rules about ground measure and speak: what counts as an overlap, figures, zones, standing."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from minplan.core.geometry.overlay import Overlap
from minplan.core.plan.model import Zone, ZoneKind
from minplan.core.review.context import Context, zone_evidence
from minplan.core.review.finding import Evidence, Finding, Quantity, Severity
from minplan.core.review.missing import NotChecked, layer_names
from minplan.core.standard.minerals import Mineral, find_mineral
from minplan.core.text import Text
from minplan.core.tolerances import SLIVER_WIDTH_M

Selection = Callable[[Mapping[str, Any]], bool]

SHRINK: Final = Text(
    "请调整范围，避开重叠部分。", "Adjust the extent so that it keeps clear of the overlap."
)


def layer_title(name: str) -> Text:
    """The name of a constraint layer in messages."""
    return layer_names()[name]


def figure(area_m2: float, share: float) -> Text:
    """An area with its share of the block: ``1.2371 公顷（占 3.15%）``."""
    hectares = area_m2 / 1e4
    return Text(
        f"{hectares:.4f} 公顷（占 {share:.2%}）", f"{hectares:.4f} ha ({share:.2%} of the block)"
    )


def square_metres(area_m2: float, operator: str = "") -> Quantity:
    """An area as a measured value or limit."""
    return Quantity(round(area_m2, 2), "m²", operator)


NONE_ALLOWED: Final = square_metres(0.0, "≤")


# -- does the rule concern the proposal -------------------------------------------------------


def no_new_ground(ctx: Context) -> Finding | None:
    """*Not applicable* where the action puts nothing on new ground (a renewal, a transfer)."""
    action = ctx.proposal.action
    if action.sets_new_ground:
        return None
    word = action.word
    return ctx.not_applicable(
        Text(
            f"本次为{word.zh}，不新设范围，不适用。",
            f"The action is a {word.en}; no new ground is taken.",
        )
    )


def exempt_fluid(ctx: Context) -> Finding | None:
    """*Not applicable* for geothermal energy and mineral water, where the plan exempts them."""
    if not ctx.mineral.is_fluid_exempt:
        return None
    return ctx.not_applicable(
        Text(
            f"{ctx.mineral.name}属地热、矿泉水，规划除外。",
            f"The plan exempts {ctx.mineral.english}.",
        )
    )


def same_mineral(first: Mineral | None, second: Mineral | None) -> bool:
    """Whether two minerals are one, or one is a kind of the other (石灰岩, 水泥用灰岩)."""
    if first is None or second is None:
        return False
    return first.name in (second.name, second.parent) or first.parent == second.name


def lists_mineral(names: Iterable[str], mineral: Mineral) -> bool:
    """Whether a list of mineral names holds ``mineral`` or its kind."""
    return any(same_mineral(find_mineral(name), mineral) for name in names)


# -- overlaps with layers ---------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Hits:
    """Overlaps of the block with features of one layer, real ones and slivers apart."""

    layer: str
    real: tuple[Overlap, ...]
    slivers: tuple[Overlap, ...]

    @property
    def names(self) -> str:
        """Names of the features met, at most three."""
        return name_list(str(item.attributes.get("name") or "") for item in self.real)


def hits(ctx: Context, layer: str, select: Selection | None = None) -> Hits:
    """Overlaps with the features of a layer that ``select`` (by attributes) keeps."""
    found = [i for i in ctx.overlaps(layer) if select is None or select(i.attributes)]
    return Hits(
        layer,
        tuple(item for item in found if not item.sliver),
        tuple(item for item in found if item.sliver),
    )


def name_list(names: Iterable[str]) -> str:
    """Up to three distinct names, then how many there are."""
    distinct = list(dict.fromkeys(name for name in names if name))
    text = "、".join(distinct[:3])
    return f"{text}等 {len(distinct)} 处" if len(distinct) > 3 else text


def ground(ctx: Context, found: Sequence[Overlap]) -> tuple[float, float]:
    """Area in m² under the overlaps, counted once, and its share of the block."""
    area = ctx.measured.ground_m2(found)
    return area, area / ctx.measured.block.area_m2


def evidence_of(ctx: Context, layer: str, found: Iterable[Overlap]) -> tuple[Evidence, ...]:
    """Overlaps with features of a layer as evidence."""
    return ctx.measured.evidence(layer, found)


def clear_of(ctx: Context, what: Text) -> Finding:
    """The block does not meet ``what``."""
    return ctx.clear(Text(f"与{what.zh}无重叠。", f"No overlap with {what.en}."))


def extent(ctx: Context, found: Sequence[Overlap]) -> Quantity:
    """What the overlaps measure: ground counted once, or the length of lines."""
    area = ground(ctx, found)[0]
    length = sum(item.length_m for item in found)
    return square_metres(area) if area else Quantity(round(length, 2), "m")


def overlap_words(ctx: Context, what: Text, found: Sequence[Overlap]) -> Text:
    """``与生态保护红线重叠 1.2371 公顷（占 3.15%）``, without a full stop."""
    length = sum(item.length_m for item in found)
    if length:
        return Text(f"{what.zh}穿越 {length:.1f} 米", f"Crossed by {what.en} over {length:.1f} m")
    size = figure(*ground(ctx, found))
    return Text(f"与{what.zh}重叠 {size.zh}", f"Overlaps {what.en} by {size.en}")


def sliver_hint(ctx: Context, what: Text, layer: str, found: Sequence[Overlap]) -> Finding:
    """A hint that only slivers narrower than the tolerance were met."""
    size = figure(*ground(ctx, found))
    width = max(item.width_m for item in found)
    limit = f"{SLIVER_WIDTH_M:g}"
    return as_hint(
        ctx.attention(
            Text(
                f"与{what.zh}仅有 {len(found)} 处窄条重叠，共 {size.zh}，宽 {width:.2f} 米，"
                f"小于 {limit} 米容差，疑为勾绘偏差，请核对边界。",
                f"Only {len(found)} slivers of {what.en}, {size.en}, {width:.2f} m wide, below "
                f"the tolerance of {limit} m: check the boundary.",
            ),
            measured=Quantity(round(width, 2), "m"),
            limit=Quantity(SLIVER_WIDTH_M, "m", "<"),
            evidence=evidence_of(ctx, layer, found),
        )
    )


def no_real_hit(ctx: Context, found: Hits) -> Finding | None:
    """Clear, or a hint on slivers, when no overlap is real; None when one is."""
    if found.real:
        return None
    what = layer_title(found.layer)
    if found.slivers:
        return sliver_hint(ctx, what, found.layer, found.slivers)
    return clear_of(ctx, what)


def needs(ctx: Context, kind: str, state: Text, **more: Any) -> Finding:
    """Clear with a document of ``kind`` handed in, attention without it.

    ``state`` is the sentence before, without a full stop.
    """
    name, document = ctx.attachment_name(kind), ctx.attachment(kind)
    if document is not None:
        return ctx.clear(
            Text(
                f"{state.zh}，已有{name.zh}（{document.number or '无文号'}）。",
                f"{state.en}; {name.en} handed in ({document.number or 'no number'}).",
            ),
            **more,
        )
    return ctx.attention(
        Text(f"{state.zh}，须有{name.zh}。", f"{state.en}; needs the {name.en}."),
        **{"mend": Text(f"请补充{name.zh}。", f"Add the {name.en}."), **more},
    )


def as_hint(finding: Finding) -> Finding:
    """The finding with the weight of a hint."""
    return replace(finding, severity=Severity.HINT)


def keep_out(
    ctx: Context,
    layer: str,
    consequence: Text,
    *,
    answer: Callable[..., Finding] | None = None,
    select: Selection | None = None,
    mend: Text = SHRINK,
) -> Finding:
    """The common answer: a conflict on real overlaps, a hint on slivers, else clear.

    ``consequence`` ends the sentence after the figures; ``answer`` (default ``ctx.conflict``)
    gives the outcome of a real overlap.
    """
    found = hits(ctx, layer, select)
    if finding := no_real_hit(ctx, found):
        return finding
    words = overlap_words(ctx, layer_title(layer), found.real)
    return (answer or ctx.conflict)(
        Text(f"{words.zh}，{consequence.zh}。", f"{words.en}: {consequence.en}."),
        measured=extent(ctx, found.real),
        limit=NONE_ALLOWED,
        evidence=evidence_of(ctx, layer, (*found.real, *found.slivers)),
        mend=mend,
    )


# -- plan zones -------------------------------------------------------------------------------


ZoneHits = tuple[tuple[Zone, Overlap], ...]


def zone_word(kind: ZoneKind) -> Text:
    """The areas of a kind, in the plural where the language has one."""
    return Text(kind.word.zh, f"{kind.word.en}s")


def zones_met(
    ctx: Context, *kinds: ZoneKind, select: Callable[[Zone], bool] | None = None
) -> ZoneHits:
    """Zones of the kinds that the block meets by more than a sliver, largest overlap first.

    NotChecked when none is met but a zone has no geometry, unless the declared fact
    ``outside_unmapped_zones`` says that the block lies outside those zones.
    """
    listed = [zone for zone in ctx.plan.zones_of(*kinds) if select is None or select(zone)]
    found = tuple(
        (zone, item)
        for kind in kinds
        for zone, item in ctx.measured.zones(kind)
        if zone in listed and not item.sliver
    )
    unmapped = [zone for zone in listed if zone.geometry is None]
    if not found and unmapped and not ctx.proposal.facts.get("outside_unmapped_zones"):
        kind_word = zone_word(unmapped[0].kind)
        names = name_list(zone.name or zone.code for zone in unmapped)
        raise NotChecked(
            Text(f"{kind_word.zh}（{names}）的范围图形", f"geometry of {kind_word.en} {names}")
        )
    return found


def zone_words(found: ZoneHits) -> Text:
    """The zones met, at most three: ``国家规划矿区“潞安”``."""
    zh = "、".join(f"{zone_word(z.kind).zh}“{z.name or z.code}”" for z, _ in found[:3])
    en = ", ".join(f"{zone_word(z.kind).en} {z.name or z.code}" for z, _ in found[:3])
    return Text(zh, en)


def zones_overlap(ctx: Context, found: ZoneHits) -> Text:
    """``与国家规划矿区“潞安”重叠 12.0000 公顷（占 …%）``, without a full stop."""
    return overlap_words(ctx, zone_words(found), [item for _, item in found])


def zones_evidence(found: ZoneHits) -> tuple[Evidence, ...]:
    """Zones met as evidence."""
    return tuple(zone_evidence(zone, item) for zone, item in found)


def no_zone_of(ctx: Context, kind: ZoneKind) -> Finding:
    """*Not applicable*: the plan lists no zone of the kind."""
    word = zone_word(kind)
    return ctx.not_applicable(Text(f"本规划未列{word.zh}。", f"The plan lists no {word.en}."))
