"""Background work of the administrator."""

from __future__ import annotations

from typing import Any

from minplan.core.access import Permission
from minplan.core.errors import Faults, StoreError
from minplan.database import audit
from minplan.database.acting import acting
from minplan.web.jobs.registry import Run, job


@job("verify-audit")
def verify_audit(run: Run) -> dict[str, Any]:
    """Recompute the audit chain; what is wrong becomes the job's error."""
    acting().require(Permission.READ_AUDIT)
    report = audit.verify()
    if report.faults:
        raise Faults([StoreError("E819", text) for text in report.faults])
    return {"entries": report.entries, "head": report.head}
