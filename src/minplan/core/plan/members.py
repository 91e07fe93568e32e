"""Which planning blocks lie in which zones: by ground, since the plan does not say."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
import shapely

from minplan.core.geometry.area import cut_area
from minplan.core.plan.model import Zone
from minplan.core.tolerances import RIGHT_IN_ZONE_SHARE


@dataclass(frozen=True, slots=True)
class Member:
    """A zone that lies in another one: the share of it that does, between 0 and 1."""

    zone: Zone
    share: float


def lying_in(
    outer: Iterable[Zone], inner: Iterable[Zone], *, least: float = RIGHT_IN_ZONE_SHARE
) -> Mapping[str, tuple[Member, ...]]:
    """The inner zones of which at least the share ``least`` lies in each outer one, by its code.

    Zones without geometry lie nowhere. Largest share first.
    """
    holders = [zone for zone in outer if zone.geometry is not None]
    placed = [zone for zone in inner if zone.geometry is not None]
    if not holders or not placed:
        return {}
    tree = shapely.STRtree([zone.geometry.geometry for zone in placed if zone.geometry])
    shapes = np.array([zone.geometry.geometry for zone in holders if zone.geometry])
    found: dict[str, list[Member]] = {}
    for number, place in zip(*tree.query(shapes, predicate="intersects"), strict=True):
        zone = placed[place]
        if zone.code == holders[number].code or zone.geometry is None:
            continue
        ground = zone.geometry.geometry
        cut = shapely.intersection(shapes[number], ground)
        whole, inside = cut_area([ground, cut]).tolist()
        share = min(inside / whole, 1.0) if whole else 0.0
        if share >= least:
            found.setdefault(holders[number].code, []).append(Member(zone, share))
    return {code: tuple(sorted(m, key=lambda i: -i.share)) for code, m in found.items()}
