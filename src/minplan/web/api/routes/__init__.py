"""The operations of the interface, by subject."""

from __future__ import annotations

from ninja import NinjaAPI

from minplan.web.api.routes import (
    account,
    blocks,
    cases,
    changes,
    deliverables,
    handins,
    layers,
    plans,
    quality,
    queries,
    reading,
    work,
)


def register(api: NinjaAPI) -> None:
    """Add every subject below ``/api/v1``."""
    for module, tag in (
        (account, "account"),
        (reading, "read and review"),
        (queries, "query"),
        (cases, "cases"),
        (plans, "plan"),
        (blocks, "zones and blocks"),
        (changes, "changesets"),
        (deliverables, "deliverables"),
        (handins, "hand-ins"),
        (quality, "quality checks"),
        (layers, "layers"),
        (work, "jobs, saved items, audit"),
    ):
        api.add_router("/v1", module.router, tags=[tag])
