"""Reading plan features: always as of a day of law and a recorded moment."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator
from typing import Any, Final

from django.core.exceptions import EmptyResultSet
from django.db import connections
from django.db.models import Q

from minplan.core.standard.feature import FeatureValue
from minplan.database.connection import current
from minplan.database.fields import decode_geometries, decode_json
from minplan.database.models import Feature, Plan
from minplan.database.times import recorded_time

_PAGE: Final = 5_000
#: Day 0 of the modified Julian calendar, in which the time index of SQLite counts days.
_MJD_ZERO: Final = dt.date(1858, 11, 17).toordinal()
#: The moment from which the time index of SQLite counts seconds.
_EPOCH: Final = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
#: Later than any moment, earlier than an open end.
_OPEN_SECONDS: Final = 1e14


def as_of(
    plan: Plan,
    effective: dt.date,
    recorded: dt.datetime | None = None,
    *,
    layers: Iterable[str] | None = None,
) -> Any:
    """The features of a plan that hold on ``effective`` as was believed at ``recorded``.

    ``recorded`` None is what is believed now. ``layers`` narrows to codes of the edition. Returns
    a query set of :class:`~minplan.database.models.Feature`, to be filtered further.
    """
    moment = None if recorded is None else recorded_time(recorded)
    found = Feature.objects.filter(plan=plan, effective_from__lte=effective)
    if moment is None:
        found = found.filter(recorded_to=None)
    else:
        found = found.filter(recorded_from__lte=moment)
    if layers is not None:
        found = found.filter(layer__in=[*layers])
    if current().vendor == "postgresql":
        return _by_ranges(found, effective, moment)
    return _by_rtree(found, plan, effective, moment)


def values(found: Any) -> tuple[FeatureValue, ...]:
    """The features of a query set as core values, in the order of layer and key."""
    read = _features(found, connections[found.db].cursor)
    return tuple(sorted(read, key=lambda item: (item.layer, item.key)))


def stream(found: Any) -> Iterator[FeatureValue]:
    """The features of a query set one by one, in no particular order, in bounded memory."""
    return _features(found, connections[found.db].chunked_cursor)


def _features(found: Any, open_cursor: Callable[[], Any]) -> Iterator[FeatureValue]:
    """Read by pages and not by the model's fields: geometries are decoded many at once."""
    query = found.values_list("layer", "key", "attributes", "geometry").query
    try:
        sql, given = query.get_compiler(using=found.db).as_sql()
    except EmptyResultSet:
        return
    with open_cursor() as cursor:
        cursor.execute(sql, given)
        while page := cursor.fetchmany(_PAGE):
            shapes = decode_geometries([row[3] for row in page])
            for (layer, key, attributes, _), shape in zip(page, shapes, strict=True):
                yield FeatureValue(layer, key, decode_json(attributes), shape)


def _by_ranges(found: Any, effective: dt.date, moment: dt.datetime | None) -> Any:
    """PostgreSQL: the GiST index over both intervals."""
    return found.extra(
        where=[
            "daterange(minplan_feature.effective_from, minplan_feature.effective_to) @> %s::date",
            "tstzrange(minplan_feature.recorded_from, minplan_feature.recorded_to)"
            " @> %s::timestamptz",
        ],
        params=[effective, "infinity" if moment is None else moment],
    )


def _by_rtree(found: Any, plan: Plan, effective: dt.date, moment: dt.datetime | None) -> Any:
    """SQLite: the R*Tree over both intervals finds candidates, the columns decide."""
    day = effective.toordinal() - _MJD_ZERO
    seconds = _OPEN_SECONDS if moment is None else (moment - _EPOCH).total_seconds()
    found = found.extra(
        where=[
            "minplan_feature.id IN (SELECT id FROM minplan_feature_time WHERE plan_from <= %s"
            " AND plan_to >= %s AND effective_from <= %s AND effective_to > %s"
            " AND recorded_from <= %s AND recorded_to > %s)",
        ],
        params=[plan.pk, plan.pk, day, day, seconds, seconds],
    )
    found = found.filter(Q(effective_to=None) | Q(effective_to__gt=effective))
    if moment is not None:
        found = found.filter(Q(recorded_to=None) | Q(recorded_to__gt=moment))
    return found
