"""Health and readiness."""

from __future__ import annotations

from importlib.metadata import version

from django.contrib.auth.decorators import login_not_required
from django.db import Error, connections
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, JsonResponse

from minplan.database.connection import current
from minplan.web.desk import workspace


@login_not_required
def alive(request: HttpRequest) -> JsonResponse:
    """The process answers."""
    return JsonResponse({"status": "alive", "version": version("minplan")})


@login_not_required
def ready(request: HttpRequest) -> JsonResponse:
    """The database answers with all its tables, and the layer library can be read."""
    checks = {"database": _database_is_current(), "layers": workspace().library.folder.is_dir()}
    good = all(checks.values())
    status = "ready" if good else "not ready"
    return JsonResponse({"status": status, **checks}, status=200 if good else 503)


def _database_is_current() -> bool:
    connection = connections[current().alias]
    try:
        executor = MigrationExecutor(connection)
        return not executor.migration_plan(executor.loader.graph.leaf_nodes())
    except Error:
        return False
