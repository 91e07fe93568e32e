"""Score and verdict, waivers, comparison with an earlier inspection, settings of a bureau."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from minplan.core.errors import InputError, PlanDataError
from minplan.core.quality.check import Family, registered
from minplan.core.quality.comparison import compare
from minplan.core.quality.engine import inspect
from minplan.core.quality.fault import Level
from minplan.core.quality.inspection import Inspection, State
from minplan.core.quality.sandbox import submission
from minplan.core.quality.score import Verdict, bundled_scoring, score
from minplan.core.quality.settings import read_settings
from minplan.core.quality.waiver import Waiver, waive

TODAY = dt.date(2025, 6, 30)
BLOCK = "KAIGHQK"
NAMELESS = {"layers": {BLOCK: [{"MC": None}, {}, {}, {}]}}


def found(given: dict[str, Any], *ids: str, **more: Any) -> Inspection:
    checks = [item for item in registered() if not ids or item.id in ids]
    return inspect(submission(given), checks=checks, **more)


# -- score ----------------------------------------------------------------------------------------


def test_without_faults_the_score_is_full_and_it_passes() -> None:
    told = score(found({}, "Q-VA-01", "Q-GE-02"))
    assert told.points == 100
    assert told.verdict is Verdict.PASS
    assert told.grade.key == "excellent"
    assert not told.reasons


def test_the_formula_is_that_of_the_docs() -> None:
    inspection = found(NAMELESS, "Q-VA-01", "Q-GE-02")
    result, figures = inspection.result("Q-VA-01"), bundled_scoring()
    share = 1 / result.examined
    part = figures.least_share + (1 - figures.least_share) * share
    values = 100 - figures.points[Level.ERROR] * inspection.checks["Q-VA-01"].weight * part
    weights = figures.families
    whole = weights[Family.VALUES] + weights[Family.GEOMETRY]
    expected = (weights[Family.VALUES] * values + weights[Family.GEOMETRY] * 100) / whole
    told = score(inspection)
    assert told.points == pytest.approx(expected, abs=0.1)
    assert told.points <= expected
    assert told.verdict is Verdict.MEND


def test_a_fatal_fault_fails_whatever_the_score() -> None:
    twice = {"layers": {BLOCK: [{"BSM": "K"}, {"BSM": "K"}]}}
    told = score(found(twice))
    assert told.verdict is Verdict.FAIL
    assert told.families[Family.VALUES] == 0
    assert "致命" in told.reasons[0].zh


def test_what_was_not_checked_withholds_the_pass() -> None:
    told = score(found({}, "Q-CL-01", "Q-VA-01"))
    assert told.verdict is Verdict.MEND
    assert "未能进行" in told.reasons[0].zh
    assert Family.CONTROL_LINES not in told.families


def test_warnings_pass_and_infos_cost_nothing() -> None:
    blanks = {"layers": {BLOCK: [{"MC": "区块 "}]}}
    told = score(found(blanks, "Q-VA-18", "Q-VA-01"))
    assert told.verdict is Verdict.PASS
    assert told.points < 100
    missing = {"layers": {BLOCK: {"rows": [{}], "drop": ["BZ"]}}}
    assert score(found(missing, "Q-ST-02")).points == 100


def test_more_faulty_features_cost_more() -> None:
    few = score(found({"layers": {BLOCK: [{"MC": None}, *[{}] * 9]}}, "Q-VA-01")).points
    many = score(found({"layers": {BLOCK: [*[{"MC": None}] * 9, {}]}}, "Q-VA-01")).points
    assert many < few


def test_every_family_and_level_has_its_figure() -> None:
    figures = bundled_scoring()
    assert set(figures.families) == set(Family)
    assert set(figures.points) == set(Level)
    assert figures.pass_line == 60


# -- waivers --------------------------------------------------------------------------------------


def waiver(**more: Any) -> Waiver:
    return Waiver(**{"check": "Q-VA-01", "who": "王工", "why": "名称待定", **more})


def test_a_waived_fault_is_kept_and_not_counted() -> None:
    before = found(NAMELESS, "Q-VA-01")
    after = waive(before, [waiver(fingerprint=before.faults[0].fingerprint)], TODAY)
    result = after.result("Q-VA-01")
    assert result.state is State.CLEAR
    assert result.total == 0
    assert result.waived[0].waiver.why == "名称待定"
    assert score(after).verdict is Verdict.PASS


def test_a_waiver_ends_on_its_date() -> None:
    before = found(NAMELESS, "Q-VA-01")
    held = [waiver(until=TODAY)]
    assert waive(before, held, TODAY).result("Q-VA-01").total == 0
    assert waive(before, held, TODAY + dt.timedelta(days=1)).result("Q-VA-01").total == 1


def test_a_pattern_covers_what_it_says() -> None:
    before = found(NAMELESS, "Q-VA-01")
    assert waive(before, [waiver(layer="KAI*", field="MC")], TODAY).result("Q-VA-01").total == 0
    assert waive(before, [waiver(layer="KCG*")], TODAY).result("Q-VA-01").total == 1
    assert waive(before, [waiver(check="Q-VA-03")], TODAY).result("Q-VA-01").total == 1


def test_faults_that_were_only_counted_are_not_waived() -> None:
    rows = {"layers": {BLOCK: [{"MC": None}] * 5}}
    after = waive(found(rows, "Q-VA-01", limit=2), [waiver()], TODAY).result("Q-VA-01")
    assert after.total == 3
    assert after.state is State.FOUND
    assert len(after.waived) == 2


@pytest.mark.parametrize("blank", ["who", "why"])
def test_a_waiver_says_who_and_why(blank: str) -> None:
    with pytest.raises(InputError, match="E941"):
        waiver(**{blank: "  "})


def test_a_waiver_comes_back_from_json() -> None:
    for one in (waiver(until=TODAY), waiver(fingerprint="ab", key="K*")):
        assert Waiver.from_dict(one.to_dict()) == one


# -- comparison -----------------------------------------------------------------------------------


def rows(*keys: str) -> dict[str, Any]:
    return {"layers": {BLOCK: [{"BSM": key, "MC": None} for key in keys]}}


def test_fixed_remaining_and_new() -> None:
    told = compare(found(rows("A", "B"), "Q-VA-01"), found(rows("B", "C"), "Q-VA-01"))
    assert [item.key for item in told.fixed] == ["A"]
    assert [item.key for item in told.remaining] == ["B"]
    assert [item.key for item in told.new] == ["C"]
    assert not told.truncated


def test_a_fault_is_the_same_in_another_row() -> None:
    told = compare(found(rows("A", "B"), "Q-VA-01"), found(rows("B", "A"), "Q-VA-01"))
    assert not told.fixed
    assert not told.new
    assert len(told.remaining) == 2


def test_what_was_not_checked_later_is_not_fixed() -> None:
    broken = {"layers": {BLOCK: {"rows": [{}], "broken": True}}}
    told = compare(found(rows("A"), "Q-VA-01"), found(broken, "Q-VA-01"))
    assert [item.key for item in told.unknown] == ["A"]
    assert not told.fixed


def test_truncated_inspections_say_so() -> None:
    told = compare(found(rows("A", "B", "C"), "Q-VA-01", limit=1), found(rows("A"), "Q-VA-01"))
    assert told.truncated == ("Q-VA-01",)
    assert [(item.before, item.after) for item in told.changes] == [(3, 1)]


# -- settings -------------------------------------------------------------------------------------


def test_a_bureau_sets_levels_weights_and_parameters() -> None:
    told = {
        "Q-VA-01": {"level": "warning", "weight": 0.5},
        "Q-GE-07": {"parameters": {"square_metres": 2_000_000}},
        "Q-GE-02": {"enabled": False},
    }
    settings = read_settings(told, registered())
    given = submission(NAMELESS)
    checks = [item for item in registered() if item.id in told]
    inspection = inspect(given, checks=checks, settings=settings)
    assert inspection.result("Q-VA-01").faults[0].level is Level.WARNING
    assert inspection.checks["Q-VA-01"].weight == 0.5
    assert inspection.result("Q-GE-07").total > 0
    with pytest.raises(KeyError):
        inspection.result("Q-GE-02")


def test_figures_given_to_the_run_come_last() -> None:
    given = submission({})
    checks = [item for item in registered() if item.id == "Q-GE-07"]
    plain = inspect(given, checks=checks).result("Q-GE-07")
    strict = inspect(given, checks=checks, parameters={"Q-GE-07": {"square_metres": 1e9}})
    assert plain.total == 0
    assert strict.result("Q-GE-07").total > 0


@pytest.mark.parametrize(
    ("told", "word"),
    [
        ({"Q-ZZ-99": {}}, "Q-ZZ-99"),
        ({"Q-VA-01": {"levle": "error"}}, "levle"),
        ({"Q-VA-01": {"level": "bad"}}, "bad"),
        ({"Q-VA-01": {"weight": -1}}, "非负"),
        ({"Q-VA-01": {"parameters": {"metres": 1}}}, "metres"),
        ({"Q-GE-07": {"parameters": {"square_metres": "x"}}}, "数字"),
        ({"Q-VA-01": {"enabled": "no"}}, "true"),
        ({"Q-VA-01": 3}, "一节"),
    ],
)
def test_wrong_settings_are_told(told: dict[str, Any], word: str) -> None:
    with pytest.raises(PlanDataError) as caught:
        read_settings(told, registered())
    assert caught.value.code == "E942"
    assert word in caught.value.describe()
