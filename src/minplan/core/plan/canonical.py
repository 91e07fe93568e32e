"""The hash of a snapshot: equal content gives an equal hash, whatever the files look like."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Mapping
from dataclasses import fields, is_dataclass, replace
from decimal import Decimal
from typing import Any

from minplan.core.geometry.polygonal import Polygonal
from minplan.core.plan.model import PlanSnapshot


def content_hash(snapshot: PlanSnapshot) -> str:
    """SHA-256 over everything the snapshot holds, geometry by its fingerprint."""
    plain = _plain(replace(snapshot, sha256=""))
    text = json.dumps(plain, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def _plain(value: Any) -> Any:
    if isinstance(value, Polygonal):
        return [value.fingerprint, value.edge_system.epsg]
    if is_dataclass(value):
        return {item.name: _plain(getattr(value, item.name)) for item in fields(value)}
    if isinstance(value, tuple | list):
        return [_plain(item) for item in value]
    if isinstance(value, Mapping):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, Decimal | dt.date):
        return str(value)
    return value
