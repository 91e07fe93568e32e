"""Plans in the manner of many provinces, written without sight of the checks.

Each is sound: what is told of it is a false alarm. Its marked figures are such that a careful
reader would see a change of any; ``LINKS`` of each module says by which other figures.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from importlib import import_module
from pathlib import Path

import pytest
from tests.core.quality.planting import CLASSES, Score, Site, faults, measure

from minplan.core.document.model import PlanDocument

Written = Callable[[], tuple[PlanDocument, list[Site]]]


def _plans() -> Iterator[Written]:
    """The long plans of the folder: those that say by what each marked figure can be checked."""
    for file in sorted(Path(__file__).with_name("plans").glob("*.py")):
        module = import_module(f"tests.core.quality.plans.{file.stem}")
        if hasattr(module, "LINKS"):
            yield getattr(module, f"{file.stem}_plan")


PLANS = tuple(_plans())
#: Places of each class tried in each plan; all of them take minutes.
_TRIED = 2


def test_all_plans_are_there() -> None:
    assert len(PLANS) == 34


@pytest.mark.parametrize("written", PLANS)
def test_a_sound_plan_is_told_nothing(written: Written) -> None:
    made, _ = written()
    assert [f"{item.check} {item.message.zh}" for item in faults(made)] == []


def test_planted_contradictions_are_found() -> None:
    total = Score(dict.fromkeys(CLASSES, 0), dict.fromkeys(CLASSES, 0), [])
    for number, written in enumerate(PLANS):
        made, sites = written()
        score = measure(made, sites, random.Random(number), most=_TRIED)
        for kind in CLASSES:
            total.planted[kind] += score.planted[kind]
            total.found[kind] += score.found[kind]
        total.missed.extend(score.missed)
    for kind in CLASSES:
        assert total.planted[kind] == _TRIED * len(PLANS)
        assert total.recall(kind) >= 0.85, total.missed
