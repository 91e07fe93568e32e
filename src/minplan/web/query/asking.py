"""What requests about queries have in common: their body, the query, the day."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.http import HttpRequest
from django.utils import timezone

from minplan.core.errors import InputError, Place
from minplan.core.query.model import Query
from minplan.core.query.serial import query_from_dict
from minplan.core.text import Text
from minplan.inquiry import Inquiry, Prepared
from minplan.web.body import json_object
from minplan.web.desk import workspace


def inquiry(date: dt.date | None = None, plan: str | None = None) -> Inquiry:
    """What can be asked today (or on a day of law) by whoever acts."""
    return Inquiry(workspace(), date or timezone.localdate(), code=plan or None)


def body_of(request: HttpRequest) -> dict[str, Any]:
    """The JSON object of a request; InputError E875 when it is none."""
    return json_object(request, _no_json)


def query_of(data: dict[str, Any]) -> Query:
    """The query of a request; InputError E875."""
    return query_from_dict(data.get("query"))


def prepared(data: dict[str, Any]) -> Prepared:
    """The query of a request, checked and opened; errors E870–E875."""
    return inquiry().prepare(query_of(data))


def size_of(data: dict[str, Any], usual: int = 100) -> int:
    """Rows of a page, 1 to 1000."""
    try:
        return max(1, min(int(data.get("size") or usual), 1000))
    except (TypeError, ValueError):
        return usual


def _no_json() -> InputError:
    return InputError(
        "E875",
        Text("提交的内容不是查询", "what was sent is no query"),
        place=Place(field="query"),
        hint=Text("请刷新页面后重试", "reload the page and try again"),
    )
