"""Addresses of constraint layers."""

from django.urls import path

from minplan.web.sources import views

urlpatterns = [
    path("data/sources", views.listing, name="sources"),
    path("data/sources/<slug:name>", views.show, name="source"),
    path("data/sources/<slug:name>/add", views.add, name="source-add"),
    path("data/sources/<slug:name>/verify", views.verify, name="source-verify"),
]
