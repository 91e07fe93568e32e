"""The hand-in of the demo plan holds no fault, and every check has a planted one."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from minplan.core.quality.check import registered
from minplan.core.quality.engine import inspect
from minplan.core.quality.inspection import State
from minplan.core.quality.submission import Submission
from minplan.demo.handin.plants import planted

if TYPE_CHECKING:
    from tests.quality.checking_planted import Sound

#: Rules of this kind, and layers of lines, the working edition does not have; an added one does.
_NOTHING_TO_LOOK_AT = {"Q-TO-05", "Q-TO-06"}


def test_no_check_finds_a_fault_and_all_are_made(before: Submission) -> None:
    made = inspect(before)
    found = {item.check: [fault.message.zh for fault in item.faults] for item in made.results}
    assert {check: told for check, told in found.items() if told} == {}
    missing = {item.check: [text.zh for text in item.missing] for item in made.results}
    assert {check: told for check, told in missing.items() if told} == {}
    idle = {item.check for item in made.of(State.NOT_APPLICABLE)}
    assert idle == _NOTHING_TO_LOOK_AT


def test_every_check_has_a_plant() -> None:
    assert {item.id for item in registered()} == set(planted())


def test_the_same_facts_give_the_same_text(sound: Sound, tmp_path: Path) -> None:
    from minplan.demo.handin.manuscript import Heading, Words, write_docx

    blocks = [Heading(1, "第一章 总则"), Words("规划期为2021—2025年。")]
    for name in ("one.docx", "two.docx"):
        write_docx(tmp_path / name, "规划", blocks)
    assert (tmp_path / "one.docx").read_bytes() == (tmp_path / "two.docx").read_bytes()
    assert len(list((sound.root / "1 规划文本").iterdir())) == 2
