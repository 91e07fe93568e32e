"""Addresses for load balancers and monitors."""

from django.urls import path

from minplan.web.health import views

urlpatterns = [
    path("health", views.alive, name="health"),
    path("ready", views.ready, name="ready"),
]
