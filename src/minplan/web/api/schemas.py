"""Shapes of what goes in and out. Texts for people are in both languages: ``{"zh", "en"}``."""

from __future__ import annotations

import datetime as dt
from enum import StrEnum
from typing import Any

from ninja import Field, Schema


class Both(Schema):
    """A text in both languages."""

    zh: str
    en: str


class Fault(Schema):
    """What is wrong, where, and how to mend it; several faults at once in ``faults``."""

    code: str
    message: Both
    place: dict[str, Any] = {}
    hint: Both | None = None
    faults: list[Fault] | None = None


class Problem(Schema):
    """Every error: the fault and the number of the request (also in ``X-Request-Id``)."""

    error: Fault
    request: str


class Listed(Schema):
    """A page: its rows and the cursor of the next one ("" at the end)."""

    items: list[dict[str, Any]]
    next: str


class Me(Schema):
    """Who asks: roles, counties, what is allowed, and the scopes where a token is used."""

    username: str
    name: str
    roles: list[str]
    areas: list[str]
    permissions: list[str]
    scopes: list[str] | None = None


# -- reading and reviewing ------------------------------------------------------------------------


class ReadIn(Schema):
    """Coordinates as text in any way of writing; ``options`` are statements that beat guesses."""

    text: str = Field(..., max_length=2_000_000)
    options: dict[str, Any] = {}


class ReadOut(Schema):
    """The blocks that were read, with remarks on how."""

    source: str
    kind: str
    remarks: list[Both]
    blocks: list[dict[str, Any]]


class ReviewIn(Schema):
    """A ground (GeoJSON in EPSG:4490, or ``text``) and what is asked for on it."""

    geometry: dict[str, Any] | None = None
    text: str | None = None
    attributes: dict[str, Any] = {}
    date: dt.date | None = None
    suggestion: bool = False


class ReviewOut(Schema):
    """The verdict of a dry run; nothing is stored."""

    verdict: dict[str, str]
    counts: dict[str, int]
    areas: dict[str, float]
    county: str | None = None
    findings: list[dict[str, Any]]
    missing: list[dict[str, Any]]
    suggestion: dict[str, Any] | None = None
    faults: list[dict[str, Any]] = []


# -- queries --------------------------------------------------------------------------------------


class QueryIn(Schema):
    """A query; its form is told in the docs (how-to/query-and-export)."""

    query: dict[str, Any]


class PageIn(QueryIn):
    """A page of a query."""

    size: int = Field(100, ge=1, le=1000)
    cursor: str = ""
    geometry: bool = False


class QueryPage(Schema):
    """Rows with their columns, and the cursor of the next page."""

    query: dict[str, Any]
    words: Both
    columns: list[dict[str, Any]]
    rows: list[dict[str, Any]]
    next: str


class TotalsOut(Schema):
    """Counts and sums; where nothing was found, what each condition does."""

    count: int
    drawn: int
    sums: list[dict[str, Any]]
    reasons: list[dict[str, Any]] | None = None


class ExportIn(QueryIn):
    """How a result is written: format, coordinate system, encoding of a shapefile."""

    format: str = "xlsx"
    system: str = "lonlat"
    encoding: str = "UTF-8"
    shapes: bool = False


class JobOut(Schema):
    """Background work."""

    id: str
    kind: str
    title: Both
    state: str
    done: int
    total: int
    stage: Both | None = None
    result: dict[str, Any] | None = None
    error: dict[str, Any] | None = None


# -- cases ----------------------------------------------------------------------------------------


class CaseIn(Schema):
    """What is asked: as the intake page keeps it (``geometry``, ``attributes``, ``source`` …)."""

    content: dict[str, Any]
    revision: int = 0


class StepIn(Schema):
    """A step with a case; ``revision`` is the one that was read."""

    action: str
    decision: str = ""
    reason: str = ""
    revision: int | None = None


class CaseOut(Schema):
    """A case."""

    number: str
    title: str
    right: str
    action: str
    county: str
    mineral: str
    state: str
    author: str
    holder: str
    verdict: str
    decision: str
    decision_reason: str
    opened: dt.datetime
    changed: dt.datetime
    due: dt.date | None = None
    revision: int
    review: str | None = None
    steps: list[str] = []
    content: dict[str, Any] | None = None


# -- the plan -------------------------------------------------------------------------------------


class EventIn(Schema):
    """A step in the life of a block."""

    state: str
    date: dt.date
    document: str = ""
    note: str = ""
    related: list[dict[str, str]] = []


class ChangesetIn(Schema):
    """A new draft: ``annual`` or ``correction``, and the document it rests on."""

    kind: str
    basis: str


class MineralIn(Schema):
    """A mineral of a zone with its numbers of rights."""

    mineral: str
    existing_rights: int | None = None
    planned_rights: int | None = None


class EditIn(Schema):
    """A zone as it shall be: typed attributes, ground (GeoJSON in EPSG:4490), minerals."""

    layer: str
    key: str
    attributes: dict[str, Any]
    geometry: dict[str, Any] | None = None
    minerals: list[MineralIn] | None = None


class StageIn(Schema):
    """Edits and ends from a legal day on."""

    date: dt.date
    edits: list[EditIn] = []
    ended: list[tuple[str, str]] = []


class ReasonIn(Schema):
    """Why something is returned."""

    reason: str


# -- hand-ins and their quality -------------------------------------------------------------------


class HandInStep(StrEnum):
    """What is done with an uploaded hand-in."""

    QUALITY = "quality"
    CHECK = "check"
    STORE = "store"


class MappingIn(Schema):
    """What layers and columns are taken for: codes of the standard by the layer's number."""

    targets: dict[int, str] = {}
    fields: dict[int, dict[str, str]] = {}


class WaiverIn(Schema):
    """A fault that may stay: its fingerprint, why, and the last day (null: for good)."""

    fingerprint: str
    reason: str
    until: dt.date | None = None


# -- account --------------------------------------------------------------------------------------


class TokenIn(Schema):
    """A new token: its name, scopes, and the days it holds (null: until revoked)."""

    name: str
    scopes: list[str]
    days: int | None = 90


class AccountIn(Schema):
    """A new account; without ``external`` its first password is generated."""

    username: str
    name: str = ""
    roles: list[str]
    areas: list[str] = []
    external: str = ""


class AccountChange(Schema):
    """What shall change of an account; what is left out stays."""

    name: str | None = None
    roles: list[str] | None = None
    areas: list[str] | None = None
    active: bool | None = None


class SavedIn(Schema):
    """A query or a view to be kept."""

    name: str
    content: dict[str, Any]
    shared: bool = False


class Done(Schema):
    """It was done."""

    done: bool = True
