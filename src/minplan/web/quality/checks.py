"""The register of checks: what is looked at, on what basis, how to mend it."""

from __future__ import annotations

from itertools import groupby

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from minplan.core.access import Permission
from minplan.core.quality.check import registered
from minplan.web.access import requires
from minplan.web.quality import shown


@requires(Permission.READ)
def listing(request: HttpRequest) -> HttpResponse:
    """All checks by family."""
    every = shown.checks().values()
    families = [
        (family, [*items]) for family, items in groupby(every, key=lambda item: item.family)
    ]
    return render(request, "quality/checks.html", {"families": families, "count": len(every)})


@requires(Permission.READ)
def show(request: HttpRequest, check_id: str) -> HttpResponse:
    """One check with its basis, parameters and examples."""
    found = next((item for item in registered() if item.id == check_id), None)
    if found is None:
        raise Http404(check_id)
    return render(request, "quality/check.html", {"check": found})
