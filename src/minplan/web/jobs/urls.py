"""Addresses of background work."""

from django.urls import path

from minplan.web.jobs import views

urlpatterns = [
    path("jobs", views.listing, name="jobs"),
    path("jobs/<uuid:identifier>", views.show, name="job"),
    path("jobs/<uuid:identifier>/progress", views.progress, name="job-progress"),
    path("jobs/<uuid:identifier>/cancel", views.cancel, name="job-cancel"),
]
