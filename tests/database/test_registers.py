"""Originals, deliverables, layer versions and reviews, on both engines."""

from __future__ import annotations

import datetime as dt
import hashlib
from pathlib import Path
from typing import Any

import pytest
from tests.database.making import START, trial_plan

from minplan.core.errors import StoreError
from minplan.core.geometry.layer import LayerVersion
from minplan.database import Database

RECORD: dict[str, Any] = {
    "number": "",
    "date": "2026-03-01",
    "verdict": "conflict",
    "plan": {"sha256": "1" * 64},
    "rule_edition": "2" * 64,
    "layers": [{"name": "red-line", "sha256": "3" * 64}],
    "findings": [{"value": 1e16, "text": "不得"}],
}


def test_originals_keep_their_bytes(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from minplan.database import originals

    monkeypatch.setattr(originals, "PIECE", 1000)
    data = bytes(range(256)) * 40
    (tmp_path / "a.zip").write_bytes(data)
    kept = originals.keep(tmp_path / "a.zip", actor="经办人", recorded=START)
    again = originals.keep(tmp_path / "a.zip", actor="经办人", recorded=START)
    assert kept == again
    assert kept.pk == hashlib.sha256(data).hexdigest()
    originals.write(kept.pk, tmp_path / "b.zip")
    assert (tmp_path / "b.zip").read_bytes() == data
    with pytest.raises(StoreError, match="E811"):
        originals.write("0" * 64, tmp_path / "c.zip")
    with pytest.raises(StoreError, match="E812"):
        originals.keep(tmp_path / "none.zip", actor="经办人", recorded=START)
    assert {f.name for f in tmp_path.iterdir() if f.suffix != ".sqlite"} >= {"a.zip", "b.zip"}
    assert not list(tmp_path.glob("*.part"))


def test_a_version_of_a_deliverable_is_one_thing(database: Database, tmp_path: Path) -> None:
    from minplan.database import deliverables, originals

    plan = trial_plan()
    for name in ("one", "two"):
        (tmp_path / name).write_text(name)

    def register(file: str, version: str) -> Any:
        original = originals.keep(tmp_path / file, actor="经办人", recorded=START)
        return deliverables.register(
            plan,
            original,
            kind="document",
            code="GHWB",
            name="规划文本.docx",
            version=version,
            actor="经办人",
            recorded=START,
            approval_number="长政函〔2022〕1号",
        )

    assert register("one", "1") == register("one", "1")
    with pytest.raises(StoreError, match="E813"):
        register("two", "1")
    register("two", "2")
    assert [item.version for item in deliverables.listed(plan)] == ["1", "2"]


def test_layer_versions_come_back_as_they_were(database: Database) -> None:
    from minplan.database import layer_versions

    version = LayerVersion(
        "red-line",
        "3" * 64,
        "文件",
        dt.date(2022, 1, 1),
        extent=(1.0, 2.0, 3.0, 4.0),
        schematic=True,
    )
    for _ in range(2):
        layer_versions.register(version, actor="经办人", recorded=START)
    assert layer_versions.listed() == (version,)


def test_reviews_are_numbered_by_year(database: Database) -> None:
    from minplan.database import reviews

    first = reviews.store(RECORD, actor="经办人", recorded=START)
    second = reviews.store(RECORD, actor="经办人", recorded=START)
    other = reviews.store({**RECORD, "date": "2025-12-31"}, actor="经办人", recorded=START)
    assert [first.number, second.number, other.number] == ["2026-0001", "2026-0002", "2025-0001"]
    assert reviews.get("2026-0002").record == {**RECORD, "number": "2026-0002"}
    assert [item.number for item in reviews.listed(2026)] == ["2026-0001", "2026-0002"]
    assert len(reviews.listed()) == 3
    with pytest.raises(StoreError, match="E811"):
        reviews.get("2026-0003")
    with pytest.raises(StoreError, match="E816"):
        reviews.store({"date": "2026-03-01"}, actor="经办人", recorded=START)
