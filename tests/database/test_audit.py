"""The audit chain finds what somebody did with the triggers out of the way."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from tests.database.making import Clock, carry_out, found, trial_plan, zone

from minplan.database import Database

LAW = dt.date(2021, 1, 1)


def _fill(folder: Path) -> None:
    from minplan.core.geometry.layer import LayerVersion
    from minplan.database import changesets, deliverables, layer_versions, originals, reviews

    clock, plan = Clock(), trial_plan()
    found(plan, [zone("a", "甲"), zone("b", "乙")], clock, LAW)
    date = dt.date(2024, 1, 1)
    carry_out(plan, "annual", clock, lambda c: changesets.change(c, [zone("a", "丙")], date))
    (folder / "text.txt").write_text("规划文本", encoding="utf-8")
    original = originals.keep(folder / "text.txt", actor="经办人", recorded=clock())
    deliverables.register(
        plan,
        original,
        kind="document",
        code="GHWB",
        name="规划文本.txt",
        version="1",
        actor="经办人",
        recorded=clock(),
    )
    version = LayerVersion("red-line", "0" * 64, extent=(1.0, 2.0, 3.0, 4.0), effective_from=LAW)
    layer_versions.register(version, actor="经办人", recorded=clock())
    reviews.store(
        {
            "date": "2026-03-01",
            "verdict": "clear",
            "plan": {"sha256": "1" * 64},
            "rule_edition": "2" * 64,
            "layers": [{"name": "red-line", "sha256": "0" * 64}],
        },
        actor="经办人",
        recorded=clock(),
    )


EDITS = {
    "attributes": "UPDATE minplan_feature SET attributes = '{}' WHERE key = 'b'",
    "references": "UPDATE minplan_review SET layers = '{}'",
    "interval": "UPDATE minplan_feature SET effective_to = '2022-01-01' WHERE key = 'b'",
    "removed row": "DELETE FROM minplan_feature WHERE key = 'b'",
    "strange row": (
        "INSERT INTO minplan_feature (plan_id, layer, key, effective_from, recorded_from,"
        " changeset_id, attributes, digest) SELECT plan_id, layer, 'z', effective_from,"
        " recorded_from, changeset_id, attributes, digest FROM minplan_feature WHERE key = 'b'"
    ),
    "edited entry": "UPDATE minplan_auditentry SET actor = '别人' WHERE number = 3",
    "gap": "DELETE FROM minplan_auditentry WHERE number = 4",
    "cut end": (
        "DELETE FROM minplan_auditentry WHERE number = (SELECT max(number) FROM minplan_auditentry)"
    ),
    "basis": "UPDATE minplan_changeset SET basis = '别的文件' WHERE id = 1",
    "approver": "UPDATE minplan_changeset SET approver = '别人' WHERE id = 1",
    "review": 'UPDATE minplan_review SET record = \'{"verdict":"conflict"}\'',
    "removed review": "DELETE FROM minplan_review",
    "approval number": "UPDATE minplan_deliverable SET approval_number = '1'",
    "bytes": "UPDATE minplan_originalpart SET content = '1234'",
    "layer": "UPDATE minplan_layerversion SET act = '别的文件'",
    "plan": "UPDATE minplan_plan SET region_code = '140000'",
}


@pytest.mark.parametrize("what", EDITS)
def test_tampering_is_found(database: Database, tmp_path: Path, what: str) -> None:
    from django.db import connections

    from minplan.database import locks
    from minplan.database.audit import verify

    _fill(tmp_path)
    sound = verify()
    assert not sound.faults
    assert sound.entries == 13
    connection = connections[database.alias]
    locks.remove(connection)
    with connection.cursor() as cursor:
        cursor.execute(EDITS[what])
        assert cursor.rowcount == 1
    locks.install(connection)
    assert verify().faults


def test_missing_triggers_are_found(database: Database) -> None:
    from django.db import connections

    from minplan.database import locks
    from minplan.database.audit import verify

    locks.remove(connections[database.alias])
    assert len(verify().faults) == 1
