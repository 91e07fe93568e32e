"""What operations share."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any

from django.http import HttpRequest
from django.utils import timezone
from ninja import Query as QueryParameter

from minplan.core.access import Access, Permission
from minplan.database import plans
from minplan.database.models import Job, Plan
from minplan.web.desk import workspace

Limit = Annotated[int, QueryParameter(ge=1, le=1000)]


def allow(request: HttpRequest, permission: Permission) -> Access:
    """Whoever asks, once they hold a permission (Forbidden E951, E892)."""
    access: Access = request.access
    access.require(permission)
    return access


def now() -> dt.datetime:
    """The time written down for what is done here."""
    return dt.datetime.now(dt.UTC)


def today() -> dt.date:
    """The day of the bureau's calendar."""
    return timezone.localdate()


def plan_of(code: str, date: dt.date | None = None) -> Plan:
    """A plan by its code; ``current`` is the one in effect on a day (StoreError E501, E811)."""
    if code == "current":
        code = workspace().desk(date or today()).plan.plan.id
    return plans.get(code)


def job_out(row: Job) -> dict[str, Any]:
    """A job as plain data."""
    return {
        "id": str(row.pk),
        "kind": row.kind,
        "title": row.title,
        "state": row.state,
        "done": row.done,
        "total": row.total,
        "stage": row.stage,
        "result": row.result,
        "error": row.error,
    }
