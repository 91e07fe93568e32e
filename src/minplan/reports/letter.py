"""The review opinion (审查意见): a letter in the usual seven sections."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from minplan.core.geometry.area import AreaMethod
from minplan.core.review.finding import Finding, Outcome, Verdict
from minplan.core.review.proposal import Proposal
from minplan.core.review.rule import Family
from minplan.core.text import Text
from minplan.reports.document import Block, Heading, Letterhead, Paragraph, Title
from minplan.reports.findings import HITS, of_families, sentence
from minplan.reports.particulars import Particulars
from minplan.reports.wording import Voice, plain, share, square_kilometres

if TYPE_CHECKING:
    from minplan.core.review.engine import Review

_ZONES = (Family.PLANNING_ZONES,)
_LINES = (Family.CONTROL_LINES, Family.PROTECTED_GROUND, Family.DISTANCES)
_TOTALS = (Family.TOTALS, Family.EXISTING_RIGHTS)
_ADMISSION = tuple(f for f in Family if f not in (*_ZONES, *_LINES, *_TOTALS))
#: How rules cite the plan.
PLAN_SHORT = "《规划》"
#: Titles of clear rules named in a section of the letter; the annex lists them all.
_NAMED = 8


def letter(review: Review, particulars: Particulars, voice: Voice) -> Iterator[Block]:
    """Blocks of the letter."""
    proposal = review.proposal
    if particulars.office:
        yield Letterhead(particulars.office, particulars.number_words)
    yield Title(opinion_title(proposal, voice))
    if proposal.applicant:
        yield Paragraph(proposal.applicant + voice("：", ":"), "plain")
    yield Paragraph(_opening(review, voice))
    yield Heading(voice("一、基本情况", "1. The proposal"))
    yield Paragraph(_facts(review, voice))
    sections = (
        (_ZONES, "二、与规划分区、区块的符合性", "2. Planning zones and blocks"),
        (_LINES, "三、与管控边界的关系", "3. Control lines, protected ground and distances"),
        (_ADMISSION, "四、准入条件", "4. Conditions of admission"),
        (_TOTALS, "五、总量与布局", "5. Totals and existing rights"),
    )
    for families, zh, en in sections:
        yield Heading(voice(zh, en))
        yield from _section(review, families, voice)
    yield Heading(voice("六、审查结论", "6. Conclusion"))
    yield Paragraph(_reason(review, voice), "verdict", lead=voice.opening(review.verdict.word))
    yield Heading(voice("七、需说明和落实的事项", "7. Points to explain and to see to"))
    yield from _points(review, voice)
    yield Paragraph(
        voice(
            "附件：1. 拐点坐标表；2. 核查明细表；3. 位置关系图；4. 数据来源表（均见技术核查报告）",
            "Annexes: 1. corner table; 2. findings in detail; 3. maps; 4. sources of data "
            "(all in the technical report)",
        ),
    )
    seal = particulars.office or voice("（审查机关印章）", "(seal of the authority)")
    yield Paragraph(f"{seal}\n{voice.date(particulars.generated.date())}", "right")


def opinion_title(proposal: Proposal, voice: Voice) -> str:
    """Title of the opinion."""
    what_zh = f"{proposal.name}（{proposal.action.word.zh}{proposal.right.word.zh}）"
    what_en = f"{proposal.name} ({proposal.action.word.en}, {proposal.right.word.en})"
    return voice(f"关于{what_zh}矿产资源规划审查的意见", f"Opinion on the plan review of {what_en}")


def _opening(review: Review, voice: Voice) -> str:
    plan = plan_words(review, voice)
    return voice(
        f"依据《矿产资源法》《矿产资源规划编制实施办法》{plan}及现行有关规定，"
        f"对该事项进行了矿产资源规划审查（审查日期：{voice.date(review.date)}），意见如下：",
        "Under the Mineral Resources Law, the Measures for Mineral Resources Planning, the "
        f"{plan} and the rules in force, the proposal was reviewed against the "
        f"plan as of {voice.date(review.date)}. The opinion is as follows.",
    )


def plan_words(review: Review, voice: Voice) -> str:
    """Name of the plan, its act, and the short name under which rules cite it."""
    plan = review.plan.plan
    name = plan.name.zh.strip("《》")
    act, act_en = (f"{plan.act}，", f"{plan.act}, ") if plan.act else ("", "")
    return voice(
        f"《{name}》（{act}以下简称《规划》）", f"{plan.name.en} ({act_en}below: {PLAN_SHORT})"
    )


def _facts(review: Review, voice: Voice) -> str:
    proposal = review.proposal
    corners = sum(
        len(ring.coords) - 1
        for part in proposal.geometry.parts
        for ring in (part.exterior, *part.interiors)
    )
    area = square_kilometres(review.areas[AreaMethod.ELLIPSOID])
    items = [voice("拟办事项为", "Requested: ") + proposal_kind(proposal, voice)]
    items += [
        f"{label}{_is(value, voice)}{value}" for label, value in stated_facts(proposal, voice)
    ]
    items.append(
        voice(
            f"范围由 {corners} 个拐点圈定，面积 {area} 平方千米（椭球面积）",
            f"the block has {corners} corners and an area of {area} km² (ellipsoidal)",
        )
    )
    ending = voice("。拐点坐标见附件1。", ". The corners are listed in annex 1.")
    return voice("，", "; ").join(items) + ending


def proposal_kind(proposal: Proposal, voice: Voice) -> str:
    """Action and kind of right in words."""
    return voice(
        f"{proposal.action.word.zh}{proposal.right.word.zh}",
        f"{proposal.action.word.en}, {proposal.right.word.en}",
    )


def _is(value: str, voice: Voice) -> str:
    """为, with a space before figures and Latin letters."""
    return voice("为 " if value[0].isascii() else "为", ": ")


def stated_facts(proposal: Proposal, voice: Voice) -> list[tuple[str, str]]:
    """What the proposal states, as pairs of label and value; what it leaves out is left out."""
    pairs = [
        (voice("矿种", "minerals"), voice.join(list(proposal.minerals))),
        (voice("所在县（区）", "county"), proposal.county),
        (voice("规划区块", "planning block"), proposal.block_code),
        (voice("许可证号", "licence"), proposal.licence),
    ]
    if proposal.scale is not None:
        figure = f"{plain(proposal.scale)} {proposal.scale_unit}"
        pairs.append((voice("拟建规模", "designed scale"), figure))
    if proposal.service_life is not None:
        figure = plain(proposal.service_life) + voice(" 年", " years")
        pairs.append((voice("服务年限", "service life"), figure))
    if proposal.reserves:
        pairs.append((voice("资源量", "resources"), _reserves(proposal, voice)))
    if proposal.exploration_degree is not None:
        word = voice.of(proposal.exploration_degree.word)
        pairs.append((voice("勘查程度", "degree of exploration"), word))
    if proposal.elevation is not None:
        upper, lower = proposal.elevation.upper, proposal.elevation.lower
        figure = voice(f"{plain(upper)}～{plain(lower)} m", f"{plain(upper)} to {plain(lower)} m")
        pairs.append((voice("开采标高", "mining elevation"), figure))
    if proposal.method is not None:
        pairs.append((voice("开采方式", "method"), voice.of(proposal.method.word)))
    if proposal.grant_method:
        pairs.append((voice("出让方式", "way of granting"), proposal.grant_method))
    return [(label, value) for label, value in pairs if value]


_RESERVE_WORDS = {
    "measured": ("探明", "measured"),
    "indicated": ("控制", "indicated"),
    "inferred": ("推断", "inferred"),
    "total": ("合计", "total"),
}


def _reserves(proposal: Proposal, voice: Voice) -> str:
    return voice.join(
        [
            f"{voice(*_RESERVE_WORDS.get(key, (key, key)))} {plain(value)} {proposal.reserves_unit}"
            for key, value in proposal.reserves.items()
        ]
    )


def _section(review: Review, families: Sequence[Family], voice: Voice) -> Iterator[Paragraph]:
    found = of_families(review.findings, review.rules, families)
    hits = [item for item in found if item.outcome in HITS]
    for number, item in enumerate(hits, start=1):
        text = sentence(item, review.rules[item.rule], voice)
        lead = voice(f"（{number}）", f"({number}) ")
        yield Paragraph(text, lead=lead, mark=item.outcome.value)
    rest = []
    clear = _titles(found, Outcome.CLEAR, review, voice)
    if clear:
        named = voice.join(clear[:_NAMED])
        more = voice("等", " and others") if len(clear) > _NAMED else ""
        verb = (
            voice("其余已核查的 ", "Checked and clear: ")
            if hits
            else voice("经核查，", "Checked: ")
        )
        rest.append(
            voice(
                f"{verb}{len(clear)} 项符合要求（{named}{more}）",
                f"{verb}{len(clear)} ({named}{more})",
            )
        )
    unchecked = _titles(found, Outcome.NOT_CHECKED, review, voice)
    if unchecked:
        rest.append(
            voice(
                f"{len(unchecked)} 项因资料不足未核查，见第七条",
                f"not checked for lack of material: {len(unchecked)}, see section 7",
            )
        )
    if rest:
        yield Paragraph(voice("；", "; ").join(rest) + voice("。", "."))
    elif not hits:
        yield Paragraph(voice("本事项不涉及。", "Does not concern this proposal."))


def _titles(found: Sequence[Finding], outcome: Outcome, review: Review, voice: Voice) -> list[str]:
    titles = [voice.of(review.rules[f.rule].title) for f in found if f.outcome is outcome]
    return list(dict.fromkeys(titles))


def _reason(review: Review, voice: Voice) -> str:
    """Why the verdict is what it is, in one sentence after its fixed word."""
    conflicts, attentions, unchecked, clear = (
        review.count(item)
        for item in (Outcome.CONFLICT, Outcome.ATTENTION, Outcome.NOT_CHECKED, Outcome.CLEAR)
    )
    if review.verdict is Verdict.EXEMPT:
        return voice(
            "。该类事项按现行规定不需进行规划审核；以上核查内容供参考。",
            ". Such an action needs no plan check under the rules in force; "
            "the findings above are for information.",
        )
    return voice(
        f"。涉及本事项的规则 {conflicts + attentions + unchecked + clear} 项：冲突 {conflicts} 项、"
        f"需关注 {attentions} 项、符合 {clear} 项、未核查 {unchecked} 项。",
        f". Rules that concern the proposal: {conflicts + attentions + unchecked + clear}; "
        f"conflicts {conflicts}, attention {attentions}, clear {clear}, not checked {unchecked}.",
    )


def missing_items(findings: Sequence[Finding], voice: Voice) -> dict[str, list[str]]:
    """What is missing, with the ids of the rules that wait for it; most wanted first."""
    wanted: dict[str, list[str]] = {}
    for finding in findings:
        for item in finding.missing:
            wanted.setdefault(voice.of(item), []).append(finding.rule)
    return dict(sorted(wanted.items(), key=lambda pair: -len(pair[1])))


def _points(review: Review, voice: Voice) -> Iterator[Paragraph]:
    points: list[str] = []
    hits = review.of(Outcome.CONFLICT, Outcome.ATTENTION, deciding=True)
    mends = [voice.of(f.mend) for f in hits if f.mend is not None]
    points += [text.rstrip("。.") + voice("。", ".") for text in dict.fromkeys(mends)]
    unchecked = review.of(Outcome.NOT_CHECKED, deciding=True)
    if unchecked:
        wanted = list(missing_items(unchecked, voice))
        named = voice.join(wanted[:_NAMED])
        more = voice("等", " and others") if len(wanted) > _NAMED else ""
        points.append(
            voice(
                f"有 {len(unchecked)} 项因资料不足未核查，请补充{named}{more}后重新核查。",
                f"{len(unchecked)} rules were not checked; add {named}{more} and review again.",
            )
        )
    if review.suggestion is not None:
        where = Text("技术核查报告第七部分", "section 7 of the technical report")
        points.append(suggestion_sentence(review, where, voice))
    if not points:
        points.append(voice("无。", "None."))
    for number, text in enumerate(points, start=1):
        lead = voice(f"（{number}）", f"({number}) ") if len(points) > 1 else ""
        yield Paragraph(text, lead=lead)


def suggestion_sentence(review: Review, where: Text, voice: Voice) -> str:
    """What the largest compliant part is, ``where`` its corners are, what the review says of it."""
    assert review.suggestion is not None
    area = review.suggestion.area_m2
    part = share(area / review.areas[AreaMethod.ELLIPSOID])
    ending, ending_en = "。", "."
    if review.suggestion_verdict is not None:
        word = review.suggestion_verdict.word
        ending = f"，按该范围重新核查的结论为“{word.zh}”。"
        ending_en = f"; the review of that part says: {word.en}."
    figure = square_kilometres(area)
    return voice(
        f"系统建议可将范围调整为 {figure} 平方千米（为申请面积的 {part}），"
        f"拐点坐标见{where.zh}{ending}",
        f"The system suggests a block of {figure} km² ({part} of the area asked for); its corners "
        f"are in {where.en}{ending_en}",
    )
