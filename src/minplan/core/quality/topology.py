"""Rules of topology of an edition with the layers of a submission that they are about."""

from __future__ import annotations

from collections.abc import Iterator

from minplan.core.quality.check import NotApplicable, NotChecked
from minplan.core.quality.submission import Context, LayerSource, SubmissionKind
from minplan.core.standard.model import TopologyRule
from minplan.core.text import Text


def rules_of(ctx: Context, kind: str) -> Iterator[tuple[TopologyRule, LayerSource]]:
    """The rules of a kind with the layer each is about; NotApplicable when there is none."""
    asked = False
    for rule in ctx.edition.topology:
        if rule.kind == kind:
            for source in sources_of(ctx, rule.layer):
                asked = True
                yield rule, source
    if not asked:
        raise NotApplicable


def sources_of(ctx: Context, code: str) -> list[LayerSource]:
    """The layers with a geometry that were matched to ``code``."""
    return [item for item in ctx.of(code) if item.geometry_type]


def others_of(ctx: Context, rule: TopologyRule) -> list[LayerSource] | NotChecked | None:
    """The other layer of a rule; why it is missing, or None where it need not be there."""
    held = sources_of(ctx, rule.other)
    if held:
        return held
    spec, plan = ctx.edition.find(rule.other), ctx.submission.identity
    needed = spec is not None and (plan is None or plan.level.value in spec.levels)
    if (
        ctx.submission.kind is not SubmissionKind.PACKAGE
        or not needed
        or not spec
        or not spec.levels
    ):
        return None
    return NotChecked(
        Text(f"{rule.name.zh}：没有图层 {rule.other}", f"{rule.name.en}: no layer {rule.other}")
    )
