"""What every request passes: the log, the language, who acts, and errors as pages."""

from __future__ import annotations

import datetime as dt
import logging
import time
import uuid
from collections.abc import Callable
from typing import Final

from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import translation

from minplan.core.access import Access
from minplan.database.acting import act_as
from minplan.web.configuration import configuration
from minplan.web.problems import respond

Next = Callable[[HttpRequest], HttpResponse]

LANGUAGE_COOKIE: Final = "minplan_language"
#: When the session began, for its absolute limit.
SESSION_START: Final = "began"
_CODES: Final = {"zh": "zh-hans", "en": "en"}
#: Pages that somebody who must change the password may still open.
_ALWAYS: Final = ("password", "logout", "language")
_log = logging.getLogger("minplan.request")


def request_log(following: Next) -> Next:
    """One structured line a request, with an id that error pages show."""

    def handle(request: HttpRequest) -> HttpResponse:
        request.id = uuid.uuid4().hex[:12]
        begun = time.perf_counter()
        response = following(request)
        user = getattr(request, "user", None)
        _log.info(
            "%s %s",
            request.method,
            request.path,
            extra={
                "request": request.id,
                "method": request.method,
                "path": request.path,
                "status": response.status_code,
                "milliseconds": round((time.perf_counter() - begun) * 1000, 1),
                "account": getattr(user, "username", "") or "",
            },
        )
        response["X-Request-Id"] = request.id
        return response

    return handle


def language(following: Next) -> Next:
    """Chinese, or English where the account, a cookie or the address (``?lang=en``) asks for it."""

    def handle(request: HttpRequest) -> HttpResponse:
        # pages in a language ask in that language (X-Language), whatever the account prefers
        asked = request.GET.get("lang") or request.headers.get("X-Language")
        asked = asked or request.COOKIES.get(LANGUAGE_COOKIE)
        if asked is None and request.user.is_authenticated:
            asked = request.user.language
        request.language = asked if asked in _CODES else "zh"
        with translation.override(_CODES[request.language]):
            response = following(request)
        response.headers.setdefault("Content-Language", request.language)
        return response

    return handle


def access(following: Next) -> Next:
    """Act as the account that is logged in, else as the public; end sessions that are too old."""

    def handle(request: HttpRequest) -> HttpResponse:
        user = request.user
        if user.is_authenticated and (_too_old(request) or not user.is_active):
            logout(request)
            user = request.user
        request.access = user.access if user.is_authenticated else Access.public()
        if user.is_authenticated and _password_due(user) and not _always(request):
            return redirect("password")
        with act_as(request.access):
            return following(request)

    return handle


def errors(following: Next) -> Next:
    """Errors people can meet become a page, a fragment or JSON, as the request wants it."""

    class Errors:
        def __call__(self, request: HttpRequest) -> HttpResponse:
            return following(request)

        def process_exception(
            self, request: HttpRequest, exception: Exception
        ) -> HttpResponse | None:
            return respond(request, exception)

    return Errors()


def _too_old(request: HttpRequest) -> bool:
    began = request.session.get(SESSION_START)
    return began is None or time.time() - began > configuration().session_hours * 3600


def _password_due(user: object) -> bool:
    if getattr(user, "external", ""):
        return False
    days, changed = configuration().password_days, getattr(user, "password_changed", None)
    if getattr(user, "must_change_password", False):
        return True
    return bool(days and changed and dt.datetime.now(dt.UTC) - changed > dt.timedelta(days=days))


def _always(request: HttpRequest) -> bool:
    allowed = tuple(reverse(name) for name in _ALWAYS)
    return request.path in allowed or request.path.startswith(settings.STATIC_URL)
