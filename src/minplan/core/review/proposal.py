"""What somebody asks for: the proposal (申请事项) that a review judges."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from minplan.core.geometry.polygonal import ElevationRange, Polygonal
from minplan.core.text import Term


class RightKind(Term):
    """Kind of right or block asked for (矿业权类型)."""

    EXPLORATION_RIGHT = "exploration-right", "探矿权", "exploration right"
    MINING_RIGHT = "mining-right", "采矿权", "mining right"
    EXPLORATION_BLOCK = "exploration-block", "勘查规划区块", "exploration block"
    MINING_BLOCK = "mining-block", "开采规划区块", "mining block"

    @property
    def is_mining(self) -> bool:
        """Whether it is about extraction rather than exploration."""
        return self in (RightKind.MINING_RIGHT, RightKind.MINING_BLOCK)

    @property
    def is_block(self) -> bool:
        """Whether it is a planning block rather than a right."""
        return self in (RightKind.EXPLORATION_BLOCK, RightKind.MINING_BLOCK)


class Action(Term):
    """What is to happen (业务类型)."""

    NEW = "new", "新立", "new"
    GRANT = "grant", "出让", "grant"
    RENEWAL = "renewal", "延续", "renewal"
    CHANGE = "change", "变更（范围、矿种、规模）", "change (extent, mineral, scale)"
    TRANSFER = "transfer", "转让", "transfer"
    RENAME = "rename", "变更名称", "change of name"
    CONVERSION = "conversion", "探转采", "conversion to a mining right"
    ADJUSTMENT = "adjustment", "区块调整", "block adjustment"
    CANCELLATION = "cancellation", "注销", "cancellation"

    @property
    def sets_new_ground(self) -> bool:
        """Whether the action puts a right or block on ground that had none (新设)."""
        return self in (
            Action.NEW,
            Action.GRANT,
            Action.CHANGE,
            Action.CONVERSION,
            Action.ADJUSTMENT,
        )


class ExplorationDegree(Term):
    """Degree of exploration (勘查程度), in rising order."""

    RECONNAISSANCE = "reconnaissance", "预查", "reconnaissance"
    PROSPECTING = "prospecting", "普查", "prospecting"
    GENERAL = "general", "详查", "general exploration"
    DETAILED = "detailed", "勘探", "detailed exploration"

    @property
    def rank(self) -> int:
        """Position in the order of degrees, 1 to 4."""
        return list(ExplorationDegree).index(self) + 1


class MiningMethod(Term):
    """Method of extraction (开采方式)."""

    OPEN_PIT = "open-pit", "露天开采", "open pit"
    UNDERGROUND = "underground", "地下开采", "underground"
    BOTH = "both", "露天/地下开采", "open pit and underground"
    WELL = "well", "钻井开采", "wells"


@dataclass(frozen=True, slots=True)
class Exemption:
    """A ground on which a rule may be argued away (豁免).

    It counts only with a basis number, an approver and an attachment, for the named mineral, and
    on dates between ``valid_from`` and ``valid_to`` (rules A.5).
    """

    rule: str
    basis: str
    approver: str
    attachment: str
    mineral: str | None = None
    valid_from: dt.date | None = None
    valid_to: dt.date | None = None

    def covers(self, rule: str, mineral: str, date: dt.date) -> bool:
        """Whether the exemption holds for a rule, a mineral and a date."""
        return (
            self.rule == rule
            and bool(self.basis and self.approver and self.attachment)
            and self.mineral in (None, mineral)
            and (self.valid_from is None or self.valid_from <= date)
            and (self.valid_to is None or date <= self.valid_to)
        )


@dataclass(frozen=True, slots=True)
class Attachment:
    """A document handed in with the proposal (附件): a permit, an agreement, an opinion.

    ``kind`` is a key of the list in ``core/review/attachments.toml``; ``geometry_hash`` is the
    fingerprint of the ground it speaks of, where it names coordinates.
    """

    kind: str
    number: str = ""
    issuer: str = ""
    date: dt.date | None = None
    valid_to: dt.date | None = None
    conclusion: str = ""
    geometry_hash: str = ""


@dataclass(frozen=True, kw_only=True)
class Proposal:
    """A proposed right or block with everything a rule may ask.

    ``minerals`` holds the main mineral first. ``scale`` is the designed yearly output in
    ``scale_unit`` (万吨/年, 万立方米/年, 亿立方米/年), ``service_life`` in years, ``term`` the
    years applied for, ``reserves`` the resource by class in ``reserves_unit`` (keys ``measured``,
    ``indicated``, ``inferred``, or ``total``). ``licence`` is the number of the applicant's own
    existing right, whose ground never counts as an overlap. ``facts`` holds further declared facts
    by the keys of ``core/review/facts.toml``; what is not declared is missing, never assumed.
    """

    name: str
    geometry: Polygonal
    right: RightKind
    action: Action
    minerals: tuple[str, ...]
    applicant: str = ""
    licence: str = ""
    county: str = ""
    block_code: str = ""
    scale: float | None = None
    scale_unit: str = "万吨/年"
    service_life: float | None = None
    term: float | None = None
    reserves: Mapping[str, float] = field(default_factory=dict)
    reserves_unit: str = "万吨"
    exploration_degree: ExplorationDegree | None = None
    elevation: ElevationRange | None = None
    method: MiningMethod | None = None
    grant_method: str = ""
    stated_area_km2: str = ""
    attachments: tuple[Attachment, ...] = ()
    exemptions: tuple[Exemption, ...] = ()
    facts: Mapping[str, Any] = field(default_factory=dict)

    @property
    def mineral(self) -> str:
        """The main mineral (主矿种)."""
        return self.minerals[0] if self.minerals else ""

    def attachment(self, kind: str) -> Attachment | None:
        """The first attachment of a kind, or None."""
        return next((item for item in self.attachments if item.kind == kind), None)
