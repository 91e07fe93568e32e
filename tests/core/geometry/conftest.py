"""Property tests here measure ground, not time."""

from __future__ import annotations

from hypothesis import settings

settings.register_profile("geometry", deadline=None)
settings.load_profile("geometry")
