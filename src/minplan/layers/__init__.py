"""The library of constraint layers: build, verify, query, list."""

from minplan.layers.file import BoxBatch, LayerFile
from minplan.layers.library import AddReport, LayerLibrary, Verification
from minplan.layers.version import Origin, StoredLayer

__all__ = [
    "AddReport",
    "BoxBatch",
    "LayerFile",
    "LayerLibrary",
    "Origin",
    "StoredLayer",
    "Verification",
]
