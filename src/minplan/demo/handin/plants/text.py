"""Contradictions inside the text of the plan."""

from __future__ import annotations

import re

from minplan.core.text import Text
from minplan.demo.handin.plants.planting import At, Folder, plant

_MINES = "年底，全市共有矿山"
_AIM = "规划主要指标见"
_START = "按程序动态调整"


@plant("Q-TX-01", "历史遗留矿山任务表合计不等于各县之和", "a total is not the sum of its rows")
def total(folder: Folder) -> At:
    """Three patches more in a row."""
    return folder.cell("历史遗留矿山修复任务表", 2, 2, lambda words: str(int(words) + 3))


@plant("Q-TX-02", "探矿权分矿种之和不对", "parts do not add up to the whole")
def parts(folder: Folder) -> At:
    """One right more than the minerals have."""
    return folder.say(_START, "全市建设绿色矿山试点12个，其中煤矿试点8个、铁矿试点5个。")


@plant("Q-TX-03", "占比与数值不符", "a share that does not fit its figures")
def share(folder: Folder) -> At:
    """Twenty of all mines."""
    return folder.say(_START, "大型矿山20个，占矿山总数46%。")


@plant("Q-TX-04", "减少数与两年之差不符", "a difference that is another")
def difference(folder: Folder) -> At:
    """Two mines too many."""
    return folder.say(_START, "尾矿库由90个压减到80个，减少12个。")


@plant("Q-TX-05", "每年数与总数不符", "a yearly amount that does not give the whole")
def yearly(folder: Folder) -> At:
    """Five times sixteen is eighty."""
    return folder.say(_START, "每年开展遥感监测面积约16平方公里，共约120平方公里。")


@plant("Q-TX-06", "个数与列出的名称不符", "a count that is not that of the names")
def names(folder: Folder) -> At:
    """Four that are three."""
    return folder.say(_START, "建设监测站4个（东站、西站、南站）。")


@plant("Q-TX-07", "重点勘查区个数与表中行数不符", "a count that is not that of the rows")
def rows(folder: Folder) -> At:
    """One area more than is listed."""
    return folder.rewrite("划定战略性矿产资源保护区2个", "划定战略性矿产资源保护区3个")


@plant(
    "Q-TX-08",
    "重点开采区总面积与表中之和不符",
    "an area that is not the sum of the table",
    also=("Q-TX-10",),
    reason=Text(
        "表中只有这些分区，其面积与正文是同一个量",
        "the area of the table's zones and that of the text are one quantity",
    ),
)
def areas(folder: Folder) -> At:
    """A tenth more."""
    return folder.rewrite(
        "划定战略性矿产资源保护区2个，面积539", "划定战略性矿产资源保护区2个，面积593"
    )


@plant(
    "Q-TX-09",
    "修复图斑数和面积与表中合计不符",
    "a figure that is not the total of its table",
    also=("Q-TX-10",),
    reason=Text(
        "表的合计行与正文是同一个数",
        "the total of the table is the same quantity as that of the text",
    ),
)
def columns(folder: Folder) -> At:
    """Patches and hectares of an earlier draft."""
    with folder.text() as file:
        held = next(item for item in file.paragraphs if "修复历史遗留矿山图斑" in item.text).text
    count, area = re.findall(r"图斑(\d+)个，修复面积([\d.]+)公顷", held)[0]
    years = folder.names.plan.last_year - folder.names.plan.first_year + 1
    yearly = f"{round((float(area) + 10) / years, 2):g}"
    told = held.replace(f"图斑{count}个", f"图斑{int(count) - 10}个")
    told = told.replace(f"面积{area}公顷", f"面积{float(area) + 10:g}公顷")
    told = re.sub(r"每年修复[\d.]+公顷", f"每年修复{yearly}公顷", told)
    folder.rewrite(held, told)
    return At()


@plant("Q-TX-10", "同一数值两处不同", "a figure that is another elsewhere")
def repeated(folder: Folder) -> At:
    """Another output of coal than in the table."""
    return folder.say(_START, "到2025年，铁矿年开采总量控制在400万吨左右。")


@plant("Q-TX-11", "石灰岩总量与各类之和不符", "a mineral that is not the sum of its kinds")
def kinds(folder: Folder) -> At:
    """More limestone than its kinds have."""
    return folder.say(_START, "截至2020年，全市共有石灰岩矿山企业87个。")


@plant("Q-TX-12", "同一数值有两种名称", "a figure under two names")
def called(folder: Folder) -> At:
    """Proved in the text, identified in a table."""
    folder.say(_START, "到2025年，新增探明储量：石膏4万吨、锰矿3000万吨。")
    folder.table(
        _START, "新增资源量表",
        [["新增查明资源量", "2025年"], ["石膏（万吨）", "4"], ["锰矿（万吨）", "3000"]],
    )  # fmt: skip
    return At()


@plant("Q-TX-13", "两节都编号“二”", "two sections with one number")
def sections(folder: Folder) -> At:
    """The third section of the last chapter is called the second."""
    return folder.rewrite("三、规划实施", "二、规划实施")


@plant("Q-TX-14", "专栏编号跳号", "a number of boxes is left out")
def boxes(folder: Folder) -> At:
    """A box with a number far behind."""
    with folder.text() as file:
        last = [item for item in file.paragraphs if item.text.startswith("专栏")][-1]
        number = last.text.split(" ")[0].removeprefix("专栏")
        told = last.text.replace(f"专栏{number} ", f"专栏{int(number) + 3} ")
        last.runs[0].text = told
        for item in file.paragraphs:
            if f"见专栏{number}" in item.text:
                item.runs[0].text = item.text.replace(f"见专栏{number}", f"见专栏{int(number) + 3}")
    return At()


@plant("Q-TX-15", "引用的表不存在", "a table that is not there")
def reference(folder: Folder) -> At:
    """A table of no such number."""
    return folder.say(_START, "详见表99。")


@plant("Q-TX-16", "表中行号跳号", "a number of rows is left out")
def row_numbers(folder: Folder) -> At:
    """The fourth row is called the fifth."""
    return folder.cell("重点项目表", 4, 0, lambda _: "9")


@plant("Q-TX-17", "坐标范围的东界小于西界", "an extent that is turned round")
def extent(folder: Folder) -> At:
    """A width that is half of what the coordinates say."""
    with folder.text() as file:
        held = next(item for item in file.paragraphs if "东西最长约" in item.text)
        width = held.text.partition("东西最长约")[2].partition("公里")[0]
    return folder.rewrite(f"东西最长约{width}公里", f"东西最长约{int(width) // 2}公里")


@plant("Q-TX-18", "坐标范围偏一度", "an extent that lies elsewhere")
def moved(folder: Folder) -> At:
    """Both meridians a degree to the east."""
    with folder.text() as file:
        held = next(item for item in file.paragraphs if "东经" in item.text)
        span = held.text.partition("东经")[2].partition("，")[0]
    west, east = span.split("—")
    return folder.rewrite(span, f"{_further(west)}—{_further(east)}")


def _further(angle: str) -> str:
    degrees, rest = angle.split("°")
    return f"{int(degrees) + 1}°{rest}"


@plant("Q-TX-19", "目标年在规划期外", "an aim beyond the period")
def beyond(folder: Folder) -> At:
    """A year too late."""
    return folder.say(_START, "到2026年，建成绿色矿山示范区5个。")


@plant("Q-TX-20", "结论为全面落实而表中未达到", "all is met, says the text, and a row is not")
def met(folder: Folder) -> At:
    """A table of results, one of them short."""
    folder.say(_START, "上一轮规划各项指标全面落实。")
    rows = [
        ["年开采总量", "上轮规划目标", "完成情况"],
        ["锰矿（万吨）", "≥160", "150"],
        ["石膏（万吨）", "≥50", "60"],
    ]
    folder.table(_START, "上轮规划主要指标完成情况", rows)
    return At()


@plant("Q-TX-21", "有回采率的矿种没有产量", "a recovery without an output")
def recovery(folder: Folder) -> At:
    """A mineral that was not mined and was recovered."""
    return folder.say(_START, "2020年铝土矿产量0万吨。铝土矿回采率86%。")


@plant("Q-TX-22", "矿山数控制目标容不下现有矿山", "fewer mines than there are")
def too_few(folder: Folder) -> At:
    """One mine for the output of six."""
    return folder.say(_START, "到2025年，石英岩矿山数控制在1个。")


@plant("Q-TX-23", "治理区名称与说明所指的县不同", "a row that names another county")
def copied(folder: Folder) -> At:
    """The counties of the second zone in the row of the first."""
    rows = [
        ["编号", "名称", "主要问题"],
        ["A1", "平顺县矿山治理区", "位于平顺县的矿山破坏地貌。"],
        ["A2", "壶关县矿山治理区", "位于平顺县的矿山破坏地貌。"],
    ]
    folder.table(_START, "治理区主要问题", rows)
    return At()


@plant(
    "Q-TX-24",
    "集中开采区中没有正文所说的矿种",
    "a mineral that the zone does not have",
)
def not_there(folder: Folder) -> At:
    """A block in an area without that mineral."""
    with folder.layer("JZKCQ") as layer:
        county = layer.value(layer.identifiers()[0], "XZQMC")
    return folder.say(_START, f"在{county}集中开采区规划1个角闪岩开采区块。")


@plant(
    "Q-TX-25",
    "同一修复面积的图斑数两处不同",
    "one area is made of other numbers elsewhere",
    also=("Q-TX-10",),
    reason=Text(
        "不同的构成数本身就是同一数值两处不同", "the other number is the same quantity told twice"
    ),
)
def made_of(folder: Folder) -> At:
    """The area of all patches with another number of them."""
    with folder.text() as file:
        held = next(item for item in file.paragraphs if "修复历史遗留矿山图斑" in item.text).text
    count, area = re.findall(r"图斑(\d+)个，修复面积([\d.]+)公顷", held)[0]
    words = f"规划期内修复历史遗留矿山图斑{int(count) - 10}个，修复面积{area}公顷。"
    return folder.say(_START, words)
