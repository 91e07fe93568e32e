"""Taking a hand-in into the planning database: looked through, matched, checked, stored at once.

Everything is written in one transaction under the hash of the input, so that an interrupted run
leaves nothing behind and the same input is taken in once.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain, islice
from pathlib import Path
from typing import Final

from minplan.core.errors import Faults, StoreError
from minplan.core.plan.features import IDENTITY, snapshot_to_features
from minplan.core.plan.model import Plan as Card
from minplan.core.plan.model import PlanSnapshot
from minplan.core.standard.feature import FeatureValue
from minplan.core.text import Text
from minplan.database import changesets, deliverables, originals, plans
from minplan.database.asof import as_of
from minplan.database.bulk import roomy
from minplan.database.editions import edition as edition_of
from minplan.database.guards import transaction
from minplan.database.models import Changeset, ChangesetKind, DeliverableKind, Plan
from minplan.database.validation import Examined, digests, examine
from minplan.formats.plan_package import load_plan
from minplan.handin import manifest
from minplan.handin.checked import BATCH, Checker, Known, Progress, read_features
from minplan.handin.identity import identity_of, known_plan
from minplan.handin.matching import Match, Stated
from minplan.handin.survey import Kind, Survey

#: Code of the deliverable that lists the files of an input with their hashes.
INPUT: Final = "HJCG"
_KINDS: Final = {
    "initial": ChangesetKind.FOUNDING,
    "adjustment": ChangesetKind.ANNUAL,
    "correction": ChangesetKind.CORRECTION,
}
_FORMS: Final = {"FT": DeliverableKind.MAP, "FB": DeliverableKind.TABLE}


@dataclass(frozen=True, slots=True)
class Request:
    """What the user says of the change: kind (None: initial), document, people, dates.

    ``effective`` None is the day the plan takes effect; ``recorded`` is the time of record.
    """

    recorded: dt.datetime
    author: str
    approver: str = ""
    kind: str | None = None
    basis: str = ""
    effective: dt.date | None = None
    plan: str | None = None
    identity: Card | None = None


@dataclass(frozen=True, slots=True)
class Taken:
    """What an input became: the changeset (None when nothing differs), counts, its hash."""

    plan: str
    changeset: int | None
    counts: Mapping[str, int]
    sha256: str
    already: bool = False


@dataclass(frozen=True)
class Intake:
    """An input that was looked through and matched, ready to be checked or stored."""

    look: Survey
    matches: tuple[Match, ...]
    stated: Stated
    request: Request

    @cached_property
    def listing(self) -> bytes:
        """The files with their hashes; its hash names the input."""
        return manifest.listing(self.look.files)

    @property
    def sha256(self) -> str:
        """The hash of the whole input."""
        return hashlib.sha256(self.listing).hexdigest()

    @cached_property
    def card(self) -> Card | None:
        """The identity of the plan as the user or the input states it."""
        if self.request.identity is not None:
            return self.request.identity
        if self.look.kind is Kind.PACKAGE:
            return load_plan(self.look.path).plan
        return identity_of(self.look, self.matches, self.look.edition, self.stated)

    def features(
        self, checker: Checker, progress: Progress | None
    ) -> Iterator[FeatureValue | Examined]:
        """The elements of the input, examined where they are rows; faults go to the checker."""
        if self.look.kind is not Kind.PACKAGE:
            return read_features(self.matches, checker, self.stated, progress)
        return self._of_package(checker, progress)

    def _of_package(self, checker: Checker, progress: Progress | None) -> Iterator[FeatureValue]:
        made = snapshot_to_features(load_plan(self.look.path), self.look.edition)
        for done, feature in enumerate(made, start=1):
            checker.counts[feature.layer] += 1
            yield feature
            if progress:
                progress(done, len(made))

    # -- checking -----------------------------------------------------------------------------

    def check(self, progress: Progress | None = None) -> Checker:
        """Read and check everything without storing anything."""
        checker = Checker(self.look.edition, self._date(self.card))
        for _ in self.features(checker, progress):
            pass
        checker.check_references(lambda targets, keys: set())
        return checker

    def _date(self, card: Card | None) -> dt.date | None:
        return self.request.effective or (card.effective_from if card else None)

    # -- storing ------------------------------------------------------------------------------

    def store(self, progress: Progress | None = None) -> Taken:
        """Store the input as one changeset in one transaction, with its original bytes.

        Raises Faults with everything found wrong, StoreError E908, E909, E913 when plan, kind or
        date are not clear, and what the database raises; nothing is stored then.
        """
        with transaction() as connection, roomy(connection):
            plan = self._plan()
            if (before := self._before(plan)) is not None:
                return before
            checker = Checker(self.look.edition, self._effective(plan))
            changeset = self._change(plan, checker, progress)
            # last: SQLite stages rows many times slower once large originals fill its cache
            self._keep(plan)
            number = changeset.pk if changeset is not None else None
            return Taken(plan.code, number, dict(checker.counts), self.sha256)

    def _plan(self) -> Plan:
        card, request = self.card, self.request
        if card is None:
            return plans.get(known_plan(request.plan))
        return plans.register(
            card.id,
            card.name,
            edition=self.look.edition.id,
            level=card.level.value,
            region_code=card.region_code,
            actor=request.author,
            recorded=request.recorded,
        )

    def _before(self, plan: Plan) -> Taken | None:
        """What the same input became earlier; a correction that failed halfway never was."""
        for item in deliverables.listed(plan):
            if item.code == INPUT and item.original_id == self.sha256:
                return Taken(plan.code, None, {}, self.sha256, already=True)
        return None

    def _effective(self, plan: Plan) -> dt.date:
        date = self._date(self.card)
        if date is None:
            raise StoreError(
                "E913",
                Text("没有生效日期", "there is no date on which it takes effect"),
                hint=Text("用 --effective 2025-01-01 指定", "state it by --effective 2025-01-01"),
            )
        return date

    def _keep(self, plan: Plan) -> None:
        """Keep the bytes of every file, the list of files, and register the documents."""
        request = self.request
        root = self.look.path
        for entry in self.look.files:
            path = root if root.is_file() else root / entry.path
            originals.keep(
                path, actor=request.author, recorded=request.recorded, name=entry.path[-255:]
            )
        with tempfile.TemporaryDirectory(prefix="minplan-") as scratch:
            file = Path(scratch) / f"{root.name}.json"
            file.write_bytes(self.listing)
            self._register(plan, INPUT, DeliverableKind.DATABASE, file, root.name)
        for document, path in self.look.documents:
            form = _FORMS.get(document.code, DeliverableKind.DOCUMENT)
            if document.code == "YSJ":
                form = DeliverableKind.METADATA
            self._register(plan, document.code, form, path, path.name)

    def _register(
        self, plan: Plan, code: str, kind: DeliverableKind, file: Path, name: str
    ) -> None:
        request, card = self.request, self.card
        kept = originals.keep(file, actor=request.author, recorded=request.recorded)
        deliverables.register(
            plan,
            kept,
            kind=kind,
            code=code,
            name=name,
            version=kept.sha256[:12],
            actor=request.author,
            recorded=request.recorded,
            approval_number=(card.act if card else "")[:120],
        )

    def _change(self, plan: Plan, checker: Checker, progress: Progress | None) -> Changeset | None:
        request, kind = self.request, self._kind(plan)
        basis = request.basis or (self.card.act if self.card else "") or self.look.path.name
        changeset = changesets.open_changeset(plan, kind, basis, request.author, request.recorded)
        staged = self._stage(changeset, plan, checker, progress)
        checker.check_references(_known_in(plan, self._effective(plan)))
        if checker.faults:
            raise Faults(checker.faults)
        if not staged:
            changesets.reject(
                changeset, request.author, "与库中内容相同，没有变更", request.recorded
            )
            return None
        changesets.check(changeset, request.recorded)
        approver = request.approver or request.author
        changesets.approve(changeset, approver, request.recorded)
        return changesets.make_effective(changeset, request.recorded)

    def _kind(self, plan: Plan) -> ChangesetKind:
        if self.request.kind is not None:
            return _KINDS[self.request.kind]
        if plan.last_recorded is None:
            return ChangesetKind.FOUNDING
        raise StoreError(
            "E909",
            Text(f"规划 {plan.code} 已建库", f"plan {plan.code} is in the database already"),
            hint=Text(
                "说明变更类别：--kind adjustment（调整）或 --kind correction（更正）",
                "state the kind: --kind adjustment or --kind correction",
            ),
        )

    def _stage(
        self, changeset: Changeset, plan: Plan, checker: Checker, progress: Progress | None
    ) -> int:
        """Stage what differs from what holds on the date; returns how many."""
        date = self._effective(plan)
        features = self.features(checker, progress)
        if changeset.kind == ChangesetKind.FOUNDING:
            return changesets.add(changeset, chain(features, self._identity(checker)), date)
        held = _held(plan, date)
        staged = 0
        edition = edition_of(plan.edition_id)
        while given := [*islice(features, BATCH)]:
            batch = examine(edition, [(item, date) for item in given])
            known = [held.get((item.feature.layer, item.feature.key)) for item in batch]
            told = [*zip(batch, known, digests(batch), strict=True)]
            new = [item for item, before, _ in told if before is None]
            other = [item for item, before, now in told if before not in (None, now)]
            if changeset.kind == ChangesetKind.CORRECTION:
                staged += changesets.correct(changeset, [*new, *other], date)
            else:
                staged += changesets.add(changeset, new, date)
                staged += changesets.change(changeset, other, date)
        return staged

    def _identity(self, checker: Checker) -> Iterator[FeatureValue]:
        """The row of identity, where the rows that streamed by had none."""
        if self.card is not None and not checker.counts[IDENTITY]:
            checker.counts[IDENTITY] += 1
            yield from snapshot_to_features(PlanSnapshot(self.card), self.look.edition)


def _held(plan: Plan, date: dt.date) -> dict[tuple[str, str], str]:
    rows = as_of(plan, date).values_list("layer", "key", "digest")
    return {(layer, key): digest for layer, key, digest in rows.iterator()}


def _known_in(plan: Plan, date: dt.date) -> Known:
    def known(targets: Sequence[str], keys: set[str]) -> set[str]:
        rows = as_of(plan, date, layers=targets)
        wanted = sorted(keys)
        return {
            key
            for start in range(0, len(wanted), BATCH)
            for key in rows.filter(key__in=wanted[start : start + BATCH]).values_list(
                "key", flat=True
            )
        }

    return known
