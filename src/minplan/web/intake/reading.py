"""Whatever was pasted or uploaded, read: ``POST /cases/read``."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import shapely
from django.http import HttpRequest, HttpResponse, JsonResponse
from shapely.geometry import mapping
from shapely.geometry.base import BaseGeometry

from minplan.core.access import Permission
from minplan.core.errors import Faults, InputError, MinplanError, Place
from minplan.core.geometry.area import areas_by_method, ellipsoidal_area
from minplan.core.geometry.corners import Alternative, CornersRefused, ReadOptions, Remark, choices
from minplan.core.plan.places import county_of
from minplan.core.text import Text
from minplan.formats.declared import declared
from minplan.formats.fields import attribute_of
from minplan.formats.read import read_input
from minplan.formats.reading import InputBlock, InputOptions, InputReading
from minplan.formats.stated import options_from_dict, options_to_dict, system_word
from minplan.web.access import requires
from minplan.web.desk import workspace
from minplan.web.intake.body import body_of, date_of
from minplan.web.intake.plain import plain_values
from minplan.web.uploads import received
from minplan.web.words import said
from minplan.workspace import Desk

#: More blocks than this are a layer, not an application.
_MOST_BLOCKS: Final = 500
_COMPANIONS: Final = frozenset({".shx", ".dbf", ".prj", ".cpg", ".sbn", ".sbx", ".qix", ".xml"})
_MAX_TEXT: Final = 2_000_000


@requires(Permission.REVIEW)
def read(request: HttpRequest) -> HttpResponse:
    """Blocks of a text (JSON ``{text, options}``) or of files (form: ``file``, ``options``).

    Several readings, or none, come as ``refused`` with the remarks and the alternatives.
    """
    today = workspace().desk(date_of({}))
    region = workspace().region(today.plan)
    with _source(request) as (source, stated):
        options = options_from_dict(stated, region)
        try:
            reading = read_input(source, options)
        except CornersRefused as refusal:
            return JsonResponse({"refused": _refused(refusal, options)})
    return JsonResponse(_read(reading, options, today))


@contextmanager
def _source(request: HttpRequest) -> Iterator[tuple[Path | str, Mapping[str, Any]]]:
    if request.content_type == "application/json":
        body = body_of(request)
        text = str(body.get("text") or "")
        if len(text) > _MAX_TEXT:
            raise _too_long(len(text))
        # a text is never a path of the server
        yield f"{text}\n", body.get("options") or {}
        return
    with received(request) as files:
        yield _main(files), json.loads(request.POST.get("options") or "{}")


def _main(files: Sequence[Path]) -> Path:
    """The file to read; a shapefile comes with its companions, and the readers find them."""
    main = [item for item in files if item.suffix.lower() not in _COMPANIONS]
    if len(main) > 1:
        names = "、".join(item.name for item in main[:5])
        raise InputError(
            "E858",
            Text(f"一次收到 {len(main)} 个文件：{names}", f"{len(main)} files came at once"),
            hint=Text(
                "一件申请请只放一个文件（Shapefile 连同附属文件）；多件请压缩为 ZIP，或用批量核查",
                "give one file (a shapefile with its companions) for one case; put several into a"
                " ZIP, or use the batch check",
            ),
        )
    return main[0] if main else files[0]


# -- what is answered -----------------------------------------------------------------------------


def _read(reading: InputReading, options: InputOptions, desk: Desk) -> dict[str, Any]:
    if len(reading.blocks) > _MOST_BLOCKS:
        raise InputError(
            "E859",
            Text(
                f"文件中有 {len(reading.blocks)} 个区块，像是图层而不是申请范围",
                f"the file holds {len(reading.blocks)} blocks: a layer, not an application",
            ),
            place=Place(file=reading.source or None),
            hint=Text("请选出要核查的区块另存后再放入", "save the blocks in question alone"),
        )
    layers = dict.fromkeys(
        block.place.layer for block in reading.blocks if block.place.layer is not None
    )
    return {
        "source": reading.source,
        "kind": reading.kind.value,
        "options": options_to_dict(options),
        "layers": list(layers),
        "remarks": [_remark(item, options) for item in reading.remarks],
        "blocks": [described_block(block, options, desk) for block in reading.blocks],
    }


def described_block(block: InputBlock, options: InputOptions, desk: Desk) -> dict[str, Any]:
    """A block in the language of the request: ground, corners as printed, remarks with fixes."""
    own = {name: value for name, value in block.attributes.items() if attribute_of(name)}
    values, faults = declared(own, block.place)
    elevation = block.polygonal.elevation
    if elevation is not None:
        values.setdefault("elevation", elevation)
    if block.stated_area and block.stated_area[1] in ("km²", "km2", "平方千米"):
        values.setdefault("stated_area_km2", block.stated_area[0])
    county = county_of(desk.plan, block.polygonal)
    reading = block.reading
    return {
        "name": block.name,
        "layer": block.place.layer,
        **shape(block.polygonal.geometry),
        "system": system_word(block.polygonal.edge_system),
        "understanding": said(block.understanding),
        "systems": [said(item.name) for item in block.systems],
        "corners": [
            [item.number, item.part, item.ring, *item.printed, item.lon, item.lat]
            for item in block.corners
        ],
        "remarks": [_remark(item, options) for item in block.remarks],
        "alternatives": [
            _alternative(item, options) for item in (reading.alternatives if reading else ())
        ],
        "areas": {str(key): area for key, area in areas_by_method(block.polygonal).items()},
        "county": county,
        "attributes": plain_values(values),
        "faults": [item for fault in faults for item in describe_here(fault)],
    }


def describe_here(fault: MinplanError) -> list[dict[str, Any]]:
    """A fault of an attribute with the field it is of, in the language of the request."""
    parts = fault.faults if isinstance(fault, Faults) else (fault,)
    return [
        {
            "code": item.code,
            "field": item.place.field,
            "message": said(item.message),
            "hint": said(item.hint) if item.hint else "",
        }
        for item in parts
    ]


def _refused(refusal: CornersRefused, options: InputOptions) -> dict[str, Any]:
    return {
        "code": refusal.code,
        "message": said(refusal.message),
        "options": options_to_dict(options),
        "remarks": [_remark(item, options) for item in refusal.remarks],
        "alternatives": [_alternative(item, options) for item in refusal.alternatives],
    }


def _remark(remark: Remark, options: InputOptions) -> dict[str, Any]:
    return {
        "code": remark.code,
        "level": remark.level.value,
        "message": said(remark.message),
        "fix": said(remark.fix) if remark.fix else "",
        "row": remark.place.row,
        "applied": remark.applied,
        "before": shape(remark.before)["geometry"] if remark.before is not None else None,
        "after": shape(remark.after)["geometry"] if remark.after is not None else None,
        "choices": [
            {
                "label": said(item.label),
                "options": _changed(options, item.options),
                "undoes": item.undoes,
            }
            for item in choices(remark, options.corners)
        ],
    }


def _alternative(item: Alternative, options: InputOptions) -> dict[str, Any]:
    area = item.area_km2 or float(ellipsoidal_area(item.polygonal.geometry)[0]) / 1e6
    return {
        "label": said(item.label),
        "area_km2": area,
        **shape(item.polygonal.geometry),
        "options": _changed(options, item.options),
    }


def _changed(options: InputOptions, corners: ReadOptions) -> dict[str, Any]:
    return options_to_dict(replace(options, corners=corners))


def shape(geometry: BaseGeometry) -> dict[str, Any]:
    """A geometry as GeoJSON in lon/lat with its bounds; corners keep a tenth of a millimetre."""
    found = mapping(shapely.transform(geometry, lambda points: points.round(9)))
    return {"geometry": found, "bounds": list(geometry.bounds)}


def _too_long(length: int) -> InputError:
    return InputError(
        "E921",
        Text(f"粘贴的内容有 {length} 个字符", f"{length} characters were pasted"),
        hint=Text("这么长的内容请用文件上传", "upload contents of this length as a file"),
    )
