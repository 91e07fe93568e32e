"""The plan as frozen values.

Areas keep the figure and unit of the document (km², as printed) beside any geometry; figures are
:class:`decimal.Decimal` so that a stated 2.45 stays 2.45. What the plan leaves empty is None or
``unknown``, never a guess.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from minplan.core.geometry.polygonal import Polygonal
from minplan.core.text import Term, Text


class Level(Term):
    """Level of a plan or of what it carries over (规划级别)."""

    NATION = "nation", "国家级", "national"
    PROVINCE = "province", "省级", "provincial"
    CITY = "city", "市级", "city"
    COUNTY = "county", "县级", "county"


class ZoneKind(Term):
    """Kinds of planning zones (规划分区)."""

    ENERGY_BASE = "energy-base", "能源资源基地", "energy resource base"
    NATIONAL_PLANNED_MINING_AREA = (
        "national-planned-mining-area",
        "国家规划矿区",
        "national planned mining area",
    )
    STRATEGIC_RESERVE_AREA = (
        "strategic-reserve-area",
        "战略性矿产资源保护（储备）区",
        "strategic reserve area",
    )
    KEY_EXPLORATION_AREA = "key-exploration-area", "重点勘查区", "key exploration area"
    KEY_MINING_AREA = "key-mining-area", "重点开采区", "key mining area"
    CONCENTRATED_MINING_AREA = "concentrated-mining-area", "集中开采区", "concentrated mining area"
    INDUSTRY_DEVELOPMENT_AREA = (
        "industry-development-area",
        "产业重点发展区",
        "industry development area",
    )
    EXPLORATION_BLOCK = "exploration-block", "勘查规划区块", "exploration block"
    MINING_BLOCK = "mining-block", "开采规划区块", "mining block"
    KEY_REMEDIATION_ZONE = "key-remediation-zone", "重点治理区", "key remediation zone"
    GENERAL_REMEDIATION_ZONE = "general-remediation-zone", "一般治理区", "general remediation zone"
    ENVIRONMENT_PROTECTION_AREA = (
        "environment-protection-area",
        "矿山地质环境保护区",
        "environment protection area",
    )
    ENVIRONMENT_PREVENTION_AREA = (
        "environment-prevention-area",
        "矿山地质环境预防区",
        "environment prevention area",
    )
    COUNTY = "county", "县（区）", "county"


class Operator(StrEnum):
    """How a figure binds: at most, at least, equal, within a range, rising."""

    AT_MOST = "<="
    AT_LEAST = ">="
    EQUAL = "="
    RANGE = "range"
    RISING = "rising"


class Modality(StrEnum):
    """How firmly a figure or a rule binds (rules §0.5)."""

    FIRM = "firm"  # 不得、必须
    ABOUT = "about"  # 左右: a tolerance band
    IN_PRINCIPLE = "in-principle"  # 原则上: may be argued away with a basis
    STRIVE = "strive"  # 力争: an expectation only


class Property(StrEnum):
    """Property of an indicator (指标属性)."""

    BINDING = "binding"  # 约束性
    EXPECTED = "expected"  # 预期性
    UNKNOWN = "unknown"  # the plan leaves it empty


@dataclass(frozen=True, slots=True)
class Clause:
    """A numbered place of the plan's text with our own paraphrase.

    ``id`` is stable (``c4-2-1-5``), ``number`` as printed (``第四章二（一）5``).
    """

    id: str
    number: str
    title: str
    paraphrase: str = ""
    parent: str | None = None


@dataclass(frozen=True, slots=True)
class MineralQuota:
    """A mineral of a zone with its numbers of mining rights; None where the plan is silent.

    ``as_printed`` is the plan's wording where it differs from the name of the code list.
    """

    mineral: str
    existing_rights: int | None = None
    planned_rights: int | None = None
    as_printed: str = ""


@dataclass(frozen=True, slots=True)
class Zone:
    """A planning zone or block (规划分区, 规划区块), as its box in the plan lists it.

    ``count`` is the number of areas one row stands for where the plan counts them without naming
    any; ``area_km2`` is then their total.
    """

    code: str
    kind: ZoneKind
    name: str
    counties: tuple[str, ...] = ()
    region: str = ""
    minerals: tuple[MineralQuota, ...] = ()
    area_km2: Decimal | None = None
    level: Level | None = None
    count: int = 1
    note: str = ""
    clause: str = ""
    measures: tuple[str, ...] = ()
    geometry: Polygonal | None = None
    schematic: bool = False

    @property
    def mineral_names(self) -> tuple[str, ...]:
        """The minerals of the zone, as the plan names them."""
        return tuple(item.mineral for item in self.minerals)


@dataclass(frozen=True, slots=True)
class Measure:
    """A management measure (管理措施) of a kind of zone or block; our own short paraphrase."""

    id: str
    applies_to: ZoneKind
    text: str
    clause: str


@dataclass(frozen=True, slots=True)
class BlockCount:
    """How many planning blocks of a mineral the plan sets (规划区块数), which level grants them."""

    kind: ZoneKind
    level: Level
    mineral: str
    count: int
    clause: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Quota:
    """A cap or target on yearly output or on the number of mines (开采总量, 矿山总数).

    ``mineral`` or ``county`` None means all. ``low`` and ``high`` are equal unless the operator is
    RANGE. ``reading`` distinguishes contradicting places of the plan (``table``, ``text``); the
    strictest decides and all are shown.
    """

    subject: str  # "output" | "capacity" | "mines" | "share-large-medium"
    mineral: str | None
    county: str | None
    year: int
    operator: Operator
    low: Decimal
    high: Decimal
    unit: str
    modality: Modality
    clause: str
    place: str = ""


@dataclass(frozen=True, slots=True)
class Threshold:
    """A limit a proposal is held against: minimum scale, service life, degree, area, distance.

    ``subject`` is a key such as ``minimum-scale``, ``minimum-service-life``,
    ``exploration-degree``, ``minimum-area``; ``mineral`` None means all. ``value`` is text for
    degrees (``detailed``) and a decimal figure otherwise.
    """

    subject: str
    mineral: str | None
    value: str
    unit: str
    modality: Modality
    clause: str
    rule: str = ""
    condition: str = ""


@dataclass(frozen=True, slots=True)
class Indicator:
    """An indicator of the plan (规划指标) with base and target values."""

    id: str
    name: str
    unit: str
    base: str
    operator: Operator
    target: str
    property: Property
    level: str
    clause: str
    modality: Modality = Modality.FIRM
    group: str = ""
    county: str | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Status:
    """The state at a date, from the plan's own tables or from a register (现状)."""

    subject: str  # "mines" | "output" | "capacity" | "area" | "rights"
    mineral: str | None
    county: str | None
    value: Decimal
    unit: str
    date: dt.date
    place: str


@dataclass(frozen=True, slots=True)
class Reading:
    """One of several values the plan gives for the same thing, and where it stands."""

    place: str
    value: str


@dataclass(frozen=True, slots=True)
class Contradiction:
    """A contradiction inside the plan: all readings are kept, none is chosen silently."""

    id: str
    subject: str
    readings: tuple[Reading, ...]
    note: str = ""


@dataclass(frozen=True, slots=True)
class SubPlan:
    """A county's part of the plan (分县规划); ``in_text`` False where the text omits it."""

    county: str
    in_text: bool
    clause: str = ""
    paraphrase: str = ""


@dataclass(frozen=True, slots=True)
class PlanTable:
    """A further table of the plan kept whole (rows as printed), for the reader and statistics."""

    id: str
    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    clause: str = ""


@dataclass(frozen=True, slots=True)
class Plan:
    """Identity of a plan: what it is, for whom, when, approved by which act."""

    id: str
    name: Text
    level: Level
    region_code: str
    region_name: str
    first_year: int
    last_year: int
    base_year: int
    act: str
    effective_from: dt.date
    effective_to: dt.date | None
    issuer: str
    version: str = ""
    source: str = ""
    city_minerals: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PlanSnapshot:
    """The plan as of a date, with the hash of everything it holds."""

    plan: Plan
    clauses: tuple[Clause, ...] = ()
    zones: tuple[Zone, ...] = ()
    measures: tuple[Measure, ...] = ()
    block_counts: tuple[BlockCount, ...] = ()
    quotas: tuple[Quota, ...] = ()
    thresholds: tuple[Threshold, ...] = ()
    indicators: tuple[Indicator, ...] = ()
    status: tuple[Status, ...] = ()
    contradictions: tuple[Contradiction, ...] = ()
    sub_plans: tuple[SubPlan, ...] = ()
    tables: tuple[PlanTable, ...] = ()
    sha256: str = ""

    def zones_of(self, *kinds: ZoneKind) -> tuple[Zone, ...]:
        """Zones of the given kinds, in the order of the plan."""
        return tuple(zone for zone in self.zones if zone.kind in kinds)

    def clause(self, clause_id: str) -> Clause | None:
        """The clause with this id, or None."""
        return next((item for item in self.clauses if item.id == clause_id), None)

    def thresholds_of(self, subject: str, mineral: str | None = None) -> tuple[Threshold, ...]:
        """Thresholds of a subject that apply to a mineral (those for all minerals included)."""
        return tuple(
            item
            for item in self.thresholds
            if item.subject == subject and item.mineral in (None, mineral)
        )

    def quotas_of(
        self, subject: str, mineral: str | None = None, county: str | None = None
    ) -> tuple[Quota, ...]:
        """Quotas exactly for this mineral and county (None means the quota over all)."""
        return tuple(
            item
            for item in self.quotas
            if item.subject == subject and item.mineral == mineral and item.county == county
        )

    def status_of(
        self, subject: str, mineral: str | None = None, county: str | None = None
    ) -> tuple[Status, ...]:
        """Status rows exactly for this mineral and county, newest first."""
        rows = [
            item
            for item in self.status
            if item.subject == subject and item.mineral == mineral and item.county == county
        ]
        return tuple(sorted(rows, key=lambda item: item.date, reverse=True))
