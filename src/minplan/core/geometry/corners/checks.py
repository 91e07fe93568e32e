"""Checks on a finished block: precision, number of corners, region, area, web-map offset."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np

from minplan.core.geometry.area import AreaMatch, match_stated_area
from minplan.core.geometry.corners.draft import Draft
from minplan.core.geometry.corners.gcj02 import gcj02_suspicion
from minplan.core.geometry.corners.interpret import Interpretation, second_lonlat
from minplan.core.geometry.corners.model import METRES_PER_DEGREE, Corner, ReadOptions, Remark
from minplan.core.geometry.corners.remarks import remark
from minplan.core.geometry.polygonal import Polygonal
from minplan.core.text import Text
from minplan.core.tolerances import CORNER_DECIMALS

_MANY: Final = 1000
# Corners printed twice agree within the rounding of seconds (0.001″ is 3 cm) and metres.
_BOTH_AGREE_M: Final = 1.0


def check_points(remarks: list[Remark], draft: Draft, meant: Interpretation, corners: int) -> None:
    """Precision, number of corners, and agreement of two printed sets."""
    points = draft.points
    if meant.notation.is_projected:
        decimals = max(value.decimals for point in points for value in point.values)
        if decimals < CORNER_DECIMALS:
            remarks.append(remark("E153", decimals=decimals))
        _compare_sets(remarks, draft, meant)
    if corners > _MANY:
        remarks.append(remark("E154", count=f"{corners:,}"))


def _compare_sets(remarks: list[Remark], draft: Draft, meant: Interpretation) -> None:
    second = second_lonlat(draft.points)
    if second is None:
        return
    scale = np.array([np.cos(np.radians(second[:, 1].mean())), 1.0])
    distances = np.hypot(*((meant.lonlat - second) * scale).T) * METRES_PER_DEGREE
    worst = int(np.argmax(distances))
    if distances[worst] <= _BOTH_AGREE_M:
        remarks.append(remark("E134", distance=f"{distances[worst]:.3f}"))
        return
    point = draft.points[worst]
    remarks.append(
        remark(
            "E134-differ",
            place=point.place,
            applied=True,
            distance=f"{distances[worst]:.1f}",
            corner=point.number or str(worst + 1),
        )
    )


def check_extent(
    remarks: list[Remark],
    polygonal: Polygonal,
    corners: Sequence[Corner],
    options: ReadOptions,
) -> None:
    """Where the block lies: inside the region, shifted like a web map or not."""
    region = options.region
    if region is not None:
        lonlat = np.array([[corner.lon, corner.lat] for corner in corners])
        distances = region.distance_m(lonlat)
        outside = int((distances > 1.0).sum())
        if outside:
            farthest = float(distances.max())
            words = f"{farthest:.0f} m" if farthest < 10_000 else f"{farthest / 1000:.0f} km"
            remarks.append(remark("E151", count=outside, region=region.name, distance=words))
    shift = (
        gcj02_suspicion(polygonal.geometry, options.reference)
        if options.reference is not None
        else None
    )
    if shift is not None:
        remarks.append(
            remark(
                "E142",
                east=f"{shift.east:.4f}",
                north=f"{shift.north:.4f}",
                distance=f"{shift.distance_m:.0f}",
            )
        )
    elif options.web_map and options.reference is None:
        remarks.append(remark("E142-web"))


def match_area(
    remarks: list[Remark],
    polygonal: Polygonal,
    stated: tuple[str, str] | None,
    name: str = "",
) -> AreaMatch | None:
    """Compare with the stated area; None when there is none.

    Raises InputError E152 when the stated area of the options is no figure.
    """
    if stated is None:
        return None
    match = match_stated_area(polygonal, *stated)
    said = match.message
    if name:
        said = Text(f"“{name}”：{said.zh}", f"“{name}”: {said.en}")
    remarks.append(remark("E152-differs" if match.warn else "E152", match=said))
    return match
