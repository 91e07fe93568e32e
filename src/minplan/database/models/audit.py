"""The audit chain."""

from __future__ import annotations

from django.db import models

from minplan.database.fields import JSONTextField
from minplan.database.guards import GuardedModel


class AuditEntry(GuardedModel):
    """One link of the audit chain (审计记录).

    ``previous`` is the hash of the entry before (64 zeros for the first), ``sha256`` the hash over
    all other columns, so that no entry can be edited, left out or put in between unnoticed.
    """

    number = models.BigIntegerField(primary_key=True)
    recorded = models.DateTimeField()
    actor = models.CharField(max_length=120)
    action = models.CharField(max_length=60)
    subject = models.CharField(max_length=200)
    content = JSONTextField()
    previous = models.CharField(max_length=64)
    sha256 = models.CharField(max_length=64)
