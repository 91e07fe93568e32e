"""The one table of plan features, versioned on both time axes."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from minplan.core.standard.feature import FeatureValue
from minplan.database.fields import GeometryField, JSONTextField
from minplan.database.guards import GuardedModel
from minplan.database.models.changeset import Changeset
from minplan.database.models.plan import Plan


class Feature(GuardedModel):
    """What was believed of a plan element or table row (规划要素) during a recorded interval.

    ``effective_from``/``effective_to`` (law) and ``recorded_from``/``recorded_to`` (system) are
    half-open intervals, an empty end means until further notice. ``west`` … ``north`` are the
    bounds of the geometry in degrees, ``digest`` its feature digest.

    Rows are inserted, and closed by setting ``recorded_to``, by ``changesets`` only; triggers of
    the database refuse everything else.
    """

    written_by_orm = False

    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, db_index=False)
    layer = models.CharField(max_length=60)
    key = models.CharField(max_length=200)
    effective_from = models.DateField()
    effective_to = models.DateField(null=True)
    recorded_from = models.DateTimeField()
    recorded_to = models.DateTimeField(null=True)
    changeset = models.ForeignKey(Changeset, on_delete=models.PROTECT, related_name="opened_rows")
    closed_by = models.ForeignKey(
        Changeset, null=True, on_delete=models.PROTECT, related_name="closed_rows"
    )
    attributes = JSONTextField()
    geometry = GeometryField(null=True)
    west = models.FloatField(null=True)
    south = models.FloatField(null=True)
    east = models.FloatField(null=True)
    north = models.FloatField(null=True)
    digest = models.CharField(max_length=64)

    class Meta:
        """Intervals run forward; one key has one belief for a day of law."""

        constraints = (
            models.CheckConstraint(
                condition=Q(effective_to=None) | Q(effective_to__gt=F("effective_from")),
                name="minplan_feature_effective",
            ),
            models.CheckConstraint(
                condition=Q(recorded_to=None, closed_by=None)
                | Q(recorded_to__gt=F("recorded_from"), closed_by__isnull=False),
                name="minplan_feature_recorded",
            ),
            models.UniqueConstraint(
                fields=["plan", "layer", "key", "effective_from"],
                condition=Q(recorded_to=None),
                name="minplan_feature_believed",
            ),
        )
        indexes = (
            models.Index(
                fields=["plan", "layer", "key", "recorded_from"], name="minplan_feature_history"
            ),
        )

    @property
    def value(self) -> FeatureValue:
        """The feature as the core knows it."""
        return FeatureValue(self.layer, self.key, self.attributes, self.geometry)
