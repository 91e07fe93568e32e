"""What a check finds: faults as data, and how much each weighs."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Any

from shapely.geometry.base import BaseGeometry

from minplan.core.document.model import Spot
from minplan.core.text import Term, Text


class Level(Term):
    """How bad a fault is (缺陷级别); the first is the worst."""

    FATAL = "fatal", "致命", "fatal"
    ERROR = "error", "错误", "error"
    WARNING = "warning", "警告", "warning"
    INFO = "info", "提示", "info"


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault (缺陷): what is wrong, where, how to mend it.

    ``file``, ``layer`` (code of the standard, or the name in the file), ``row`` (from 1), ``key``
    (business key of the feature) and ``field`` are empty or None where they do not apply;
    ``geometry`` is the faulty place in EPSG:4490 lon/lat; ``value`` and ``limit`` are what was
    found and what should be, as people read them; ``spots`` are the places of a document that
    contradict one another. ``sure`` is below 1 where the check interprets words.
    """

    check: str
    level: Level
    message: Text
    mend: Text
    file: str = ""
    layer: str = ""
    row: int | None = None
    key: str = ""
    field: str = ""
    value: str = ""
    limit: str = ""
    geometry: BaseGeometry | None = None
    spots: tuple[Spot, ...] = ()
    sure: float = 1.0

    @property
    def fingerprint(self) -> str:
        """What tells the same fault in another submission: check and place, not the row number.

        A feature is named by its key where it has one; a contradiction by its clauses and words.
        """
        where = self.key or ("" if self.row is None else str(self.row))
        told = [spot.clause + "|" + spot.quote for spot in self.spots]
        text = "\n".join([self.check, self.file, self.layer, where, self.field, self.value, *told])
        return hashlib.sha256(text.encode()).hexdigest()[:16]

    def to_dict(self) -> dict[str, Any]:
        """A plain dictionary for JSON, without the geometry."""
        return {
            "check": self.check,
            "level": self.level.value,
            "message": self.message.to_dict(),
            "mend": self.mend.to_dict(),
            "file": self.file,
            "layer": self.layer,
            "row": self.row,
            "key": self.key,
            "field": self.field,
            "value": self.value,
            "limit": self.limit,
            "sure": self.sure,
            "fingerprint": self.fingerprint,
            "spots": [
                {
                    "place": spot.describe().to_dict(),
                    "clause": spot.clause,
                    "quote": spot.quote,
                    "page": spot.page,
                    "line": spot.line,
                    "row": spot.row,
                    "column": spot.column,
                    "file": spot.file,
                }
                for spot in self.spots
            ],
        }


@dataclass(frozen=True, slots=True)
class More:
    """Further faults of a check that are counted and not described, all of one level.

    ``level`` None is the level of the check.
    """

    count: int
    level: Level | None = None
