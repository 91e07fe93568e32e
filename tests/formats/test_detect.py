"""A file is what its content says, whatever its suffix."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from minplan.core.errors import InputError
from minplan.formats.detect import Kind, detect


@pytest.mark.parametrize(
    ("name", "content", "kind"),
    [
        ("a.dat", b"1 3878239.00 37517896.00\n", Kind.TEXT),
        ("a.txt", "J1,1,北".encode("gbk"), Kind.TEXT),
        ("a.txt", "1 2 3".encode("utf-16"), Kind.TEXT),
        ("a.csv", b"x,y\n1,2\n", Kind.CSV),
        ("a.txt", b'{"type": "FeatureCollection", "features": []}', Kind.GEOJSON),
        ("a.xml", b'<?xml version="1.0"?><kml></kml>', Kind.KML),
        ("a.txt", b"999\nmade by\n  0\r\nSECTION\r\n  2\r\nHEADER\r\n", Kind.DXF),
        ("a.bin", b"\x00\x00\x27\x0a" + b"\0" * 96, Kind.SHAPEFILE),
        ("a.bin", b"SQLite format 3\0" + b"\0" * 84, Kind.GEOPACKAGE),
        ("a.bin", b"fgb\x03fgb\x00", Kind.FLATGEOBUF),
        ("a.bin", b"WMAP`D22\0", Kind.MAPGIS),
        ("a.txt", b"HeadBegin\nDatamark:VCT\n", Kind.VCT),
    ],
)
def test_content_decides(tmp_path: Path, name: str, content: bytes, kind: Kind) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    assert detect(path) is kind


@pytest.mark.parametrize(
    ("name", "member", "kind"),
    [
        ("a.zip", "xl/workbook.xml", Kind.EXCEL),
        ("a.bin", "word/document.xml", Kind.WORD),
        ("a.kmz", "doc.kml", Kind.KML),
        ("a.zip", "a.shp", Kind.ARCHIVE),
    ],
)
def test_zip_containers_are_told_apart(tmp_path: Path, name: str, member: str, kind: Kind) -> None:
    with zipfile.ZipFile(tmp_path / name, "w") as archive:
        archive.writestr(member, b"x")
    assert detect(tmp_path / name) is kind


@pytest.mark.parametrize(
    ("name", "content", "word"),
    [
        ("a.dwg", b"AC1032\0\0", "DXF"),
        ("a.dxf", b"AutoCAD Binary DXF\r\n\x1a\0", "DXF"),
        ("a.wp", b"WMAP9021\0", "Shapefile"),
        ("a.mpj", b"MPJ\0", "Shapefile"),
        ("a.mdb", b"\x00\x01\x00\x00Standard Jet DB", "GDB"),
        ("a.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "xlsx"),
        ("a.rar", b"Rar!\x1a\x07\x00", "ZIP"),
        ("a.pdf", b"%PDF-1.7", "Excel"),
        ("a.dbf", b"\x03\x01", "ZIP"),
        ("a.bin", b"\x01\x00\x02\x00\x03", "Excel"),
    ],
)
def test_other_kinds_are_refused_with_the_way_to_convert(
    tmp_path: Path, name: str, content: bytes, word: str
) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(InputError) as caught:
        detect(path)
    assert caught.value.code == "E161"
    assert caught.value.hint is not None
    assert word in caught.value.hint.zh


def test_an_empty_file_says_so(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes(b" \n")
    with pytest.raises(InputError, match="E202"):
        detect(tmp_path / "a.txt")
