"""Views say which permission they need."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse

from minplan.core.access import Permission

View = Callable[..., HttpResponse]


def requires(permission: Permission) -> Callable[[View], View]:
    """Refuse (E951) whoever lacks a permission; the models check areas and rows by themselves."""

    def decorate(view: View) -> View:
        @wraps(view)
        def checked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            request.access.require(permission)
            return view(request, *args, **kwargs)

        return checked

    return decorate
