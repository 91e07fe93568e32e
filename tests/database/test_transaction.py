"""Nested blocks are one transaction: whole or not at all, and never silently not at all."""

from __future__ import annotations

import datetime as dt
from contextlib import suppress

import pytest
from tests.database.making import Clock, found, trial_plan, zone

from minplan.core.errors import StoreError
from minplan.database import Database

LAW = dt.date(2021, 1, 1)


def _changesets() -> int:
    from minplan.database.models import Changeset

    return Changeset.objects.count()


def test_an_error_caught_inside_leaves_nothing_half_written(database: Database) -> None:
    from minplan.database import changesets
    from minplan.database.audit import verify
    from minplan.database.guards import transaction

    clock, plan = Clock(), trial_plan()
    found(plan, [zone("a", "甲")], clock, LAW)
    with pytest.raises(StoreError, match="其中一步失败"), transaction():  # noqa: PT012
        draft = changesets.open_changeset(plan, "annual", "文件", "经办人", clock())
        changesets.add(draft, [zone("b", "乙")], LAW)
        with suppress(StoreError):
            changesets.approve(draft, "批准人", clock())  # it was not checked
    assert _changesets() == 1
    assert not verify().faults


def test_nothing_can_be_read_or_written_after_a_failed_step(database: Database) -> None:
    from django.db.transaction import TransactionManagementError

    from minplan.database import changesets
    from minplan.database.guards import transaction

    clock, plan = Clock(), trial_plan()
    with pytest.raises(TransactionManagementError), transaction():  # noqa: PT012
        draft = changesets.open_changeset(plan, "founding", "文件", "经办人", clock())
        with suppress(StoreError):
            changesets.approve(draft, "批准人", clock())
        changesets.add(draft, [zone("b", "乙")], LAW)
    assert _changesets() == 0


def test_a_block_within_a_foreign_transaction_can_fail_alone(database: Database) -> None:
    from django.db.transaction import atomic

    from minplan.database import changesets

    clock, plan = Clock(), trial_plan()
    with atomic(using=database.alias):
        draft = changesets.open_changeset(plan, "founding", "文件", "经办人", clock())
        with pytest.raises(StoreError, match="E805"):
            changesets.approve(draft, "批准人", clock())
        changesets.add(draft, [zone("b", "乙")], LAW)
    assert _changesets() == 1
