"""Addresses of plans, their deliverables and hand-ins."""

from django.urls import path

from minplan.web.plans import deliverables, handins, views

urlpatterns = [
    path("plans", views.listing, name="plans"),
    path("plans/files/<uuid:identifier>", handins.file, name="plan-file"),
    path("plans/hand-in", handins.upload, name="hand-in"),
    path("plans/hand-in/<uuid:identifier>", handins.preview, name="hand-in-preview"),
    path("plans/hand-in/<uuid:identifier>/faults.xlsx", handins.faults, name="hand-in-faults"),
    path("plans/<str:code>", views.overview, name="plan"),
    path("plans/<str:code>/text", views.text, name="plan-text"),
    path("plans/<str:code>/tables", views.tables, name="plan-tables"),
    path("plans/<str:code>/versions", views.versions, name="plan-versions"),
    path("plans/<str:code>/deliverables", deliverables.registry, name="deliverables"),
    path("plans/<str:code>/deliverables/all", deliverables.everything, name="deliverables-zip"),
    path("plans/<str:code>/export", handins.export, name="hand-in-export"),
    path("deliverables/<int:number>", deliverables.download, name="deliverable"),
    path("deliverables/<int:number>/verify", deliverables.verify, name="deliverable-verify"),
]
