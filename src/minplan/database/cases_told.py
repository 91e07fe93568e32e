"""What the audit chain fixes of a case: its row, its steps and its files, by hash."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterator
from typing import Any, Final

from minplan.database.fields import encode_json
from minplan.database.models import Case, CaseFile, CaseStep

#: Columns of a case that are not told because they only name the row.
_UNTOLD: Final = frozenset({"id"})


def subject(case: Case) -> str:
    """The name of a case in the audit chain."""
    return f"case:{case.number}"


def told(case: Case) -> dict[str, Any]:
    """The state of a case, and the hashes of its row, its steps and its files."""
    return {
        "state": case.state,
        "revision": case.revision,
        "row_sha256": digest(_plain(case)),
        "steps": CaseStep.objects.filter(case=case).count(),
        "steps_sha256": _rows(CaseStep.objects.filter(case=case).order_by("number")),
        "files_sha256": _rows(CaseFile.objects.filter(case=case).order_by("pk")),
    }


def rows() -> Iterator[tuple[tuple[str, str], dict[str, Any]]]:
    """Every case as it is, in the form of what was told of it."""
    for case in Case.objects.order_by("pk").iterator(100):
        yield ("case.write", subject(case)), told(case)


def digest(value: Any) -> str:
    """SHA-256 of the canonical JSON of a value."""
    return hashlib.sha256(encode_json(value).encode()).hexdigest()


def _rows(found: Any) -> str:
    whole = hashlib.sha256()
    for row in found:
        whole.update(encode_json(_plain(row)).encode() + b"\n")
    return whole.hexdigest()


def _plain(row: Any) -> dict[str, Any]:
    names = (field.attname for field in row._meta.concrete_fields)
    return {name: _value(getattr(row, name)) for name in names if name not in _UNTOLD}


def _value(value: Any) -> Any:
    match value:
        case dt.datetime():
            return value.astimezone(dt.UTC).isoformat()
        case dt.date():
            return value.isoformat()
    return value
