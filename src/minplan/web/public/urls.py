"""Addresses of the public view."""

from django.urls import path

from minplan.web.public import views

urlpatterns = [
    path("public", views.overview, name="public"),
    path("public/text", views.text, name="public-text"),
    path("public/zones", views.zones, name="public-zones"),
    path("public/map", views.map_page, name="public-map"),
    path("public/features/<str:code>", views.features, name="public-features"),
    path("public/documents/<int:number>", views.document, name="public-document"),
]
