"""What is said of existing rights that meet the block: one finding per deciding step."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import Any, Final

from minplan.core.review.context import Context
from minplan.core.review.finding import Evidence, Finding, Quantity
from minplan.core.review.ground import (
    NONE_ALLOWED,
    SHRINK,
    as_hint,
    clear_of,
    evidence_of,
    extent,
    layer_title,
    name_list,
    overlap_words,
)
from minplan.core.review.relations import DOCUMENTS, Neighbour, Relation, Step
from minplan.core.text import Text

_MERGE: Final = Text(
    "请按整合方案先注销或合并原采矿权。", "Cancel or merge the old right first, as the plan says."
)
_LEVELS: Final = Text(
    "请调整开采标高使其分离，或调整范围避开。", "Separate the elevations, or adjust the extent."
)


def neighbour_findings(ctx: Context, layer: str, found: Sequence[Neighbour]) -> Iterator[Finding]:
    """Findings over the neighbours of one layer; clear when nothing stands in the way."""
    steps = [step for step in Step if any(item.step is step for item in found)]
    if not steps:
        yield clear_of(ctx, layer_title(layer))
    for step in steps:
        yield _SAY[step](ctx, layer, [item for item in found if item.step is step])


def _state(ctx: Context, layer: str, found: Sequence[Neighbour]) -> Text:
    title, names = layer_title(layer), name_list(item.label for item in found)
    what = Text(f"{title.zh}“{names}”", f"{title.en} {names}")
    words = overlap_words(ctx, what, [item.overlap for item in found])
    zh = "；".join(dict.fromkeys(item.reason.zh for item in found))
    en = "; ".join(dict.fromkeys(item.reason.en for item in found))
    return Text(f"{words.zh}，{zh}", f"{words.en}: {en}")


def _facts(ctx: Context, layer: str, found: Sequence[Neighbour]) -> dict[str, Any]:
    overlaps = [item.overlap for item in found]
    return {
        "measured": extent(ctx, overlaps),
        "evidence": tuple(
            _with_gap(evidence, item)
            for evidence, item in zip(evidence_of(ctx, layer, overlaps), found, strict=True)
        ),
    }


def _with_gap(evidence: Evidence, item: Neighbour) -> Evidence:
    attributes = item.overlap.attributes
    feature = str(attributes.get("licence") or evidence.feature)
    return replace(evidence, feature=feature, vertical_gap_m=item.gap_m)


def _excluded(ctx: Context, layer: str, found: Sequence[Neighbour]) -> Finding:
    state = _state(ctx, layer, found)
    return ctx.conflict(
        Text(f"{state.zh}，不得重叠。", f"{state.en}; they may not overlap."),
        limit=NONE_ALLOWED,
        mend=SHRINK,
        **_facts(ctx, layer, found),
    )


def _elevations_meet(ctx: Context, layer: str, found: Sequence[Neighbour]) -> Finding:
    state = _state(ctx, layer, found)
    gap = min(item.gap_m or 0.0 for item in found)
    facts = {**_facts(ctx, layer, found), "measured": Quantity(gap, "m")}
    return ctx.conflict(
        Text(f"{state.zh}，矿种虽可分设，标高须分离。", f"{state.en}; they must keep apart."),
        limit=Quantity(0, "m", "≥"),
        mend=_LEVELS,
        **facts,
    )


def _missing(ctx: Context, layer: str, found: Sequence[Neighbour]) -> Finding:
    title, names = layer_title(layer), name_list(item.label for item in found)
    words = tuple(dict.fromkeys(word for item in found for word in item.missing))
    zh, en = "、".join(w.zh for w in words), ", ".join(w.en for w in words)
    return ctx.not_checked(
        words,
        Text(
            f"与{title.zh}“{names}”重叠，缺{zh}，不能判定。",
            f"Overlaps {title.en} {names}; cannot be judged without {en}.",
        ),
    )


def _document_missing(ctx: Context, layer: str, found: Sequence[Neighbour]) -> Finding:
    state = _state(ctx, layer, found)
    relations = {item.entry.relation for item in found if item.entry is not None}
    kinds = [DOCUMENTS[relation][0] for relation in Relation if relation in relations]
    names = [ctx.attachment_name(kind) for kind in kinds]
    zh, en = "、".join(n.zh for n in names), ", ".join(n.en for n in names)
    return ctx.attention(
        Text(f"{state.zh}，须补充{zh}。", f"{state.en}; needs {en}."),
        mend=Text(f"请补充：{zh}。", f"Add: {en}."),
        **_facts(ctx, layer, found),
    )


def _same_holder(ctx: Context, layer: str, found: Sequence[Neighbour]) -> Finding:
    state = _state(ctx, layer, found)
    return ctx.attention(
        Text(
            f"{state.zh}，应合并为一个矿业权或调整范围。",
            f"{state.en}; merge the rights or adjust the extent.",
        ),
        **_facts(ctx, layer, found),
    )


def _merged(ctx: Context, layer: str, found: Sequence[Neighbour]) -> Finding:
    state = _state(ctx, layer, found)
    return ctx.attention(
        Text(f"{state.zh}，属已批复的整合范围。", f"{state.en}; part of an approved merger."),
        mend=_MERGE,
        **_facts(ctx, layer, found),
    )


def _hint(ctx: Context, layer: str, found: Sequence[Neighbour]) -> Finding:
    state = _state(ctx, layer, found)
    return as_hint(
        ctx.attention(
            Text(f"{state.zh}，不按重叠论，请核实。", f"{state.en}: no conflict, to be checked."),
            **_facts(ctx, layer, found),
        )
    )


def _settled(ctx: Context, layer: str, found: Sequence[Neighbour]) -> Finding:
    state = _state(ctx, layer, found)
    return ctx.clear(
        Text(f"{state.zh}，条件已具备。", f"{state.en}; the conditions are met."),
        **_facts(ctx, layer, found),
    )


_SAY: Final[dict[Step, Callable[[Context, str, Sequence[Neighbour]], Finding]]] = {
    Step.LAPSED: _hint,
    Step.SLIVER: _hint,
    Step.UNKNOWN_MINERAL: _missing,
    Step.SAME_HOLDER: _same_holder,
    Step.EXCLUDED: _excluded,
    Step.MERGED: _merged,
    Step.ELEVATION_MISSING: _missing,
    Step.ELEVATIONS_MEET: _elevations_meet,
    Step.DOCUMENT_MISSING: _document_missing,
    Step.SETTLED: _settled,
}
