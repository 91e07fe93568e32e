"""Shapefiles: one .shp with its companions, or a .dbf alone; written to a file, folder or ZIP."""

from __future__ import annotations

import codecs
import shutil
import struct
import tempfile
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pyarrow as pa

from minplan.core.errors import InputError, Place
from minplan.core.geometry.corners import Level, Remark
from minplan.core.text import Text
from minplan.formats.drivers import remarks as say
from minplan.formats.drivers.arrow import GEOMETRY, promoted_wkb, wrong_type
from minplan.formats.drivers.dbf import DbfWriter, declared_widths, field_names, fields_of
from minplan.formats.drivers.model import (
    Driver,
    GeometryType,
    LayerStream,
    OpenOptions,
    WriteOptions,
    WriteReport,
)
from minplan.formats.drivers.ogr import Layer, OgrSource, Traits
from minplan.formats.drivers.ogr_write import OGR_TYPES, definition, write_stream
from minplan.formats.drivers.several import files
from minplan.formats.shapefile import companion, sample_encoding, stage

_MAGIC: Final = b"\x00\x00\x27\x0a"
_DBASE: Final = (0x02, 0x03, 0x30, 0x43, 0x83, 0x8B, 0xF5)
_DBF_MINIMUM: Final = 33
#: GDAL hands on each byte as one character; the bytes are then decoded here.
_BYTES: Final = "ISO-8859-1"


# -- reading --------------------------------------------------------------------------------------


@dataclass(slots=True)
class Decoder:
    """Decodes text by the encoding of the file; values that do not fit it by the other one.

    ``remarks`` receives one remark when the file mixes encodings.
    """

    encoding: str
    place: Place
    remarks: list[Remark]
    mixed: bool = False

    def __call__(self, text: str) -> str:
        """The text that the bytes, given as Latin-1 characters, stand for."""
        if text.isascii():
            return text
        raw = text.encode("latin-1")
        if self.encoding == "utf-8" and (cut := _cut_utf8(raw)) is not None:
            return cut
        other = "gb18030" if self.encoding == "utf-8" else "utf-8"
        for encoding in (self.encoding, other):
            try:
                found = raw.decode(encoding)
            except UnicodeDecodeError:
                continue
            if encoding == other:
                self._say(found)
            return found
        self._say(raw.decode(self.encoding, errors="ignore"))
        return raw.decode(self.encoding, errors="replace")

    def _say(self, shown: str) -> None:
        if self.mixed:
            return
        self.mixed = True
        self.remarks.append(
            Remark(
                "E145",
                Level.CONFIRM,
                Text(
                    f"属性表混用编码，不合文件编码的值另行解码，如“{shown}”。",
                    f"The table mixes encodings; values that do not fit are decoded apart: {shown}",
                ),
                fix=Text("请核对这些文字。", "Check these values."),
                place=self.place,
                applied=True,
            )
        )


def _cut_utf8(raw: bytes) -> str | None:
    """UTF-8 text whose last character may be cut by the width of the field, else None."""
    try:
        return codecs.getincrementaldecoder("utf-8")().decode(raw)
    except UnicodeDecodeError:
        return None


def _detect(path: Path, head: bytes) -> bool:
    if head.startswith(_MAGIC):
        return path.suffix.lower() != ".shx"
    alone = path.suffix.lower() == ".dbf" and companion(path, ".shp") is None
    return alone and bool(head) and head[0] in _DBASE


def _open(path: Path, options: OpenOptions) -> OgrSource:
    title = Path(options.name).stem
    if path.suffix.lower() == ".dbf":
        return _source(path, options, title, None)
    _check_length(path, options.name)
    dbf = companion(path, ".dbf")
    complete = (
        path.suffix == ".shp"
        and (index := companion(path, ".shx")) is not None
        and index.suffix == ".shx"
        and dbf is not None
        and dbf.suffix == ".dbf"
        and dbf.stat().st_size >= _DBF_MINIMUM
    )
    if complete:
        return _source(path, options, title, None)
    folder = tempfile.TemporaryDirectory(prefix="minplan-")
    return _source(stage(path, Path(folder.name)), options, title, folder)


def _source(
    path: Path, options: OpenOptions, title: str, folder: tempfile.TemporaryDirectory[str] | None
) -> OgrSource:
    place = Place(file=options.name, layer=title)
    remarks: list[Remark] = []
    dbf = companion(path, ".dbf")
    encoding, evidence = _encoding(path, options)
    decoder = Decoder(encoding, place, remarks)
    widths = {} if dbf is None else declared_widths(dbf)
    if dbf is None and path.suffix.lower() == ".shp":
        remarks.append(_no_table(place))
    elif dbf is not None:
        remarks += _counts(path, dbf, place)
    traits = Traits(
        encoding="GBK" if encoding == "gb18030" else encoding.upper(),
        evidence=evidence,
        gdal_encoding=_BYTES,
        decode=decoder,
        columns={name.decode(encoding, errors="replace"): item for name, item in widths.items()},
        hidden=frozenset() if dbf is not None else frozenset({"FID"}),
    )
    return OgrSource(options, {title: Layer(path, path.stem)}, traits, folder, remarks)


def _encoding(path: Path, options: OpenOptions) -> tuple[str, Text]:
    if options.encoding is not None:
        word = options.encoding.lower()
        return ("gb18030" if word in ("gbk", "gb2312", "936", "cp936") else word), Text(
            "由用户指定", "stated by the user"
        )
    found, guessed = sample_encoding(path)
    if found is None:
        return "gb18030", Text("属性全是英文和数字", "attributes are plain ASCII")
    if guessed:
        return found, Text("由字节判断", "told by the bytes")
    if companion(path, ".cpg") is not None:
        return found, Text("由 .cpg 说明", "declared in the .cpg")
    return found, Text("由 .dbf 文件头说明", "declared in the header of the .dbf")


def _check_length(path: Path, name: str) -> None:
    with path.open("rb") as file:
        header = file.read(100)
    announced = 2 * int.from_bytes(header[24:28], "big")
    size = path.stat().st_size
    if len(header) == 100 and announced <= size:
        return
    raise InputError(
        "E206",
        Text(
            f"{name} 不完整：应有 {announced} 字节，只有 {size} 字节",
            f"{name} is incomplete: {announced} bytes announced, {size} found",
        ),
        place=Place(file=name),
        hint=Text("请重新传输，并附上 .shx、.dbf、.prj", "send it again with .shx, .dbf, .prj"),
    )


def _counts(path: Path, dbf: Path, place: Place) -> list[Remark]:
    """Say when shapes and records differ in number."""
    index = companion(path, ".shx")
    if index is None or path.suffix.lower() == ".dbf":
        return []
    shapes = max(0, index.stat().st_size - 100) // 8
    with dbf.open("rb") as file:
        records = struct.unpack("<I", file.read(32)[4:8])[0]
    if shapes == records:
        return []
    message = Text(
        f"图形 {shapes} 个，属性 {records} 条，数目不符。",
        f"{shapes} shapes, but {records} records of attributes.",
    )
    fix = Text("请核对是否配错文件。", "Check that the files belong together.")
    return [Remark("E235", Level.CONFIRM, message, fix=fix, place=place)]


def _no_table(place: Place) -> Remark:
    message = Text("属性表（.dbf）缺失或为空，只有图形。", "The .dbf is missing or empty.")
    fix = Text("请补上 .dbf。", "Send the .dbf, too.")
    return Remark("E236", Level.CONFIRM, message, fix=fix, place=place)


# -- writing --------------------------------------------------------------------------------------


def _write(path: Path, layers: Iterator[LayerStream], options: WriteOptions) -> WriteReport:
    report = WriteReport()
    target = path
    if path.suffix.lower() == ".zip":
        target = path.with_name(path.name.removesuffix(".zip").removesuffix(".shp") + ".folder")
    for file, stream in files(layers, target, ".shp"):
        _write_layer(file, stream, options.encoding, report)
    if target is not path:
        _zip(target, path)
    return report


def _write_layer(path: Path, stream: LayerStream, encoding: str, report: WriteReport) -> None:
    head = stream.head
    place = Place(file=path.name, layer=head.name)
    if head.geometry_type is GeometryType.MIXED:
        raise wrong_type("Geometry", place)
    names = field_names(head.columns, encoding)
    report.names[head.name] = names
    report.remarks += [say.renamed(old, new, place) for old, new in names.items() if old != new]
    table = path.with_suffix(".dbf.part")
    with DbfWriter(table, fields_of(head.columns, names, encoding, place), encoding, place) as dbf:
        if head.geometry_type is None:
            for batch in stream.batches:
                dbf.write(batch)
        else:
            _write_shapes(path, stream, dbf)
    table.replace(path.with_suffix(".dbf"))
    path.with_suffix(".cpg").write_text(encoding.upper(), "ascii")
    report.counts[head.name] = dbf.count
    report.remarks += [_changed(name, count, place) for name, count in dbf.changed.items() if count]


def _write_shapes(path: Path, stream: LayerStream, dbf: DbfWriter) -> None:
    head = stream.head
    assert head.geometry_type is not None
    schema = pa.schema([pa.field(GEOMETRY, pa.binary())])

    def batches() -> Iterator[pa.RecordBatch]:
        for batch in stream.batches:
            dbf.write(batch)
            array = pa.array(promoted_wkb(batch, path.name), type=pa.binary())
            yield pa.RecordBatch.from_arrays([array], schema=schema)

    write_stream(
        schema,
        batches(),
        path,
        layer=path.stem,
        driver="ESRI Shapefile",
        geometry_name=GEOMETRY,
        geometry_type=OGR_TYPES[head.geometry_type],
        crs=definition(head),
        encoding="UTF-8",
    )


def _changed(name: str, count: int, place: Place) -> Remark:
    message = Text(
        f"字段“{name}”有 {count} 个值按字段小数位数或日期格式写出，略去其余。",
        f"{count} value(s) of {name!r} were written to the decimals or the day of the field.",
    )
    return say.lost(message, Place(place.file, place.layer, None, name))


def _zip(folder: Path, path: Path) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for item in sorted(folder.iterdir()):
            archive.write(item, item.name)
    shutil.rmtree(folder)


DRIVER: Final = Driver(
    "shp",
    Text("Shapefile", "shapefile"),
    (".shp", ".shp.zip", ".zip"),
    _detect,
    _open,
    _write,
)
