"""JSON bodies of the pages' own requests."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from django.http import HttpRequest

from minplan.core.errors import InputError


def json_object(request: HttpRequest, refusal: Callable[[], InputError]) -> dict[str, Any]:
    """The JSON object of a request; raises what ``refusal`` makes when it is none."""
    try:
        found = json.loads(request.body)
    except (ValueError, RecursionError) as error:
        raise refusal() from error
    if not isinstance(found, dict):
        raise refusal()
    return found
