"""How an indicator stands by what is known."""

from __future__ import annotations

from decimal import Decimal

import pytest

from minplan.core.plan.model import Indicator, Operator, Property
from minplan.core.plan.standing import Light, standing


def indicator(operator: Operator, target: str, base: str = "") -> Indicator:
    return Indicator("I", "示意指标", "个", base, operator, target, Property.BINDING, "city", "c1")


@pytest.mark.parametrize(
    ("operator", "target", "base", "light"),
    [
        (Operator.AT_MOST, "80", "86", Light.OVER),
        (Operator.AT_MOST, "80", "73", Light.WARNING),
        (Operator.AT_MOST, "80", "40", Light.GOOD),
        (Operator.AT_LEAST, "95", "21", Light.BEHIND),
        (Operator.AT_LEAST, "95", "95", Light.GOOD),
        (Operator.RANGE, "640—1280", "418.6", Light.BEHIND),
        (Operator.RANGE, "2—3", "3", Light.GOOD),
        (Operator.RISING, "逐年提升", "21", Light.UNKNOWN),
        (Operator.AT_MOST, "80", "", Light.UNKNOWN),
    ],
)
def test_lights(operator: Operator, target: str, base: str, light: Light) -> None:
    assert standing(indicator(operator, target, base)).light is light


def test_a_later_figure_beats_the_base_value() -> None:
    found = standing(indicator(Operator.AT_MOST, "80", "86"), Decimal(70))
    assert (found.value, found.light) == (Decimal(70), Light.GOOD)
