"""The one task of the queue: do the job with this number."""

from __future__ import annotations

import datetime as dt
import logging
from typing import Any

from django_tasks import task

from minplan.core.errors import MinplanError
from minplan.core.text import Text
from minplan.database.acting import act_as
from minplan.database.models import Job
from minplan.web.jobs.registry import Cancelled, Run, access_of, kinds

_log = logging.getLogger("minplan.jobs")


@task()
def run_job(identifier: str) -> None:
    """Do a job as the account that started it; everything it says is kept in its row."""
    row = Job.objects.get(pk=identifier)
    if row.cancel:
        _finish(row, "cancelled")
        return
    Job.objects.filter(pk=row.pk).update(state="running", started=dt.datetime.now(dt.UTC))
    try:
        with act_as(access_of(row)):
            result = kinds()[row.kind](Run(row), **row.arguments)
    except Cancelled:
        _finish(row, "cancelled")
    except MinplanError as error:
        _finish(row, "failed", error=error.to_dict())
    except Exception:
        _log.exception("job failed", extra={"job": identifier, "kind": row.kind})
        defect = MinplanError(
            "E000",
            Text("程序内部错误", "a defect of the program"),
            hint=Text(
                f"请把任务编号 {identifier} 告诉管理员", f"tell the administrator {identifier}"
            ),
        )
        _finish(row, "failed", error=defect.to_dict())
    else:
        _finish(row, "done", result=dict(result))


def _finish(row: Job, state: str, **values: Any) -> None:
    now = dt.datetime.now(dt.UTC)
    Job.objects.filter(pk=row.pk).update(state=state, finished=now, **values)
