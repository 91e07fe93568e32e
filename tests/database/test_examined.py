"""What was examined once is staged as it is, and nothing else is taken for examined."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any

import pytest
from tests.database.making import Clock, carry_out, found, square, trial_plan, zone

from minplan.core.errors import Faults
from minplan.core.standard.feature import FeatureValue, feature_digest
from minplan.database import Database

LAW = dt.date(2021, 1, 1)


def examined(*features: FeatureValue, date: dt.date = LAW) -> Any:
    from minplan.database.editions import edition
    from minplan.database.validation import examine

    return examine(edition("2021-2025"), [(item, date) for item in features])


def stored(key: str) -> Any:
    from minplan.database.models import Feature

    return Feature.objects.get(key=key, recorded_to=None)


def test_examined_features_are_staged_as_they_were_examined(database: Database) -> None:
    """What happens to the attributes afterwards does not count."""
    (one,) = examined(zone("a", "甲", square(113.0)))
    one.feature.attributes["MC"] = "x" * 5_000
    one.feature.attributes["NOFIELD"] = 1
    found(trial_plan(), [one], Clock(), LAW)
    row = stored("a")
    assert row.attributes == {"BSM": "a", "MC": "甲"}
    assert row.digest == feature_digest(row.value)


def test_staging_does_not_examine_again(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    from minplan.database import validation

    told = examined(zone("a"), zone("b"))
    monkeypatch.setattr(validation, "validate_feature", None)
    found(trial_plan(), told, Clock(), LAW)
    assert {stored("a").key, stored("b").key} == {"a", "b"}


def test_features_with_faults_stay_at_fault(database: Database) -> None:
    told = examined(zone("a", NOFIELD=1))
    with pytest.raises(Faults, match="NOFIELD"):
        found(trial_plan(), told, Clock(), LAW)


@pytest.mark.parametrize("other", [{"date": dt.date(2022, 1, 1)}, {"edition": "copy"}])
def test_for_another_date_or_edition_it_is_examined_again(
    database: Database, other: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    from minplan.database import validation

    (one,) = examined(zone("a"))
    if "edition" in other:
        one = replace(one, edition=replace(one.edition))
    calls = []
    real = validation.validate_feature
    monkeypatch.setattr(
        validation,
        "validate_feature",
        lambda *given, **more: calls.append(given) or real(*given, **more),
    )
    found(trial_plan(), [one], Clock(), other.get("date", LAW))
    assert len(calls) == 1


def test_nobody_else_makes_examined_features(database: Database) -> None:
    from minplan.database.validation import Examined

    (one,) = examined(zone("a"))
    with pytest.raises(TypeError, match="validation"):
        Examined(zone("b", NOFIELD=1), (), "{}", one.edition, LAW, object())


def test_rows_are_examined_with_their_numbers(database: Database) -> None:
    from shapely import Point

    from minplan.database.editions import edition
    from minplan.database.validation import examine_rows

    rows = [
        (7, {"BSM": "a", "MC": "甲"}, square(113.0)),
        (8, {"MC": "没有编号"}, None),
        (9, {"BSM": "c", "MC": "点"}, Point(113, 36)),
        (10, {"BSM": " d", "MC": "丁"}, None),
    ]
    told = examine_rows(edition("2021-2025"), "XZQ", rows, LAW)
    assert [[(fault.code, fault.place.row) for fault in item.faults] for item in told] == [
        [],
        [("E713", 8)],
        [("E722", 9)],
        [],
    ]
    assert [item.feature.key for item in told] == ["a", "", "c", "d"]


def test_a_change_takes_content_from_operations_and_from_what_was_believed(
    database: Database,
) -> None:
    """The row that is cut keeps its content, the new one has that of its operation."""
    from minplan.database import changesets
    from minplan.database.audit import verify
    from minplan.database.models import Feature

    clock, plan = Clock(), trial_plan()
    first, second = zone("a", "甲", square(113.0)), zone("a", "乙", square(114.0))
    found(plan, [first, zone("b")], clock, LAW)
    later = dt.date(2023, 1, 1)
    carry_out(plan, "annual", clock, lambda c: changesets.change(c, [second], later))
    held = Feature.objects.filter(key="a", recorded_to=None).order_by("effective_from")
    assert [(row.effective_from, row.effective_to, row.value) for row in held] == [
        (LAW, later, first),
        (later, None, second),
    ]
    assert not verify().faults
