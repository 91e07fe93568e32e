"""Labels of sheets: none on another, all of them there, leaders where it is crowded."""

from __future__ import annotations

import numpy as np
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from minplan.reports.sheets.names import Label, Placer

SIZE = (200.0, 150.0)


def placer(shapes: list[shapely.Geometry]) -> Placer:
    return Placer(
        width=SIZE[0],
        height=SIZE[1],
        grow=1.0,
        features=shapely.STRtree(shapes),
        lines=shapely.STRtree([shapely.boundary(shape) for shape in shapes]),
        small=shapely.STRtree(shapes),
    )


def apart(boxes: list[tuple[float, float, float, float]]) -> bool:
    shapes = shapely.box(*np.array(boxes).T)
    return all(
        shapely.area(shapely.intersection(a, b)) < 1e-9
        for i, a in enumerate(shapes)
        for b in shapes[:i]
    )


@settings(max_examples=30, deadline=None)
@given(
    st.lists(
        st.tuples(st.integers(20, 180), st.integers(20, 130), st.integers(1, 30)),
        min_size=1,
        max_size=25,
    )
)
def test_labels_never_cover_each_other(spots: list[tuple[int, int, int]]) -> None:
    shapes = [shapely.box(x - r / 2, y - r / 2, x + r / 2, y + r / 2) for x, y, r in spots]
    places = placer(shapes)
    for number, shape in enumerate(shapes):
        assert places.place(Label(f"CS{number:03d}", shape, 6.0, "#000000"))
    boxes = [item.box for item in places.placed]
    assert apart(boxes)
    assert all(b[0] > 0 and b[1] > 0 and b[2] < SIZE[0] and b[3] < SIZE[1] for b in boxes)


def test_a_roomy_feature_holds_its_label() -> None:
    shape = shapely.box(50, 50, 120, 100)
    places = placer([shape])
    assert places.place(Label("CS001", shape, 6.0, "#000000"))
    assert shapely.box(*places.placed[0].box).within(shape)
    assert places.placed[0].anchor is None


def test_crowded_features_get_leader_lines_that_miss_the_labels() -> None:
    shapes = [shapely.box(100 + 2 * i, 70 + 2 * j, 101 + 2 * i, 71 + 2 * j)
              for i in range(4) for j in range(4)]  # fmt: skip
    places = placer(shapes)
    for number, shape in enumerate(shapes):
        places.place(Label(f"KQ{number:03d}", shape, 6.0, "#000000"))
    assert len(places.placed) == 16
    assert sum(item.anchor is not None for item in places.placed) > 8


def test_the_cheaper_wording_is_taken() -> None:
    shape = shapely.box(50, 50, 150, 100)
    places = placer([shape])
    long = Label("CS001\n西井集中开采区", shape, 6.0, "#000000", leads=False)
    short = Label("CS001", shape, 6.0, "#000000", cost=2.0)
    places.place(long, short)
    assert places.placed[0].label is long
    narrow = shapely.box(20, 20, 30, 26)
    places.place(
        Label("CS002\n西井集中开采区", narrow, 6.0, "#000000", leads=False),
        Label("CS002", narrow, 6.0, "#000000", cost=2.0),
    )
    assert places.placed[1].label.words == "CS002"


def test_no_room_at_all_is_told() -> None:
    shape = shapely.box(50, 50, 60, 55)
    places = placer([shape])
    places.taken.append((0.0, 0.0, *SIZE))
    assert not places.place(Label("CS001", shape, 6.0, "#000000"))
