"""What a file is, by its content; the suffix only breaks ties between kinds of text."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

from minplan.core.errors import InputError, Place
from minplan.core.text import Term, Text
from minplan.formats.archive import member_names


class Kind(Term):
    """Kinds of files that are read."""

    TEXT = "text", "坐标文本", "coordinate text"
    CSV = "csv", "CSV 表", "CSV table"
    EXCEL = "excel", "Excel 表", "Excel workbook"
    WORD = "word", "Word 文档", "Word document"
    ARCHIVE = "archive", "ZIP 压缩包", "ZIP archive"
    SHAPEFILE = "shapefile", "Shapefile", "shapefile"
    GEOPACKAGE = "geopackage", "GeoPackage", "GeoPackage"
    GEOJSON = "geojson", "GeoJSON", "GeoJSON"
    KML = "kml", "KML/KMZ", "KML/KMZ"
    DXF = "dxf", "DXF 图形", "DXF drawing"
    GEODATABASE = "geodatabase", "文件地理数据库（GDB）", "file geodatabase (GDB)"
    FLATGEOBUF = "flatgeobuf", "FlatGeobuf", "FlatGeobuf"
    VCT = "vct", "VCT 交换文件", "VCT exchange file"
    MAPGIS = "mapgis", "MapGIS 文件", "MapGIS file"


_TO_SHAPEFILE: Final = Text(
    "请在原软件中转换为 Shapefile（连同 .prj 一起压缩）或 GeoPackage",
    "convert it in its own program to a shapefile (zipped, with its .prj) or a GeoPackage",
)
_TO_TEXT: Final = Text(
    "请把拐点坐标复制为文本或 Excel 表", "copy the corner coordinates into a text or Excel file"
)
_TO_ZIP: Final = Text("请解压后改用 ZIP 压缩", "unpack it and compress it again as ZIP")
_TO_DXF: Final = Text(
    "请在 CAD 中“另存为”DXF（ASCII，2000 或更高版本）", "save it in the CAD program as ASCII DXF"
)
_TO_XLSX: Final = Text(
    "请用 Excel 或 WPS 另存为 .xlsx 或 .docx", "save it as .xlsx or .docx in Excel or WPS"
)

# Kinds that are recognised and refused: first bytes, name, how to convert.
_REFUSED_BYTES: Final = (
    (b"AC10", Text("DWG 图形", "a DWG drawing"), _TO_DXF),
    (b"AutoCAD Binary DXF", Text("二进制 DXF", "a binary DXF drawing"), _TO_DXF),
    (b"WMAP", Text("别的版本的 MapGIS 文件", "a MapGIS file of another version"), _TO_SHAPEFILE),
    (
        b"\x00\x01\x00\x00Standard",
        Text("Access 数据库（MDB，个人地理数据库）", "an Access database (MDB)"),
        Text(
            "请在 ArcGIS 中导出为文件地理数据库（GDB）或 Shapefile",
            "export it in ArcGIS to a file geodatabase (GDB) or a shapefile",
        ),
    ),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", Text("旧版 Office 文件", "an old Office file"), _TO_XLSX),
    (b"Rar!\x1a\x07", Text("RAR 压缩包", "a RAR archive"), _TO_ZIP),
    (b"7z\xbc\xaf\x27\x1c", Text("7z 压缩包", "a 7z archive"), _TO_ZIP),
    (b"\x1f\x8b", Text("GZIP 压缩包", "a GZIP archive"), _TO_ZIP),
    (b"%PDF", Text("PDF 文件", "a PDF file"), _TO_TEXT),
    (b"\xff\xd8\xff", Text("JPEG 图片", "a JPEG image"), _TO_TEXT),
    (b"\x89PNG", Text("PNG 图片", "a PNG image"), _TO_TEXT),
    (b"II*\x00", Text("TIFF 图片", "a TIFF image"), _TO_TEXT),
    (b"MM\x00*", Text("TIFF 图片", "a TIFF image"), _TO_TEXT),
)
_REFUSED_SUFFIXES: Final = {
    ".wp": (Text("MapGIS 区文件", "a MapGIS file"), _TO_SHAPEFILE),
    ".wl": (Text("MapGIS 线文件", "a MapGIS file"), _TO_SHAPEFILE),
    ".wt": (Text("MapGIS 点文件", "a MapGIS file"), _TO_SHAPEFILE),
    ".mpj": (Text("MapGIS 工程", "a MapGIS project"), _TO_SHAPEFILE),
    ".mxd": (Text("ArcMap 文档", "an ArcMap document"), _TO_SHAPEFILE),
}
# Parts of a shapefile or geodatabase that mean nothing alone.
_COMPANIONS: Final = {".dbf", ".shx", ".prj", ".cpg", ".sbn", ".sbx", ".gdbtable", ".gdbtablx"}
_DXF_START: Final = re.compile(rb"\A\s*(?:999\r?\n[^\n]*\n\s*)*0\s*\r?\n\s*SECTION", re.IGNORECASE)
_XML_KML: Final = re.compile(rb"<(?:\w+:)?kml\b", re.IGNORECASE)
#: Descriptions by which GDAL would open other files or addresses: never from a stranger.
_INDIRECT: Final = re.compile(
    rb"<OGRVRT|<VRTDataset|gdal_streamed_alg|<OGRWFS|<WFS_|<OGC_", re.IGNORECASE
)
_GEOJSON_TYPE: Final = re.compile(
    r'"type"\s*:\s*"(?:Feature|FeatureCollection|(?:Multi)?(?:Polygon|LineString|Point)'
    r'|GeometryCollection)"'
)
_HEAD: Final = 64 * 1024
_MAPGIS: Final = b"WMAP`D2"


def detect(path: Path) -> Kind:
    """Return the kind of a file or of a geodatabase folder.

    Raises InputError E161 for kinds that are recognised but not read, with the way to convert
    them, and for files that are none of the known kinds; E202 for empty files.
    """
    if path.is_dir():
        return _folder(path)
    with path.open("rb") as file:
        head = file.read(_HEAD)
    suffix = path.suffix.lower()
    if not head.strip():
        raise InputError(
            "E202",
            Text(f"{path.name} 是空文件", f"{path.name} is empty"),
            place=Place(file=path.name),
            hint=Text("请检查是否传输完整", "check that it was sent completely"),
        )
    kind = _exchanged(head)
    if kind is not None:
        return kind
    _refuse(head, suffix, path.name)
    kind = _binary(head, path)
    if kind is None and b"\0" not in head[:1024].removeprefix(b"\xff\xfe").removeprefix(
        b"\xfe\xff"
    ):
        kind = _textual(head, suffix, path.name)
    if kind is None and (head[:2] in (b"\xff\xfe", b"\xfe\xff")):
        kind = Kind.TEXT
    if kind is None:
        raise _unknown(path.name)
    return kind


def _folder(path: Path) -> Kind:
    if any(item.suffix == ".gdbtable" for item in path.iterdir()):
        return Kind.GEODATABASE
    raise InputError(
        "E161",
        Text(f"{path.name} 是文件夹，不是地理数据库", f"{path.name} is a folder, no geodatabase"),
        place=Place(file=path.name),
        hint=Text("请指定其中的文件，或压缩为 ZIP", "name a file in it, or compress it as ZIP"),
    )


def _refuse(head: bytes, suffix: str, name: str) -> None:
    found = next(
        ((word, how) for start, word, how in _REFUSED_BYTES if head.startswith(start)), None
    )
    if found is None:
        found = _REFUSED_SUFFIXES.get(suffix)
    if found is None and suffix in _COMPANIONS:
        found = (
            Text("图形文件的附属文件", "a companion of a shapefile or geodatabase"),
            Text(
                "请把同名的 .shp、.shx、.dbf、.prj（或整个 .gdb 文件夹）一起压缩为 ZIP",
                "compress the .shp, .shx, .dbf and .prj (or the whole .gdb folder) as one ZIP",
            ),
        )
    if found:
        word, how = found
        raise InputError(
            "E161",
            Text(f"{name} 是{word.zh}，不能直接读取", f"{name} is {word.en}, which is not read"),
            place=Place(file=name),
            hint=how,
        )


def _exchanged(head: bytes) -> Kind | None:
    if is_mapgis(head):
        return Kind.MAPGIS
    return Kind.VCT if is_vct(head) else None


def is_mapgis(head: bytes) -> bool:
    """Whether the beginning of a file is that of points, lines or areas of MapGIS 6.x."""
    return head[:7] == _MAPGIS and head[7:8] in (b"1", b"2", b"3")


def is_vct(head: bytes) -> bool:
    """Whether the beginning of a file is that of a VCT exchange file."""
    return head.removeprefix(b"\xef\xbb\xbf").lstrip()[:9].lower() == b"headbegin"


def _binary(head: bytes, path: Path) -> Kind | None:
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _zipped(path)
    if head.startswith(b"SQLite format 3\0"):
        return Kind.GEOPACKAGE
    if head.startswith(b"\x00\x00\x27\x0a"):
        return Kind.SHAPEFILE
    if head.startswith(b"fgb\x03fgb"):
        return Kind.FLATGEOBUF
    return None


def _zipped(path: Path) -> Kind:
    names = member_names(path)
    if "xl/workbook.xml" in names or path.suffix.lower() in (".xlsx", ".xlsm"):
        return Kind.EXCEL
    if "word/document.xml" in names:
        return Kind.WORD
    if path.suffix.lower() == ".kmz":
        return Kind.KML
    return Kind.ARCHIVE


def _textual(head: bytes, suffix: str, name: str) -> Kind:
    if _INDIRECT.search(head):
        raise _unknown(name)
    if is_dxf(head):
        return Kind.DXF
    if is_kml(head):
        return Kind.KML
    if is_geojson(head, suffix):
        return Kind.GEOJSON
    return Kind.CSV if suffix in (".csv", ".tsv") else Kind.TEXT


def is_dxf(head: bytes) -> bool:
    """Whether the beginning of a file is that of an ASCII DXF drawing."""
    return _DXF_START.match(head.removeprefix(b"\xef\xbb\xbf")) is not None


def is_kml(head: bytes) -> bool:
    """Whether the beginning of a file is that of KML, and refers to no other files."""
    return _XML_KML.search(head) is not None and _INDIRECT.search(head) is None


def is_geojson(head: bytes, suffix: str) -> bool:
    """Whether the beginning of a text is that of GeoJSON."""
    text = head.decode("utf-8", errors="replace").removeprefix("\ufeff").lstrip()
    return text.startswith("{") and (suffix == ".geojson" or _GEOJSON_TYPE.search(text) is not None)


def _unknown(name: str) -> InputError:
    return InputError(
        "E161",
        Text(f"{name} 不是认识的文件类型", f"{name} is no known kind of file"),
        place=Place(file=name),
        hint=Text(
            "可用：坐标文本、Excel、CSV、Shapefile（ZIP）、GeoPackage、GeoJSON、KML、DXF、GDB（ZIP）",
            "use corner text, Excel, CSV, GeoPackage, GeoJSON, KML, DXF, a zipped shapefile or GDB",
        ),
    )
