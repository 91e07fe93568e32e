"""Addresses of help."""

from django.urls import path

from minplan.web.help import views

urlpatterns = [
    path("help", views.index, name="help"),
    path("help/errors", views.errors, name="help-errors"),
    path("help/errors/<str:code>", views.error, name="help-error"),
    path("help/<slug:section>/<slug:name>", views.show, name="help-page"),
]
