"""Review cases: from intake to the archived opinion."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Q

from minplan.database.acting import acting
from minplan.database.fields import JSONTextField
from minplan.database.guards import GuardedModel, GuardedQuerySet
from minplan.database.models.deliverable import Original
from minplan.database.models.review import Review


class CaseManager(models.Manager.from_queryset(GuardedQuerySet)):  # type: ignore[misc]
    """Cases, and what hangs on them, that whoever acts may see; nobody sees others by any route.

    ``path`` leads from the model to its case.
    """

    def __init__(self, path: str = "") -> None:
        super().__init__()
        self.path = path

    def get_queryset(self) -> Any:
        """Rows of cases in the counties of whoever acts; the public sees none."""
        access, found = acting(), super().get_queryset()
        if access.is_public:
            return found.none()
        if not access.is_limited:
            return found
        county, author = f"{self.path}county__in", f"{self.path}author"
        return found.filter(Q(**{county: sorted(access.areas)}) | Q(**{author: access.actor}))


class Case(GuardedModel):
    """A matter of mining-right review (审查案卷): what is asked, how far it has come, the decision.

    ``content`` is what the person entered: the source text or file, the reading's options and the
    stated attributes, so that nothing typed is lost; ``proposal`` the proposal made of it, once it
    could be made. ``review`` is the latest stored run; its verdict is the machine's.
    ``decision`` (a verdict) is the human one, with a reason where it differs. ``state`` is a key of
    the workflow. ``revision`` counts writes, so that two people do not overwrite each other.
    """

    number = models.CharField(max_length=20, unique=True)
    year = models.IntegerField()
    serial = models.IntegerField()
    title = models.CharField(max_length=200)
    right = models.CharField(max_length=40, default="")
    action = models.CharField(max_length=40, default="")
    county = models.CharField(max_length=60, default="")
    mineral = models.CharField(max_length=60, default="")
    plan_code = models.CharField(max_length=120, default="")
    state = models.CharField(max_length=20)
    author = models.CharField(max_length=120)
    holder = models.CharField(max_length=120, default="")
    content = JSONTextField()
    proposal = JSONTextField(null=True)
    date = models.DateField(null=True)
    review = models.ForeignKey(Review, null=True, on_delete=models.PROTECT, related_name="cases")
    verdict = models.CharField(max_length=40, default="")
    decision = models.CharField(max_length=40, default="")
    decision_reason = models.TextField(default="")
    opened = models.DateTimeField()
    changed = models.DateTimeField()
    due = models.DateField(null=True)
    closed = models.DateTimeField(null=True)
    west = models.FloatField(null=True)
    south = models.FloatField(null=True)
    east = models.FloatField(null=True)
    north = models.FloatField(null=True)
    revision = models.IntegerField(default=0)

    objects = CaseManager()

    class Meta:
        """Numbers count from 1 in every year; lists are read by state and by change."""

        base_manager_name = "objects"
        default_manager_name = "objects"
        constraints = (
            models.UniqueConstraint(fields=["year", "serial"], name="minplan_case_serial"),
        )
        indexes = (
            models.Index(fields=["state", "changed"], name="minplan_case_state"),
            models.Index(fields=["county", "changed"], name="minplan_case_county"),
        )


class CaseStep(GuardedModel):
    """A step of a case (办理环节): who did what, when, and why; never changed afterwards."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="steps")
    number = models.IntegerField()
    action = models.CharField(max_length=40)
    from_state = models.CharField(max_length=20)
    to_state = models.CharField(max_length=20)
    actor = models.CharField(max_length=120)
    actor_name = models.CharField(max_length=120)
    reason = models.TextField(default="")
    content = JSONTextField()
    recorded = models.DateTimeField()

    objects = CaseManager("case__")

    class Meta:
        """Steps are numbered within their case."""

        base_manager_name = "objects"
        default_manager_name = "objects"
        constraints = (
            models.UniqueConstraint(fields=["case", "number"], name="minplan_case_step"),
        )


class CaseFile(GuardedModel):
    """A file of a case (案卷材料): what was handed in, what was written."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="files")
    kind = models.CharField(max_length=40)
    name = models.CharField(max_length=255)
    original = models.ForeignKey(Original, on_delete=models.PROTECT)
    actor = models.CharField(max_length=120)
    recorded = models.DateTimeField()

    objects = CaseManager("case__")

    class Meta:
        """Files are reached through cases only."""

        base_manager_name = "objects"
        default_manager_name = "objects"
