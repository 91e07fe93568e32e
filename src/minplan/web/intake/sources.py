"""Grounds that are there already: planning blocks, rights, samples of the demo."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import shapely
from django.http import HttpRequest, HttpResponse, JsonResponse

from minplan.core.access import Permission
from minplan.core.errors import StoreError
from minplan.core.geometry.area import areas_by_method
from minplan.core.geometry.corners import drawn
from minplan.core.geometry.crs import local_system
from minplan.core.geometry.polygonal import Polygonal
from minplan.core.plan.model import ZoneKind
from minplan.core.plan.places import county_of
from minplan.core.text import Text
from minplan.formats.proposal_file import read_proposal
from minplan.formats.proposal_json import proposal_to_dict
from minplan.formats.reading import InputOptions
from minplan.formats.stated import system_word
from minplan.web.access import requires
from minplan.web.desk import workspace
from minplan.web.intake.body import date_of
from minplan.web.intake.reading import described_block, shape
from minplan.web.words import said, t
from minplan.workspace import Desk

_BLOCKS: Final = (ZoneKind.MINING_BLOCK, ZoneKind.EXPLORATION_BLOCK)
_RIGHTS: Final = ("mining-right", "exploration-right")
_MOST: Final = 60


@requires(Permission.REVIEW)
def listed(request: HttpRequest) -> HttpResponse:
    """Planning blocks and rights whose code, name, county or mineral holds ``q``."""
    wanted = (request.GET.get("q") or "").strip().lower()
    desk = workspace().desk(date_of({}))
    found = [item for item in _entries(desk) if wanted in item["search"]]
    rows = [{key: value for key, value in item.items() if key != "search"} for item in found]
    return JsonResponse({"items": rows[:_MOST], "count": len(rows)})


@requires(Permission.REVIEW)
def source(request: HttpRequest) -> HttpResponse:
    """The ground of a planning block (``block``), right (``right``) or sample (``sample``)."""
    desk = workspace().desk(date_of({}))
    if key := request.GET.get("block"):
        return JsonResponse(_block(desk, key))
    if key := request.GET.get("right"):
        return JsonResponse(_right(desk, key))
    return JsonResponse(_sample(desk, request.GET.get("sample") or ""))


def samples() -> list[dict[str, str]]:
    """The sample proposals of the workspace, if it is a demo: key and what it shows."""
    folder = workspace().folder / "proposals"
    found = []
    for file in sorted(folder.glob("*.toml")):
        first = file.read_text("utf-8").splitlines()[0].lstrip("# ").strip()
        number, _, outcome = file.stem.partition("-")
        found.append({"key": file.stem, "words": t(first, f"Sample {number}: {outcome}")})
    return found


# -- parts ----------------------------------------------------------------------------------------


def _entries(desk: Desk) -> Iterator[dict[str, Any]]:
    for zone in desk.plan.zones_of(*_BLOCKS):
        if zone.geometry is None:
            continue
        place, named = "、".join(zone.counties), "、".join(zone.mineral_names)
        yield _entry(
            "block", zone.code, zone.name, word=zone.kind.word, place=place, minerals=named
        )
    for name in _RIGHTS:
        layer = desk.layers.get(name)
        if layer is None or layer.version.extent is None:
            continue
        batch = layer.candidates(layer.version.extent)
        known = layer.attributes(sorted(set(batch.feature.tolist())))
        word = _RIGHT_WORDS[name]
        for attributes in known.values():
            code = str(attributes.get("licence") or attributes.get("code") or "")
            if code:
                county = str(attributes.get("county") or "")
                title = str(attributes.get("name") or "")
                yield _entry("right", code, title, word=word, place=county)


_RIGHT_WORDS: Final = {
    "mining-right": Text("采矿权", "mining right"),
    "exploration-right": Text("探矿权", "exploration right"),
}


def _entry(
    kind: str, code: str, name: str, *, word: Text, place: str, minerals: str = ""
) -> dict[str, Any]:
    return {
        "kind": kind,
        "code": code,
        "name": name,
        "word": said(word),
        "county": place,
        "minerals": minerals,
        "search": " ".join((code, name, word.zh, place, minerals)).lower(),
    }


def _block(desk: Desk, code: str) -> dict[str, Any]:
    zones = [z for z in desk.plan.zones_of(*_BLOCKS) if z.code == code and z.geometry is not None]
    if not zones or zones[0].geometry is None:
        raise _unknown(code)
    zone = zones[0]
    right = "mining-right" if zone.kind is ZoneKind.MINING_BLOCK else "exploration-right"
    attributes: dict[str, Any] = {
        "name": zone.name,
        "block_code": zone.code,
        "right": right,
        "action": "grant",
        "minerals": list(zone.mineral_names),
    }
    if len(zone.counties) == 1:
        attributes["county"] = zone.counties[0]
    sentence = t(f"引用规划区块 {code}。", f"Ground of planning block {code}.")
    return _answer(desk, code, zones[0].geometry, sentence, attributes)


def _right(desk: Desk, licence: str) -> dict[str, Any]:
    for name in _RIGHTS:
        layer = desk.layers.get(name)
        if layer is None or layer.version.extent is None:
            continue
        batch = layer.candidates(layer.version.extent)
        known = layer.attributes(sorted(set(batch.feature.tolist())))
        wanted = [key for key, item in known.items() if licence == item.get("licence")]
        if not wanted:
            continue
        parts = [g for f, g in zip(batch.feature, batch.geometry, strict=True) if f == wanted[0]]
        joined = shapely.union_all(parts)
        system = local_system(joined.centroid.x)
        polygonal = drawn(shape(joined)["geometry"], system)
        own = known[wanted[0]]
        attributes = {
            "name": str(own.get("name") or ""),
            "licence": licence,
            "right": name,
            "action": "renewal",
            "minerals": [own["mineral"]] if own.get("mineral") else [],
        }
        sentence = t(f"引用矿业权 {licence}。", f"Ground of right {licence}.")
        return _answer(desk, licence, polygonal, sentence, attributes)
    raise _unknown(licence)


def _sample(desk: Desk, key: str) -> dict[str, Any]:
    file: Path | None = next(
        (item for item in (workspace().folder / "proposals").glob("*.toml") if item.stem == key),
        None,
    )
    if file is None:
        raise _unknown(key)
    found = read_proposal(file)
    proposal = proposal_to_dict(found.proposals[0])
    elevation = proposal.pop("elevation")
    proposal.pop("geometry")
    if elevation:
        proposal |= {"upper": elevation[0], "lower": elevation[1]}
    block = described_block(found.reading.block, InputOptions(), desk)
    text = file.with_suffix(".txt")
    return {
        "source": key,
        "kind": "text",
        "text": text.read_text("utf-8") if text.is_file() else "",
        "options": {},
        "layers": [],
        "remarks": [],
        "blocks": [{**block, "attributes": proposal, "faults": []}],
    }


def _answer(
    desk: Desk, name: str, ground: Polygonal, sentence: str, attributes: dict[str, Any]
) -> dict[str, Any]:
    block = {
        "name": name,
        **shape(ground.geometry),
        "system": system_word(ground.edge_system),
        "understanding": sentence,
        "systems": [said(ground.edge_system.name)],
        "corners": [],
        "remarks": [],
        "alternatives": [],
        "areas": {str(key): area for key, area in areas_by_method(ground).items()},
        "county": county_of(desk.plan, ground),
        "attributes": attributes,
        "faults": [],
    }
    return {
        "source": name, "kind": "block", "options": {}, "layers": [], "remarks": [],
        "blocks": [block],
    }  # fmt: skip


def _unknown(code: str) -> StoreError:
    return StoreError(
        "E811",
        Text(f"没有可引用的范围 {code}", f"there is no ground {code} to take"),
        hint=Text("在“引用”中按编号、名称或矿种查找", "look for it under “Reference”"),
    )
