"""Background work of the review desk: batch checks, reports, what is kept on archiving."""

from __future__ import annotations

import tempfile
import zipfile
from pathlib import Path
from typing import Any, Final

from django.urls import reverse

from minplan.casework import reports
from minplan.core.errors import MinplanError
from minplan.core.text import Language, Text
from minplan.database import cases
from minplan.database.acting import acting
from minplan.web import kept
from minplan.web.cases.actions import now
from minplan.web.cases.many import check_all
from minplan.web.cases.written import wanted
from minplan.web.configuration import configuration
from minplan.web.desk import workspace
from minplan.web.jobs.registry import Run, job
from minplan.web.plans import job_files

#: What is kept with an archived case.
_KEPT: Final = ("docx", "pdf")


@job("case-batch")
def batch(run: Run, name: str, stated: dict[str, str]) -> dict[str, Any]:
    """Check every block of an upload; each becomes a draft case."""
    rows = check_all(kept.files_of(name), stated, run.progress)
    kept.drop(name)
    return {"rows": rows, "address": reverse("case-batch-result", args=[run.job.pk])}


@job("case-report")
def report(run: Run, review: str, format: str, language: Language, case: str) -> dict[str, Any]:
    """Write one report; the page fetches it where it is kept."""
    if case:
        cases.get(case)
    run.progress(0, 0, Text("绘制图件，生成报告", "drawing the maps, writing the report"))
    wanted(review, format, language, case).write()
    name, number = ("case-report", case) if case else ("review-report", review)
    address = reverse(name, args=[number])
    return {"file": f"{address}?format={format}&language={language}"}


@job("case-reports")
def many_reports(run: Run, numbers: list[str], language: Language) -> dict[str, Any]:
    """The opinions of several cases as one archive; what could not be written is listed in it."""
    folder = job_files.place(run)
    target = folder / (Text("审查意见", "opinions").get(language) + ".zip")
    failed: list[str] = []
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for done, number in enumerate(numbers, start=1):
            run.progress(done - 1, len(numbers))
            try:
                case = cases.get(number)
                if case.review is None:
                    raise _unreviewed()
                report = wanted(case.review.number, "docx", language, number)
                archive.write(report.write(), report.name)
            except MinplanError as error:
                failed.append(f"{number}  {error.describe(language)}")
        if failed:
            name = Text("未生成的案卷.txt", "not-written.txt").get(language)
            archive.writestr(name, "\ufeff" + "\r\n\r\n".join(failed))
    return {**job_files.fetched_at(run, target), "failed": len(failed)}


@job("case-archive")
def keep_reports(run: Run, number: str) -> dict[str, Any]:
    """Keep the final opinion with an archived case."""
    case = cases.get(number)
    if case.review is None:
        raise _unreviewed()
    office = configuration().office.get("zh")
    with tempfile.TemporaryDirectory(prefix="minplan-archive-") as name:
        written = reports.write(
            workspace(),
            case.review.number,
            Path(name),
            access=acting(),
            generated=now(),
            formats=_KEPT,
            office=office,
            steps=cases.steps(case),
            name=f"{number}-审查意见",
        )
        for file in written.values():
            cases.attach(case, "report", file.name, file, recorded=now())
    run.progress(1, 1)
    return {"address": reverse("case", args=[number])}


def _unreviewed() -> MinplanError:
    return MinplanError(
        "E855",
        Text("还没有核查记录，不能生成报告", "there is no stored review to report"),
        hint=Text("先核查一次", "run the review first"),
    )
