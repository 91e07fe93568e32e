"""The library of constraint layers: build, verify, query, list."""

from minplan.layers.file import LayerFile, overlap_areas
from minplan.layers.library import AddReport, LayerLibrary, Verification
from minplan.layers.version import Origin, StoredLayer

__all__ = [
    "AddReport",
    "LayerFile",
    "LayerLibrary",
    "Origin",
    "StoredLayer",
    "Verification",
    "overlap_areas",
]
