"""One check of a deliverable: assembled, inspected, waived, scored, compared, stored."""

# ruff: noqa: PLC0415  (modules with tables can be imported once a database is configured)
from __future__ import annotations

import datetime as dt
import hashlib
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import shapely

from minplan.checking.asked import Asked
from minplan.checking.assembling import submission
from minplan.checking.desk import asked_of, references
from minplan.checking.processes import runner_for
from minplan.checking.settings import settings_of
from minplan.core.quality.comparison import Comparison, compare
from minplan.core.quality.engine import Progress, inspect
from minplan.core.quality.fault import Fault
from minplan.core.quality.inspection import Inspection
from minplan.core.quality.record import read
from minplan.core.quality.score import Score, score
from minplan.core.quality.submission import Submission
from minplan.core.quality.waiver import Waiver, waive
from minplan.core.text import Text
from minplan.handin import manifest
from minplan.reports.quality import Told

if TYPE_CHECKING:
    from minplan.database.models import Inspection as Row
    from minplan.workspace import Workspace

#: What people put behind the name of a submission to tell it from the one before.
_EDITIONS: Final = re.compile(
    r"[\s_\-—（(]*(?:第?[\d一二三四五六七八九十]+(?:次|稿|版)|v?\d+(?:\.\d+)*|终稿|最终版?\d*|修改稿?"
    r"|报批稿|送审稿|\d{8})[)）]*$",
    re.IGNORECASE,
)
#: Corners a fault's shape may have in the record; larger ones are drawn coarser.
_MOST_CORNERS: Final = 500
#: Decimals of degrees in the record: a millimetre.
_DECIMALS: Final = 8


@dataclass(frozen=True, slots=True)
class Checked:
    """A submission after the check: what was found, how it is judged, against what before.

    ``series`` is what its submissions share, ``sha256`` the hash of what was handed in; ``before``
    the number of the check it was compared with, empty when there is none.
    """

    series: str
    sha256: str
    inspection: Inspection
    score: Score
    comparison: Comparison | None = None
    before: str = ""

    def to_dict(self) -> dict[str, Any]:
        """A plain dictionary for JSON; faults carry their shape as GeoJSON in EPSG:4490."""
        told = self.inspection.to_dict()
        for item, result in zip(told["results"], self.inspection.results, strict=True):
            for entry, fault in zip(item["faults"], result.faults, strict=True):
                entry["geometry"] = shape_of(fault)
            for entry, held in zip(item["waived"], result.waived, strict=True):
                entry["fault"]["geometry"] = shape_of(held.fault)
        return {
            **told,
            "series": self.series,
            "sha256": self.sha256,
            "score": self.score.to_dict(),
            "before": self.before,
            "comparison": comparison_to_dict(self.comparison),
        }


def check(
    path: Path,
    workspace: Workspace,
    date: dt.date,
    asked: Asked | None = None,
    *,
    limit: int | None = None,
    workers: int | None = None,
    progress: Progress | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> Checked:
    """Check a package, a layer, a table or a plan document against what a workspace holds.

    Waivers of the workspace in force on ``date`` are applied; the result is compared with the
    check before it of the same series. Nothing is stored. Large submissions are checked in
    ``workers`` processes, by default as many as suit the machine.

    Raises as :func:`~minplan.checking.assembling.submission`.
    """
    settings = settings_of(workspace.standard_folder)
    more: dict[str, Any] = {} if limit is None else {"limit": limit}
    with submission(path, asked_of(workspace, date, asked), _telling(progress)) as found:
        made = inspect(
            found,
            settings=settings,
            progress=progress,
            cancelled=cancelled,
            runner=runner_for(found, workers),
            **more,
        )
        series, sha256 = series_of(found.name), _sha256(found)
    from minplan.database import use

    with use(workspace.database):
        held = waive(made, _waivers(series), date)
        row = _before(series, held.kind.value, sha256)
        earlier = read(row.record) if row is not None else None
    compared = compare(earlier, held) if earlier is not None else None
    return Checked(series, sha256, held, score(held), compared, row.number if row else "")


def _telling(progress: Progress | None) -> Callable[[str], None]:
    """Tell the progress which file is being read: how many steps follow is not known yet."""

    def reading(name: str) -> None:
        if progress is not None:
            progress(0, 0, Text(f"读取 {name}", f"reading {name}"))

    return reading


def keep(workspace: Workspace, checked: Checked, recorded: dt.datetime) -> Row:
    """Store a check in the database of a workspace."""
    from minplan.database import inspections, use

    made = checked.inspection
    with use(workspace.database):
        return inspections.store(
            inspections.Made(
                series=checked.series,
                name=made.name,
                kind=made.kind.value,
                edition=made.edition,
                date=made.date,
                sha256=checked.sha256,
                verdict=checked.score.verdict.value,
                score=checked.score.points,
                counts={level.value: count for level, count in made.counts.items()},
                record=checked.to_dict(),
            ),
            recorded=recorded,
        )


def series_of(name: str) -> str:
    """What the submissions of one deliverable share: the name without what tells them apart.

    ``规划成果（第二稿）.zip`` and ``规划成果-20250601`` are both of the series ``规划成果``.
    """
    plain = Path(name).stem if Path(name).suffix else name
    while (shorter := _EDITIONS.sub("", plain)) and shorter != plain:
        plain = shorter
    return plain.strip() or name


def _sha256(found: Submission) -> str:
    """The hash of the whole input, as an import of it would have."""
    entries = [
        manifest.FileEntry(item.path, item.sha256, item.size)
        for item in found.files
        if not item.folder
    ]
    return hashlib.sha256(manifest.listing(entries)).hexdigest()


def _waivers(series: str) -> Sequence[Waiver]:
    from minplan.database import inspections

    return [
        Waiver(
            check=row.check_id,
            who=row.actor,
            why=row.reason,
            until=row.until,
            fingerprint=row.fingerprint,
        )
        for row in inspections.waivers(series)
    ]


def _before(series: str, kind: str, sha256: str) -> Row | None:
    from minplan.database import inspections

    return inspections.latest(series, kind, sha256)


def shape_of(fault: Fault) -> dict[str, Any] | None:
    """The shape of a fault as GeoJSON in EPSG:4490, coarser where it has very many corners."""
    shape = fault.geometry
    if shape is None or shape.is_empty:
        return None
    step = 1e-6
    while shapely.get_num_coordinates(shape) > _MOST_CORNERS:
        shape = shapely.simplify(shape, step, preserve_topology=False)
        step *= 4
        if shape.is_empty:
            shape = shapely.box(*fault.geometry.bounds) if fault.geometry else shape
            break
    text = shapely.to_geojson(shapely.set_precision(shape, 10**-_DECIMALS, mode="pointwise"))
    return _json(text)


def _json(text: str) -> dict[str, Any]:
    import json

    told: dict[str, Any] = json.loads(text)
    return told


def comparison_to_dict(found: Comparison | None) -> dict[str, Any] | None:
    """A comparison for JSON: fingerprints, and the faults that are gone in full."""
    if found is None:
        return None
    return {
        "fixed": [item.to_dict() for item in found.fixed],
        "unknown": [item.to_dict() for item in found.unknown],
        "remaining": [item.fingerprint for item in found.remaining],
        "new": [item.fingerprint for item in found.new],
        "truncated": list(found.truncated),
    }


def told_now(
    workspace: Workspace, checked: Checked, made: dt.datetime, number: str, date: dt.date
) -> Told:
    """A check just made, ready to be reported."""
    return Told(
        inspection=checked.inspection,
        score=checked.score,
        made=made.replace(microsecond=0),
        sha256=checked.sha256,
        comparison=checked.comparison,
        number=number,
        before=checked.before,
        actor=workspace.actor,
        region=references(workspace, date, None).region,
    )
