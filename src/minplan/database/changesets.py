"""Changesets (变更批次): the only way plan features change.

``open_changeset`` → ``add``/``change``/``end``/``correct``/``withdraw`` → ``check`` → ``approve`` →
``make_effective``. Every step is one transaction and one audit entry.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final

from minplan.core.errors import Faults, MinplanError, Place, StoreError
from minplan.core.standard.feature import FeatureValue
from minplan.core.text import Text
from minplan.database import chain, effect, references, staging
from minplan.database.bulk import roomy
from minplan.database.guards import writing
from minplan.database.models import Changeset, ChangesetKind, Operation, Plan, State
from minplan.database.staging import Staged
from minplan.database.timeline import FOREVER, Action
from minplan.database.times import recorded_time
from minplan.database.validation import Examined

Progress = Callable[[int, int], None]

#: At most this many faults are told at once.
_FAULTS_SHOWN: Final = 200

_ALLOWED: Final[Mapping[str, tuple[Action, ...]]] = {
    ChangesetKind.FOUNDING: (Action.ADD,),
    ChangesetKind.ANNUAL: (Action.ADD, Action.CHANGE, Action.END),
    ChangesetKind.CORRECTION: (Action.CORRECT, Action.WITHDRAW),
}

_WORDS: Final = {
    Action.ADD: "新增",
    Action.CHANGE: "变更",
    Action.END: "终止",
    Action.CORRECT: "更正",
    Action.WITHDRAW: "撤销",
}


def open_changeset(
    plan: Plan, kind: ChangesetKind | str, basis: str, author: str, recorded: dt.datetime
) -> Changeset:
    """Open a draft that rests on the document ``basis``.

    Raises StoreError E805 when the basis or the author is missing.
    """
    if not basis.strip() or not author.strip():
        raise StoreError(
            "E805",
            Text("变更批次须写明依据文件和经办人", "a changeset needs a basis and an author"),
        )
    with writing():
        changeset = Changeset.objects.create(
            plan=plan,
            kind=ChangesetKind(kind).value,
            basis=basis,
            author=author,
            opened=recorded_time(recorded),
        )
        _tell(
            "changeset.open",
            changeset,
            {"kind": str(changeset.kind), "basis": basis},
            author,
            recorded,
        )
    return changeset


def get(number: int) -> Changeset:
    """The changeset with this number (StoreError E811 when there is none)."""
    found = Changeset.objects.select_related("plan").filter(pk=number).first()
    if found is None:
        raise StoreError("E811", Text(f"没有变更批次 {number}", f"no changeset {number}"))
    return found


def add(
    changeset: Changeset,
    features: Iterable[FeatureValue | Examined],
    effective_from: dt.date,
    effective_to: dt.date = FOREVER,
    *,
    progress: Progress | None = None,
) -> int:
    """Stage new features (新增) that hold from a date; returns how many."""
    staged = (Staged(Action.ADD, f, effective_from, effective_to) for f in features)
    return _stage(changeset, Action.ADD, staged, progress)


def change(
    changeset: Changeset,
    features: Iterable[FeatureValue | Examined],
    effective_from: dt.date,
    *,
    progress: Progress | None = None,
) -> int:
    """Stage new content (变更) from a date until what holds on that date ends."""
    staged = (Staged(Action.CHANGE, f, effective_from) for f in features)
    return _stage(changeset, Action.CHANGE, staged, progress)


def end(
    changeset: Changeset, references: Iterable[tuple[str, str]], effective_from: dt.date
) -> int:
    """Stage the end (终止) of features, named by layer and key, from a date on."""
    gone = (FeatureValue(layer, key) for layer, key in references)
    return _stage(changeset, Action.END, (Staged(Action.END, f, effective_from) for f in gone))


def correct(
    changeset: Changeset,
    features: Iterable[FeatureValue | Examined],
    effective_from: dt.date,
    effective_to: dt.date = FOREVER,
) -> int:
    """Stage what was so in an interval (更正), whatever has been believed of it."""
    staged = (Staged(Action.CORRECT, f, effective_from, effective_to) for f in features)
    return _stage(changeset, Action.CORRECT, staged)


def withdraw(
    changeset: Changeset,
    references: Iterable[tuple[str, str]],
    effective_from: dt.date,
    effective_to: dt.date = FOREVER,
) -> int:
    """Stage that features never were in an interval (撤销)."""
    gone = (FeatureValue(layer, key) for layer, key in references)
    staged = (Staged(Action.WITHDRAW, f, effective_from, effective_to) for f in gone)
    return _stage(changeset, Action.WITHDRAW, staged)


def check(changeset: Changeset, recorded: dt.datetime) -> Changeset:
    """Check everything staged against the edition, what is believed now, and what rows refer to.

    Nothing is stored of a failed check but the draft stays open.

    Raises StoreError E805 (wrong state, nothing staged) or Faults with all faults found.
    """
    with writing():
        changeset = _in_state(changeset, State.DRAFT)
        if faults := [*staging.faults(changeset, _FAULTS_SHOWN)]:
            raise Faults(faults)
        outcome = effect.rehearse(changeset)
        if outcome.faults:
            raise Faults(list(outcome.faults[:_FAULTS_SHOWN]))
        if not outcome.operations:
            raise _wrong(changeset, Text("变更批次是空的", "the changeset is empty"))
        if faults := [*references.faults(changeset, _FAULTS_SHOWN)]:
            raise Faults(faults)
        changeset.operations_count = outcome.operations
        changeset.operations_sha256 = outcome.operations_sha256
        _move_on(changeset, State.CHECKED, "checked", recorded)
        _tell("changeset.check", changeset, _fixed(changeset), changeset.author, recorded)
    return changeset


def approve(changeset: Changeset, approver: str, recorded: dt.datetime) -> Changeset:
    """Approve what was checked (StoreError E805 when it was not checked)."""
    with writing():
        changeset = _in_state(changeset, State.CHECKED)
        if not approver.strip():
            raise _wrong(changeset, Text("须写明批准人", "the approver must be named"))
        changeset.approver = approver
        _move_on(changeset, State.APPROVED, "approved", recorded)
        _tell("changeset.approve", changeset, _fixed(changeset), approver, recorded)
    return changeset


def reject(changeset: Changeset, actor: str, reason: str, recorded: dt.datetime) -> Changeset:
    """Close a changeset without effect; it stays readable."""
    with writing():
        changeset = _in_state(changeset, State.DRAFT, State.CHECKED, State.APPROVED)
        changeset.reason = reason
        _move_on(changeset, State.REJECTED, None, recorded)
        _tell("changeset.reject", changeset, {"reason": reason}, actor, recorded)
    return changeset


def make_effective(
    changeset: Changeset, recorded: dt.datetime, *, progress: Progress | None = None
) -> Changeset:
    """Write everything staged in one transaction; it is believed from ``recorded`` on.

    Raises StoreError E805 (not approved), E806 (``recorded`` not after the plan's last one), E814
    (other operations than those approved) or Faults E807 when another changeset has made these
    impossible (E721: has ended what they refer to) in the meantime; the database is then as before.
    """
    recorded = recorded_time(recorded)
    with writing() as connection, roomy(connection):
        changeset = _in_state(changeset, State.APPROVED)
        plan = Plan.objects.get(pk=changeset.plan_id)
        _require_later(plan, recorded)
        changeset.effective = recorded
        changeset.save(update_fields=["effective"])
        # against what is believed now: other changesets may have taken effect since the check
        if faults := [*references.faults(changeset, _FAULTS_SHOWN)]:
            raise Faults(faults)
        outcome = effect.write(changeset, recorded, progress)
        if outcome.faults:
            raise Faults(list(outcome.faults[:_FAULTS_SHOWN]))
        if outcome.operations_sha256 != changeset.operations_sha256:
            raise StoreError(
                "E814",
                Text("待生效内容与批准时不同", "the operations differ from those approved"),
                place=Place(row=changeset.pk),
            )
        plan.last_recorded = recorded
        plan.save(update_fields=["last_recorded"])
        _move_on(changeset, State.EFFECTIVE, None, recorded)
        content = {
            **_fixed(changeset),
            "opened": outcome.opened,
            "closed": outcome.closed,
            "rows_sha256": outcome.rows_sha256,
        }
        _tell("changeset.effective", changeset, content, changeset.approver, recorded)
    return changeset


def _stage(
    changeset: Changeset,
    action: Action,
    staged: Iterable[Staged],
    progress: Progress | None = None,
) -> int:
    if action not in _ALLOWED[changeset.kind]:
        kind = ChangesetKind(changeset.kind)
        raise StoreError(
            "E808",
            Text(f"{kind.word}批次中不能{_WORDS[action]}", f"no {action} in a {kind.word.en}"),
            hint=Text(
                "新增、变更、终止用年度集中调整，改正过去的记录用更正",
                "use an annual adjustment to add, change or end, a correction to mend the past",
            ),
        )
    with writing():
        changeset = _in_state(changeset, State.DRAFT)
        return staging.stage(changeset, staged, progress)


def _in_state(changeset: Changeset, *states: State) -> Changeset:
    """The changeset as it is stored now, which must be in one of the states."""
    fresh = get(changeset.pk)
    if fresh.state not in states:
        state = State(fresh.state)
        raise _wrong(fresh, Text(f"此批次{state.word}", f"the changeset is {state.word.en}"))
    return fresh


def _move_on(changeset: Changeset, state: State, column: str | None, recorded: dt.datetime) -> None:
    changeset.state = state.value
    if column:
        setattr(changeset, column, recorded_time(recorded))
    names = ("approver", "state", "reason", "operations_count", "operations_sha256", column)
    changeset.save(update_fields=[name for name in names if name])


def _require_later(plan: Plan, recorded: dt.datetime) -> None:
    if plan.last_recorded is not None and recorded <= plan.last_recorded:
        raise StoreError(
            "E806",
            Text(
                f"记录时间 {recorded} 不晚于上一批次的 {plan.last_recorded}",
                f"recorded time {recorded} is not after the last one, {plan.last_recorded}",
            ),
            hint=Text("检查系统时钟", "check the system clock"),
        )


def _fixed(changeset: Changeset) -> dict[str, Any]:
    return {
        "plan": changeset.plan.code,
        "kind": str(changeset.kind),
        "basis": changeset.basis,
        "author": changeset.author,
        "approver": changeset.approver,
        "operations": changeset.operations_count,
        "operations_sha256": changeset.operations_sha256,
    }


def _tell(
    action: str, changeset: Changeset, content: dict[str, Any], actor: str, recorded: dt.datetime
) -> None:
    subject = f"changeset:{changeset.pk}"
    chain.record(action, subject, content, actor=actor, recorded=recorded)


def _wrong(changeset: Changeset, message: Text) -> MinplanError:
    return StoreError("E805", message, place=Place(row=changeset.pk))


def operations(changeset: Changeset) -> Any:
    """The staged operations of a changeset, in the order of their numbers."""
    return Operation.objects.filter(changeset=changeset).order_by("number")
