"""What a file says of its coordinate system, recognised among the systems of Chinese records.

ArcGIS, MapGIS, SuperMap and GDAL write the same Gauss-Krüger zone under many names, with and
without codes. Names are not trusted: the ellipsoid and the projection's figures decide.
"""

from __future__ import annotations

import math
import re
from typing import Final

from pyproj import CRS
from pyproj.exceptions import CRSError

from minplan.core.errors import InputError
from minplan.core.geometry.crs import ZONE_RANGE, CoordinateSystem, Datum
from minplan.core.text import Text

# (semi-major axis in m, inverse flattening) of the ellipsoids in use
_ELLIPSOIDS: Final = (
    (6_378_137.0, 298.257222101, Datum.CGCS2000),
    (6_378_137.0, 298.257223563, Datum.WGS84),
    (6_378_140.0, 298.257, Datum.XIAN80),
    (6_378_245.0, 298.3, Datum.BEIJING54),
)
_DATUM_NAMES: Final = (
    (re.compile(r"2000", re.IGNORECASE), Datum.CGCS2000),
    (re.compile(r"xian|西安|1980", re.IGNORECASE), Datum.XIAN80),
    (re.compile(r"beijing|peking|北京|1954", re.IGNORECASE), Datum.BEIJING54),
    (re.compile(r"wgs|world geodetic", re.IGNORECASE), Datum.WGS84),
)
_DATUM_WORDS: Final = {
    "cgcs2000": Datum.CGCS2000,
    "2000": Datum.CGCS2000,
    "xian80": Datum.XIAN80,
    "beijing54": Datum.BEIJING54,
    "wgs84": Datum.WGS84,
}
_ZONE_WORD: Final = re.compile(
    rf"(?:(?P<datum>{'|'.join(_DATUM_WORDS)})-)?(?:(?P<width>[36])-)?(?P<zone>\d{{2}})"
)


def recognise(text: str) -> CoordinateSystem | CRS | None:
    """Return what a CRS definition (WKT in any dialect, or an authority code) stands for.

    A :class:`CoordinateSystem` for lon/lat or a Gauss-Krüger zone on one of the four datums; a
    ``pyproj.CRS`` for another system that can be converted (UTM, web Mercator); None when the
    definition is empty, local or unreadable, so that the values must decide.
    """
    try:
        crs = CRS.from_user_input(text)
    except CRSError:
        return None
    if crs.is_compound:
        crs = crs.sub_crs_list[0]
    if crs.is_bound and crs.source_crs is not None:
        crs = crs.source_crs
    datum = _datum(crs)
    if datum is not None and crs.is_geographic:
        return CoordinateSystem(datum)
    if datum is not None and crs.is_projected:
        return _zone(crs, datum) or crs
    return crs if crs.is_geographic or crs.is_projected else None


def parse_system(text: str) -> CoordinateSystem:
    """Read what people type for a system: ``38``, ``xian80-37``, ``6-19``, ``EPSG:4526``, WKT.

    A bare zone number is CGCS2000: 25–45 are 3° zones, 13–23 are 6° zones. ``lonlat``,
    ``xian80`` and so on stand for geographic coordinates.

    Raises InputError E214 when the text names no such system.
    """
    word = text.strip().lower().replace("_", "-")
    if match := _ZONE_WORD.fullmatch(word):
        zone = int(match["zone"])
        width = int(match["width"]) if match["width"] else (3 if zone in ZONE_RANGE[3] else 6)
        return CoordinateSystem(_DATUM_WORDS[match["datum"] or "cgcs2000"], width, zone)
    if word in ("lonlat", "经纬度"):
        return CoordinateSystem()
    if word in _DATUM_WORDS:
        return CoordinateSystem(_DATUM_WORDS[word])
    found = recognise(text.strip())
    if isinstance(found, CoordinateSystem):
        return found
    raise InputError(
        "E214",
        Text(f"不认识的坐标系“{text}”", f"unknown coordinate system {text!r}"),
        hint=Text(
            "可写带号 38、6-19、xian80-37、beijing54-6-19、EPSG:4526 或 lonlat",
            "write a zone such as 38, 6-19, xian80-37, beijing54-6-19, EPSG:4526 or lonlat",
        ),
    )


def _datum(crs: CRS) -> Datum | None:
    base = crs.geodetic_crs
    if base is None or base.datum is None or base.ellipsoid is None:
        return None
    axis = base.ellipsoid.semi_major_metre
    inverse = base.ellipsoid.inverse_flattening
    fits = [
        datum
        for major, flattening, datum in _ELLIPSOIDS
        if math.isclose(axis, major, abs_tol=0.5)
        and math.isclose(inverse, flattening, abs_tol=0.01)
    ]
    names = f"{base.datum.name} {base.name}"
    named = [datum for pattern, datum in _DATUM_NAMES if datum in fits and pattern.search(names)]
    if named:
        return named[0]
    # the two 6 378 137 m ellipsoids are told apart by the datum's name alone
    return fits[0] if len(fits) == 1 else None


def _zone(crs: CRS, datum: Datum) -> CoordinateSystem | None:
    operation = crs.coordinate_operation
    if operation is None or "transverse mercator" not in operation.method_name.lower():
        return None
    if any(not math.isclose(axis.unit_conversion_factor, 1.0) for axis in crs.axis_info):
        return None
    value = {item.name.lower(): float(item.value) for item in operation.params}
    meridian = value.get("longitude of natural origin", math.nan)
    scale = value.get("scale factor at natural origin", 1.0)
    east = value.get("false easting", 0.0)
    shifted = value.get("false northing", 0.0) or value.get("latitude of natural origin", 0.0)
    if not math.isclose(scale, 1.0, abs_tol=1e-9) or shifted or not meridian.is_integer():
        return None
    prefix, rest = divmod(east, 1_000_000)
    if not math.isclose(rest, 500_000, abs_tol=1e-3):
        return None
    for width, first in ((3, 0), (6, 3)):
        zone, odd = divmod(int(meridian) + first, width)
        if odd == 0 and zone in ZONE_RANGE[width] and int(prefix) in (0, zone):
            return CoordinateSystem(datum, width, zone, prefixed=bool(prefix))
    return None
