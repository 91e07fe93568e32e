"""A workspace: the planning database, the constraint layers, and the reviews with their reports.

::

    workspace/
      planning.sqlite          plans, reviews, deliverables (or a PostgreSQL server)
      layers/<name>/<sha256>.gpkg
      standard/<edition>/*.toml   what the city has added to the data standard, if anything
      reviews/<number>/        review.json and its reports

It opens what a date needs, stores reviews with their references, and replays them.
"""

# ruff: noqa: PLC0415  (modules with tables can be imported once a database is configured)
from __future__ import annotations

import datetime as dt
import json
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import shapely

from minplan.core.errors import Place, PlanDataError, StoreError
from minplan.core.geometry.corners import Region
from minplan.core.geometry.layer import ConstraintLayer
from minplan.core.plan.model import PlanSnapshot, ZoneKind
from minplan.core.review.edition import rule_edition
from minplan.core.review.engine import Review, review
from minplan.core.review.proposal import Proposal
from minplan.core.review.record import Reading, findings_digest, review_to_dict
from minplan.core.standard.model import Edition
from minplan.core.text import Text
from minplan.database import Database, configure, migrate, use
from minplan.formats.plan_package import load_plan
from minplan.formats.proposal_json import proposal_from_dict, proposal_to_dict
from minplan.layers import LayerLibrary

if TYPE_CHECKING:
    from minplan.database.models import Plan

RECORD_NAME: Final = "review.json"
DATABASE_NAME: Final = "planning.sqlite"
STANDARD_NAME: Final = "standard"
#: The edition of the data standard in which plan packages are kept.
EDITION: Final = "2021-2025"


@dataclass(frozen=True, slots=True)
class Desk:
    """What reviews of a day rest on: the plan in effect and the layers in force.

    Both are immutable, so one desk serves all threads until the plan or the layers change.
    """

    date: dt.date
    plan: PlanSnapshot
    layers: Mapping[str, ConstraintLayer]

    def review(self, proposal: Proposal, *, suggestions: bool = True) -> Review:
        """Review a proposal as of the day."""
        return review(proposal, self.plan, self.layers, self.date, suggestions=suggestions)


#: Desks that have been opened, by what they rest on; the latest few are kept.
_desks: dict[tuple[Any, ...], Desk] = {}
_DESKS_KEPT: Final = 8
_opening = threading.Lock()


@dataclass(frozen=True, slots=True)
class Replay:
    """What running a stored review again gave.

    ``identical`` when findings, verdict, areas and suggestion are equal byte for byte;
    ``remarks`` names what differs, and whether the rules have changed since.
    """

    number: str
    identical: bool
    remarks: tuple[Text, ...]
    again: Review


class Workspace:
    """What reviews rest on and what they said.

    ``database`` is a SQLite file or a ``postgresql://`` address; by default a file in ``folder``.
    ``actor`` is written into the audit chain.
    """

    def __init__(
        self, folder: Path | str, database: Path | str | None = None, actor: str = "minplan"
    ) -> None:
        self.folder = Path(folder)
        self.library = LayerLibrary(self.folder / "layers")
        self.actor = actor
        self._target = database or self.folder / DATABASE_NAME

    @property
    def reviews_folder(self) -> Path:
        """Where reports are kept, one folder a review number."""
        return self.folder / "reviews"

    @property
    def standard_folder(self) -> Path:
        """Additions to the data standard: a folder of TOML files per edition."""
        return self.folder / STANDARD_NAME

    def edition(self, edition_id: str = EDITION) -> Edition:
        """An edition of the data standard with the additions of this workspace.

        Raises PlanDataError E701 for an unknown id, Faults E702–E705 for faults of the data.
        """
        from minplan.database.editions import edition_in

        return edition_in(self.standard_folder, edition_id)

    def editions(self) -> tuple[str, ...]:
        """Ids of the editions: those of the program and whole ones in the workspace."""
        from minplan.database.editions import editions_in

        return editions_in(self.standard_folder)

    @cached_property
    def database(self) -> Database:
        """The planning database, opened and brought up to date; StoreError E801, E803."""
        self.folder.mkdir(parents=True, exist_ok=True)
        database = configure(self._target, self.standard_folder)
        migrate()
        return database

    # -- plans --------------------------------------------------------------------------------

    def add_plan(self, package: Path, *, recorded: dt.datetime | None = None) -> PlanSnapshot:
        """Take a plan package into the database; what is there already is not written twice.

        A package of a plan that is there is an adjustment of it. ``recorded`` is the time written
        down for it, now by default.
        """
        snapshot = load_plan(package)
        with use(self.database):
            from minplan.database import plans

            plans.store(
                snapshot,
                edition=EDITION,
                author=self.actor,
                approver=self.actor,
                recorded=recorded or dt.datetime.now(dt.UTC),
            )
        return snapshot

    def plans(self, date: dt.date) -> tuple[tuple[Plan, PlanSnapshot], ...]:
        """Plans that hold on ``date`` as believed now, the latest in effect last."""
        found = []
        with use(self.database):
            from minplan.database import plans

            for plan in plans.listed():
                try:
                    snapshot = plans.load(plan, date)
                except PlanDataError:
                    continue
                ends = snapshot.plan.effective_to or dt.date.max
                if snapshot.plan.effective_from <= date <= ends:
                    found.append((plan, snapshot))
        return tuple(sorted(found, key=lambda item: item[1].plan.effective_from))

    def plan(self, date: dt.date) -> PlanSnapshot:
        """The latest plan in effect on ``date``.

        A plan stays in effect beyond its period until the next one is approved.

        Raises StoreError E501 when there is none.
        """
        found = self.plans(date)
        if not found:
            raise self._no_plan(date)
        return found[-1][1]

    def plan_by_code(
        self, code: str, date: dt.date, recorded: dt.datetime | None = None
    ) -> PlanSnapshot:
        """A plan by its code as of a legal date and a recorded time (None: as believed now).

        Raises StoreError E811 for an unknown code, PlanDataError E742 when nothing held then.
        """
        with use(self.database):
            from minplan.database import plans

            return plans.load(plans.get(code), date, recorded)

    def _no_plan(self, date: dt.date) -> StoreError:
        return StoreError(
            "E501",
            Text(f"工作区中没有 {date} 有效的规划", f"the workspace holds no plan for {date}"),
            place=Place(file=self.database.describe()),
            hint=Text(
                "用 minplan demo 建立示例工作区，或用 minplan plan add 加入规划数据包",
                "run minplan demo, or add a plan package with minplan plan add",
            ),
        )

    def region(self, snapshot: PlanSnapshot) -> Region | None:
        """The ground a plan is for, from its counties: where a pasted block is expected to lie."""
        counties = snapshot.zones_of(ZoneKind.COUNTY)
        shapes = [zone.geometry.geometry for zone in counties if zone.geometry]
        if not shapes:
            return None
        name = snapshot.plan.region_name
        return Region.of(Text(name, name), shapely.union_all(shapes))

    # -- layers -------------------------------------------------------------------------------

    def layers(self, date: dt.date) -> dict[str, ConstraintLayer]:
        """Layer versions in force on ``date``, by name; the latest where several are."""
        versions = [item.version for item in self.library.list()]
        names = sorted({item.name for item in versions if item.in_force(date)})
        return {name: self.library.open(name, date=date) for name in names}

    def layers_by_hash(self, references: Mapping[str, str]) -> dict[str, ConstraintLayer]:
        """Exactly the named versions (name → sha256); StoreError when one is gone."""
        return {name: self.library.open(name, sha256=sha256) for name, sha256 in references.items()}

    # -- reviews ------------------------------------------------------------------------------

    def desk(self, date: dt.date) -> Desk:
        """The plan and the layers of a day, opened once until either changes.

        Raises StoreError E501 when no plan is in effect.
        """
        key = (
            self.folder.absolute(),
            self._target,
            date,
            self._plans_stand(),
            self.library.stand(),
        )
        found = _desks.get(key)
        if found is None:
            with _opening:  # others wait for the first instead of opening the same again
                found = _desks.get(key) or Desk(date, self.plan(date), self.layers(date))
                for old in [*_desks][: max(0, len(_desks) + 1 - _DESKS_KEPT)]:
                    _desks.pop(old, None)
                _desks[key] = found
        return found

    def _plans_stand(self) -> tuple[Any, ...]:
        """What tells whether any plan has changed."""
        with use(self.database):
            from minplan.database import plans

            return tuple((plan.code, plan.last_recorded) for plan in plans.listed())

    def review(self, proposal: Proposal, date: dt.date) -> Review:
        """Review a proposal against the plan and the layers in force on ``date``."""
        return review(proposal, self.plan(date), self.layers(date), date)

    def save(
        self,
        result: Review,
        reading: Reading | None = None,
        *,
        recorded: dt.datetime | None = None,
    ) -> tuple[str, Path]:
        """Store a review in the database; return its number and the folder for its reports.

        ``reading`` keeps how the input was understood, ``recorded`` is the time written down for
        it, now by default. The record is also written into the folder as ``review.json``.
        """
        moment = recorded or dt.datetime.now(dt.UTC)
        record = make_record(result, reading)
        with use(self.database):
            from minplan.database import layer_versions, plans, reviews

            believed = plans.get(result.plan.plan.id).last_recorded
            record["plan"]["recorded"] = believed.isoformat() if believed else None
            for version in result.layers:
                layer_versions.register(version, actor=self.actor, recorded=moment)
            row = reviews.store(record, actor=self.actor, recorded=moment)
        folder = self.reviews_folder / row.number
        folder.mkdir(parents=True, exist_ok=True)
        write_record(folder / RECORD_NAME, row.record)
        return row.number, folder

    def record(self, reference: Path | str) -> dict[str, Any]:
        """A stored review by its number in the database or by its file.

        Raises StoreError E502 for a file that is no record, E811 for an unknown number.
        """
        if Path(reference).exists():
            return read_record(Path(reference))
        with use(self.database):
            from minplan.database import reviews

            return dict(reviews.get(str(reference)).record)

    def replay(self, reference: Path | str) -> Replay:
        """Run a stored review again from its references.

        Raises StoreError E502 or E811 as :meth:`record`, E503 when the plan as it was believed
        then cannot be had, E320 for a layer version that is gone.
        """
        record = self.record(reference)
        proposal = proposal_from_dict(record["proposal"])
        date = dt.date.fromisoformat(record["date"])
        plan = self._plan_as_believed(record["plan"], date)
        layers = self.layers_by_hash({item["name"]: item["sha256"] for item in record["layers"]})
        again = review(proposal, plan, layers, date)
        fresh = review_to_dict(again)
        identical = findings_digest(record) == findings_digest(fresh)
        remarks = [*_changed_references(record), *_changed_results(record, fresh)]
        return Replay(record["number"], identical, tuple(remarks), again)

    def _plan_as_believed(self, reference: Mapping[str, Any], date: dt.date) -> PlanSnapshot:
        """The plan that a record names, as of the review date and the recorded time then."""
        moment = reference.get("recorded")
        recorded = dt.datetime.fromisoformat(moment) if moment else None
        snapshot = self.plan_by_code(reference["id"], date, recorded)
        if snapshot.sha256 != reference["sha256"]:
            was, now = reference["sha256"][:12], snapshot.sha256[:12]
            raise StoreError(
                "E503",
                Text(
                    f"数据库中的规划与审查时不同（当时 {was}，现在 {now}）",
                    f"the plan in the database is not the one reviewed (then {was}, now {now})",
                ),
                place=Place(file=self.database.describe()),
                hint=Text(
                    "请在作出审查的数据库中重放",
                    "replay in the database in which the review was made",
                ),
            )
        return snapshot


def make_record(result: Review, reading: Reading | None = None) -> dict[str, Any]:
    """The stored form of a review: references, findings, proposal, and how it was read."""
    record = review_to_dict(result)
    return {
        "number": "",
        **record,
        "findings_sha256": findings_digest(record),
        "proposal": proposal_to_dict(result.proposal),
        "reading": reading.to_dict() if reading else None,
    }


def write_record(file: Path, record: Mapping[str, Any]) -> None:
    """Write a record through a temporary file, so that it is there whole or not at all."""
    text = json.dumps(record, ensure_ascii=False, indent=1)
    part = file.with_suffix(".part")
    part.write_text(text + "\n", encoding="utf-8")
    part.replace(file)


def read_record(file: Path) -> dict[str, Any]:
    """Read a stored review; StoreError E502 when the file is not one."""
    try:
        record = json.loads(file.read_text(encoding="utf-8"))
        missing = {"number", "date", "plan", "layers", "proposal", "findings"} - record.keys()
    except (OSError, ValueError, AttributeError) as error:
        raise _no_record(file) from error
    if missing:
        raise _no_record(file)
    return dict(record)


def _no_record(file: Path) -> StoreError:
    return StoreError(
        "E502",
        Text("这不是审查记录文件", "this is not a review record"),
        place=Place(file=str(file)),
        hint=Text(
            f"审查记录是 reviews/<编号>/{RECORD_NAME}，也可直接写编号",
            f"a record is reviews/<number>/{RECORD_NAME}; the number alone will do, too",
        ),
    )


def _changed_references(stored: Mapping[str, Any]) -> list[Text]:
    """The rule edition may have moved on; the record itself must not have been edited."""
    found: list[Text] = []
    if stored["rule_edition"] != rule_edition():
        was, now = stored["rule_edition"][:12], rule_edition()[:12]
        found.append(Text(f"规则集已变：当时 {was}，现在 {now}", f"rules: then {was}, now {now}"))
    if stored["findings_sha256"] != findings_digest(stored):
        found.append(Text("审查记录被改动过", "the record was edited after it was written"))
    return found


def _changed_results(stored: Mapping[str, Any], fresh: Mapping[str, Any]) -> list[Text]:
    found: list[Text] = []
    if stored["verdict"] != fresh["verdict"]:
        was, now = stored["verdict"], fresh["verdict"]
        found.append(Text(f"结论不同：{was} → {now}", f"verdict: {was} → {now}"))
    then = {json.dumps(item, sort_keys=True): item["rule"] for item in stored["findings"]}
    today = {json.dumps(item, sort_keys=True): item["rule"] for item in fresh["findings"]}
    changed = {then[k] for k in then.keys() - today} | {today[k] for k in today.keys() - then}
    if changed:
        rules = "、".join(sorted(changed))
        found.append(Text(f"这些规则的结果不同：{rules}", f"findings differ for: {rules}"))
    if stored["areas_m2"] != fresh["areas_m2"]:
        found.append(Text("面积不同", "the areas differ"))
    if stored["suggestion"] != fresh["suggestion"]:
        found.append(Text("建议调整范围不同", "the suggested extent differs"))
    return found
