"""Years: targets within the period, states of the base year, one period for one plan."""

from __future__ import annotations

from typing import Final

from minplan.core.document.building import document
from minplan.core.quality.check import Example
from minplan.core.quality.consistency.telling import (
    AGREEMENT,
    Context,
    Family,
    Fault,
    Iterator,
    Level,
    Scope,
    Text,
    check,
    contradiction,
    documents,
    where,
)
from minplan.core.quality.consistency.years import OddYear, odd_years

_PERIOD: Final = "本规划以 2020 年为基期，2021 至 2025 年为规划期，展望到 2035 年。"
_SAID: Final = {
    "target": Text("目标年份 {} 在规划期 {} 和展望年之外", "the target year {} is outside {}"),
    "state": Text("现状写到 {} 年，基期为 {} 年", "the state is of {}, the base year is {}"),
    "name": Text("同一规划写作 {}，另一处为 {}", "one plan is for {} here and for {} there"),
    "order": Text("由 {} 年变到 {} 年，先后颠倒", "from {} to {}: the later year comes first"),
}
_LEVELS: Final = {"state": Level.INFO}


def _plan(*text: str) -> dict[str, object]:
    return {"documents": [document(_PERIOD, "第一章 目标", *text)]}


@check(
    "Q-TX-19",
    Text("年份与规划期、基期相符", "Years fit period and base year"),
    family=Family.CONSISTENCY,
    scope=Scope.DOCUMENT,
    level=Level.WARNING,
    weight=1.0,
    basis=AGREEMENT,
    explanation=Text(
        "“到某年”的目标年份不晚于规划期末（展望年除外），标题中的目标年份是期末或展望年，“截至某年”"
        "的现状不晚于基期，同一规划的起止年份各处相同，由前一年份变到后一年份。",
        "Target years are not after the period (the outlook apart), target years of headings are "
        "its end or the outlook, states are not after the base year, a plan has one period "
        "everywhere, and changes go from an earlier to a later year.",
    ),
    mend=Text("改正年份", "correct the year"),
    examples=(
        Example(Text("在规划期内", "within"), 0, _plan("到 2025 年，煤炭产量 1 亿吨。")),
        Example(Text("展望年", "outlook"), 0, _plan("到 2035 年，全面转型。")),
        Example(Text("规划期外", "outside"), 1, _plan("到 2026 年，煤炭产量 1 亿吨。")),
        Example(
            Text("先后颠倒", "backward"), 1, _plan("矿山由 2020 年的 9 个压减到 2015 年的 8 个。")
        ),
    ),
)
def years(ctx: Context) -> Iterator[Fault]:
    """Odd years."""
    for plan in documents(ctx):
        for found in odd_years(plan):
            yield _fault(ctx, found)


def _fault(ctx: Context, found: OddYear) -> Fault:
    place, said = where(found.spots[0]), _SAID[found.kind]
    return contradiction(
        ctx,
        Text(
            f"{place.zh}“{found.spots[0].quote}”：{said.zh.format(found.year, found.should)}",
            f"{place.en}: {said.en.format(found.year, found.should)}",
        ),
        found.spots,
        value=found.year,
        limit=found.should,
        sure=found.sure,
        level=_LEVELS.get(found.kind, Level.WARNING),
    )
