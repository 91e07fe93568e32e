"""The tables of the planning database."""

from minplan.database.models.audit import AuditEntry
from minplan.database.models.changeset import Changeset, ChangesetKind, Operation, State
from minplan.database.models.deliverable import Deliverable, DeliverableKind, Original, OriginalPart
from minplan.database.models.feature import Feature
from minplan.database.models.layer_version import LayerVersion
from minplan.database.models.plan import Edition, Plan
from minplan.database.models.review import Review

__all__ = [
    "AuditEntry",
    "Changeset",
    "ChangesetKind",
    "Deliverable",
    "DeliverableKind",
    "Edition",
    "Feature",
    "LayerVersion",
    "Operation",
    "Original",
    "OriginalPart",
    "Plan",
    "Review",
    "State",
]
