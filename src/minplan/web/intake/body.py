"""What the intake page sends: JSON bodies, geometry, attributes of the form."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest

from minplan.core.errors import InputError, MinplanError, Place
from minplan.core.geometry.corners import drawn
from minplan.core.geometry.polygonal import Polygonal
from minplan.core.review.proposal import Proposal
from minplan.core.text import Text
from minplan.formats.coordinate_system import parse_system
from minplan.formats.declared import declared
from minplan.web.body import json_object

Values = dict[str, Any]


def body_of(request: HttpRequest) -> dict[str, Any]:
    """The JSON object of a request; InputError E857 when it is none."""
    return json_object(request, _no_body)


def polygonal_of(data: Mapping[str, Any]) -> Polygonal | None:
    """The ground that ``geometry`` (GeoJSON, lon/lat) and ``system`` give; None without any.

    Raises InputError E124, E129 and E127 for shapes that bound no area.
    """
    geometry = data.get("geometry")
    if not geometry:
        return None
    return drawn(geometry, parse_system(str(data.get("system") or "lonlat")))


def values_of(attributes: Mapping[str, Any]) -> tuple[Values, list[MinplanError]]:
    """The attributes of the form, read as those of a proposal file, and what is wrong of them."""
    return declared(_filled(attributes), Place())


def _filled(value: Any) -> Any:
    """Without what was left empty."""
    if isinstance(value, Mapping):
        kept = {key: _filled(item) for key, item in value.items()}
        return {key: item for key, item in kept.items() if item not in (None, "", {}, [])}
    if isinstance(value, list):
        return [item for item in map(_filled, value) if item not in (None, "", {}, [])]
    return value.strip() if isinstance(value, str) else value


def proposal_of(polygonal: Polygonal, values: Values) -> Proposal:
    """The proposal of a ground and its attributes; ``right`` and ``action`` must be among them."""
    elevation = values.get("elevation") or polygonal.elevation
    ground = Polygonal(
        polygonal.geometry, polygonal.edge_system, polygonal.source, elevation,
        polygonal.part_elevations,
    )  # fmt: skip
    given = {"name": "", "minerals": (), **values, "elevation": elevation}
    return Proposal(**{**given, "geometry": ground})


def date_of(data: Mapping[str, Any]) -> dt.date:
    """The day as of which is reviewed, today unless stated; InputError E512 when it is none."""
    try:
        return dt.date.fromisoformat(data["date"]) if data.get("date") else dt.date.today()
    except (ValueError, TypeError) as error:
        raise InputError(
            "E512",
            Text(f"“{data['date']}”不是日期", f"{data['date']!r} is not a date"),
            place=Place(field="date"),
            hint=Text("写成 2026-01-15", "write 2026-01-15"),
        ) from error


def _no_body() -> InputError:
    return InputError(
        "E857",
        Text("提交的内容不完整", "what was sent is incomplete"),
        hint=Text("请重试；填写的内容还在本页", "try again; what you entered is still in the page"),
    )
