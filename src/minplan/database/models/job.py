"""Work in the background."""

from __future__ import annotations

from django.db import models

from minplan.database.fields import JSONTextField


class Job(models.Model):
    """A piece of work in the background (后台任务): progress, cancel, result.

    ``arguments`` are plain values, ``access`` what its owner may do (roles, areas), ``error`` what
    went wrong as :meth:`~minplan.core.errors.MinplanError.to_dict` gives it. Rows are working
    state, not records: they are neither guarded nor carried to another database.
    """

    id = models.UUIDField(primary_key=True)
    kind = models.CharField(max_length=40)
    title = JSONTextField()
    owner = models.CharField(max_length=120)
    access = JSONTextField()
    arguments = JSONTextField()
    state = models.CharField(max_length=20, default="waiting")
    done = models.BigIntegerField(default=0)
    total = models.BigIntegerField(default=0)
    stage = JSONTextField(null=True)
    cancel = models.BooleanField(default=False)
    result = JSONTextField(null=True)
    error = JSONTextField(null=True)
    created = models.DateTimeField()
    started = models.DateTimeField(null=True)
    finished = models.DateTimeField(null=True)

    class Meta:
        """Lists show the newest of an owner first."""

        indexes = (models.Index(fields=["owner", "created"], name="minplan_job_owner"),)
