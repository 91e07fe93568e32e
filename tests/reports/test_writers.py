"""DOCX, PDF, map and GeoJSON of one review."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import docx
import pytest
import shapely
from matplotlib.image import imread
from pypdf import PdfReader
from shapely.geometry import shape

from minplan.core.geometry.area import ellipsoidal_area
from minplan.core.review.engine import Review
from minplan.core.review.finding import Outcome
from minplan.reports import MapContext, Particulars, ReportError, document_of, write_reports
from minplan.reports import pdf as pdf_writer
from minplan.reports.document import Document, Part, Title
from minplan.reports.maps import draw_finding, draw_map
from minplan.reports.wording import DISCLAIMER

DPI = 80


@pytest.fixture(scope="module")
def written(
    review: Review, surroundings: MapContext, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, Path]:
    return write(review, surroundings, tmp_path_factory.mktemp("reports"))


def write(
    review: Review, surroundings: MapContext, folder: Path, **more: object
) -> dict[str, Path]:
    from datetime import datetime

    given = {
        "office": "长治市规划和自然资源局",
        "number": "2026-0042",
        "generated": datetime(2026, 1, 15, 9, 30),
        "dpi": DPI,
        **more,
    }
    return write_reports(review, folder, context=surroundings, **given)


def squeezed(text: str) -> str:
    return "".join(text.split())


def test_the_pdf_holds_the_chinese_sentences(review: Review, written: dict[str, Path]) -> None:
    pages = PdfReader(written["pdf"]).pages
    text = squeezed("".join(page.extract_text() for page in pages))
    for finding in review.findings:
        if finding.outcome is not Outcome.NOT_APPLICABLE:
            assert squeezed(finding.message.zh) in text
    assert squeezed(DISCLAIMER.zh) in text
    assert "4045180.00" in text


def test_the_pdf_uses_no_font_but_ours(written: dict[str, Path]) -> None:
    names = {
        str(font.get_object()["/BaseFont"])
        for page in PdfReader(written["pdf"]).pages
        for font in page["/Resources"].get("/Font", {}).values()
    }
    assert names
    assert all("MinplanSansSC" in name for name in names)


def test_the_docx_says_the_same_as_the_model(review: Review, written: dict[str, Path]) -> None:
    file = docx.Document(str(written["docx"]))
    text = "\n".join(paragraph.text for paragraph in file.paragraphs)
    cells = {cell.text for table in file.tables for row in table.rows for cell in row.cells}
    assert "关于黎城县石背底建筑石料用灰岩矿（出让采矿权）矿产资源规划审查的意见" in text
    assert "经办人" in cells
    assert any("与生态保护红线重叠" in cell for cell in cells)
    repeated = [t for t in file.tables if t.rows[0]._tr.xpath("./w:trPr/w:tblHeader")]
    assert len(repeated) > 10
    assert len(file.inline_shapes) >= 3


def test_equal_reviews_give_equal_files(
    review: Review, surroundings: MapContext, written: dict[str, Path], tmp_path: Path
) -> None:
    again = write(review, surroundings, tmp_path)
    for suffix, path in written.items():
        assert again[suffix].read_bytes() == path.read_bytes(), suffix


def test_a_character_without_a_glyph_is_an_error(
    review: Review, surroundings: MapContext, tmp_path: Path
) -> None:
    odd = replace(review, proposal=replace(review.proposal, applicant="𪚥氏矿业"))
    with pytest.raises(ReportError, match="U\\+2A6A5") as caught:
        write(odd, surroundings, tmp_path, formats=("pdf",))
    assert caught.value.code == "E601"
    assert caught.value.hint is not None
    assert list(write(odd, surroundings, tmp_path, formats=("docx",))) == ["docx"]


def test_a_warning_of_the_compiler_is_an_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, zh: Particulars
) -> None:
    document = Document("标题", "zh", "", (Part("letter", (Title("标题"),)),))
    monkeypatch.setattr(pdf_writer, "font_folder", lambda: tmp_path)
    with pytest.raises(ReportError) as caught:
        pdf_writer.write_pdf(document, tmp_path / "x.pdf", pictures=tmp_path, created=zh.generated)
    assert caught.value.code == "E602"
    assert not (tmp_path / "x.pdf").exists()


def test_unknown_formats_and_blocked_folders_are_named(
    review: Review, surroundings: MapContext, tmp_path: Path
) -> None:
    with pytest.raises(ReportError) as caught:
        write(review, surroundings, tmp_path, formats=("odt",))
    assert caught.value.code == "E604"
    blocked = tmp_path / "file"
    blocked.write_text("")
    with pytest.raises(ReportError) as caught:
        write(review, surroundings, blocked, formats=("geojson",))
    assert caught.value.code == "E603"


def test_the_map_shows_conflict_and_attention_in_their_colours(written: dict[str, Path]) -> None:
    picture = imread(written["png"])
    assert picture.shape[0] > picture.shape[1] > 400
    red, green, blue = (picture[..., i] for i in range(3))
    conflict = (red > 0.75) & (green > 0.2) & (green < 0.55) & (blue < 0.5)
    attention = (red > 0.9) & (green > 0.65) & (green < 0.8) & (blue < 0.2)
    assert conflict.sum() > 200
    assert attention.sum() > 20


@pytest.mark.parametrize("language", ["zh", "en"])
def test_maps_without_surroundings_and_with_many_corners(
    review: Review, zh: Particulars, tmp_path: Path, language: str
) -> None:
    block = review.proposal.geometry
    round_block = replace(block, geometry=shapely.buffer(shapely.centroid(block.geometry), 0.004))
    many = replace(review, proposal=replace(review.proposal, geometry=round_block), suggestion=None)
    path = tmp_path / "map.png"
    particulars = replace(zh, language=language)
    draw_map(many, MapContext(), path, particulars=particulars, dpi=DPI)
    assert path.stat().st_size > 10_000


def test_an_enlargement_needs_evidence_on_the_ground(
    review: Review, surroundings: MapContext, zh: Particulars, tmp_path: Path
) -> None:
    path = tmp_path / "finding.png"
    by_rule = {finding.rule: finding for finding in review.findings}
    assert not draw_finding(review, by_rule["R-MS-01"], surroundings, path, particulars=zh)
    assert not path.exists()
    assert draw_finding(review, by_rule["R-DS-02"], surroundings, path, particulars=zh, dpi=DPI)
    assert path.exists()


def test_dollar_signs_in_names_are_printed_not_set_as_formulas(
    review: Review, zh: Particulars, tmp_path: Path
) -> None:
    odd = replace(review, proposal=replace(review.proposal, name="矿 $x_1$ \\frac"))
    draw_map(odd, MapContext(), tmp_path / "m.png", particulars=zh, dpi=DPI)
    document = document_of(odd, zh)
    pdf_writer.write_pdf(document, tmp_path / "m.pdf", pictures=tmp_path, created=zh.generated)
    assert "$x_1$" in PdfReader(tmp_path / "m.pdf").pages[0].extract_text()


def test_the_geojson_is_valid_and_complete(review: Review, written: dict[str, Path]) -> None:
    data = json.loads(written["geojson"].read_text("utf-8"))
    assert "crs" not in data
    assert "CGCS2000" in data["note"]
    features = data["features"]
    assert {item["properties"]["kind"] for item in features} == {"block", "suggestion", "finding"}
    assert {item["properties"].get("rule") for item in features[2:]} == {
        finding.rule for finding in review.findings
    }
    for item in features:
        if item["geometry"] is None:
            continue
        ground = shape(item["geometry"])
        assert ground.is_valid
        if ground.geom_type == "Polygon":
            assert ground.exterior.is_ccw
            stated = item["properties"]["area_m2"]
            assert stated is None or ellipsoidal_area(ground)[0] == pytest.approx(stated, abs=0.01)


def test_texts_in_english_reports_are_english(
    review: Review, en: Particulars, surroundings: MapContext, tmp_path: Path
) -> None:
    path = write(review, surroundings, tmp_path, formats=("pdf",), language="en")["pdf"]
    text = " ".join(" ".join(p.extract_text().split()) for p in PdfReader(path).pages)
    assert "Technical report of the plan review" in text
    assert "Overlaps the ecological red line by" in text
    assert "结论" not in text
