"""In which coordinate system a layer file is drawn, and its way to lon/lat on CGCS2000."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from pyproj import CRS, Transformer

from minplan.core.errors import InputError, Place
from minplan.core.geometry.crs import CoordinateSystem, Datum
from minplan.core.text import Text
from minplan.formats.coordinate_system import parse_system, recognise

#: Where constraint layers may lie: west, south, east, north of China with its seas, in degrees.
CHINA: Final = (70.0, 0.0, 140.0, 60.0)

Declared = str | int | CoordinateSystem | None


@dataclass(frozen=True, slots=True)
class Reference:
    """The coordinate system of a layer file: ``name`` for people, its ``datum``, the CRS itself."""

    name: str
    datum: Datum
    crs: CRS

    @property
    def is_projected(self) -> bool:
        """Whether edges are straight in a projection, so that they are densified first."""
        return bool(self.crs.is_projected)

    def to_lonlat(self) -> Transformer | None:
        """The projection undone, without datum shift; None for lon/lat."""
        if not self.is_projected:
            return None
        return Transformer.from_crs(self.crs, self.crs.geodetic_crs, always_xy=True)


def reference_of(written: str | None, declared: Declared, place: Place) -> Reference:
    """Decide the coordinate system from what the file says and what the user declares.

    Raises InputError E306 when neither says anything, E307 for a datum that would need shift
    parameters or is unknown, E308 when the two contradict each other, E214 when the declared
    text names no system.
    """
    found = recognise(written) if written else None
    in_file = _reference(found, place) if found is not None else None
    chosen = _reference(_declared(declared), place) if declared is not None else in_file
    if chosen is None:
        raise InputError(
            "E306",
            Text("文件没有坐标系", "the file has no coordinate system"),
            place=place,
            hint=Text(
                "请补上 .prj 等坐标系定义，或声明坐标系，例如 EPSG:4526（38 带）",
                "add its definition (.prj), or declare the system, for example EPSG:4526",
            ),
        )
    if in_file is not None and in_file.crs != chosen.crs and not _both_lonlat(in_file, chosen):
        raise InputError(
            "E308",
            Text(
                f"文件自带坐标系“{in_file.name}”，与声明的“{chosen.name}”不一致",
                f"the file says {in_file.name!r}, but {chosen.name!r} was declared",
            ),
            place=place,
            hint=Text(
                "以文件为准时不要声明坐标系；文件写错时先在 GIS 软件中改正",
                "declare nothing to follow the file; correct the file in a GIS if it is wrong",
            ),
        )
    return chosen


def _declared(declared: str | int | CoordinateSystem) -> CoordinateSystem | CRS:
    if isinstance(declared, CoordinateSystem):
        return declared
    text = str(declared).strip()
    if text.isdecimal() and len(text) > 2:
        text = f"EPSG:{text}"
    return recognise(text) or parse_system(text)


def _both_lonlat(first: Reference, second: Reference) -> bool:
    return not first.is_projected and not second.is_projected


def _reference(found: CoordinateSystem | CRS, place: Place) -> Reference:
    if isinstance(found, CoordinateSystem):
        crs, datum, name = CRS.from_epsg(found.epsg), found.datum, found.name.zh
    else:
        base = recognise(found.geodetic_crs.to_wkt()) if found.geodetic_crs else None
        if not isinstance(base, CoordinateSystem):
            raise _refused(found.name, Text("基准未知", "its datum is unknown"), place)
        crs, datum, name = found, base.datum, found.name
    if not datum.is_current:
        raise _refused(name, Text(f"基准为{datum.name_zh}", f"its datum is {datum.value}"), place)
    return Reference(name, datum, crs)


def _refused(name: str, reason: Text, place: Place) -> InputError:
    return InputError(
        "E307",
        Text(
            f"坐标系“{name}”不能入库：{reason.zh}",
            f"the coordinate system {name!r} cannot be stored: {reason.en}",
        ),
        place=place,
        hint=Text(
            "请先用当地批准的转换参数转到2000国家大地坐标系，再入库",
            "convert it to CGCS2000 with the approved local parameters first",
        ),
    )
