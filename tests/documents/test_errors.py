"""Every file that is no readable plan document gives a clear error, never a crash."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from pathlib import Path

import pypdf
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.documents.making import small_docx, small_pdf

from minplan.core.document.model import PlanDocument
from minplan.core.errors import MinplanError
from minplan.documents import read_document

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def _outcome(path: Path) -> str:
    try:
        document = read_document(path)
    except MinplanError as error:
        return error.code
    return "read" if isinstance(document, PlanDocument) else "nothing"


def _bytes(data: bytes) -> Callable[[Path], None]:
    return lambda path: path.write_bytes(data) and None


def _zip(members: dict[str, str]) -> Callable[[Path], None]:
    def _make(path: Path) -> None:
        with zipfile.ZipFile(path, "w") as archive:
            for name, text in members.items():
                archive.writestr(name, text)

    return _make


def _cut(make: Callable[[Path], Path], share: float) -> Callable[[Path], None]:
    def _make(path: Path) -> None:
        data = make(path).read_bytes()
        path.write_bytes(data[: int(len(data) * share)])

    return _make


def _spoiled_docx(path: Path) -> None:
    """A document whose main part is no XML."""
    whole = small_docx(path.with_name("whole.docx"))
    with zipfile.ZipFile(whole) as source, zipfile.ZipFile(path, "w") as target:
        for item in source.namelist():
            bad = item == "word/document.xml"
            target.writestr(item, b"<w:document" if bad else source.read(item))


def _encrypted_pdf(path: Path) -> None:
    writer = pypdf.PdfWriter(clone_from=small_pdf(path.with_name("whole.pdf")))
    writer.encrypt("geheim", algorithm="RC4-128")
    writer.write(path)


def _scan(path: Path) -> None:
    writer = pypdf.PdfWriter()
    writer.add_blank_page(595, 842)
    writer.add_blank_page(595, 842)
    writer.write(path)


_BROKEN = [
    ("图.png", "E971", _bytes(b"\x89PNG\r\n\x1a\n" + b"\0" * 50)),
    ("包.rar", "E971", _bytes(b"Rar!\x1a\x07\x01\x00")),
    ("表.xlsx", "E971", _zip({"[Content_Types].xml": "<Types>spreadsheetml.sheet.main</Types>"})),
    ("包.zip", "E971", _zip({"甲.txt": "文字"})),
    ("网页.doc", "E971", _bytes(b"<html><body>x</body></html>")),
    ("文.rtf", "E971", _bytes(b"{\\rtf1 x}")),
    ("库.bin", "E971", _bytes(bytes(range(256)) * 20)),
    ("断.docx", "E972", _cut(small_docx, 0.6)),
    ("坏.docx", "E972", _spoiled_docx),
    ("断.pdf", "E972", _bytes(b"%PDF-1.7\n1 0 obj\n<< /Type /Cat")),
    ("半.txt", "E972", _bytes("规划".encode("utf-16")[:-1])),
    ("密.pdf", "E973", _encrypted_pdf),
    ("密.docx", "E973", _bytes(_OLE + b"\0" * 600 + "EncryptedPackage".encode("utf-16-le"))),
    ("扫描.pdf", "E974", _scan),
    ("旧.doc", "E975", _bytes(_OLE + b"\0" * 600 + "WordDocument".encode("utf-16-le"))),
    ("旧.xls", "E971", _bytes(_OLE + b"\0" * 600 + "Workbook".encode("utf-16-le"))),
    ("空.txt", "E976", _bytes(b"")),
    ("空格.md", "E976", _bytes(b" \n\t\r\n")),
    ("空.pdf", "E976", _bytes(b"\0" * 40)),
]


@pytest.mark.parametrize(("name", "code", "make"), _BROKEN, ids=[item[0] for item in _BROKEN])
def test_a_file_that_cannot_be_read_says_why_and_what_to_do(
    tmp_path: Path, name: str, code: str, make: Callable[[Path], None]
) -> None:
    make(tmp_path / name)
    with pytest.raises(MinplanError) as caught:
        read_document(tmp_path / name)
    assert caught.value.code == code
    assert caught.value.place.file == name
    assert caught.value.hint is not None


def test_a_document_without_text_is_empty(tmp_path: Path) -> None:
    import docx

    docx.Document().save(str(tmp_path / "空.docx"))
    with pytest.raises(MinplanError, match="E976"):
        read_document(tmp_path / "空.docx")


def test_a_document_that_unpacks_to_too_much_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("minplan.documents.kind._LARGEST_PART", 1000)
    small_docx(tmp_path / "大.docx")
    with pytest.raises(MinplanError, match="E977"):
        read_document(tmp_path / "大.docx")


def test_a_file_that_is_not_there_is_named_as_it_was_called(tmp_path: Path) -> None:
    with pytest.raises(MinplanError) as caught:
        read_document(tmp_path / "没有.txt", name="上传的文本.txt")
    assert caught.value.code == "E971"
    assert caught.value.place.file == "上传的文本.txt"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-16-le"])
def test_texts_of_all_encodings(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "规划.txt"
    path.write_bytes("第一章 总则\r\n一、目的\r\n为了发展。\r\n".encode(encoding))
    document = read_document(path)
    assert [section.path for section in document.walk()] == ["第一章", "第一章一"]


def test_a_file_is_known_by_its_content_not_its_name(tmp_path: Path) -> None:
    small_docx(tmp_path / "文本.txt")
    assert read_document(tmp_path / "文本.txt").sections[0].title == "总则"
    small_pdf(tmp_path / "文本.docx")
    assert read_document(tmp_path / "文本.docx").pages == 1


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    data=st.binary(max_size=300), start=st.sampled_from([b"", b"%PDF-1.4\n", b"PK\x03\x04", _OLE])
)
def test_no_bytes_crash_the_reading(tmp_path: Path, data: bytes, start: bytes) -> None:
    path = tmp_path / "任意"
    path.write_bytes(start + data)
    assert _outcome(path).startswith(("read", "E97"))


@pytest.mark.parametrize("make", [small_docx, small_pdf])
@settings(
    max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None
)
@given(share=st.floats(0.05, 0.99), at=st.floats(0.05, 0.95))
def test_no_damage_crashes_the_reading(
    tmp_path: Path, make: Callable[[Path], Path], share: float, at: float
) -> None:
    whole = make(tmp_path / "whole").read_bytes()
    spoiled = bytearray(whole[: int(len(whole) * share)])
    spoiled[int(len(spoiled) * at)] ^= 0xFF
    path = tmp_path / "spoiled"
    path.write_bytes(bytes(spoiled))
    assert _outcome(path).startswith(("read", "E97"))
