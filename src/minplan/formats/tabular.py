"""Text and tables as blocks, through the reader of corner lists."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from typing import Final

import numpy as np
import shapely
from shapely.errors import ShapelyError

from minplan.core.errors import InputError, Place
from minplan.core.geometry.area import match_stated_area
from minplan.core.geometry.corners import CornerReading, decode, read_corners, read_table
from minplan.core.text import Text
from minplan.formats.detect import Kind
from minplan.formats.features import LayerFeatures
from minplan.formats.reading import InputBlock, InputOptions, placed
from minplan.formats.tables import Piece, Sheet, pieces, sheet_of_csv
from minplan.formats.vector import Source, blocks_of

_WKT: Final = re.compile(
    r"\s*(?:SRID\s*=\s*(?P<srid>\d{4,6})\s*;)?\s*(?P<wkt>(?:MULTI)?(?:POLYGON|LINESTRING)\s*"
    r"(?:Z|M|ZM)?\s*\(.*)",
    re.IGNORECASE | re.DOTALL,
)


def read_text(text: str, name: str, options: InputOptions) -> tuple[InputBlock, ...]:
    """Read pasted text: corners in any dialect, or WKT."""
    if match := _WKT.fullmatch(text):
        return _wkt_blocks(match["wkt"], match["srid"], name, options)
    place = Place(file=name or None)
    with placed(place):
        return _corner_blocks(read_corners(text, options.corners), name, place)


def read_text_file(path: Path, name: str, options: InputOptions) -> tuple[InputBlock, ...]:
    """Read a text file in UTF-8 (with or without mark), UTF-16 or GBK."""
    return read_text(_decoded(path, name), name, options)


def read_csv(path: Path, name: str, options: InputOptions) -> tuple[InputBlock, ...]:
    """Read a CSV table: corners row by row, named blocks, or a WKT column."""
    text = _decoded(path, name)
    sheet = replace(sheet_of_csv(text, name), title=path.stem)
    return tuple(sheet_blocks(sheet, name, options))


def _decoded(path: Path, name: str) -> str:
    with placed(Place(file=name)):
        return decode(path.read_bytes())[0]


def sheet_blocks(sheet: Sheet, name: str, options: InputOptions) -> list[InputBlock]:
    """Read the blocks of one table."""
    found: list[InputBlock] = []
    for piece in pieces(sheet):
        found += piece_blocks(piece, name, options)
    return found


def piece_blocks(piece: Piece, name: str, options: InputOptions) -> tuple[InputBlock, ...]:
    """Read the part of a table that is one block (or one per parcel of it)."""
    place = piece.place if piece.place.file else Place(file=name, layer=piece.sheet.title)
    with placed(place):
        if piece.text is None:
            rows, places = piece.sheet.rows, piece.sheet.places
            blocks = _corner_blocks(read_table(rows, options.corners, places), name, place)
        elif match := _WKT.fullmatch(piece.text):
            blocks = _wkt_blocks(match["wkt"], match["srid"], name, options)
        else:
            blocks = _corner_blocks(read_corners(piece.text, options.corners), name, place)
    return tuple(
        replace(
            block,
            name=block.name if len(blocks) > 1 and block.name else piece.name,
            attributes={**block.attributes, **piece.attributes},
        )
        for block in blocks
    )


def _corner_blocks(reading: CornerReading, name: str, place: Place) -> tuple[InputBlock, ...]:
    """One block of a reading, or one per parcel; remarks go to the first."""
    systems = reading.understanding.systems
    if len(reading.parcels) < 2:
        parcel = reading.parcels[0] if reading.parcels else None
        title = (parcel.name if parcel else "") or Path(name).stem
        return (
            InputBlock(
                name=title,
                polygonal=replace(reading.polygonal, source=name or "文本"),
                understanding=reading.understanding.sentence,
                systems=systems,
                attributes={**reading.attributes, **(parcel.attributes if parcel else {})},
                remarks=reading.remarks,
                place=place,
                corners=reading.corners,
                stated_area=reading.stated_area,
                area_match=reading.area_match,
                reading=reading,
            ),
        )
    blocks = []
    for index, parcel in enumerate(reading.parcels, 1):
        stated = parcel.stated_area
        blocks.append(
            InputBlock(
                name=parcel.name or f"{Path(name).stem} {index}".strip(),
                polygonal=replace(parcel.polygonal, source=f"{name or '文本'} · {index}"),
                understanding=reading.understanding.sentence,
                systems=systems,
                attributes={**reading.attributes, **parcel.attributes},
                remarks=reading.remarks if index == 1 else (),
                place=replace(place, row=parcel.corners[0].place.row if parcel.corners else None),
                corners=parcel.corners,
                stated_area=stated,
                area_match=match_stated_area(parcel.polygonal, *stated) if stated else None,
                reading=reading,
            )
        )
    return tuple(blocks)


def _wkt_blocks(
    wkt: str, srid: str | None, name: str, options: InputOptions
) -> tuple[InputBlock, ...]:
    try:
        shape = shapely.from_wkt(wkt)
    except ShapelyError as error:
        raise InputError(
            "E206",
            Text("WKT 不完整或写错", "the WKT is incomplete or mistyped"),
            place=Place(file=name or None),
            hint=Text(f"读取程序的说明：{error}", f"the reader says: {error}"),
        ) from error
    geometry = np.empty(1, dtype=object)
    geometry[0] = shapely.force_2d(shape)
    features = LayerFeatures(
        layer=Path(name).stem or "WKT",
        crs=f"EPSG:{srid}" if srid else None,
        geometry=geometry,
        rows=(1,),
        attributes=({},),
        had_z=bool(shapely.has_z(shape)),
    )
    return blocks_of(Source(name, Kind.TEXT, features), options)
