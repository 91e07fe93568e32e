"""Questions the map asks: what is here, what applies, where is it, how large; kept views."""

from __future__ import annotations

import json
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_GET, require_POST

from minplan.core.access import Permission
from minplan.core.errors import InputError, Place
from minplan.core.geometry.area import ellipsoidal_area
from minplan.core.geometry.corners import drawn
from minplan.core.geometry.crs import CoordinateSystem
from minplan.core.text import Text
from minplan.database import saved
from minplan.database.models import SavedItem
from minplan.formats.read import read_input
from minplan.web.access import requires
from minplan.web.body import json_object
from minplan.web.jobs import registry
from minplan.web.onemap import applies
from minplan.web.onemap.geojson import geometry_text
from minplan.web.onemap.moment import bounds_of, moment_of
from minplan.web.onemap.search import search
from minplan.web.uploads import received
from minplan.web.words import language


@require_GET
@requires(Permission.READ_PUBLISHED)
def identify(request: HttpRequest) -> HttpResponse:
    """What is at ``lon``, ``lat``, within ``reach`` metres; ``layers`` narrows to their ids."""
    lonlat = (_figure(request, "lon"), _figure(request, "lat"))
    reach = min(_figure(request, "reach", "0"), 20_000.0)
    layers = request.GET.get("layers")
    wanted = None if layers is None else [name for name in layers.split(",") if name]
    found = applies.at_point(moment_of(request.GET), request.access, lonlat, reach, wanted)
    return JsonResponse({"hits": found})


@require_GET
@requires(Permission.READ_PUBLISHED)
def feature(request: HttpRequest) -> HttpResponse:
    """One feature by its ``id``, told in full."""
    found = applies.by_id(moment_of(request.GET), request.access, request.GET.get("id", ""))
    return JsonResponse(found)


@require_POST
@requires(Permission.READ)
def applies_here(request: HttpRequest) -> HttpResponse:
    """What applies inside a drawn polygon (JSON ``geometry``) or an uploaded file (``file``)."""
    moment = moment_of(request.GET)
    if request.content_type == "application/json":
        ground = drawn(body_of(request).get("geometry") or {}, CoordinateSystem())
        return JsonResponse(applies.inside(moment, request.access, ground))
    with received(request) as files:
        reading = read_input(files[0])
    ground = applies.joined(block.polygonal for block in reading.blocks)
    answer = applies.inside(moment, request.access, ground)
    understood = [block.understanding.to_dict() for block in reading.blocks[:5]]
    shape = json.loads(geometry_text(ground.geometry))
    return JsonResponse({**answer, "geometry": shape, "understood": understood})


@require_POST
@requires(Permission.READ_PUBLISHED)
def area(request: HttpRequest) -> HttpResponse:
    """The statutory (ellipsoidal) area in m² of a polygon of corners in lon/lat."""
    ground = drawn(body_of(request).get("geometry") or {}, CoordinateSystem())
    return JsonResponse({"area": float(ellipsoidal_area(ground.geometry)[0])})


@require_GET
@requires(Permission.READ_PUBLISHED)
def find(request: HttpRequest) -> HttpResponse:
    """Features and places for the words ``q``."""
    found = search(moment_of(request.GET), request.access, request.GET.get("q", ""))
    return JsonResponse({"hits": found})


@require_POST
@requires(Permission.READ)
def print_view(request: HttpRequest) -> HttpResponse:
    """Start drawing a view as a sheet in PDF; answers with the job to follow."""
    moment_of(request.GET)
    body = body_of(request)
    wanted = {key: body.get(key) for key in ("title", "scale", "size", "office", "layers")}
    bounds = bounds_of({"bbox": ",".join(map(str, body.get("bounds") or ()))})
    if bounds is None:
        raise wrong_body()
    given = {key: request.GET[key] for key in ("plan", "date", "recorded") if key in request.GET}
    row = registry.start(
        "map-print",
        Text(f"打印：{body.get('title') or '地图'}", f"print: {body.get('title') or 'map'}"),
        moment=given,
        wanted={**wanted, "bounds": list(bounds), "language": language()},
    )
    return JsonResponse({"id": str(row.pk)}, status=202)


@requires(Permission.READ)
def views(request: HttpRequest) -> HttpResponse:
    """Kept views: listed, or (POST) one more, or with ``remove`` one less."""
    if request.method == "POST":
        body = body_of(request)
        if "remove" in body:
            saved.remove(_number(body["remove"]), "view")
        else:
            content = {"fragment": str(body.get("fragment", ""))}
            name = str(body.get("name", ""))
            saved.save("view", name, content, shared=body.get("shared") is True)
    own = request.access.actor
    return JsonResponse({"views": [_view(item, own) for item in saved.listed("view")]})


def _view(item: SavedItem, own: str) -> dict[str, Any]:
    return {
        "id": item.pk,
        "name": item.name,
        "shared": item.shared,
        "own": item.owner.username == own,
        "owner": item.owner.name,
        "fragment": item.content.get("fragment", ""),
    }


def body_of(request: HttpRequest) -> dict[str, Any]:
    """The JSON object of a request; InputError E932 when it is none."""
    return json_object(request, wrong_body)


def wrong_body() -> InputError:
    """The error for a request that does not hold what it must."""
    return InputError(
        "E932",
        Text("提交的内容不完整", "what was sent is incomplete"),
        hint=Text("请重试；图形还在地图上", "try again; your shape is still on the map"),
    )


def _number(value: Any) -> int:
    return int(value) if str(value).isdigit() else 0


def _figure(request: HttpRequest, name: str, default: str = "") -> float:
    word = request.GET.get(name, default)
    try:
        value = float(word)
    except ValueError:
        value = float("nan")
    if not -180 <= value <= 1e9:
        raise InputError(
            "E932",
            Text(f"参数 {name} 不对：“{word}”", f"parameter {name} is wrong: {word!r}"),
            place=Place(field=name),
            hint=Text("经纬度写成 113.12、36.20", "write degrees such as 113.12 and 36.20"),
        )
    return value
