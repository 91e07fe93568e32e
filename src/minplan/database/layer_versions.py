"""The register of constraint-layer versions (管控图层版本) that reviews rest on."""

from __future__ import annotations

import dataclasses
import datetime as dt
from typing import Any

from minplan.core.geometry.layer import LayerVersion as LayerVersionValue
from minplan.database import chain
from minplan.database.guards import writing
from minplan.database.models import LayerVersion
from minplan.database.times import recorded_time


def register(version: LayerVersionValue, *, actor: str, recorded: dt.datetime) -> LayerVersion:
    """Register a version of the layer library; the same hash twice is one."""
    with writing():
        known = LayerVersion.objects.filter(name=version.name, sha256=version.sha256).first()
        if known is not None:
            return known
        row = LayerVersion.objects.create(
            **dataclasses.asdict(version), recorded=recorded_time(recorded)
        )
        subject = f"layer:{version.name}:{version.sha256}"
        chain.record("layer.register", subject, told(row), actor=actor, recorded=recorded)
    return row


def listed() -> tuple[LayerVersionValue, ...]:
    """All registered versions, by name and the order they came in."""
    return tuple(value(row) for row in LayerVersion.objects.order_by("name", "id"))


def value(row: LayerVersion) -> LayerVersionValue:
    """The version as the core knows it."""
    values = {f.name: getattr(row, f.name) for f in dataclasses.fields(LayerVersionValue)}
    for name in ("extent", "coverage"):
        values[name] = tuple(values[name]) if values[name] is not None else None
    return LayerVersionValue(**values)


def told(row: LayerVersion) -> dict[str, Any]:
    """What the audit chain fixes of a version."""
    values = dataclasses.asdict(value(row))
    dates = {name: str(item) for name, item in values.items() if isinstance(item, dt.date)}
    return {**values, **dates}
