"""The form of a zone, made from the data dictionary: a field of the standard, an input of the page.

What is typed is kept as typed, so that a refused form comes back as it was.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import shapely
from django.http import QueryDict
from shapely.errors import ShapelyError
from shapely.geometry import shape as shape_of
from shapely.geometry.base import BaseGeometry

from minplan.core.errors import InputError, Place
from minplan.core.plan.model import MineralQuota, ZoneKind
from minplan.core.plan.zone_edit import typed, typed_fields
from minplan.core.standard.feature import FeatureValue
from minplan.core.standard.minerals import minerals as all_minerals
from minplan.core.standard.model import FieldSpec, FieldType, LayerSpec
from minplan.core.text import Text
from minplan.database.acting import acting
from minplan.database.timeline import FOREVER
from minplan.database.zone_edits import Edit
from minplan.web.dates import day_of
from minplan.web.onemap.geojson import geometry_text
from minplan.web.words import said, t
from minplan.web.zones.reading import ZoneBook, heading

_EMPTY_ROWS: Final = 2
_LONG: Final = 120


@dataclass(frozen=True, slots=True)
class Input:
    """An input of the form.

    ``kind`` is text, number, date, select, checks or area (a long text); ``options`` are (stored
    value, words); ``held`` what is typed, a list for checks; ``faults`` what is wrong with it.
    """

    spec: FieldSpec
    label: str
    kind: str
    held: Any
    options: tuple[tuple[str, str], ...] = ()
    listed: str = ""
    required: bool = False
    note: str = ""
    step: str = ""
    faults: tuple[str, ...] = ()


@dataclass
class ZoneForm:
    """A zone being edited: its typed attributes, minerals and ground, and when it shall hold.

    ``parts`` are the pieces of a split, ``ended`` keys of the layer that go when this is saved.
    """

    book: ZoneBook
    layer: LayerSpec
    key: str
    attributes: dict[str, Any]
    minerals: list[dict[str, str]]
    geometry: str = ""
    parts: str = ""
    ended: tuple[str, ...] = ()
    is_new: bool = False
    changeset: str = ""
    kind: str = "annual"
    basis: str = ""
    date: str = ""
    until: str = ""
    faults: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def inputs(self) -> list[Input]:
        """The inputs, in the order of the standard."""
        return [self._input(item) for item in typed_fields(self.layer)]

    @property
    def has_numbers(self) -> bool:
        """Whether the layer holds numbers of rights beside its minerals."""
        return self.layer.field("NSCKQS") is not None

    @property
    def mineral_rows(self) -> list[dict[str, str]]:
        """The rows of minerals, with empty ones for more."""
        empty = {"mineral": "", "existing": "", "planned": "", "printed": ""}
        return [*self.minerals, *(dict(empty) for _ in range(_EMPTY_ROWS))]

    @property
    def mineral_names(self) -> tuple[str, ...]:
        """The names the code list of minerals offers."""
        return tuple(item.name for item in all_minerals())

    @property
    def clauses(self) -> tuple[tuple[str, str], ...]:
        """The clauses of the plan, for the field of the clause."""
        return tuple((c.id, f"{c.number} {c.title}") for c in self.book.snapshot.clauses)

    def day(self) -> dt.date:
        """The legal day the edit holds from (InputError E885 when it is none)."""
        return day_of(self.date, "date")

    def last(self) -> dt.date:
        """The day a correction holds until; further notice where none is given."""
        return day_of(self.until, "until") if self.until.strip() else FOREVER

    def ground(self) -> BaseGeometry | None:
        """The ground drawn (InputError E865 when it is no geometry)."""
        return geometry_of(self.geometry)

    def edits(self) -> list[Edit]:
        """What is to be staged: the zone, or the pieces it was split into."""
        quotas = tuple(_quotas(self.minerals))
        pieces = json_of(self.parts, list) if self.parts.strip() else []
        if not pieces:
            whole = FeatureValue(self.layer.code, self.key, self.attributes, self.ground())
            return [Edit(whole, quotas)]
        return [
            Edit(
                FeatureValue(
                    self.layer.code,
                    str(piece.get("key", "")).strip(),
                    {**self.attributes, **_named(piece)},
                    geometry_of(json.dumps(piece.get("geometry"))),
                ),
                quotas,
            )
            for piece in pieces
        ]

    def gone(self) -> list[tuple[str, str]]:
        """What ends when this is saved: what was merged, or split."""
        ended = list(self.ended)
        if self.parts.strip() and self.key not in ended:
            ended.append(self.key)
        return [(self.layer.code, key) for key in ended]

    def _input(self, item: FieldSpec) -> Input:
        held = self.attributes.get(item.code, "")
        kind, options, listed = self._kind(item)
        if kind == "checks":
            held = held if isinstance(held, list) else [p for p in str(held).split("、") if p]
        elif item.type is FieldType.BOOL and held != "":
            held = "是" if held in (True, "是") else "否"
        return Input(
            spec=item,
            label=heading(item),
            kind=kind,
            held=held if kind == "checks" else _written(held),
            options=options,
            listed=listed,
            required=item.required,
            note=_note(item),
            step=_step(item) if kind == "number" else "",
            faults=self.faults.get(item.code, ()),
        )

    def _kind(self, item: FieldSpec) -> tuple[str, tuple[tuple[str, str], ...], str]:
        if item.code == "SZXZQ":
            access = acting()
            names = [name for name in self.book.counties if access.covers(name)]
            return "checks", tuple((name, name) for name in names), ""
        if item.code == "GLCS":
            kind = ZoneKind(self.layer.zone_kind)
            own = [m for m in self.book.snapshot.measures if m.applies_to is kind]
            return "checks", tuple((m.id, m.text) for m in own), ""
        if item.code == "CC":
            return "text", (), "clauses"
        if item.type is FieldType.BOOL:
            return "select", (("是", t("是", "yes")), ("否", t("否", "no"))), ""
        if item.domain == "KZ":
            return "text", (), "minerals"
        if item.domain:
            return self._coded(item)
        if item.type in (FieldType.INT, FieldType.FLOAT) and item.code != "MJ":
            return "number", (), ""
        if item.type is FieldType.DATE:
            return "date", (), ""
        return ("area" if item.length > _LONG else "text"), (), ""

    def _coded(self, item: FieldSpec) -> tuple[str, tuple[tuple[str, str], ...], str]:
        codes = self.book.edition.code_lists[item.domain]
        options = tuple((codes.stored(c), f"{c.code} {said(c.name)}") for c in codes.codes)
        return ("checks" if item.multiple else "select"), options, ""


def of_feature(
    book: ZoneBook,
    layer: LayerSpec,
    feature: FeatureValue,
    minerals: Iterable[MineralQuota],
    **more: Any,
) -> ZoneForm:
    """The form of a zone as it stands."""
    ground = feature.geometry
    return ZoneForm(
        book,
        layer,
        feature.key,
        typed(feature, layer),
        [
            {
                "mineral": item.mineral,
                "existing": _written(item.existing_rights),
                "planned": _written(item.planned_rights),
                "printed": item.as_printed,
            }
            for item in minerals
        ],
        "" if ground is None else geometry_text(ground),
        date=dt.date.today().isoformat(),
        **more,
    )


def of_post(book: ZoneBook, layer: LayerSpec, given: QueryDict, is_new: bool = False) -> ZoneForm:
    """The form as somebody sent it."""
    attributes: dict[str, Any] = {}
    for item in typed_fields(layer):
        values = [value for value in given.getlist(f"f-{item.code}") if value.strip()]
        if values:
            attributes[item.code] = "、".join(values)
    if "MJ" in attributes:
        attributes["MJWB"] = attributes["MJ"].strip()
    columns = ("mineral", "existing", "planned", "printed")
    lists = [given.getlist(f"m-{name}") for name in columns]
    rows = [dict(zip(columns, row, strict=True)) for row in zip(*lists, strict=True)]
    return ZoneForm(
        book,
        layer,
        given.get("key", "").strip(),
        attributes,
        [row for row in rows if row["mineral"].strip()],
        geometry=given.get("geometry", ""),
        parts=given.get("parts", ""),
        ended=tuple(given.getlist("ended")),
        is_new=is_new,
        changeset=given.get("changeset", ""),
        kind=given.get("kind", "annual"),
        basis=given.get("basis", ""),
        date=given.get("date", ""),
        until=given.get("until", ""),
    )


def geometry_of(text: str) -> BaseGeometry | None:
    """A geometry of GeoJSON in lon/lat, None for nothing (InputError E865 for what is none)."""
    if not text.strip():
        return None
    try:
        found = shape_of(json.loads(text))
    except (ValueError, TypeError, KeyError, AttributeError, IndexError, ShapelyError) as error:
        raise _no_geometry() from error
    if not shapely.is_geometry(found):
        raise _no_geometry()
    return shapely.force_2d(found)


def json_of(text: str, kind: type[Any]) -> Any:
    """What a script of the page sent (InputError E865 when it is not of the kind)."""
    try:
        found = json.loads(text)
    except ValueError as error:
        raise _no_geometry() from error
    fits = isinstance(found, kind) and (
        kind is not list or all(isinstance(item, dict) for item in found)
    )
    if not fits:
        raise _no_geometry()
    return found


def _no_geometry() -> InputError:
    return InputError(
        "E865",
        Text("图形读不出来", "the geometry cannot be read"),
        place=Place(field="geometry"),
        hint=Text("在地图上重新绘制", "draw it again on the map"),
    )


def _quotas(rows: Iterable[Mapping[str, str]]) -> Iterable[MineralQuota]:
    for row in rows:
        name = row["mineral"].strip()
        printed = row.get("printed", "").strip() or name
        existing, planned = _whole(row, "existing"), _whole(row, "planned")
        yield MineralQuota(name, existing, planned, printed)


def _whole(row: Mapping[str, str], name: str) -> int | None:
    word = row.get(name, "").strip()
    if not word:
        return None
    if not word.isdecimal():
        raise InputError(
            "E714",
            Text(f"“{word}”不是采矿权数", f"{word!r} is no number of rights"),
            place=Place(field="ZYKZ"),
            hint=Text("填整数，没有规定时留空", "a whole number, or nothing"),
        )
    return int(word)


def _named(piece: Mapping[str, Any]) -> dict[str, Any]:
    """A piece keeps what it was made of, but has a name, a number and no stated area of its own."""
    key = str(piece.get("key", "")).strip()
    return {"MC": str(piece.get("name") or key).strip(), "GHBH": key, "MJ": "", "MJWB": ""}


def _written(value: Any) -> str:
    if value in (None, ""):
        return ""
    return f"{value:g}" if isinstance(value, float) else str(value)


def _note(item: FieldSpec) -> str:
    told = []
    if item.required_when is not None:
        told.append(
            t(f"填了 {item.required_when.field} 时必填", f"needed with {item.required_when.field}")
        )
    if item.type is FieldType.CHAR and item.length and not item.domain:
        told.append(t(f"不超过 {item.length} 字节", f"up to {item.length} bytes"))
    if item.note:
        told.append(item.note)
    return t("；", "; ").join(told)


def _step(item: FieldSpec) -> str:
    return "1" if item.type is FieldType.INT else f"{10.0**-item.decimals:.{item.decimals}f}"
