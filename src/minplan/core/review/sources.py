"""Where rules come from: the plan, and the acts that several rules cite."""

from __future__ import annotations

from typing import Final

from minplan.core.basis import Basis

MINERAL_LAW: Final = "矿产资源法（2024年修订）"
PLAN_NOTICE_2024: Final = "自然资办发〔2024〕53号"
SHANXI_SAFETY_2024: Final = "晋发〔2024〕10号"
SHANXI_NOTICE_2024: Final = "山西省自然资源厅《关于进一步完善矿产资源勘查开采管理若干事项的通知》"
MINISTRY_REFORM_2023: Final = "自然资规〔2023〕6号"

URL: Final = {
    MINERAL_LAW: "https://github.com/LawRefBook/Laws",
    PLAN_NOTICE_2024: "https://mp.zgkyb.com/m/news/95587",
    SHANXI_SAFETY_2024: "https://mp.zgkyb.com/m/news/95430",
    SHANXI_NOTICE_2024: "https://chinacaj.net/i,16,69233,0.html",
    MINISTRY_REFORM_2023: "https://mffb.com.cn/mobile/news/show-76148.html",
}


def of_plan(number: str, quote: str, clause_id: str) -> Basis:
    """A place of the plan: its number as printed, a short quotation and the clause's id."""
    return Basis("《规划》", number, quote, clause_id=clause_id)


def of_act(document: str, clause: str = "", quote: str = "", *, certain: bool = True) -> Basis:
    """A place of one of the acts named here."""
    return Basis(document, clause, quote, url=URL[document], certain=certain)
