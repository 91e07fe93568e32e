"""Plans and the editions of the standard they are kept in."""

from __future__ import annotations

from django.db import models

from minplan.database.guards import GuardedModel


class Edition(GuardedModel):
    """An edition of the data standard (标准版本) that plans of this database use."""

    id = models.CharField(primary_key=True, max_length=40)
    name_zh = models.CharField(max_length=200)
    name_en = models.CharField(max_length=200)
    registered = models.DateTimeField()


class Plan(GuardedModel):
    """A plan (规划). What the plan says of itself is a feature of its own, versioned like all.

    ``last_recorded`` is the recorded time of the latest changeset in effect; the next one must be
    later.
    """

    code = models.CharField(unique=True, max_length=120)
    edition = models.ForeignKey(Edition, on_delete=models.PROTECT)
    level = models.CharField(max_length=20)
    region_code = models.CharField(max_length=12)
    name_zh = models.CharField(max_length=200)
    name_en = models.CharField(max_length=200)
    registered = models.DateTimeField()
    last_recorded = models.DateTimeField(null=True)
