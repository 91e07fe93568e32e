"""The page of the one map, its setup, and the data of its layers."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render

from minplan.core.access import Permission
from minplan.layers.tiles import MATRICES, read_tile
from minplan.web.access import requires
from minplan.web.onemap import catalogue, data, geojson
from minplan.web.onemap.moment import bounds_of, moment_of


@requires(Permission.READ)
def page(request: HttpRequest) -> HttpResponse:
    """The one map."""
    return render(request, "onemap/page.html")


@requires(Permission.READ_PUBLISHED)
def setup(request: HttpRequest) -> HttpResponse:
    """What a map needs to begin: layer tree, symbols, base maps, counties."""
    response = JsonResponse(catalogue.setup(moment_of(request.GET), request.access))
    response["Cache-Control"] = "private, no-cache"
    return response


@requires(Permission.READ_PUBLISHED)
def features(request: HttpRequest, code: str) -> HttpResponse:
    """Features of a layer of the plan as of a date, in a window."""
    moment, bounds = moment_of(request.GET), bounds_of(request.GET)
    mark = data.etag(moment.mark, code, bounds, sorted(request.access.permissions))
    if request.headers.get("If-None-Match") == mark:
        response = HttpResponse(status=304)
    else:
        response = geojson.answer(data.plan_features(moment, code, bounds))
    response["ETag"] = mark
    return response


@requires(Permission.READ)
def cases(request: HttpRequest) -> HttpResponse:
    """Review cases with ground; county accounts see their own."""
    return geojson.answer(data.cases(bounds_of(request.GET)))


@requires(Permission.READ)
def layer_features(request: HttpRequest, name: str, sha256: str) -> HttpResponse:
    """Features of a version of a constraint layer."""
    layer = data.seen_layer(name, sha256, request.access)
    text = data.constraint_features(layer, bounds_of(request.GET))
    return geojson.answer(text, immutable=True)


@requires(Permission.READ)
def tile(request: HttpRequest, name: str, sha256: str, matrix: str, **place: int) -> HttpResponse:
    """A vector tile of a version of a constraint layer; empty where nothing is.

    ``place`` is zoom, column and row (counted from the north).
    """
    layer = data.seen_layer(name, sha256, request.access)
    if matrix not in MATRICES:
        raise data.no_layer(name)
    found = read_tile(layer.path, matrix, place["zoom"], place["column"], place["row"])
    response = HttpResponse(
        found or b"",
        status=200 if found else 204,
        content_type="application/vnd.mapbox-vector-tile",
    )
    if found:
        response["Content-Encoding"] = "gzip"
    response["Cache-Control"] = "private, max-age=31536000, immutable"
    return response
