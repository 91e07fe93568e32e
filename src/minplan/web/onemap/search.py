"""Finding features on the map by code, name, county; and places by coordinates."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Final

from minplan.core.access import Access
from minplan.core.access.sight import sees_layer
from minplan.core.review.missing import layer_names
from minplan.core.text import Text
from minplan.database.editions import edition as edition_of
from minplan.database.models import Case
from minplan.layers.file import LayerFile
from minplan.layers.find import find
from minplan.web.onemap.applies import layers_in_force
from minplan.web.onemap.moment import Moment

_MOST: Final = 30
#: Layers with more features are not looked through: it would take longer than typing.
_SEARCHED: Final = 200_000
#: Fields of plan features that are looked through, the telling ones first.
_FIELDS: Final = ("GHBH", "MC", "SZXZQ", "ZYKZ", "XKZH", "QLR")
_LONLAT: Final = re.compile(r"\s*(\d{2,3}(?:\.\d+)?)\s*[,，\s]\s*(\d{2}(?:\.\d+)?)\s*")
#: Attributes of constraint layers that are looked through.
_ATTRIBUTES: Final = ("name", "licence", "holder", "名称", "MC")


def search(moment: Moment, access: Access, words: str) -> list[dict[str, Any]]:
    """Places for words: coordinates, plan features, cases, features of constraint layers."""
    wanted = words.strip()
    if not wanted:
        return []
    found = [*_position(wanted), *_in_plan(moment, access, wanted.casefold())]
    if len(found) < _MOST:
        found += _in_cases(wanted)
    for layer in layers_in_force(moment, access):
        if len(found) >= _MOST:
            break
        found += _in_layer(layer, wanted)
    return found[:_MOST]


def _position(words: str) -> Iterator[dict[str, Any]]:
    match = _LONLAT.fullmatch(words)
    if match is None:
        return
    lon, lat = float(match[1]), float(match[2])
    if 73 <= lon <= 136 and 3 <= lat <= 54:
        name = Text("坐标", "coordinates")
        yield _hit("", name, f"{lon}, {lat}", "", (lon, lat, lon, lat))


def _in_plan(moment: Moment, access: Access, words: str) -> list[dict[str, Any]]:
    edition = edition_of(moment.plan.edition_id)
    codes = [spec.code for spec in edition.layers if sees_layer(access, spec.code)]
    columns = ("layer", "key", "attributes", "west", "south", "east", "north")
    ranked = []
    for layer, key, held, *bounds in moment.features(*codes).values_list(*columns):
        texts = [key, *(str(held.get(field) or "") for field in _FIELDS)]
        rank = next((n for n, text in enumerate(texts) if words in text.casefold()), None)
        if rank is None or bounds[0] is None:
            continue
        spec = edition.layer(layer)
        assert spec is not None
        title = str(held.get("MC") or key)
        note = "　".join(str(held[f]) for f in ("GHBH", "SZXZQ") if held.get(f))
        hit = _hit(f"{layer}:{key}", spec.name, title, note, tuple(bounds))
        ranked.append((rank, layer != "XZQ", key, hit))
    return [item[-1] for item in sorted(ranked, key=lambda item: item[:3])[:_MOST]]


def _in_cases(words: str) -> list[dict[str, Any]]:
    found = Case.objects.exclude(west=None).order_by("-changed")
    name = Text("审查案卷", "review cases")
    hits = [*found.filter(number__icontains=words)[:10], *found.filter(title__icontains=words)[:10]]
    return [
        _hit(
            f"cases:{case.number}", name, case.title or case.number, case.number,
            (case.west, case.south, case.east, case.north),
        )
        for case in dict.fromkeys(hits)
    ]  # fmt: skip


def _in_layer(layer: LayerFile, words: str) -> list[dict[str, Any]]:
    """Features of a constraint layer whose name, licence or holder holds the words."""
    if layer.version.feature_count > _SEARCHED:
        return []
    found = find(layer, words, _ATTRIBUTES, limit=8)
    attributes = layer.attributes([*found])
    version = layer.version.name
    name = layer_names().get(version, Text(version, version))
    hits = []
    for feature, bounds in found.items():
        held = attributes[feature]
        title = str(held.get("name") or held.get("licence") or feature)
        note = str(held.get("licence") or held.get("holder") or "")
        hits.append(_hit(f"{version}:{feature}", name, title, note, bounds))
    return hits


def _hit(
    identifier: str, layer: Text, title: str, note: str, bounds: tuple[Any, ...]
) -> dict[str, Any]:
    return {
        "id": identifier,
        "layerName": layer.to_dict(),
        "title": title,
        "note": note,
        "bounds": list(bounds),
    }
