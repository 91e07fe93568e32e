"""The quality report (成果质量检查报告) as a document model, in the order of survey practice."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from typing import Final

from minplan.core.quality.check import Check
from minplan.core.quality.fault import Fault, Level
from minplan.core.quality.inspection import CheckResult, State
from minplan.core.text import Language, Text
from minplan.reports.document import (
    Block,
    Cell,
    Column,
    Document,
    Figure,
    Heading,
    Paragraph,
    Part,
    Table,
    Title,
    checksum,
)
from minplan.reports.quality.told import MARKS, Told
from minplan.reports.wording import DISCLAIMER, UNVERIFIED, Voice, hash_lines

#: Faults of one check that the document lists; the workbook has all.
LISTED: Final = 50


def document_of(
    told: Told, language: Language, figures: Mapping[str, Figure] | None = None
) -> Document:
    """The report of a quality check; ``figures`` are thumbnails by check."""
    voice = Voice(language)
    blocks = tuple(_blocks(told, voice, figures or {}))
    part = Part("report", blocks)
    code = checksum((part,))
    closing = (Paragraph(f"{voice('校验码', 'Check code')} {code}", "note"), *_signatures(voice))
    title = voice("矿产资源规划成果质量检查报告", "Quality report of a plan deliverable")
    number = told.number or voice("（未编号）", "(no number)")
    return Document(title, language, f"{number} · {code}", (Part("report", (*blocks, *closing)),))


def _blocks(told: Told, voice: Voice, figures: Mapping[str, Figure]) -> Iterator[Block]:
    number = told.number or voice("（未编号）", "(no number)")
    yield Title(
        voice("成果质量检查报告", "Quality report"),
        f"{told.inspection.name} · {number}",
    )
    yield Heading(voice("一、基本信息", "1. What was checked"))
    yield _basics(told, voice)
    yield Heading(voice("二、结论", "2. Conclusion"))
    yield from _conclusion(told, voice)
    yield Heading(voice("三、总表", "3. Summary"))
    yield from _summary(told, voice)
    yield Heading(voice("四、分项结果", "4. Findings"))
    yield from _findings(told, voice, figures)
    yield Heading(voice("五、未检查的事项", "5. Not checked"))
    yield from _gaps(told, voice)
    yield Heading(voice("六、豁免", "6. Waivers"))
    yield from _waivers(told, voice)
    yield Heading(voice("七、与上次对比", "7. Since the last check"))
    yield from _comparison(told, voice)
    yield Heading(voice("八、检查项一览", "8. What was looked at"))
    yield _checks(told, voice)
    yield Paragraph(voice.of(DISCLAIMER), "note")


def _pairs(rows: Sequence[tuple[str, str]]) -> Table:
    columns = (Column("", 0.24), Column("", 0.76))
    return Table(columns, tuple((Cell(a, strong=True), Cell(b)) for a, b in rows), headed=False)


def _basics(told: Told, voice: Voice) -> Table:
    made = told.inspection
    rows = [
        (voice("成果", "Submission"), made.name),
        (voice("类别", "Kind"), voice.of(made.kind.word)),
        (voice("数据标准", "Edition of the standard"), made.edition),
        (voice("代码有效日期", "Codes in force on"), made.date.isoformat() if made.date else "–"),
        (voice("图层与表", "Layers and tables"), str(made.layers)),
        (voice("要素与记录", "Features and rows"), f"{made.features:,}"),
        (voice("检查项", "Checks"), str(len(made.results))),
        (voice("检查单位", "Office"), told.office or "–"),
        (voice("检查人", "Made by"), told.actor or "–"),
        (voice("检查时间", "Made"), told.made.strftime("%Y-%m-%d %H:%M")),
    ]
    if told.sha256:
        label = voice("成果校验值", "SHA-256")
        rows.append((label, hash_lines(told.sha256)))
    return _pairs(rows)


def _conclusion(told: Told, voice: Voice) -> Iterator[Block]:
    score = told.score
    yield Paragraph(voice("。", "."), "verdict", lead=voice.opening(score.verdict.word))
    for reason in score.reasons:
        yield Paragraph(f"{voice.opening(reason)}{voice('。', '.')}", "small")
    grade = voice.of(score.grade.name)
    yield Paragraph(
        voice(
            f"得分 {score.points:g}（{grade}），仅供参考；结论以缺陷级别为准。",
            f"Score {score.points:g} ({grade}), for information; the levels of the faults decide.",
        )
    )
    if told.inspection.cancelled:
        text = voice("检查中途取消，结果不完整。", "The check was cancelled; it is incomplete.")
        yield Paragraph(text, "small")
    counts = told.inspection.counts
    columns = tuple(Column(voice.opening(level.word), 0.25, "center") for level in Level)
    row = tuple(Cell(str(counts[level]), strong=True) for level in Level)
    yield Table(columns, (row,))


def _summary(told: Told, voice: Voice) -> Iterator[Block]:
    table = told.summary()
    columns = (
        Column(voice("类别", "Family"), 0.4),
        *(Column(voice.opening(level.word), 0.12, "right") for level in Level),
        Column(voice("得分", "Points"), 0.12, "right"),
    )
    rows = []
    for family, counts in table.items():
        points = told.score.families.get(family)
        rows.append(
            (
                Cell(voice.of(family.word), strong=True),
                *(Cell(str(counts[level])) for level in Level),
                Cell("–" if points is None else f"{points:.1f}"),
            )
        )
    if rows:
        yield Table(columns, tuple(rows))
    else:
        yield Paragraph(voice("没有可用的检查项。", "No check applies."))


def _findings(told: Told, voice: Voice, figures: Mapping[str, Figure]) -> Iterator[Block]:
    found = [*told.found()]
    if not found:
        yield Paragraph(voice("没有发现问题。", "Nothing was found."))
    families = [(check.family.word if check else Text("", ""), r, check) for r, check in found]
    order = sorted(families, key=lambda item: item[0].zh)
    for word, group in groupby(order, key=lambda item: item[0]):
        yield Heading(voice.of(word) or voice("其他", "Others"), 2)
        for _, result, check in group:
            yield from _finding(told, result, check, voice)
            if (figure := figures.get(result.check)) is not None:
                yield figure


def _finding(told: Told, result: CheckResult, check: Check | None, voice: Voice) -> Iterator[Block]:
    level = next(item for item in Level if item in result.counts)
    yield Paragraph(
        "",
        "plain",
        lead=f"{result.check} {voice.of(told.title_of(result.check))}"
        + voice(f"（{result.total} 处）", f" ({result.total})"),
        mark=MARKS[level].value,
    )
    if check is not None:
        basis = voice.join([f"{item}{'' if item.certain else voice.of(UNVERIFIED)}"
                            for item in check.basis])  # fmt: skip
        yield Paragraph(f"{voice('依据：', 'Basis: ')}{basis}", "small")
        yield Paragraph(f"{voice('办法：', 'Mend: ')}{voice.of(check.mend)}", "small")
    columns = (
        Column(voice("级别", "Level"), 0.1, "center"),
        Column(voice("位置", "Where"), 0.3),
        Column(voice("问题", "What is wrong"), 0.6),
    )
    shown = result.faults[:LISTED]
    rows = tuple(
        (
            Cell(voice.of(fault.level.word), mark=MARKS[fault.level].value),
            Cell(_where(fault, voice)),
            Cell(_what(fault, told, voice)),
        )
        for fault in shown
    )
    if rows:
        yield Table(columns, rows)
    if result.total > len(shown):
        yield Paragraph(
            voice(
                f"只列前 {len(shown)} 处，共 {result.total} 处；其余见缺陷清单。",
                f"The first {len(shown)} of {result.total}; the workbook has more.",
            ),
            "note",
        )


def _where(fault: Fault, voice: Voice) -> str:
    lines = [fault.file, " · ".join(part for part in (fault.layer, fault.field) if part)]
    if fault.key or fault.row is not None:
        row = voice(f"第 {fault.row} 行", f"row {fault.row}") if fault.row is not None else ""
        lines.append(" ".join(part for part in (fault.key, row) if part))
    lines += [voice.of(spot.describe()) for spot in fault.spots]
    return "\n".join(line for line in lines if line) or "–"


def _what(fault: Fault, told: Told, voice: Voice) -> str:
    lines = [voice.of(fault.message)]
    lines += [f"“{spot.quote}”" for spot in fault.spots if spot.quote]
    if fault.sure < 1:
        lines.append(voice(f"把握 {fault.sure:.0%}", f"certainty {fault.sure:.0%}"))
    since = voice.of(told.since(fault))
    if since:
        lines.append(voice("与上次：", "since the last check: ") + since)
    return "\n".join(lines)


def _gaps(told: Told, voice: Voice) -> Iterator[Block]:
    open_ones = [item for item in told.inspection.results if item.missing]
    if not open_ones:
        yield Paragraph(voice("没有未检查的事项。", "Everything was checked."))
        return
    columns = (Column(voice("检查项", "Check"), 0.42), Column(voice("原因", "Why"), 0.58))
    rows = tuple(
        (
            Cell(f"{item.check} {voice.of(told.title_of(item.check))}", strong=True),
            Cell("\n".join(voice.of(reason) for reason in item.missing[:LISTED])),
        )
        for item in open_ones
    )
    yield Table(columns, rows)


def _waivers(told: Told, voice: Voice) -> Iterator[Block]:
    held = [item for result in told.inspection.results for item in result.waived]
    if not held:
        yield Paragraph(voice("没有豁免。", "No fault is waived."))
        return
    columns = (
        Column(voice("检查项", "Check"), 0.13),
        Column(voice("缺陷", "Fault"), 0.37),
        Column(voice("理由", "Why"), 0.25),
        Column(voice("豁免人", "Who"), 0.12),
        Column(voice("截止", "Until"), 0.13),
    )
    rows = tuple(
        (
            Cell(item.fault.check, strong=True),
            Cell(f"{_where(item.fault, voice)}\n{voice.of(item.fault.message)}"),
            Cell(item.waiver.why),
            Cell(item.waiver.who),
            Cell(item.waiver.until.isoformat() if item.waiver.until else "–"),
        )
        for item in held
    )
    yield Table(columns, rows)


def _comparison(told: Told, voice: Voice) -> Iterator[Block]:
    found = told.comparison
    if found is None:
        yield Paragraph(voice("没有上次检查可比。", "There is no earlier check to compare with."))
        return
    yield Paragraph(
        voice(
            f"与 {told.before} 相比：已改 {len(found.fixed)} 处，未改 {len(found.remaining)} 处，"
            f"新增 {len(found.new)} 处，无法判断 {len(found.unknown)} 处。",
            f"Against {told.before}: {len(found.fixed)} fixed, {len(found.remaining)} remaining, "
            f"{len(found.new)} new, {len(found.unknown)} cannot be told.",
        )
    )
    if found.truncated:
        checks = voice.join(list(found.truncated))
        text = voice(
            f"{checks} 的缺陷过多，只比较了保留的部分。",
            f"{checks} have more faults than are kept; only those kept were compared.",
        )
        yield Paragraph(text, "small")
    columns = (
        Column(voice("检查项", "Check"), 0.5),
        Column(voice("上次", "Before"), 0.25, "right"),
        Column(voice("本次", "Now"), 0.25, "right"),
    )
    rows = tuple(
        (
            Cell(item.check, strong=True),
            Cell("–" if item.before is None else str(item.before)),
            Cell("–" if item.after is None else str(item.after)),
        )
        for item in found.changes
        if item.before != item.after
    )
    if rows:
        yield Table(columns, rows)


def _checks(told: Told, voice: Voice) -> Table:
    columns = (
        Column(voice("检查项", "Check"), 0.52),
        Column(voice("结果", "Result"), 0.18, "center"),
        Column(voice("检查数", "Examined"), 0.15, "right"),
        Column(voice("缺陷数", "Faults"), 0.15, "right"),
    )
    rows = tuple(
        (
            Cell(f"{item.check} {voice.of(told.title_of(item.check))}"),
            Cell(voice.of(item.state.word)),
            Cell(f"{item.examined:,}" if item.examined else "–"),
            Cell("–" if item.state is State.NOT_APPLICABLE else f"{item.total:,}"),
        )
        for item in told.inspection.results
    )
    return Table(columns, rows)


def _signatures(voice: Voice) -> Iterator[Block]:
    yield Heading(voice("九、签署", "9. Signatures"))
    columns = (
        Column(voice("岗位", "Role"), 0.2, "center"),
        Column(voice("意见", "Opinion"), 0.4),
        Column(voice("签名", "Signature"), 0.2, "center"),
        Column(voice("日期", "Date"), 0.2, "center"),
    )
    roles = (("检查", "Checked by"), ("复核", "Verified by"), ("批准", "Approved by"))
    rows = tuple((Cell(voice(*role), strong=True), Cell(""), Cell(""), Cell("")) for role in roles)
    yield Table(columns, rows, row_height_mm=11.5)
