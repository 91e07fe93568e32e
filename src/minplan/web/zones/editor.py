"""Editing a zone or block: the form, checks while it is open, split, hole and merge."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any, Final

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST
from shapely.geometry import LineString, MultiPolygon, Polygon
from shapely.geometry.base import BaseGeometry

from minplan.core.access import Permission
from minplan.core.errors import Faults, InputError, MinplanError
from minplan.core.geometry.area import ellipsoidal_area
from minplan.core.geometry.polygonal import Polygonal
from minplan.core.plan import reshape
from minplan.core.plan.ground_checks import ERROR, Issue, counties_of
from minplan.core.plan.lifecycle import BLOCK_KINDS
from minplan.core.review.finding import Outcome
from minplan.core.review.proposal import Action, Proposal, RightKind
from minplan.core.standard.feature import FeatureValue
from minplan.core.text import Text
from minplan.database import editing, zone_edits
from minplan.database.models import Changeset
from minplan.web.access import requires
from minplan.web.desk import workspace
from minplan.web.onemap.geojson import geometry_text
from minplan.web.problems import describe, status_of
from minplan.web.words import said, t
from minplan.web.zones import forms
from minplan.web.zones.forms import ZoneForm
from minplan.web.zones.reading import ZoneBook, is_block, zone_book

_HITS: Final = (Outcome.CONFLICT, Outcome.ATTENTION)


@requires(Permission.EDIT_PLAN)
def edit(request: HttpRequest, layer: str, key: str) -> HttpResponse:
    """The form of a zone as it stands today, or in a draft; sent, it is staged in a draft."""
    book = zone_book(request)
    spec = book.layer(layer)
    if request.method == "POST":
        return _save(request, forms.of_post(book, spec, request.POST))
    changeset = _draft(request.GET.get("changeset", ""))
    day = _staged_day(changeset, layer, key) or book.when.date
    there = zone_edits.stand(book.plan, day, changeset)
    feature = there.get(layer, key)
    for county in counties_of(feature) or ("",):
        request.access.require(Permission.EDIT_PLAN, county)
    form = forms.of_feature(
        book, spec, feature, there.minerals(key), changeset=str(changeset.pk) if changeset else ""
    )
    form.date = day.isoformat()
    return _page(request, form)


@requires(Permission.EDIT_PLAN)
def new(request: HttpRequest, layer: str) -> HttpResponse:
    """An empty form for a zone that is not in the plan yet."""
    book = zone_book(request)
    spec = book.layer(layer)
    if request.method == "POST":
        return _save(request, forms.of_post(book, spec, request.POST, is_new=True))
    form = forms.of_feature(book, spec, FeatureValue(layer, ""), (), is_new=True)
    return _page(request, form)


@requires(Permission.EDIT_PLAN)
def merge(request: HttpRequest, layer: str) -> HttpResponse:
    """The form of what several zones become: the ground of all, the attributes of the first."""
    book = zone_book(request)
    spec = book.layer(layer)
    if request.method == "POST":
        return _save(request, forms.of_post(book, spec, request.POST, is_new=True))
    keys = list(dict.fromkeys(request.GET.getlist("key")))
    there = zone_edits.stand(book.plan, book.when.date)
    found = [there.get(layer, key) for key in keys]
    grounds = [item.geometry for item in found if item.geometry is not None]
    if len(grounds) < 2:
        raise InputError(
            "E865",
            Text("合并须选两个以上有图形的区", "merge two or more that have a geometry"),
            hint=Text("在表中勾选要合并的行", "tick the rows to be merged"),
        )
    minerals = list(dict.fromkeys(m for key in keys for m in there.minerals(key)))
    whole = FeatureValue(layer, "", found[0].attributes, reshape.merged(grounds))
    form = forms.of_feature(
        book, spec, whole, {m.mineral: m for m in minerals}.values(), is_new=True, ended=tuple(keys)
    )
    form.attributes |= {"MC": "、".join(str(i.attributes.get("MC", i.key)) for i in found)}
    for name in ("MJ", "MJWB", "GHBH"):
        form.attributes.pop(name, None)
    return _page(request, form)


@requires(Permission.EDIT_PLAN)
@require_POST
def check(request: HttpRequest) -> HttpResponse:
    """What the form as it is gives cause to say: nothing is stored."""
    book = zone_book(request)
    form = forms.of_post(book, book.layer(request.POST.get("layer", "")), request.POST)
    changeset = _draft(form.changeset)
    there = zone_edits.stand(book.plan, form.day(), changeset)
    ready = [zone_edits.prepare(item, there, book.snapshot) for item in form.edits()]
    found = zone_edits.issues(ready, form.gone(), book.snapshot, book.edition)
    keys = [(item.zone.layer, item.zone.key) for item in ready]
    rivals = zone_edits.rivals(book.plan, [*keys, *form.gone()], changeset)
    return JsonResponse(
        {
            "issues": [
                *map(_told, found),
                *(_rival(item, book) for item in rivals),
                *(told for item in ready for told in _reviewed(item.zone, form)),
            ],
            "areas": [_area(item.zone.geometry) for item in ready],
        }
    )


@requires(Permission.EDIT_PLAN)
@require_POST
def shapes(request: HttpRequest, what: str) -> HttpResponse:
    """Split a ground by a line, or cut a hole: ``{"geometry": …, "with": …}`` in and out."""
    given = forms.json_of(request.body.decode("utf-8", "replace"), dict)
    ground = forms.geometry_of(json.dumps(given.get("geometry") or {}))
    other = forms.geometry_of(json.dumps(given.get("with") or {}))
    if what == "split" and isinstance(other, LineString) and ground is not None:
        pieces: tuple[BaseGeometry, ...] = reshape.split_by_line(ground, other)
    elif what == "hole" and isinstance(other, Polygon) and ground is not None:
        pieces = (reshape.without(ground, other),)
    else:
        raise InputError("E865", Text("图形读不出来", "the geometry cannot be read"))
    return JsonResponse(
        {"pieces": [{"geometry": json.loads(geometry_text(p)), "area": _area(p)} for p in pieces]}
    )


def _save(request: HttpRequest, form: ZoneForm) -> HttpResponse:
    """Stage what was sent; what is wrong comes back with everything typed."""
    now = dt.datetime.now(dt.UTC)
    try:
        day, until, edits = form.day(), form.last(), form.edits()
        if any(not item.feature.key for item in edits):
            raise InputError("E809", Text("须填写编号", "enter a code"))
        changeset = _draft(form.changeset)
        # a refused form must not leave an empty draft behind
        with editing.together():
            if changeset is None:
                changeset = editing.open_draft(form.book.plan, form.kind, form.basis, now)
            told = editing.save(changeset, edits, date=day, until=until, ended=form.gone())
    except MinplanError as error:
        form.faults = _by_field(error)
        return _page(request, form, describe(error, request), status_of(error))
    for item in told:
        messages.warning(request, f"{item.code} {said(item.message)}")
    messages.success(
        request,
        t(f"已存入批次 {changeset.pk}", f"Saved in changeset {changeset.pk}"),
    )
    return redirect("changeset", changeset.pk)


def _page(
    request: HttpRequest,
    form: ZoneForm,
    faults: list[dict[str, Any]] | None = None,
    status: int = 200,
) -> HttpResponse:
    plan = form.book.plan
    context = {
        "form": form,
        "layer": form.layer,
        "book": form.book,
        "drafts": editing.drafts(plan),
        "faults": faults or (),
        "is_block": is_block(form.layer),
        "page": {
            "layer": form.layer.code,
            "key": form.key,
            "isNew": form.is_new,
            "merged": list(form.ended),
        },
    }
    return render(request, "zones/edit.html", context, status=status)


def _draft(word: str) -> Changeset | None:
    return editing.may_edit(int(word)) if word.strip().isdecimal() else None


def _staged_day(changeset: Changeset | None, layer: str, key: str) -> dt.date | None:
    """The legal day of what a draft stages of a feature."""
    if changeset is None:
        return None
    rows = editing.operations_of(changeset)
    days = [row.effective_from for row in rows if (row.layer, row.key) == (layer, key)]
    return days[-1] if days else None


def _reviewed(zone: FeatureValue, form: ZoneForm) -> list[dict[str, Any]]:
    """What a review of the block as a planning block finds against it."""
    ground = zone.geometry
    if form.layer.zone_kind not in BLOCK_KINDS or not isinstance(ground, Polygon | MultiPolygon):
        return []
    if not ground.is_valid or ground.is_empty:
        return []
    proposal = Proposal(
        name=str(zone.attributes.get("MC", zone.key)),
        geometry=Polygonal(ground),
        right=RightKind(form.layer.zone_kind),
        action=Action.ADJUSTMENT,
        minerals=tuple(row["mineral"].strip() for row in form.minerals),
        county=str(zone.attributes.get("SZXZQ", "")).split("、")[0],
        block_code=zone.key,
        stated_area_km2=str(zone.attributes.get("MJWB", "")),
    )
    review = workspace().desk(form.book.when.date).review(proposal, suggestions=False)
    return [
        {
            "code": item.rule,
            "severity": "conflict" if item.outcome is Outcome.CONFLICT else "attention",
            "message": said(item.message),
            "hint": said(item.mend) if item.mend else "",
            "group": "review",
            "geometry": next(
                (json.loads(geometry_text(e.geometry)) for e in item.evidence if e.geometry), None
            ),
        }
        for item in review.of(*_HITS, deciding=True)
    ]


def _told(item: Issue) -> dict[str, Any]:
    return {
        "code": item.code,
        "severity": "conflict" if item.severity == ERROR else "attention",
        "message": said(item.message),
        "hint": said(item.hint) if item.hint else "",
        "field": item.key,
        "group": "checks",
        "geometry": json.loads(geometry_text(item.geometry)) if item.geometry else None,
    }


def _rival(item: zone_edits.Rival, book: ZoneBook) -> dict[str, Any]:
    number, author = item.changeset.pk, item.changeset.author
    return {
        "code": "E866",
        "severity": "attention",
        "message": t(
            f"批次 {number}（{author}）也在改“{item.key}”",
            f"changeset {number} by {author} changes {item.key}, too",
        ),
        "hint": t(
            "先生效的一批会使另一批须重做，请先商定",
            "whichever takes effect first makes the other one be redone: agree first",
        ),
        "group": "checks",
        "geometry": None,
    }


def _by_field(error: MinplanError) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for item in error.faults if isinstance(error, Faults) else (error,):
        name = item.place.field or ""
        found[name] = (*found.get(name, ()), said(item.message))
    return found


def _area(ground: BaseGeometry | None) -> float:
    return 0.0 if ground is None or ground.is_empty else float(ellipsoidal_area([ground])[0])
