"""Background work on plans: packing deliverables, exporting and importing hand-ins."""

from __future__ import annotations

import datetime as dt
import shutil
import zipfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Final

from django.urls import reverse

from minplan.checking.gate import refuse_fatal
from minplan.core.errors import Faults, InputError, StoreError
from minplan.core.text import Text
from minplan.database import deliverables, originals, plans
from minplan.handin import faults as fault_report
from minplan.handin.export import export
from minplan.handin.intake import Intake
from minplan.handin.names import clean
from minplan.web.desk import workspace
from minplan.web.jobs.registry import Run, job
from minplan.web.plans import incoming, job_files

#: Faults shown on the page; the workbook has all.
_SHOWN: Final = 200
#: What the upload form asks for, where an input does not say it.
_ASKED: Final = {
    "E908": Text("重新上传，并选择“规划”", "upload it again and choose the plan"),
    "E909": Text(
        "重新上传，变更类别选“年度集中调整”或“更正”",
        "upload it again as an annual adjustment or a correction",
    ),
    "E913": Text("重新上传，并填写“生效日期”", "upload it again and give the date it takes effect"),
}


@job("deliverables-zip")
def pack_deliverables(run: Run, code: str) -> dict[str, Any]:
    """The latest version of every deliverable that the owner may see, as one ZIP archive."""
    plan = plans.get(code)
    latest = {(item.code, item.name): item for item in deliverables.listed(plan)}
    if not latest:
        raise InputError(
            "E886",
            Text("这个规划没有登记成果", "no deliverable of this plan is registered"),
            hint=Text("先在规划成果页登记", "register one on the page of deliverables first"),
        )
    folder = job_files.place(run)
    target = folder / f"{clean(plan.name_zh)}-规划成果.zip"
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for number, ((document, name), row) in enumerate(latest.items(), start=1):
            piece = folder / "piece"
            originals.write(row.original_id, piece)
            archive.write(piece, f"{document}/{clean(name)}")
            piece.unlink()
            run.progress(number, len(latest))
    return job_files.fetched_at(run, target)


@job("hand-in-export")
def export_hand_in(run: Run, code: str, format_key: str, date: str) -> dict[str, Any]:
    """The hand-in folder of a plan as of a day, as one ZIP archive."""
    plan = plans.get(code)
    folder = job_files.place(run)
    run.progress(0, 0, Text("写出数据", "writing data"))
    made = export(
        plan,
        folder,
        edition=plan.edition_id,
        format_key=format_key,
        effective=dt.date.fromisoformat(date),
        progress=run.progress,
    )
    run.progress(0, 0, Text("打包", "packing"))
    target = folder / f"{made.folder.name}.zip"
    _pack(made.folder, target)
    shutil.rmtree(made.folder)
    return {
        **job_files.fetched_at(run, target),
        "counts": dict(made.counts),
        "missing": [text.to_dict() for text in made.missing],
    }


@job("hand-in")
def take_in(run: Run, identifier: str, check: bool) -> dict[str, Any]:
    """Check an uploaded hand-in, or store it whole; faults are kept for its page."""
    taken = incoming.get(identifier)
    address = reverse("hand-in-preview", args=[identifier])
    try:
        intake = taken.intake()
        run.progress(0, 0, Text("质量检查", "quality checks"))
        refuse_fatal(intake, workspace(), dt.date.today(), run.progress)
        outcome = _checked(intake, run) if check else _stored(intake, run)
    except StoreError as error:
        if error.code not in _ASKED:
            raise
        raise StoreError(
            error.code, error.message, place=error.place, hint=_ASKED[error.code]
        ) from error
    except Faults as error:
        fault_report.write(taken.faults_file, error.faults)
        outcome = {
            "stored": False,
            "count": len(error.faults),
            "faults": [item.to_dict() for item in error.faults[:_SHOWN]],
        }
    else:
        taken.faults_file.unlink(missing_ok=True)
    taken.keep_outcome(outcome)
    return {"address": address}


def _checked(intake: Intake, run: Run) -> dict[str, Any]:
    checker = intake.check(run.progress)
    if checker.faults:
        raise Faults(checker.faults)
    return {"stored": False, "count": 0, "rows": sum(checker.counts.values())}


def _stored(intake: Intake, run: Run) -> dict[str, Any]:
    taken = intake.store(run.progress)
    return {
        "stored": taken.changeset is not None,
        "already": taken.already,
        "plan": taken.plan,
        "changeset": taken.changeset,
        "rows": sum(taken.counts.values()),
        "count": 0,
    }


def _pack(folder: Path, target: Path) -> None:
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for item in _files(folder):
            archive.write(item, item.relative_to(folder.parent).as_posix())


def _files(folder: Path) -> Iterable[Path]:
    return sorted(item for item in folder.rglob("*") if item.is_file())
