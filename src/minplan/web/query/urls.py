"""Addresses of queries."""

from django.urls import path

from minplan.web.query import downloads, views

urlpatterns = [
    path("query", views.page, name="query"),
    path("query/source", views.source, name="query-source"),
    path("query/zones", views.zones, name="query-zones"),
    path("query/text", views.text, name="query-text"),
    path("query/run", views.run, name="query-run"),
    path("query/totals", views.totals, name="query-totals"),
    path("query/pivot", views.pivot, name="query-pivot"),
    path("query/area", views.area, name="query-area"),
    path("query/saved", views.saved_items, name="query-saved"),
    path("query/saved/<int:identifier>/remove", views.remove_saved, name="query-saved-remove"),
    path("query/export", downloads.export_result, name="query-export"),
    path("query/exports/<str:ticket>", downloads.download, name="query-download"),
]
