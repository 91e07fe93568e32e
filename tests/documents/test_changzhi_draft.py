"""The draft read from a real plan against the package made by hand from the same text.

How rows are compared is told in :mod:`minplan.documents.draft.comparing`: by values in order,
figures as numbers; people's shortened wording and paraphrased prose count by their figures. Of
boxes with prose that the hand-made package leaves out (the problems of box 9) only what it keeps
is compared: code, kind, name, region, area, level, minerals and numbers of rights.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.documents.rendering import as_docx

from minplan.core.document.model import PlanDocument
from minplan.core.plan.model import PlanSnapshot
from minplan.documents import read_document
from minplan.documents.draft import Draft, draft_package, write_draft
from minplan.documents.draft.comparing import Comparison, Likeness, compare
from minplan.formats.plan_package import load_plan

MADE = Path(__file__).resolve().parents[2] / "src/minplan/demo/changzhi/plan"
#: share of the rows of all tables and boxes that must come out right without editing
_SHARE = 0.95


@pytest.fixture(scope="module")
def draft(plan: PlanDocument) -> Draft:
    return draft_package(plan)


@pytest.fixture(scope="module")
def made() -> PlanSnapshot:
    return load_plan(MADE)


@pytest.fixture(scope="module")
def comparison(draft: Draft, made: PlanSnapshot) -> Comparison:
    return compare(draft, made)


def test_the_rows_of_all_tables_and_boxes_are_right(comparison: Comparison) -> None:
    wrong = [row for row in comparison.rows if not row.likeness.is_right]
    assert comparison.share >= _SHARE, wrong
    assert comparison.count(Likeness.EXACT) >= 0.9 * comparison.total


def test_every_table_and_box_of_the_text_is_compared(comparison: Comparison) -> None:
    names = {f"table-{n}" for n in range(1, 6)} | {f"box-{n}" for n in range(1, 11)}
    assert {row.table for row in comparison.rows} == names
    assert comparison.surplus == ()


def test_the_rows_that_differ_are_known(comparison: Comparison) -> None:
    """Four rows of table 1, all for the property: the text prints 预期性 beside 三率水平达标率, and
    has the cells of the next two rows and of 矿区土地复垦 merged with the ones above; the package
    made by hand leaves all four empty."""
    wrong = [(row.table, row.wanted[1]) for row in comparison.rows if not row.likeness.is_right]
    assert wrong == [
        ("table-1", "矿山“三率”水平达标率"),
        ("table-1", "大中型矿山比例"),
        ("table-1", "绿色矿山比例"),
        ("table-1", "矿区土地复垦面积"),
    ]
    for row in comparison.rows:
        if not row.likeness.is_right:
            assert row.found is not None
            assert row.found[-1] in ("预期性", "约束性")


def test_the_list_in_one_cell_is_whole(draft: Draft, made: PlanSnapshot) -> None:
    """Box 7 is one printed row with 18 names, 18 rows in the package made by hand."""
    (printed,) = next(table.rows for table in draft.tables if table.id == "box-7")
    rows = next(table.rows for table in made.tables if table.id == "box-7")
    names = printed[-1][printed[-1].index("（") + 1 : printed[-1].index("）")].split("、")
    assert names == [row[-1] for row in rows]


def test_the_draft_is_a_package_as_it_stands(draft: Draft, tmp_path: Path) -> None:
    write_draft(draft, tmp_path / "草稿")
    snapshot = load_plan(tmp_path / "草稿")
    assert draft.missing == ()
    assert (snapshot.plan.region_code, snapshot.plan.base_year) == ("140400", 2020)
    assert len([zone for zone in snapshot.zones if zone.kind.value != "county"]) == 49


def test_the_identity_is_that_made_by_hand(draft: Draft, made: PlanSnapshot) -> None:
    plan, told = made.plan, draft.identity.fields
    assert told["act"] == plan.act
    assert told["effective_from"] == plan.effective_from.isoformat()
    assert (told["issuer"], told["region_name"]) == (plan.issuer, plan.region_name)
    assert (told["first_year"], told["last_year"]) == (str(plan.first_year), str(plan.last_year))


def test_the_clauses_have_the_ids_made_by_hand(draft: Draft, made: PlanSnapshot) -> None:
    """All but the second （四） of chapter five, which the package made by hand calls five."""
    drafted = {row.fields["id"] for row in draft.files["clauses.csv"]}
    assert {clause.id for clause in made.clauses} - drafted == {"c5-2-5"}


def test_quotas_limits_and_blocks_of_the_text(draft: Draft, made: PlanSnapshot) -> None:
    blocks = {
        (r["kind"], r["level"], r["mineral"], int(r["count"]), r["clause"])
        for r in (row.fields for row in draft.files["block_counts.csv"])
    }
    assert blocks == {
        (b.kind.value, b.level.value, b.mineral, b.count, b.clause) for b in made.block_counts
    }
    limits = {
        (r["mineral"], r["value"]) for r in (row.fields for row in draft.files["thresholds.csv"])
    }
    wanted = {(t.mineral, t.value) for t in made.thresholds if t.subject == "minimum-scale"}
    assert limits == wanted
    quotas = {
        (r["subject"], r["mineral"], r["county"], r["high"], r["clause"])
        for r in (row.fields for row in draft.files["quotas.csv"])
    }
    by_hand = {
        (q.subject, q.mineral or "", q.county or "", str(q.high), q.clause) for q in made.quotas
    }
    assert len(quotas & by_hand) >= 0.9 * len(by_hand), by_hand - quotas


def test_every_row_says_where_it_was_read(draft: Draft) -> None:
    for name, rows in draft.files.items():
        for row in rows:
            assert row.spot.line is not None, (name, row)
            assert 0 < row.sure <= 1


def test_the_draft_from_docx_has_the_same_tables(
    plan: PlanDocument, made: PlanSnapshot, comparison: Comparison, tmp_path: Path
) -> None:
    document = read_document(as_docx(plan, tmp_path / "规划.docx"))
    assert compare(draft_package(document), made).right == comparison.right


def test_the_documentation_tells_the_measured_share(comparison: Comparison) -> None:
    page = (MADE.parents[4] / "docs/how-to/plan-document.md").read_text("utf-8")
    right, total = comparison.right, comparison.total
    assert f"| 合计 | {total} |" in page
    assert f"| 不用改 | {right}（{comparison.share:.1%}） |" in page
    assert f"| 其中：各值相同 | {comparison.count(Likeness.EXACT)} |" in page
