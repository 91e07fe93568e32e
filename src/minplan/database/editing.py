"""Editing zones and blocks: every edit is an operation of a changeset, allowed by who acts.

``open_draft`` → ``save`` (as often as needed) → ``check`` → ``approve`` by somebody else →
``take_effect``, or ``reject``. Accounts limited to counties edit what lies in their counties only:
the counties a zone names, before and after, and its ground. All faces come through here.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Final

from minplan.core.access import Access, Permission
from minplan.core.access.model import Forbidden
from minplan.core.errors import Faults, MinplanError, Place, PlanDataError, StoreError
from minplan.core.plan.ground_checks import ERROR, Issue, counties_of, outside_counties
from minplan.core.plan.model import PlanSnapshot
from minplan.core.plan.zone_edit import MINERALS_TABLE
from minplan.core.standard.feature import FeatureValue, feature_digest
from minplan.core.text import Text
from minplan.database import changesets, descent, plans, zone_edits
from minplan.database.acting import acting
from minplan.database.editions import edition as edition_of
from minplan.database.guards import transaction, writing
from minplan.database.models import Changeset, ChangesetKind, Feature, Operation, Plan, State
from minplan.database.timeline import FOREVER
from minplan.database.zone_edits import Edit, Key, Prepared, Stand

#: What a limited account may leave outside its counties (m²): digitising of the border.
_BORDER_M2: Final = 100.0
_CLOSED: Final = (State.EFFECTIVE, State.REJECTED)


def open_draft(
    plan: Plan, kind: ChangesetKind | str, basis: str, recorded: dt.datetime
) -> Changeset:
    """Open a draft as whoever acts: an annual adjustment or a correction.

    Raises Forbidden E951, StoreError E805 without a basis, E808 for another kind.
    """
    access = acting()
    access.require(Permission.EDIT_PLAN)
    if kind not in (ChangesetKind.ANNUAL, ChangesetKind.CORRECTION):
        raise StoreError(
            "E808",
            Text("只能编制年度集中调整或更正", "edit by annual adjustment or correction"),
        )
    return changesets.open_changeset(plan, kind, basis, access.actor, recorded)


def save(
    changeset: Changeset,
    edits: Sequence[Edit],
    *,
    date: dt.date,
    until: dt.date = FOREVER,
    ended: Iterable[Key] = (),
) -> tuple[Issue, ...]:
    """Stage edits and ends (终止, in a correction 撤销) from a legal day on; returns warnings.

    Raises Forbidden E951, E952, E868 (not allowed here), StoreError E860, Faults with everything
    the edition finds wrong (nothing is staged then), E867 when nothing differs.
    """
    gone = list(ended)
    with writing():
        changeset = may_edit(changeset.pk)
        there = zone_edits.stand(changeset.plan, date, changeset)
        plan = plans.load(changeset.plan, date)
        ready = [zone_edits.prepare(edit, there, plan) for edit in edits]
        _require_area(there, plan, [item.zone for item in ready], gone)
        if faults := [fault for item in ready for fault in item.faults]:
            raise Faults(faults)
        if not _differs(there, ready, gone):
            raise PlanDataError(
                "E867",
                Text("没有改动", "nothing was changed"),
                hint=Text("改动后再存入批次", "change something before saving"),
            )
        _stage(changeset, there, ready, gone, (date, until))
    return zone_edits.issues(ready, gone, plan, there.edition)


def may_edit(number: int) -> Changeset:
    """A draft that whoever acts may add to (Forbidden E951, E952; StoreError E805, E811)."""
    access, changeset = acting(), get(number)
    access.require(Permission.EDIT_PLAN)
    if not _own(access, changeset):
        raise Forbidden(
            "E952",
            Text("只能编辑自己编制的批次", "you can edit your own drafts only"),
            hint=Text(
                "新建一个批次；批准别人的批次时如须改动，写明原因退回",
                "open a draft of your own; return a draft of somebody else with the reason",
            ),
        )
    if changeset.state != State.DRAFT:
        state = State(changeset.state).word
        raise StoreError(
            "E805",
            Text(f"批次 {number} {state.zh}，不能再改", f"changeset {number} is {state.en}"),
            hint=Text("新建一个批次", "open another draft"),
        )
    return changeset


def check(number: int, recorded: dt.datetime) -> Changeset:
    """Check a draft: the edition, what is believed, topology, other changesets.

    Raises as :func:`~minplan.database.changesets.check`; Faults E869 for errors of the ground and
    E866 where a changeset that was checked before touches the same feature.
    """
    with writing():
        changeset = may_edit(number)
        for day in _days(changeset):
            _require_all(changeset, day)
        if faults := [*_rival_faults(changeset), *_ground_faults(changeset)]:
            raise Faults(faults)
        return changesets.check(changeset, recorded)


def approve(number: int, recorded: dt.datetime) -> Changeset:
    """Approve what somebody else drafted (Forbidden E951, E867 for one's own)."""
    access, changeset = acting(), get(number)
    access.require(Permission.APPROVE_PLAN)
    if changeset.author == access.actor and not access.system:
        raise Forbidden(
            "E867",
            Text("不能批准自己编制的批次", "you cannot approve what you drafted yourself"),
            hint=Text(
                "请另一位有“批准规划变更”权限的人批准",
                "ask somebody else who may approve changes of the plan",
            ),
        )
    return changesets.approve(changeset, access.actor, recorded)


def reject(number: int, reason: str, recorded: dt.datetime) -> Changeset:
    """Return a changeset with a reason; its author may withdraw it, approvers return any."""
    access, changeset = acting(), get(number)
    if changeset.author != access.actor:
        access.require(Permission.APPROVE_PLAN)
    if not reason.strip():
        raise StoreError(
            "E805",
            Text("须写明退回的原因", "tell the reason"),
            place=Place(field="reason"),
            hint=Text("写明要改什么", "say what is to be changed"),
        )
    return changesets.reject(changeset, access.actor, reason.strip(), recorded)


def take_effect(number: int, recorded: dt.datetime) -> Changeset:
    """Make an approved changeset effective; blocks it splits, merges or ends are told of it."""
    access, changeset = acting(), get(number)
    access.require(Permission.APPROVE_PLAN)
    with writing():
        found = descent.of_changeset(changeset)
        done = changesets.make_effective(changeset, recorded)
        descent.register(done, found, access.actor, recorded)
    return done


def get(number: int) -> Changeset:
    """A changeset whoever acts may see (StoreError E811 otherwise)."""
    changeset = changesets.get(number)
    if not _sees(acting(), changeset):
        raise StoreError("E811", Text(f"没有变更批次 {number}", f"no changeset {number}"))
    return changeset


def listed(plan: Plan) -> tuple[Changeset, ...]:
    """The changesets of a plan that whoever acts may see, newest first."""
    access = acting()
    found = Changeset.objects.filter(plan=plan).select_related("plan").order_by("-pk")
    return tuple(item for item in found if _sees(access, item))


def drafts(plan: Plan) -> tuple[Changeset, ...]:
    """Drafts whoever acts may add to."""
    access = acting()
    return tuple(item for item in listed(plan) if item.state == State.DRAFT and _own(access, item))


def may_touch(feature: FeatureValue) -> bool:
    """Whether whoever acts may edit a feature as it is, by its counties."""
    access, named = acting(), counties_of(feature)
    if not access.may(Permission.EDIT_PLAN):
        return False
    return not access.is_limited or (bool(named) and all(map(access.covers, named)))


def _own(access: Access, changeset: Changeset) -> bool:
    """Whether a draft is one's own: who edits it must not be who approves it."""
    return access.system or changeset.author == access.actor


def _sees(access: Access, changeset: Changeset) -> bool:
    if not access.may(Permission.READ):
        return False
    if not access.is_limited or changeset.state == State.EFFECTIVE:
        return True
    if changeset.author == access.actor:
        return True
    operations = Operation.objects.filter(changeset=changeset).exclude(attributes=None)
    named = operations.exclude(layer=MINERALS_TABLE).values_list("attributes", flat=True)
    return any(
        access.covers(county)
        for attributes in named
        for county in counties_of(FeatureValue("", "", attributes))
    )


def _require_area(
    there: Stand, plan: PlanSnapshot, wanted: Iterable[FeatureValue], gone: Iterable[Key]
) -> None:
    """Limited accounts edit inside their counties: names and ground, before and after."""
    access = acting()
    access.require(Permission.EDIT_PLAN)
    ended = [there.get(layer, key) for layer, key in gone]
    for item in ended:
        zone_edits.zone_layer(there.edition, item.layer)
    if not access.is_limited:
        return
    for item in (*wanted, *ended):
        if there.edition.spec(item.layer).code == "XZQ":
            access.require(Permission.APPROVE_PLAN)
        for version in (*_versions(there.plan, item), item):
            named = counties_of(version)
            for county in named or ("",):
                access.require(Permission.EDIT_PLAN, county)
        _require_ground(access, item, plan)


def _require_ground(access: Access, item: FeatureValue, plan: PlanSnapshot) -> None:
    if item.geometry is None or item.geometry.is_empty or not item.geometry.is_valid:
        return
    out = outside_counties(item.geometry, access.areas, plan)
    if out is None or out > _BORDER_M2:
        raise Forbidden(
            "E868",
            Text(
                f"“{item.key}”有 {(out or 0) / 1e4:.4f} 公顷在本账号的县区以外",
                f"{(out or 0) / 1e4:.4f} ha of {item.key} lie outside this account's counties",
            ),
            hint=Text("把图形改到本县区内，跨县区的由市级编辑", "keep inside your counties"),
        )


def _versions(plan: Plan, item: FeatureValue) -> list[FeatureValue]:
    """Everything believed now of a feature, on any day."""
    rows = Feature.objects.filter(plan=plan, layer=item.layer, key=item.key, recorded_to=None)
    return [row.value for row in rows]


def _differs(there: Stand, ready: Iterable[Prepared], gone: Sequence[Key]) -> bool:
    if gone:
        return True
    for item in ready:
        before = there.find(item.zone.layer, item.zone.key)
        if item.rows or item.dropped or before is None:
            return True
        if feature_digest(before) != feature_digest(item.zone):
            return True
    return False


def _stage(
    changeset: Changeset,
    there: Stand,
    ready: Sequence[Prepared],
    gone: Sequence[Key],
    span: tuple[dt.date, dt.date],
) -> None:
    date, until = span
    rows = [row for _, key in gone for row in there.mineral_rows(key).values()]
    ended = [*gone, *((row.layer, row.key) for row in rows)]
    ended += [key for item in ready for key in item.dropped]
    features = [f for item in ready for f in (item.zone, *item.rows)]
    if changeset.kind == ChangesetKind.CORRECTION:
        if features:
            changesets.correct(changeset, features, date, until)
        if ended:
            changesets.withdraw(changeset, ended, date, until)
        return
    fresh = [f for f in features if there.find(f.layer, f.key) is None]
    known = [f for f in features if there.find(f.layer, f.key) is not None]
    if fresh:
        changesets.add(changeset, fresh, date)
    if known:
        changesets.change(changeset, known, date)
    if ended:
        changesets.end(changeset, ended, date)


def _days(changeset: Changeset) -> list[dt.date]:
    rows = Operation.objects.filter(changeset=changeset)
    return sorted(set(rows.values_list("effective_from", flat=True)))


def _require_all(changeset: Changeset, day: dt.date) -> None:
    """The areas of everything staged, once more: what is in a draft came by any face."""
    there = zone_edits.stand(changeset.plan, day)
    plan = plans.load(changeset.plan, day)
    edition = edition_of(changeset.plan.edition_id)
    rows = Operation.objects.filter(changeset=changeset, effective_from=day)
    zones = [row for row in rows if (spec := edition.layer(row.layer)) and spec.zone_kind]
    wanted = [
        FeatureValue(row.layer, row.key, row.attributes, row.geometry)
        for row in zones
        if row.attributes is not None
    ]
    gone = [
        (row.layer, row.key)
        for row in zones
        if row.attributes is None and there.find(row.layer, row.key) is not None
    ]
    _require_area(there, plan, wanted, gone)


def _rival_faults(changeset: Changeset) -> list[MinplanError]:
    rows = Operation.objects.filter(changeset=changeset).values_list("layer", "key")
    found = zone_edits.rivals(changeset.plan, set(rows), changeset)
    return [
        StoreError(
            "E866",
            Text(
                f"批次 {item.changeset.pk}（{item.changeset.author}，"
                f"{State(item.changeset.state).word.zh}）也改了“{item.key}”",
                f"changeset {item.changeset.pk} by {item.changeset.author}"
                f" ({State(item.changeset.state).word.en}) changes {item.key}, too",
            ),
            place=Place(layer=item.layer, field=item.key),
            hint=Text(
                "等它生效后在新批次中重做，或请对方退回",
                "wait until it takes effect and redo yours, or ask for it to be returned",
            ),
        )
        for item in found
        if item.changeset.state != State.DRAFT and item.layer != MINERALS_TABLE
    ]


def _ground_faults(changeset: Changeset) -> list[MinplanError]:
    return [
        PlanDataError(
            "E869",
            item.message,
            place=Place(layer=item.layer or None, field=item.key or None),
            hint=item.hint,
        )
        for item in staged_issues(changeset)
        if item.severity == ERROR
    ]


def staged_issues(changeset: Changeset) -> tuple[Issue, ...]:
    """What the ground of everything staged gives cause to say, day by day."""
    edition = edition_of(changeset.plan.edition_id)
    found: list[Issue] = []
    for day in _days(changeset):
        there = zone_edits.stand(changeset.plan, day, changeset)
        rows = Operation.objects.filter(changeset=changeset, effective_from=day)
        keys = {(row.layer, row.key) for row in rows if row.layer != MINERALS_TABLE}
        ready = [Prepared(f) for k in sorted(keys) if (f := there.features.get(k)) is not None]
        gone = [k for k in keys if k not in there.features]
        found += zone_edits.issues(ready, gone, plans.load(changeset.plan, day), edition)
    return tuple(found)


def operations_of(changeset: Changeset) -> tuple[Operation, ...]:
    """The operations of a changeset, in the order of their numbers."""
    return tuple(changesets.operations(changeset))


@contextmanager
def together() -> Iterator[None]:
    """What is written inside becomes visible together, or not at all."""
    with transaction():
        yield
