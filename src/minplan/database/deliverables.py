"""Deliverables (规划成果): which documents, maps and tables a plan has, in which version."""

from __future__ import annotations

import datetime as dt
from typing import Final

from django.forms.models import model_to_dict

from minplan.core.errors import StoreError
from minplan.core.text import Text
from minplan.database import chain
from minplan.database.guards import writing
from minplan.database.models import Deliverable, DeliverableKind, Original, Plan
from minplan.database.times import recorded_time

_KINDS: Final = {
    "FT": DeliverableKind.MAP,
    "FB": DeliverableKind.TABLE,
    "SJK": DeliverableKind.DATABASE,
    "YSJ": DeliverableKind.METADATA,
}


def register(
    plan: Plan,
    original: Original,
    *,
    kind: DeliverableKind | str,
    code: str,
    name: str,
    version: str,
    actor: str,
    recorded: dt.datetime,
    approval_number: str = "",
) -> Deliverable:
    """Register a deliverable; the same version with the same bytes twice is one.

    ``code`` is the document's code in the edition, ``name`` the file's name.

    Raises StoreError E813 when this version is registered with other bytes.
    """
    with writing():
        known = Deliverable.objects.filter(plan=plan, code=code, name=name, version=version).first()
        if known is not None:
            if known.original_id != original.pk:
                raise StoreError(
                    "E813",
                    Text(
                        f"{name} 的版本 {version} 已登记，内容不同",
                        f"version {version} of {name} is registered with other content",
                    ),
                    hint=Text("换一个版本号", "give it another version"),
                )
            return known
        deliverable = Deliverable.objects.create(
            plan=plan,
            kind=DeliverableKind(kind).value,
            code=code,
            version=version,
            name=name,
            original=original,
            approval_number=approval_number,
            recorded=recorded_time(recorded),
        )
        subject = f"deliverable:{deliverable.pk}"
        chain.record(
            "deliverable.register", subject, told(deliverable), actor=actor, recorded=recorded
        )
    return deliverable


def get(number: int) -> Deliverable:
    """A deliverable that whoever acts may see (StoreError E811 otherwise)."""
    found = Deliverable.objects.select_related("original", "plan").filter(pk=number).first()
    if found is None:
        raise StoreError("E811", Text(f"没有成果 {number}", f"there is no deliverable {number}"))
    return found


def kind_of(code: str) -> DeliverableKind:
    """What kind of deliverable a document of the standard is."""
    return _KINDS.get(code, DeliverableKind.DOCUMENT)


def listed(plan: Plan) -> tuple[Deliverable, ...]:
    """The deliverables of a plan, by code, name, and the order they came in."""
    found = Deliverable.objects.filter(plan=plan).select_related("original")
    return tuple(found.order_by("code", "name", "id"))


def told(deliverable: Deliverable) -> dict[str, str]:
    """What the audit chain fixes of a deliverable."""
    values = model_to_dict(deliverable, exclude=["id", "recorded"])
    return {name: str(value) for name, value in values.items()}
