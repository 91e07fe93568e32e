"""Stored checks taken back: for reports and pages of earlier ones."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from shapely.geometry.base import BaseGeometry

from minplan.core.quality.check import Family
from minplan.core.quality.comparison import compare
from minplan.core.quality.record import read
from minplan.core.quality.score import Grade, Score, Verdict
from minplan.core.text import Text
from minplan.reports.quality import Told

if TYPE_CHECKING:
    from minplan.database.models import Inspection as Row


def told_of(row: Row, *, office: str = "", region: BaseGeometry | None = None) -> Told:
    """A stored check ready to be reported: as it was judged then, compared as it was then.

    Raises StoreError E811 when the check it was compared with may not be seen.
    """
    from minplan.database import inspections  # noqa: PLC0415  (has tables)

    made = read(row.record)
    before = str(row.record.get("before", ""))
    compared = compare(read(inspections.get(before).record), made) if before else None
    return Told(
        inspection=made,
        score=score_of(row.record["score"]),
        made=row.recorded.replace(microsecond=0),
        sha256=row.sha256,
        comparison=compared,
        number=row.number,
        before=before,
        office=office,
        actor=row.actor,
        region=region,
    )


def score_of(told: dict[str, Any]) -> Score:
    """The score as it was stored."""
    name = Text(**told["grade"])
    return Score(
        points=told["points"],
        grade=Grade(key=name.en, name=name, least=0.0),
        verdict=Verdict(told["verdict"]),
        families={Family(key): points for key, points in told["families"].items()},
        reasons=tuple(Text(**item) for item in told["reasons"]),
    )
