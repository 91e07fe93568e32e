"""What the map offers: the layer tree by theme, symbols, base maps, counties."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from functools import cache, lru_cache
from importlib import resources
from pathlib import Path
from typing import Any, Final

import shapely
from django.db.models import Count

from minplan.core.access import Access, Permission
from minplan.core.access.sight import sees_constraint, sees_layer
from minplan.core.review.missing import layer_names
from minplan.core.standard.model import Edition, LayerSpec
from minplan.core.text import Text
from minplan.database.editions import edition as edition_of
from minplan.layers.known import known_kinds
from minplan.layers.tiles import matrices
from minplan.layers.version import StoredLayer
from minplan.reports.maps.style import Style, styles
from minplan.reports.palette import outcome_styles
from minplan.web.configuration import BaseMap, configuration
from minplan.web.desk import stored_layers, workspace
from minplan.web.onemap import geojson
from minplan.web.onemap.moment import Moment

#: Outlines of counties for the first view: about 30 m.
_COUNTY_TOLERANCE: Final = 0.0003
#: Where the map opens when the plan has no ground at all: the whole country.
_NOWHERE: Final = (73.5, 18.0, 135.1, 53.6)


def setup(moment: Moment, access: Access) -> dict[str, Any]:
    """Everything a map needs to begin, for whoever looks."""
    settings = configuration()
    counties = list(moment.features("XZQ")) if sees_layer(access, "XZQ") else []
    shapes = [item.geometry for item in counties if item.geometry is not None]
    west, south, east, north = shapely.total_bounds(shapes) if shapes else _NOWHERE
    outlines = geojson.collection(
        (item.key, shapely.simplify(item.geometry, _COUNTY_TOLERANCE), _county(item.attributes))
        for item in counties
        if item.geometry is not None
    )
    return {
        "projection": settings.map_projection,
        "home": [west, south, east, north],
        "counties": json.loads(outlines),
        "plan": {
            "code": moment.plan.code,
            "name": Text(moment.plan.name_zh, moment.plan.name_en).to_dict(),
        },
        "date": moment.date.isoformat(),
        "recorded": moment.recorded.isoformat() if moment.recorded else "",
        "groups": _groups(moment, access),
        "symbols": {name: asdict(style) for name, style in _symbols().items()},
        "outcomes": {key.value: asdict(style) for key, style in outcome_styles().items()},
        "baseMaps": [_base(number, item) for number, item in enumerate(settings.base_maps)],
    }


def _county(attributes: Mapping[str, Any]) -> dict[str, Any]:
    return {"label": attributes.get("MC", ""), "schematic": bool(attributes.get("SFSY"))}


def _symbols() -> Mapping[str, Style]:
    return styles()


def _base(number: int, item: BaseMap) -> dict[str, Any]:
    return {**asdict(item), "id": f"base-{number + 1}"}


@cache
def themes() -> dict[str, Any]:
    """The table of the layer tree."""
    text = (resources.files("minplan.web.onemap") / "themes.toml").read_text("utf-8")
    return tomllib.loads(text)


def label_field(code: str) -> str:
    """The field whose value is written beside features of a layer."""
    return str(themes()["label"].get(code, "MC"))


def _groups(moment: Moment, access: Access) -> list[dict[str, Any]]:
    plan = _plan_entries(moment, access)
    stored = _constraint_entries(moment, access)
    named = {code for group in themes()["group"] for code in group.get("layers", ())}
    placed = {name for group in themes()["group"] for name in group.get("constraints", ())}
    groups = []
    for group in themes()["group"]:
        codes = list(group.get("layers", ()))
        names = list(group.get("constraints", ()))
        if group["id"] == "layout":
            codes += [code for code in plan if code not in named]
        if group["id"] == "control":
            names += [name for name in stored if name not in placed]
        layers = [plan[code] for code in codes if code in plan]
        layers += [stored[name] for name in names if name in stored]
        if group.get("cases") and access.may(Permission.READ):
            layers.append(_cases())
        if layers:
            name = Text(group["zh"], group["en"]).to_dict()
            groups.append({"id": group["id"], "name": name, "layers": layers})
    return groups


def _plan_entries(moment: Moment, access: Access) -> dict[str, dict[str, Any]]:
    edition = edition_of(moment.plan.edition_id)
    counted = moment.features().values("layer").annotate(all=Count("id"), drawn=Count("geometry"))
    shown = set(themes()["shown"]["layers"])
    found = {}
    for row in counted:
        spec = edition.layer(row["layer"])
        if spec is None or spec.zone_kind == "county" or not sees_layer(access, spec.code):
            continue
        found[spec.code] = _entry(
            id=spec.code,
            kind="plan",
            code=spec.code,
            symbol=_symbol_of(edition, spec),
            name=spec.name.to_dict(),
            count=row["drawn"],
            undrawn=row["all"] - row["drawn"],
            geometry=spec.geometry,
            on=spec.code in shown,
            source=moment.plan.name_zh,
        )
    order = {spec.code: number for number, spec in enumerate(edition.layers)}
    return dict(sorted(found.items(), key=lambda item: order[item[0]]))


def _symbol_of(edition: Edition, spec: LayerSpec) -> str:
    symbol = edition.symbol(spec.code)
    return symbol.name if symbol else "other"


def _constraint_entries(moment: Moment, access: Access) -> dict[str, dict[str, Any]]:
    """One entry a layer, of the version in force on the day, with all versions beside it."""
    versions: dict[str, list[StoredLayer]] = {}
    for item in library_versions():
        if sees_constraint(access, item.version.name):
            versions.setdefault(item.version.name, []).append(item)
    shown = set(themes()["shown"]["constraints"])
    found = {}
    for name, stored in versions.items():
        valid = [item for item in stored if item.version.in_force(moment.date)]
        if not valid:
            continue
        found[name] = _constraint(name, valid[-1], stored, on=name in shown)
    return found


def library_versions() -> tuple[StoredLayer, ...]:
    """All versions of all constraint layers; opened again only when the library has changed."""
    library = workspace().library
    return _versions(library.folder, library.stand())


@lru_cache(maxsize=4)
def _versions(folder: Path, stand: object) -> tuple[StoredLayer, ...]:
    return stored_layers()


def _constraint(
    name: str, current: StoredLayer, stored: Iterable[StoredLayer], *, on: bool
) -> dict[str, Any]:
    version = current.version
    return _entry(
        id=name,
        kind="constraint",
        code=name,
        symbol=name if name in _symbols() else "other",
        name=layer_names().get(name, Text(name, name)).to_dict(),
        count=version.feature_count,
        geometry=known_kinds().get(name, "polygon"),
        on=on,
        source=version.source,
        act=version.act,
        schematic=version.schematic,
        sha256=version.sha256,
        tiles=list(matrices(current.path)),
        versions=[_told(item) for item in stored],
        **_dates(current),
    )


def _told(item: StoredLayer) -> dict[str, Any]:
    return {
        "sha256": item.version.sha256,
        "act": item.version.act,
        "count": item.version.feature_count,
        "tiles": list(matrices(item.path)),
        **_dates(item),
    }


def _dates(item: StoredLayer) -> dict[str, str]:
    version = item.version
    return {
        "from": version.effective_from.isoformat() if version.effective_from else "",
        "to": version.effective_to.isoformat() if version.effective_to else "",
    }


def _cases() -> dict[str, Any]:
    from minplan.database.models import Case  # noqa: PLC0415 (only where cases may be read)

    return _entry(
        id="cases",
        kind="cases",
        code="cases",
        symbol="other",
        name=Text("审查案卷", "review cases").to_dict(),
        count=Case.objects.exclude(west=None).count(),
        on=False,
    )


def _entry(**values: Any) -> dict[str, Any]:
    empty: dict[str, Any] = {
        "undrawn": 0, "geometry": "polygon", "on": False, "source": "", "act": "", "from": "",
        "to": "", "schematic": False, "sha256": "", "tiles": [], "versions": [],
    }  # fmt: skip
    return {**empty, **values}
