"""The page of one's own access tokens."""

from __future__ import annotations

import datetime as dt

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from minplan.core.access import Permission
from minplan.core.access.scopes import scopes
from minplan.core.errors import MinplanError
from minplan.database import tokens
from minplan.web.access import requires
from minplan.web.problems import describe


@requires(Permission.READ)
def page(request: HttpRequest) -> HttpResponse:
    """One's tokens, and the form for a new one; its text is shown once."""
    text, problems, status = "", [], 200
    if request.method == "POST":
        try:
            text = _made(request)
        except MinplanError as error:
            problems, status = describe(error, request), 422
    context = {
        "tokens": tokens.listed(),
        "scopes": [item for item in scopes() if item.permissions & request.access.permissions],
        "text": text,
        "problems": problems,
        "given": request.POST if problems else {"days": "90", "scopes": ["read"]},
        "chosen": request.POST.getlist("scopes") if problems else ["read"],
        "periods": ("30", "90", "180", "365"),
        "now": dt.datetime.now(dt.UTC),
    }
    response = render(request, "api/tokens.html", context, status=status)
    response["Cache-Control"] = "no-store"
    return response


def _made(request: HttpRequest) -> str:
    days = request.POST.get("days", "")
    text, _ = tokens.make(
        request.POST.get("name", ""),
        request.POST.getlist("scopes"),
        days=int(days) if days.isdecimal() else None,
        recorded=dt.datetime.now(dt.UTC),
    )
    return text


@requires(Permission.READ)
@require_POST
def revoke(request: HttpRequest, identifier: int) -> HttpResponse:
    """End a token."""
    tokens.revoke(identifier, recorded=dt.datetime.now(dt.UTC))
    return redirect("tokens")
