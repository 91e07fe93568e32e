"""What is handed in becomes a submission, broken or whole."""

from __future__ import annotations

import json
import shutil
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfWriter
from tests.submissions import LAYER, ROOT, TEXT, WORDS, block, folder, layer

from minplan.core.errors import InputError


@pytest.fixture(autouse=True)
def _tables(tmp_path: Path) -> Iterator[None]:
    from minplan.database import configure, use

    with use(configure(tmp_path / "any.sqlite")):
        yield


def assembled(path: Path, **asked: Any) -> Any:
    from minplan.checking.asked import Asked
    from minplan.checking.assembling import submission

    with submission(path, Asked(**asked)) as found:
        return found


def test_a_folder_is_a_package(tmp_path: Path) -> None:
    found = assembled(folder(tmp_path, block("1", 113.0), text=WORDS))
    assert (found.kind, found.name) == ("package", ROOT)
    assert [(item.spec.code, item.count) for item in found.layers] == [("KAIGHQK", 1)]
    assert [document.name for document in found.documents] == [TEXT.removeprefix(f"{ROOT}/")]
    documents = {item.path: item.document for item in found.files if item.document}
    assert documents == {TEXT.removeprefix(f"{ROOT}/"): "GHWB"}


def test_a_layer_is_loaded_with_its_fields_and_shapes(tmp_path: Path) -> None:
    found = assembled(folder(tmp_path, block("1", 113.0), block("2", 113.1)))
    data = found.layers[0].load()
    assert list(data.values["BSM"]) == ["1", "2"]
    assert data.geometry[1].bounds[0] == pytest.approx(113.1)
    assert list(data.rows) == [1, 2]
    part = found.layers[0].load(fields=["MC"])
    assert set(part.values) == {"MC"}


def test_a_zip_of_a_hand_in_is_a_package_called_after_its_folder(tmp_path: Path) -> None:
    archive = tmp_path / "报送.zip"
    with zipfile.ZipFile(archive, "w") as made:
        made.writestr(LAYER, layer(block("1", 113.0)))
    found = assembled(archive)
    assert (found.kind, found.name) == ("package", ROOT)


def test_a_folder_around_a_hand_in_is_not_its_root(tmp_path: Path) -> None:
    inside = folder(tmp_path / "下载", block("1", 113.0), text=WORDS)
    found = assembled(tmp_path / "下载")
    assert found.name == inside.name == ROOT
    assert found.files == assembled(inside).files


def test_a_hand_in_of_one_folder_is_no_wrapping(tmp_path: Path) -> None:
    root = folder(tmp_path, block("1", 113.0))
    assert [item.name for item in root.iterdir()] == ["5 数据库"]
    assert assembled(root).name == ROOT
    archive = tmp_path / f"{ROOT}.zip"
    with zipfile.ZipFile(archive, "w") as made:
        made.writestr(LAYER.removeprefix(f"{ROOT}/"), layer(block("1", 113.0)))
    found = assembled(archive)
    assert found.name == ROOT
    assert found.layers[0].file.startswith("5 数据库/")


def test_a_single_file_is_a_layer(tmp_path: Path) -> None:
    file = tmp_path / "范围.geojson"
    file.write_text(layer(block("1", 113.0)), encoding="utf-8")
    assert assembled(file).layers[0].spec is None
    assert assembled(file, target="KAIGHQK").layers[0].spec.code == "KAIGHQK"
    assert assembled(file).kind == "layer"


def test_a_text_with_headings_is_a_document(tmp_path: Path) -> None:
    file = tmp_path / "规划文本.txt"
    file.write_text(WORDS, encoding="utf-8")
    found = assembled(file)
    assert (found.kind, len(found.documents), found.layers) == ("document", 1, ())


def test_a_text_of_corners_is_a_layer(tmp_path: Path) -> None:
    rows = "1,4010000.00,38410000.00\n2,4010000.00,38411000.00\n3,4011000.00,38411000.00\n"
    file = tmp_path / "拐点.txt"
    file.write_text(rows, encoding="utf-8")
    assert assembled(file).kind == "layer"


def test_what_is_broken_is_told_and_stops_nothing(tmp_path: Path) -> None:
    root = folder(tmp_path, block("1", 113.0))
    (root / "5 数据库/空间数据/1404003JZKCQ2025.gpkg").write_bytes(b"SQLite format 3\0 broken")
    (root / "1 规划文本").mkdir()
    (root / "1 规划文本/规划文本.docx").write_bytes(b"PK\x03\x04 broken")
    (root / "5 数据库/元数据").mkdir()
    (root / "5 数据库/元数据/元数据.xml").write_text("<metadata>", encoding="utf-8")
    (root / "4 附图").mkdir()
    (root / "4 附图/总图.png").write_bytes(b"\x89PNG\r\n\x1a\n broken")
    (root / "3 附表").mkdir()
    (root / "3 附表/附表.xlsx").write_bytes(b"PK\x03\x04 broken")
    (root / "5 数据库/空间数据/区块.wp").write_bytes(b"\x00" * 100)
    (root / "目录与校验.json").write_text("[" * 100_000, encoding="utf-8")
    found = assembled(root)
    broken = {Path(item.path).name for item in found.files if item.problem}
    assert broken == {
        "1404003JZKCQ2025.gpkg",
        "规划文本.docx",
        "元数据.xml",
        "目录与校验.json",
        "总图.png",
        "附表.xlsx",
        "区块.wp",
    }
    assert [item.spec.code for item in found.layers] == ["KAIGHQK"]


def test_a_scan_of_the_text_is_not_broken(tmp_path: Path) -> None:
    root = folder(tmp_path, block("1", 113.0), text=WORDS)
    pages = PdfWriter()
    pages.add_blank_page(595, 842)
    pages.write(root / "1 规划文本/140400长治市规划文本（盖章扫描）.pdf")
    found = assembled(root)
    assert [item.path for item in found.files if item.problem] == []
    assert [item.name for item in found.documents] == [TEXT.removeprefix(f"{ROOT}/")]


def test_metadata_and_manifest_are_read(tmp_path: Path) -> None:
    root = folder(tmp_path, block("1", 113.0))
    (root / "5 数据库/元数据").mkdir()
    xml = '<metadata><item code="MDLXDW">长治市</item></metadata>'
    (root / "5 数据库/元数据/元数据.xml").write_text(xml, encoding="utf-8")
    told = {
        "kind": "minplan-handin/1",
        "edition": "2021-2025",
        "files": [{"path": "a.txt", "sha256": "0" * 64, "size": 1}],
        "layers": [{"code": "KAIGHQK", "name": "开采规划区块", "count": 3, "files": []}],
    }
    (root / "目录与校验.json").write_text(json.dumps(told), encoding="utf-8")
    found = assembled(root)
    assert found.metadata == {"MDLXDW": "长治市"}
    assert found.manifest == {"a.txt": "0" * 64}
    assert found.stated_counts == {"KAIGHQK": 3}
    assert found.identity is None


def test_a_plan_package_is_its_layers_and_tables(tmp_path: Path) -> None:
    from importlib import resources

    with resources.as_file(resources.files("minplan.demo") / "changzhi" / "plan") as source:
        copy = shutil.copytree(source, tmp_path / "plan")
    found = assembled(Path(copy))
    assert found.identity.region_code == "140400"
    assert {"JZKCQ", "GHZB"} <= {item.spec.code for item in found.layers}


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("无.gpkg", None, "E201"),
        ("空.shp", b"", "E202"),
        ("程序.bin", b"\x7fELF\x02\x01\x01" + b"\x00" * 50, "E161"),
        ("坏.zip", b"PK\x03\x04 broken", "E206"),
    ],
)
def test_what_cannot_be_read_at_all(
    tmp_path: Path, name: str, content: bytes | None, code: str
) -> None:
    file = tmp_path / name
    if content is not None:
        file.write_bytes(content)
    with pytest.raises(InputError) as told:
        assembled(file)
    assert told.value.code == code
    assert told.value.hint


def test_each_file_is_told_before_it_is_read_and_the_work_can_be_stopped(tmp_path: Path) -> None:
    from minplan.checking.asked import Asked
    from minplan.checking.assembling import submission

    class Stopped(Exception):
        pass

    told: list[str] = []

    def reading(name: str) -> None:
        told.append(name)
        if name.endswith(".geojson"):
            raise Stopped

    root = folder(tmp_path, block("1", 113.0), text=WORDS)
    with pytest.raises(Stopped), submission(root, Asked(), reading):
        pass
    assert told == [TEXT.removeprefix(f"{ROOT}/"), LAYER.removeprefix(f"{ROOT}/")]
