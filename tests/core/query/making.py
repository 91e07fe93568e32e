"""A small source of six mines on squares, for tests of queries."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from shapely import box

from minplan.core.query.model import Kind, QueryField, Source, area_field
from minplan.core.query.rows import Rows
from minplan.core.text import Text

MINES = Source(
    id="plan/MINES",
    name=Text("矿山", "mines"),
    group=Text("试验", "trial"),
    fields=(
        QueryField("MC", Text("名称", "name"), Kind.TEXT),
        QueryField("SZXZQ", Text("县区", "county"), Kind.TEXT),
        QueryField(
            "ZYKZ",
            Text("矿种", "mineral"),
            Kind.CODE,
            codes=(("煤炭", Text("煤炭", "coal")), ("铁矿", Text("铁矿", "iron ore"))),
            multiple=True,
        ),
        QueryField("GM", Text("规模", "scale"), Kind.NUMBER, additive=True, unit_field="DW"),
        QueryField("DW", Text("单位", "unit"), Kind.TEXT),
        QueryField("YXQZ", Text("有效期止", "valid until"), Kind.DATE),
        QueryField("SFSY", Text("是否示意", "schematic"), Kind.FLAG),
        area_field(),
    ),
    geometry="polygon",
    county="SZXZQ",
    title="MC",
    aliases=("mine",),
)
#: name, county, minerals, scale, unit, valid until, schematic, west of the square
ROWS: list[tuple[Any, ...]] = [
    ("a", "一号矿", "黎城县", "煤炭", 120.0, "万吨/年", "2026-12-31", False, 113.00),
    ("b", "二号矿", "黎城县", "煤炭、铁矿", 30.0, "万吨/年", "2027-06-30", True, 113.01),
    ("c", "三号矿", "沁源县", "铁矿", None, "万吨/年", None, None, 113.02),
    ("d", "=四号矿", "沁源县", None, 5.0, "万立方米/年", "2025-01-01", False, 113.50),
    ("e", "五号矿", None, "煤炭", 45.0, "万吨/年", "2026-12-31", True, 113.51),
    ("f", "六号矿", "黎城县", "铁矿", 45.0, "万吨/年", "2030-01-01", False, None),
]
SIZE = 0.01


@dataclass
class Memory:
    """A reader over rows in memory, in batches of two."""

    rows: list[tuple[Any, ...]]
    source: Source = MINES

    def batches(self, *, after: Any = None, bounds: Any = None) -> Iterator[Rows]:
        held = [row for row in sorted(self.rows) if after is None or row[0] > after]
        for start in range(0, len(held), 2):
            yield _batch(held[start : start + 2])


def _batch(rows: list[tuple[Any, ...]]) -> Rows:
    codes = ("MC", "SZXZQ", "ZYKZ", "GM", "DW", "YXQZ", "SFSY")
    shapes = _objects(
        [None if r[-1] is None else box(r[-1], 36, r[-1] + SIZE, 36.01) for r in rows]
    )
    values = {code: _objects([row[n + 1] for row in rows]) for n, code in enumerate(codes)}
    return Rows(_objects([row[0] for row in rows]), values, lambda at: shapes[at])


def _objects(values: list[Any]) -> Any:
    found = np.empty(len(values), dtype=object)
    found[:] = values
    return found
