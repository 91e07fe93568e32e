"""The document model: what a report says, in both languages, the same every time."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from minplan.core.review.engine import Review
from minplan.core.review.finding import Outcome, Verdict
from minplan.reports import Particulars, document_of
from minplan.reports.document import Figure, Paragraph, Table

GOLDEN = Path(__file__).parent.parent / "golden"
FIGURES = (Figure("map.png", "图1　位置关系图", 156.0),)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_report_says_what_the_golden_file_says(
    review: Review, zh: Particulars, language: str
) -> None:
    document = document_of(review, replace(zh, language=language), FIGURES)
    golden = GOLDEN / f"review-report.{language}.txt"
    assert document.outline() == golden.read_text("utf-8")


def test_the_letter_has_the_seven_sections_of_an_opinion(review: Review, zh: Particulars) -> None:
    letter = document_of(review, zh).outline().split("== report ==")[0]
    heads = [line[2:4] for line in letter.splitlines() if line.startswith("# ")]
    assert heads == ["一、", "二、", "三、", "四、", "五、", "六、", "七、"]


def test_every_finding_is_in_the_report(review: Review, zh: Particulars) -> None:
    outline = document_of(review, zh).outline()
    for finding in review.findings:
        assert finding.rule in outline
        if finding.outcome is not Outcome.NOT_APPLICABLE:
            assert finding.message.zh in outline


def test_unverified_and_schematic_are_marked(review: Review, zh: Particulars) -> None:
    outline = document_of(review, zh).outline()
    assert "《规划》第四章二（一）5〔依据待核实〕" in outline
    assert "HX-0412 太行山水源涵养红线〔示意〕" in outline


def test_both_readings_stand_side_by_side(review: Review, zh: Particulars) -> None:
    tables = _tables(review, zh)
    readings = next(t for t in tables if t.columns[0].title == "口径")
    assert [(row[0].text, row[1].mark) for row in readings.rows] == [
        ("仅供参考", "conflict"),
        ("以此为准", "attention"),
    ]


def test_a_long_list_of_features_is_summed(review: Review, zh: Particulars) -> None:
    first = review.findings[0]
    many = replace(first, evidence=first.evidence * 40)
    tables = _tables(replace(review, findings=(many, *review.findings[1:])), zh)
    overlaps = next(t for t in tables if "重叠要素" in t.caption)
    assert "其余 25 个要素合计" in [row[2].text for row in overlaps.rows]


def test_corners_are_projected_with_the_zone_and_geographic(
    review: Review, zh: Particulars
) -> None:
    corners = next(t for t in _tables(review, zh) if t.columns[0].title == "拐点")
    assert [cell.text for cell in corners.rows[0]] == [
        "1",
        "4045180.00",
        "38401120.00",
        "36°31′56.411″",
        "112°53′45.167″",
    ]


def test_an_exempt_action_says_so(review: Review, zh: Particulars) -> None:
    exempt = replace(review, verdict=Verdict.EXEMPT, suggestion=None)
    verdicts = [
        block
        for part in document_of(exempt, zh).parts
        for block in part.blocks
        if isinstance(block, Paragraph) and block.style == "verdict"
    ]
    assert verdicts[0].lead == "免予规划审核"
    assert "不需进行规划审核" in verdicts[0].text


def test_a_review_without_office_number_reading_or_findings_is_still_a_report(
    review: Review, zh: Particulars
) -> None:
    bare = replace(
        review, findings=(), layers=(), area_match=None, suggestion=None, verdict=Verdict.CONFORMS
    )
    outline = document_of(bare, replace(zh, office="", number="", reading=None)).outline()
    assert "审查编号 （未编号）" in outline
    assert "（审查机关印章）" in outline
    assert "没有未核查的事项。" in outline
    assert "未使用管控图层。" in outline


def test_the_check_code_follows_the_content(review: Review, zh: Particulars) -> None:
    code = document_of(review, zh).footer
    assert document_of(review, zh).footer == code
    assert document_of(replace(review, rule_edition="00" * 32), zh).footer != code


def _tables(review: Review, particulars: Particulars) -> list[Table]:
    document = document_of(review, particulars)
    return [block for part in document.parts for block in part.blocks if isinstance(block, Table)]


def test_a_feature_is_listed_once_with_all_its_rules(review: Review, zh: Particulars) -> None:
    red, _, farm, *rest = review.findings
    shared = replace(review, findings=(red, replace(farm, evidence=red.evidence), *rest))
    overlaps = next(t for t in _tables(shared, zh) if "管控边界：重叠要素" in t.caption)
    assert [row[0].text for row in overlaps.rows] == ["R-CL-01\nR-CL-12"]
