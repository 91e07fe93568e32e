"""The Django application of the web face."""

from __future__ import annotations

from django.apps import AppConfig


class Web(AppConfig):
    """Templates and static files; tables are of ``minplan.database``."""

    name = "minplan.web"
    label = "web"
