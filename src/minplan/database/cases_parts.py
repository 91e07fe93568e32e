"""Parts of writing cases: who may write, and what a list shows of a proposal."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from minplan.core.access import Access, Permission
from minplan.core.access.model import Forbidden
from minplan.core.cases.workflow import State
from minplan.core.errors import MinplanError, Place
from minplan.core.review.finding import Verdict
from minplan.core.text import Text
from minplan.database.acting import acting
from minplan.database.cases_read import get
from minplan.database.models import Case

_MAY_ADD: Final = (
    Permission.FIRST_CHECK,
    Permission.SECOND_CHECK,
    Permission.SIGN,
    Permission.ARCHIVE,
)


def own_draft(case: Case) -> Case:
    """The case as it is now, if whoever acts may edit it."""
    fresh, access = get(case.number), acting()
    state = State(fresh.state)
    if not state.is_editable:
        raise MinplanError(
            "E852",
            Text(
                f"案卷{state.word.zh}，内容不能再改",
                f"a case that is {state.word.en} is not edited any more",
            ),
            hint=Text(
                "请办理人退回后再改，或撤回后恢复为草稿",
                "ask for it to be returned, or withdraw it and make it a draft again",
            ),
        )
    if not access.system and access.actor not in (fresh.author, fresh.holder):
        raise _not_yours(fresh)
    access.require(Permission.REVIEW)
    return fresh


def usable(case: Case, *, author: bool = True) -> Case:
    """The case as it is now, if whoever acts may add to it: its author, or who checks cases."""
    fresh, access = get(case.number), acting()
    own = author and access.actor in (fresh.author, fresh.holder)
    checks = any(access.may(item, fresh.county) for item in _MAY_ADD)
    if not (access.system or own or checks):
        raise _not_yours(fresh)
    return fresh


def _not_yours(case: Case) -> Forbidden:
    return Forbidden(
        "E854",
        Text(
            f"案卷 {case.number} 由 {case.author} 填写，当前账号只能查看",
            f"the case {case.number} is {case.author}'s; this account may only look at it",
        ),
        hint=Text("请由申请人修改", "ask the author to change it"),
    )


def require_county(county: str) -> None:
    """County accounts work on their own ground only (Forbidden E952)."""
    if county:
        acting().require(Permission.READ, county)


def require_verdict(decision: str) -> None:
    """Refuse (E855) a conclusion that is no verdict."""
    if decision and decision not in {item.value for item in Verdict}:
        raise MinplanError(
            "E855",
            Text(f"没有“{decision}”这种结论", f"there is no conclusion “{decision}”"),
            place=Place(field="decision"),
            hint=Text(
                f"可用：{'、'.join(item.value for item in Verdict)}",
                f"one of {', '.join(item.value for item in Verdict)}",
            ),
        )


def only_county(access: Access) -> str:
    """The county of an account that has one."""
    return next(iter(access.areas)) if len(access.areas) == 1 else ""


def described(proposal: Mapping[str, Any]) -> dict[str, Any]:
    """What a list shows of a proposal."""
    minerals = proposal.get("minerals") or [""]
    geometry = proposal.get("geometry") or {}
    west, south, east, north = _bounds(geometry.get("coordinates"))
    return {
        "right": proposal.get("right", ""),
        "action": proposal.get("action", ""),
        "county": proposal.get("county", ""),
        "mineral": short(minerals[0], 60),
        "west": west,
        "south": south,
        "east": east,
        "north": north,
    }


def _bounds(coordinates: Any) -> tuple[float | None, ...]:
    """West, south, east, north of GeoJSON coordinates, degrees; Nones without any."""
    points: list[Sequence[float]] = []

    def gather(value: Any) -> None:
        if value and isinstance(value[0], int | float):
            points.append(value)
        else:
            for item in value or ():
                gather(item)

    gather(coordinates)
    if not points:
        return (None, None, None, None)
    east, north = [p[0] for p in points], [p[1] for p in points]
    return (min(east), min(north), max(east), max(north))


def short(text: str, length: int = 200) -> str:
    """The text on one line, cut to what its column holds."""
    return " ".join(text.split())[:length]
