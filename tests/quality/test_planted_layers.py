"""Faults of layers: each check finds its own, and nothing else fires."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from tests.quality.checking_planted import assert_found

from minplan.core.quality.check import registered
from minplan.core.quality.submission import Submission
from minplan.demo.handin.plants import plant_of

if TYPE_CHECKING:
    from tests.quality.checking_planted import Sound

_FAMILIES = ("Q-GE-", "Q-TO-", "Q-AR-", "Q-ST-", "Q-VA-")
_CHECKS = [item.id for item in registered() if item.id.startswith(_FAMILIES)]


@pytest.mark.parametrize("check", _CHECKS)
def test_finds_its_own(check: str, sound: Sound, before: Submission, tmp_path: Path) -> None:
    assert_found(sound, before, plant_of(check), tmp_path)
