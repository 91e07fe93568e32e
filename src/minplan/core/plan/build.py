"""From the rows of a plan package to a snapshot: validate everything, name every fault.

Pure: :mod:`minplan.formats.plan_package` reads the files.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Final, TypeVar

from minplan.core.errors import Faults, MinplanError
from minplan.core.plan import entries, package
from minplan.core.plan.canonical import content_hash
from minplan.core.plan.checks import run_checks
from minplan.core.plan.model import Contradiction, Measure, MineralQuota, PlanSnapshot, Zone
from minplan.core.plan.package import PlanFiles, all_rows
from minplan.core.plan.references import References, unknown
from minplan.core.plan.rows import Cells, Row, fault
from minplan.core.text import Text

T = TypeVar("T")

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
    (("status.csv", ("subject", "mineral", "county", "date", "place")),),
    (("sub_plans.csv", ("county",)),),
    ((package.CONTRADICTIONS, ("id",)),),
    ((package.TABLES, ("id",)),),
)


def build(files: PlanFiles) -> PlanSnapshot:
    """The snapshot of a package.

    Raises :class:`~minplan.core.errors.Faults` with every fault found (E402, E404–E418), each
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
        self.refs = References()

    def snapshot(self) -> PlanSnapshot:
        """The snapshot without its hash; ``faults`` tells whether it may be used."""
        refs = self.refs
        counties = tuple(
            entries.read_county(cells, refs, self.files.geometry.get(cells.text("code")))
            for cells in self._cells("counties.csv")
        )
        clauses = self._each("clauses.csv", entries.read_clause)
        identity = next(self._cells(package.PLAN), Cells(Row(package.PLAN, None, {}), self.faults))
        measures = self._each("measures.csv", entries.read_measure)
        snapshot = PlanSnapshot(
            plan=entries.read_plan(identity, refs),
            clauses=clauses,
            zones=(*counties, *self._zones(measures)),
            measures=measures,
            block_counts=self._each("block_counts.csv", entries.read_block_count),
            quotas=self._each("quotas.csv", entries.read_quota),
            thresholds=self._each("thresholds.csv", entries.read_threshold),
            indicators=self._each("indicators.csv", entries.read_indicator),
            status=self._each("status.csv", entries.read_status),
            contradictions=self._contradictions(),
            sub_plans=self._each("sub_plans.csv", entries.read_sub_plan),
            tables=tuple(
                entries.read_plan_table(cells, refs, self.files.further)
                for cells in self._cells(package.TABLES)
            ),
        )
        self._unique()
        self._unlisted_tables()
        self._unplaced_geometry({zone.code for zone in snapshot.zones})
        checks = self.files.documents.get(package.PLAN, {}).get("checks", [])
        known = {item.id for item in snapshot.contradictions}
        faulty = {item.place.file for item in self.faults}
        self.faults.extend(run_checks(checks, self.files, known, faulty))
        return snapshot

    def _cells(self, file: str) -> Iterator[Cells]:
        return (Cells(row, self.faults) for row in self.rows[file])

    def _each(self, file: str, read: Callable[[Cells, References], T]) -> tuple[T, ...]:
        return tuple(read(cells, self.refs) for cells in self._cells(file))

    def _zones(self, measures: tuple[Measure, ...]) -> tuple[Zone, ...]:
        known = {cells.text("code") for cells in self._cells("zones.csv")}
        minerals: dict[str, list[MineralQuota]] = {}
        for cells in self._cells("zone_minerals.csv"):
            code = cells.text("zone")
            if code and code not in known:
                unknown(cells, "zone", code, "zones.csv")
            minerals.setdefault(code, []).append(entries.read_zone_mineral(cells, self.refs))
        zones = []
        for cells in self._cells("zones.csv"):
            ground = self.files.geometry.get(cells.text("code"))
            zone = entries.read_zone(cells, self.refs, ground)
            held = tuple(item.id for item in measures if item.applies_to is zone.kind)
            zones.append(replace(zone, minerals=tuple(minerals.get(zone.code, ())), measures=held))
        return tuple(zones)

    def _contradictions(self) -> tuple[Contradiction, ...]:
        document = self.files.documents.get(package.CONTRADICTIONS, {})
        listed = document.get("contradiction", [])
        return tuple(
            entries.read_contradiction(cells, entry.get("readings", []))
            for cells, entry in zip(self._cells(package.CONTRADICTIONS), listed, strict=True)
        )

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
