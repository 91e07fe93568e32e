"""Values against the data dictionary: types, lengths, code lists, required fields, keys.

Nothing is guessed: a value that does not suit its field is a fault that names layer, row, field
and value, and tells how to mend it. What suits is brought into the stored form.
"""

from __future__ import annotations

import datetime as dt
import difflib
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from typing import Any, Final

from shapely.geometry.base import BaseGeometry

from minplan.core.errors import Place, PlanDataError
from minplan.core.standard.feature import FeatureValue
from minplan.core.standard.model import (
    CodeList,
    Edition,
    FieldSpec,
    FieldType,
    GeometryType,
    LayerSpec,
    Spec,
)
from minplan.core.standard.values import Unfit, is_empty, plain_value, short_way
from minplan.core.text import Text

_SEVERAL: Final = re.compile(r"[、，,;；|]")
_JOIN: Final = "、"
_SHAPES: Final = {
    GeometryType.POINT: ("Point", "MultiPoint"),
    GeometryType.LINE: ("LineString", "MultiLineString", "LinearRing"),
    GeometryType.POLYGON: ("Polygon", "MultiPolygon"),
}


@dataclass(frozen=True, slots=True)
class Validated:
    """The attributes in their stored form, without those that are empty or at fault."""

    attributes: Mapping[str, Any]
    faults: tuple[PlanDataError, ...] = ()


@dataclass(frozen=True, slots=True)
class LayerCheck:
    """The features of a layer in their stored form, and every fault found."""

    features: tuple[FeatureValue, ...]
    faults: tuple[PlanDataError, ...] = ()


def validate(
    edition: Edition,
    layer_code: str,
    attributes: Mapping[str, Any],
    *,
    date: dt.date | None = None,
    row: int | None = None,
) -> Validated:
    """Bring the attributes of one feature into their stored form.

    ``char`` and ``text`` become str, ``int`` int, ``float`` float rounded to the declared
    decimals, ``date`` an ISO string, ``bool`` bool; empty values are left out. ``date`` is the day
    on which codes must be in force, None for any day; ``row`` is named in the faults. Faults:
    E712 unknown field, E713 missing, E714 type, E715 length, E716 not in the code list, E717 not
    in force, E718 range, E719 the printed figure is another one. Raises PlanDataError E711 for an
    unknown layer.
    """
    check = _check_of(edition, layer_code)
    return check.attributes(attributes, date, row)


def validate_feature(
    edition: Edition, feature: FeatureValue, *, date: dt.date | None = None, row: int | None = None
) -> tuple[FeatureValue, tuple[PlanDataError, ...]]:
    """A feature in its stored form; besides :func:`validate` E722 geometry, E723 key."""
    check = _check_of(edition, feature.layer)
    told = check.attributes(feature.attributes, date, row)
    faults = [*told.faults, *check.shape(feature.geometry, row), *check.key(feature, told, row)]
    plain = FeatureValue(feature.layer, feature.key, told.attributes, feature.geometry)
    return plain, tuple(faults)


def validate_layer(
    edition: Edition,
    layer_code: str,
    features: Iterable[FeatureValue],
    *,
    date: dt.date | None = None,
) -> LayerCheck:
    """All features of one layer; besides :func:`validate_feature` E720, a key that is there twice.

    Rows count from 1.
    """
    spec = edition.spec(layer_code)
    first: dict[str, int] = {}
    sound: list[FeatureValue] = []
    faults: list[PlanDataError] = []
    for row, feature in enumerate(features, start=1):
        plain, found = validate_feature(edition, feature, date=date, row=row)
        sound.append(plain)
        faults.extend(found)
        if (earlier := first.setdefault(feature.key, row)) != row:
            message = Text(
                f"{spec.key}“{feature.key}”重复，已见于第 {earlier} 行",
                f"{spec.key} {feature.key!r} is there already (row {earlier})",
            )
            hint = Text("改标识码，或删去重复的一行", "change the key, or drop one of the rows")
            faults.append(_fault("E720", spec, (row, spec.key), message, hint))
    return LayerCheck(tuple(sound), tuple(faults))


def validate_references(
    edition: Edition, features: Sequence[FeatureValue]
) -> tuple[PlanDataError, ...]:
    """References between tables: every value named is a key of a target (E721)."""
    keys: dict[str, set[str]] = {}
    rows: dict[str, list[FeatureValue]] = {}
    for feature in features:
        keys.setdefault(feature.layer, set()).add(feature.key)
        rows.setdefault(feature.layer, []).append(feature)
    faults = []
    for code, members in rows.items():
        spec = edition.spec(code)
        for reference in spec.references:
            known = set().union(*(keys.get(target, set()) for target in reference.targets))
            for row, feature in enumerate(members, start=1):
                value = feature.attributes.get(reference.field)
                if value is None or value in known:
                    continue
                listed = " ".join(reference.targets)
                message = Text(
                    f"“{feature.key}”引用的“{value}”不存在",
                    f"{feature.key!r} refers to {value!r}, which is not there",
                )
                hint = Text(f"改正，或先补入：{listed}", f"mend it, or add it to: {listed}")
                faults.append(_fault("E721", spec, (row, reference.field), message, hint))
    return tuple(faults)


def stored_value(
    item: FieldSpec, codes: CodeList | None, value: Any, date: dt.date | None = None
) -> Any:
    """What a field stores for a value that is not empty; ``codes`` is the list of its domain.

    Raises Unfit with one of the codes of :func:`validate`.
    """
    if codes is None:
        return plain_value(item, value)
    words = _SEVERAL.split(_word(value)) if item.multiple else [_word(value)]
    stored = [_stored(codes, word.strip(), date) for word in words if word.strip()]
    return plain_value(item, _JOIN.join(stored))


@lru_cache(maxsize=256)
def _check_of(edition: Edition, layer_code: str) -> _Check:
    return _Check(edition, edition.spec(layer_code))


class _Check:
    """The checks of one layer, looked up once."""

    def __init__(self, edition: Edition, spec: Spec) -> None:
        self.spec = spec
        self.fields = {item.code: item for item in spec.fields}
        self.lists = edition.code_lists
        self.needed = [item for item in spec.fields if item.required]
        self.conditional = [
            (item, item.required_when) for item in spec.fields if item.required_when is not None
        ]
        self.printed = [item for item in spec.fields if item.printed_of]
        self.short_ways = {item.code: short_way(item) for item in spec.fields if not item.domain}
        self.coded = {
            item.code: edition.code_lists[item.domain]
            for item in spec.fields
            if item.domain and not item.multiple and item.type is FieldType.CHAR
        }

    def attributes(
        self, given: Mapping[str, Any], date: dt.date | None, row: int | None
    ) -> Validated:
        faults: list[PlanDataError] = []
        plain: dict[str, Any] = {}
        wrong: set[str] = set()
        for code, value in given.items():
            if (usual := self._usual(code, value, date)) is not None:
                plain[code] = usual
                continue
            if is_empty(value):
                continue
            item = self.fields.get(code)
            try:
                if item is None:
                    raise _unknown_field(code, value, tuple(self.fields))
                stored = self._value(item, value, date)
                if not is_empty(stored):  # nothing but separators between codes is nothing
                    plain[code] = stored
            except Unfit as unfit:
                wrong.add(code)
                named = code if item is None else f"{item.name.zh}（{code}）"
                message = Text(f"{named}：{unfit.message.zh}", f"{code}: {unfit.message.en}")
                faults.append(_fault(unfit.code, self.spec, (row, code), message, unfit.hint))
        faults += self._missing(plain, wrong, row)
        faults += self._disagreeing(plain, row)
        return Validated(plain, tuple(faults))

    def _usual(self, code: str, value: Any, date: dt.date | None) -> Any:
        """The stored form of a value that is as usual; None for what needs a closer look."""
        if (short := self.short_ways.get(code)) is not None:
            return short(value)
        codes = self.coded.get(code)
        if codes is None or type(value) is not str:
            return None
        stored = _known(codes, value, date)
        return stored if stored and len(stored) * 4 <= self.fields[code].length else None

    def _value(self, item: FieldSpec, value: Any, date: dt.date | None) -> Any:
        return stored_value(item, self.lists.get(item.domain), value, date)

    def _missing(
        self, plain: Mapping[str, Any], wrong: set[str], row: int | None
    ) -> list[PlanDataError]:
        missing = [(item, "", "") for item in self.needed if item.code not in plain]
        for item, condition in self.conditional:
            held = plain.get(condition.field)
            if item.code in plain or held is None:
                continue
            if not condition.values or str(held) in condition.values:
                told = f"{condition.field}＝{held} 时", f" where {condition.field} is {held}"
                missing.append((item, *told))
        return [
            _fault(
                "E713",
                self.spec,
                (row, item.code),
                Text(
                    f"{when_zh}{item.name.zh}（{item.code}）必须填写",
                    f"{item.code} must be filled{when_en}",
                ),
                Text(f"应填：{item.name.zh}", f"it holds: {item.name.en}"),
            )
            for item, when_zh, when_en in missing
            if item.code not in wrong
        ]

    def _disagreeing(self, plain: Mapping[str, Any], row: int | None) -> list[PlanDataError]:
        faults = []
        for item in self.printed:
            figure, text = plain.get(item.printed_of), plain.get(item.code)
            if text is None:
                continue
            decimals = self.fields[item.printed_of].decimals
            if figure is not None and _same(str(text), figure, decimals):
                continue
            message = Text(
                f"原文“{text}”与 {item.printed_of} 的数值 {figure} 不一致",
                f"printed as {text!r}, but {item.printed_of} is {figure}",
            )
            hint = Text("两处改成同一数字", "make both the same figure")
            faults.append(_fault("E719", self.spec, (row, item.code), message, hint))
        return faults

    def shape(self, geometry: BaseGeometry | None, row: int | None) -> list[PlanDataError]:
        """A geometry is of the layer's type; a row of a table has none (E722)."""
        if geometry is None:
            return []
        allowed = _SHAPES[self.spec.geometry] if isinstance(self.spec, LayerSpec) else ()
        if geometry.geom_type in allowed and not geometry.is_empty:
            return []
        found = "空图形" if geometry.is_empty else geometry.geom_type
        message = Text(f"图形类型不对：{found}", f"wrong geometry: {geometry.geom_type}")
        listed = "、".join(allowed) or "无图形"
        hint = Text(f"应为：{listed}", f"it must be: {', '.join(allowed) or 'none'}")
        return [_fault("E722", self.spec, (row, None), message, hint)]

    def key(self, feature: FeatureValue, told: Validated, row: int | None) -> list[PlanDataError]:
        """The key of the feature is the value of the key field (E723)."""
        held = told.attributes.get(self.spec.key)
        if held is None or held == feature.key:
            return []
        message = Text(
            f"{self.spec.key}为“{held}”，而要素的键为“{feature.key}”",
            f"{self.spec.key} is {held!r}, but the feature's key is {feature.key!r}",
        )
        hint = Text("两处改成同一个值", "make both the same")
        return [_fault("E723", self.spec, (row, self.spec.key), message, hint)]


def _word(value: Any) -> str:
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return value.strip() if isinstance(value, str) else str(value)


@lru_cache(maxsize=4096)
def _known(codes: CodeList, word: str, date: dt.date | None) -> str | None:
    """What a field stores for a word of its code list, None for one that is not to be used."""
    try:
        return _stored(codes, word.strip(), date) if word.strip() else None
    except Unfit:
        return None


def _stored(codes: CodeList, word: str, date: dt.date | None) -> str:
    found = codes.find(word)
    if found is None:
        raise Unfit(
            "E716",
            Text(f"值域“{codes.name.zh}”没有“{word}”", f"{codes.id} has no {word!r}"),
            _offer(codes, word),
        )
    if date is not None and not found.in_force(date):
        span = f"{found.valid_from or ''}…{found.valid_to or ''}"
        raise Unfit(
            "E717",
            Text(f"“{word}”在 {date} 不在有效期（{span}）", f"{word!r} is not in force on {date}"),
            Text("换成当时有效的代码", "use a code in force on that day"),
        )
    return codes.stored(found)


@lru_cache(maxsize=1024)
def _offer(codes: CodeList, word: str) -> Text:
    names = {item.name.zh: item.code for item in codes.codes}
    near = difflib.get_close_matches(word, names, n=3, cutoff=0.4) or list(names)[:8]
    listed = "、".join(f"{names[name]} {name}" for name in near)
    return Text(f"可用：{listed}", f"use one of: {listed}")


def _unknown_field(code: str, value: Any, known: tuple[str, ...]) -> Unfit:
    near = difflib.get_close_matches(code.upper(), known, n=3)
    offer = f"是否为 {'、'.join(near)}；" if near else ""
    return Unfit(
        "E712",
        Text(f"数据标准没有这个字段（值“{value}”）", f"the standard has no such field ({value!r})"),
        Text(f"{offer}或用覆盖数据增加字段", "mend the name, or add the field by an overlay"),
    )


def _same(text: str, figure: float, decimals: int) -> bool:
    try:
        return round(float(Decimal(text)), decimals) == round(float(figure), decimals)
    except InvalidOperation:
        return False


def _fault(
    code: str, spec: Spec, where: tuple[int | None, str | None], message: Text, hint: Text
) -> PlanDataError:
    place = Place(layer=f"{spec.code} {spec.name.zh}", row=where[0], field=where[1])
    return PlanDataError(code, message, place=place, hint=hint)
