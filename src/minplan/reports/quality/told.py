"""What a report of a quality check tells: the inspection, its score, what it is compared with."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from shapely.geometry.base import BaseGeometry

from minplan.core.quality.check import Check, Family
from minplan.core.quality.comparison import Comparison
from minplan.core.quality.fault import Fault, Level
from minplan.core.quality.inspection import CheckResult, Inspection, State
from minplan.core.quality.score import Score
from minplan.core.review.finding import Outcome
from minplan.core.text import Text

#: The colours of the result palette that levels are shown in.
MARKS: Final[Mapping[Level, Outcome]] = {
    Level.FATAL: Outcome.CONFLICT,
    Level.ERROR: Outcome.CONFLICT,
    Level.WARNING: Outcome.ATTENTION,
    Level.INFO: Outcome.NOT_APPLICABLE,
}
#: Heads of the list of faults, in the workbook and on pages.
COLUMNS: Final = (
    Text("级别", "level"),
    Text("检查项", "check"),
    Text("名称", "title"),
    Text("文件", "file"),
    Text("图层或表", "layer or table"),
    Text("行", "row"),
    Text("标识", "key"),
    Text("字段", "field"),
    Text("问题", "what is wrong"),
    Text("现值", "found"),
    Text("应为", "should be"),
    Text("修改办法", "how to mend"),
    Text("经度", "longitude"),
    Text("纬度", "latitude"),
    Text("文中位置", "places in the text"),
    Text("把握", "certainty"),
    Text("与上次", "since the last check"),
)


@dataclass(frozen=True, slots=True)
class Told:
    """A quality check ready to be reported.

    ``number`` is its own, empty when it was not stored; ``before`` that of the check it is compared
    with. ``office`` and ``actor`` are who made it, ``made`` when. ``region`` (EPSG:4490) is drawn
    around places on thumbnails where it is known.
    """

    inspection: Inspection
    score: Score
    made: dt.datetime
    sha256: str = ""
    comparison: Comparison | None = None
    number: str = ""
    before: str = ""
    office: str = ""
    actor: str = ""
    region: BaseGeometry | None = None

    def check(self, result: CheckResult) -> Check | None:
        """The check a result is of; None when it is registered no more."""
        return self.inspection.checks.get(result.check)

    def title_of(self, check: str) -> Text:
        """The title of a check by its id; the id when it is registered no more."""
        found = self.inspection.checks.get(check)
        return found.title if found else Text(check, check)

    def found(self) -> Iterator[tuple[CheckResult, Check | None]]:
        """Results with faults, the worst level first, then in the order of the checks."""
        order = {level: number for number, level in enumerate(Level)}
        results = self.inspection.of(State.FOUND)
        for item in sorted(results, key=lambda r: min(order[level] for level in r.counts)):
            yield item, self.check(item)

    def since(self, fault: Fault) -> Text:
        """Whether a fault is new since the last check; empty without a comparison."""
        if self.comparison is None:
            return Text("", "")
        if fault.fingerprint in {item.fingerprint for item in self.comparison.new}:
            return Text("新增", "new")
        return Text("未改", "remaining")

    def summary(self) -> dict[Family, dict[Level, int]]:
        """Faults by family and level; families without a check are left out."""
        table: dict[Family, dict[Level, int]] = {}
        for result in self.inspection.results:
            check = self.check(result)
            if check is None or result.state is State.NOT_APPLICABLE:
                continue
            row = table.setdefault(check.family, dict.fromkeys(Level, 0))
            for level, count in result.counts.items():
                row[level] += count
        return {family: table[family] for family in Family if family in table}


def cells(told: Told, fault: Fault) -> tuple[Text | str | float | int, ...]:
    """A fault as a row under :data:`COLUMNS`."""
    shape = fault.geometry
    point = None if shape is None or shape.is_empty else shape.representative_point()
    places = [spot.describe() for spot in fault.spots]
    return (
        fault.level.word,
        fault.check,
        told.title_of(fault.check),
        fault.file,
        fault.layer,
        fault.row if fault.row is not None else "",
        fault.key,
        fault.field,
        fault.message,
        fault.value,
        fault.limit,
        fault.mend,
        round(point.x, 8) if point is not None else "",
        round(point.y, 8) if point is not None else "",
        Text("；".join(item.zh for item in places), "; ".join(item.en for item in places)),
        "" if fault.sure >= 1 else fault.sure,
        told.since(fault),
    )
