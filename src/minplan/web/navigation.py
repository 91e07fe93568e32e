"""The rail on the left: capabilities in the plan's own words (第七章六)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

from django.urls import NoReverseMatch, reverse

from minplan.core.access import Access, Permission
from minplan.core.text import Text


@dataclass(frozen=True, slots=True)
class Entry:
    """A link of the rail: ``url`` names the page, ``key`` jumps to it after G."""

    url: str
    word: Text
    icon: str
    permission: Permission = Permission.READ
    key: str = ""
    address: str = ""
    active: bool = False


ENTRIES: Final = (
    Entry("workbench", Text("工作台", "Desk"), "layout-dashboard", key="h"),
    Entry("map", Text("一张图", "One map"), "map", key="m"),
    Entry("cases", Text("审查", "Reviews"), "checklist", key="r"),
    Entry("zones", Text("分区区块", "Zones"), "polygon", key="z"),
    Entry("plans", Text("成果", "Plan"), "books", key="p"),
    Entry("quality", Text("质检", "Quality"), "clipboard-check", key="c"),
    Entry("query", Text("查询统计", "Query"), "table-options", key="q"),
    Entry("sources", Text("数据", "Data"), "database", key="d"),
    Entry("rules", Text("规则", "Rules"), "scale", key="s"),
    Entry("accounts", Text("管理", "Admin"), "users", Permission.MANAGE_ACCOUNTS, key="a"),
    Entry("help", Text("帮助", "Help"), "help-circle"),
)


def entries(access: Access, path: str) -> tuple[Entry, ...]:
    """The links that whoever looks may follow, the one of the page marked."""
    found = []
    for entry in ENTRIES:
        if not access.may(entry.permission):
            continue
        try:
            address = reverse(entry.url)
        except NoReverseMatch:
            continue
        inside = path == address or (address != "/" and path.startswith(address.rstrip("/") + "/"))
        found.append(replace(entry, address=address, active=inside))
    return tuple(found)
