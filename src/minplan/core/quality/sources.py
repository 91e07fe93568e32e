"""What the checks rest on. Texts that are not public are marked as not certain."""

from __future__ import annotations

from typing import Final

from minplan.core.basis import Basis

_QUALITY_TITLE: Final = "《矿产资源规划数据质量检查与汇交》（报批稿）"
_DATABASE_TITLE: Final = "DZ/T 0226《矿产资源规划数据库》"


def quality(clause: str) -> Basis:
    """The draft on quality checks and hand-in of planning data; its text is not public."""
    return Basis(_QUALITY_TITLE, clause, certain=False)


def database(clause: str) -> Basis:
    """The standard of the planning database; its text is not public."""
    return Basis(_DATABASE_TITLE, clause, certain=False)


AREA: Final = Basis(
    "TD/T 1055-2019《第三次全国国土调查技术规程》", "附录D", "椭球面积计算公式", certain=True
)
AREA_NOTICE: Final = Basis(
    "自然资源部统一面积计算方法的通知（2022年）", "", "统一采用椭球面积", certain=True
)
DIVISIONS: Final = Basis("GB/T 2260《中华人民共和国行政区划代码》", "", certain=True)
METADATA: Final = Basis("TD/T 1016《国土资源信息核心元数据标准》", "", certain=False)
LEVELS: Final = Basis(
    "《省级矿产资源规划编制技术规程》《市县级矿产资源规划编制要求》", "规划衔接", certain=False
)
CONTROL_LINES: Final = Basis(
    "中共中央办公厅、国务院办公厅《关于在国土空间规划中统筹划定落实三条控制线的指导意见》（2019年）",
    "",
    "生态保护红线内，自然保护地核心保护区原则上禁止人为活动，其他区域严格禁止开发性、生产性建设活动",
    certain=True,
)
FARMLAND: Final = Basis(
    "《基本农田保护条例》", "第十七条", "禁止在基本农田保护区内采矿", certain=True
)
HERITAGE: Final = Basis(
    "《中华人民共和国文物保护法》",
    "",
    "文物保护单位的保护范围内不得进行其他建设工程或者爆破、钻探、挖掘等作业",
    certain=True,
)
MINERAL_LAW: Final = Basis("《中华人民共和国矿产资源法》", "", certain=False)
