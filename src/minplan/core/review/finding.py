"""What a rule says of a proposal, and the verdict over all of it."""

from __future__ import annotations

from dataclasses import dataclass

from shapely.geometry.base import BaseGeometry

from minplan.core.text import Term, Text


class Outcome(Term):
    """The five outcomes of a rule."""

    CONFLICT = "conflict", "冲突", "conflict"
    ATTENTION = "attention", "需关注", "attention"
    NOT_CHECKED = "not-checked", "未核查", "not checked"
    CLEAR = "clear", "符合", "clear"
    NOT_APPLICABLE = "not-applicable", "不适用", "not applicable"


class Severity(Term):
    """How much a hit weighs (rules A.5)."""

    PROHIBIT = "prohibit", "禁止", "prohibited"
    RESTRICT = "restrict", "限制", "restricted"
    HINT = "hint", "提示", "hint"


class Verdict(Term):
    """The conclusion of a review (审查结论)."""

    CONFORMS = "conforms", "符合规划", "conforms to the plan"
    CONDITIONAL = (
        "conditional",
        "原则符合，须落实以下意见",
        "conforms in principle, subject to the points below",
    )
    NOT_CONFORMING = "not-conforming", "不符合规划", "does not conform to the plan"
    INSUFFICIENT = (
        "insufficient",
        "资料不足，暂不出具结论",
        "insufficient material, no conclusion yet",
    )
    EXEMPT = "exempt", "免予规划审核", "exempt from the plan check"


@dataclass(frozen=True, slots=True)
class Quantity:
    """A measured value or a limit: a figure with its unit, or a word (``详查``)."""

    value: float | str
    unit: str = ""
    operator: str = ""

    def __str__(self) -> str:
        figure = self.value if isinstance(self.value, str) else format(self.value, ".10g")
        return " ".join(part for part in (self.operator, figure, self.unit) if part)


@dataclass(frozen=True, slots=True)
class Evidence:
    """A feature that a finding rests on.

    ``layer`` is the constraint layer or zone kind, ``feature`` the feature's id or code there,
    areas in m² (ellipsoidal), shares between 0 and 1, ``distance_m`` to the feature where the rule
    is about distance, ``vertical_gap_m`` the vertical distance where both have elevations
    (negative: they overlap), ``sliver`` that the overlap is narrower than the tolerance,
    ``geometry`` the overlap (or the feature) in EPSG:4490 lon/lat.
    """

    layer: str
    feature: str
    name: str = ""
    area_m2: float | None = None
    share_of_block: float | None = None
    share_of_feature: float | None = None
    distance_m: float | None = None
    vertical_gap_m: float | None = None
    sliver: bool = False
    schematic: bool = False
    geometry: BaseGeometry | None = None


@dataclass(frozen=True, slots=True)
class Finding:
    """The answer of one rule.

    ``missing`` names what must be added before the rule can be checked (layer, attribute,
    parameter, attachment). ``decides`` is False for the reading that does not decide at the review
    date; ``reading_note`` then says why. ``waived_by`` is the basis number of an exemption.
    """

    rule: str
    outcome: Outcome
    severity: Severity
    message: Text
    measured: Quantity | None = None
    limit: Quantity | None = None
    evidence: tuple[Evidence, ...] = ()
    mend: Text | None = None
    missing: tuple[Text, ...] = ()
    decides: bool = True
    reading_note: Text | None = None
    waived_by: str | None = None
    certain: bool = True
