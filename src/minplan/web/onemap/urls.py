"""Addresses of the one map."""

from django.urls import path

from minplan.web.onemap import asking, views

_LAYER = "map/layers/<slug:name>/<str:sha256>"

urlpatterns = [
    path("map", views.page, name="map"),
    path("map/setup", views.setup, name="map-setup"),
    path("map/features/<str:code>", views.features, name="map-features"),
    path("map/identify", asking.identify, name="map-identify"),
    path("map/feature", asking.feature, name="map-feature"),
    path("map/applies", asking.applies_here, name="map-applies"),
    path("map/area", asking.area, name="map-area"),
    path("map/search", asking.find, name="map-search"),
    path("map/print", asking.print_view, name="map-print"),
    path("map/views", asking.views, name="map-views"),
    path("map/cases", views.cases, name="map-cases"),
    path(f"{_LAYER}/features", views.layer_features, name="map-layer"),
    path(
        f"{_LAYER}/tiles/<str:matrix>/<int:zoom>/<int:column>/<int:row>.pbf",
        views.tile,
        name="map-tile",
    ),
]
