"""Pages, totals, groups, and why nothing was found."""

from __future__ import annotations

import pytest
from tests.core.query.making import MINES, ROWS, Memory

from minplan.core.errors import InputError
from minplan.core.query.model import AREA, Condition, Operator, Pivot, Query, Sort
from minplan.core.query.paging import page_of
from minplan.core.query.summary import pivot_of, reasons_of, totals_of

ALL = Query(MINES.id)


def pages(query: Query, size: int, reader: Memory) -> list[str]:
    """The keys page by page."""
    told, cursor = [], ""
    while True:
        page = page_of(query, reader, None, size=size, cursor=cursor)
        told.append("".join(page.rows.keys))
        cursor = page.cursor
        if not cursor:
            return told


def test_pages_by_key_and_by_order() -> None:
    assert pages(ALL, 4, Memory(ROWS)) == ["abcd", "ef"]
    by_scale = Query(MINES.id, sort=(Sort("GM", descending=True),))
    # e and f are equal and follow their keys; c has no scale and comes last
    assert pages(by_scale, 2, Memory(ROWS)) == ["ae", "fb", "dc"]


def test_pages_stay_stable_when_rows_come_between() -> None:
    reader = Memory(list(ROWS))
    for query in (ALL, Query(MINES.id, sort=(Sort("MC"),))):
        first = page_of(query, reader, None, size=3)
        seen = [*first.rows.keys]
        reader.rows.append(("aa", "一号矿", "黎城县", "煤炭", 1.0, "万吨/年", None, None, None))
        rest = page_of(query, reader, None, size=10, cursor=first.cursor)
        reader.rows.pop()
        assert sorted([*seen, *rest.rows.keys]) == sorted({*seen, *rest.rows.keys})
        assert {*"abcdef"} <= {*seen, *rest.rows.keys}


def test_a_wrong_cursor_is_refused() -> None:
    for cursor in ("nonsense", "W10", "e30"):
        with pytest.raises(InputError, match=r"E878|分页") as refused:
            page_of(ALL, Memory(ROWS), None, size=2, cursor=cursor)
        assert refused.value.code == "E878"


def test_totals_by_unit() -> None:
    totals = totals_of(ALL, Memory(ROWS), None)
    assert (totals.count, totals.drawn) == (6, 5)
    sums = {(item.field.code, item.unit): (item.sum, item.count) for item in totals.sums}
    assert sums["GM", "万吨/年"] == (240.0, 4)
    assert sums["GM", "万立方米/年"] == (5.0, 1)
    assert sums[AREA, "km²"][1] == 5
    # a hundredth of a degree at 36° N
    assert sums[AREA, "km²"][0] == pytest.approx(5 * 1.0004, abs=0.01)


def test_groups() -> None:
    table = pivot_of(Query(MINES.id, pivot=Pivot("SZXZQ", "DW", "GM")), Memory(ROWS), None)
    assert table.rows == ("黎城县", "沁源县", None)
    assert table.columns == ("万吨/年", "万立方米/年")
    assert (table.by_row["黎城县"].count, table.by_row["黎城县"].sum) == (3, 195.0)
    assert table.cells["沁源县", "万立方米/年"].sum == 5.0
    assert sum(cell.count for cell in table.cells.values()) == 6


def test_which_condition_removed_all_rows() -> None:
    query = Query(
        MINES.id,
        (
            Condition("SZXZQ", Operator.EQUAL, ("黎城县",)),
            Condition("GM", Operator.GREATER, (1000.0,)),
        ),
    )
    county, scale = reasons_of(query, Memory(ROWS), None)
    assert (county.alone, county.without) == (3, 0)
    assert (scale.alone, scale.without) == (0, 3)
    assert scale.words.zh == "规模 ＞ 1000"
