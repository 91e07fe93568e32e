"""Which rights may share ground: the mineral-relation matrix (矿种关系矩阵) and neighbours.

An overlap in plan view is not a verdict. A neighbour is judged in steps: is it the applicant's own,
has it lapsed, may the minerals be granted apart (matrix ``relations.csv``), do the elevation
ranges keep apart, is the agreement or study handed in.
"""

from __future__ import annotations

import csv
import datetime as dt
import math
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from importlib import resources
from typing import Any, Final

from minplan.core.geometry.overlay import Overlap
from minplan.core.geometry.polygonal import ElevationRange
from minplan.core.review.context import Context
from minplan.core.review.ground import same_mineral
from minplan.core.review.missing import field_word
from minplan.core.standard.minerals import Mineral, find_mineral
from minplan.core.text import Text

EXPLORATION: Final = "exploration-right"
MINING: Final = "mining-right"


class Relation(StrEnum):
    """How the rights to two minerals may share ground."""

    EXCLUSIVE = "exclusive"  # 不得重叠
    VERTICAL = "vertical"  # 可分设，须标高分离
    AGREEMENT = "agreement"  # 可分设，须互保协议
    STUDY = "study"  # 可分设，须论证互不影响


#: Which document lets two rights share ground; any one of the kinds will do.
DOCUMENTS: Final = {
    Relation.VERTICAL: ("vertical-separation-study", "mutual-safety-agreement"),
    Relation.AGREEMENT: ("mutual-safety-agreement",),
    Relation.STUDY: ("no-influence-study", "mutual-safety-agreement"),
}


@dataclass(frozen=True, slots=True)
class Entry:
    """One cell of the matrix, with its reason."""

    relation: Relation
    why: Text
    basis: str
    certain: bool


_ONE_DEPOSIT = Entry(
    Relation.EXCLUSIVE,
    Text("矿种相同或同属一类矿石", "the minerals are one, or kinds of one rock"),
    "矿产资源法（2024年修订）第二十三条",
    True,
)


@lru_cache(maxsize=1)
def matrix() -> Mapping[frozenset[str], Entry]:
    """The matrix by unordered pair of mineral groups."""
    text = (resources.files(__package__) / "relations.csv").read_text("utf-8")
    return {
        frozenset((row["first"], row["second"])): Entry(
            Relation(row["relation"]),
            Text(row["why_zh"], row["why_en"]),
            row["basis"],
            row["certain"] == "true",
        )
        for row in csv.DictReader(text.splitlines())
    }


def relation_of(first: Mineral, second: Mineral) -> Entry:
    """How rights to two minerals may share ground."""
    siblings = bool(first.parent) and first.parent == second.parent
    if siblings or same_mineral(first, second):
        return _ONE_DEPOSIT
    return matrix()[frozenset((first.group, second.group))]


# -- neighbours -------------------------------------------------------------------------------


class Step(StrEnum):
    """What decides about a neighbouring right, in the order it is asked."""

    LAPSED = "lapsed"
    SLIVER = "sliver"
    UNKNOWN_MINERAL = "unknown-mineral"
    SAME_HOLDER = "same-holder"
    EXCLUDED = "excluded"
    MERGED = "merged"
    ELEVATION_MISSING = "elevation-missing"
    ELEVATIONS_MEET = "elevations-meet"
    DOCUMENT_MISSING = "document-missing"
    SETTLED = "settled"


@dataclass(frozen=True, slots=True)
class Neighbour:
    """An existing right that meets the block, and what decides about it.

    ``gap_m`` is the vertical distance where both elevation ranges are known (negative: they
    overlap); ``missing`` what has to be added before it can be judged.
    """

    layer: str
    overlap: Overlap
    step: Step
    reason: Text
    entry: Entry | None = None
    gap_m: float | None = None
    missing: tuple[Text, ...] = ()

    @property
    def label(self) -> str:
        """The right's name, or its licence number."""
        attributes = self.overlap.attributes
        return str(attributes.get("name") or attributes.get("licence") or self.overlap.feature)


def neighbours(ctx: Context, layer: str) -> tuple[Neighbour, ...]:
    """Existing rights of a layer that meet the block, but for the applicant's own licence."""
    own = ctx.proposal.licence
    return tuple(
        _judge(ctx, layer, item)
        for item in ctx.overlaps(layer)
        if not own or str(item.attributes.get("licence") or "") != own
    )


def _judge(ctx: Context, layer: str, item: Overlap) -> Neighbour:
    if why := lapsed(item.attributes, ctx.date):
        return Neighbour(layer, item, Step.LAPSED, why)
    if item.sliver:
        width = f"{item.width_m:.2f}"
        why = Text(f"仅窄条重叠，宽 {width} 米", f"a sliver only, {width} m wide")
        return Neighbour(layer, item, Step.SLIVER, why)
    other = find_mineral(str(item.attributes.get("mineral") or ""))
    if other is None:
        word = Text("已设矿业权的矿种", "the mineral of the existing right")
        return Neighbour(layer, item, Step.UNKNOWN_MINERAL, word, missing=(word,))
    entry = relation_of(ctx.mineral, other)
    if same_holder(ctx, item.attributes):
        step = Step.SAME_HOLDER if entry.relation is Relation.EXCLUSIVE else Step.SETTLED
        why = Text("同一矿业权人", "the same holder")
        return Neighbour(layer, item, step, why, entry)
    if entry.relation is Relation.EXCLUSIVE:
        merged = ctx.attachment("integration-plan") is not None
        step = Step.MERGED if merged else Step.EXCLUDED
        return Neighbour(layer, item, step, entry.why, entry)
    return _separable(ctx, layer, item, entry)


def _separable(ctx: Context, layer: str, item: Overlap, entry: Entry) -> Neighbour:
    """Elevations first where both rights have them, then the document."""
    gap: float | None = None
    if entry.relation is Relation.VERTICAL and layer == MINING and ctx.proposal.right.is_mining:
        own = ctx.proposal.elevation or ctx.proposal.geometry.elevation
        other = elevation_of(item.attributes)
        if own is None or other is None:
            theirs = Text("已设采矿权的开采标高", "elevation of the existing mining right")
            missing = tuple(
                word
                for word, value in ((field_word("elevation"), own), (theirs, other))
                if value is None
            )
            return Neighbour(layer, item, Step.ELEVATION_MISSING, entry.why, entry, missing=missing)
        gap = own.gap_to(other)
        if gap < 0:
            why = Text(f"标高重叠 {-gap:g} 米", f"elevations overlap by {-gap:g} m")
            return Neighbour(layer, item, Step.ELEVATIONS_MEET, why, entry, gap)
    kinds = DOCUMENTS[entry.relation]
    settled = any(ctx.attachment(kind) is not None for kind in kinds)
    step = Step.SETTLED if settled else Step.DOCUMENT_MISSING
    return Neighbour(layer, item, step, entry.why, entry, gap)


def same_holder(ctx: Context, attributes: Mapping[str, Any]) -> bool:
    """Whether a right belongs to the applicant."""
    holder = str(attributes.get("holder") or "").strip()
    return bool(holder) and holder == ctx.proposal.applicant.strip()


_GONE: Final = ("注销", "吊销", "废止", "失效", "过期", "关闭", "cancelled", "expired")


def lapsed(attributes: Mapping[str, Any], date: dt.date) -> Text | None:
    """Why a right no longer counts on ``date``: its status, or its expiry; None when it counts."""
    status = str(attributes.get("status") or "")
    if any(word in status for word in _GONE):
        return Text(f"状态为“{status}”", f"its status is {status}")
    expiry = as_date(attributes.get("expiry"))
    if expiry is not None and expiry < date:
        return Text(f"有效期至 {expiry.isoformat()}，已过", f"expired on {expiry.isoformat()}")
    return None


def as_date(value: Any) -> dt.date | None:
    """A date from what layers hold: a date, a timestamp, ISO text; None when there is none."""
    if isinstance(value, dt.datetime):
        return value.date()
    if isinstance(value, dt.date):
        return value
    text = str(value or "").strip()[:10].replace("/", "-").replace(".", "-")
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        return None


def elevation_of(attributes: Mapping[str, Any]) -> ElevationRange | None:
    """The elevation range of an existing right, or None when it is not stated."""
    upper, lower = as_number(attributes.get("upper")), as_number(attributes.get("lower"))
    return None if upper is None or lower is None else ElevationRange(upper, lower)


def as_number(value: Any) -> float | None:
    """A finite number from what layers hold, or None."""
    try:
        number = float(value)
    except (TypeError, ValueError):
        return None
    return number if math.isfinite(number) else None
