"""Which table of the standard holds which part of the plan, field by field."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from minplan.core.plan.columns import Column, Kind
from minplan.core.plan.model import (
    BlockCount,
    Clause,
    Indicator,
    Level,
    Measure,
    MineralQuota,
    Modality,
    Operator,
    Property,
    Quota,
    Status,
    SubPlan,
    Threshold,
    ZoneKind,
)
from minplan.core.standard.feature import FeatureValue
from minplan.core.standard.model import Edition

MINIMUM_SCALE: Final = "minimum-scale"
SEQUENCE: Final = "XH"
IDENTIFIER: Final = "BSM"


@dataclass(frozen=True, slots=True)
class Record:
    """A table and the plan value of its rows; ``key`` are the attributes that name a row."""

    table: str
    make: Callable[..., Any]
    key: tuple[str, ...]
    columns: tuple[Column, ...]
    fixed: tuple[tuple[str, Any], ...] = ()

    def write(
        self, values: Iterable[tuple[int, Any]], edition: Edition, extra: dict[str, Any]
    ) -> list[FeatureValue]:
        """Features of values numbered by their place in the plan; ``extra`` goes into each."""
        spec = edition.spec(self.table)
        taken: set[str] = set()
        features = []
        for number, value in values:
            told = [getattr(value, name) for name in self.key]
            key = unused("|".join("" if part is None else str(part) for part in told), taken)
            attributes = {IDENTIFIER: key, SEQUENCE: number, **extra}
            for column in self.columns:
                column.write(getattr(value, column.attribute), attributes, spec, edition)
            features.append(FeatureValue(self.table, key, attributes))
        return features

    def read(self, feature: FeatureValue, edition: Edition) -> Any:
        """The value of one row (PlanDataError E741 when a field cannot be read)."""
        cells = {item.attribute: item.read(feature, edition) for item in self.columns}
        return self.make(**{**cells, **dict(self.fixed)})


def unused(key: str, taken: set[str]) -> str:
    """``key``, numbered where it is taken already; notes it as taken."""
    number, free = 1, key
    while free in taken:
        number += 1
        free = f"{key}#{number}"
    taken.add(free)
    return free


def in_order(features: Sequence[FeatureValue]) -> list[FeatureValue]:
    """Features by their sequence; those without one come last, by key."""
    last = float("inf")
    return sorted(features, key=lambda item: (item.attributes.get(SEQUENCE, last), item.key))


def _word(field: str, attribute: str, domain: str, words: Any = None, **more: Any) -> Column:
    return Column(field, attribute, Kind.WORD, domain, words, **more)


def _figure(field: str, attribute: str) -> Column:
    return Column(field, attribute, Kind.FIGURE, printed=f"{field}WB", needed=True)


_MINERAL: Final = Column("KZ", "mineral", Kind.OPTIONAL)
_COUNTY: Final = Column("XQMC", "county", Kind.OPTIONAL)
_CLAUSE: Final = Column("CC", "clause")
_UNIT: Final = Column("DW", "unit")
_MODALITY: Final = _word("YSCD", "modality", "YSCD", Modality, needed=True)
_OPERATOR: Final = _word("YSF", "operator", "YSF", Operator, needed=True)

CLAUSES: Final = Record(
    "GHTK",
    Clause,
    ("id",),
    (
        Column("BSM", "id", needed=True),
        Column("TKBH", "number"),
        Column("BT", "title"),
        Column("GK", "paraphrase"),
        Column("SJTK", "parent", Kind.OPTIONAL),
    ),
)
MEASURES: Final = Record(
    "GLCS",
    Measure,
    ("id",),
    (
        Column("BSM", "id", needed=True),
        _word("FQLB", "applies_to", "FQLB", ZoneKind, needed=True),
        Column("CSNR", "text"),
        _CLAUSE,
    ),
)
ZONE_MINERALS: Final = Record(
    "FQKZ",
    MineralQuota,
    ("mineral",),
    (
        Column("KZ", "mineral", needed=True),
        Column("YSCKQS", "existing_rights", Kind.WHOLE),
        Column("NSCKQS", "planned_rights", Kind.WHOLE),
        Column("KZYW", "as_printed"),
    ),
)
BLOCK_COUNTS: Final = Record(
    "QKSL",
    BlockCount,
    ("kind", "level", "mineral"),
    (
        _word("FQLB", "kind", "FQLB", ZoneKind, needed=True),
        _word("FZJB", "level", "GHJB", Level, needed=True),
        Column("KZ", "mineral"),
        Column("GS", "count", Kind.WHOLE, needed=True),
        _CLAUSE,
        Column("BZ", "note"),
    ),
)
QUOTAS: Final = Record(
    "ZLKZ",
    Quota,
    ("subject", "mineral", "county", "year", "place"),
    (
        _word("KZSX", "subject", "KZSX", needed=True),
        _MINERAL,
        _COUNTY,
        Column("NF", "year", Kind.WHOLE, needed=True),
        _OPERATOR,
        _figure("XX", "low"),
        _figure("SX", "high"),
        _UNIT,
        _MODALITY,
        _CLAUSE,
        Column("WZ", "place"),
    ),
)
_LIMIT: Final = (
    _MINERAL,
    _UNIT,
    _MODALITY,
    _CLAUSE,
    Column("GZBH", "rule"),
    Column("SYTJ", "condition"),
)
LIMITS: Final = Record(
    "ZRXZ",
    Threshold,
    ("subject", "mineral", "condition", "clause"),
    (_word("XZSX", "subject", "XZSX", needed=True), Column("XZZ", "value"), *_LIMIT),
)
#: Figures only; the value of the plan is the printed text, the number beside it is for queries.
MINIMUM_SCALES: Final = Record(
    "ZDKCGM",
    Threshold,
    ("mineral", "condition", "clause"),
    (
        Column("ZDGM", "value", Kind.PRINTED, printed="ZDGMWB", needed=True),
        *_LIMIT,
    ),
    (("subject", MINIMUM_SCALE),),
)
INDICATORS: Final = Record(
    "GHZB",
    Indicator,
    ("id",),
    (
        Column("BSM", "id", needed=True),
        Column("ZBMC", "name", needed=True),
        _UNIT,
        Column("JQZ", "base"),
        _OPERATOR,
        Column("MBZ", "target"),
        _word("ZBSX", "property", "ZBSX", Property, needed=True),
        _word("ZBJB", "level", "GHJB", empty=""),
        _CLAUSE,
        _MODALITY,
        Column("ZBFZ", "group"),
        _COUNTY,
        Column("BZ", "note"),
    ),
)
STATUS: Final = Record(
    "XZSJ",
    Status,
    ("subject", "mineral", "county", "date", "place"),
    (
        _word("SJSX", "subject", "XZSJ", needed=True),
        _MINERAL,
        _COUNTY,
        _figure("SZ", "value"),
        _UNIT,
        Column("RQ", "date", Kind.DATE, needed=True),
        Column("CC", "place"),
    ),
)
SUB_PLANS: Final = Record(
    "FXGH",
    SubPlan,
    ("county",),
    (
        Column("XQMC", "county"),
        Column("WBYW", "in_text", Kind.FLAG),
        _CLAUSE,
        Column("GK", "paraphrase"),
    ),
)
