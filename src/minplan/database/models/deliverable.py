"""Documents, maps and tables of a plan, and the bytes they came as."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from django.db import models

from minplan.core.access import Permission, published_documents, restricted_documents
from minplan.database.acting import acting
from minplan.database.guards import GuardedModel, GuardedQuerySet
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


class DeliverableManager(models.Manager.from_queryset(GuardedQuerySet)):  # type: ignore[misc]
    """Deliverables that whoever acts may see; nobody sees others by any route."""

    def get_queryset(self) -> Any:
        """The public sees what is published, nobody restricted ones without the permission."""
        access, found = acting(), super().get_queryset()
        if access.is_public:
            return found.filter(code__in=sorted(published_documents()))
        if not access.may(Permission.READ_RESTRICTED):
            return found.exclude(code__in=sorted(restricted_documents()))
        return found


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

    objects = DeliverableManager()

    class Meta:
        """A version of a deliverable is registered once."""

        constraints = (
            models.UniqueConstraint(
                fields=["plan", "code", "name", "version"], name="minplan_deliverable_version"
            ),
        )
