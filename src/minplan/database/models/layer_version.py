"""The register of constraint-layer versions."""

from __future__ import annotations

from django.db import models

from minplan.database.fields import JSONTextField
from minplan.database.guards import GuardedModel


class LayerVersion(GuardedModel):
    """A version of a constraint layer (管控图层版本) that reviews may rest on."""

    name = models.CharField(max_length=120)
    sha256 = models.CharField(max_length=64)
    act = models.TextField(default="")
    effective_from = models.DateField(null=True)
    effective_to = models.DateField(null=True)
    source = models.TextField(default="")
    owner = models.TextField(default="")
    extent = JSONTextField(null=True)
    coverage = JSONTextField(null=True)
    feature_count = models.BigIntegerField(default=0)
    schematic = models.BooleanField(default=False)
    quality = models.TextField(default="")
    recorded = models.DateTimeField()

    class Meta:
        """A version is registered once."""

        constraints = (
            models.UniqueConstraint(fields=["name", "sha256"], name="minplan_layer_version"),
        )
