"""Addresses of pages of other capabilities that plans link to."""

from __future__ import annotations

from typing import Any, Final

from django.urls import NoReverseMatch, reverse

from minplan.core.plan.model import Zone, ZoneKind

_BLOCKS: Final = (ZoneKind.EXPLORATION_BLOCK, ZoneKind.MINING_BLOCK)


def address_of(name: str, *arguments: Any) -> str:
    """The address of a page, empty where the installation has no such page."""
    try:
        return reverse(name, args=arguments)
    except NoReverseMatch:
        return ""


def zone_address(zone: Zone) -> str:
    """The page of a zone or block, empty for counties."""
    if zone.kind is ZoneKind.COUNTY:
        return ""
    return address_of("block" if zone.kind in _BLOCKS else "zone", zone.code)
