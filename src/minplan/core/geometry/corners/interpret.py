"""From printed values to longitude and latitude: notation, order, zone, datum.

Values of China tell their own kind: longitudes 73–135 and latitudes 3–54 do not meet, nor do
northings (7 digits) and eastings (6 digits, or 8 with the zone prefix 带号). What they do not tell
(D.MMSS or decimal degrees, the zone of an easting without prefix) yields several candidates.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from minplan.core.errors import Place
from minplan.core.geometry.corners.draft import Draft, Point, Value
from minplan.core.geometry.corners.model import (
    CHINA,
    CornersRefused,
    Notation,
    Order,
    ReadOptions,
    Remark,
)
from minplan.core.geometry.corners.remarks import listed, refuse, remark
from minplan.core.geometry.corners.tokens import unpack
from minplan.core.geometry.corners.zones import read_zones
from minplan.core.geometry.crs import CoordinateSystem, Datum, FloatArray
from minplan.core.text import Text

BoolArray = NDArray[np.bool_]

_UNITS: Final = {
    Notation.METRES: 1.0,
    Notation.KILOMETRES: 1000.0,
    Notation.MILLIMETRES: 0.001,
}
_UNIT_WORDS: Final = {
    Notation.KILOMETRES: Text("千米", "kilometres"),
    Notation.MILLIMETRES: Text("毫米", "millimetres"),
}
# North of 16° N, where an easting without prefix cannot be taken for a northing.
_LEAST_NORTH: Final = 1_800_000.0
_NORTH: Final = (300_000.0, 6_000_000.0)
_EAST: Final = (50_000.0, 950_000.0)
# Fewer decimals cannot hold minutes and seconds.
_PACKED_DECIMALS: Final = 4
#: Constants usually taken off coordinates (去大数), in metres.
_USUAL_NORTH: Final = (2_000_000.0, 3_000_000.0, 4_000_000.0, 3_800_000.0, 3_900_000.0)


@dataclass(frozen=True, slots=True)
class Interpretation:
    """One way to understand the values.

    ``lonlat`` (n, 2) in degrees on the printed datum, ``systems`` one per corner, ``plane``
    (n, 2) north and east in metres as printed (None for geographic values), ``reason`` why the
    system is the right one.
    """

    lonlat: FloatArray
    systems: tuple[CoordinateSystem, ...]
    order: Order
    notation: Notation
    reason: Text
    remarks: tuple[Remark, ...]
    label: Text
    plane: FloatArray | None = None


def interpret(draft: Draft, options: ReadOptions) -> list[Interpretation]:
    """Return the possible understandings of a draft, at least one.

    Raises :class:`CornersRefused` when there is none.
    """
    points = draft.points
    if not points:
        raise refuse("E110")
    datum, remarks = _datum(draft, options)
    table = np.array([[value.number for value in point.values] for point in points])
    angles = np.array([any(value.is_angle for value in point.values) for point in points])
    degrees = _degree_orders(table)
    notation, factor, orders = _projected_orders(table, options)
    if angles.any() or _fitting(degrees) > _fitting(orders):
        _refuse_misfits(points, degrees)
        return _geographic(draft, options, datum, degrees, remarks)
    if _fitting(orders) == 0 and options.constants is not None:
        north, east = options.constants
        table = table + np.array([[north, east] if _north_first(draft, options) else [east, north]])
        orders, notation, factor = _metre_orders(table), Notation.METRES, 1.0
        remarks.append(remark("E107-added", north=f"{north:.12g}", east=f"{east:.12g}"))
    if _fitting(orders) == 0:
        raise _local(points, table, options)
    _refuse_misfits(points, orders)
    if factor != 1.0:
        remarks.append(remark("E108", applied=True, unit=_UNIT_WORDS[notation]))
    order, second, more = _ordered(draft, options, orders, (Order.NORTH_EAST, Order.EAST_NORTH))
    plane = _swapped(table * factor, second)
    beside = second_lonlat(points)
    return [
        Interpretation(
            reading.lonlat,
            reading.systems,
            order,
            notation,
            reading.reason,
            (*remarks, *more, *reading.remarks),
            reading.systems[0].name,
            plane,
        )
        for reading in read_zones(draft, options, datum, plane, beside)
    ]


# -- datum ----------------------------------------------------------------------------------------


def _datum(draft: Draft, options: ReadOptions) -> tuple[Datum, list[Remark]]:
    if options.datum is not None:
        return options.datum, []
    if options.system is not None:
        return options.system.datum, []
    datums = draft.declared.datums
    if not datums:
        return Datum.CGCS2000, [remark("E141-unstated")]
    datum = Datum.CGCS2000 if Datum.CGCS2000 in datums else datums[0]
    if len(datums) == 1:
        return datum, []
    names = listed(item.name_zh for item in datums)
    return datum, [remark("E141-several", applied=True, list=names, datum=datum.name_zh)]


# -- order ----------------------------------------------------------------------------------------


def _between(values: FloatArray, low: float, high: float) -> BoolArray:
    return np.asarray((values >= low) & (values < high))


def _degree_orders(table: FloatArray) -> BoolArray:
    """Return (n, 2): whether the pair fits as lon, lat and as lat, lon."""
    west, south, east, north = CHINA.bounds
    a, b = table[:, 0], table[:, 1]
    lon_lat = _between(a, west, east) & _between(b, south, north)
    lat_lon = _between(b, west, east) & _between(a, south, north)
    return np.column_stack([lon_lat, lat_lon])


def _metre_orders(table: FloatArray) -> BoolArray:
    """Return (n, 2): whether the pair fits as north, east and as east, north."""

    def fits(north: FloatArray, east: FloatArray) -> BoolArray:
        prefix = np.floor(east / 1e6)
        known = _between(prefix, 13, 24) | _between(prefix, 25, 46)
        prefixed = known & _between(east % 1e6, *_EAST) & _between(north, *_NORTH)
        plain = _between(east, *_EAST) & _between(north, _LEAST_NORTH, _NORTH[1])
        return np.asarray(prefixed | plain)

    a, b = table[:, 0], table[:, 1]
    return np.column_stack([fits(a, b), fits(b, a)])


def _projected_orders(table: FloatArray, options: ReadOptions) -> tuple[Notation, float, BoolArray]:
    stated = options.notation if options.notation in _UNITS else None
    units = [stated] if stated is not None else list(_UNITS)
    found = {unit: _metre_orders(table * _UNITS[unit]) for unit in units}
    best = max(units, key=lambda unit: _fitting(found[unit]))
    return best, _UNITS[best], found[best]


def _fitting(orders: BoolArray) -> int:
    return int(orders.any(axis=1).sum())


def _refuse_misfits(points: Sequence[Point], orders: BoolArray) -> None:
    wrong = [points[int(i)] for i in np.flatnonzero(~orders.any(axis=1))]
    if wrong:
        raise refuse(
            "E109-range",
            place=wrong[0].place,
            rows=_rows(wrong),
            text=listed(" ".join(v.text for v in point.values) for point in wrong[:3]),
        )


def _rows(points: Sequence[Point]) -> str:
    return listed(dict.fromkeys(p.place.row or p.place.field or "?" for p in points))


def _north_first(draft: Draft, options: ReadOptions) -> bool:
    return (options.order or draft.declared.order) is not Order.EAST_NORTH


def _ordered(
    draft: Draft, options: ReadOptions, orders: BoolArray, kinds: tuple[Order, Order]
) -> tuple[Order, BoolArray, list[Remark]]:
    """Return the order of the table, which rows are the second way round, and remarks."""
    second = ~orders[:, 0]
    most_second = bool(second.sum() * 2 > len(second))
    order = kinds[1] if most_second else kinds[0]
    remarks: list[Remark] = []
    odd = np.flatnonzero(second != most_second)
    if len(odd):
        wrong = [draft.points[i] for i in odd]
        remarks.append(remark("E102", place=wrong[0].place, applied=True, rows=_rows(wrong)))
    geographic = kinds[0] is Order.LON_LAT
    heading = draft.declared.heading
    if heading is not None and (heading == "geographic") != geographic:
        remarks.append(remark("E132-geographic" if geographic else "E132"))
    elif draft.declared.order is order or options.order is order:
        return order, second, remarks
    usual = Order.LON_LAT if geographic else Order.NORTH_EAST
    contradicts = heading is not None and draft.declared.order is not order
    if order is not usual or (contradicts and heading == "geographic" and geographic):
        remarks.append(remark("E113" if geographic else "E101"))
    return order, second, remarks


def _swapped(table: FloatArray, second: BoolArray) -> FloatArray:
    return np.where(second[:, None], table[:, ::-1], table)


# -- geographic -----------------------------------------------------------------------------------


def _geographic(
    draft: Draft,
    options: ReadOptions,
    datum: Datum,
    orders: BoolArray,
    remarks: Sequence[Remark],
) -> list[Interpretation]:
    points = draft.points
    order, second, more = _ordered(draft, options, orders, (Order.LON_LAT, Order.LAT_LON))
    system = CoordinateSystem(datum)

    def understood(notation: Notation, degrees: Any) -> Interpretation:
        lonlat = _swapped(np.array(degrees, dtype=np.float64), second)
        return Interpretation(
            lonlat,
            (system,) * len(points),
            order,
            notation,
            Text("由数值大小判定", "told by the size of the values"),
            (*remarks, *more),
            notation.label,
        )

    if any(value.is_angle for point in points for value in point.values):
        return [understood(Notation.DMS, [[v.number for v in p.values] for p in points])]
    decimal = understood(Notation.DECIMAL, [[v.number for v in p.values] for p in points])
    stated = options.notation or draft.declared.notation
    if stated in (Notation.DECIMAL, Notation.DMS):
        return [decimal]
    unpacked = [[unpack(value) for value in point.values] for point in points]
    broken = [p for p, pair in zip(points, unpacked, strict=True) if None in pair]
    if stated is Notation.PACKED:
        _refuse_broken(broken)
        return [understood(Notation.PACKED, unpacked)]
    decimals = max(value.decimals for point in points for value in point.values)
    if broken or decimals < _PACKED_DECIMALS:
        return [decimal]
    return [understood(Notation.PACKED, unpacked), decimal]


def _refuse_broken(points: Sequence[Point]) -> None:
    if points:
        raise refuse(
            "E112",
            place=points[0].place,
            rows=_rows(points),
            text=listed(",".join(v.text for v in point.values) for point in points[:3]),
        )


def second_lonlat(points: Sequence[Point]) -> FloatArray | None:
    """Return lon/lat (n, 2) of the geographic pairs printed beside projected ones, if complete."""
    pairs: list[tuple[Value, Value]] = [p.second for p in points if p.second is not None]
    if len(pairs) != len(points):
        return None
    table = np.array([[value.number for value in pair] for pair in pairs])
    orders = _degree_orders(table)
    if not orders.any(axis=1).all():
        return None
    return _swapped(table, ~orders[:, 0])


# -- reduced coordinates ---------------------------------------------------------------------------


def _local(points: Sequence[Point], table: FloatArray, options: ReadOptions) -> CornersRefused:
    """Refuse reduced coordinates; name the constants that would bring them into the region."""
    sample = " ".join(value.text for value in points[0].values)
    place: Place = points[0].place
    if float(np.abs(table).max()) >= 1e6:
        return refuse("E109-range", place=place, rows=_rows(points[:1]), text=sample)
    region = options.region
    if region is not None:
        centre = (region.bounds[0] + region.bounds[2]) / 2
        for north in _USUAL_NORTH:
            for zone in (round(centre / 3), round(centre / 3) - 1, round(centre / 3) + 1):
                for east in (0.0, 500_000.0, 400_000.0, 300_000.0):
                    shifted = table + np.array([[north, zone * 1e6 + east]])
                    if not _metre_orders(shifted)[:, 0].all():
                        continue
                    draft = Draft(Text("", ""), ())
                    plain = read_zones(
                        draft, replace(options, region=None), Datum.CGCS2000, shifted, None
                    )
                    if region.holds(plain[0].lonlat).all():
                        return refuse(
                            "E107-hint",
                            place=place,
                            value=sample,
                            north=f"{north:.0f}",
                            east=f"{zone * 1e6 + east:.0f}",
                            region=region.name,
                        )
    return refuse("E107", place=place, value=sample)
