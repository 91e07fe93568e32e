"""Remarks offer their fixes as options to read again with."""

from __future__ import annotations

import pytest

from minplan.core.geometry.corners import CornersRefused, ReadOptions, choices, read_corners

BOW_TIE = "1 4047627 38452054\n2 4048727 38450954\n3 4047627 38450954\n4 4048727 38452054"
DOUBLED = "1 4047627 38452054\n2 4047627 38450954\n3 4047627 38450954\n4 4048727 38450954"


def test_a_crossing_is_mended_by_the_offered_order() -> None:
    with pytest.raises(CornersRefused) as refused:
        read_corners(BOW_TIE)
    crossing = refused.value.remarks[0]
    (choice,) = choices(crossing, ReadOptions())
    assert choice.options.accepted == {"E124"}
    assert len(read_corners(BOW_TIE, choice.options).corners) == 4


def test_what_was_done_can_be_undone_and_done_again() -> None:
    merged = next(item for item in read_corners(DOUBLED).remarks if item.code == "E122")
    (keep,) = choices(merged, ReadOptions())
    assert keep.undoes
    kept = next(item for item in read_corners(DOUBLED, keep.options).remarks if item.code == "E122")
    (again,) = choices(kept, keep.options)
    assert again.options == ReadOptions()


def test_a_remark_that_asks_for_a_look_offers_nothing() -> None:
    reading = read_corners("1 4047627.1 38452054.1\n2 4047627.1 38450954.1\n3 4048727.1 38450954.1")
    rough = next(item for item in reading.remarks if item.code == "E153")
    assert choices(rough, ReadOptions()) == ()
