"""What a rule says of a proposal, and the verdict over all of it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from shapely.geometry.base import BaseGeometry

from minplan.core.text import Text


class Outcome(StrEnum):
    """The five outcomes of a rule."""

    CONFLICT = "conflict"
    ATTENTION = "attention"
    NOT_CHECKED = "not-checked"
    CLEAR = "clear"
    NOT_APPLICABLE = "not-applicable"

    @property
    def word(self) -> Text:
        """The fixed word shown to people (ux §7.4)."""
        return _OUTCOME_WORDS[self]


_OUTCOME_WORDS = {
    Outcome.CONFLICT: Text("冲突", "conflict"),
    Outcome.ATTENTION: Text("需关注", "attention"),
    Outcome.NOT_CHECKED: Text("未核查", "not checked"),
    Outcome.CLEAR: Text("符合", "clear"),
    Outcome.NOT_APPLICABLE: Text("不适用", "not applicable"),
}


class Severity(StrEnum):
    """How much a hit weighs (rules A.5)."""

    PROHIBIT = "prohibit"
    RESTRICT = "restrict"
    HINT = "hint"

    @property
    def word(self) -> Text:
        """禁止, 限制 or 提示."""
        return _SEVERITY_WORDS[self]


_SEVERITY_WORDS = {
    Severity.PROHIBIT: Text("禁止", "prohibited"),
    Severity.RESTRICT: Text("限制", "restricted"),
    Severity.HINT: Text("提示", "hint"),
}


class Verdict(StrEnum):
    """The conclusion of a review (审查结论)."""

    CONFORMS = "conforms"
    CONDITIONAL = "conditional"
    NOT_CONFORMING = "not-conforming"
    INSUFFICIENT = "insufficient"
    EXEMPT = "exempt"

    @property
    def word(self) -> Text:
        """The fixed wording of the opinion (ux §3.1 B 六)."""
        return _VERDICT_WORDS[self]


_VERDICT_WORDS = {
    Verdict.CONFORMS: Text("符合规划", "conforms to the plan"),
    Verdict.CONDITIONAL: Text(
        "原则符合，须落实以下意见", "conforms in principle, subject to the points below"
    ),
    Verdict.NOT_CONFORMING: Text("不符合规划", "does not conform to the plan"),
    Verdict.INSUFFICIENT: Text(
        "资料不足，暂不出具结论", "insufficient material, no conclusion yet"
    ),
    Verdict.EXEMPT: Text("免予规划审核", "exempt from the plan check"),
}


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
