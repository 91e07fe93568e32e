"""Plans: registering them, storing and loading them whole."""

from __future__ import annotations

import datetime as dt

from minplan.core.errors import StoreError
from minplan.core.plan.features import features_to_snapshot, snapshot_to_features
from minplan.core.plan.model import PlanSnapshot
from minplan.core.standard.feature import FeatureValue, feature_digest
from minplan.core.text import Text
from minplan.database import chain, changesets
from minplan.database.asof import as_of, values
from minplan.database.editions import edition as edition_of
from minplan.database.guards import writing
from minplan.database.models import Changeset, ChangesetKind, Edition, Plan
from minplan.database.times import recorded_time


def register(
    code: str,
    name: Text,
    *,
    edition: str,
    level: str,
    region_code: str,
    actor: str,
    recorded: dt.datetime,
) -> Plan:
    """Register a plan kept in an edition of the standard; the same plan twice is one plan.

    Raises E7xx for an unknown edition and StoreError E811 when the plan is kept in another one.
    """
    standard = edition_of(edition)
    recorded = recorded_time(recorded)
    with writing():
        known = Plan.objects.filter(code=code).first()
        if known is not None:
            if known.edition_id != edition:
                raise StoreError(
                    "E811",
                    Text(
                        f"规划 {code} 已按标准 {known.edition_id} 建库",
                        f"plan {code} is kept in edition {known.edition_id}",
                    ),
                )
            return known
        if not Edition.objects.filter(pk=edition).exists():
            Edition.objects.create(
                id=edition,
                name_zh=standard.name.zh,
                name_en=standard.name.en,
                registered=recorded,
            )
        plan = Plan.objects.create(
            code=code,
            edition_id=edition,
            level=level,
            region_code=region_code,
            name_zh=name.zh,
            name_en=name.en,
            registered=recorded,
        )
        content = {"edition": edition, "level": level, "region": region_code, **name.to_dict()}
        chain.record("plan.register", f"plan:{code}", content, actor=actor, recorded=recorded)
    return plan


def get(code: str) -> Plan:
    """The plan with this code (StoreError E811 when there is none)."""
    found = Plan.objects.filter(code=code).first()
    if found is None:
        raise StoreError(
            "E811",
            Text(f"数据库中没有规划 {code}", f"the database holds no plan {code}"),
            hint=Text("见 minplan database info", "see minplan database info"),
        )
    return found


def listed() -> tuple[Plan, ...]:
    """All plans, by code."""
    return tuple(Plan.objects.order_by("code"))


def store(
    snapshot: PlanSnapshot,
    *,
    edition: str,
    author: str,
    approver: str,
    recorded: dt.datetime,
    basis: str = "",
    effective: dt.date | None = None,
) -> Changeset | None:
    """Store a whole plan in one transaction; returns the changeset, None when nothing differs.

    The first snapshot of a plan founds it. A later one is an annual adjustment of what differs
    from what is believed to hold on ``effective`` (the plan's own date when None). ``basis`` is
    the plan's act unless given.

    Raises Faults with everything the edition finds wrong, StoreError E806 and E811 as
    :func:`~minplan.database.changesets.make_effective` and :func:`register` do.
    """
    card = snapshot.plan
    date = effective or card.effective_from
    wanted = snapshot_to_features(snapshot, edition_of(edition))
    with writing():
        plan = register(
            card.id,
            card.name,
            edition=edition,
            level=card.level.value,
            region_code=card.region_code,
            actor=author,
            recorded=recorded,
        )
        founding = plan.last_recorded is None
        kind = ChangesetKind.FOUNDING if founding else ChangesetKind.ANNUAL
        held = {(f.layer, f.key): f for f in values(as_of(plan, date))}
        if held and not _differ(held, wanted):
            return None
        changeset = changesets.open_changeset(
            plan, kind, basis or card.act or card.name.zh, author, recorded
        )
        _stage(changeset, held, wanted, date)
        changesets.check(changeset, recorded)
        changesets.approve(changeset, approver, recorded)
        return changesets.make_effective(changeset, recorded)


def load(plan: Plan, effective: dt.date, recorded: dt.datetime | None = None) -> PlanSnapshot:
    """The plan that holds on ``effective`` as was believed at ``recorded`` (None: now).

    Typed values of every kind: ``load(…).indicators``, ``.clauses``, ``.zones``, … Raises
    PlanDataError E742 when no plan held then.
    """
    found = values(as_of(plan, effective, recorded))
    return features_to_snapshot(found, edition_of(plan.edition_id))


Held = dict[tuple[str, str], FeatureValue]


def _differ(held: Held, wanted: tuple[FeatureValue, ...]) -> bool:
    digests = {key: feature_digest(feature) for key, feature in held.items()}
    return digests != {(f.layer, f.key): feature_digest(f) for f in wanted}


def _stage(
    changeset: Changeset, held: Held, wanted: tuple[FeatureValue, ...], date: dt.date
) -> None:
    new = [f for f in wanted if (f.layer, f.key) not in held]
    same = [f for f in wanted if (f.layer, f.key) in held]
    changed = [f for f in same if feature_digest(f) != feature_digest(held[f.layer, f.key])]
    gone = held.keys() - {(f.layer, f.key) for f in wanted}
    for step, features in ((changesets.add, new), (changesets.change, changed)):
        if features:
            step(changeset, features, date)
    if gone:
        changesets.end(changeset, sorted(gone), date)
