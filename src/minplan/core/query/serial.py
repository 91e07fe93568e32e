"""Queries as JSON and back, checked against what their source has."""

from __future__ import annotations

import datetime as dt
import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Final, NoReturn, TypeVar

import shapely
from shapely.errors import ShapelyError

from minplan.core.errors import InputError, Place
from minplan.core.query.model import (
    AREA,
    OPERATORS,
    Condition,
    Ground,
    Kind,
    Match,
    Operator,
    Pivot,
    Query,
    Relation,
    Sort,
    Source,
    Value,
)
from minplan.core.standard.feature import rounded
from minplan.core.text import Term, Text

_KEYS: Final = frozenset(
    {"source", "conditions", "match", "ground", "columns", "sort", "pivot", "date"}
)
#: Decimals of the coordinates a query keeps: 0.1 mm on the ground.
_DECIMALS: Final = 9
_VALUES: Final = 500

Word = TypeVar("Word", bound=Term)


def query_to_dict(query: Query) -> dict[str, Any]:
    """The query as plain JSON; parts that say nothing are left out."""
    found: dict[str, Any] = {"source": query.source}
    if query.conditions:
        found["conditions"] = [
            {"field": c.field, "operator": c.operator.value, "values": [*c.values]}
            for c in query.conditions
        ]
    if query.match is not Match.ALL:
        found["match"] = query.match.value
    if query.ground is not None:
        found["ground"] = _ground_to_dict(query.ground)
    if query.columns:
        found["columns"] = [*query.columns]
    if query.sort:
        found["sort"] = [{"field": s.field, "descending": s.descending} for s in query.sort]
    if query.pivot is not None:
        pivot = query.pivot
        found["pivot"] = {"rows": pivot.rows, "columns": pivot.columns, "sum": pivot.sum}
    if query.date is not None:
        found["date"] = query.date.isoformat()
    return found


def query_from_dict(data: Any) -> Query:
    """Read a query; InputError E875 names the part that cannot be read."""
    if not isinstance(data, Mapping) or not isinstance(data.get("source"), str):
        _refuse("source", "query")
    if unknown := sorted(data.keys() - _KEYS):
        _refuse(str(unknown[0]), "query")
    pivot = data.get("pivot")
    ground = data.get("ground")
    return Query(
        source=data["source"],
        conditions=tuple(_condition(item) for item in _list(data, "conditions")),
        match=_word(Match, data.get("match") or "all", "match"),
        ground=_ground(ground) if ground else None,
        columns=tuple(_text(item, "columns") for item in _list(data, "columns")),
        sort=tuple(_sort(item) for item in _list(data, "sort")),
        pivot=_pivot(pivot) if pivot else None,
        date=_date(data.get("date")),
    )


def query_from_json(text: str) -> Query:
    """Read a query from JSON text (an address carries it); InputError E875."""
    try:
        return query_from_dict(json.loads(text))
    except (ValueError, RecursionError) as error:
        raise _unreadable("query", str(error)[:120]) from error


def checked(query: Query, source: Source) -> Query:
    """The query with its values as the fields hold them.

    Raises InputError E871 (no such field), E872 (an operator that does not suit the field), E873
    (a value of another type), E874 (ground asked of a source without geometry).
    """
    conditions = tuple(_fitting(condition, source) for condition in query.conditions)
    for code in query.columns:
        source.field(code)
    for item in query.sort:
        source.field(item.field)
    if query.pivot is not None:
        _check_pivot(query.pivot, source)
    if query.ground is not None and not source.geometry:
        raise InputError(
            "E874",
            Text(f"{source.name.zh}没有图形，不能按范围查", f"{source.name.en} has no geometry"),
            place=Place(layer=source.id),
            hint=Text("去掉范围条件，或换一个图层", "drop the area, or choose another layer"),
        )
    return replace(query, conditions=conditions)


def _check_pivot(pivot: Pivot, source: Source) -> None:
    source.field(pivot.rows)
    if pivot.columns:
        source.field(pivot.columns)
    if pivot.sum and source.field(pivot.sum).kind is not Kind.NUMBER:
        raise _wrong_value(source, pivot.sum, "sum", Kind.NUMBER)


def _fitting(condition: Condition, source: Source) -> Condition:
    item, operator = source.field(condition.field), condition.operator
    if item.kind is Kind.CODE and operator in (Operator.EQUAL, Operator.NOT_EQUAL):
        operator = Operator.ONE_OF if operator is Operator.EQUAL else Operator.NONE_OF
    contains = item.kind is Kind.CODE and operator is Operator.CONTAINS
    if operator not in OPERATORS[item.kind] and not contains:
        listed = [entry.word for entry in OPERATORS[item.kind]]
        raise InputError(
            "E872",
            Text(
                f"{item.name.zh}（{item.kind.word.zh}）不能用“{operator.word.zh}”比较",
                f"{item.name.en} ({item.kind.word.en}) cannot be compared by “{operator.word.en}”",
            ),
            place=Place(layer=source.id, field=item.code),
            hint=Text(
                f"可用：{'、'.join(w.zh for w in listed)}", f"use {', '.join(w.en for w in listed)}"
            ),
        )
    _check_count(condition, source, operator)
    values = tuple(_value(value, item.kind, source, item.code) for value in condition.values)
    return Condition(item.code, operator, values)


def _check_count(condition: Condition, source: Source, operator: Operator) -> None:
    given = len(condition.values)
    wanted = {Operator.EMPTY: (0, 0), Operator.FILLED: (0, 0), Operator.BETWEEN: (2, 2)}
    many = operator in (Operator.ONE_OF, Operator.NONE_OF)
    least, most = wanted.get(operator, (1, _VALUES if many else 1))
    if least <= given <= most:
        return
    name = source.field(condition.field).name
    raise InputError(
        "E873",
        Text(f"条件“{name.zh}”缺少值或值太多", f"the condition on {name.en} needs other values"),
        place=Place(layer=source.id, field=condition.field),
        hint=Text("补上要比较的值，或删去这个条件", "give the value to compare with, or drop it"),
    )


def _value(value: Any, kind: Kind, source: Source, code: str) -> Value:
    try:
        match kind:
            case Kind.NUMBER:
                number = float(value)
                if not math.isfinite(number):
                    raise ValueError
                return number
            case Kind.DATE:
                return dt.date.fromisoformat(str(value)).isoformat()
            case Kind.FLAG:
                return {"true": True, "1": True, "false": False, "0": False}[str(value).lower()]
            case _:
                return str(value).strip()
    except (KeyError, TypeError, ValueError) as error:
        raise _wrong_value(source, code, str(value), kind) from error


def _wrong_value(source: Source, code: str, value: str, kind: Kind) -> InputError:
    name = Text("椭球面积", "ellipsoidal area") if code == AREA else source.field(code).name
    return InputError(
        "E873",
        Text(
            f"{name.zh}要填{kind.word.zh}，不能是“{value}”",
            f"{name.en} is a {kind.word.en}, not {value!r}",
        ),
        place=Place(layer=source.id, field=code),
        hint=Text("日期写 2026-11-23，数值写 0.5", "write dates as 2026-11-23, numbers as 0.5"),
    )


# -- parts ----------------------------------------------------------------------------------------


def _condition(data: Any) -> Condition:
    if not isinstance(data, Mapping):
        _refuse("conditions", str(data))
    values = data.get("values")
    if values is None:
        values = [data["value"]] if "value" in data else []
    if not isinstance(values, list) or len(values) > _VALUES:
        _refuse("values", str(values)[:80])
    for value in values:
        if not isinstance(value, str | int | float | bool):
            _refuse("values", str(value)[:80])
    field = _text(data.get("field"), "field")
    return Condition(field, _word(Operator, data.get("operator"), "operator"), tuple(values))


def _sort(data: Any) -> Sort:
    if not isinstance(data, Mapping):
        _refuse("sort", str(data))
    return Sort(_text(data.get("field"), "sort"), bool(data.get("descending", False)))


def _pivot(data: Any) -> Pivot:
    if not isinstance(data, Mapping):
        _refuse("pivot", str(data))
    parts = [str(data.get(name) or "") for name in ("columns", "sum")]
    return Pivot(_text(data.get("rows"), "pivot"), *parts)


def _ground(data: Any) -> Ground:
    if not isinstance(data, Mapping):
        _refuse("ground", str(data))
    try:
        share = float(data.get("share") or 0)
    except (TypeError, ValueError):
        _refuse("share", str(data.get("share")))
    if not 0 <= share <= 1:
        _refuse("share", str(share))
    shape = data.get("shape")
    found = Ground(
        relation=_word(Relation, data.get("relation") or "intersects", "relation"),
        layer=str(data.get("layer") or ""),
        key=str(data.get("key") or ""),
        name=str(data.get("name") or "")[:120],
        shape=_shape(shape) if shape else None,
        share=share,
    )
    if found.shape is None and not (found.layer and found.key):
        _refuse("ground", "layer, key | shape")
    return found


def _shape(data: Any) -> Any:
    """A polygon in GeoJSON; crossings are refused rather than mended behind one's back."""
    try:
        shape = shapely.force_2d(shapely.from_geojson(json.dumps(data)))
    except (ShapelyError, TypeError, ValueError) as error:
        raise _unreadable("shape", str(error)[:120]) from error
    if shape.geom_type not in ("Polygon", "MultiPolygon") or shape.is_empty:
        _refuse("shape", shape.geom_type)
    west, south, east, north = shape.bounds
    inside = west >= -180 and east <= 180 and south >= -90 and north <= 90
    if not inside or not shapely.is_valid(shape):
        _refuse("shape", shapely.is_valid_reason(shape) if inside else "EPSG:4490")
    return rounded(shape)


def _ground_to_dict(ground: Ground) -> dict[str, Any]:
    found: dict[str, Any] = {"relation": ground.relation.value}
    if ground.shape is not None:
        found["shape"] = json.loads(shapely.to_geojson(ground.shape))
    else:
        found |= {"layer": ground.layer, "key": ground.key}
    if ground.name:
        found["name"] = ground.name
    if ground.share:
        found["share"] = ground.share
    return found


def _list(data: Mapping[str, Any], key: str) -> Sequence[Any]:
    found = data.get(key) or []
    if not isinstance(found, list):
        _refuse(key, str(found)[:80])
    return list(found)


def _text(value: Any, part: str) -> str:
    if not isinstance(value, str) or not value:
        _refuse(part, str(value)[:80])
    return str(value)


def _word(kind: type[Word], value: Any, part: str) -> Word:
    try:
        return kind(value)
    except ValueError:
        _refuse(part, str(value)[:80])


def _date(value: Any) -> dt.date | None:
    if not value:
        return None
    try:
        return dt.date.fromisoformat(str(value))
    except ValueError:
        _refuse("date", str(value)[:80])


def _refuse(part: str, value: str) -> NoReturn:
    raise _unreadable(part, value)


def _unreadable(part: str, value: str) -> InputError:
    return InputError(
        "E875",
        Text(f"查询的“{part}”部分读不懂：{value}", f"the part “{part}” of the query: {value}"),
        place=Place(field=part),
        hint=Text("见文档“查询与导出”中的查询格式", "see the form of queries in the docs"),
    )
