"""All addresses: every package of :mod:`minplan.web` with a module ``urls`` is a capability.

A capability exposes ``urlpatterns`` with addresses from the root; its names are unique in the
whole application.
"""

from __future__ import annotations

import importlib
import pkgutil

import minplan.web

urlpatterns = [
    pattern
    for module in sorted(pkgutil.iter_modules(minplan.web.__path__), key=lambda item: item.name)
    if module.ispkg and importlib.util.find_spec(f"minplan.web.{module.name}.urls") is not None
    for pattern in importlib.import_module(f"minplan.web.{module.name}.urls").urlpatterns
]

handler404 = "minplan.web.problems.page_not_found"
handler500 = "minplan.web.problems.server_error"
