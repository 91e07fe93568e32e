"""Every registered check finds in its own examples the number of faults they claim."""

from __future__ import annotations

import pytest

from minplan.core.quality.check import Check, Example, Family, registered
from minplan.core.quality.engine import inspect
from minplan.core.quality.inspection import State
from minplan.core.quality.sandbox import judge, submission

CASES = [
    pytest.param(check, example, id=f"{check.id}-{number}-{example.faults}")
    for check in registered()
    for number, example in enumerate(check.examples, 1)
]


@pytest.mark.parametrize(("check", "example"), CASES)
def test_example_has_its_faults(check: Check, example: Example) -> None:
    result = judge(check, example)
    said = [item.message.zh for item in result.faults]
    assert result.total == example.faults, (said, result.missing)
    if example.faults == 0:
        assert result.state is not State.FOUND
    for fault in result.faults:
        assert fault.check == check.id
        assert fault.message.zh
        assert fault.message.en
        assert fault.mend.zh
        assert fault.mend.en
        assert "None" not in fault.message.zh


@pytest.mark.parametrize("check", [pytest.param(item, id=item.id) for item in registered()])
def test_a_check_passes_on_at_least_one_example(check: Check) -> None:
    states = {judge(check, item).state for item in check.examples if item.faults == 0}
    assert State.CLEAR in states, "a check that is never made cannot pass"


@pytest.mark.parametrize("check", [pytest.param(item, id=item.id) for item in registered()])
def test_a_check_says_what_it_is(check: Check) -> None:
    for text in (check.title, check.explanation, check.mend):
        assert text.zh
        assert text.en
    assert check.id.startswith("Q-")
    assert check.weight >= 0
    assert isinstance(check.family, Family)
    assert all(str(item) for item in check.basis)


def test_the_sandbox_is_sound() -> None:
    """A complete hand-in without a fault planted: nothing fires."""
    found = inspect(submission({"complete": True}))
    said = [(item.check, item.layer, item.message.zh) for item in found.faults]
    assert said == []
    assert not [item.check for item in found.results if "内部错误" in str(item.missing)]
