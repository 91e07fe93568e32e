"""Reports of a case: the stored review, written again with who checked and signed it."""

# ruff: noqa: PLC0415  (modules with tables can be imported once a database is configured)
from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from minplan.core.access import Access
from minplan.core.access.sight import sees_constraint
from minplan.core.errors import StoreError
from minplan.core.review.finding import Evidence, Verdict
from minplan.core.review.record import Reading
from minplan.core.text import Language, Text
from minplan.reports import MapContext, draw_map, write_reports
from minplan.reports.maps.surroundings import surroundings
from minplan.reports.particulars import Particulars, Signed
from minplan.workspace import Workspace

if TYPE_CHECKING:
    from minplan.core.review.engine import Review
    from minplan.database.models import CaseStep

#: The step whose doer fills a line of the signature block.
_LINES = {"first-check": "handled", "second-check": "checked", "sign": "signed"}


def write(
    workspace: Workspace,
    number: str,
    folder: Path,
    *,
    access: Access,
    generated: dt.datetime,
    formats: Sequence[str] = ("docx", "pdf", "png", "geojson"),
    office: str = "",
    language: Language = "zh",
    steps: Iterable[CaseStep] = (),
    name: str = "",
) -> dict[str, Path]:
    """Write reports of a stored review into ``folder``; return the path of each format.

    ``access`` is who will read them: places of layers they may not see are left out. ``steps`` of
    a case fill the signature block.

    Raises StoreError E858 when the review cannot be had again as it was stored.
    """
    review, record = _again(workspace, number)
    seen = _seen(review, access)
    return write_reports(
        seen,
        folder,
        formats=formats,
        context=_around(workspace, review, record, access),
        office=office,
        number=number,
        generated=generated.replace(microsecond=0),
        reading=_reading(record),
        language=language,
        name=name or f"{number}-{language}",
        signed=signatures(steps, language),
    )


def picture(
    workspace: Workspace,
    number: str,
    file: Path,
    *,
    access: Access,
    generated: dt.datetime,
    language: Language = "zh",
    dpi: int = 110,
) -> None:
    """Draw the map of a stored review into a PNG file."""
    review, record = _again(workspace, number)
    particulars = Particulars(office="", number=number, generated=generated, language=language)
    around = _around(workspace, review, record, access)
    draw_map(_seen(review, access), around, file, particulars=particulars, dpi=dpi)


def signatures(steps: Iterable[CaseStep], language: Language) -> tuple[Signed, ...]:
    """Who took the steps that are signed for, in the last round, with their conclusion."""
    found: dict[str, Signed] = {}
    for step in steps:
        if step.action in ("submit", "return"):
            found = {}
        if step.action == "step-back":
            found.pop("checked", None)
            if step.to_state == "submitted":
                found.pop("handled", None)
        line = _LINES.get(step.action)
        if line is None:
            continue
        decision = step.content.get("decision", "")
        opinion = Verdict(decision).word.get(language) if decision else ""
        if step.reason:
            opinion = f"{opinion} {step.reason}".strip()
        found[line] = Signed(line, opinion, step.actor_name, _day(step.recorded))
    return tuple(found.values())


def _again(workspace: Workspace, number: str) -> tuple[Review, dict[str, Any]]:
    replay = workspace.replay(number)
    if not replay.identical:
        raise StoreError(
            "E858",
            Text(
                f"审查 {number} 已不能照原样重做：{'；'.join(r.zh for r in replay.remarks)}",
                f"the review {number} cannot be had again as it was:"
                f" {'; '.join(r.en for r in replay.remarks)}",
            ),
            hint=Text(
                "重新核查后再生成报告；归档时保存的报告在案卷材料中",
                "review again and write the reports of that; those kept on archiving are among the"
                " files of the case",
            ),
        )
    return replay.again, workspace.record(number)


def _seen(review: Review, access: Access) -> Review:
    """The review without the places of layers that the reader may not see."""
    findings = tuple(
        replace(item, evidence=tuple(_hidden(piece, access) for piece in item.evidence))
        if any(not sees_constraint(access, piece.layer) for piece in item.evidence)
        else item
        for item in review.findings
    )
    return replace(review, findings=findings)


def _hidden(piece: Evidence, access: Access) -> Evidence:
    if access.system or sees_constraint(access, piece.layer):
        return piece
    return replace(piece, geometry=None, name="", feature="")


def _around(
    workspace: Workspace, review: Review, record: dict[str, Any], access: Access
) -> MapContext:
    layers = workspace.layers_by_hash(
        {
            item["name"]: item["sha256"]
            for item in record["layers"]
            if access.system or sees_constraint(access, item["name"])
        }
    )
    return surroundings(review, layers)


def _reading(record: dict[str, Any]) -> Reading | None:
    told = record.get("reading")
    if not told:
        return None
    return Reading(
        Text(**told["sentence"]), told["source"], tuple(Text(**item) for item in told["remarks"])
    )


def _day(moment: dt.datetime) -> str:
    from minplan.database.cases import BUREAU

    return moment.astimezone(BUREAU).date().isoformat()


__all__ = ["picture", "signatures", "write"]
