"""From the rows of a plan package to a snapshot: validate everything, name every fault.

Pure: :mod:`minplan.formats.plan_package` reads the files.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any, Final, TypeVar

from minplan.core.errors import Faults, MinplanError
from minplan.core.plan import package
from minplan.core.plan.canonical import content_hash
from minplan.core.plan.checks import run_checks
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
    PlanSnapshot,
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
from minplan.core.plan.package import PlanFiles, all_rows
from minplan.core.plan.rows import Cells, Row, fault
from minplan.core.standard.minerals import find_mineral
from minplan.core.text import Text

T = TypeVar("T")

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
    "minimum-area",
    "holders-per-block",
    "green-mine-months",
    "vented-methane",
    "adjustments-per-year",
    "distance",
)
_BLOCKS: Final = (ZoneKind.EXPLORATION_BLOCK, ZoneKind.MINING_BLOCK)
_RULE_ID = re.compile(r"R-[A-Z]+-\d{2}")
_CONDITION = re.compile(r"[a-z][a-z-]*=[^=]+")
_REGION_CODE = re.compile(r"\d{6}")


def build(files: PlanFiles) -> PlanSnapshot:
    """The snapshot of a package.

    Raises :class:`~minplan.core.errors.Faults` with every fault found (E402, E405–E419), each
    naming file, row, field, the value and how to mend it.
    """
    builder = _Builder(files)
    snapshot = builder.snapshot()
    if builder.faults:
        raise Faults(builder.faults)
    return replace(snapshot, sha256=content_hash(snapshot))


class _Builder:
    """Reads each file in turn; later files refer to what earlier ones name."""

    def __init__(self, files: PlanFiles) -> None:
        self.files = files
        self.faults: list[MinplanError] = []
        self.rows = all_rows(files, self.faults)
        self.counties: set[str] = set()
        self.clauses: set[str] = set()
        self.zones: set[str] = set()

    def snapshot(self) -> PlanSnapshot:
        counties = self._each("counties.csv", self._county)
        self.counties = {zone.name for zone in counties}
        clauses = self._each("clauses.csv", self._clause)
        plan = self._plan()
        measures = self._each("measures.csv", self._measure)
        zones = self._zones(counties, measures)
        snapshot = PlanSnapshot(
            plan=plan,
            clauses=clauses,
            zones=zones,
            measures=measures,
            block_counts=self._each("block_counts.csv", self._block_count),
            quotas=self._each("quotas.csv", self._quota),
            thresholds=self._each("thresholds.csv", self._threshold),
            indicators=self._each("indicators.csv", self._indicator),
            status=self._each("status.csv", self._status),
            contradictions=self._contradictions(),
            sub_plans=self._each("sub_plans.csv", self._sub_plan),
            tables=self._each(package.TABLES, self._plan_table),
        )
        self._unique()
        self._unlisted_tables()
        document = self.files.documents.get(package.PLAN, {})
        contradictions = {item.id for item in snapshot.contradictions}
        self.faults.extend(run_checks(document.get("checks", []), self.files, contradictions))
        return snapshot

    # -- one row of each file -----------------------------------------------------------------

    def _plan(self) -> Plan:
        rows = self.rows[package.PLAN]
        cells = Cells(rows[0] if rows else Row(package.PLAN, None, {}), self.faults)
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
        code = cells.text("region_code")
        if code and not _REGION_CODE.fullmatch(code):
            self._bad_region_code(cells, "region_code", code)
        return Plan(
            id=cells.text("id"),
            name=Text(cells.text("name_zh"), cells.text("name_en")),
            level=cells.choice("level", Level),
            region_code=code,
            region_name=cells.text("region_name"),
            first_year=first,
            last_year=last,
            base_year=cells.year("base_year"),
            act=cells.text("act"),
            effective_from=start,  # type: ignore[arg-type]  # None is a fault (E407) already
            effective_to=end,
            issuer=cells.text("issuer"),
            version=cells.text("version"),
            source=cells.text("source"),
            city_minerals=tuple(
                self._mineral_name(cells, "city_minerals", name)
                for name in cells.names("city_minerals")
            ),
        )

    def _county(self, cells: Cells) -> Zone:
        code = cells.text("code")
        if code and not _REGION_CODE.fullmatch(code):
            self._bad_region_code(cells, "code", code)
        name = cells.text("name")
        ground = self.files.geometry.get(code)
        return Zone(
            code=code,
            kind=ZoneKind.COUNTY,
            name=name,
            counties=(name,),
            region=name,
            level=Level.COUNTY,
            note=cells.text("english"),
            geometry=ground.polygonal if ground else None,
            schematic=ground.schematic if ground else False,
        )

    def _clause(self, cells: Cells) -> Clause:
        parent = cells.text("parent")
        if parent and parent not in self.clauses:
            cells.add(
                "E410",
                Text(f"上级条款“{parent}”没有列在前面", f"parent “{parent}” is not listed before"),
                "parent",
                Text("按章节顺序排列，上级在前", "list clauses in order, parents first"),
            )
        self.clauses.add(cells.text("id"))
        return Clause(
            id=cells.text("id"),
            number=cells.text("number"),
            title=cells.text("title"),
            paraphrase=cells.text("paraphrase"),
            parent=parent or None,
        )

    def _measure(self, cells: Cells) -> Measure:
        return Measure(
            id=cells.text("id"),
            applies_to=cells.choice("applies_to", ZoneKind),
            text=cells.text("text"),
            clause=self._clause_id(cells, "clause"),
        )

    def _zones(self, counties: tuple[Zone, ...], measures: tuple[Measure, ...]) -> tuple[Zone, ...]:
        self.zones = {row.cells.get("code", "").strip() for row in self.rows["zones.csv"]}
        minerals: dict[str, list[MineralQuota]] = {}
        for row in self.rows["zone_minerals.csv"]:
            cells = Cells(row, self.faults)
            code = cells.text("zone")
            if code and code not in self.zones:
                self._unknown(cells, "zone", code, "zones.csv")
            minerals.setdefault(code, []).append(self._zone_mineral(cells))
        zones = []
        for row in self.rows["zones.csv"]:
            zone = self._zone(Cells(row, self.faults))
            held = tuple(item.id for item in measures if item.applies_to is zone.kind)
            zones.append(replace(zone, minerals=tuple(minerals.get(zone.code, ())), measures=held))
        self._unplaced_geometry({zone.code for zone in (*counties, *zones)})
        return (*counties, *zones)

    def _zone(self, cells: Cells) -> Zone:
        ground = self.files.geometry.get(cells.text("code"))
        count = cells.integer("count")
        return Zone(
            code=cells.text("code"),
            kind=cells.choice("kind", ZoneKind),
            name=cells.text("name"),
            counties=tuple(
                self._county_name(cells, "counties", name) for name in cells.names("counties")
            ),
            region=cells.text("region"),
            area_km2=cells.number("area_km2"),
            level=cells.choice("level", Level) if cells.text("level") else None,
            count=1 if count is None else count,
            note=cells.text("note"),
            clause=self._clause_id(cells, "clause"),
            geometry=ground.polygonal if ground else None,
            schematic=ground.schematic if ground else False,
        )

    def _zone_mineral(self, cells: Cells) -> MineralQuota:
        return MineralQuota(
            mineral=self._mineral(cells) or "",
            existing_rights=cells.integer("existing_rights"),
            planned_rights=cells.integer("planned_rights"),
            as_printed=cells.text("as_printed") or cells.text("mineral"),
        )

    def _block_count(self, cells: Cells) -> BlockCount:
        kind = cells.choice("kind", ZoneKind, _BLOCKS[0])
        if kind not in _BLOCKS:
            cells.one_of("kind", [item.value for item in _BLOCKS])
        return BlockCount(
            kind=kind,
            level=cells.choice("level", Level),
            mineral=self._mineral(cells) or "",
            count=cells.integer("count") or 0,
            clause=self._clause_id(cells, "clause"),
            note=cells.text("note"),
        )

    def _quota(self, cells: Cells) -> Quota:
        operator = cells.choice("operator", Operator)
        low, high = cells.number("low") or Decimal(0), cells.number("high") or Decimal(0)
        if operator is Operator.RISING:
            cells.one_of("operator", ("<=", ">=", "=", "range"))
        if low > high or (operator is Operator.RANGE) == (low == high):
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
            mineral=self._mineral(cells),
            county=self._county_or_none(cells),
            year=cells.year("year"),
            operator=operator,
            low=low,
            high=high,
            unit=cells.text("unit"),
            modality=cells.choice("modality", Modality),
            clause=self._clause_id(cells, "clause"),
            place=cells.text("place"),
        )

    def _threshold(self, cells: Cells) -> Threshold:
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
        return Threshold(
            subject=cells.one_of("subject", THRESHOLD_SUBJECTS),
            mineral=self._mineral(cells),
            value=cells.text("value"),
            unit=cells.text("unit"),
            modality=cells.choice("modality", Modality),
            clause=self._clause_id(cells, "clause"),
            rule=rule,
            condition=cells.text("condition"),
        )

    def _indicator(self, cells: Cells) -> Indicator:
        return Indicator(
            id=cells.text("id"),
            name=cells.text("name"),
            unit=cells.text("unit"),
            base=cells.text("base"),
            operator=cells.choice("operator", Operator),
            target=cells.text("target"),
            property=cells.choice("property", Property),
            level=cells.choice("level", Level).value,
            clause=self._clause_id(cells, "clause"),
            modality=cells.choice("modality", Modality, Modality.FIRM),
            group=cells.text("group"),
            county=self._county_or_none(cells),
            note=cells.text("note"),
        )

    def _status(self, cells: Cells) -> Status:
        return Status(
            subject=cells.one_of("subject", STATUS_SUBJECTS),
            mineral=self._mineral(cells),
            county=self._county_or_none(cells),
            value=cells.number("value") or Decimal(0),
            unit=cells.text("unit"),
            date=cells.date("date"),  # type: ignore[arg-type]  # None is a fault (E407) already
            place=self._clause_id(cells, "place"),
        )

    def _sub_plan(self, cells: Cells) -> SubPlan:
        return SubPlan(
            county=self._county_or_none(cells) or "",
            in_text=cells.flag("in_text"),
            clause=self._clause_id(cells, "clause"),
            paraphrase=cells.text("paraphrase"),
        )

    def _plan_table(self, cells: Cells) -> PlanTable:
        name = cells.text("file")
        table = self.files.further.get(name)
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
            clause=self._clause_id(cells, "clause"),
        )

    def _contradictions(self) -> tuple[Contradiction, ...]:
        entries = self.files.documents.get(package.CONTRADICTIONS, {}).get("contradiction", [])
        found = []
        for row, entry in zip(self.rows[package.CONTRADICTIONS], entries, strict=True):
            cells = Cells(row, self.faults)
            readings = tuple(_readings(entry.get("readings", [])))
            if len(readings) < 2 or any(not r.place or not r.value for r in readings):
                cells.add(
                    "E407",
                    Text("矛盾至少要有两处，各写 place 和 value", "two readings are needed"),
                    "readings",
                    Text(
                        '如 readings = [{ place = "表4", value = "20" }, …]',
                        'such as readings = [{ place = "table 4", value = "20" }, …]',
                    ),
                )
            found.append(
                Contradiction(cells.text("id"), cells.text("subject"), readings, cells.text("note"))
            )
        return tuple(found)

    # -- references ---------------------------------------------------------------------------

    def _each(self, file: str, read: Callable[[Cells], T]) -> tuple[T, ...]:
        return tuple(read(Cells(row, self.faults)) for row in self.rows[file])

    def _clause_id(self, cells: Cells, field: str) -> str:
        clause = cells.text(field)
        if clause and clause not in self.clauses:
            self._unknown(cells, field, clause, "clauses.csv")
        return clause

    def _county_or_none(self, cells: Cells) -> str | None:
        name = cells.text("county")
        return self._county_name(cells, "county", name) if name else None

    def _county_name(self, cells: Cells, field: str, name: str) -> str:
        if name not in self.counties:
            self._unknown(cells, field, name, "counties.csv")
        return name

    def _mineral(self, cells: Cells) -> str | None:
        name = cells.text("mineral")
        return self._mineral_name(cells, "mineral", name) if name else None

    def _mineral_name(self, cells: Cells, field: str, name: str) -> str:
        mineral = find_mineral(name)
        if mineral is None:
            self._unknown(cells, field, name, "minerals.csv")
            return name
        return mineral.name

    def _unknown(self, cells: Cells, field: str, value: str, where: str) -> None:
        cells.add(
            "E410",
            Text(f"{where} 里没有“{value}”", f"“{value}” is not in {where}"),
            field,
            Text(f"改正写法，或先在 {where} 增加", f"mend it, or add it to {where} first"),
        )

    def _bad_region_code(self, cells: Cells, field: str, code: str) -> None:
        cells.add(
            "E409",
            Text(f"“{code}”不是六位行政区划代码", f"“{code}” is not a six-digit division code"),
            field,
            Text("按 GB/T 2260 写六位数字", "write the six digits of GB/T 2260"),
        )

    # -- the package as a whole -----------------------------------------------------------------

    def _unique(self) -> None:
        for keys in _KEYS:
            seen: dict[tuple[str, ...], str] = {}
            for file, fields in keys:
                for row in self.rows[file]:
                    key = tuple(row.cells.get(name, "").strip() for name in fields)
                    where = f"{file} 第 {row.number} 行"
                    if any(key) and key in seen:
                        Cells(row, self.faults).add(
                            "E411",
                            Text(
                                f"“{'，'.join(key)}”重复，已见于 {seen[key]}",
                                f"“{', '.join(key)}” is there already ({seen[key]})",
                            ),
                            fields[0],
                            Text("改编号，或删去重复的一行", "change it, or drop one of the rows"),
                        )
                    seen.setdefault(key, where)

    def _unlisted_tables(self) -> None:
        listed = {row.cells.get("file", "") for row in self.rows[package.TABLES]}
        self.faults.extend(
            fault(
                "E404",
                Text(f"{name} 没有列入 tables.toml", f"{name} is not listed in tables.toml"),
                file=name,
                hint=Text("在 tables.toml 增加一项，或删去文件", "list it, or remove the file"),
            )
            for name in self.files.further
            if name not in listed
        )

    def _unplaced_geometry(self, codes: set[str]) -> None:
        self.faults.extend(
            fault(
                "E416",
                Text(
                    f"图形的编号“{code}”不在 zones.csv 和 counties.csv",
                    f"code “{code}” of a geometry is in neither zones.csv nor counties.csv",
                ),
                file=package.GEOMETRY,
                field="code",
                hint=Text("改正图形的编号，或补上分区", "mend the code, or add the zone"),
            )
            for code in self.files.geometry
            if code not in codes
        )


# Fields that together must be unique; files in one group share one space of keys.
_KEYS: Final[tuple[tuple[tuple[str, tuple[str, ...]], ...], ...]] = (
    (("counties.csv", ("code",)), ("zones.csv", ("code",))),
    (("counties.csv", ("name",)),),
    (("clauses.csv", ("id",)),),
    (("zone_minerals.csv", ("zone", "mineral")),),
    (("measures.csv", ("id",)),),
    (("block_counts.csv", ("kind", "level", "mineral")),),
    (("quotas.csv", ("subject", "mineral", "county", "year", "place")),),
    (("thresholds.csv", ("subject", "mineral", "condition", "clause")),),
    (("indicators.csv", ("id",)),),
    (("sub_plans.csv", ("county",)),),
    ((package.CONTRADICTIONS, ("id",)),),
    ((package.TABLES, ("id",)),),
)


def _readings(entries: Iterable[Mapping[str, Any]]) -> Iterable[Reading]:
    for entry in entries:
        place = package.as_text(entry.get("place", "")) if isinstance(entry, dict) else ""
        value = package.as_text(entry.get("value", "")) if isinstance(entry, dict) else ""
        yield Reading(place, value)
