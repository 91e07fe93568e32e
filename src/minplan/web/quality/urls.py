"""Addresses of quality checks."""

from django.urls import path

from minplan.web.quality import checks, outcome, views

urlpatterns = [
    path("quality", views.listing, name="quality"),
    path("quality/new", views.start, name="quality-new"),
    path("quality/checks", checks.listing, name="quality-checks"),
    path("quality/checks/<str:check_id>", checks.show, name="quality-check"),
    path("quality/waivers/<int:number>/end", outcome.end_waiver, name="waiver-end"),
    path("quality/<str:number>", outcome.show, name="inspection"),
    path("quality/<str:number>/report", outcome.report, name="inspection-report"),
    path("quality/<str:number>/waive", outcome.waive, name="inspection-waive"),
]
