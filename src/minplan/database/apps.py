"""The Django application of the planning database."""

from __future__ import annotations

from django.apps import AppConfig


class PlanningDatabase(AppConfig):
    """The application ``minplan.database``; its tables start with ``minplan_``."""

    name = "minplan.database"
    label = "minplan"
    default_auto_field = "django.db.models.BigAutoField"
