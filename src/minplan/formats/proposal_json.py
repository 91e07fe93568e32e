"""Proposals as plain dictionaries and back, without loss: what a review record stores."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Mapping
from typing import Any, TypeVar

from shapely.errors import ShapelyError
from shapely.geometry import MultiPolygon, Polygon, mapping, shape

from minplan.core.errors import InputError
from minplan.core.geometry.crs import CoordinateSystem, Datum
from minplan.core.geometry.polygonal import ElevationRange, Polygonal
from minplan.core.review.proposal import (
    Action,
    Attachment,
    Exemption,
    ExplorationDegree,
    MiningMethod,
    Proposal,
    RightKind,
)
from minplan.core.text import Text

Word = TypeVar("Word", ExplorationDegree, MiningMethod)

_PLAIN = (
    "name",
    "applicant",
    "licence",
    "county",
    "block_code",
    "scale",
    "scale_unit",
    "service_life",
    "term",
    "reserves_unit",
    "grant_method",
    "stated_area_km2",
)


def proposal_to_dict(proposal: Proposal) -> dict[str, Any]:
    """Return a proposal as JSON values; floats keep every digit when written by :mod:`json`."""
    return {
        **{name: getattr(proposal, name) for name in _PLAIN},
        "right": proposal.right.value,
        "action": proposal.action.value,
        "minerals": list(proposal.minerals),
        "reserves": dict(proposal.reserves),
        "exploration_degree": _value(proposal.exploration_degree),
        "method": _value(proposal.method),
        "elevation": _pair(proposal.elevation),
        "geometry": polygonal_to_dict(proposal.geometry),
        "attachments": [_record(item) for item in proposal.attachments],
        "exemptions": [_record(item) for item in proposal.exemptions],
        "facts": {key: _tagged(value) for key, value in proposal.facts.items()},
    }


def proposal_from_dict(data: Mapping[str, Any]) -> Proposal:
    """Return the proposal that :func:`proposal_to_dict` wrote.

    Raises InputError E516 when the record was not written by it, or was changed since.
    """
    try:
        return Proposal(
            **{name: data[name] for name in _PLAIN},
            right=RightKind(data["right"]),
            action=Action(data["action"]),
            minerals=tuple(data["minerals"]),
            reserves=dict(data["reserves"]),
            exploration_degree=_maybe(ExplorationDegree, data["exploration_degree"]),
            method=_maybe(MiningMethod, data["method"]),
            elevation=_range(data["elevation"]),
            geometry=polygonal_from_dict(data["geometry"]),
            attachments=tuple(Attachment(**_dated(item)) for item in data["attachments"]),
            exemptions=tuple(Exemption(**_dated(item)) for item in data["exemptions"]),
            facts={key: _untagged(value) for key, value in data["facts"].items()},
        )
    except (KeyError, TypeError, ValueError, AttributeError, ShapelyError) as error:
        raise InputError(
            "E516",
            Text("审查记录中的申请事项不完整或被改动", "the record's proposal is damaged"),
            hint=Text("请用未改动的审查记录", "use the record as it was written"),
        ) from error


def polygonal_to_dict(polygonal: Polygonal) -> dict[str, Any]:
    """Return a polygon as GeoJSON geometry with the system of its edges and its elevations."""
    geometry = mapping(polygonal.geometry)
    return {
        "type": geometry["type"],
        "coordinates": _lists(geometry["coordinates"]),
        "edge_system": dataclasses.asdict(polygonal.edge_system),
        "source": polygonal.source,
        "elevation": _pair(polygonal.elevation),
        "part_elevations": [_pair(item) for item in polygonal.part_elevations],
    }


def polygonal_from_dict(data: Mapping[str, Any]) -> Polygonal:
    """Return the polygon that :func:`polygonal_to_dict` wrote; KeyError, ValueError otherwise."""
    geometry = shape({"type": data["type"], "coordinates": data["coordinates"]})
    if not isinstance(geometry, Polygon | MultiPolygon):
        raise ValueError(f"not a polygon: {data['type']}")
    system = data["edge_system"]
    return Polygonal(
        geometry=geometry,
        edge_system=CoordinateSystem(
            Datum(system["datum"]), system["width"], system["zone"], system["prefixed"]
        ),
        source=data["source"],
        elevation=_range(data["elevation"]),
        part_elevations=tuple(_range(item) for item in data["part_elevations"]),
    )


def _lists(value: Any) -> Any:
    return [_lists(item) for item in value] if isinstance(value, tuple | list) else float(value)


def _value(word: ExplorationDegree | MiningMethod | None) -> str | None:
    return word.value if word else None


def _maybe(kind: type[Word], value: str | None) -> Word | None:
    return kind(value) if value is not None else None


def _pair(elevation: ElevationRange | None) -> list[float] | None:
    return [elevation.upper, elevation.lower] if elevation else None


def _range(pair: list[float] | None) -> ElevationRange | None:
    if pair is None:
        return None
    upper, lower = pair
    return ElevationRange(float(upper), float(lower))


def _record(item: Attachment | Exemption) -> dict[str, Any]:
    return {
        name: value.isoformat() if isinstance(value, dt.date) else value
        for name, value in dataclasses.asdict(item).items()
    }


def _dated(record: Mapping[str, Any]) -> dict[str, Any]:
    return {
        name: dt.date.fromisoformat(value)
        if name in ("date", "valid_from", "valid_to") and value is not None
        else value
        for name, value in record.items()
    }


def _tagged(value: Any) -> Any:
    return {"date": value.isoformat()} if isinstance(value, dt.date) else value


def _untagged(value: Any) -> Any:
    is_date = isinstance(value, Mapping) and set(value) == {"date"}
    return dt.date.fromisoformat(value["date"]) if is_date else value
