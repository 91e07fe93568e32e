"""Which coordinate system a layer is in: stated, declared or told by its values, and why."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import Final

from pyproj import CRS

from minplan.core.errors import Place
from minplan.core.geometry.corners import Level, Remark
from minplan.core.geometry.crs import ZONE_RANGE, CoordinateSystem, Datum
from minplan.core.text import Text
from minplan.formats.coordinate_system import recognise

Extent = tuple[float, float, float, float]

#: Values beyond this cannot be degrees.
_DEGREES: Final = 400.0
_CHINA: Final = (73.0, 3.0, 136.0, 54.0)
_MILLION: Final = 1_000_000
#: Northings of China in metres.
_NORTHINGS: Final = (300_000.0, 6_000_000.0)


@dataclass(frozen=True, slots=True)
class SystemEvidence:
    """The system of a layer, the file's own definition, why, and what is to be confirmed."""

    system: CoordinateSystem | None
    crs_wkt: str | None
    evidence: Text
    remarks: tuple[Remark, ...] = ()


def system_evidence(
    declared: str | None,
    extent: Extent | None,
    place: Place,
    *,
    stated: CoordinateSystem | None = None,
    default: Datum | None = None,
) -> SystemEvidence:
    """Judge the system by the user's statement, the file's definition and the values.

    ``declared`` is WKT or an authority code, ``extent`` (min x, min y, max x, max y) of the
    values, ``default`` the datum of lon/lat that the format prescribes where it says nothing.
    """
    if stated is not None:
        said = Text(f"由用户指定：{stated.name.zh}", f"stated by the user: {stated.name.en}")
        return SystemEvidence(stated, None, said)
    extent = extent if extent is not None and all(map(math.isfinite, extent)) else None
    found = recognise(declared) if declared else None
    if isinstance(found, CRS):
        return _foreign(found, declared, extent, place)
    if found is None:
        return _by_values(extent, place, default)
    fitted = found if extent is None else _fitted(found, extent)
    if fitted == found:
        word = Text(f"文件定义：{found.name.zh}", f"the file says: {found.name.en}")
        return SystemEvidence(found, declared, word)
    return _contradicted(found, fitted, place)


def _foreign(
    found: CRS, declared: str | None, extent: Extent | None, place: Place
) -> SystemEvidence:
    if extent is not None and found.is_projected and max(map(abs, extent)) <= _DEGREES:
        fitted = told_by_values(extent)
        return _contradicted(Text(found.name, found.name), fitted, place)
    word = Text(f"文件定义：{found.name}", f"the file says: {found.name}")
    return SystemEvidence(None, declared, word)


def _fitted(declared: CoordinateSystem, extent: Extent) -> CoordinateSystem | None:
    """The declared system, or the one that the values tell where they contradict it."""
    is_degrees = max(map(abs, extent)) <= _DEGREES
    if is_degrees == declared.is_projected:
        told = told_by_values(extent)
        return replace(told, datum=declared.datum) if told is not None else None
    if not declared.is_projected:
        return declared
    prefix = int(extent[0] // _MILLION)
    if prefix == declared.zone:
        return replace(declared, prefixed=True)
    if prefix == 0:
        return replace(declared, prefixed=False)
    told = told_by_values(extent)
    return replace(told, datum=declared.datum) if told is not None else declared


def told_by_values(extent: Extent) -> CoordinateSystem | None:
    """The CGCS2000 system that the values alone tell: lon/lat in China, or a zone prefix."""
    west, south, east, north = extent
    if _CHINA[0] <= west <= east <= _CHINA[2] and _CHINA[1] <= south <= north <= _CHINA[3]:
        return CoordinateSystem()
    if not _NORTHINGS[0] <= south <= north <= _NORTHINGS[1]:
        return None
    zones = {int(west // _MILLION), int(east // _MILLION)}
    if len(zones) != 1:
        return None
    zone = zones.pop()
    width = next((width for width in (3, 6) if zone in ZONE_RANGE[width]), None)
    return CoordinateSystem(Datum.CGCS2000, width, zone) if width else None


def _by_values(extent: Extent | None, place: Place, default: Datum | None) -> SystemEvidence:
    if default is not None and (extent is None or max(map(abs, extent)) <= _DEGREES):
        system = CoordinateSystem(default)
        word = Text(f"格式规定为 {system.name.zh}", f"prescribed by the format: {system.name.en}")
        return SystemEvidence(system, None, word)
    if extent is None:
        word = Text("文件没有坐标系，也没有图形", "no coordinate system, and no geometry")
        return SystemEvidence(None, None, word)
    told = told_by_values(extent)
    if told is None:
        return SystemEvidence(None, None, _unknown(extent), (_ask(extent, place),))
    word = Text(f"由数值判断：{told.name.zh}", f"told by the values: {told.name.en}")
    remark = Remark(
        "E143",
        Level.CONFIRM,
        Text(
            f"文件没有坐标系，按数值判断为 {told.name.zh}。",
            f"The file has no coordinate system; judged by the values: {told.name.en}.",
        ),
        fix=Text("请确认坐标系；若有误，请指定。", "Confirm the system, or state it."),
        place=place,
        applied=True,
    )
    return SystemEvidence(told, None, word, (remark,))


def _unknown(extent: Extent) -> Text:
    if 0 < extent[0] < _MILLION and _NORTHINGS[0] <= extent[1] <= extent[3] <= _NORTHINGS[1]:
        return Text("平面坐标没有带号，带不明", "plane coordinates without a zone prefix")
    if _CHINA[1] <= extent[0] <= extent[2] <= _CHINA[3] and _CHINA[0] <= extent[1] <= _CHINA[2]:
        return Text("经纬度顺序颠倒（x 为纬度）", "latitude comes before longitude")
    return Text("文件没有坐标系，数值也判断不出", "no coordinate system, and the values tell none")


def _ask(extent: Extent, place: Place) -> Remark:
    why = _unknown(extent)
    return Remark(
        "E103",
        Level.CONFIRM,
        Text(f"{why.zh}。", f"{why.en.capitalize()}."),
        fix=Text("请指定坐标系，如 38、6-19、lonlat。", "State the system: 38, 6-19, lonlat."),
        place=place,
    )


def _contradicted(
    declared: CoordinateSystem | Text, fitted: CoordinateSystem | None, place: Place
) -> SystemEvidence:
    name = declared.name if isinstance(declared, CoordinateSystem) else declared
    by = fitted.name if fitted is not None else Text("判断不出", "which tell none")
    return SystemEvidence(
        fitted,
        None,
        Text(
            f"文件写的是 {name.zh}，与数值不符；按数值：{by.zh}",
            f"the file says {name.en}, which the values contradict; by the values: {by.en}",
        ),
        (
            Remark(
                "E144",
                Level.CONFIRM,
                Text(
                    f"文件写的坐标系是 {name.zh}，与数值不符，按数值判断为 {by.zh}。",
                    f"The file says {name.en}; judged by the values: {by.en}.",
                ),
                fix=Text("请核对坐标系定义。", "Check the definition."),
                place=place,
                applied=fitted is not None,
            ),
        ),
    )
