"""Addresses of the rules."""

from django.urls import path

from minplan.web.rules import views

urlpatterns = [
    path("rules", views.listing, name="rules"),
    path("rules/<str:identifier>", views.show, name="rule"),
]
