"""Which section of the text of the hand-in tells what: the clauses that features cite."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Final

from minplan.core.standard.feature import FeatureValue


@dataclass(frozen=True, slots=True)
class Clause:
    """A section of the text: its id, number and title, and the layers and tables it tells."""

    id: str
    number: str
    title: str
    told: tuple[str, ...] = ()


#: The sections of the text in their order; chapters have an id without a second number.
CLAUSES: Final = (
    Clause("c1", "第一章", "总则"),
    Clause("c1-1", "第一章一", "规划依据"),
    Clause("c1-2", "第一章二", "规划期与范围", ("GHXX", "XZQ", "FXGH")),
    Clause("c2", "第二章", "现状"),
    Clause("c2-1", "第二章一", "矿山数量", ("XZSJ",)),
    Clause("c2-2", "第二章二", "矿业权设置", ("TKQ", "CKQ", "KCD")),
    Clause("c2-3", "第二章三", "矿产品产量"),
    Clause("c3", "第三章", "规划目标"),
    Clause("c3-1", "第三章一", "规划指标", ("GHZB", "XFJB")),
    Clause("c3-2", "第三章二", "开采总量调控", ("ZLKZ",)),
    Clause("c3-3", "第三章三", "矿区最低开采规模", ("ZDKCGM", "ZRXZ")),
    Clause("c4", "第四章", "规划分区"),
    Clause("c4-1", "第四章一", "能源资源基地", ("NYZYJD",)),
    Clause("c4-2", "第四章二", "国家规划矿区", ("GJGHKQ",)),
    Clause("c4-3", "第四章三", "战略性矿产资源保护区", ("ZLXKCBHQ",)),
    Clause("c4-4", "第四章四", "重点勘查区", ("ZDKCQ",)),
    Clause("c4-5", "第四章五", "重点开采区", ("ZDKAIQ",)),
    Clause("c4-6", "第四章六", "集中开采区", ("JZKCQ",)),
    Clause("c4-7", "第四章七", "产业重点发展区", ("ZYFZQ",)),
    Clause("c5", "第五章", "规划区块"),
    Clause("c5-1", "第五章一", "勘查规划区块", ("KCGHQK",)),
    Clause("c5-2", "第五章二", "开采规划区块", ("KAIGHQK", "QKSL")),
    Clause("c6", "第六章", "矿山生态修复"),
    Clause("c6-1", "第六章一", "重点治理区", ("ZDZLQ",)),
    Clause("c6-2", "第六章二", "一般治理区", ("YBZLQ",)),
    Clause("c6-3", "第六章三", "保护区与预防区", ("BHQ", "YFQ")),
    Clause("c6-4", "第六章四", "历史遗留矿山修复", ("LSYLTB",)),
    Clause("c7", "第七章", "重点项目与保障措施"),
    Clause("c7-1", "第七章一", "重点项目", ("ZDXM",)),
    Clause("c7-2", "第七章二", "管理措施", ("GLCS",)),
    Clause("c7-3", "第七章三", "规划实施"),
)


def section(code: str) -> Clause:
    """The section with an id."""
    return next(item for item in CLAUSES if item.id == code)


def clauses_of() -> Iterator[FeatureValue]:
    """The sections as rows of the table of clauses."""
    for number, item in enumerate(CLAUSES, start=1):
        parent = item.id.rpartition("-")[0]
        told = {"BSM": item.id, "XH": number, "TKBH": item.number, "BT": item.title}
        told |= {"GK": f"{item.title}的内容与要求。"}
        yield FeatureValue("GHTK", item.id, {**told, **({"SJTK": parent} if parent else {})})


def with_clauses(features: Iterable[FeatureValue]) -> Iterator[FeatureValue]:
    """The features, each citing the section of the text that tells of it."""
    told = {code: item.id for item in CLAUSES for code in item.told}
    for item in features:
        if "CC" in item.attributes and item.layer in told:
            yield replace(item, attributes={**item.attributes, "CC": told[item.layer]})
        else:
            yield item
