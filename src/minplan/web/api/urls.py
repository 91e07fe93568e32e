"""Addresses of the interface and of the page of tokens."""

from __future__ import annotations

from typing import Any

from django.urls import path

from minplan.web.api import tokens
from minplan.web.api.routes import register
from minplan.web.api.site import api

register(api)


def _open(patterns: Any) -> Any:
    """The interface says itself who may use it: no redirects to the login page."""
    found, app, namespace = patterns
    for pattern in found:
        pattern.callback.login_required = False
    return found, app, namespace


_PATTERNS = _open(api.urls)

urlpatterns = [
    path("api/", _PATTERNS),
    path("account/tokens", tokens.page, name="tokens"),
    path("account/tokens/<int:identifier>/revoke", tokens.revoke, name="token-revoke"),
]
