"""Texts longer than their field: the field keeps the beginning, a table the whole text."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any, Final

from minplan.core.standard.feature import FeatureValue
from minplan.core.standard.model import Edition, FieldType
from minplan.core.standard.values import cut_to_bytes, gbk_length

TABLE: Final = "CWB"


def split_texts(features: Iterable[FeatureValue], edition: Edition) -> list[FeatureValue]:
    """Features whose texts fit their fields, followed by the rows of whole texts."""
    kept: list[FeatureValue] = []
    rows: list[FeatureValue] = []
    for feature in features:
        long = _too_long(feature, edition)
        if not long:
            kept.append(feature)
            continue
        cut = {name: cut_to_bytes(feature.attributes[name], room) for name, room in long.items()}
        kept.append(replace(feature, attributes={**feature.attributes, **cut}))
        for name in long:
            whole = str(feature.attributes[name])
            rows.append(_row(len(rows) + 1, feature, name, whole))
    return [*kept, *rows]


def restore_texts(features: Iterable[FeatureValue]) -> list[FeatureValue]:
    """Features with their whole texts; a field that was changed since is left as it is."""
    listed = list(features)
    whole: dict[tuple[str, str], dict[str, str]] = {}
    for row in listed:
        if row.layer == TABLE:
            told = row.attributes
            texts = whole.setdefault((told["YSTC"], told["YSBSM"]), {})
            texts[told["ZD"]] = told["NR"]
    restored = []
    for feature in listed:
        held: dict[str, Any] = {
            name: text
            for name, text in whole.get((feature.layer, feature.key), {}).items()
            if text.startswith(str(feature.attributes.get(name, "")))
        }
        attributes = {**feature.attributes, **held}
        restored.append(replace(feature, attributes=attributes) if held else feature)
    return [feature for feature in restored if feature.layer != TABLE]


def _too_long(feature: FeatureValue, edition: Edition) -> dict[str, int]:
    """Fields with too long a text and their room in bytes; the key stays whole."""
    spec = edition.spec(feature.layer)
    return {
        item.code: item.length
        for item in spec.fields
        if item.type is FieldType.CHAR
        and item.code != spec.key
        and isinstance(value := feature.attributes.get(item.code), str)
        and gbk_length(value) > item.length
    }


def _row(number: int, feature: FeatureValue, field: str, text: str) -> FeatureValue:
    key = f"{feature.layer}|{feature.key}|{field}"
    told = {"YSTC": feature.layer, "YSBSM": feature.key, "ZD": field, "NR": text}
    return FeatureValue(TABLE, key, {"BSM": key, "XH": number, **told})
