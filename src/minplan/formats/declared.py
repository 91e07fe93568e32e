"""What a file or a command line declares of a proposal, as values of the right types.

One table of readers serves proposal files, attributes of features and command-line options.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from minplan.core.errors import InputError, MinplanError, Place
from minplan.core.geometry.polygonal import ElevationRange
from minplan.core.review.missing import dictionary
from minplan.core.review.proposal import (
    Action,
    Attachment,
    Exemption,
    ExplorationDegree,
    MiningMethod,
    RightKind,
)
from minplan.core.text import Text
from minplan.formats.fields import attribute_of, known_fields, near_matches
from minplan.formats.proposal_words import (
    date,
    dictionary_key,
    elevation,
    enum_word,
    fault,
    names,
    number,
    truth,
    unit_of,
)

Read = Callable[[Any, Place], Any]

_UNITS: Final = {
    "scale_unit": ("万吨/年", "万立方米/年", "亿立方米/年", "吨/年", "万克拉/年"),
    "reserves_unit": ("万吨", "万立方米", "亿立方米", "吨", "千克", "万克拉"),
}
_UNIT_SPELLINGS: Final = (
    ("m3", "立方米"),
    ("方/", "立方米/"),
    ("/a", "/年"),
    ("每年", "/年"),
    ("t/", "吨/"),
)
_RESERVE_CLASSES: Final = {
    "探明": "measured",
    "控制": "indicated",
    "推断": "inferred",
    "合计": "total",
    "总量": "total",
}
#: Keys of a proposal file that are about its ground, not about the proposal.
GROUND_KEYS: Final = ("corners", "corners_file", "crs", "region", "layer")


def units(field: str) -> tuple[str, ...]:
    """The units that ``scale_unit`` and ``reserves_unit`` may have, the usual one first."""
    return _UNITS[field]


def declared(
    data: Mapping[str, Any], place: Place, *, ground: bool = False
) -> tuple[dict[str, Any], list[MinplanError]]:
    """Read what ``data`` says of a proposal under English keys or any known field name.

    Returns keyword arguments of :class:`~minplan.core.review.proposal.Proposal` without
    ``geometry`` (with ``ground`` also the keys of GROUND_KEYS as they are), and every fault found:
    unknown keys (E511), values that cannot be read (E512), unknown entries (E513).
    """
    values: dict[str, Any] = {}
    faults: list[MinplanError] = []
    for field, raw in data.items():
        key = attribute_of(field)
        at = Place(file=place.file, layer=place.layer, row=place.row, field=field)
        if key is None or (key in GROUND_KEYS and not ground):
            faults.append(_unknown(field, at))
            continue
        try:
            # words about the attribute need its own name, messages the name in the file
            values |= _read(key, raw, at)
        except InputError as error:
            faults.append(error)
    try:
        _combine(values, place)
    except InputError as error:
        faults.append(error)
    return values, faults


def _read(key: str, raw: Any, at: Place) -> dict[str, Any]:
    if key in _LISTS:
        return {key: _records(raw, at, _LISTS[key])}
    if key == "facts":
        return {key: _facts(raw, at)}
    if key == "reserves":
        return _reserves(raw, at)
    if key in _UNITS:
        return {key: _unit(key, raw, at)}
    if key in ("scale", "reserves_total"):
        unit_key = "scale_unit" if key == "scale" else "reserves_unit"
        unit = unit_of(raw)
        extra = {unit_key: _unit(unit_key, unit, at)} if unit else {}
        return {key: number(raw, at), **extra}
    reader: Read = _READERS.get(key, _text)
    return {key: reader(raw, at)}


def _text(raw: Any, at: Place) -> str:
    if isinstance(raw, Mapping | list):
        raise fault(Text("应为文字", "text is expected"), at)
    return str(raw).strip()


_READERS: Final[Mapping[str, Read]] = {
    "right": lambda raw, at: enum_word(RightKind, raw, at),
    "action": lambda raw, at: enum_word(Action, raw, at),
    "exploration_degree": lambda raw, at: enum_word(ExplorationDegree, raw, at),
    "method": lambda raw, at: enum_word(MiningMethod, raw, at),
    "minerals": names,
    "mineral": names,
    "associated": names,
    "service_life": number,
    "term": number,
    "elevation": elevation,
    "upper": number,
    "lower": number,
}


def _combine(values: dict[str, Any], place: Place) -> None:
    """Turn the parts some files give singly into attributes of the proposal."""
    single = (*values.pop("mineral", ()), *values.pop("associated", ()))
    if single or "minerals" in values:
        values["minerals"] = tuple(dict.fromkeys((*values.get("minerals", ()), *single)))
    if "reserves_total" in values:
        values.setdefault("reserves", {"total": values.pop("reserves_total")})
        values.pop("reserves_total", None)
    upper, lower = values.pop("upper", None), values.pop("lower", None)
    if (upper is None) != (lower is None) and "elevation" not in values:
        raise fault(
            Text("开采标高只有上限或下限", "only one bound of the elevation is given"), place
        )
    if upper is not None and lower is not None:
        values.setdefault("elevation", ElevationRange(upper, lower))


def _reserves(raw: Any, at: Place) -> dict[str, Any]:
    if not isinstance(raw, Mapping):
        unit = unit_of(raw)
        extra = {"reserves_unit": _unit("reserves_unit", unit, at)} if unit else {}
        return {"reserves": {"total": number(raw, at)}, **extra}
    found: dict[str, float] = {}
    for name, value in raw.items():
        key: str = _RESERVE_CLASSES.get(str(name).removesuffix("资源量"), str(name))
        if key not in _RESERVE_CLASSES.values():
            known = [*_RESERVE_CLASSES, *_RESERVE_CLASSES.values()]
            raise fault(
                Text(f"没有资源量类别“{name}”", f"there is no class {name!r}"),
                at,
                near_matches(str(name), known),
            )
        found[key] = number(value, at)
    return {"reserves": found}


def _unit(key: str, raw: Any, at: Place) -> str:
    word = unicodedata.normalize("NFKC", str(raw)).strip().replace(" ", "")
    for spelling, standard in _UNIT_SPELLINGS:
        word = word.replace(spelling, standard)
    if key == "scale_unit" and "/" not in word:
        word += "/年"
    if word.startswith(("万t", "t")):
        word = word.replace("t", "吨")
    if word not in _UNITS[key]:
        known = "、".join(_UNITS[key])
        raise fault(
            Text(f"不认识单位“{raw}”", f"unknown unit {raw!r}"),
            at,
            Text(f"可填：{known}", f"one of: {known}"),
        )
    return word


def _facts(raw: Any, at: Place) -> dict[str, Any]:
    if not isinstance(raw, Mapping):
        raise fault(Text("facts 应为“键 = 值”的表", "facts is a table of keys and values"), at)
    found: dict[str, Any] = {}
    for name, value in raw.items():
        place = Place(file=at.file, field=f"{at.field}.{name}")
        key = dictionary_key("facts", name, place)
        found[key] = _fact(key, value, place)
    return found


def _fact(key: str, value: Any, at: Place) -> Any:
    entry = dictionary("facts")[key]
    match entry["type"]:
        case "bool":
            return truth(value, at)
        case "number":
            return number(value, at)
        case "date":
            return date(value, at)
        case "choice":
            choices = [str(item) for item in entry["choices"]]
            if str(value) not in choices:
                raise fault(
                    Text(f"{entry['zh']}“{value}”不是可选项", f"{value!r} is no choice"),
                    at,
                    Text(f"可填：{'、'.join(choices)}", f"one of: {', '.join(choices)}"),
                )
            return str(value)
        case _:
            return _text(value, at)


def _attachment(raw: Any, at: Place) -> Attachment:
    data = {"kind": raw} if isinstance(raw, str) else raw
    given = _record(data, at, ("kind",), Attachment.__dataclass_fields__)
    given["kind"] = dictionary_key("attachments", given["kind"], at)
    return Attachment(**given)


def _exemption(raw: Any, at: Place) -> Exemption:
    required = ("rule", "basis", "approver", "attachment")
    return Exemption(**_record(raw, at, required, Exemption.__dataclass_fields__))


_LISTS: Final[Mapping[str, Read]] = {"attachments": _attachment, "exemptions": _exemption}


def _records(raw: Any, at: Place, read: Read) -> tuple[Any, ...]:
    items: Sequence[Any] = raw if isinstance(raw, list | tuple) else [raw]
    return tuple(
        read(item, Place(file=at.file, row=at.row, field=f"{at.field}[{index}]"))
        for index, item in enumerate(items, 1)
    )


def _record(
    raw: Any, at: Place, required: Sequence[str], known: Mapping[str, Any]
) -> dict[str, Any]:
    if not isinstance(raw, Mapping):
        raise fault(Text("应为“键 = 值”的表", "a table of keys and values is expected"), at)
    unknown = next((name for name in raw if name not in known), None)
    if unknown is not None:
        raise fault(
            Text(f"没有“{unknown}”这一项", f"there is no entry {unknown!r}"),
            at,
            near_matches(unknown, known),
            code="E511",
        )
    absent = [name for name in required if not raw.get(name)]
    if absent:
        listed = "、".join(absent)
        raise fault(Text(f"缺 {listed}", f"{listed} missing"), at, code="E514")
    return {
        name: date(value, at) if name in ("date", "valid_from", "valid_to") else _text(value, at)
        for name, value in raw.items()
    }


def _unknown(field: str, at: Place) -> InputError:
    return fault(
        Text(f"不认识的项“{field}”", f"unknown key {field!r}"),
        at,
        near_matches(field, known_fields()),
        code="E511",
    )
