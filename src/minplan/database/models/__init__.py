"""The tables of the planning database."""

from minplan.database.models.account import AccessToken, Account, SavedItem
from minplan.database.models.audit import AuditEntry
from minplan.database.models.block_event import BlockEvent
from minplan.database.models.case import Case, CaseFile, CaseStep
from minplan.database.models.changeset import Changeset, ChangesetKind, Operation, State
from minplan.database.models.deliverable import Deliverable, DeliverableKind, Original, OriginalPart
from minplan.database.models.feature import Feature
from minplan.database.models.inspection import Inspection, Waiver
from minplan.database.models.job import Job
from minplan.database.models.layer_version import LayerVersion
from minplan.database.models.plan import Edition, Plan
from minplan.database.models.review import Review

__all__ = [
    "AccessToken",
    "Account",
    "AuditEntry",
    "BlockEvent",
    "Case",
    "CaseFile",
    "CaseStep",
    "Changeset",
    "ChangesetKind",
    "Deliverable",
    "DeliverableKind",
    "Edition",
    "Feature",
    "Inspection",
    "Job",
    "LayerVersion",
    "Operation",
    "Original",
    "OriginalPart",
    "Plan",
    "Review",
    "SavedItem",
    "State",
    "Waiver",
]
