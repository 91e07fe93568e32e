"""Addresses of the intake; those of one case come after them."""

from django.urls import path

from minplan.web.intake import drafts, live, pages, reading, sources

urlpatterns = [
    path("cases/new", pages.new, name="case-new"),
    path("cases/read", reading.read, name="case-read"),
    path("cases/live", live.live, name="case-live"),
    path("cases/draft", drafts.save, name="case-draft"),
    path("cases/split", drafts.split, name="case-split"),
    path("cases/submit", drafts.submit, name="case-submit"),
    path("cases/sources", sources.listed, name="case-sources"),
    path("cases/source", sources.source, name="case-source"),
    path("cases/<str:number>/edit", pages.edit, name="case-edit"),
    path("cases/<str:number>/draft", drafts.stored, name="case-stored"),
    path("cases/<str:number>/input", drafts.keep_input, name="case-input"),
]
