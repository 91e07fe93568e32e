"""An inspection kept as JSON, and taken back: for comparison and for reports of earlier ones."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping
from typing import Any

import shapely
from shapely.geometry.base import BaseGeometry

from minplan.core.document.model import Spot
from minplan.core.quality.check import Check, registered
from minplan.core.quality.fault import Fault, Level
from minplan.core.quality.inspection import CheckResult, Inspection, State, Waived
from minplan.core.quality.submission import SubmissionKind
from minplan.core.quality.waiver import Waiver
from minplan.core.text import Text


def read(told: Mapping[str, Any]) -> Inspection:
    """The inspection back from :meth:`Inspection.to_dict`; geometries where they were kept.

    Checks that are registered no more are left out of ``checks``, their results stay.
    """
    date = told.get("date")
    known: dict[str, Check] = {item.id: item for item in registered()}
    results = tuple(_result(item) for item in told["results"])
    return Inspection(
        name=told["name"],
        kind=SubmissionKind(told["kind"]),
        edition=told["edition"],
        date=dt.date.fromisoformat(date) if date else None,
        results=results,
        checks={item.check: known[item.check] for item in results if item.check in known},
        features=told["features"],
        layers=told["layers"],
        cancelled=told["cancelled"],
        seconds=told["seconds"],
    )


def _result(told: Mapping[str, Any]) -> CheckResult:
    return CheckResult(
        check=told["check"],
        state=State(told["state"]),
        faults=tuple(_fault(item) for item in told["faults"]),
        counts={Level(key): count for key, count in told["counts"].items()},
        examined=told["examined"],
        missing=tuple(Text(**item) for item in told["missing"]),
        waived=tuple(
            Waived(_fault(item["fault"]), Waiver.from_dict(item["waiver"]))
            for item in told["waived"]
        ),
        seconds=told["seconds"],
    )


def _fault(told: Mapping[str, Any]) -> Fault:
    plain = ("check", "file", "layer", "row", "key", "field", "value", "limit", "sure")
    return Fault(
        level=Level(told["level"]),
        message=Text(**told["message"]),
        mend=Text(**told["mend"]),
        geometry=_geometry(told.get("geometry")),
        spots=tuple(_spot(item) for item in told["spots"]),
        **{name: told[name] for name in plain},
    )


def _geometry(told: Mapping[str, Any] | None) -> BaseGeometry | None:
    """A shape kept as GeoJSON beside its fault."""
    return shapely.from_geojson(json.dumps(told)) if told else None


def _spot(told: Mapping[str, Any]) -> Spot:
    plain = ("page", "line", "row", "column", "file")
    more = {name: told[name] for name in plain if told.get(name)}
    return Spot(clause=told["clause"], quote=told["quote"], **more)
