"""The interface itself: its description, errors, documentation."""

from __future__ import annotations

from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError
from ninja.openapi.docs import DocsBase

from minplan.core.access.model import Forbidden
from minplan.core.errors import Faults, InputError, MinplanError, Place
from minplan.core.text import Text
from minplan.web.api.auth import UNKNOWN, Session, Token, refusal

DESCRIPTION: Final = """
矿产资源规划管理信息系统的接口：页面能做的，程序都能做。同一套规则、权限和错误。
The interface of minplan: whatever the pages do, programs can do, by the same rules.

- **身份 · identity**: `Authorization: Bearer mp_…`（账号 → 访问令牌 · account → access tokens），
  或浏览器会话加 `X-CSRFToken` · or the browser's session with `X-CSRFToken`.
- **分页 · paging**: `limit`, `cursor`; 结果的 `next` 为下一页标记 · `next` is the next cursor.
- **错误 · errors**: `{"error": {code, message, place, hint}, "request"}`.
- **坐标 · coordinates**: GeoJSON, EPSG:4490, 经度在前 · longitude first.
"""


class LocalDocs(DocsBase):
    """Swagger UI from our own server."""

    def render_page(self, request: HttpRequest, api: NinjaAPI, **kwargs: Any) -> HttpResponse:
        """The page."""
        return render(request, "api/docs.html", {"openapi": self.get_openapi_url(api, kwargs)})


api = NinjaAPI(
    title="minplan",
    version="1",
    description=DESCRIPTION,
    docs=LocalDocs(),
    docs_url="/docs",
    openapi_url="/openapi.json",
    auth=[Token(), Session()],
    urls_namespace="api",
)


def both(zh: str, en: str) -> str:
    """A summary in both languages."""
    return f"{zh} · {en}"


@api.exception_handler(AuthenticationError)
def unknown(request: HttpRequest, error: AuthenticationError) -> HttpResponse:
    """Nobody has said who asks."""
    return refusal(request, UNKNOWN, 401)


@api.exception_handler(HttpError)
def failed(request: HttpRequest, error: HttpError) -> HttpResponse:
    """What the framework refuses: a missing CSRF token, a body that is no JSON."""
    if error.status_code == 403:
        return refusal(request, _NO_CSRF, 403)
    message = Text(f"请求不能理解：{error}", f"the request cannot be understood: {error}")
    return refusal(request, InputError("E894", message), error.status_code)


@api.exception_handler(ValidationError)
def unfit(request: HttpRequest, error: ValidationError) -> HttpResponse:
    """Fields that are missing or of another type, all at once."""
    faults: list[MinplanError] = [
        InputError(
            "E894",
            Text(f"字段不对：{item['msg']}", f"a wrong field: {item['msg']}"),
            place=Place(field=".".join(str(part) for part in item["loc"][1:] if part != "data")),
            hint=Text("见 /api/docs 中的字段说明", "see the fields in /api/docs"),
        )
        for item in error.errors
    ]
    return refusal(request, faults[0] if len(faults) == 1 else Faults(faults), 422)


_NO_CSRF: Final = Forbidden(
    "E954",
    Text("缺少 X-CSRFToken", "the header X-CSRFToken is missing or wrong"),
    hint=Text(
        "用会话时须带上 CSRF 令牌；程序请用访问令牌",
        "sessions send the CSRF token; programs use an access token",
    ),
)
