"""The page of results."""

from __future__ import annotations

from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from minplan.core.access import Permission
from minplan.web.access import requires
from minplan.web.plans.addresses import address_of
from minplan.web.plans.reading import current_book
from minplan.web.search.coordinates import looks_like_corners
from minplan.web.search.finders import Query, everything


@requires(Permission.READ)
def search(request: HttpRequest) -> HttpResponse:
    """Everything that ``q`` may mean, in groups with counts."""
    query = Query.of(request.GET.get("q", "")[:5_000])
    corners = looks_like_corners(query.text)
    groups = () if corners or not query.words else everything(query, current_book())
    intake = address_of("case-new")
    context = {
        "query": query.text,
        "groups": groups,
        "count": sum(group.count for group in groups),
        "intake": f"{intake}?{urlencode({'q': query.text})}" if corners and intake else "",
    }
    return render(request, "search/page.html", context)
