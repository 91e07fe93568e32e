"""Staging: operations are normalised, examined and written in batches."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import count, islice
from typing import Any, Final

import numpy as np
import shapely
from django.db.models import Max

from minplan.core.errors import MinplanError, Place, PlanDataError
from minplan.core.standard.feature import FeatureValue
from minplan.core.standard.model import Edition
from minplan.core.text import Text
from minplan.database import bulk
from minplan.database.editions import edition as edition_of
from minplan.database.fields import encode_geometries, encode_json
from minplan.database.guards import writing
from minplan.database.models import Changeset, Operation
from minplan.database.timeline import FOREVER, Action
from minplan.database.validation import Examined, digests, examine, feature_of, key_faults

_BATCH: Final = 5_000
_COLUMNS: Final = (
    "changeset_id",
    "number",
    "action",
    "layer",
    "key",
    "effective_from",
    "effective_to",
    "attributes",
    "geometry",
    "west",
    "south",
    "east",
    "north",
    "digest",
    "faults",
)
#: Attributes, geometry, bounds and digest of an operation without content.
_NOTHING: Final = (None, None, None, None, None, None, "")


@dataclass(frozen=True, slots=True)
class Staged:
    """One operation to be staged; the feature has no content where the action has none."""

    action: Action
    feature: FeatureValue | Examined
    effective_from: dt.date
    effective_to: dt.date = FOREVER


def stage(
    changeset: Changeset,
    staged: Iterable[Staged],
    progress: Callable[[int, int], None] | None = None,
) -> int:
    """Write operations behind those staged before; returns how many."""
    edition = edition_of(changeset.plan.edition_id)
    done = 0
    with writing() as connection, bulk.roomy(connection):
        last = Operation.objects.filter(changeset=changeset).aggregate(last=Max("number"))["last"]
        numbers = count((last or 0) + 1)
        source = iter(staged)
        while batch := [*islice(source, _BATCH)]:
            made = _rows(edition, batch, connection.vendor)
            rows = [(changeset.pk, next(numbers), *row) for row in made]
            bulk.insert_rows(connection, "minplan_operation", _COLUMNS, rows)
            done += len(rows)
            if progress:
                progress(done, 0)
    return done


def faults(changeset: Changeset, limit: int) -> Iterator[MinplanError]:
    """The faults the edition found in staged operations, at most ``limit`` operations' worth."""
    found = Operation.objects.filter(changeset=changeset, faults__isnull=False)
    for operation in found.order_by("number")[:limit]:
        for item in operation.faults:
            hint = item["hint"] and Text(**item["hint"])
            place = Place(layer=operation.layer, row=operation.number, field=item["field"])
            message = Text(**item["message"])
            told = Text(f"{operation.key}：{message.zh}", f"{operation.key}: {message.en}")
            yield PlanDataError(item["code"], told, place=place, hint=hint)


def _rows(edition: Edition, batch: list[Staged], vendor: str) -> Iterator[tuple[Any, ...]]:
    """The rows of operations, in their order, without changeset and number."""
    held = [item for item in batch if item.action not in (Action.END, Action.WITHDRAW)]
    examined = examine(edition, [(item.feature, item.effective_from) for item in held])
    shapes = np.array([item.feature.geometry for item in examined], dtype=np.object_)
    stored = encode_geometries(shapes, vendor)
    bounds = shapely.bounds(shapes).tolist()
    contents = zip(examined, stored, bounds, digests(examined), strict=True)
    for item in batch:
        until = None if item.effective_to == FOREVER else item.effective_to.isoformat()
        named = feature_of(item.feature)
        key = (named.layer, named.key)
        head = (item.action.value, *key, item.effective_from.isoformat(), until)
        if item.action in (Action.END, Action.WITHDRAW):
            yield (*head, *_NOTHING, _stored_faults(key_faults(*key)))
            continue
        found, wkb, box, digest = next(contents)
        if found.faults:
            yield (*head, *_NOTHING, _stored_faults(found.faults))
            continue
        box = [None] * 4 if wkb is None else box
        yield (*head, found.text, wkb, *box, digest, None)


def _stored_faults(found: Iterable[MinplanError]) -> str | None:
    told = [
        {
            "code": item.code,
            "message": item.message.to_dict(),
            "hint": item.hint.to_dict() if item.hint else None,
            "field": item.place.field,
        }
        for item in found
    ]
    return encode_json(told) if told else None
