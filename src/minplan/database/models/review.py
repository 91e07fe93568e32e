"""Stored reviews."""

from __future__ import annotations

from django.db import models

from minplan.database.fields import JSONTextField
from minplan.database.guards import GuardedModel


class Review(GuardedModel):
    """A review as it was stored (审查记录): number, record, and the references it rests on."""

    number = models.CharField(unique=True, max_length=20)
    year = models.IntegerField()
    serial = models.IntegerField()
    date = models.DateField()
    verdict = models.CharField(max_length=40)
    plan_sha256 = models.CharField(max_length=64)
    rule_edition = models.CharField(max_length=64)
    layers = JSONTextField()
    record = JSONTextField()
    recorded = models.DateTimeField()

    class Meta:
        """Numbers count from 1 in every year."""

        constraints = (
            models.UniqueConstraint(fields=["year", "serial"], name="minplan_review_serial"),
        )
