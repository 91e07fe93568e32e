"""Small submissions for tests of quality checks: one layer, and a text where it is asked for."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

ROOT = "140400长治市2021-2025矿产资源总体规划"
LAYER = f"{ROOT}/5 数据库/空间数据/1404003KAIGHQK2025.geojson"
TEXT = f"{ROOT}/1 规划文本/140400长治市规划文本.txt"
WORDS = "第一章 总则\n\n一、目的\n\n（一）依据\n\n为加强管理，编制本规划。\n"


def block(key: str, west: float, **more: Any) -> dict[str, Any]:
    """A square block of about a square kilometre as a GeoJSON feature."""
    ring = [[west, 36.2], [west + 0.01, 36.2], [west + 0.01, 36.21], [west, 36.21], [west, 36.2]]
    return {
        "type": "Feature",
        "properties": {"BSM": key, "MC": f"区块{key}", **more},
        "geometry": {"type": "Polygon", "coordinates": [ring]},
    }


def layer(*blocks: dict[str, Any]) -> str:
    """Blocks as a GeoJSON file."""
    return json.dumps({"type": "FeatureCollection", "features": list(blocks)}, ensure_ascii=False)


def folder(place: Path, *blocks: dict[str, Any], text: str = "") -> Path:
    """A hand-in folder below ``place``; returns its root."""
    files = {LAYER: layer(*blocks)} | ({TEXT: text} if text else {})
    for name, content in files.items():
        file = place / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(content, encoding="utf-8")
    return place / ROOT
