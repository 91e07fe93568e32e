"""Map sheets of a plan: true to scale, complete, the same every time."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from matplotlib.image import imread
from PIL import Image
from pypdf import PdfReader
from pypdf.generic import ContentStream

from minplan.core.plan.model import PlanSnapshot, ZoneKind
from minplan.reports.maps.style import style_of
from minplan.reports.sheets import SheetOrder, draw_sheet, subject_of
from minplan.reports.sheets.paper import compose
from minplan.reports.typeface import ReportError

MM = 72 / 25.4

Order = Callable[..., SheetOrder]


def text_of(file: Path) -> str:
    """The words of a PDF, without spaces and breaks of lines: these lie where type is set."""
    return "".join("".join(page.extract_text().split()) for page in PdfReader(file).pages)


def rings(file: Path, colour: str) -> list[np.ndarray]:
    """Closed outlines stroked in a colour, in mm on paper."""
    page = PdfReader(file).pages[0]
    wanted = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    found, points, stroke = [], [], [0.0]
    for operands, operator in ContentStream(page.get_contents(), page.pdf).operations:
        if operator == b"RG":
            stroke = [float(item) for item in operands]
        elif operator in (b"m", b"l"):
            points.append([float(item) / MM for item in operands])
        elif operator in (b"S", b"s", b"B", b"b", b"n", b"f"):
            if points and np.allclose(stroke, wanted, atol=0.01):
                found.append(np.array(points))
            points = []
    return found


@pytest.mark.parametrize(("scale", "size"), [(250_000, "A3"), (100_000, "A0"), (500_000, "A4")])
def test_a_known_distance_measures_right_on_paper(
    plan: PlanSnapshot, order: Order, tmp_path: Path, scale: int, size: str
) -> None:
    file = tmp_path / "sheet.pdf"
    made = draw_sheet(plan, order(scale=scale, size=size), file, format="pdf")
    page = PdfReader(file).pages[0].mediabox
    assert float(page.width) / MM == pytest.approx(made.width_mm, abs=0.1)
    side = 10_000 / scale * 1000  # the concentrated area is a square of 10 km
    squares = rings(file, style_of("concentrated-mining-area").line)
    widths = [np.ptp(ring, axis=0) for ring in squares]
    fits = [w for w in widths if w == pytest.approx([side, side], rel=0.002)]
    assert fits, (side, widths)


def test_a_picture_has_the_size_of_the_paper(
    plan: PlanSnapshot, order: Order, tmp_path: Path
) -> None:
    file = tmp_path / "sheet.png"
    draw_sheet(plan, order(size="A4"), file, format="png")
    with Image.open(file) as image:
        assert image.info["dpi"][0] == pytest.approx(300, abs=0.1)
        assert image.width / 300 * 25.4 == pytest.approx(297, abs=0.1)
    assert imread(file).std() > 0.05


@pytest.mark.parametrize("format", ["pdf", "png"])
def test_equal_inputs_give_equal_files(
    plan: PlanSnapshot, order: Order, tmp_path: Path, format: str
) -> None:
    files = [tmp_path / name for name in ("one", "two")]
    for file in files:
        draw_sheet(plan, order(size="A4"), file, format=format)
    assert files[0].read_bytes() == files[1].read_bytes()


def test_what_a_sheet_must_say(plan: PlanSnapshot, order: Order, tmp_path: Path) -> None:
    file = tmp_path / "sheet.pdf"
    made = draw_sheet(plan, order(scale=250_000, size="A2"), file, format="pdf")
    words = text_of(file)
    for expected in (
        "示例市矿产资源总体规划图",
        "示例〔2023〕1号",
        "1:25万",
        "38带",
        "1985国家高程基准",
        "编制单位：示例市规划和自然资源局",
        "2026年1月15日",
        "审图号",
        "仅供内部使用",
        "集中开采区（1个）",
        "开采规划区块（13个）",
        "壶 关 县",  # a county without zones is named, too
        "CS001",
        "西井集中开采区",
        "建筑石料用灰岩",
        "1.70",
        "示例基地※",
        "113°",
    ):
        assert "".join(expected.split()) in words, expected
    assert "勘查规划区块" not in words  # the legend has only what is there
    assert "示意" not in words
    assert (made.zones, made.undrawn, made.unlabelled) == (14, 1, ())


def test_schematic_geometry_is_stamped(plan: PlanSnapshot, order: Order, tmp_path: Path) -> None:
    file = tmp_path / "sheet.pdf"
    rough = replace(plan, zones=tuple(replace(item, schematic=True) for item in plan.zones))
    assert draw_sheet(rough, order(size="A4"), file, format="pdf").schematic
    assert "示意" in text_of(file)
    assert "不得量算" in text_of(file)


def test_the_sheet_of_a_county(plan: PlanSnapshot, order: Order, tmp_path: Path) -> None:
    file = tmp_path / "sheet.pdf"
    made = draw_sheet(plan, order("blocks", county="平顺县", size="A3"), file, format="pdf")
    words = text_of(file)
    assert made.title == "示例市平顺县勘查开采规划区块图"
    assert made.zones == 1
    assert "位置索引" in words
    assert "KQ101" in words
    assert "KQ001" not in words


def test_a_county_without_zones_still_has_its_sheet(
    plan: PlanSnapshot, order: Order, tmp_path: Path
) -> None:
    file = tmp_path / "sheet.pdf"
    assert draw_sheet(plan, order("blocks", county="140427"), file, format="pdf").zones == 0
    assert "没有此类分区" in text_of(file)


def test_english_sheets_are_english(plan: PlanSnapshot, order: Order, tmp_path: Path) -> None:
    file = tmp_path / "sheet.pdf"
    draw_sheet(plan, order("mining", language="en", size="A3"), file, format="pdf")
    words = text_of(file)
    for expected in ("Mining plan", "Legend", "Prepared by", "mining block (13)", "Main minerals"):
        assert "".join(expected.split()) in words, expected
    for absent in ("图", "编制", "比例尺", "坐标"):
        assert absent not in words


def test_the_smallest_paper_that_holds_the_scale(
    plan: PlanSnapshot, order: Order, tmp_path: Path
) -> None:
    sizes = [
        draw_sheet(plan, order(scale=scale), tmp_path / "sheet.pdf", format="pdf").size
        for scale in (1_000_000, 250_000, 100_000)
    ]
    assert sizes == ["A4", "A3", "A1"]


def test_without_a_scale_the_largest_round_one_is_taken(
    plan: PlanSnapshot, order: Order, tmp_path: Path
) -> None:
    made = draw_sheet(plan, order(size="A4"), tmp_path / "sheet.pdf", format="pdf")
    assert made.scale in (500_000, 1_000_000)


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"scale": 5000}, "E607"),
        ({"scale": 100_000, "size": "A4"}, "E607"),
        ({"county": "某县"}, "E608"),
        ({"subject": "energy-base"}, "E606"),
    ],
)
def test_what_cannot_be_drawn(
    plan: PlanSnapshot, order: Order, tmp_path: Path, more: dict[str, object], code: str
) -> None:
    with pytest.raises(ReportError) as caught:
        draw_sheet(plan, order(**more), tmp_path / "sheet.pdf", format="pdf")
    assert caught.value.code == code
    assert caught.value.hint is not None
    assert not list(tmp_path.iterdir())


def test_unknown_formats_and_folders(plan: PlanSnapshot, order: Order, tmp_path: Path) -> None:
    with pytest.raises(ReportError, match="E604"):
        draw_sheet(plan, order(), tmp_path / "sheet.gif", format="gif")
    with pytest.raises(ReportError, match="E603"):
        draw_sheet(plan, order(), tmp_path / "no" / "sheet.pdf", format="pdf")


def test_subjects_by_name_key_and_term() -> None:
    chosen = subject_of(["集中开采区", "mining-block"])
    assert chosen.kinds == (ZoneKind.CONCENTRATED_MINING_AREA, ZoneKind.MINING_BLOCK)
    assert chosen.title.zh == "集中开采区、开采规划区块分布图"
    with pytest.raises(ReportError, match="E605"):
        subject_of(["zones", "mining-block"])
    with pytest.raises(ReportError, match="E605"):
        subject_of([])


@pytest.mark.parametrize(
    ("wide", "high", "beside"), [(50.0, 150.0, False), (180.0, 130.0, True), (100.0, 100.0, True)]
)
def test_tall_ground_has_its_panel_below(wide: float, high: float, beside: bool) -> None:
    """The ground is given in mm on A4 at the scale."""
    composition, _ = compose((wide * 100, high * 100), 100_000, "A4")
    assert composition.beside is beside
    frame = composition.frame_mm
    assert frame[0] > wide
    assert frame[1] > high
    left, bottom, right, top = composition.panel
    assert 0 < left < right < composition.width
    assert 0 < bottom < top < composition.height
