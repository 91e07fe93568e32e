"""What would make it pass: the largest compliant part of a block in conflict by area."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

import numpy as np
from shapely.geometry.base import BaseGeometry

from minplan.core.geometry.graticule import basic_block_area
from minplan.core.geometry.overlay import buffer_m
from minplan.core.geometry.remainder import CompliantPart, largest_compliant_part
from minplan.core.plan.model import PlanSnapshot
from minplan.core.review.finding import Finding, Outcome
from minplan.core.review.proposal import Proposal
from minplan.core.review.rule import Family, registered
from minplan.core.tolerances import SMALLEST_PROPOSAL_M2

#: Pieces of forbidden ground that are cut away at most.
MOST_PIECES: Final = 24
_CUT_AWAY = (Family.CONTROL_LINES, Family.PROTECTED_GROUND, Family.EXISTING_RIGHTS)


def suggest(
    proposal: Proposal, plan: PlanSnapshot, findings: Iterable[Finding]
) -> CompliantPart | None:
    """The largest single piece of the block free of every deciding conflict by area or distance.

    None when no conflict can be cut away, nothing large enough is left, or the block is strewn
    with forbidden ground (:data:`MOST_PIECES`): what winds between dozens of fields has hundreds
    of corners, and a person must move the block instead.
    """
    forbidden = list({id(item): item for item in _forbidden(findings)}.values())
    if not 0 < len(forbidden) <= MOST_PIECES:
        return None
    return largest_compliant_part(
        proposal.geometry,
        np.array(forbidden, dtype=object),
        minimum_area_m2=minimum_area(proposal, plan),
    )


def minimum_area(proposal: Proposal, plan: PlanSnapshot) -> float:
    """Smallest area in m² worth proposing: the plan's minimum in basic blocks, if it has one."""
    if not proposal.right.is_mining:
        for item in plan.thresholds_of("minimum-area"):
            latitude = proposal.geometry.geometry.centroid.y
            return float(item.value) * basic_block_area(latitude)
    return SMALLEST_PROPOSAL_M2


def _forbidden(findings: Iterable[Finding]) -> Iterator[BaseGeometry]:
    families = {item.id: item.family for item in registered()}
    for finding in findings:
        if finding.outcome is not Outcome.CONFLICT or not finding.decides or finding.waived_by:
            continue
        family = families[finding.rule]
        for item in finding.evidence:
            if item.geometry is None or item.sliver:
                continue
            if family in _CUT_AWAY and item.area_m2:
                yield item.geometry
            elif family is Family.DISTANCES and finding.limit is not None:
                yield buffer_m(item.geometry, float(finding.limit.value))
