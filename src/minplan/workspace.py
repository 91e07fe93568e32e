"""A workspace: one folder with plans, constraint layers and reviews.

::

    workspace/
      plans/<sha256>/          plan packages, never changed once added
      layers/<name>/<sha256>.gpkg
      reviews/<number>/        review.json and its reports

It opens what a date needs, stores reviews with their references, and replays them.
"""

from __future__ import annotations

import datetime as dt
import json
import shutil
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import shapely

from minplan.core.errors import Place, StoreError
from minplan.core.geometry.corners import Region
from minplan.core.geometry.layer import ConstraintLayer
from minplan.core.plan.model import PlanSnapshot, ZoneKind
from minplan.core.review.edition import rule_edition
from minplan.core.review.engine import Review, review
from minplan.core.review.proposal import Proposal
from minplan.core.review.record import Reading, findings_digest, review_to_dict
from minplan.core.text import Text
from minplan.formats.plan_package import load_plan
from minplan.formats.proposal_json import proposal_from_dict, proposal_to_dict
from minplan.layers import LayerLibrary

RECORD_NAME = "review.json"


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
    """A folder that holds what reviews rest on and what they said."""

    def __init__(self, folder: Path | str) -> None:
        self.folder = Path(folder)
        self.library = LayerLibrary(self.folder / "layers")

    @property
    def plans_folder(self) -> Path:
        """Where plan packages are kept, one folder a hash."""
        return self.folder / "plans"

    @property
    def reviews_folder(self) -> Path:
        """Where reviews are kept, one folder a number."""
        return self.folder / "reviews"

    # -- plans --------------------------------------------------------------------------------

    def add_plan(self, package: Path) -> PlanSnapshot:
        """Take a plan package in after validating it; the same package twice is one plan."""
        snapshot = load_plan(package)
        target = self.plans_folder / snapshot.sha256
        if not target.exists():
            self.plans_folder.mkdir(parents=True, exist_ok=True)
            with tempfile.TemporaryDirectory(dir=self.plans_folder, prefix=".incoming-") as new:
                shutil.copytree(package, Path(new) / "plan")
                (Path(new) / "plan").rename(target)
        return snapshot

    def plans(self) -> tuple[PlanSnapshot, ...]:
        """All plans of the workspace, the latest in effect last."""
        folders = [f for f in self.plans_folder.glob("[!.]*") if f.is_dir()]
        found = [load_plan(folder) for folder in folders]
        return tuple(sorted(found, key=lambda s: (s.plan.effective_from, s.sha256)))

    def plan(self, date: dt.date, sha256: str | None = None) -> PlanSnapshot:
        """The plan with a hash, or the latest one in effect on ``date``.

        A plan stays in effect beyond its period until the next one is approved.

        Raises StoreError E501 when there is none.
        """
        if sha256 is not None:
            folder = self.plans_folder / sha256
            if folder.is_dir():
                return load_plan(folder)
        else:
            ended = dt.date.max
            for snapshot in reversed(self.plans()):
                plan = snapshot.plan
                if plan.effective_from <= date <= (plan.effective_to or ended):
                    return snapshot
        raise StoreError(
            "E501",
            Text(f"工作区中没有 {date} 有效的规划", f"the workspace holds no plan for {date}"),
            place=Place(file=str(self.plans_folder)),
            hint=Text(
                "用 minplan demo 建立示例工作区，或用 minplan plan add 加入规划数据包",
                "run minplan demo, or add a plan package with minplan plan add",
            ),
        )

    def region(self, snapshot: PlanSnapshot) -> Region | None:
        """The ground a plan is for, from its counties: where a pasted block is expected to lie."""
        shapes = [
            zone.geometry.geometry for zone in snapshot.zones_of(ZoneKind.COUNTY) if zone.geometry
        ]
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

    def review(self, proposal: Proposal, date: dt.date) -> Review:
        """Review a proposal against the plan and the layers in force on ``date``."""
        return review(proposal, self.plan(date), self.layers(date), date)

    def next_number(self, date: dt.date) -> str:
        """The next free review number of the year (``2026-0042``)."""
        taken = [int(f.name[5:]) for f in self.reviews_folder.glob(f"{date.year}-[0-9]*")]
        return f"{date.year}-{max(taken, default=0) + 1:04d}"

    def save(self, result: Review, reading: Reading | None = None) -> tuple[str, Path]:
        """Store a review and return its number and folder.

        ``reading`` keeps how the input was understood. The folder is claimed by creating it, so
        two processes never share a number.
        """
        self.reviews_folder.mkdir(parents=True, exist_ok=True)
        while True:
            number = self.next_number(result.date)
            folder = self.reviews_folder / number
            try:
                folder.mkdir()
                break
            except FileExistsError:
                continue
        write_record(folder / RECORD_NAME, make_record(result, number, reading))
        return number, folder

    def replay(self, record_file: Path) -> Replay:
        """Run a stored review again from its references.

        Raises StoreError E502 for a file that is no record, E3xx for a layer version that is gone.
        """
        record = read_record(record_file)
        proposal = proposal_from_dict(record["proposal"])
        date = dt.date.fromisoformat(record["date"])
        plan = self.plan(date, record["plan"]["sha256"])
        layers = self.layers_by_hash({item["name"]: item["sha256"] for item in record["layers"]})
        again = review(proposal, plan, layers, date)
        fresh = review_to_dict(again)
        identical = findings_digest(record) == findings_digest(fresh)
        remarks = [*_changed_references(record), *_changed_results(record, fresh)]
        return Replay(record["number"], identical, tuple(remarks), again)


def make_record(result: Review, number: str, reading: Reading | None = None) -> dict[str, Any]:
    """The stored form of a review: references, findings, proposal, and how it was read."""
    record = review_to_dict(result)
    return {
        "number": number,
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
            f"审查记录是 reviews/<编号>/{RECORD_NAME}",
            f"a record is reviews/<number>/{RECORD_NAME}",
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
