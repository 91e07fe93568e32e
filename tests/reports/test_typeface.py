"""The fonts of the package print every character the reports need."""

from __future__ import annotations

import pytest

from minplan.reports.typeface import ReportError, check_glyphs, printable


def test_every_character_of_gb2312_is_printable() -> None:
    characters = set()
    for high in range(0xB0, 0xF8):
        for low in range(0xA1, 0xFF):
            characters.update(bytes((high, low)).decode("gb2312", errors="ignore"))
    assert len(characters) == 6763
    assert {ord(char) for char in characters} <= printable()


@pytest.mark.parametrize(
    "text",
    [
        "①②⑳㎡℃№ⅢⅫ",
        "36°32′10.123″ ≥ ≤ × ± ≈ — … · m² m³",
        "〔示意〕《》“”‘’、。；：？！（）～％〇",
        "✕▲?✓■●○",
        "堎垴圪堽崞峪崮堃喆玥镕淼",
        "沁源县 黎城县 平顺县 壶关县 屯留区 襄垣县 郊区 虒亭 韩洪 漳泽",
    ],
)
def test_signs_and_rare_characters_of_names_are_printable(text: str) -> None:
    check_glyphs([text], place="测试")


def test_the_error_names_character_place_and_text() -> None:
    with pytest.raises(ReportError) as caught:
        check_glyphs(["好", "张𪚥"], place="review.pdf")
    error = caught.value
    assert error.code == "E601"
    assert error.place.file == "review.pdf"
    assert error.place.field == "张𪚥"
    assert "U+2A6A5" in error.message.zh
