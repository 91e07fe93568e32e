"""Patterns of running text that tell what a figure is of."""

from __future__ import annotations

import re
from typing import Final

BOUNDARY: Final = re.compile(r"[。；;：:，,！？（(）)\n]")
SENTENCE: Final = re.compile(r"[。；;！？\n]")
BRACKETS: Final = re.compile(r"[（(][^（()）]*[)）]")
SCALE: Final = re.compile(r"1\s*[:：]\s*\d+(?:\.\d+)?\s*万?")
AFTER: Final = re.compile(
    r"\s*([\u4e00-\u9fff]{1,16}?)(?=[，。；、：,;:“”\s]|的|和|与|共|$|（|\(|\d)"
)
#: Counties and districts (or their like) together, as counted.
COUNTY_KINDS: Final = re.compile(
    r"\s*(?:(?:县|旗|区|市)[（(][市县区旗、]+[)）]|县市区|旗县市区?|旗县区?|县区|区县|县市|县级行政区|县级单位|"
    r"乡[（(]镇[)）]|乡镇(?:[（(]街道[)）])?|镇|街道)"
)
#: A name of its own before the first sentence of a paragraph.
LED: Final = re.compile(
    r"\s*(?:[（(]?[\d一二三四五六七八九十]+[)）.．、])?\s*(?P<of>[^\d，,。：:]{1,8})[。：:]"
)
#: What stands right behind an amount that begins its clause: 38.64 吨金矿保有资源量.
NAMED_BEHIND: Final = re.compile(r"(?:的|左右|以上|以下|以内)*(?P<what>[^\d，,。；;：:、]{2,16})")
COPULA: Final = re.compile(r"\s*(?:为|达到?|是|计|即|约)\s*")
#: What is measured, in words that no attribute has: 许可规模, 出让收益.
MEASURE: Final = re.compile(
    r"(?:规模|能力|收益|利润|税|费|损失|需求|储量|资源量|容量|数额|水量|量)$"
)
#: What may follow the noun behind a count: 4 个采矿权整合为 2 个.
TURNED: Final = re.compile(r"(?:整合|调整|合并|减少|压减|增加|转)[为到至成]?")
#: A figure that tells a change, not what there is: 比 2020 年增加 460 万立方米.
CHANGES: Final = re.compile(
    r"(?:增加|减少|净增|净减|压减|下降|降低|增产|减产|[比较][^，,]{2,12}新增)了?\s*$"
)
#: 上述五种矿产合计年开采总量: of what was listed or stands above, not of all.
SAID_ABOVE: Final = re.compile(r"(?:上述|以上|上列|所列)[\u4e00-\u9fff\d]")
#: A sentence that parts what the one before told: 。其中…, 。按矿种分，…
BY: Final = r"按[^，,。；;]{1,10}分(?:类|为)?"
#: ；金属矿产中铅锌矿 39 个
AMONG: Final = r"[\u4e00-\u9fff]{2,4}(?:矿产|矿山)中"
GOES_ON: Final = re.compile(rf"[。；;）)\s]*，?(?:其中|{BY}|从[^，,。；;]{{1,10}}看|{AMONG})")
DIVIDES: Final = re.compile(rf"(?:^|[，,。；;])\s*(?:{BY}(?:[，,：:]|看)|{AMONG})")
#: 比 2020 年增加 789 万吨
COMPARED: Final = re.compile("[比较]")
#: A mineral that a sentence is about: 锰矿开采既要…, 保有铝土矿资源量….
MINED: Final = re.compile(
    r"矿?(?:产于|产自|赋存|开采|生产|产量|产能|资源|保有|查明|年|采|是|为|以|，|,|。)"
)
AT_START: Final = 3
#: 土地面积 7236 平方千米; 损毁土地面积 is of mines.
LAND: Final = re.compile(r"(?<![毁坏垦用占复理损废治])土地面积\s*(?:为|约)?$")
#: 新设矿山 4 座，为岩盐矿山 1 座、…
ITEMISED: Final = re.compile("(?:分别)?(?:为|是|即|包括)")
#: 规划范围为全县行政区域，面积 2216.4 平方公里
DISTRICT: Final = re.compile(
    r"(?:(?:行政区域?|行政辖区|辖区)[^。；;\d]{0,4}[，,]总?面积"
    r"|县(?:区|[（(][市县区、]+[)）])[，,]总面积)(?:为|约)?$"
)
AHEAD: Final = 24
SCALES: Final = frozenset({"", "生产规模"})
LEAST_SCALE: Final = "最低开采规模"
OF_MINES: Final = re.compile("规模|矿山")
OF_NEW: Final = "新建"
PART_OF: Final = ("占", "仅占", "约占")
SHARE_OF: Final = ("占", "比例", "比重")
#: A phrase of its own is that long: 、露天开采矿山生态修复.
PHRASE: Final = 8
RESOURCES: Final = "查明资源量"
KEPT_RESOURCES: Final = "保有资源量"
KEPT: Final = "保有"
MINERALS: Final = "矿产"
MINE: Final = "矿"
MINES: Final = "矿山数"
#: The measure word of mines alone.
OF_A_MINE: Final = "座"
#: 固体矿产…，其中原煤: words of the whole that its minerals do not need.
OF_ALL_KINDS: Final = frozenset({"固体"})
#: Words that a figure is of the whole city or more.
OF_ALL: Final = frozenset({"whole", "outside"})
#: 桦西区是全市煤炭主产区，…: a county that a sentence tells of.
TOPIC: Final = re.compile(r"(?:是|为|共?有|作为|位于|地处|现有|矿)|[\u4e00-\u9fff]{0,8}最[多大高]")
AMOUNTS: Final = frozenset({"mass", "volume"})
TAIL: Final = re.compile(
    r"(?:[（(\s]|共有|共计|总计|合计|共|有|总数量|总数|数量|数|为|仅|控制在|达到|达|计|各|由|从|约|"
    r"累计|增加到|增至|整合为|整合到|调整为|调整到|减至|减少至|压减至|发展到|下降到|压减到|减少到|\d{4}\s*年(?:底|末)?的?|设置了|企业|拟定|等)*$"
)
