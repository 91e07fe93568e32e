"""The application that a WSGI server runs."""

from __future__ import annotations

import os
from importlib import import_module

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "minplan.web.settings")

from django.core.wsgi import get_wsgi_application

from minplan.database.acting import deny_by_default

deny_by_default()
application = get_wsgi_application()
# what every request needs is loaded before workers are forked: they share it, and nobody waits
import_module("minplan.web.urls")
