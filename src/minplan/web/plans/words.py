"""Words of plan values that are plain keys in the data."""

from __future__ import annotations

from typing import Final

from minplan.core.plan.model import Modality, Operator, Property
from minplan.core.text import Text
from minplan.database.models import ChangesetKind, State

OPERATORS: Final = {
    Operator.AT_MOST: Text("≤", "≤"),
    Operator.AT_LEAST: Text("≥", "≥"),
    Operator.EQUAL: Text("=", "="),
    Operator.RANGE: Text("区间", "range"),
    Operator.RISING: Text("逐年提升", "rising"),
}
MODALITIES: Final = {
    Modality.FIRM: Text("必须", "firm"),
    Modality.ABOUT: Text("左右", "about"),
    Modality.IN_PRINCIPLE: Text("原则上", "in principle"),
    Modality.STRIVE: Text("力争", "aimed at"),
}
PROPERTIES: Final = {
    Property.BINDING: Text("约束性", "binding"),
    Property.EXPECTED: Text("预期性", "expected"),
    Property.UNKNOWN: Text("规划未写明", "not stated"),
}
#: What quotas, thresholds and states are about.
SUBJECTS: Final = {
    "output": Text("开采总量", "output"),
    "capacity": Text("产能", "capacity"),
    "mines": Text("矿山数", "number of mines"),
    "share-large-medium": Text("大中型矿山比例", "share of large and medium mines"),
    "minimum-scale": Text("最低开采规模", "minimum scale"),
    "minimum-service-life": Text("最低服务年限", "minimum service life"),
    "exploration-degree": Text("勘查程度", "exploration degree"),
    "minimum-area": Text("最小面积", "minimum area"),
    "minimum-mine-size": Text("新建矿山规模不低于", "least size of new mines"),
    "geological-work": Text("地质工作程度", "geological work"),
    "holders-per-block": Text("一个区块的主体数", "holders per block"),
    "green-mine-months": Text("建成绿色矿山的期限", "months to become a green mine"),
    "vented-methane": Text("须利用的瓦斯浓度", "methane that must be used"),
    "adjustments-per-year": Text("每年调整次数", "adjustments a year"),
}
#: Values of thresholds that are words.
VALUES: Final = {
    "detailed": Text("勘探", "detailed exploration"),
    "general": Text("详查", "general exploration"),
    "construction": Text("满足建设要求", "fit for construction"),
    "medium": Text("中型", "medium"),
}


def changeset_kinds() -> dict[str, Text]:
    """Words of the kinds of changesets, by key."""
    return {kind.value: kind.word for kind in ChangesetKind}


def changeset_states() -> dict[str, Text]:
    """Words of the states of changesets, by key."""
    return {state.value: state.word for state in State}
