"""The Django application of the web face."""

from __future__ import annotations

from django.apps import AppConfig


class Web(AppConfig):
    """Templates and static files; tables are of ``minplan.database``."""

    name = "minplan.web"
    label = "web"

    def ready(self) -> None:
        """Tell the audit chain of logins, whoever vouched for them."""
        from minplan.web.accounts import signals  # noqa: PLC0415

        signals.connect()
