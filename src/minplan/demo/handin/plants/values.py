"""Faults of values: empty, out of range, against one another, not as the dictionary says."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

from minplan.core.text import Text
from minplan.demo.handin.plants.planting import At, Folder, plant
from minplan.demo.handin.rights import element_code


@plant("Q-VA-01", "采矿权许可证号未填", "a required value is empty")
def required_empty(folder: Folder) -> At:
    """A right without its licence."""
    return folder.set("CKQ", 3, XKZH=None)


@plant("Q-VA-02", "填了资源量没填单位", "a figure without its unit")
def unit_empty(folder: Folder) -> At:
    """Resources of a block without a unit."""
    at = folder.set("KCD", 3, ZYL=120.0)
    return At(layer="KCD", key=at.key, field="ZYLDW")


@plant("Q-VA-03", "勘查程度填 9", "a code that is not in its list")
def code_unknown(folder: Folder) -> At:
    """A degree of exploration that does not exist."""
    return folder.set("KCD", 3, KCCD="9")


@plant("Q-VA-04", "行政区代码在检查日期前已撤销", "a code that is no longer in force")
def code_not_in_force(folder: Folder) -> At:
    """A new division has taken the place of a county."""
    with folder.layer("XZQ") as layer:
        code = layer.value(layer.identifiers()[0], "XZQDM")
    edition = folder.edition
    codes = edition.code_lists["XZQ"]
    ended = [
        replace(item, valid_to=dt.date(2024, 12, 31)) if item.code == code else item
        for item in codes.codes
    ]
    lists = {**edition.code_lists, "XZQ": replace(codes, codes=tuple(ended))}
    held = replace(edition, code_lists=lists)
    folder.hold(load=lambda _: held)
    return At(layer="XZQ", field="XZQDM")


@plant(
    "Q-VA-05",
    "矿产地资源量写成文字",
    "a figure that cannot be read",
    also=("Q-ST-04",),
    reason=Text("只有文字型的字段装得下文字", "a field that holds words is one of text"),
)
def figure_unreadable(folder: Folder) -> At:
    """Words in a column of texts."""
    with folder.layer("KCD") as layer:
        layer.retype("ZYL", "TEXT(20)")
        key = layer.identifiers()[3]
        layer.set(key, ZYL="约一百万", ZYLDW="万吨")
    return At(layer="KCD", key=key, field="ZYL")


@plant("Q-VA-06", "规划级别超长", "a value longer than its field")
def value_long(folder: Folder) -> At:
    """A name far longer than a field of names."""
    with folder.layer("KCD") as layer:
        layer.retype("BZ", "TEXT(1000)")
        key = layer.identifiers()[3]
        layer.set(key, BZ="示意数据，" * 80)
    return At(layer="KCD", key=key, field="BZ")


@plant("Q-VA-07", "资源量为负数", "a figure below its minimum")
def figure_negative(folder: Folder) -> At:
    """Less than nothing."""
    return folder.set("KCD", 3, ZYL=-5.0, ZYLDW="万吨")


@plant("Q-VA-08", "登记面积原文与数值不同", "a figure and its print differ")
def print_differs(folder: Folder) -> At:
    """The print of another figure."""
    at = folder.set("TKQ", 3, MJWB="9.9999")
    return At(layer="TKQ", key=at.key)


@plant("Q-VA-09", "两个矿产地标识码相同", "an identifier is there twice")
def identifier_twice(folder: Folder) -> At:
    """The identifier of the first in the second."""
    with folder.layer("KCD") as layer:
        first, second = layer.identifiers()[:2]
        layer.set(second, BSM=first)
    return At(layer="KCD", key=first)


@plant("Q-VA-10", "条款引用了不存在的上级条款", "a reference to nothing")
def reference_broken(folder: Folder) -> At:
    """A clause below one that is not there."""
    at = folder.set("GHTK", 3, SJTK="c99")
    return At(layer="GHTK", key=at.key, field="SJTK")


@plant(
    "Q-VA-11",
    "起始年与末年填反",
    "the first year is after the last",
    also=("Q-VA-15",),
    reason=Text("反了的年份都不是规划期的年份", "swapped years are not those of the period"),
)
def years_swapped(folder: Folder) -> At:
    """First and last year swapped."""
    plan = folder.names.plan
    at = folder.set("KCD", 3, GHQSN=plan.last_year, GHMZN=plan.first_year)
    return At(layer="KCD", key=at.key)


@plant("Q-VA-12", "采矿权标高上下限填反", "upper and lower elevation are swapped")
def elevations_swapped(folder: Folder) -> At:
    """A right upside down."""
    with folder.layer("CKQ") as layer:
        key = layer.identifiers()[3]
        upper, lower = layer.value(key, "BGSX"), layer.value(key, "BGXX")
        layer.set(key, BGSX=lower, BGXX=upper)
    return At(layer="CKQ", key=key)


@plant("Q-VA-13", "有效期止早于有效期起", "a right ends before it begins")
def dates_swapped(folder: Folder) -> At:
    """A licence from after its end."""
    with folder.layer("CKQ") as layer:
        key = layer.identifiers()[3]
        begin, end = layer.value(key, "YXQQ"), layer.value(key, "YXQZ")
        layer.set(key, YXQQ=end, YXQZ=begin)
    return At(layer="CKQ", key=key)


@plant("Q-VA-14", "控制总量下限高于上限", "a lower figure above the upper one")
def figures_swapped(folder: Folder) -> At:
    """A cap whose lower figure is twice the upper."""
    with folder.layer("ZLKZ") as layer:
        key = layer.identifiers()[0]
        high = layer.value(key, "SX")
        layer.set(key, XX=high * 2, XXWB=f"{high * 2:g}")
    return At(layer="ZLKZ", key=key)


@plant("Q-VA-15", "规划末年写成下一轮", "the last year of another period")
def year_other(folder: Folder) -> At:
    """Ten years later."""
    at = folder.set("KCD", 3, GHMZN=folder.names.plan.last_year + 10)
    return At(layer="KCD", key=at.key, field="GHMZN")


@plant("Q-VA-16", "行政区名称与代码不符", "the name of another division")
def division_name(folder: Folder) -> At:
    """The name of the city beside the code of a county."""
    with folder.layer("KCD") as layer:
        key = next(
            key for key in layer.identifiers()
            if layer.value(key, "XZQDM") != folder.names.plan.region_code
        )  # fmt: skip
        layer.set(key, XZQMC=folder.names.plan.region_name)
    return At(layer="KCD", key=key)


@plant("Q-VA-17", "矿床规模写成“大型”", "a name where the code belongs")
def code_as_name(folder: Folder) -> At:
    """The word instead of its code, which fits the field."""
    return folder.set("KCD", 3, KCGM="大")


@plant("Q-VA-18", "名称末尾有空格", "blanks at the end of a name")
def blanks(folder: Folder) -> At:
    """Two blanks behind a name."""
    with folder.layer("KCD") as layer:
        key = layer.identifiers()[3]
        layer.set(key, MC=f"{layer.value(key, 'MC')}  ")
    return At(layer="KCD", key=key, field="MC")


@plant("Q-VA-19", "所在县区写成“某某县”", "a county that does not exist")
def county_unknown(folder: Folder) -> At:
    """A county of no name."""
    at = folder.set("ZDXM", 3, SZXZQ="某某县")
    return At(layer="ZDXM", key=at.key, field="SZXZQ")


@plant("Q-VA-20", "要素代码是别的图层的", "the element code of another layer")
def element_of_another(folder: Folder) -> At:
    """Deposits coded as rights."""
    return folder.set("KCD", 3, YSDM=element_code(folder.edition, "CKQ"))


@plant("Q-VA-21", "重点项目重复一行", "a row is there twice")
def row_twice(folder: Folder) -> At:
    """A project under another identifier."""
    with folder.layer("ZDXM") as layer:
        key = layer.identifiers()[3]
        layer.copy(key, BSM=f"{key}-2")
    return At(layer="ZDXM", key=f"{key}-2")
