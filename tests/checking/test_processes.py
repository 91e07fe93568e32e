"""Checks in several processes find what they find in one, and nothing is lost when one dies."""

from __future__ import annotations

import logging
import multiprocessing
import os
import signal
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from tests.submissions import WORDS, block, folder

from minplan.core.quality.engine import inspect
from minplan.core.quality.steps import one_by_one


@pytest.fixture
def handed_in(tmp_path: Path) -> Iterator[Any]:
    """A package of one layer whose blocks have many faults, beside one that is damaged."""
    from minplan.database import configure, use

    root = folder(tmp_path, *(block(str(n), 112 + n / 50) for n in range(30)), text=WORDS)
    (root / "5 数据库/空间数据/1404003KCGHQK2025.shp").write_bytes(b"damaged")
    with use(configure(tmp_path / "any.sqlite")):
        from minplan.checking.asked import Asked
        from minplan.checking.assembling import submission

        with submission(root, Asked()) as found:
            yield found


def runner(workers: int) -> Any:
    from minplan.checking.processes import in_processes

    return in_processes(workers)


def told(found: Any) -> list[dict[str, Any]]:
    return [{**item.to_dict(), "seconds": 0} for item in found.results]


def test_several_processes_find_the_same_as_one(
    handed_in: Any, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING):
        one = inspect(handed_in, limit=7)
        several = inspect(handed_in, limit=7, runner=runner(2))
    assert told(several) == told(one)
    assert any(item.truncated for item in several.results)
    assert not caplog.records


@dataclass(frozen=True)
class Deadly:
    """A layer that ends every process but the one that asked for the checks."""

    inner: Any

    def __getattr__(self, name: str) -> Any:
        if name == "inner":
            raise AttributeError(name)
        return getattr(self.inner, name)

    def load(self, fields: Any = None) -> Any:
        if multiprocessing.parent_process() is not None:
            os.kill(os.getpid(), signal.SIGKILL)
        return self.inner.load(fields)


def test_what_a_killed_process_leaves_is_made_here(
    handed_in: Any, caplog: pytest.LogCaptureFixture
) -> None:
    deadly = replace(handed_in, layers=tuple(Deadly(item) for item in handed_in.layers))
    with caplog.at_level(logging.WARNING):
        found = inspect(deadly, runner=runner(2))
    assert told(found) == told(inspect(handed_in))
    assert "died" in caplog.text


@dataclass(frozen=True)
class Slow(Deadly):
    """A layer that takes a minute to load."""

    def load(self, fields: Any = None) -> Any:
        time.sleep(60)
        return self.inner.load(fields)


def test_a_cancelled_check_ends_at_once_with_its_processes(handed_in: Any) -> None:
    slow = replace(handed_in, layers=tuple(Slow(item) for item in handed_in.layers))
    before, asked = set(multiprocessing.active_children()), time.monotonic()
    found = inspect(slow, runner=runner(2), cancelled=lambda: time.monotonic() > asked + 1)
    assert found.cancelled
    assert found.result("Q-VA-01").missing[-1].zh == "检查已取消"
    assert set(multiprocessing.active_children()) <= before


def test_only_large_submissions_are_shared_out(handed_in: Any) -> None:
    from minplan.checking.processes import runner_for

    assert runner_for(handed_in) is one_by_one
    assert runner_for(handed_in, 2) is not one_by_one
