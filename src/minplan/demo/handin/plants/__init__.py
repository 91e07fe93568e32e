"""Faults planted in a sound hand-in: a module a family of checks, a unit a check."""

from __future__ import annotations

import importlib
import pkgutil

from minplan.demo.handin.plants.planting import At, Folder, Plant, plant_of, planted

__all__ = ["At", "Folder", "Plant", "plant_of", "planted"]

for _module in pkgutil.iter_modules(__path__):
    importlib.import_module(f"{__name__}.{_module.name}")
