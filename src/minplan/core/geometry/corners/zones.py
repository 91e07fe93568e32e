"""The Gauss-Krüger zone (带号) of every corner: printed, stated, or inferred from the region."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

import numpy as np
from numpy.typing import NDArray

from minplan.core.geometry.corners.draft import Draft
from minplan.core.geometry.corners.model import METRES_PER_DEGREE, ReadOptions, Region, Remark
from minplan.core.geometry.corners.remarks import listed, refuse, remark
from minplan.core.geometry.crs import ZONE_RANGE, CoordinateSystem, Datum, FloatArray, to_lonlat
from minplan.core.text import Text

BoolArray = NDArray[np.bool_]
Zone = tuple[int, int]
"""Width in degrees and number."""

# Corners of one block lie nearer than this (km); a wrong zone is about 270 km away.
_FAR_KM: Final = 100.0


@dataclass(frozen=True, slots=True)
class ZoneReading:
    """Corners placed: lon/lat (n, 2) on the printed datum, one system per corner."""

    lonlat: FloatArray
    systems: tuple[CoordinateSystem, ...]
    reason: Text
    remarks: tuple[Remark, ...]


@dataclass
class _Zones:
    """Zones in the making."""

    plane: FloatArray
    datum: Datum
    zones: list[Zone | None]
    prefixed: list[bool]
    reason: Text
    remarks: list[Remark] = field(default_factory=list)

    def convert(self, zones: Sequence[Zone]) -> FloatArray:
        """Return lon/lat (n, 2) with these zones."""
        result = np.empty_like(self.plane)
        east = self.plane[:, 1] % 1e6
        for zone in set(zones):
            rows = np.array([item == zone for item in zones])
            system = CoordinateSystem(self.datum, *zone, prefixed=False)
            result[rows] = to_lonlat(system, east[rows], self.plane[rows, 0])
        return result

    def reading(self) -> ZoneReading:
        """Return the finished reading."""
        zones = [zone for zone in self.zones if zone is not None]
        systems = tuple(
            CoordinateSystem(self.datum, *zone, prefixed=prefixed)
            for zone, prefixed in zip(zones, self.prefixed, strict=True)
        )
        return ZoneReading(self.convert(zones), systems, self.reason, tuple(self.remarks))


def width_of(zone: int) -> int:
    """3 or 6: the zone numbers of China do not overlap."""
    return 3 if zone in ZONE_RANGE[3] else 6


def read_zones(
    draft: Draft,
    options: ReadOptions,
    datum: Datum,
    plane: FloatArray,
    beside: FloatArray | None,
) -> list[ZoneReading]:
    """Place projected corners, ``plane`` (n, 2) north and east in metres.

    ``beside`` is lon/lat (n, 2) printed for the same corners, if any. Several readings are
    returned when the zone is missing and the region admits several. Raises
    :class:`CornersRefused` when the zone cannot be known.
    """
    prefixes = np.floor(plane[:, 1] / 1e6).astype(int)
    zones: list[Zone | None] = [
        (width_of(prefix), prefix) if prefix else None for prefix in prefixes.tolist()
    ]
    work = _Zones(
        plane,
        datum,
        zones,
        [zone is not None for zone in zones],
        Text("带号由坐标所带", "zone told by the prefix"),
    )
    if all(zone is not None for zone in zones):
        _check_header(work, draft)
        _check_groups(work, draft, options)
        _check_region(work, options)
        return [_finished(work)]
    return [_finished(item) for item in _complete(work, draft, options, beside)]


def _finished(work: _Zones) -> ZoneReading:
    six = sorted({zone[1] for zone in work.zones if zone is not None and zone[0] == 6})
    for zone in six:
        work.remarks.append(remark("E106", zone=zone, meridian=zone * 6 - 3))
    return work.reading()


# -- eastings with prefix -------------------------------------------------------------------------


def _check_header(work: _Zones, draft: Draft) -> None:
    stated = draft.declared.zone
    printed = {zone[1] for zone in work.zones if zone is not None}
    if stated is not None and stated not in printed and width_of(stated) in _widths(work):
        work.remarks.append(
            remark("E104-header", applied=True, stated=stated, printed=listed(sorted(printed)))
        )


def _widths(work: _Zones) -> set[int]:
    return {zone[0] for zone in work.zones if zone is not None}


def _known(work: _Zones) -> list[Zone]:
    return [zone for zone in work.zones if zone is not None]


def _check_groups(work: _Zones, draft: Draft, options: ReadOptions) -> None:
    """Zones may be mixed; a zone that puts its corners far from the others is a slip."""
    zones = _known(work)
    kinds = sorted(set(zones), key=lambda zone: (-zones.count(zone), zones.index(zone)))
    if len(kinds) == 1:
        return
    main = kinds[0]
    lonlat, as_main = work.convert(zones), work.convert([main] * len(zones))
    centre = np.median(lonlat[[zone == main for zone in zones]], axis=0)
    mixed = [main]
    for kind in kinds[1:]:
        rows = np.array([zone == kind for zone in zones])
        far, near = (_km(points[rows], centre) for points in (lonlat, as_main))
        if far <= _FAR_KM or near > _FAR_KM:
            mixed.append(kind)
            continue
        accepted = "E104" in options.accepted
        points = [draft.points[i] for i in np.flatnonzero(rows)] if draft.blocks else []
        work.remarks.append(
            remark(
                "E104-row",
                place=points[0].place if points else None,
                applied=accepted,
                rows=listed(p.place.row or p.place.field or "?" for p in points),
                printed=kind[1],
                zone=main[1],
                distance=f"{far:.0f}",
            )
        )
        if accepted:
            zones = [main if zone == kind else zone for zone in zones]
    work.zones = list(zones)
    if len(mixed) > 1:
        work.remarks.append(_mixed(zones))


def _mixed(zones: Sequence[Zone]) -> Remark:
    runs: list[tuple[int, int]] = []
    for _, number in zones:
        if runs and runs[-1][0] == number:
            runs[-1] = (number, runs[-1][1] + 1)
        else:
            runs.append((number, 1))
    return remark(
        "E105",
        applied=True,
        groups=Text(
            "，".join(f"{count} 点为 {number} 带" for number, count in runs[:6]),
            ", ".join(f"{count} corner(s) in zone {number}" for number, count in runs[:6]),
        ),
    )


def _km(lonlat: FloatArray, centre: FloatArray) -> float:
    scale = np.array([np.cos(np.radians(centre[1])), 1.0])
    distances = np.hypot(*((lonlat - centre) * scale).T)
    return float(np.median(distances)) * METRES_PER_DEGREE / 1000


def _check_region(work: _Zones, options: ReadOptions) -> None:
    """The prefix as printed puts everything outside; another zone puts everything inside."""
    region, zones = options.region, _known(work)
    if region is None or len(set(zones)) > 1:
        return
    lonlat = work.convert(zones)
    if region.holds(lonlat).any():
        return
    inside = [zone for zone in _zones_near(region) if _all_inside(work, zone, region)]
    if len(inside) != 1:
        return
    accepted = "E104" in options.accepted
    work.remarks.append(
        remark(
            "E104",
            applied=accepted,
            printed=zones[0][1],
            zone=inside[0][1],
            region=region.name,
            distance=f"{float(region.distance_m(lonlat).min()) / 1000:.0f}",
        )
    )
    if accepted:
        work.zones = [inside[0]] * len(zones)
        work.reason = Text("带号经用户确认更正", "zone corrected as accepted")


# -- eastings without prefix ----------------------------------------------------------------------


def _zones_near(region: Region) -> list[Zone]:
    """3° zones near a region; every central meridian of a 6° zone is also one of a 3° zone."""
    west, _, east, _ = region.bounds
    return [(3, zone) for zone in ZONE_RANGE[3] if west - 4.5 <= zone * 3 <= east + 4.5]


def _all_inside(work: _Zones, zone: Zone, region: Region) -> bool:
    return bool(region.holds(work.convert([zone] * len(work.plane))).all())


def _stated_zone(draft: Draft, options: ReadOptions) -> tuple[Zone, Text] | None:
    system, declared = options.system, draft.declared
    if system is not None and system.width is not None and system.zone is not None:
        return (system.width, system.zone), Text("由用户指定", "stated by the user")
    meridian = declared.central_meridian
    if meridian is not None and meridian % 3 == 0 and meridian // 3 in ZONE_RANGE[3]:
        words = Text(f"文中写明中央经线 {meridian}°", f"central meridian {meridian}° stated")
        if declared.width == 6 and (meridian + 3) % 6 == 0:
            return (6, (meridian + 3) // 6), words
        return (3, meridian // 3), words
    if declared.zone is not None:
        words = Text(f"文中写明带号 {declared.zone}", f"zone {declared.zone} stated in the text")
        return (width_of(declared.zone), declared.zone), words
    return None


def _complete(
    work: _Zones, draft: Draft, options: ReadOptions, beside: FloatArray | None
) -> list[_Zones]:
    """Find the zone of eastings without prefix."""
    points = draft.points
    stated = _stated_zone(draft, options)
    missing = [i for i, zone in enumerate(work.zones) if zone is None]
    columns = [points[i].zone for i in missing]
    if all(zone is not None for zone in columns):
        for i, zone in zip(missing, columns, strict=True):
            assert zone is not None
            work.zones[i] = (width_of(zone), zone)
        work.reason = Text("带号在单独一列", "zone printed in a column of its own")
        _check_groups(work, draft, options)
        return [work]
    if stated is not None:
        for i in missing:
            work.zones[i] = stated[0]
        work.reason = stated[1]
        _check_region(work, options)
        return [work]
    printed = {zone for zone in work.zones if zone is not None}
    if len(printed) == 1:
        only = printed.pop()
        why = Text("与其余各点的带号相同", "as the prefix of the other corners")
        return [_filled(work, draft, [only] * len(points), why)]
    region = options.region
    if beside is not None:
        margin = 0.02
        low, high = beside.min(axis=0) - margin, beside.max(axis=0) + margin
        name = Text("表中经纬度范围", "the extent of the longitudes and latitudes")
        region = Region(name, (low[0], low[1], high[0], high[1]), margin_km=0)
    if region is None:
        point = points[missing[0]]
        raise refuse("E103-unknown", place=point.place, value=_east(work, missing[0]))
    return _by_region(work, draft, region, missing)


def _east(work: _Zones, index: int) -> str:
    return f"{work.plane[index, 1]:.2f}".rstrip("0").rstrip(".")


def _filled(work: _Zones, draft: Draft, zones: Sequence[Zone], why: Text) -> _Zones:
    first = next(i for i, prefixed in enumerate(work.prefixed) if not prefixed)
    numbers = listed(dict.fromkeys(zone[1] for zone in zones))
    done = _Zones(
        work.plane,
        work.datum,
        list(zones),
        list(work.prefixed),
        Text(f"推断带号：{why.zh}", f"zone inferred: {why.en}"),
        list(work.remarks),
    )
    done.remarks.append(
        remark(
            "E103",
            place=draft.points[first].place,
            applied=True,
            value=_east(work, first),
            zone=numbers,
            why=why,
        )
    )
    if len(set(zones)) > 1:
        done.remarks.append(_mixed(zones))
    return done


def _by_region(work: _Zones, draft: Draft, region: Region, missing: Sequence[int]) -> list[_Zones]:
    zones = _zones_near(region)
    count = len(work.plane)
    fixed = list(work.zones)
    inside = (
        np.column_stack(
            [
                region.holds(work.convert([zone if z is None else z for z in fixed]))
                for zone in zones
            ]
        )
        if zones
        else np.zeros((count, 0), dtype=bool)
    )
    why = Text(f"按其余各带都不在{region.name.zh}", f"in no other zone inside {region.name.en}")
    whole = [zone for i, zone in enumerate(zones) if inside[list(missing), i].all()]
    if whole:
        return [
            _filled(work, draft, [zone if z is None else z for z in fixed], why) for zone in whole
        ]
    each = [z if z is not None else _first(zones, inside[i]) for i, z in enumerate(fixed)]
    if all(zone is not None for zone in each):
        return [_filled(work, draft, [zone for zone in each if zone is not None], why)]
    most = inside[list(missing)].sum(axis=0) if zones else np.zeros(0)
    if most.size and most.max() * 2 > len(missing):
        best = zones[int(most.argmax())]
        return [_filled(work, draft, [best if z is None else z for z in fixed], why)]
    raise refuse(
        "E103-outside",
        place=draft.points[missing[0]].place,
        value=_east(work, missing[0]),
        region=region.name,
    )


def _first(zones: Sequence[Zone], inside: BoolArray) -> Zone | None:
    hits = np.flatnonzero(inside)
    return zones[int(hits[0])] if len(hits) else None
