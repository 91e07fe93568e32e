"""Errors as people meet them: what is wrong, where, how to mend it; nothing typed is lost."""

from __future__ import annotations

import logging
from typing import Any, Final

from django.core.exceptions import PermissionDenied, RequestDataTooBig, SuspiciousOperation
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render

from minplan.core.access.model import Forbidden
from minplan.core.errors import Faults, InputError, MinplanError
from minplan.core.text import Text
from minplan.web.words import said

_log = logging.getLogger("minplan.errors")

#: Errors that mean: there is no such thing (for whoever asks).
_MISSING: Final = frozenset({"E501", "E811", "E320", "E860", "E934"})
#: Errors that mean: somebody else was there first, or the step is out of order.
_CONFLICT: Final = frozenset({"E805", "E814", "E842", "E844", "E851", "E852", "E866", "E867"})


def status_of(error: MinplanError) -> int:
    """The HTTP status of an error."""
    first = error.faults[0] if isinstance(error, Faults) else error
    if isinstance(first, Forbidden):
        return 403
    if first.code in _MISSING:
        return 404
    if first.code in _CONFLICT:
        return 409
    if first.code == "E803":
        return 503
    return 413 if first.code == "E921" else 422 if isinstance(first, InputError) else 400


def respond(request: HttpRequest, exception: Exception) -> HttpResponse | None:
    """The answer to an exception, None to let Django handle it."""
    match exception:
        case MinplanError():
            return answer(request, exception, status_of(exception))
        case Http404():
            return answer(request, _NOT_FOUND, 404)
        case PermissionDenied():
            return answer(request, _FORBIDDEN, 403)
        case RequestDataTooBig():
            return answer(request, _TOO_BIG, 413)
        case SuspiciousOperation():
            return None
    _log.exception("defect", extra={"request": getattr(request, "id", "")}, exc_info=exception)
    return answer(request, _defect(request), 500)


def answer(request: HttpRequest, error: MinplanError, status: int) -> HttpResponse:
    """Render an error as JSON, as a fragment for htmx, or as a page."""
    if wants_json(request):
        return JsonResponse({"error": error.to_dict(), "request": _id(request)}, status=status)
    faults = error.faults if isinstance(error, Faults) else (error,)
    context = {"error": error, "faults": faults, "status": status, "request_id": _id(request)}
    if getattr(request, "htmx", False):
        response = render(request, "problems/fragment.html", context, status=status)
        response["HX-Retarget"] = "#problems"
        response["HX-Reswap"] = "innerHTML"
        return response
    return render(request, "problems/page.html", context, status=status)


def wants_json(request: HttpRequest) -> bool:
    """Whether a program asks."""
    accepted = request.headers.get("Accept", "")
    return "application/json" in accepted or request.path.startswith("/api/")


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form that was open longer than its session, or that another site sent."""
    return answer(request, _CSRF, 403)


def page_not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Django's handler for addresses that do not exist."""
    return answer(request, _NOT_FOUND, 404)


def server_error(request: HttpRequest) -> HttpResponse:
    """Django's handler for defects outside views."""
    return answer(request, _defect(request), 500)


def _id(request: HttpRequest) -> str:
    return str(getattr(request, "id", ""))


def _defect(request: HttpRequest) -> MinplanError:
    return MinplanError(
        "E000",
        Text("程序内部错误", "a defect of the program"),
        hint=Text(
            f"已记入日志，请把编号 {_id(request)} 告诉管理员；填写的内容仍在上一页",
            f"it was logged; tell the administrator the number {_id(request)}; what you entered is"
            " still on the page before",
        ),
    )


_NOT_FOUND: Final = MinplanError(
    "E953",
    Text("没有这个页面或对象", "there is no such page or object"),
    hint=Text("检查地址，或用顶部的搜索框查找", "check the address, or use the search box on top"),
)
_FORBIDDEN: Final = Forbidden("E951", Text("当前账号没有这项权限", "this account may not do this"))
_TOO_BIG: Final = InputError(
    "E921",
    Text("提交的内容太大", "what was sent is too large"),
    hint=Text("大文件请用文件上传，不要粘贴", "upload large contents as a file instead"),
)
_CSRF: Final = Forbidden(
    "E954",
    Text("表单已过期", "the form has expired"),
    hint=Text(
        "返回上一页（填写的内容还在），刷新后重新提交；如已退出请先登录",
        "go back (what you entered is still there), reload and send it again; log in first if"
        " needed",
    ),
)


def describe(error: MinplanError, request: HttpRequest) -> list[dict[str, Any]]:
    """An error and its parts in the language of the request, for pages that show it themselves."""
    faults = error.faults if isinstance(error, Faults) else (error,)
    return [
        {
            "code": item.code,
            "message": said(item.message, request),
            "place": item.place.describe(getattr(request, "language", "zh")),
            "hint": said(item.hint, request) if item.hint else "",
        }
        for item in faults
    ]
