"""Many blocks at once: each becomes a reviewed draft, or is told with the reason why not."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

from shapely.geometry import mapping

from minplan.core.access import Permission
from minplan.core.errors import MinplanError
from minplan.core.geometry.corners import Level, ReadOptions, Remark
from minplan.core.review.finding import Outcome
from minplan.core.review.proposal import Proposal
from minplan.core.review.record import Reading
from minplan.core.text import Text
from minplan.database import cases, reviews
from minplan.database.acting import acting
from minplan.formats.each_block import Met, each_proposal
from minplan.formats.proposal_json import proposal_to_dict
from minplan.formats.reading import InputBlock, InputOptions
from minplan.formats.stated import system_word
from minplan.web.cases import shown
from minplan.web.cases.actions import now
from minplan.web.cases.page import today
from minplan.web.configuration import configuration
from minplan.web.desk import workspace
from minplan.web.intake.plain import plain_values
from minplan.web.rules.registry import rules_by_id

#: Blocks of one batch; more are handed in as several files.
MOST: Final = 1_000
_FIELDS: Final = (
    "name", "right", "action", "minerals", "applicant", "licence", "county", "block_code",
    "scale", "scale_unit", "service_life", "term", "reserves", "reserves_unit",
    "exploration_degree", "elevation", "method", "grant_method", "stated_area_km2",
    "attachments", "facts",
)  # fmt: skip
_WEIGHT: Final = (Outcome.CONFLICT, Outcome.ATTENTION, Outcome.NOT_CHECKED)

Progress = Callable[..., None]


def check_all(
    files: list[Path], stated: Mapping[str, str], progress: Progress
) -> list[dict[str, Any]]:
    """Open a reviewed draft for every block of the files; rows tell what became of each."""
    place = workspace()
    desk = place.desk(today())
    options = InputOptions(corners=ReadOptions(region=place.region(desk.plan)))
    progress(0, 0, Text("读取区块", "reading the blocks"))
    met = [item for file in files for item in _met(file, options, stated) if not item.beside]
    rows: list[dict[str, Any]] = []
    for number, item in enumerate(met[:MOST], start=1):
        rows.append(_checked(item))
        progress(number, min(len(met), MOST), Text("核查", "reviewing") if number == 1 else None)
    rows += [_refused(item, _too_many()) for item in met[MOST:]]
    return rows


def _met(file: Path, options: InputOptions, stated: Mapping[str, str]) -> list[Met]:
    try:
        return list(each_proposal(file, options, stated))
    except MinplanError as error:
        return [Met(file.name, error=error)]


def _checked(item: Met) -> dict[str, Any]:
    if item.error or item.proposal is None or item.block is None:
        return _refused(item, item.error or _too_many())
    try:
        return _opened(item, item.block, _own(item.proposal))
    except MinplanError as error:
        return _refused(item, error)


def _opened(item: Met, block: InputBlock, proposal: Proposal) -> dict[str, Any]:
    place = workspace()
    if proposal.county:
        acting().require(Permission.REVIEW, proposal.county)
    result = place.desk(today()).review(proposal)
    case = cases.open_case(
        _content(item, block, proposal),
        title=proposal.name,
        recorded=now(),
        days=configuration().case_days,
    )
    case = cases.save_draft(
        case,
        revision=case.revision,
        recorded=now(),
        content=case.content,
        proposal=proposal_to_dict(proposal),
    )
    reading = Reading(
        block.understanding, item.source, tuple(remark.message for remark in block.remarks)
    )
    number, _ = place.save(result, reading)
    case = cases.note_review(case, reviews.get(number), recorded=now())
    record = reviews.get(number).record
    return {
        "source": item.source,
        "name": proposal.name,
        "case": case.number,
        "county": proposal.county,
        "area_m2": record["areas_m2"]["ellipsoid"],
        "verdict": case.verdict,
        "counts": shown.counts(record),
        "families": _families(record),
        "worst": [
            {"outcome": f["outcome"], "rule": f["rule"], "message": f["message"]}
            for f in _hits(record)[:3]
        ],
        "confirm": [remark.message.to_dict() for remark in block.to_confirm],
    }


def _own(proposal: Proposal) -> Proposal:
    """County accounts ask for ground of their own county where the file names none."""
    access = acting()
    if access.is_limited and not proposal.county and len(access.areas) == 1:
        return replace(proposal, county=next(iter(access.areas)))
    return proposal


def _content(item: Met, block: InputBlock, proposal: Proposal) -> dict[str, Any]:
    """What the intake page shows of the draft."""
    geometry = mapping(proposal.geometry.geometry)
    return {
        "source": {"name": item.source, "kind": "batch"},
        "geometry": {"type": geometry["type"], "coordinates": _lists(geometry["coordinates"])},
        "system": system_word(proposal.geometry.edge_system),
        "attributes": plain_values({name: getattr(proposal, name) for name in _FIELDS}),
        "reading": {
            "understanding": block.understanding.zh,
            "remarks": [_remark(number, remark) for number, remark in enumerate(block.remarks)],
        },
        "confirmed": [],
    }


def _remark(number: int, remark: Remark) -> dict[str, Any]:
    level = "confirm" if remark.level is Level.CONFIRM else "info"
    return {"key": f"{remark.code}-{number}", "level": level, "message": remark.message.zh}


def _lists(value: Any) -> Any:
    return [_lists(item) for item in value] if isinstance(value, tuple | list) else float(value)


def _hits(record: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    rank = {outcome.value: number for number, outcome in enumerate(_WEIGHT)}
    hits = [f for f in record["findings"] if f["decides"] and f["outcome"] in rank]
    return sorted(hits, key=lambda f: rank[f["outcome"]])


def _families(record: Mapping[str, Any]) -> dict[str, str]:
    """The gravest outcome in each family of rules, where it is a hit."""
    found: dict[str, str] = {}
    for finding in _hits(record):
        rule = rules_by_id().get(finding["rule"])
        if rule is not None:
            found.setdefault(rule.family.value, finding["outcome"])
    return found


def _refused(item: Met, error: MinplanError) -> dict[str, Any]:
    name = item.block.name if item.block else ""
    return {"source": item.source, "name": name, "case": "", "error": error.to_dict()}


def _too_many() -> MinplanError:
    return MinplanError(
        "E859",
        Text(f"一次最多核查 {MOST} 个区块", f"at most {MOST} blocks at once"),
        hint=Text("请分几个文件上传", "upload them as several files"),
    )
