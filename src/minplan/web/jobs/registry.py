"""Kinds of background work, and how one is started.

A kind is one function::

    @job("bulk-review")
    def bulk_review(run: Run, folder: str, date: str) -> dict[str, Any]:
        for number, item in enumerate(items, start=1):
            ...
            run.progress(number, len(items))
        return {"cases": …}

It runs in the worker process as the account that started it. ``run.progress`` stores how far it is
and raises Cancelled once somebody cancelled; a MinplanError becomes the job's error. Modules named
``jobs`` inside the packages of :mod:`minplan.web` are found by themselves.
"""

from __future__ import annotations

import datetime as dt
import importlib
import pkgutil
import time
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import minplan.web
from minplan.core.access import Access, Permission
from minplan.core.errors import StoreError
from minplan.core.text import Text
from minplan.database.acting import acting
from minplan.database.models import Job

Work = Callable[..., Mapping[str, Any]]

_kinds: dict[str, Work] = {}
#: Seconds between two writes of progress.
_EVERY: Final = 0.3


class Cancelled(Exception):
    """Somebody cancelled the job."""


@dataclass(slots=True)
class Run:
    """A job that is being done: where it tells how far it is."""

    job: Job
    _written: float = field(default=0.0)

    def progress(self, done: int, total: int = 0, stage: Text | None = None) -> None:
        """Tell how much is done (``total`` 0: unknown); raises Cancelled."""
        now = time.monotonic()
        if stage is None and now - self._written < _EVERY and done != total:
            return
        self._written = now
        values: dict[str, Any] = {"done": done, "total": total}
        if stage is not None:
            values["stage"] = stage.to_dict()
        Job.objects.filter(pk=self.job.pk).update(**values)
        if Job.objects.filter(pk=self.job.pk, cancel=True).exists():
            raise Cancelled


def job(kind: str) -> Callable[[Work], Work]:
    """Register a function as a kind of background work."""

    def register(work: Work) -> Work:
        _kinds[kind] = work
        return work

    return register


def kinds() -> Mapping[str, Work]:
    """All kinds, from the modules ``jobs`` of the capabilities."""
    for item in pkgutil.iter_modules(minplan.web.__path__):
        name = f"minplan.web.{item.name}.jobs"
        if item.ispkg and item.name != "jobs" and importlib.util.find_spec(name):
            importlib.import_module(name)
    return _kinds


def start(kind: str, title: Text, **arguments: Any) -> Job:
    """Queue a job of whoever acts; ``arguments`` are plain JSON values."""
    from minplan.web.jobs.tasks import run_job  # noqa: PLC0415 (the task imports this module)

    if kind not in kinds():
        raise LookupError(f"no kind of job {kind}")
    access = acting()
    row: Job = Job.objects.create(
        id=uuid.uuid4(),
        kind=kind,
        title=title.to_dict(),
        owner=access.actor,
        access=_described(access),
        arguments=arguments,
        created=dt.datetime.now(dt.UTC),
    )
    run_job.enqueue(str(row.pk))
    return row


def get(identifier: str | uuid.UUID) -> Job:
    """A job of whoever acts (administrators: any); StoreError E811 otherwise."""
    found = Job.objects.filter(pk=identifier).first()
    access = acting()
    if found is None or not (
        access.system or found.owner == access.actor or access.may(Permission.MANAGE_ACCOUNTS)
    ):
        raise StoreError("E811", Text("没有这项任务", "there is no such job"))
    return found


def listed(limit: int = 50) -> tuple[Job, ...]:
    """The newest jobs of whoever acts."""
    return tuple(Job.objects.filter(owner=acting().actor).order_by("-created")[:limit])


def cancel(identifier: str | uuid.UUID) -> Job:
    """Ask a job to stop; one that has not begun never will."""
    row = get(identifier)
    Job.objects.filter(pk=row.pk, finished=None).update(cancel=True)
    return get(identifier)


def access_of(row: Job) -> Access:
    """What whoever started a job might do then, the scopes of their token included."""
    access = Access.of(row.owner, row.access["roles"], row.access["areas"])
    only = row.access["only"]
    return access if only is None else access.limited_to(frozenset(map(Permission, only)))


def _described(access: Access) -> dict[str, list[str] | None]:
    return {
        "roles": sorted(access.roles),
        "areas": sorted(access.areas),
        "only": None if access.only is None else sorted(access.only),
    }
