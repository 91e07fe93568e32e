"""Checking a database against its audit chain: any edit, gap or stranger is found."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from heapq import merge
from typing import Any, Final

from shapely.errors import ShapelyError

from minplan.core.standard.feature import FeatureValue, feature_digest
from minplan.core.text import Text
from minplan.database import (
    blocks,
    cases_told,
    deliverables,
    inspections,
    layer_versions,
    locks,
    reviews,
)
from minplan.database.chain import FIRST, entry_digest
from minplan.database.effect import interval, row_line
from minplan.database.guards import transaction
from minplan.database.models import (
    AuditEntry,
    BlockEvent,
    Changeset,
    Deliverable,
    Feature,
    Inspection,
    LayerVersion,
    Original,
    OriginalPart,
    Plan,
    Review,
    State,
    Waiver,
)

_PAGE: Final = 2_000
_REGISTERS: Final = (
    "plan.register",
    "original.keep",
    "deliverable.register",
    "layer.register",
    "review.store",
    "block.event",
    "case.write",
    "inspection.store",
    "waiver.write",
)


@dataclass(frozen=True, slots=True)
class Report:
    """What was checked and what is wrong; ``head`` is the hash of the last entry.

    Who notes ``head`` outside the database can later prove that nothing was cut off its end.
    """

    entries: int
    changesets: int
    rows: int
    head: str
    faults: tuple[Text, ...]


def verify() -> Report:
    """Check the chain, the rows of every changeset, the registers and the triggers.

    Writers wait meanwhile, so that what is checked belongs together.
    """
    with transaction() as connection:
        faults: list[Text] = []
        try:
            return _verify(connection, faults)
        except (ValueError, ShapelyError) as error:
            faults.append(Text(f"有内容无法读出：{error}", f"something cannot be read: {error}"))
            return Report(0, 0, 0, "", tuple(faults))


def _verify(connection: Any, faults: list[Text]) -> Report:
    told: dict[tuple[str, str], dict[str, Any]] = {}
    entries, head = _check_chain(faults, told)
    rows = 0
    for changeset in Changeset.objects.select_related("plan").order_by("id"):
        rows += _check_changeset(changeset, told, faults)
    faults += _strangers(told)
    faults += _registers(told)
    if (there := locks.installed(connection)) != (wanted := locks.expected(connection)):
        faults.append(
            Text(
                f"锁定历史的触发器应有 {wanted} 个，现有 {there} 个",
                f"{wanted} triggers should lock history, there are {there}",
            )
        )
    changesets = Changeset.objects.count()
    return Report(entries, changesets, rows, head, tuple(faults))


def _check_chain(
    faults: list[Text], told: dict[tuple[str, str], dict[str, Any]]
) -> tuple[int, str]:
    number, previous = 0, FIRST
    for entry in AuditEntry.objects.order_by("number").iterator(_PAGE):
        number += 1
        if entry.number != number:
            faults.append(
                Text(
                    f"审计记录 {number} 至 {entry.number - 1} 缺失",
                    f"audit entries {number} to {entry.number - 1} are missing",
                )
            )
            number = entry.number
        elif entry.previous != previous:
            faults.append(_broken(entry, Text("与上一条不衔接", "does not follow the one before")))
        if entry_digest(entry) != entry.sha256:
            faults.append(_broken(entry, Text("内容被改动", "was edited")))
        previous = entry.sha256
        told[entry.action, entry.subject] = entry.content
    return number, previous


def _check_changeset(
    changeset: Changeset, told: dict[tuple[str, str], dict[str, Any]], faults: list[Text]
) -> int:
    """The steps a changeset has taken are told, and its rows are what was told."""
    subject = f"changeset:{changeset.pk}"
    steps = {
        "open": True,
        "check": changeset.checked is not None,
        "approve": changeset.approved is not None,
        "effective": changeset.state == State.EFFECTIVE,
        "reject": changeset.state == State.REJECTED,
    }
    for step, taken in steps.items():
        if taken != ((f"changeset.{step}", subject) in told):
            faults.append(_untold(f"{subject} {step}"))
    digest, rows, edited = _rows_digest(changeset)
    faults += edited
    content = told.get(("changeset.effective", subject))
    if content is None:
        if rows:
            faults.append(Text(f"{subject} 未生效却有要素", f"{subject} has rows but no effect"))
        return rows
    fixed = (content["basis"], content["author"], content["approver"], content["plan"])
    if fixed != (
        changeset.basis,
        changeset.author,
        changeset.approver,
        changeset.plan.code,
    ):
        faults.append(Text(f"{subject} 被改动", f"{subject} was edited"))
    if content["rows_sha256"] != digest:
        faults.append(
            Text(
                f"{subject} 写入的要素与生效时不同",
                f"the rows of {subject} are not those that took effect",
            )
        )
    return rows


def _rows_digest(changeset: Changeset) -> tuple[str, int, list[Text]]:
    """The hash over the rows a changeset opened and closed, in the order they were written."""
    digest, count = hashlib.sha256(), 0
    edited: list[Text] = []
    for kind, row in _merged(changeset):
        days = interval(row.effective_from, row.effective_to)
        digest.update(row_line(kind, (row.layer, row.key), days, row.digest).encode())
        if kind == "+":
            count += 1
            value = FeatureValue(row.layer, row.key, row.attributes, row.geometry)
            moment = changeset.effective
            if feature_digest(value) != row.digest or row.recorded_from != moment:
                edited.append(
                    Text(f"要素 {row.layer} {row.key} 被改动", f"{row.layer} {row.key} was edited")
                )
        elif row.recorded_to != changeset.effective:
            edited.append(
                Text(f"要素 {row.layer} {row.key} 被改动", f"{row.layer} {row.key} was edited")
            )
    return digest.hexdigest(), count, edited


def _merged(changeset: Changeset) -> Iterator[tuple[str, Feature]]:
    """Closed and opened rows by layer and key; of one key the closed ones first."""
    order = ("layer", "key", "effective_from")
    closed = Feature.objects.filter(closed_by=changeset).order_by(*order).iterator(_PAGE)
    opened = Feature.objects.filter(changeset=changeset).order_by(*order).iterator(_PAGE)
    return merge(
        (("-", row) for row in closed),
        (("+", row) for row in opened),
        key=lambda item: (item[1].layer, item[1].key, item[0] == "+", item[1].effective_from),
    )


def _strangers(told: dict[tuple[str, str], dict[str, Any]]) -> Iterator[Text]:
    """Changesets that are told of but gone."""
    there = set(Changeset.objects.values_list("pk", flat=True))
    for action, subject in told:
        if action == "changeset.open" and int(subject.partition(":")[2]) not in there:
            yield Text(f"{subject} 不见了", f"{subject} is gone")


def _registers(told: dict[tuple[str, str], dict[str, Any]]) -> Iterator[Text]:
    """Rows of the registers against what was told of them."""
    held = dict(_register_rows())
    wanted = {key: value for key, value in told.items() if key[0] in _REGISTERS}
    for key in sorted(wanted.keys() - held.keys()):
        yield Text(f"{key[1]} 不见了", f"{key[1]} is gone")
    for key in sorted(held.keys() - wanted.keys()):
        yield _untold(key[1])
    for key in sorted(held.keys() & wanted.keys()):
        if held[key] != wanted[key]:
            yield Text(f"{key[1]} 被改动", f"{key[1]} was edited")


def _register_rows() -> Iterable[tuple[tuple[str, str], dict[str, Any]]]:
    for plan in Plan.objects.iterator():
        content = {
            "edition": plan.edition_id,
            "level": plan.level,
            "region": plan.region_code,
            "zh": plan.name_zh,
            "en": plan.name_en,
        }
        yield ("plan.register", f"plan:{plan.code}"), content
    for original in Original.objects.iterator():
        size, sha256 = _bytes_of(original)
        name = original.name if sha256 == original.pk else f"{original.name} ({sha256})"
        yield ("original.keep", f"original:{original.pk}"), {"name": name, "size": size}
    for item in Deliverable.objects.iterator():
        yield ("deliverable.register", f"deliverable:{item.pk}"), dict(deliverables.told(item))
    for version in LayerVersion.objects.iterator():
        subject = f"layer:{version.name}:{version.sha256}"
        yield ("layer.register", subject), _plain(layer_versions.told(version))
    for review in Review.objects.iterator(100):
        yield ("review.store", f"review:{review.number}"), dict(reviews.told(review))
    for event in BlockEvent.objects.select_related("plan").iterator(_PAGE):
        yield ("block.event", f"block-event:{event.pk}"), blocks.told(event)
    for inspection in Inspection.objects.iterator(10):
        yield ("inspection.store", f"inspection:{inspection.number}"), inspections.told(inspection)
    for waiver in Waiver.objects.iterator():
        yield ("waiver.write", f"waiver:{waiver.pk}"), inspections.waiver_told(waiver)
    yield from cases_told.rows()


def _bytes_of(original: Original) -> tuple[int, str]:
    digest, size = hashlib.sha256(), 0
    pieces = OriginalPart.objects.filter(original=original).order_by("number")
    for piece in pieces.values_list("content", flat=True).iterator(1):
        content = piece.encode() if isinstance(piece, str) else bytes(piece)
        digest.update(content)
        size += len(content)
    return size, digest.hexdigest()


def _plain(content: dict[str, Any]) -> dict[str, Any]:
    return {k: list(v) if isinstance(v, tuple) else v for k, v in content.items()}


def _broken(entry: AuditEntry, how: Text) -> Text:
    return Text(f"审计记录 {entry.number} {how.zh}", f"audit entry {entry.number} {how.en}")


def _untold(what: str) -> Text:
    return Text(f"{what} 没有审计记录", f"{what} has no audit entry")
