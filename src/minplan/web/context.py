"""What every page shows: navigation, plan, account, language."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest

from minplan.core.access import Access
from minplan.web.configuration import configuration
from minplan.web.navigation import entries


def frame(request: HttpRequest) -> dict[str, Any]:
    """The context of the frame around every page."""
    access = getattr(request, "access", None) or Access.public()
    return {
        "access": access,
        "language": getattr(request, "language", "zh"),
        "office": configuration().office,
        "public_view": configuration().public_view,
        "navigation": entries(access, request.path),
    }
