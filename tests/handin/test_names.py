"""Names by the grammar of the edition, and reading them back."""

from __future__ import annotations

from pathlib import Path, PurePosixPath

import pytest

from minplan.core.standard.load import edition
from minplan.formats.plan_package import load_plan
from minplan.handin.names import Names, clean, document_in, spec_named

EDITION = edition("2021-2025")


@pytest.fixture(scope="module")
def names(package: Path) -> Names:
    return Names(EDITION, load_plan(package).plan)


def test_names_follow_the_grammar(names: Names) -> None:
    assert names.of("root") == "140400长治市2021-2025矿产资源总体规划"
    assert names.of("layer", layer="KAIGHQK") == "1404003KAIGHQK2025"
    assert names.of("database") == "1404003KCZYGH2025"
    assert str(names.folder_of("layers")) == "5 数据库/空间数据"


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("KAIGHQK", "KAIGHQK"),
        ("kaighqk", "KAIGHQK"),
        ("1404003KAIGHQK2025", "KAIGHQK"),
        ("开采规划区块", "KAIGHQK"),
        ("02_集中开采区", "JZKCQ"),
        ("concentrated mining areas", "JZKCQ"),
        ("KAIGHQK_最终版", "KAIGHQK"),
        ("1404003GHZB2025", "GHZB"),
    ],
)
def test_layers_are_known_by_code_name_alias_and_grammar(name: str, code: str) -> None:
    spec = spec_named(EDITION, name)
    assert spec is not None
    assert spec.code == code


def test_an_unknown_name_is_no_layer() -> None:
    assert spec_named(EDITION, "新建文件夹") is None


@pytest.mark.parametrize(
    ("path", "code"),
    [
        ("1 规划文本/文本.docx", "GHWB"),
        ("（一）规划文本/终稿.pdf", "GHWB"),
        ("04附图/图1.pdf", "FT"),
        ("成果/5 数据库/元数据/x.xml", "YSJ"),
        ("140400长治市编制说明.docx", "BZSM"),
        ("3 附表/附表.xlsx", "FB"),
    ],
)
def test_documents_are_known_by_their_folder_or_name(path: str, code: str) -> None:
    document = document_in(EDITION, PurePosixPath(path))
    assert document is not None
    assert document.code == code


@pytest.mark.parametrize(
    "path", ["5 数据库/表格/1404003KCZYGH2025.xlsx", "5 数据库/空间数据/a.gpkg"]
)
def test_what_holds_layers_is_no_document(path: str) -> None:
    assert document_in(EDITION, PurePosixPath(path)) is None


def test_names_are_safe_for_file_systems() -> None:
    assert clean('a/b:c*?"<>|. ') == "a_b_c______"
    assert clean("..") == "_"
