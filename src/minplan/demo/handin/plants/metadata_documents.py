"""Faults of metadata and documents."""

from __future__ import annotations

from minplan.demo.handin.plants.planting import At, Folder, plant


@plant("Q-MD-01", "元数据没有摘要", "an item that is required is empty")
def item_empty(folder: Folder) -> At:
    """No abstract."""
    folder.meta("ZY", "")
    return At(words="ZY")


@plant("Q-MD-02", "元数据日期读不出", "a date that cannot be read")
def date_unreadable(folder: Folder) -> At:
    """A date in words."""
    folder.meta("SJJRQ", "去年冬天")
    return At(words="去年冬天")


@plant("Q-MD-03", "元数据西边经度写错", "the bounds are not those of the layers")
def bounds(folder: Folder) -> At:
    """A degree to the west."""
    west = float(folder.metadata()["XBJD"])
    folder.meta("XBJD", f"{west - 1:.6f}")
    return At(words="XBJD")


@plant("Q-MD-04", "元数据所列个数不对", "the numbers of features are not those of the layers")
def numbers(folder: Folder) -> At:
    """One right more."""
    listed = folder.metadata()["TCMC"]
    folder.meta("TCMC", listed.replace("采矿权 ", "采矿权 1", 1))
    return At(words="TCMC")


@plant("Q-MD-05", "元数据写成 1980 西安坐标系", "another coordinate system")
def system(folder: Folder) -> At:
    """The system of 1980."""
    folder.meta("DDZBCZ", "1980西安坐标系")
    return At(words="DDZBCZ")


@plant("Q-MD-06", "元数据起始时间不是规划期", "another period")
def period(folder: Folder) -> At:
    """The period before."""
    folder.meta("QSSJ", "2016-01-01")
    return At(words="QSSJ")


@plant("Q-MD-07", "元数据多一项", "an item that the standard does not have")
def item_more(folder: Folder) -> At:
    """An item of no standard."""
    folder.meta("QTSM", "无")
    return At(words="QTSM")


@plant("Q-MD-08", "规划文本没有章节", "a text without chapters")
def no_chapters(folder: Folder) -> At:
    """A text of one paragraph."""
    with folder.text() as file:
        body = file.element.body
        for child in list(body)[:-1]:
            body.remove(child)
        file.add_paragraph(f"{folder.names.plan.name.zh}全文另附。")
    return At()


@plant("Q-MD-09", "文档标题是另一市的", "the title names another city")
def title(folder: Folder) -> At:
    """The name of another city in the title."""
    plan = folder.names.plan
    folder.rewrite(plan.region_name, "某某市")
    return At()


@plant("Q-MD-10", "文档标题的规划期不对", "the title names another period")
def title_period(folder: Folder) -> At:
    """The period before in the title."""
    plan = folder.names.plan
    folder.rewrite(f"{plan.first_year}—{plan.last_year}", "2016—2020")
    return At()
