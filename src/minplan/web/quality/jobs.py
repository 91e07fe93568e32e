"""Background work on quality checks: make one, write the report of one."""

from __future__ import annotations

import datetime as dt
from typing import Any, Final

from django.urls import reverse

from minplan.checking.assembling import Asked
from minplan.checking.desk import references
from minplan.checking.run import check, keep
from minplan.checking.stored import told_of
from minplan.core.text import Language, Text
from minplan.database import inspections
from minplan.formats.coordinate_system import parse_system
from minplan.handin.names import clean
from minplan.reports.quality import write_quality
from minplan.web.configuration import configuration
from minplan.web.desk import workspace
from minplan.web.jobs.registry import Run, job
from minplan.web.plans import job_files
from minplan.web.quality import uploads

#: Faults of one check that are stored; all are counted.
KEPT: Final = 300


@job("quality-check")
def make(run: Run, identifier: str) -> dict[str, Any]:
    """Check an upload and store the result under a number; the upload is thrown away."""
    try:
        path, said = uploads.find(identifier)
        desk = workspace()
        date = dt.date.fromisoformat(said["date"]) if said["date"] else dt.date.today()
        asked = Asked(
            edition=said["edition"] or None,
            encoding=said["encoding"] or None,
            system=parse_system(said["crs"]) if said["crs"] else None,
            target=said["target"] or None,
        )
        checked = check(path, desk, date, asked, limit=KEPT, progress=run.progress)
        row = keep(desk, checked, dt.datetime.now(dt.UTC))
    finally:
        uploads.drop(identifier)
    return {"address": reverse("inspection", args=[row.number])}


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
