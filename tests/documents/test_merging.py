"""Merged cells told from empty ones: whatever was merged, the table comes back."""

from __future__ import annotations

from collections.abc import Sequence

from hypothesis import example, given
from hypothesis import strategies as st

from minplan.documents.columns import aligned, profile
from minplan.documents.mending import mend
from minplan.documents.merging import middle_blocks
from minplan.documents.pieces import Piece, RawCell, RawRow
from minplan.documents.tables import filled

_SIZES = st.lists(st.integers(1, 6), min_size=1, max_size=8)


@given(_SIZES)
def test_blocks_with_the_text_in_the_middle_come_back(sizes: Sequence[int]) -> None:
    told, starts = [], []
    for size in sizes:
        told += [index == (size - 1) // 2 for index in range(size)]
        starts += [index == 0 for index in range(size)]
    found = middle_blocks(told, starts)
    assert found is not None
    assert [told[row] for row in found] == [True] * len(told)
    owners = [row for row, has_text in enumerate(told) if has_text]
    assert list(found) == [
        owner for owner, size in zip(owners, sizes, strict=True) for _ in range(size)
    ]


@given(st.lists(st.booleans(), max_size=12))
def test_blocks_follow_each_other_or_there_are_none(told: list[bool]) -> None:
    found = middle_blocks(told)
    if found is not None:
        assert list(found) == sorted(found)
        assert set(found) == {row for row, has_text in enumerate(told) if has_text}


_GROUPS = st.lists(st.integers(1, 4), min_size=1, max_size=6)


@given(_GROUPS, st.integers(0, 20))
def test_groups_come_back_from_empty_cells_and_page_breaks(groups: list[int], cut: int) -> None:
    wanted: list[list[str]] = []
    printed: list[list[str]] = []
    for g, size in enumerate(groups):
        for index in range(size):
            row = [f"区{g}", f"县{g}", "煤炭", f"{g}.{index + 1}"]
            wanted.append(row)
            printed.append(row if index == 0 else ["", "", "煤炭", f"{g}.{index + 1}"])
    head = ["名称", "所在县", "主要矿种", "面积"]
    cut = min(cut, len(printed))
    pieces = [_piece([head, *printed[:cut]])] + ([_piece(printed[cut:])] if printed[cut:] else [])
    assert filled(mend(pieces).rows) == [head, *wanted]


@given(
    st.lists(
        st.lists(st.sampled_from(["", "煤炭", "12", "甲", "98%", "合计"]), max_size=5), max_size=6
    )
)
@example([["合计"], ["", "煤炭", ""], ["", "12"]])
def test_no_table_breaks_the_mending(rows: list[list[str]]) -> None:
    mended = mend([_piece(rows)])
    told = filled(mended.rows)
    assert len({len(row) for row in told}) <= 1
    printed = sorted(text for row in rows for text in row if text)
    kept = sorted(cell.text for row in mended.rows for cell in row.cells if cell.text)
    assert kept == printed


@given(st.permutations(["1", "2", "3"]))
def test_right_rows_stay(figures: list[str]) -> None:
    rows = [("甲", "煤炭", figure) for figure in figures]
    known = profile(rows, 3)
    assert all(aligned(row, known, [True] * 3) is None for row in rows)


def _piece(rows: Sequence[Sequence[str]]) -> Piece:
    return Piece(tuple(RawRow(tuple(map(RawCell, row))) for row in rows))
