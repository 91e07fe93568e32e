"""Exports of large results in the background."""

from __future__ import annotations

from typing import Any

from django.urls import reverse

from minplan.core.query.serial import query_from_dict
from minplan.inquiry import ExportOptions
from minplan.web.jobs.registry import Run, job
from minplan.web.query import downloads
from minplan.web.query.asking import inquiry


@job("query-export")
def export_result(run: Run, query: dict[str, Any], **options: Any) -> dict[str, Any]:
    """Write the result of a query as the account that asked for it."""
    ready = inquiry().prepare(query_from_dict(query))
    total = ready.source.count or 0

    def advance(done: int, _total: int) -> None:
        run.progress(min(done, total) if total else done, total)

    found, ticket = downloads.write(ready, ExportOptions(**options), advance)
    remarks = [item.message.to_dict() for item in found.remarks]
    return {
        "file": reverse("query-download", args=[ticket]),
        "name": found.path.name,
        "rows": found.rows,
        "remarks": remarks,
    }
