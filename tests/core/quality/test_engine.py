"""The engine: checks are isolated, gaps are told, counts are exact, the order is fixed."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest

from minplan.core.basis import Basis
from minplan.core.quality.check import (
    Check,
    Example,
    Family,
    Found,
    NotApplicable,
    NotChecked,
    Scope,
    check,
    registered,
)
from minplan.core.quality.engine import inspect, suitable
from minplan.core.quality.fault import Level, More
from minplan.core.quality.inspection import Inspection, State
from minplan.core.quality.record import read
from minplan.core.quality.sandbox import submission
from minplan.core.quality.submission import Context
from minplan.core.text import Text

WORD = Text("测试", "test")


def made(
    id: str, evaluate: Callable[[Context], Any], scope: Scope = Scope.LAYER, **more: Any
) -> Check:
    """A check that is not in the registry."""
    told = {
        "title": WORD,
        "family": Family.VALUES,
        "level": Level.ERROR,
        "weight": 1.0,
        "basis": (Basis("测试"),),
        "explanation": WORD,
        "mend": WORD,
        **more,
    }
    return Check(id=id, evaluate=evaluate, scope=scope, **told)


def each_row(ctx: Context) -> Iterator[Found]:
    yield from ctx.each(range(len(ctx.data)), lambda index: ctx.at(ctx.view, index, WORD))


def crash(ctx: Context) -> Iterator[Found]:
    raise ZeroDivisionError


def quiet(ctx: Context) -> Iterator[Found]:
    yield from ()


def looking(ctx: Context) -> Iterator[Found]:
    assert ctx.data is not None
    yield from ()


def run(given: dict[str, Any], *checks: Check, **more: Any) -> Inspection:
    return inspect(submission(given), checks=checks, **more)


def test_a_check_that_crashes_is_not_checked_and_stops_nothing(
    caplog: pytest.LogCaptureFixture,
) -> None:
    with caplog.at_level(logging.ERROR):
        found = run({}, made("A", crash), made("B", each_row), made("C", crash, Scope.PACKAGE))
    assert found.result("A").state is State.NOT_CHECKED
    assert "ZeroDivisionError" in found.result("A").missing[0].zh
    assert found.result("C").state is State.NOT_CHECKED
    assert found.result("B").total == found.features
    assert "check A failed" in caplog.text


def test_a_check_that_crashes_on_the_way_keeps_what_it_found() -> None:
    def half(ctx: Context) -> Iterator[Found]:
        yield ctx.fault(WORD)
        raise ValueError

    result = run({"layers": {}}, made("A", half, Scope.PACKAGE)).result("A")
    assert result.state is State.FOUND
    assert result.total == 1
    assert result.missing


def test_a_broken_layer_stops_no_other_and_is_never_clear() -> None:
    given = {"layers": {"CKQ": {"rows": [{}], "broken": True}}}
    found = run(given, made("A", each_row), made("B", looking))
    assert found.result("A").state is State.FOUND
    assert found.result("A").total == found.features - 1
    assert "文件损坏" in found.result("A").missing[0].zh
    assert found.result("B").state is State.NOT_CHECKED


def test_a_layer_with_a_problem_is_named() -> None:
    problem = Text("缺 .shx", "no .shx")
    given = {"layers": {"CKQ": {"rows": [{}], "problem": problem}}}
    found = run(given, made("A", each_row))
    assert any("缺 .shx" in item.zh for item in found.result("A").missing)


def test_not_applicable_everywhere_is_not_applicable() -> None:
    def never(ctx: Context) -> Iterator[Found]:
        raise NotApplicable
        yield

    assert run({}, made("A", never)).result("A").state is State.NOT_APPLICABLE


def test_what_a_check_yields_as_not_checked_is_kept_beside_its_faults() -> None:
    def partly(ctx: Context) -> Iterator[Found]:
        yield NotChecked(Text("缺图层", "a layer is missing"))
        yield ctx.fault(WORD)

    result = run({}, made("A", partly, Scope.LAYERS)).result("A")
    assert result.state is State.FOUND
    assert [item.zh for item in result.missing] == ["缺图层"]


def test_faults_beyond_the_limit_are_counted_and_not_kept() -> None:
    rows = [{"BSM": f"K{number}"} for number in range(50)]
    given = {"layers": {"KAIGHQK": rows, "KCGHQK": [{} for _ in range(7)]}}
    found = run(given, made("A", each_row), limit=10)
    result = found.result("A")
    assert len(result.faults) == 10
    assert result.total == found.features
    assert result.truncated


def test_counted_faults_keep_their_level() -> None:
    def several(ctx: Context) -> Iterator[Found]:
        yield ctx.fault(WORD, level=Level.INFO)
        yield More(41, Level.INFO)
        yield More(3)

    result = run({}, made("A", several, Scope.PACKAGE)).result("A")
    assert dict(result.counts) == {Level.ERROR: 3, Level.INFO: 42}


def test_a_layer_is_loaded_once_for_all_its_checks() -> None:
    given = submission({})
    loads: list[str] = []

    class Counting:
        def __init__(self, inner: Any) -> None:
            self.inner = inner

        def __getattr__(self, name: str) -> Any:
            return getattr(self.inner, name)

        def load(self, fields: Any = None) -> Any:
            loads.append(self.inner.name)
            return self.inner.load(fields)

    counted = replace(given, layers=tuple(Counting(item) for item in given.layers))
    inspect(counted, checks=[made("A", each_row), made("B", each_row)])
    assert sorted(loads) == sorted(item.name for item in given.layers)


def test_only_checks_that_suit_are_run() -> None:
    checks = [made(scope.value, quiet, scope) for scope in Scope]
    kinds = {
        "package": {"package", "layer", "layers", "document"},
        "layer": {"layer", "layers"},
        "document": {"document"},
    }
    for kind, wanted in kinds.items():
        chosen = suitable(submission({"kind": kind}), checks)
        assert {item.id for item in chosen} == wanted
    of_another = [
        made("A", quiet, editions=("third-round",)),
        made("B", quiet, editions=("2021-2025",)),
    ]
    assert [item.id for item in suitable(submission({}), of_another)] == ["B"]


def test_cancelled_checks_are_not_checked() -> None:
    told: list[tuple[int, int]] = []
    found = inspect(
        submission({}),
        checks=[made("A", each_row), made("B", quiet, Scope.PACKAGE)],
        progress=lambda done, total, what: told.append((done, total)),
        cancelled=lambda: len(told) >= 2,
    )
    assert found.cancelled
    assert found.result("B").state is State.NOT_CHECKED
    assert found.result("A").missing[-1].zh == "检查已取消"


def test_progress_ends_with_everything_done() -> None:
    told: list[tuple[int, int, str]] = []
    inspect(
        submission({}),
        checks=[made("A", each_row), made("B", quiet, Scope.PACKAGE)],
        progress=lambda done, total, what: told.append((done, total, what.zh)),
    )
    assert told[-1][0] == told[-1][1]
    assert [item[0] for item in told] == sorted(item[0] for item in told)


def test_two_inspections_of_the_same_are_equal() -> None:
    given = {"complete": True, "layers": {"KAIGHQK": [{"box": (-900, 0, 900, 900), "MJ": 7.0}, {}]}}
    one, other = (inspect(submission(given)) for _ in range(2))
    assert [item.check for item in one.results] == [item.id for item in registered()]
    assert one.faults
    assert [item.to_dict() for item in one.faults] == [item.to_dict() for item in other.faults]


def test_an_inspection_comes_back_from_json() -> None:
    given = {"layers": {"KAIGHQK": [{"MC": None}, {"KCFS": "9"}]}}
    found = inspect(submission(given))
    again = read(found.to_dict())
    assert again.counts == found.counts
    assert [item.fingerprint for item in again.faults] == [
        item.fingerprint for item in found.faults
    ]
    assert [item.state for item in again.results] == [item.state for item in found.results]


def test_a_check_without_basis_or_examples_cannot_be_registered() -> None:
    example = (Example(WORD, 0), Example(WORD, 1))
    told: dict[str, Any] = {
        "family": Family.VALUES,
        "scope": Scope.LAYER,
        "level": Level.INFO,
        "explanation": WORD,
        "mend": WORD,
    }
    with pytest.raises(ValueError, match="no basis"):
        check("Q-XX-01", WORD, basis=(), examples=example, **told)
    with pytest.raises(ValueError, match="passing and a failing"):
        check("Q-XX-01", WORD, basis=Basis("x"), examples=example[:1], **told)
    with pytest.raises(ValueError, match="twice"):
        check("Q-VA-01", WORD, basis=Basis("x"), examples=example, **told)


def test_a_document_alone_is_checked_as_a_document() -> None:
    found = inspect(submission({"kind": "document"}))
    assert {found.checks[item.check].scope for item in found.results} == {Scope.DOCUMENT}


def test_a_single_layer_does_not_miss_what_only_packages_have() -> None:
    found = inspect(submission({"kind": "layer", "layers": {"XZQ": None}}))
    assert not [item for item in found.results if item.check.startswith(("Q-PK-05", "Q-MD"))]
    for id in ("Q-TO-08", "Q-UP-01"):
        assert found.result(id).state is State.NOT_APPLICABLE
