"""The life of planning blocks."""

from __future__ import annotations

from django.db import models

from minplan.database.fields import JSONTextField
from minplan.database.guards import GuardedModel
from minplan.database.models.plan import Plan


class BlockEvent(GuardedModel):
    """A step in the life of a planning block (区块进展): from planned to struck.

    ``layer`` and ``key`` name the block; ``state`` is a key of the life cycle, ``date`` the legal
    day, ``document`` what it rests on. ``related`` names other blocks (split from, merged into) and
    rights: a list of ``{"relation", "layer", "key"}``. Events are never changed; a wrong one is
    corrected by a later one.
    """

    plan = models.ForeignKey(Plan, on_delete=models.PROTECT)
    layer = models.CharField(max_length=60)
    key = models.CharField(max_length=200)
    state = models.CharField(max_length=20)
    date = models.DateField()
    document = models.CharField(max_length=200, default="")
    note = models.TextField(default="")
    related = JSONTextField()
    actor = models.CharField(max_length=120)
    recorded = models.DateTimeField()

    class Meta:
        """Read by block."""

        indexes = (
            models.Index(fields=["plan", "layer", "key", "date"], name="minplan_block_events"),
        )
