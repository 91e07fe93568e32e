"""Documents, maps and tables of a plan, and the bytes they came as."""

from __future__ import annotations

from enum import StrEnum

from django.db import models

from minplan.database.guards import GuardedModel
from minplan.database.models.plan import Plan


class Original(GuardedModel):
    """Bytes kept as they were handed in (原件), named by their hash."""

    sha256 = models.CharField(primary_key=True, max_length=64)
    name = models.CharField(max_length=255)
    size = models.BigIntegerField()
    recorded = models.DateTimeField()


class OriginalPart(GuardedModel):
    """A piece of an original; the pieces in the order of their numbers are the bytes."""

    original = models.ForeignKey(Original, on_delete=models.PROTECT)
    number = models.IntegerField()
    content = models.BinaryField()

    class Meta:
        """One piece a number."""

        constraints = (
            models.UniqueConstraint(fields=["original", "number"], name="minplan_part_number"),
        )


class DeliverableKind(StrEnum):
    """Kinds of deliverables (规划成果)."""

    DOCUMENT = "document"
    MAP = "map"
    TABLE = "table"
    DATABASE = "database"
    METADATA = "metadata"


class Deliverable(GuardedModel):
    """A deliverable of a plan in a version (规划成果), with the number of its approval."""

    plan = models.ForeignKey(Plan, on_delete=models.PROTECT)
    kind = models.CharField(max_length=20)
    code = models.CharField(max_length=60)
    version = models.CharField(max_length=60)
    name = models.CharField(max_length=255)
    original = models.ForeignKey(Original, on_delete=models.PROTECT)
    approval_number = models.CharField(max_length=120, default="")
    recorded = models.DateTimeField()

    class Meta:
        """A version of a deliverable is registered once."""

        constraints = (
            models.UniqueConstraint(
                fields=["plan", "code", "name", "version"], name="minplan_deliverable_version"
            ),
        )
