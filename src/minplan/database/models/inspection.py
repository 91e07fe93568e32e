"""Stored quality checks and waivers of their faults."""

from __future__ import annotations

from django.db import models

from minplan.database.fields import JSONTextField
from minplan.database.guards import GuardedModel


class Inspection(GuardedModel):
    """A quality check as it was made (质量检查): number, what was checked, what it gave.

    ``series`` is what the submissions of one deliverable share, so that each is compared with the
    one before; ``sha256`` is the hash of what was handed in; ``area`` the county of whoever checked
    it, empty for the city. ``counts`` are faults by level, waived ones left out; ``score`` is
    between 0 and 100; ``record`` is the whole result.
    """

    number = models.CharField(unique=True, max_length=20)
    year = models.IntegerField()
    serial = models.IntegerField()
    series = models.CharField(max_length=255)
    name = models.CharField(max_length=255)
    kind = models.CharField(max_length=20)
    edition = models.CharField(max_length=60)
    date = models.DateField(null=True)
    sha256 = models.CharField(max_length=64)
    verdict = models.CharField(max_length=40)
    score = models.FloatField()
    counts = JSONTextField()
    area = models.CharField(max_length=12, default="")
    record = JSONTextField()
    actor = models.CharField(max_length=120)
    recorded = models.DateTimeField()

    class Meta:
        """Numbers count from 1 in every year; submissions are read by series."""

        constraints = (
            models.UniqueConstraint(fields=["year", "serial"], name="minplan_inspection_serial"),
        )
        indexes = (models.Index(fields=["series", "recorded"], name="minplan_inspection_series"),)


class Waiver(GuardedModel):
    """A fault that may stay for a time (豁免): who allows it, why, and until when.

    ``fingerprint`` names the fault in every submission of the ``series``. Waivers are never
    changed: ``ends`` names an earlier one that this row ends.
    """

    series = models.CharField(max_length=255)
    check_id = models.CharField(max_length=40)
    fingerprint = models.CharField(max_length=64)
    message = models.TextField()
    reason = models.TextField()
    until = models.DateField(null=True)
    ends = models.ForeignKey("self", null=True, on_delete=models.PROTECT)
    actor = models.CharField(max_length=120)
    recorded = models.DateTimeField()

    class Meta:
        """Read by series."""

        indexes = (models.Index(fields=["series", "fingerprint"], name="minplan_waiver_series"),)
