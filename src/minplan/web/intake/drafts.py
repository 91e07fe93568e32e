"""Drafts of cases: saved while somebody types, submitted when all is there."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any, Final

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import NoReverseMatch, reverse

from minplan.core.access import Access, Permission
from minplan.core.errors import Faults, InputError, MinplanError, Place
from minplan.core.review.missing import field_word
from minplan.core.review.proposal import Proposal
from minplan.core.review.record import Reading
from minplan.core.text import Text
from minplan.database import cases, reviews
from minplan.database.models import Case
from minplan.formats.proposal_file import field_word_of
from minplan.formats.proposal_json import proposal_to_dict
from minplan.web.access import requires
from minplan.web.configuration import configuration
from minplan.web.desk import workspace
from minplan.web.intake.body import Values, body_of, date_of, polygonal_of, proposal_of, values_of
from minplan.web.uploads import received

#: What a case cannot do without; all else only leaves rules unchecked.
REQUIRED: Final = ("name", "right", "action", "minerals")
_MOST_DRAFTS: Final = 100


@requires(Permission.REVIEW)
def save(request: HttpRequest) -> HttpResponse:
    """Save ``content``; the first time (no ``number``) a case is opened. What cannot be understood
    yet is kept as it was typed."""
    body = body_of(request)
    case = keep(_case(body), body, request.access)
    return JsonResponse(_where(case))


@requires(Permission.REVIEW)
def stored(request: HttpRequest, number: str) -> HttpResponse:
    """What the server holds of a draft, to compare with the page."""
    case = cases.get(number)
    return JsonResponse({**_where(case), "content": case.content, "by": case.holder or case.author})


@requires(Permission.REVIEW)
def keep_input(request: HttpRequest, number: str) -> HttpResponse:
    """Keep the file that was read with the case it was read for."""
    case = cases.get(number)
    with received(request) as files:
        for file in files:
            cases.attach(case, "input", file.name, file, recorded=_now())
    fresh = cases.get(number)
    found = [{"id": item.pk, "name": item.name} for item in cases.files(fresh)]
    return JsonResponse({**_where(fresh), "files": found})


@requires(Permission.REVIEW)
def split(request: HttpRequest) -> HttpResponse:
    """Open a draft for each of several blocks: ``items``, each with ``content``."""
    items = body_of(request).get("items") or []
    if not 0 < len(items) <= _MOST_DRAFTS:
        raise InputError(
            "E859",
            Text(f"一次最多拆分为 {_MOST_DRAFTS} 件", f"at most {_MOST_DRAFTS} cases at once"),
            hint=Text("更多区块请用批量核查", "use the batch check for more"),
        )
    opened = [keep(None, item, request.access) for item in items]
    address = reverse("cases") if _has("cases") else _where(opened[0])["edit"]
    return JsonResponse({"cases": [_where(item) for item in opened], "address": address})


@requires(Permission.REVIEW)
def submit(request: HttpRequest) -> HttpResponse:
    """Review what is asked, store the review with the case, and hand the case on.

    Everything that is missing or wrong is told at once (Faults), each with its field.
    """
    return JsonResponse(_where(hand_in(body_of(request), request.access)))


def hand_in(body: Mapping[str, Any], access: Access) -> Case:
    """Submit what a body asks for (``number``, ``revision``, ``content``), as :func:`submit`."""
    proposal = _whole(body, access)
    case = keep(_case(body), body, access)
    place = workspace()
    result = place.desk(date_of(body)).review(proposal)
    number, _ = place.save(result, _reading(body["content"]))
    noted = cases.note_review(case, reviews.get(number), recorded=_now())
    return cases.take(noted, "submit", recorded=_now(), days=configuration().case_days)


# -- parts ----------------------------------------------------------------------------------------


def _case(body: Mapping[str, Any]) -> Case | None:
    return cases.get(str(body["number"])) if body.get("number") else None


def keep(case: Case | None, body: Mapping[str, Any], access: Access) -> Case:
    """Save what somebody works on (``content``, ``revision``); without a case one is opened."""
    content = body.get("content") or {}
    values, _ = values_of(content.get("attributes") or {})
    title = str(values.get("name") or "")
    if case is None:
        case = cases.open_case(
            content, title=title, recorded=_now(), days=configuration().case_days
        )
        revision = case.revision
    else:
        revision = int(body.get("revision") or 0)
    proposal = _possible(content, values, access)
    return cases.save_draft(
        case,
        revision=revision,
        recorded=_now(),
        content=content,
        proposal=proposal_to_dict(proposal) if proposal else None,
        title=title,
        date=date_of(content) if content.get("date") else None,
    )


def _possible(content: Mapping[str, Any], values: Values, access: Access) -> Proposal | None:
    """The proposal, if what is there makes one already."""
    try:
        polygonal = polygonal_of(content)
    except MinplanError:
        return None
    if polygonal is None or "right" not in values or "action" not in values:
        return None
    return proposal_of(polygonal, {**values, **_own_county(values, access)})


def _whole(body: Mapping[str, Any], access: Access) -> Proposal:
    """The proposal of what is to be submitted; everything that is wrong, at once."""
    content = body.get("content") or {}
    values, faults = values_of(content.get("attributes") or {})
    values |= _own_county(values, access)
    polygonal = None
    try:
        polygonal = polygonal_of(content)
        if polygonal is None:
            faults.append(_no_ground())
    except MinplanError as error:
        faults.append(error)
    known = {fault.place.field for fault in faults}
    faults += [_missing(key) for key in REQUIRED if not values.get(key) and key not in known]
    faults += [_unconfirmed(item) for item in _open_remarks(content)]
    if faults or polygonal is None:
        raise faults[0] if len(faults) == 1 else Faults(faults)
    return proposal_of(polygonal, values)


def _own_county(values: Values, access: Access) -> Values:
    """County accounts ask for ground of their own county and no other."""
    if access.is_limited and not values.get("county") and len(access.areas) == 1:
        return {"county": next(iter(access.areas))}
    if values.get("county"):
        access.require(Permission.REVIEW, values["county"])
    return {}


def _open_remarks(content: Mapping[str, Any]) -> list[str]:
    """Remarks a person must agree with and has not yet."""
    reading = content.get("reading") or {}
    confirmed = set(content.get("confirmed") or ())
    return [
        str(item.get("message"))
        for item in reading.get("remarks") or ()
        if item.get("level") == "confirm" and item.get("key") not in confirmed
    ]


def _reading(content: Mapping[str, Any]) -> Reading | None:
    """How the ground was understood, for the record."""
    reading = content.get("reading") or {}
    sentence = reading.get("understanding")
    if not sentence:
        return None
    edited = Text("；之后在图上作了修改", "; changed on the map afterwards")
    more = edited if content.get("edited") else Text("", "")
    said = [str(item.get("message")) for item in reading.get("remarks") or ()]
    return Reading(
        Text(f"{sentence}{more.zh}", f"{sentence}{more.en}"),
        str((content.get("source") or {}).get("name") or ""),
        tuple(Text(item, item) for item in said),
    )


def _where(case: Case) -> dict[str, Any]:
    return {
        "number": case.number,
        "revision": case.revision,
        "title": case.title,
        "edit": reverse("case-edit", args=[case.number]),
        "address": reverse("case", args=[case.number]) if _has("case", case.number) else "/",
    }


def _has(name: str, *arguments: str) -> bool:
    try:
        reverse(name, args=arguments)
    except NoReverseMatch:
        return False
    return True


def _now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)


def _no_ground() -> InputError:
    return InputError(
        "E514",
        Text("还没有范围", "there is no ground yet"),
        place=Place(field="geometry"),
        hint=Text(
            "粘贴坐标、拖入文件、在图上绘制，或引用规划区块",
            "paste coordinates, drop a file, draw it, or take a planning block",
        ),
    )


def _missing(key: str) -> InputError:
    word = field_word_of(key) if key in ("right", "action") else field_word(key)
    return InputError(
        "E514",
        Text(f"没有填写{word.zh}", f"the {word.en} is missing"),
        place=Place(field=key),
        hint=Text("提交前必须填写", "it is needed before the case is submitted"),
    )


def _unconfirmed(message: str) -> InputError:
    return InputError(
        "E514",
        Text(f"尚未确认：{message}", f"not confirmed yet: {message}"),
        place=Place(field="remarks"),
        hint=Text("在左侧读取结果中确认或改正", "confirm or mend it beside the reading"),
    )
