"""A query (查询) as a value: source, conditions on fields, ground, order, columns, pivot."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from shapely.geometry.base import BaseGeometry

from minplan.core.errors import InputError, Place
from minplan.core.text import Term, Text

#: Column of the area computed on the ellipsoid, in km²; every drawn source has it.
AREA: Final = "_area"

Value = str | float | int | bool


class Kind(Term):
    """Kinds of fields, which decide the operators."""

    TEXT = "text", "文字", "text"
    NUMBER = "number", "数值", "number"
    DATE = "date", "日期", "date"
    FLAG = "flag", "是否", "yes or no"
    CODE = "code", "值域", "code list"


class Operator(Term):
    """How a field is compared (比较)."""

    EQUAL = "=", "等于", "is"
    NOT_EQUAL = "!=", "不等于", "is not"
    LESS = "<", "小于", "is less than"
    AT_MOST = "<=", "不大于", "is at most"
    GREATER = ">", "大于", "is greater than"
    AT_LEAST = ">=", "不小于", "is at least"
    BETWEEN = "between", "介于", "is between"
    CONTAINS = "contains", "包含", "contains"
    STARTS = "starts", "开头是", "starts with"
    ONE_OF = "in", "属于", "is one of"
    NONE_OF = "not-in", "不属于", "is none of"
    EMPTY = "empty", "未填", "is empty"
    FILLED = "filled", "已填", "is filled in"


_ORDERED: Final = (
    *(Operator.EQUAL, Operator.NOT_EQUAL, Operator.LESS, Operator.AT_MOST),
    *(Operator.GREATER, Operator.AT_LEAST, Operator.BETWEEN),
)
_EITHER: Final = (Operator.EMPTY, Operator.FILLED)
#: Operators by kind of field, the most usual first.
OPERATORS: Final[Mapping[Kind, tuple[Operator, ...]]] = {
    Kind.TEXT: (
        *(Operator.CONTAINS, Operator.EQUAL, Operator.NOT_EQUAL, Operator.STARTS),
        *(Operator.ONE_OF, Operator.NONE_OF, *_EITHER),
    ),
    Kind.NUMBER: (*_ORDERED, *_EITHER),
    Kind.DATE: (*_ORDERED, *_EITHER),
    Kind.FLAG: (Operator.EQUAL, *_EITHER),
    Kind.CODE: (Operator.ONE_OF, Operator.NONE_OF, *_EITHER),
}


class Match(Term):
    """Whether every condition must hold or one suffices."""

    ALL = "all", "且", "and"
    ANY = "any", "或", "or"


class Relation(Term):
    """How features lie to the ground that is asked for (空间关系)."""

    INTERSECTS = "intersects", "与范围相交", "overlap the area"
    WITHIN = "within", "在范围内", "lie within the area"
    TOUCHES = "touches", "与范围相接", "touch the area"


@dataclass(frozen=True, slots=True)
class Condition:
    """A condition on a field; ``values`` are none, one, two (between) or many (in)."""

    field: str
    operator: Operator
    values: tuple[Value, ...] = ()


@dataclass(frozen=True, slots=True)
class Ground:
    """A spatial condition: the ground is a feature of the plan or a shape of its own.

    ``layer`` and ``key`` name a zone or county of the plan; ``shape`` is a polygon in EPSG:4490
    that was drawn or uploaded. ``share`` is the least part (0–1) of a feature's area that must
    lie on the ground, for ``INTERSECTS``.
    """

    relation: Relation = Relation.INTERSECTS
    layer: str = ""
    key: str = ""
    name: str = ""
    shape: BaseGeometry | None = None
    share: float = 0.0


@dataclass(frozen=True, slots=True)
class Sort:
    """Order by a field; empty values come last."""

    field: str
    descending: bool = False


@dataclass(frozen=True, slots=True)
class Pivot:
    """Groups by one or two fields, with counts and the sum of a numeric field (empty: none)."""

    rows: str
    columns: str = ""
    sum: str = ""


@dataclass(frozen=True, slots=True)
class Query:
    """What is asked.

    ``source`` is ``plan/<layer code>``, ``layer/<constraint layer>`` or ``cases``; ``columns``
    empty means the usual ones; ``date`` is the day of law, None the day it is run.
    """

    source: str
    conditions: tuple[Condition, ...] = ()
    match: Match = Match.ALL
    ground: Ground | None = None
    columns: tuple[str, ...] = ()
    sort: tuple[Sort, ...] = ()
    pivot: Pivot | None = None
    date: dt.date | None = None


@dataclass(frozen=True, slots=True)
class QueryField:
    """A field that can be asked for and shown.

    ``codes`` are the stored values with their words, for ``CODE`` (the codes in use when
    ``open_list``: other values may be typed). ``multiple`` fields hold several values joined by
    ``、``. ``additive`` figures may be summed; ``unit_field`` names the field with their unit where
    rows differ.
    """

    code: str
    name: Text
    kind: Kind
    unit: str = ""
    decimals: int = 0
    codes: tuple[tuple[str, Text], ...] = ()
    multiple: bool = False
    additive: bool = False
    unit_field: str = ""
    usual: bool = True

    def word(self, value: Any) -> Text:
        """A stored value as people say it."""
        if isinstance(value, bool):
            return Text("是", "yes") if value else Text("否", "no")
        known = dict(self.codes)
        if self.multiple and isinstance(value, str) and "、" in value:
            words = [known.get(item, Text(item, item)) for item in value.split("、")]
            return Text("、".join(w.zh for w in words), ", ".join(w.en for w in words))
        return known.get(str(value)) or Text(str(value), str(value))


@dataclass(frozen=True, slots=True)
class Source:
    """A layer or register that can be asked.

    ``geometry`` is ``polygon``, ``line``, ``point`` or empty. ``county`` names the field with the
    county; ``title`` the field that names a row. ``count`` is a number of rows where it is known.
    """

    id: str
    name: Text
    group: Text
    fields: tuple[QueryField, ...]
    geometry: str = ""
    county: str = ""
    title: str = ""
    aliases: tuple[str, ...] = ()
    schematic: bool = False
    count: int | None = None
    index: Mapping[str, QueryField] = field(default_factory=dict, compare=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "index", {item.code: item for item in self.fields})

    def field(self, code: str) -> QueryField:
        """The field with this code; InputError E871 when there is none."""
        found = self.index.get(code)
        if found is None:
            raise InputError(
                "E871",
                Text(f"{self.name.zh}没有字段“{code}”", f"{self.name.en} has no field {code!r}"),
                place=Place(layer=self.id, field=code),
                hint=Text("从字段列表中选择", "choose one of the listed fields"),
            )
        return found

    def shown(self, query: Query) -> tuple[QueryField, ...]:
        """The columns of a result: those asked for, else the usual ones."""
        if query.columns:
            return tuple(self.field(code) for code in query.columns)
        return tuple(item for item in self.fields if item.usual)


def area_field() -> QueryField:
    """The field of the computed area."""
    return QueryField(
        AREA,
        Text("椭球面积", "ellipsoidal area"),
        Kind.NUMBER,
        unit="km²",
        decimals=4,
        additive=True,
    )
