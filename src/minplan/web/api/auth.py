"""Who asks: a token (``Authorization: Bearer mp_…``), or the session of the browser with CSRF."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any, Final

from axes.helpers import get_client_ip_address
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse, JsonResponse
from ninja.security import HttpBearer
from ninja.security.apikey import APIKeyCookie

from minplan.core.access.model import Forbidden
from minplan.core.access.scopes import limited
from minplan.core.errors import MinplanError
from minplan.core.text import Text
from minplan.database import accounts, tokens
from minplan.database.acting import act_as

Next = Callable[[HttpRequest], HttpResponse]

PREFIX: Final = "/api/v1/"
#: Wrong tokens an address may try in a while before it has to wait.
_TRIES: Final = 20
_WHILE_SECONDS: Final = 300


def bearer(following: Next) -> Next:
    """Act as the account whose token a request to the interface carries, within its scopes."""

    def handle(request: HttpRequest) -> HttpResponse:
        header = request.headers.get("Authorization", "")
        if not request.path.startswith(PREFIX) or not header:
            return following(request)
        kind, _, text = header.partition(" ")
        address = get_client_ip_address(request) or ""
        if _tried(address) >= _TRIES:
            return refusal(request, _TOO_MANY, 429)
        now = dt.datetime.now(dt.UTC)
        found = accounts.token_holder(text.strip(), now) if kind.lower() == "bearer" else None
        if found is None:
            _count(address)
            return refusal(request, _WRONG, 401)
        account, token = found
        tokens.note_use(token, now)
        request.user = account
        request.token = token
        request.access = limited(account.access, token.scopes)
        # a token is not sent by browsers on their own, so nobody can forge its use
        request._dont_enforce_csrf_checks = True
        with act_as(request.access):
            return following(request)

    return handle


def refusal(request: HttpRequest, error: MinplanError, status: int) -> HttpResponse:
    """An error in the form of all errors."""
    body = {"error": error.to_dict(), "request": str(getattr(request, "id", ""))}
    response = JsonResponse(body, status=status)
    if status == 401:
        response["WWW-Authenticate"] = 'Bearer realm="minplan"'
    if status == 429:
        response["Retry-After"] = str(_WHILE_SECONDS)
    return response


class Token(HttpBearer):
    """A token, checked before by :func:`bearer`."""

    def authenticate(self, request: HttpRequest, token: str) -> Any:
        """The account of the token."""
        return request.user if getattr(request, "token", None) else None


class Session(APIKeyCookie):
    """The session of somebody who is logged in; writing needs the header ``X-CSRFToken``."""

    param_name = "minplan_session"

    def __call__(self, request: HttpRequest) -> Any:
        """Nobody without a login; else the account, once the CSRF token is right."""
        return super().__call__(request) if request.user.is_authenticated else None

    def authenticate(self, request: HttpRequest, key: str | None) -> Any:
        """The account that is logged in."""
        return request.user


UNKNOWN: Final = Forbidden(
    "E891",
    Text("没有登录，也没有令牌", "neither logged in nor a token"),
    hint=Text(
        "在“账号 → 访问令牌”新建令牌，请求头写 Authorization: Bearer mp_…",
        "make a token under account → access tokens and send Authorization: Bearer mp_…",
    ),
)
_WRONG: Final = Forbidden(
    "E891",
    Text("令牌无效、已过期或已撤销", "the token is wrong, has expired or was revoked"),
    hint=Text("在“账号 → 访问令牌”核对或新建", "see account → access tokens, or make one"),
)
_TOO_MANY: Final = Forbidden(
    "E893",
    Text("错误的令牌太多，请稍后再试", "too many wrong tokens: try again later"),
    hint=Text("五分钟后再试", "wait five minutes"),
)


def _tried(address: str) -> int:
    return int(cache.get(f"minplan-token-{address}", 0))


def _count(address: str) -> None:
    key = f"minplan-token-{address}"
    cache.add(key, 0, _WHILE_SECONDS)
    try:
        cache.incr(key)
    except ValueError:
        cache.set(key, 1, _WHILE_SECONDS)
