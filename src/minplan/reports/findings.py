"""Findings as rows and sentences: shared by the letter and the technical report."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from minplan.core.review.finding import Evidence, Finding, Outcome
from minplan.core.review.rule import Family, Rule
from minplan.reports.document import Cell, Column, Table
from minplan.reports.wording import (
    SCHEMATIC,
    UNVERIFIED,
    Voice,
    hectares,
    layer_term,
    metres,
    share,
    square_kilometres,
    square_metres,
)

#: Order in which outcomes are shown (ux §0.4).
SHOWN = (Outcome.CONFLICT, Outcome.ATTENTION, Outcome.NOT_CHECKED, Outcome.CLEAR)
HITS = (Outcome.CONFLICT, Outcome.ATTENTION)
#: Features listed per finding; the rest is summed in one row.
LISTED_FEATURES = 15
#: Bases listed per rule in tables; the catalogue of rules has them all.
LISTED_BASES = 3


def in_order(findings: Iterable[Finding]) -> list[Finding]:
    """Findings that were checked or should have been, worst first, else in their own order."""
    return sorted((f for f in findings if f.outcome in SHOWN), key=lambda f: SHOWN.index(f.outcome))


def of_families(
    findings: Iterable[Finding], rules: Mapping[str, Rule], families: Sequence[Family]
) -> list[Finding]:
    """Deciding findings of the families, worst first."""
    return in_order(f for f in findings if f.decides and rules[f.rule].family in families)


def basis_words(rule: Rule, voice: Voice) -> str:
    """The first bases of a rule, one per line, unverified ones marked; the number of the rest."""
    lines = [
        f"{item}" + ("" if item.certain else voice.of(UNVERIFIED))
        for item in rule.basis[:LISTED_BASES]
    ]
    if (rest := len(rule.basis) - LISTED_BASES) > 0:
        lines.append(voice(f"另有依据 {rest} 条", f"and {rest} more"))
    return "\n".join(lines)


def sentence(finding: Finding, rule: Rule, voice: Voice) -> str:
    """The message with its first basis in brackets, for running text."""
    message = voice.of(finding.message).rstrip("。.")
    basis = str(rule.basis[0]) + ("" if finding.certain else voice.of(UNVERIFIED))
    return voice(f"{message}（依据：{basis}）。", f"{message} (basis: {basis}).")


def finding_table(findings: Sequence[Finding], rules: Mapping[str, Rule], voice: Voice) -> Table:
    """Findings as a table: result, rule, what was found, basis."""
    columns = (
        Column(voice("结果", "Result"), 0.13, "center"),
        Column(voice("核查事项", "Rule"), 0.22),
        Column(voice("核查情况", "Finding"), 0.41),
        Column(voice("依据", "Basis"), 0.24),
    )
    rows = tuple(_finding_row(item, rules[item.rule], voice) for item in findings)
    return Table(columns, rows)


def _finding_row(finding: Finding, rule: Rule, voice: Voice) -> tuple[Cell, ...]:
    result = voice.outcome(finding.outcome)
    if finding.outcome in HITS:
        result += f"\n{voice.of(finding.severity.word)}"
    return (
        Cell(result, mark=finding.outcome.value),
        Cell(f"{rule.id}\n{voice.of(rule.title)}"),
        Cell("\n".join(_finding_lines(finding, voice))),
        Cell(basis_words(rule, voice)),
    )


def _finding_lines(finding: Finding, voice: Voice) -> Iterable[str]:
    yield voice.of(finding.message)
    figures = []
    if finding.measured is not None:
        figures.append(voice("实测：", "Measured: ") + voice.quantity(finding.measured))
    if finding.limit is not None:
        figures.append(voice("限值：", "Limit: ") + voice.quantity(finding.limit))
    if figures:
        yield voice("；", "; ").join(figures)
    if finding.reading_note is not None:
        yield voice.of(finding.reading_note)
    if finding.waived_by:
        yield voice("豁免依据：", "Exempted by: ") + finding.waived_by
    if finding.mend is not None and finding.outcome in HITS:
        yield voice("办法：", "To mend: ") + voice.of(finding.mend)


def overlap_table(findings: Iterable[Finding], caption: str, voice: Voice) -> Table | None:
    """Overlaps that findings rest on, each once with its rules; None when there are none."""
    columns = (
        Column(voice("规则", "Rule"), 0.13),
        Column(voice("图层", "Layer"), 0.19),
        Column(voice("要素", "Feature"), 0.21),
        Column(voice("面积 (m²)", "Area (m²)"), 0.15, "right"),
        Column(voice("公顷", "ha"), 0.11, "right"),
        Column("km²", 0.1, "right"),
        Column(voice("占区块", "Share"), 0.11, "right"),
    )
    listed: dict[Evidence, list[str]] = {}
    sums: list[tuple[Cell, ...]] = []
    for finding in findings:
        pieces = [item for item in finding.evidence if item.area_m2]
        pieces.sort(key=lambda item: -(item.area_m2 or 0.0))
        for item in pieces[:LISTED_FEATURES]:
            listed.setdefault(replace(item, geometry=None), []).append(finding.rule)
        if rest := pieces[LISTED_FEATURES:]:
            sums.append(_rest_row(finding, rest, voice))
    rows = [_overlap_row(rules, item, voice) for item, rules in listed.items()]
    return Table(columns, (*rows, *sums), caption) if rows else None


def feature_words(item: Evidence, voice: Voice) -> str:
    """Id and name of a feature, with the marks it needs."""
    words = [item.feature]
    if item.name and item.name != item.feature:
        words.append(item.name)
    marks = voice.of(SCHEMATIC) if item.schematic else ""
    if item.sliver:
        marks += voice("〔碎片〕", " [sliver]")
    return " ".join(words) + marks


def _area_cells(area_m2: float, share_of_block: float | None) -> tuple[Cell, ...]:
    return (
        Cell(square_metres(area_m2)),
        Cell(hectares(area_m2)),
        Cell(square_kilometres(area_m2)),
        Cell("–" if share_of_block is None else share(share_of_block)),
    )


def _overlap_row(rules: Iterable[str], item: Evidence, voice: Voice) -> tuple[Cell, ...]:
    return (
        Cell("\n".join(dict.fromkeys(rules)), strong=True),
        Cell(voice.of(layer_term(item.layer))),
        Cell(feature_words(item, voice)),
        *_area_cells(item.area_m2 or 0.0, item.share_of_block),
    )


def _rest_row(finding: Finding, rest: Sequence[Evidence], voice: Voice) -> tuple[Cell, ...]:
    """One row for the features not listed; shares add up only where features do not overlap."""
    area = sum(item.area_m2 or 0.0 for item in rest)
    return (
        Cell(finding.rule, strong=True),
        Cell(voice.of(layer_term(rest[0].layer))),
        Cell(voice(f"其余 {len(rest)} 个要素合计", f"{len(rest)} further features, sum")),
        *_area_cells(area, None),
    )


def distance_table(findings: Iterable[Finding], caption: str, voice: Voice) -> Table | None:
    """Distances that findings rest on; None when there are none."""
    columns = (
        Column(voice("规则", "Rule"), 0.14),
        Column(voice("图层", "Layer"), 0.26),
        Column(voice("要素", "Feature"), 0.3),
        Column(voice("距离 (m)", "Distance (m)"), 0.15, "right"),
        Column(voice("竖向间距 (m)", "Vertical (m)"), 0.15, "right"),
    )
    rows: list[tuple[Cell, ...]] = []
    for finding in findings:
        near = [
            item
            for item in finding.evidence
            if item.distance_m is not None or item.vertical_gap_m is not None
        ]
        near.sort(key=lambda item: item.distance_m or 0.0)
        rows.extend(_distance_row(finding, item, voice) for item in near[:LISTED_FEATURES])
    return Table(columns, tuple(rows), caption) if rows else None


def _distance_row(finding: Finding, item: Evidence, voice: Voice) -> tuple[Cell, ...]:
    def figure(value: float | None) -> str:
        return "–" if value is None else metres(value)

    return (
        Cell(finding.rule, strong=True),
        Cell(voice.of(layer_term(item.layer))),
        Cell(feature_words(item, voice)),
        Cell(figure(item.distance_m)),
        Cell(figure(item.vertical_gap_m)),
    )
