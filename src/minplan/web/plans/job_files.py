"""Files that background work leaves for its owner to fetch: exports, packed deliverables."""

from __future__ import annotations

import shutil
import time
from pathlib import Path
from typing import Final

from django.urls import reverse

from minplan.core.errors import StoreError
from minplan.core.text import Text
from minplan.database.models import Job
from minplan.web.desk import workspace
from minplan.web.jobs.registry import Run

_FOLDER: Final = "exports"
#: Days that made files are kept; they can be made again at any time.
_DAYS: Final = 7


def place(run: Run) -> Path:
    """An empty folder for what a job makes; folders older than a week are cleared away."""
    base = workspace().folder / _FOLDER
    base.mkdir(parents=True, exist_ok=True)
    for old in base.iterdir():
        if time.time() - old.stat().st_mtime > _DAYS * 86_400:
            shutil.rmtree(old, ignore_errors=True)
    folder = base / str(run.job.pk)
    folder.mkdir()
    return folder


def fetched_at(run: Run, file: Path) -> dict[str, str]:
    """The result of a job that made a file: what it is called and where it is fetched."""
    return {"name": file.name, "file": reverse("plan-file", args=[run.job.pk])}


def made_by(job: Job) -> Path:
    """The file a job made; StoreError E811 when it made none or it was cleared away."""
    result: dict[str, str] = job.result or {}
    name = result.get("name", "")
    file = workspace().folder / _FOLDER / str(job.pk) / Path(name).name
    if not name or not file.is_file():
        raise StoreError(
            "E811",
            Text("这项任务没有文件，或已过期清理", "the job has no file, or it was cleared away"),
            hint=Text("重新导出一次", "export it again"),
        )
    return file
