"""Addresses of the typeface."""

from __future__ import annotations

from importlib import resources
from typing import Final

from django.contrib.auth.decorators import login_not_required
from django.http import FileResponse, Http404, HttpRequest
from django.urls import path

_FILES: Final = {"regular": "MinplanSansSC-Regular.ttf", "bold": "MinplanSansSC-Bold.ttf"}


@login_not_required
def font(request: HttpRequest, weight: str) -> FileResponse:
    """The typeface the reports use, for browsers without a Chinese font."""
    if weight not in _FILES:
        raise Http404
    file = resources.files("minplan.reports") / "fonts" / _FILES[weight]
    response = FileResponse(file.open("rb"), content_type="font/ttf")
    response["Cache-Control"] = "public, max-age=2592000"
    return response


urlpatterns = [path("fonts/<str:weight>.ttf", font, name="font")]
