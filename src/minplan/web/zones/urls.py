"""Addresses of zones, blocks, changesets and quotas."""

from django.urls import path

from minplan.web.zones import changes, editor, views

urlpatterns = [
    path("zones", views.index, name="zones"),
    path("zones/quotas", views.quotas, name="quotas"),
    path("zones/shapes/<str:what>", editor.shapes, name="zone-shapes"),
    path("zones/check", editor.check, name="zone-check"),
    path("zones/by-code/<str:key>", views.by_code, name="zone"),
    path("zones/<str:layer>", views.table, name="zone-layer"),
    path("zones/<str:layer>/new", editor.new, name="zone-new"),
    path("zones/<str:layer>/merge", editor.merge, name="zone-merge"),
    path("zones/<str:layer>/<str:key>", views.card, name="zone"),
    path("zones/<str:layer>/<str:key>/edit", editor.edit, name="zone-edit"),
    path("zones/<str:layer>/<str:key>/state", views.register_state, name="block-state"),
    path("blocks", views.blocks_page, name="blocks"),
    path("blocks/<str:key>", views.block, name="block"),
    path("changesets", changes.listing, name="changesets"),
    path("changesets/<int:number>", changes.show, name="changeset"),
    path("changesets/<int:number>/<str:step>", changes.take, name="changeset-step"),
]
