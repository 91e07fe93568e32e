"""Stored reviews (审查记录): records under numbers, with the references they rest on."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Mapping
from typing import Any

from django.db.models import Max

from minplan.core.errors import Place, StoreError
from minplan.core.text import Text
from minplan.database import chain
from minplan.database.fields import encode_json
from minplan.database.guards import writing
from minplan.database.models import Review
from minplan.database.times import recorded_time


def store(record: Mapping[str, Any], *, actor: str, recorded: dt.datetime) -> Review:
    """Store a review record under the next free number of its year (``2026-0042``).

    The ``number`` the record holds is replaced by the one given. Two writers never get the same.

    Raises StoreError E816 when the record lacks its date, verdict, plan or layers.
    """
    try:
        date = dt.date.fromisoformat(record["date"])
        references = {
            "date": date,
            "verdict": str(record["verdict"]),
            "plan_sha256": str(record["plan"]["sha256"]),
            "rule_edition": str(record["rule_edition"]),
            "layers": {item["name"]: item["sha256"] for item in record["layers"]},
        }
    except (KeyError, TypeError, ValueError) as error:
        raise StoreError(
            "E816",
            Text("审查记录不完整", "the review record is incomplete"),
            place=Place(field=str(error)),
        ) from error
    with writing():
        last = Review.objects.filter(year=date.year).aggregate(last=Max("serial"))["last"]
        serial = (last or 0) + 1
        number = f"{date.year}-{serial:04d}"
        row = Review.objects.create(
            number=number,
            year=date.year,
            serial=serial,
            record={**record, "number": number},
            recorded=recorded_time(recorded),
            **references,
        )
        chain.record("review.store", f"review:{number}", told(row), actor=actor, recorded=recorded)
    return row


def get(number: str) -> Review:
    """The review with this number (StoreError E811 when there is none)."""
    found = Review.objects.filter(number=number).first()
    if found is None:
        raise StoreError("E811", Text(f"没有审查记录 {number}", f"no review {number}"))
    return found


def listed(year: int | None = None) -> tuple[Review, ...]:
    """Stored reviews without their records, the oldest first; of one year or of all."""
    found = Review.objects.defer("record").order_by("year", "serial")
    return tuple(found if year is None else found.filter(year=year))


def told(row: Review) -> dict[str, str]:
    """What the audit chain fixes of a review."""
    return {
        "verdict": row.verdict,
        "plan_sha256": row.plan_sha256,
        "layers": encode_json(row.layers),
        "record_sha256": hashlib.sha256(encode_json(row.record).encode()).hexdigest(),
    }
