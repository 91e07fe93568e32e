"""One interpretation of a draft built into a reading, with every check on the way."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal

import numpy as np

from minplan.core.geometry.corners.assemble import Assembly, assemble, join, whole_range
from minplan.core.geometry.corners.checks import check_extent, check_points, match_area
from minplan.core.geometry.corners.dialects.splitting import numbers_of
from minplan.core.geometry.corners.draft import Block, Draft
from minplan.core.geometry.corners.interpret import Interpretation
from minplan.core.geometry.corners.model import (
    Alternative,
    Corner,
    CornerReading,
    CornersRefused,
    Level,
    Parcel,
    ReadOptions,
    Remark,
    Understanding,
)
from minplan.core.geometry.corners.outlier import outliers
from minplan.core.geometry.corners.remarks import refuse, remark
from minplan.core.geometry.corners.rings import RingWork, settle
from minplan.core.geometry.crs import CoordinateSystem, Datum, FloatArray
from minplan.core.geometry.datum import DatumShift
from minplan.core.geometry.polygonal import ElevationRange, Polygonal
from minplan.core.text import Text


@dataclass
class _BlockWork:
    """A block of the draft with its rings settled and its shape."""

    block: Block
    rings: list[RingWork]
    assembly: Assembly | None = None


@dataclass
class _Build:
    """Everything in the making."""

    draft: Draft
    meant: Interpretation
    options: ReadOptions
    lonlat: FloatArray
    edges: CoordinateSystem
    shift: DatumShift | None
    remarks: list[Remark] = field(default_factory=list)
    alternatives: list[Alternative] = field(default_factory=list)


def build(draft: Draft, meant: Interpretation, options: ReadOptions) -> CornerReading:
    """Build a reading. Raises :class:`CornersRefused` with all findings when one is blocking."""
    work = _placed(draft, meant, options)
    work.remarks += [*draft.remarks, *meant.remarks]
    blocks = [_settled(work, block, start) for block, start in _with_start(draft)]
    _stop(work)
    for item in blocks:
        _assembled(work, item)
    _stop(work)
    reading = _reading(work, blocks)
    _stop(work)
    return reading


def _stop(work: _Build) -> None:
    if any(item.level is Level.BLOCKING for item in work.remarks):
        raise CornersRefused(tuple(work.remarks), tuple(work.alternatives))


def _with_start(draft: Draft) -> list[tuple[Block, int]]:
    result, start = [], 0
    for block in draft.blocks:
        result.append((block, start))
        start += sum(len(ring.points) for ring in block.rings)
    return result


# -- datum ----------------------------------------------------------------------------------------


def _placed(draft: Draft, meant: Interpretation, options: ReadOptions) -> _Build:
    """Bring corners to CGCS2000, or keep their datum where the user wants that."""
    printed = Counter(meant.systems).most_common(1)[0][0]
    datum, shift = printed.datum, options.shift
    if datum is Datum.WGS84:
        edges = _on(printed, Datum.CGCS2000)
        work = _Build(draft, meant, options, meant.lonlat, edges, None)
        work.remarks.append(remark("E141-wgs84"))
        return work
    if datum.is_current:
        return _Build(draft, meant, options, meant.lonlat, printed, None)
    name = Text(datum.name_zh, datum.value)
    if shift is not None:
        if shift.source is not datum:
            raise refuse("E141-mismatch", datum=name, source=shift.source.name_zh)
        lonlat = shift.to_cgcs2000(meant.lonlat, printed)
        if not np.isfinite(lonlat).all():
            raise refuse("E141", datum=name)
        work = _Build(draft, meant, options, lonlat, _on(printed, Datum.CGCS2000), shift)
        work.remarks.append(
            remark("E141-shifted", applied=True, datum=name, shift=shift.description)
        )
        return work
    if not options.keep_datum:
        raise refuse("E141", datum=name)
    work = _Build(draft, meant, options, meant.lonlat, printed, None)
    work.remarks.append(remark("E141-kept", applied=True, datum=name))
    return work


def _on(system: CoordinateSystem, datum: Datum) -> CoordinateSystem:
    return CoordinateSystem(datum, system.width, system.zone, system.prefixed)


# -- rings ----------------------------------------------------------------------------------------


def _settled(work: _Build, block: Block, start: int) -> _BlockWork:
    rings: list[RingWork] = []
    for number, ring in enumerate(block.rings, start=1):
        indexes = list(range(start, start + len(ring.points)))
        start += len(ring.points)
        made = RingWork(
            list(ring.points),
            work.lonlat[indexes],
            indexes,
            work.edges,
            _ring_name(block, number),
        )
        settle(made, work.options)
        work.remarks += made.remarks
        work.alternatives += made.alternatives
        if not any(item.level is Level.BLOCKING for item in made.remarks):
            far = outliers(made)
            # A corner kilometres off is a spike, too; one remark is enough.
            named = {item.place for item in far}
            work.remarks = [
                item
                for item in work.remarks
                if item.applied or item.code != "E123" or item.place not in named
            ]
            work.remarks += far
        rings.append(made)
    _closure(work, rings)
    _first_number(work, rings)
    return _BlockWork(block, rings)


def _ring_name(block: Block, number: int) -> Text:
    if len(block.rings) == 1 and not block.name:
        return Text("拐点表", "The table")
    name = f"“{block.name}”" if block.name else ""
    return Text(f"{name}第 {number} 圈", f"{name} ring {number}".strip())


def _closure(work: _Build, rings: Sequence[RingWork]) -> None:
    gaps = [ring.closing_gap_m for ring in rings if ring.closing_gap_m is not None]
    if gaps and not work.draft.open_by_norm:
        work.remarks.append(
            remark("E121", applied=True, count=len(gaps), distance=f"{max(gaps):.1f}")
        )


def _first_number(work: _Build, rings: Sequence[RingWork]) -> None:
    numbers = [n for ring in rings for n in numbers_of(ring.points) if n is not None]
    if numbers and numbers[0] > 1 and min(numbers) > 1:
        count = sum(len(ring.points) for ring in rings)
        work.remarks.append(
            remark("E128-start", place=rings[0].points[0].place, first=min(numbers), count=count)
        )


def _assembled(work: _Build, item: _BlockWork) -> None:
    if not item.rings:
        return
    item.assembly = assemble(
        item.rings,
        [ring.hole for ring in item.block.rings],
        lenient_holes=work.draft.parcelled,
        keep_nested="E127" in work.options.declined,
    )
    work.remarks += item.assembly.remarks


# -- reading --------------------------------------------------------------------------------------


def _reading(work: _Build, blocks: Sequence[_BlockWork]) -> CornerReading:
    done = [(item, item.assembly) for item in blocks if item.assembly is not None]
    parcels, corners = [], []
    part_number = 0
    for item, assembly in done:
        own = _corners(work, item, assembly, part_number)
        part_number += len(assembly.parts)
        corners += own
        parcels.append(_parcel(work, item, assembly, own))
    polygons = [part for parcel in parcels for part in parcel.polygonal.parts]
    united: list[Remark] = []
    geometry, merged = join(polygons, united)
    if len(parcels) > 1:
        work.remarks += united
        work.remarks.append(remark("E136", count=len(parcels)))
    ranges = [elevation for parcel in parcels for elevation in _ranges(parcel)]
    merged = merged or any(assembly.merged for _, assembly in done)
    polygonal = Polygonal(
        geometry,
        work.edges,
        work.options.source,
        whole_range(ranges),
        () if merged or not any(ranges) or len(ranges) < 2 else tuple(ranges),
    )
    check_points(work.remarks, work.draft, work.meant, len(corners))
    check_extent(work.remarks, polygonal, corners, work.options)
    stated = _stated(work, parcels)
    several = len(parcels) > 1 and work.options.stated_area_km2 is None
    # A sum of rounded areas follows no method: parcels are then compared one by one.
    match = None if several else match_area(work.remarks, polygonal, stated)
    if several:
        for parcel in parcels:
            match_area(work.remarks, parcel.polygonal, parcel.stated_area, parcel.name)
    order = {level: i for i, level in enumerate(Level)}
    return CornerReading(
        polygonal=polygonal,
        understanding=_understanding(work, [assembly for _, assembly in done], len(corners)),
        remarks=tuple(sorted(work.remarks, key=lambda item: order[item.level])),
        corners=tuple(corners),
        parcels=tuple(parcels),
        attributes=work.draft.attributes,
        elevation=polygonal.elevation,
        stated_area=stated,
        area_match=match,
    )


def _ranges(parcel: Parcel) -> tuple[ElevationRange | None, ...]:
    return parcel.polygonal.part_elevations or (parcel.polygonal.elevation,)


def _corners(work: _Build, item: _BlockWork, assembly: Assembly, parts_before: int) -> list[Corner]:
    result = []
    for number, part in enumerate(assembly.parts, start=parts_before + 1):
        for ring_number, index in enumerate((part.outer, *part.holes), start=1):
            ring = item.rings[index]
            result += [
                Corner(
                    point.number,
                    number,
                    ring_number,
                    (point.values[0].text, point.values[1].text),
                    float(lon),
                    float(lat),
                    point.place,
                )
                for point, (lon, lat) in zip(ring.points, ring.lonlat, strict=True)
            ]
    return result


def _parcel(work: _Build, item: _BlockWork, assembly: Assembly, corners: list[Corner]) -> Parcel:
    of_parts = [item.block.rings[part.outer].elevation for part in assembly.parts]
    overall = whole_range(of_parts) or item.block.elevation
    polygonal = Polygonal(
        assembly.geometry,
        work.edges,
        work.options.source,
        overall,
        tuple(of_parts) if len(of_parts) > 1 and any(of_parts) and not assembly.merged else (),
    )
    block = item.block
    return Parcel(block.name, polygonal, tuple(corners), block.attributes, block.stated_area)


def _stated(work: _Build, parcels: Sequence[Parcel]) -> tuple[str, str] | None:
    """The stated area of everything: from the options, else the sum over the parcels."""
    if work.options.stated_area_km2 is not None:
        return work.options.stated_area_km2, "km²"
    stated = [parcel.stated_area for parcel in parcels if parcel.stated_area is not None]
    if len(stated) != len(parcels) or len({unit for _, unit in stated}) != 1:
        return None
    if len(stated) == 1:
        return stated[0]
    return str(sum(Decimal(figure) for figure, _ in stated)), stated[0][1]


def _understanding(work: _Build, assemblies: Sequence[Assembly], corners: int) -> Understanding:
    meant = work.meant
    systems = tuple(system for system, _ in Counter(meant.systems).most_common())
    parts = sum(len(assembly.parts) for assembly in assemblies)
    holes = sum(len(part.holes) for assembly in assemblies for part in assembly.parts)
    names = Text(
        "、".join(system.name.zh for system in systems),
        ", ".join(system.name.en for system in systems),
    )
    dialect = work.draft.dialect
    cut = (f"、{holes} 个扣除圈", f", {holes} hole(s)") if holes else ("", "")
    shift = (work.shift.description.zh, work.shift.description.en) if work.shift else None
    moved = (f"；按{shift[0]}转换", f"; converted by {shift[1]}") if shift else ("", "")
    sentence = Text(
        f"按{dialect.zh}读取：{meant.notation.label.zh}，{meant.order.label.zh}；{names.zh}"
        f"，{meant.reason.zh}{moved[0]}；{parts} 个部分{cut[0]}、{corners} 个拐点。",
        f"Read as {dialect.en}: {meant.notation.label.en}, {meant.order.label.en}; {names.en}, "
        f"{meant.reason.en}{moved[1]}; {parts} part(s){cut[1]}, {corners} corners.",
    )
    return Understanding(
        dialect.en,
        systems,
        meant.order,
        meant.notation,
        parts,
        holes,
        corners,
        sentence,
        work.shift,
    )
