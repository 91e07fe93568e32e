"""Changesets and what they stage."""

from __future__ import annotations

from enum import StrEnum
from typing import Final

from django.db import models

from minplan.core.text import Text
from minplan.database.fields import GeometryField, JSONTextField
from minplan.database.guards import GuardedModel
from minplan.database.models.plan import Plan


class ChangesetKind(StrEnum):
    """Why features change (变更类别)."""

    FOUNDING = "founding"
    ANNUAL = "annual"
    CORRECTION = "correction"

    @property
    def word(self) -> Text:
        """The kind as people say it."""
        return _KINDS[self]


class State(StrEnum):
    """How far a changeset has come (变更状态)."""

    DRAFT = "draft"
    CHECKED = "checked"
    APPROVED = "approved"
    EFFECTIVE = "effective"
    REJECTED = "rejected"

    @property
    def word(self) -> Text:
        """The state as people say it."""
        return _STATES[self]


_KINDS: Final = {
    ChangesetKind.FOUNDING: Text("初始建库", "founding"),
    ChangesetKind.ANNUAL: Text("年度集中调整", "annual adjustment"),
    ChangesetKind.CORRECTION: Text("更正", "correction"),
}
_STATES: Final = {
    State.DRAFT: Text("草拟", "draft"),
    State.CHECKED: Text("已检查", "checked"),
    State.APPROVED: Text("已批准", "approved"),
    State.EFFECTIVE: Text("已生效", "effective"),
    State.REJECTED: Text("已退回", "rejected"),
}


class Changeset(GuardedModel):
    """A set of changes that take effect together (变更批次).

    ``basis`` is the document it rests on. The times are recorded times given by the caller;
    ``effective`` is the recorded time of everything the changeset wrote. ``operations_sha256`` is
    what was checked and approved.
    """

    plan = models.ForeignKey(Plan, on_delete=models.PROTECT)
    kind = models.CharField(max_length=20)
    basis = models.TextField()
    author = models.CharField(max_length=120)
    approver = models.CharField(max_length=120, default="")
    state = models.CharField(max_length=20, default=State.DRAFT.value)
    opened = models.DateTimeField()
    checked = models.DateTimeField(null=True)
    approved = models.DateTimeField(null=True)
    effective = models.DateTimeField(null=True)
    reason = models.TextField(default="")
    operations_count = models.BigIntegerField(default=0)
    operations_sha256 = models.CharField(max_length=64, default="")


class Operation(GuardedModel):
    """One staged change of one feature; written in bulk by ``changesets`` only.

    ``faults`` is the list of faults the edition finds in it, or None. ``digest`` is the feature
    digest of attributes and geometry, empty for actions without content.
    """

    written_by_orm = False

    changeset = models.ForeignKey(Changeset, on_delete=models.PROTECT)
    number = models.BigIntegerField()
    action = models.CharField(max_length=10)
    layer = models.CharField(max_length=60)
    key = models.CharField(max_length=200)
    effective_from = models.DateField()
    effective_to = models.DateField(null=True)
    attributes = JSONTextField(null=True)
    geometry = GeometryField(null=True)
    west = models.FloatField(null=True)
    south = models.FloatField(null=True)
    east = models.FloatField(null=True)
    north = models.FloatField(null=True)
    digest = models.CharField(max_length=64)
    faults = JSONTextField(null=True)

    class Meta:
        """Operations of one feature apply in the order of their numbers."""

        constraints = (
            models.UniqueConstraint(
                fields=["changeset", "layer", "key", "number"], name="minplan_operation_order"
            ),
        )
