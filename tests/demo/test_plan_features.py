"""The whole plan of the package as valid features of the standard and back."""

from __future__ import annotations

from importlib import resources
from pathlib import Path

from minplan.core.plan.features import features_to_snapshot, snapshot_to_features
from minplan.core.plan.model import PlanSnapshot
from minplan.core.standard.load import edition
from minplan.core.standard.validate import validate_layer, validate_references
from minplan.formats.plan_package import load_plan

EDITION = edition("2021-2025")
PACKAGE = Path(str(resources.files("minplan.demo"))) / "changzhi" / "plan"


def assert_exact(plan: PlanSnapshot) -> None:
    features = snapshot_to_features(plan, EDITION)
    assert validate_references(EDITION, features) == ()
    for code in {item.layer for item in features}:
        members = tuple(item for item in features if item.layer == code)
        check = validate_layer(EDITION, code, members, date=plan.plan.effective_from)
        assert check.faults == ()
        assert [dict(item.attributes) for item in check.features] == [
            dict(item.attributes) for item in members
        ]
    assert features_to_snapshot(reversed(features), EDITION).sha256 == plan.sha256


def test_the_package_without_geometry() -> None:
    assert_exact(load_plan(PACKAGE))
