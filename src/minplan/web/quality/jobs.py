"""Background work on quality checks: make one, write the report of one."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any, Final

from django.urls import reverse

from minplan.checking.asked import Asked
from minplan.checking.desk import references
from minplan.checking.run import check, keep
from minplan.checking.stored import told_of
from minplan.core.text import Language, Text
from minplan.database import inspections
from minplan.formats.coordinate_system import parse_system
from minplan.handin.names import clean
from minplan.reports.quality import write_quality
from minplan.web import kept
from minplan.web.configuration import configuration
from minplan.web.desk import workspace
from minplan.web.jobs.registry import Run, job
from minplan.web.plans import incoming, job_files

#: Faults of one check that are stored; all are counted.
KEPT: Final = 300


@job("quality-check")
def make(run: Run, name: str, stated: dict[str, str]) -> dict[str, Any]:
    """Check an upload and store the result under a number; the upload is thrown away."""
    try:
        asked = Asked(
            edition=stated.get("edition"),
            encoding=stated.get("encoding"),
            system=parse_system(stated["crs"]) if "crs" in stated else None,
            target=stated.get("target"),
        )
        date = dt.date.fromisoformat(stated["date"]) if "date" in stated else dt.date.today()
        return _made(run, kept.one_of(name), asked, date)
    finally:
        kept.drop(name)


@job("quality-check-hand-in")
def make_of_hand_in(run: Run, identifier: str) -> dict[str, Any]:
    """Check a hand-in that was uploaded to be imported, as it was agreed to be understood."""
    taken = incoming.get(identifier)
    stated = taken.stated
    asked = Asked(
        edition=taken.said["edition"] or None,
        encoding=stated.encoding,
        system=stated.system,
        mapping=taken.mapping if taken.mapping.is_file() else None,
    )
    said = taken.said["effective"]
    date = dt.date.fromisoformat(said) if said else dt.date.today()
    return _made(run, taken.path, asked, date)


def _made(run: Run, path: Path, asked: Asked, date: dt.date) -> dict[str, Any]:
    desk = workspace()
    checked = check(path, desk, date, asked, limit=KEPT, progress=run.progress)
    row = keep(desk, checked, dt.datetime.now(dt.UTC))
    return {"address": reverse("inspection", args=[row.number]), "number": row.number}


@job("quality-report")
def write(run: Run, number: str, format_key: str, language: Language) -> dict[str, Any]:
    """Write the report of a stored check."""
    row = inspections.get(number)
    run.progress(0, 0, Text("编写报告", "writing the report"))
    desk = workspace()
    region = references(desk, row.date or dt.date.today(), None).region
    told = told_of(row, office=configuration().office.get(language), region=region)
    target = job_files.place(run) / f"{clean(row.series)}-{row.number}.{format_key}"
    write_quality(told, target, format_key, language)
    return job_files.fetched_at(run, target)
