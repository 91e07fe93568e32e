"""The rows of each file of a plan package as values of the plan."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Final

from minplan.core.plan.model import (
    BlockCount,
    Clause,
    Contradiction,
    Indicator,
    Level,
    Measure,
    MineralQuota,
    Modality,
    Operator,
    Plan,
    PlanTable,
    Property,
    Quota,
    Reading,
    Status,
    SubPlan,
    Threshold,
    Zone,
    ZoneKind,
)
from minplan.core.plan.package import ZoneGeometry, as_text
from minplan.core.plan.references import References
from minplan.core.plan.rows import Cells, Table
from minplan.core.text import Text

#: Words a quota, a status row and a threshold may be about; a rule or a statistic reads each.
QUOTA_SUBJECTS: Final = ("output", "capacity", "mines", "share-large-medium")
STATUS_SUBJECTS: Final = (
    "mines",
    "large-mines",
    "medium-mines",
    "large-medium-mines",
    "small-mines",
    "output",
    "capacity",
    "area",
    "exploration-rights",
    "exploration-area",
    "mining-rights",
    "identified-resource",
    "share-large-medium",
    "green-mine-share",
    "three-rates-share",
)
THRESHOLD_SUBJECTS: Final = (
    "minimum-scale",
    "minimum-mine-size",
    "minimum-service-life",
    "exploration-degree",
    "geological-work",
    "minimum-area",
    "holders-per-block",
    "green-mine-months",
    "vented-methane",
    "adjustments-per-year",
)
_BLOCKS: Final = (ZoneKind.EXPLORATION_BLOCK.value, ZoneKind.MINING_BLOCK.value)
_DEGREES: Final = ("reconnaissance", "prospecting", "general", "detailed")
_SIZES: Final = ("large", "medium", "small")
# Thresholds whose value is a word, not a figure.
_WORDED: Final = {
    "exploration-degree": _DEGREES,
    "minimum-mine-size": _SIZES,
    "geological-work": ("construction",),
}
_RULE_ID = re.compile(r"R-[A-Z]+-\d{2}")
_CONDITION = re.compile(r"[a-z][a-z-]*=[^=]+")
_REGION_CODE = re.compile(r"\d{6}")
_PLAN_ID = re.compile(r"[A-Za-z0-9]+(-[A-Za-z0-9]+)*")


def read_plan(cells: Cells, refs: References) -> Plan:
    """The identity of the plan (E413 when the period or the dates run backwards)."""
    first, last = cells.year("first_year"), cells.year("last_year")
    start = cells.date("effective_from")
    end = cells.date("effective_to")
    if last < first:
        cells.add(
            "E413",
            Text(f"末年 {last} 早于首年 {first}", f"last year {last} is before {first}"),
            "last_year",
            Text("请核对规划期", "check the period"),
        )
    if start is not None and end is not None and end < start:
        cells.add(
            "E413",
            Text(f"失效日期 {end} 早于生效日期 {start}", f"{end} is before {start}"),
            "effective_to",
            Text("请核对日期", "check the dates"),
        )
    identity = cells.text("id")
    if identity and not _PLAN_ID.fullmatch(identity):
        cells.add(
            "E409",
            Text(f"“{identity}”不能作编号", f"“{identity}” cannot be an id"),
            "id",
            Text("只用字母、数字和连字符", "use letters, digits and hyphens only"),
        )
    return Plan(
        id=identity,
        name=Text(cells.text("name_zh"), cells.text("name_en")),
        level=cells.choice("level", Level),
        region_code=_region_code(cells, "region_code"),
        region_name=cells.text("region_name"),
        first_year=first,
        last_year=last,
        base_year=cells.year("base_year"),
        act=cells.text("act"),
        effective_from=start or dt.date.min,  # an empty cell is a fault (E407) already
        effective_to=end,
        issuer=cells.text("issuer"),
        version=cells.text("version"),
        source=cells.text("source"),
        city_minerals=refs.minerals(cells, "city_minerals"),
    )


def read_county(cells: Cells, refs: References, ground: ZoneGeometry | None) -> Zone:
    """A row of counties.csv as a zone of kind county; its name becomes known."""
    name = cells.text("name")
    refs.counties.add(name)
    return Zone(
        code=_region_code(cells, "code"),
        kind=ZoneKind.COUNTY,
        name=name,
        counties=(name,),
        region=name,
        level=Level.COUNTY,
        note=cells.text("english"),
        geometry=ground.polygonal if ground else None,
        schematic=ground.schematic if ground else False,
    )


def read_clause(cells: Cells, refs: References) -> Clause:
    """A row of clauses.csv; its id becomes known, its parent must be already."""
    parent = cells.text("parent")
    if parent and parent not in refs.clauses:
        cells.add(
            "E410",
            Text(f"上级条款“{parent}”没有列在前面", f"parent “{parent}” is not listed before"),
            "parent",
            Text("按章节顺序排列，上级在前", "list clauses in order, parents first"),
        )
    refs.clauses.add(cells.text("id"))
    return Clause(
        id=cells.text("id"),
        number=cells.text("number"),
        title=cells.text("title"),
        paraphrase=cells.text("paraphrase"),
        parent=parent or None,
    )


def read_zone(cells: Cells, refs: References, ground: ZoneGeometry | None) -> Zone:
    """A row of zones.csv, without its minerals and measures."""
    count = cells.integer("count")
    return Zone(
        code=cells.text("code"),
        kind=cells.choice("kind", ZoneKind),
        name=cells.text("name"),
        counties=refs.counties_of(cells),
        region=cells.text("region"),
        area_km2=cells.number("area_km2"),
        level=cells.choice("level", Level) if cells.text("level") else None,
        count=1 if count is None else count,
        note=cells.text("note"),
        clause=refs.clause(cells),
        geometry=ground.polygonal if ground else None,
        schematic=ground.schematic if ground else False,
    )


def read_measure(cells: Cells, refs: References) -> Measure:
    """A row of measures.csv."""
    return Measure(
        id=cells.text("id"),
        applies_to=cells.choice("applies_to", ZoneKind),
        text=cells.text("text"),
        clause=refs.clause(cells),
    )


def read_zone_mineral(cells: Cells, refs: References) -> MineralQuota:
    """A row of zone_minerals.csv; the zone it belongs to is in the column ``zone``."""
    return MineralQuota(
        mineral=refs.mineral(cells) or "",
        existing_rights=cells.integer("existing_rights"),
        planned_rights=cells.integer("planned_rights"),
        as_printed=cells.text("as_printed") or cells.text("mineral"),
    )


def read_block_count(cells: Cells, refs: References) -> BlockCount:
    """A row of block_counts.csv."""
    return BlockCount(
        kind=ZoneKind(cells.one_of("kind", _BLOCKS) or _BLOCKS[0]),
        level=cells.choice("level", Level),
        mineral=refs.mineral(cells) or "",
        count=cells.integer("count") or 0,
        clause=refs.clause(cells),
        note=cells.text("note"),
    )


def read_quota(cells: Cells, refs: References) -> Quota:
    """A row of quotas.csv (E414 when the figures do not suit the operator)."""
    operator = cells.choice("operator", Operator)
    low, high = cells.number("low") or Decimal(0), cells.number("high") or Decimal(0)
    if operator is Operator.RISING:
        cells.one_of("operator", ("<=", ">=", "=", "range"))
    if cells.sound and (low > high or (operator is Operator.RANGE) == (low == high)):
        cells.add(
            "E414",
            Text(
                f"运算符“{operator.value}”与 {low}—{high} 不配",
                f"operator “{operator.value}” does not suit {low} to {high}",
            ),
            "low",
            Text(
                "区间写 range 且下限小于上限；其他运算符上下限写同一数字",
                "a range has low below high; any other operator has both figures equal",
            ),
        )
    return Quota(
        subject=cells.one_of("subject", QUOTA_SUBJECTS),
        mineral=refs.mineral(cells),
        county=refs.county(cells),
        year=cells.year("year"),
        operator=operator,
        low=low,
        high=high,
        unit=cells.text("unit"),
        modality=cells.choice("modality", Modality),
        clause=refs.clause(cells),
        place=cells.text("place"),
    )


def read_threshold(cells: Cells, refs: References) -> Threshold:
    """A row of thresholds.csv."""
    rule = cells.text("rule")
    if rule and not _RULE_ID.fullmatch(rule):
        cells.add(
            "E409",
            Text(f"“{rule}”不是规则编号", f"“{rule}” is not a rule id"),
            "rule",
            Text("写成 R-AT-01 的样子", "write it like R-AT-01"),
        )
    for item in cells.names("condition"):
        if not _CONDITION.fullmatch(item):
            cells.add(
                "E409",
                Text(f"条件“{item}”不成“键=值”", f"condition “{item}” is not key=value"),
                "condition",
                Text("如 group=sand-stone、deposit=large", "such as group=sand-stone"),
            )
    subject = cells.one_of("subject", THRESHOLD_SUBJECTS)
    if words := _WORDED.get(subject):
        cells.one_of("value", words)
    else:
        cells.number("value")
    return Threshold(
        subject=subject,
        mineral=refs.mineral(cells),
        value=cells.text("value"),
        unit=cells.text("unit"),
        modality=cells.choice("modality", Modality),
        clause=refs.clause(cells),
        rule=rule,
        condition=cells.text("condition"),
    )


def read_indicator(cells: Cells, refs: References) -> Indicator:
    """A row of indicators.csv."""
    return Indicator(
        id=cells.text("id"),
        name=cells.text("name"),
        unit=cells.text("unit"),
        base=cells.text("base"),
        operator=cells.choice("operator", Operator),
        target=cells.text("target"),
        property=cells.choice("property", Property),
        level=cells.choice("level", Level).value,
        clause=refs.clause(cells),
        modality=cells.choice("modality", Modality, Modality.FIRM),
        group=cells.text("group"),
        county=refs.county(cells),
        note=cells.text("note"),
    )


def read_status(cells: Cells, refs: References) -> Status:
    """A row of status.csv."""
    return Status(
        subject=cells.one_of("subject", STATUS_SUBJECTS),
        mineral=refs.mineral(cells),
        county=refs.county(cells),
        value=cells.number("value") or Decimal(0),
        unit=cells.text("unit"),
        date=cells.date("date"),  # type: ignore[arg-type]  # None is a fault (E407) already
        place=refs.clause(cells, "place"),
    )


def read_sub_plan(cells: Cells, refs: References) -> SubPlan:
    """A row of sub_plans.csv."""
    return SubPlan(
        county=refs.county(cells) or "",
        in_text=cells.flag("in_text"),
        clause=refs.clause(cells),
        paraphrase=cells.text("paraphrase"),
    )


def read_plan_table(cells: Cells, refs: References, further: Mapping[str, Table]) -> PlanTable:
    """An entry of tables.toml with the rows of its file (E402 when the file is not there)."""
    name = cells.text("file")
    table = further.get(name)
    if name and table is None:
        cells.add(
            "E402",
            Text(f"缺少文件 {name}", f"{name} is missing"),
            "file",
            Text("放到 tables 文件夹，或改正文件名", "put it in tables/, or mend the name"),
        )
    return PlanTable(
        id=cells.text("id"),
        title=cells.text("title"),
        columns=table.columns if table else (),
        rows=tuple(tuple(row.cells.values()) for row in table.rows) if table else (),
        clause=refs.clause(cells),
    )


def read_contradiction(cells: Cells, readings: Any) -> Contradiction:
    """An entry of contradictions.toml; it needs two readings or more (E407)."""
    read = tuple(
        Reading(as_text(item.get("place", "")).strip(), as_text(item.get("value", "")).strip())
        for item in (readings if isinstance(readings, list) else [])
        if isinstance(item, Mapping)
    )
    if len(read) < 2 or any(not item.place or not item.value for item in read):
        cells.add(
            "E407",
            Text("矛盾至少要有两处，各写 place 和 value", "two readings with both keys are needed"),
            "readings",
            Text(
                '如 readings = [{ place = "表4", value = "20" }, …]',
                'such as readings = [{ place = "table 4", value = "20" }, …]',
            ),
        )
    return Contradiction(cells.text("id"), cells.text("subject"), read, cells.text("note"))


def _region_code(cells: Cells, field: str) -> str:
    code = cells.text(field)
    if code and not _REGION_CODE.fullmatch(code):
        cells.add(
            "E409",
            Text(f"“{code}”不是六位行政区划代码", f"“{code}” is not a six-digit division code"),
            field,
            Text("按 GB/T 2260 写六位数字", "write the six digits of GB/T 2260"),
        )
    return code
