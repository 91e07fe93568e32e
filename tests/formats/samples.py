"""Small files of every format, made by code; the block is 387.5 m × 316.2 m or so in zone 38."""

from __future__ import annotations

import io
import warnings
import zipfile
from pathlib import Path
from typing import Any

import docx
import numpy as np
import openpyxl
import pyogrio.raw
import shapely
from shapely.geometry import Polygon
from shapely.geometry.base import BaseGeometry

#: East, north with the prefix of zone 38, near 黎城县.
CORNERS = (
    (38400100.5, 4040100.25),
    (38400900.5, 4040100.25),
    (38400900.5, 4041000.75),
    (38400100.5, 4041000.75),
)
BLOCK = Polygon(CORNERS)
NEXT = Polygon([(x + 2000, y) for x, y in CORNERS])
AREA_M2 = BLOCK.area
LONLAT = Polygon([(113.1, 36.4), (113.12, 36.4), (113.12, 36.42), (113.1, 36.42)])

ATTRIBUTES = {"名称": "黎城石料矿", "矿种": "建筑石料用灰岩", "生产规模": "100万吨/年"}


def write(
    path: Path,
    geometries: list[BaseGeometry],
    driver: str,
    crs: str | None,
    *,
    attributes: dict[str, str] | None = None,
    kind: str = "Polygon",
    **options: Any,
) -> Path:
    attributes = ATTRIBUTES if attributes is None else attributes
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        pyogrio.raw.write(
            path,
            np.array([shapely.to_wkb(item) for item in geometries], dtype=object),
            [np.array([value] * len(geometries), dtype=object) for value in attributes.values()],
            list(attributes),
            driver=driver,
            crs=crs,
            geometry_type=kind,
            **options,
        )
    return path


def shapefile(folder: Path, crs: str | None = "EPSG:4526", **more: Any) -> Path:
    return write(folder / "范围.shp", [BLOCK], "ESRI Shapefile", crs, encoding="GBK", **more)


def geopackage(folder: Path) -> Path:
    return write(folder / "a.gpkg", [BLOCK], "GPKG", "EPSG:4526")


def geojson(folder: Path) -> Path:
    return write(folder / "a.geojson", [LONLAT], "GeoJSON", "EPSG:4326")


def kml(folder: Path) -> Path:
    return write(folder / "a.kml", [LONLAT], "KML", "EPSG:4326", attributes={"Name": "奥维范围"})


def kmz(folder: Path) -> Path:
    return zipped(folder / "a.kmz", {"doc.kml": kml(folder).read_bytes()})


def flatgeobuf(folder: Path) -> Path:
    return write(folder / "a.fgb", [BLOCK], "FlatGeobuf", "EPSG:4526")


def geodatabase(folder: Path) -> Path:
    return write(folder / "a.gdb", [BLOCK], "OpenFileGDB", "EPSG:4526", kind="MultiPolygon")


def geodatabase_zip(folder: Path, root: str = "a.gdb/") -> Path:
    source = geodatabase(folder)
    members = {f"{root}{item.name}": item.read_bytes() for item in source.iterdir()}
    return zipped(folder / "gdb.zip", members)


def shapefile_zip(folder: Path, *suffixes: str) -> Path:
    shp = shapefile(folder)
    wanted = suffixes or (".shp", ".shx", ".dbf", ".prj", ".cpg")
    members = {
        f"范围/{shp.stem}{suffix}": shp.with_suffix(suffix).read_bytes() for suffix in wanted
    }
    return zipped(folder / "范围.zip", members)


def zipped(path: Path, members: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return path


def polyline(
    corners: tuple[tuple[float, float], ...],
    *,
    layer: str = "范围线",
    closed: bool = True,
    bulge: float = 0.0,
) -> str:
    pairs = [(0, "LWPOLYLINE"), (8, layer), (90, len(corners)), (70, int(closed))]
    for x, y in corners:
        pairs += [(10, x), (20, y)] + ([(42, bulge)] if bulge else [])
    return "".join(f"{code:3}\n{value}\n" for code, value in pairs)


def drawing(path: Path, *entities: str, page: str = "ANSI_936", encoding: str = "utf-8") -> Path:
    named = f"  9\n$DWGCODEPAGE\n  3\n{page}\n" if page else ""
    head = f"  0\nSECTION\n  2\nHEADER\n  9\n$ACADVER\n  1\nAC1021\n{named}  0\nENDSEC\n"
    body = f"  0\nSECTION\n  2\nENTITIES\n{''.join(entities)}  0\nENDSEC\n  0\nEOF\n"
    path.write_bytes((head + body).encode(encoding))
    return path


def dxf(folder: Path) -> Path:
    return drawing(folder / "a.dxf", polyline(CORNERS))


def corner_rows() -> list[list[object]]:
    return [[number, y, x] for number, (x, y) in enumerate(CORNERS, 1)]


def workbook(path: Path, sheets: dict[str, list[list[object]]]) -> Path:
    book = openpyxl.Workbook()
    book.remove(book.active)
    for title, rows in sheets.items():
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(row)
    book.save(path)
    return path


def excel(folder: Path) -> Path:
    rows = [["点号", "X", "Y"], *corner_rows()]
    return workbook(folder / "a.xlsx", {"拐点": rows})


def word(folder: Path) -> Path:
    document = docx.Document()
    document.add_paragraph("矿区范围拐点坐标（2000国家大地坐标系）")
    table = document.add_table(rows=0, cols=3)
    for row in [["点号", "X", "Y"], *corner_rows()]:
        cells = table.add_row().cells
        for cell, value in zip(cells, row, strict=True):
            cell.text = str(value)
    stream = io.BytesIO()
    document.save(stream)
    path = folder / "a.docx"
    path.write_bytes(stream.getvalue())
    return path


def csv(folder: Path) -> Path:
    lines = ["点号,X,Y", *(",".join(str(value) for value in row) for row in corner_rows())]
    path = folder / "a.csv"
    path.write_bytes("\n".join(lines).encode("gbk"))
    return path


def text(folder: Path) -> Path:
    path = folder / "a.txt"
    path.write_bytes("\n".join(" ".join(map(str, row)) for row in corner_rows()).encode("gbk"))
    return path
