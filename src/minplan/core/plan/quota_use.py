"""Use of the numbers of rights a zone plans (拟设采矿权总数): planned, granted, left.

One function for pages, command line and programs. What a block uses is told by its life: granted
once it was granted and that was not taken back, whatever became of it later.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from minplan.core.plan.lifecycle import BLOCK_KINDS, Standing
from minplan.core.plan.members import lying_in
from minplan.core.plan.model import PlanSnapshot, Zone, ZoneKind
from minplan.core.standard.minerals import find_mineral

_NOTHING = Standing()


@dataclass(frozen=True, slots=True)
class QuotaUse:
    """The rights of one mineral in one zone.

    ``planned`` None: the plan is silent, so that nothing can be left. ``existing`` are rights there
    when the plan was made, ``argued`` blocks ready to be granted, ``granted`` blocks granted since,
    ``blocks`` the codes of all blocks counted.
    """

    zone: Zone
    mineral: str
    planned: int | None
    existing: int | None
    blocks: tuple[str, ...] = ()
    argued: int = 0
    granted: int = 0

    @property
    def left(self) -> int | None:
        """How many rights may still be granted; negative where too many were."""
        return None if self.planned is None else self.planned - self.granted

    @property
    def over(self) -> bool:
        """Whether more was granted than planned; anything is, where nothing is planned."""
        return self.granted > (self.planned or 0)

    @property
    def share(self) -> float:
        """The share of the planned number that is granted; may exceed 1."""
        return self.granted / self.planned if self.planned else float(self.granted > 0)


@dataclass(frozen=True, slots=True)
class QuotaTotal:
    """The same numbers together, by county or by mineral; ``name`` says which."""

    name: str
    zones: int
    planned: int
    existing: int
    argued: int
    granted: int
    over: bool

    @property
    def left(self) -> int:
        """How many rights may still be granted."""
        return self.planned - self.granted


def quota_use(
    plan: PlanSnapshot,
    standings: Mapping[str, Standing],
    gone: Iterable[Zone] = (),
    kind: ZoneKind = ZoneKind.CONCENTRATED_MINING_AREA,
) -> tuple[QuotaUse, ...]:
    """The use of every quota of the zones of a kind, in the order of the plan.

    ``standings`` tells where blocks stand, by code (absent: planned); ``gone`` are blocks that the
    plan holds no more but that were granted while it did. Granted minerals that the zone does not
    plan are listed with ``planned`` None.
    """
    zones = plan.zones_of(kind)
    blocks = [*plan.zones_of(*map(ZoneKind, BLOCK_KINDS)), *gone]
    inside = lying_in(zones, blocks)
    found: list[QuotaUse] = []
    for zone in zones:
        held: dict[str, list[Zone]] = {item.mineral: [] for item in zone.minerals}
        for member in inside.get(zone.code, ()):
            held.setdefault(_counted_as(member.zone, zone), []).append(member.zone)
        quotas = {item.mineral: item for item in zone.minerals}
        for mineral, members in held.items():
            where = [standings.get(item.code, _NOTHING) for item in members]
            granted = sum(item.granted for item in where)
            quota = quotas.get(mineral)
            if quota is None and not granted:
                continue
            found.append(
                QuotaUse(
                    zone=zone,
                    mineral=mineral,
                    planned=quota.planned_rights if quota else None,
                    existing=quota.existing_rights if quota else None,
                    blocks=tuple(sorted(item.code for item in members)),
                    argued=sum(item.state == "argued" for item in where),
                    granted=granted,
                )
            )
    return tuple(found)


def totals(use: Iterable[QuotaUse], by: str) -> tuple[QuotaTotal, ...]:
    """The numbers summed ``by`` "county" or "mineral"; a zone of two counties counts in each."""
    groups: dict[str, list[QuotaUse]] = {}
    for item in use:
        names = (item.zone.counties or ("",)) if by == "county" else (item.mineral,)
        for name in names:
            groups.setdefault(name, []).append(item)
    return tuple(_total(name, members) for name, members in groups.items())


def total(use: Iterable[QuotaUse]) -> QuotaTotal:
    """Everything together."""
    return _total("", list(use))


def _total(name: str, members: list[QuotaUse]) -> QuotaTotal:
    return QuotaTotal(
        name=name,
        zones=len({item.zone.code for item in members}),
        planned=sum(item.planned or 0 for item in members),
        existing=sum(item.existing or 0 for item in members),
        argued=sum(item.argued for item in members),
        granted=sum(item.granted for item in members),
        over=any(item.over for item in members),
    )


def _counted_as(block: Zone, zone: Zone) -> str:
    """The mineral of the zone a block is counted under: the same one, else one of the same rock."""
    names = block.mineral_names or ("",)
    for name in zone.mineral_names:
        if name in names:
            return name
    parents = {item.parent for name in names if (item := find_mineral(name)) and item.parent}
    for name in zone.mineral_names:
        rock = find_mineral(name)
        if rock is not None and rock.parent in parents:
            return name
    return names[0]
