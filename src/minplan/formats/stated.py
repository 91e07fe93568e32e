"""What a person states of an input as plain data: what a form sends and a case keeps."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

from minplan.core.errors import InputError, Place
from minplan.core.geometry.corners import Notation, Order, ReadOptions, Region
from minplan.core.geometry.crs import CoordinateSystem, Datum
from minplan.core.text import Text
from minplan.formats.coordinate_system import parse_system
from minplan.formats.reading import InputOptions

_KEYS: Final = frozenset(
    {
        "system",
        "datum",
        "order",
        "notation",
        "reading",
        "constants",
        "keep_datum",
        "stated_area_km2",
        "accepted",
        "declined",
        "layer",
        "encoding",
    }
)


def options_from_dict(data: Mapping[str, Any], region: Region | None = None) -> InputOptions:
    """The options that :func:`options_to_dict` wrote; keys that are absent or empty say nothing.

    ``system`` is what :func:`~minplan.formats.coordinate_system.parse_system` reads, ``region``
    the ground the block is expected in.

    Raises InputError E512 for a key or a value that is not known, E214 for an unknown system.
    """
    given = {key: value for key, value in data.items() if value not in (None, "", [], False)}
    if unknown := sorted(given.keys() - _KEYS):
        raise _wrong(unknown[0])
    key = ""
    try:
        corners = ReadOptions(region=region)
        for key, value in given.items():
            if key not in ("layer", "encoding"):
                corners = replace(corners, **{key: _value(key, value)})
    except (ValueError, TypeError) as error:
        raise _wrong(key) from error
    return InputOptions(corners, given.get("layer"), given.get("encoding"))


def _value(key: str, value: Any) -> Any:
    match key:
        case "system":
            return parse_system(str(value))
        case "datum":
            return Datum(value)
        case "order":
            return Order(value)
        case "notation":
            return Notation(value)
        case "reading":
            return value if value in ("rows", "columns") else None
        case "constants":
            north, east = value
            return float(north), float(east)
        case "accepted" | "declined":
            return frozenset(str(item) for item in value)
        case "keep_datum":
            return bool(value)
        case _:
            return str(value)


def options_to_dict(options: InputOptions) -> dict[str, Any]:
    """Options as JSON values, only what is stated; the region and datum parameters are left out."""
    corners = options.corners
    stated: dict[str, Any] = {
        "system": system_word(corners.system) if corners.system else None,
        "datum": corners.datum and corners.datum.value,
        "order": corners.order and corners.order.value,
        "notation": corners.notation and corners.notation.value,
        "reading": corners.reading,
        "constants": list(corners.constants) if corners.constants else None,
        "keep_datum": corners.keep_datum,
        "stated_area_km2": corners.stated_area_km2,
        "accepted": sorted(corners.accepted),
        "declined": sorted(corners.declined),
        "layer": options.layer,
        "encoding": options.encoding,
    }
    return {key: value for key, value in stated.items() if value not in (None, "", [], False)}


def system_word(system: CoordinateSystem) -> str:
    """The shortest word from which the system is read again: ``38``, ``xian80-37``, ``lonlat``."""
    datum = "" if system.datum is Datum.CGCS2000 else system.datum.value.lower()
    if not system.is_projected:
        return datum or "lonlat"
    width = "6" if system.width == 6 else ""
    return "-".join(part for part in (datum, width, f"{system.zone}") if part)


def _wrong(key: str) -> InputError:
    return InputError(
        "E512",
        Text(f"读取方式“{key}”不可用", f"the option {key!r} cannot be used"),
        place=Place(field=key),
        hint=Text("请撤销该项选择后重新读取", "take the choice back and read again"),
    )
