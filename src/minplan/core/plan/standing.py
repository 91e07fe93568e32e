"""How an indicator stands by what is known of it: a light with a word (指标灯).

The plan itself knows the base value only; where a later figure is known it is given. Without a
figure nothing is claimed.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from minplan.core.plan.model import Indicator, Operator
from minplan.core.text import Term

#: Share of a cap from which it is close (proposed; practice differs).
_CLOSE: Final = Decimal("0.9")
_FIGURE: Final = re.compile(r"\d+(?:\.\d+)?")


class Light(Term):
    """How an indicator stands (指标状态)."""

    GOOD = "good", "正常", "as planned"
    WARNING = "warning", "接近上限", "close to the cap"
    BEHIND = "behind", "未达目标", "short of the target"
    OVER = "over", "超出", "beyond the cap"
    UNKNOWN = "unknown", "无数据", "no data"


@dataclass(frozen=True, slots=True)
class Standing:
    """An indicator with the figure it is judged by and the light that gives."""

    indicator: Indicator
    value: Decimal | None
    light: Light


def standing(indicator: Indicator, known: Decimal | None = None) -> Standing:
    """Judge an indicator by a known figure, else by its base value."""
    value = known if known is not None else _figure(indicator.base)
    low, high = _limits(indicator.target)
    if value is None or low is None or high is None:
        return Standing(indicator, value, Light.UNKNOWN)
    return Standing(indicator, value, _light(indicator.operator, value, low, high))


def _light(operator: Operator, value: Decimal, low: Decimal, high: Decimal) -> Light:
    match operator:
        case Operator.AT_MOST:
            if value > high:
                return Light.OVER
            return Light.WARNING if value > high * _CLOSE else Light.GOOD
        case Operator.AT_LEAST:
            return Light.GOOD if value >= low else Light.BEHIND
        case Operator.RANGE | Operator.EQUAL:
            if value > high:
                return Light.OVER
            return Light.GOOD if value >= low else Light.BEHIND
    return Light.UNKNOWN


def _figure(text: str) -> Decimal | None:
    found = _FIGURE.fullmatch(text.strip())
    return Decimal(found[0]) if found else None


def _limits(text: str) -> tuple[Decimal | None, Decimal | None]:
    """A target of one figure or a range such as ``640—1280``."""
    figures = [Decimal(item) for item in _FIGURE.findall(text)]
    return (min(figures), max(figures)) if figures else (None, None)
