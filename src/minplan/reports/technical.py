"""The technical report (技术核查报告): everything the opinion rests on, with its evidence."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from importlib.metadata import version
from typing import TYPE_CHECKING

from minplan.core.review.finding import Finding, Outcome
from minplan.core.review.rule import Family
from minplan.core.text import Text
from minplan.reports.corners import corner_table
from minplan.reports.document import Block, Cell, Column, Heading, Paragraph, Table, Title
from minplan.reports.findings import (
    SHOWN,
    basis_words,
    distance_table,
    finding_table,
    of_families,
    overlap_table,
)
from minplan.reports.letter import (
    PLAN_SHORT,
    missing_items,
    plan_words,
    proposal_kind,
    stated_facts,
    suggestion_sentence,
)
from minplan.reports.particulars import Particulars, Signed
from minplan.reports.wording import (
    DISCLAIMER,
    SCHEMATIC,
    UNVERIFIED,
    Voice,
    hash_lines,
    hectares,
    layer_term,
    square_kilometres,
    square_metres,
)

if TYPE_CHECKING:
    from minplan.core.review.engine import Review


class Numbering:
    """Numbers tables in the order in which they are asked for."""

    def __init__(self, voice: Voice) -> None:
        self._voice = voice
        self._last = 0

    def table(self, zh: str, en: str) -> str:
        """Caption of the next table."""
        self._last += 1
        return self._voice(f"表{self._last}　{zh}", f"Table {self._last}. {en}")


def technical_report(review: Review, particulars: Particulars, voice: Voice) -> Iterator[Block]:
    """Blocks of the technical report up to the disclaimer; check code and signatures follow."""
    numbers = Numbering(voice)
    yield Title(
        voice("矿产资源规划技术核查报告", "Technical report of the plan review"),
        voice("审查编号 ", "Review ") + particulars.number_words,
    )
    yield Heading(voice("一、概述", "1. Overview"))
    yield from _overview(review, particulars, numbers, voice)
    yield Heading(voice("二、核查依据", "2. Basis"))
    yield from _bases(review, voice)
    yield Heading(voice("三、范围核定", "3. The block"))
    yield from _extent(review, particulars, numbers, voice)
    yield Heading(voice("四、核查结果", "4. Findings"))
    yield from _results(review, numbers, voice)
    yield Heading(voice("五、两种口径", "5. Readings that differ by date"))
    yield from _readings(review, numbers, voice)
    yield Heading(voice("六、未核查与不适用的事项", "6. Not checked and not applicable"))
    yield from _gaps(review, numbers, voice)
    yield Heading(voice("七、结论与建议", "7. Conclusion and suggestion"))
    yield from _conclusion(review, numbers, voice)
    yield Heading(voice("八、数据来源", "8. Sources of data"))
    yield from _sources(review, particulars, numbers, voice)
    yield Paragraph(voice.of(DISCLAIMER), "note")


def _pairs(rows: Sequence[tuple[str, str]], caption: str) -> Table:
    columns = (Column("", 0.24), Column("", 0.76))
    cells = tuple((Cell(label, strong=True), Cell(value)) for label, value in rows)
    return Table(columns, cells, caption, headed=False)


def _overview(
    review: Review, particulars: Particulars, numbers: Numbering, voice: Voice
) -> Iterator[Block]:
    proposal = review.proposal
    rows = [
        (voice("项目名称", "Name"), proposal.name),
        (voice("申请人", "Applicant"), proposal.applicant or "–"),
        (voice("事项", "Request"), proposal_kind(proposal, voice)),
        *((label[:1].upper() + label[1:], value) for label, value in stated_facts(proposal, voice)),
        (voice("审查日期", "Review date"), review.date.isoformat()),
        (voice("审查结论", "Verdict"), voice.of(review.verdict.word)),
    ]
    if proposal.attachments:
        rows.append((voice("提交材料", "Documents"), str(len(proposal.attachments))))
    yield _pairs(rows, numbers.table("申请事项", "The proposal"))
    columns = tuple(Column(voice.outcome(item), 0.2, "center") for item in Outcome)
    counts = tuple(Cell(str(review.count(item)), strong=True) for item in Outcome)
    caption = numbers.table("核查结果汇总（项）", "Number of findings by outcome")
    yield Table(columns, (counts,), caption)


def _bases(review: Review, voice: Voice) -> Iterator[Block]:
    used = [f.rule for f in review.findings if f.outcome in SHOWN]
    certain: dict[str, bool] = {}
    for rule in dict.fromkeys(used):
        for basis in review.rules[rule].basis:
            certain[basis.document] = certain.get(basis.document, False) or basis.certain
    yield Paragraph(
        voice("本次核查引用以下文件，条款见各表：", "The documents cited, clauses in the tables:")
    )
    certain.pop(PLAN_SHORT, None)
    yield Paragraph(f"1. {plan_words(review, voice)}", "small")
    for number, (document, sure) in enumerate(certain.items(), start=2):
        mark = "" if sure else voice.of(UNVERIFIED)
        yield Paragraph(f"{number}. {document}{mark}", "small")


def _extent(
    review: Review, particulars: Particulars, numbers: Numbering, voice: Voice
) -> Iterator[Block]:
    reading = particulars.reading
    if reading is not None:
        lead = voice("坐标解读：", "How the coordinates were read: ")
        yield Paragraph(voice.of(reading.sentence), lead=lead)
        if reading.source:
            yield Paragraph(reading.source, lead=voice("来源：", "Source: "))
        remarks = [voice.of(item) for item in reading.remarks]
        none = voice(
            "未发现需要说明的问题，未改动坐标。", "Nothing to remark; nothing was changed."
        )
        lead = voice("说明与改动：", "Remarks and changes: ")
        if len(remarks) <= 1:
            yield Paragraph(remarks[0] if remarks else none, lead=lead)
        else:
            yield Paragraph("", lead=lead)
            for number, text in enumerate(remarks, start=1):
                yield Paragraph(f"{number}. {text}", "small")
    yield _areas(review, numbers, voice)
    match = review.area_match
    if match is not None:
        lead = voice("面积比对：", "Stated area: ")
        yield Paragraph(voice.of(match.message), lead=lead)
    else:
        text = voice("申报材料未给出面积，不作比对。", "No area was stated; nothing to compare.")
        yield Paragraph(text)
    caption = numbers.table("拐点坐标", "Corners")
    yield corner_table(review.proposal.geometry, caption, voice)


def _areas(review: Review, numbers: Numbering, voice: Voice) -> Table:
    fits = review.area_match.methods if review.area_match else ()
    columns = (
        Column(voice("计算方法", "Method"), 0.4),
        Column(voice("面积 (m²)", "Area (m²)"), 0.2, "right"),
        Column(voice("公顷", "ha"), 0.13, "right"),
        Column("km²", 0.12, "right"),
        Column(voice("与申报", "Stated"), 0.15, "center"),
    )
    compared = review.area_match is not None
    rows = tuple(
        (
            Cell(voice.of(method.label)),
            Cell(square_metres(area)),
            Cell(hectares(area)),
            Cell(square_kilometres(area)),
            Cell(_fit(method in fits, compared, voice)),
        )
        for method, area in review.areas.items()
    )
    return Table(columns, rows, numbers.table("三种方法的面积", "Area by three methods"))


def _fit(fits: bool, compared: bool, voice: Voice) -> str:
    if not compared:
        return "–"
    return voice("一致", "matches") if fits else voice("不一致", "differs")


def _results(review: Review, numbers: Numbering, voice: Voice) -> Iterator[Block]:
    for family in Family:
        found = of_families(review.findings, review.rules, (family,))
        if not found:
            continue
        yield Heading(voice.of(family.word), 2)
        zh, en = family.word.zh, family.word.en
        yield finding_table(found, review.rules, voice)
        if any(item.area_m2 for f in found for item in f.evidence):
            caption = numbers.table(f"{zh}：重叠要素", f"{en}: overlaps")
            if table := overlap_table(found, caption, voice):
                yield table
        if any(item.distance_m is not None for f in found for item in f.evidence):
            caption = numbers.table(f"{zh}：邻近要素", f"{en}: features nearby")
            if table := distance_table(found, caption, voice):
                yield table


def _readings(review: Review, numbers: Numbering, voice: Voice) -> Iterator[Block]:
    """Every reading that does not decide, beside the one that does."""
    others = [f for f in review.findings if not f.decides and f.outcome in SHOWN]
    if not others:
        text = "各项规则在审查日期只有一种口径。"
        yield Paragraph(voice(text, "On the review date every rule has one reading only."))
        return
    columns = (
        Column(voice("口径", "Reading"), 0.14, "center"),
        Column(voice("结果", "Result"), 0.12, "center"),
        Column(voice("规则", "Rule"), 0.24),
        Column(voice("核查情况与说明", "Finding and note"), 0.5),
    )
    rows: list[tuple[Cell, ...]] = []
    shown: set[str] = set()
    for finding in others:
        rows.append(_reading_row(finding, review, voice))
        for item in review.findings:
            replaces = finding.rule in review.rules[item.rule].overrides
            if replaces and item.decides and item.outcome in SHOWN and item.rule not in shown:
                rows.append(_reading_row(item, review, voice))
        shown.update(
            item.rule
            for item in review.findings
            if finding.rule in review.rules[item.rule].overrides
        )
    caption = numbers.table("两种口径对照", "Readings side by side")
    yield Table(columns, tuple(rows), caption)


def _reading_row(finding: Finding, review: Review, voice: Voice) -> tuple[Cell, ...]:
    rule = review.rules[finding.rule]
    lines = [voice.of(finding.message)]
    if finding.reading_note is not None:
        lines.append(voice.of(finding.reading_note))
    which = voice("以此为准", "decides") if finding.decides else voice("仅供参考", "information")
    return (
        Cell(which, strong=finding.decides),
        Cell(voice.outcome(finding.outcome), mark=finding.outcome.value),
        Cell(f"{rule.id}\n{voice.of(rule.title)}\n{basis_words(rule, voice)}"),
        Cell("\n".join(lines)),
    )


def _gaps(review: Review, numbers: Numbering, voice: Voice) -> Iterator[Block]:
    unchecked = review.of(Outcome.NOT_CHECKED, deciding=True)
    if unchecked:
        required = sum(review.rules[f.rule].required for f in unchecked)
        yield Paragraph(
            voice(
                f"未核查 {len(unchecked)} 项，其中 {required} 项为结论所必需。"
                "补充下列资料后应重新核查：",
                f"{len(unchecked)} rules were not checked; the conclusion needs {required} of them."
                " Add what is listed and review again:",
            )
        )
        columns = (
            Column(voice("需补充的资料", "To be added"), 0.5),
            Column(voice("等待该资料的规则", "Rules that wait for it"), 0.5),
        )
        rows = tuple(
            (Cell(item, strong=True), Cell(voice.join(list(dict.fromkeys(rules)))))
            for item, rules in missing_items(unchecked, voice).items()
        )
        if rows:
            yield Table(columns, rows, numbers.table("需补充的资料", "What to add"))
    else:
        yield Paragraph(voice("没有未核查的事项。", "No rule was left unchecked."))
    outside = list(dict.fromkeys(f.rule for f in review.of(Outcome.NOT_APPLICABLE)))
    if outside:
        listed = voice.join([f"{rule} {voice.of(review.rules[rule].title)}" for rule in outside])
        count = len(outside)
        text = voice(f"不适用 {count} 项：{listed}。", f"Not applicable ({count}): {listed}.")
        yield Paragraph(text, "small")


def _conclusion(review: Review, numbers: Numbering, voice: Voice) -> Iterator[Block]:
    yield Paragraph(voice("。", "."), "verdict", lead=voice.opening(review.verdict.word))
    for finding in review.of(Outcome.CONFLICT, deciding=True):
        yield Paragraph(
            voice.of(finding.message), "small", lead=f"{finding.rule} ", mark=finding.outcome.value
        )
    if review.suggestion is None:
        return
    below = Text("下表", "the table below")
    yield Paragraph(suggestion_sentence(review, below, voice))
    caption = numbers.table("建议范围拐点坐标", "Corners of the suggested block")
    yield corner_table(review.suggestion.polygonal, caption, voice)


def _sources(
    review: Review, particulars: Particulars, numbers: Numbering, voice: Voice
) -> Iterator[Block]:
    if review.layers:
        yield _layer_versions(review, numbers, voice)
    else:
        yield Paragraph(voice("未使用管控图层。", "No constraint layer was used."))
    plan = review.plan.plan
    effective = f"{voice('自', 'from ')}{plan.effective_from.isoformat()}{voice('起', '')}"
    rows = [
        (voice("规划", "Plan"), f"{voice.of(plan.name)} {plan.version}".strip()),
        (voice("批准文件", "Act"), plan.act or "–"),
        (voice("施行", "In force"), effective),
        (voice("规划数据校验值", "Plan data SHA-256"), hash_lines(review.plan.sha256) or "–"),
        (voice("规则集校验值", "Rule edition SHA-256"), hash_lines(review.rule_edition)),
        (voice("软件版本", "Software"), f"minplan {version('minplan')}"),
        (
            voice("生成时间", "Generated"),
            particulars.generated.isoformat(sep=" ", timespec="minutes"),
        ),
    ]
    yield _pairs(rows, numbers.table("规划、规则与软件版本", "Plan, rules and software"))


def _layer_versions(review: Review, numbers: Numbering, voice: Voice) -> Table:
    columns = (
        Column(voice("图层", "Layer"), 0.2),
        Column(voice("依据与来源", "Act and source"), 0.23),
        Column(voice("生效日期", "Effective"), 0.14, "center"),
        Column(voice("要素数", "Features"), 0.1, "right"),
        Column("SHA-256", 0.33),
    )
    rows = []
    for layer in review.layers:
        name = voice.of(layer_term(layer.name))
        mark = voice.of(SCHEMATIC) if layer.schematic else ""
        source = "\n".join(item for item in (layer.act, layer.source) if item) or "–"
        since = layer.effective_from.isoformat() if layer.effective_from else "–"
        rows.append(
            (
                Cell(name + mark, strong=True),
                Cell(source),
                Cell(since),
                Cell(str(layer.feature_count)),
                Cell(hash_lines(layer.sha256, 22)),
            )
        )
    return Table(columns, tuple(rows), numbers.table("图层版本", "Layer versions"))


def signatures(voice: Voice, signed: tuple[Signed, ...] = ()) -> Iterator[Block]:
    """Blocks for those who sign and countersign: as they did in the system, else left blank."""
    yield Heading(voice("九、签署", "9. Signatures"))
    signing = {
        "handled": voice("经办人", "Handled by"),
        "checked": voice("复核人", "Checked by"),
        "section": voice("科室负责人", "Head of section"),
        "signed": voice("分管领导", "Leader in charge"),
    }
    done = {item.line: item for item in signed}
    columns = (
        Column(voice("岗位", "Role"), 0.2, "center"),
        Column(voice("意见", "Opinion"), 0.4),
        Column(voice("签名", "Signature"), 0.2, "center"),
        Column(voice("日期", "Date"), 0.2, "center"),
    )
    empty = Cell("")
    rows = tuple(
        (Cell(role, strong=True), Cell(item.opinion), Cell(item.name), Cell(item.date))
        if (item := done.get(line))
        else (Cell(role, strong=True), empty, empty, empty)
        for line, role in signing.items()
    )
    yield Table(columns, rows, voice("签署", "Signatures"), row_height_mm=11.5)
    first = Column(voice("会签部门", "Department"), 0.2, "center")
    blank = tuple((empty, empty, empty, empty) for _ in range(3))
    caption = voice("会签", "Countersigning")
    yield Table((first, *columns[1:]), blank, caption, row_height_mm=9.0)
