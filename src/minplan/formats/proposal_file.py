"""Proposals from files: a TOML or JSON file with the declared facts, or a range with attributes."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

from minplan.core.errors import Faults, InputError, MinplanError, Place
from minplan.core.geometry.corners import Level, Remark, decode
from minplan.core.review.missing import field_word
from minplan.core.review.proposal import Action, Proposal, RightKind
from minplan.core.text import Text
from minplan.formats.coordinate_system import parse_system
from minplan.formats.declared import GROUND_KEYS, declared
from minplan.formats.fields import attribute_of
from minplan.formats.proposal_json import (
    polygonal_from_dict,
    polygonal_to_dict,
    proposal_from_dict,
    proposal_to_dict,
)
from minplan.formats.proposal_words import unit_of
from minplan.formats.read import read_input
from minplan.formats.reading import InputBlock, InputOptions, InputReading
from minplan.formats.region import read_region

__all__ = [
    "ProposalReading",
    "is_proposal_file",
    "polygonal_from_dict",
    "polygonal_to_dict",
    "proposal_from_dict",
    "proposal_to_dict",
    "read_proposal",
    "to_proposal",
    "to_proposals",
]

_REQUIRED: Final = {
    "right": [kind.word.zh for kind in RightKind],
    "action": [action.word.zh for action in Action],
}


@dataclass(frozen=True, slots=True)
class ProposalReading:
    """Proposals made from an input, and how the input was read."""

    proposals: tuple[Proposal, ...]
    reading: InputReading


def is_proposal_file(path: Path) -> bool:
    """Whether a file declares a proposal: TOML, or JSON whose top level names no GeoJSON type."""
    if path.suffix.lower() == ".toml":
        return True
    if path.suffix.lower() != ".json":
        return False
    try:
        data = json.loads(path.read_bytes())
    except (ValueError, OSError, RecursionError):
        return False
    return isinstance(data, dict) and "type" not in data and "features" not in data


def read_proposal(
    source: Path | str,
    options: InputOptions | None = None,
    stated: Mapping[str, Any] | None = None,
) -> ProposalReading:
    """Read a proposal file, or any input file with its attributes, as proposals.

    ``stated`` are values from the command line under the names of
    :func:`~minplan.formats.declared.declared`; they beat the file's. A proposal file carries its
    ground inline (``corners``) or names a file beside it (``corners_file``).

    Raises Faults or InputError: E511 unknown key, E512 value not understood, E513 unknown fact or
    attachment, E514 missing, E515 not TOML or JSON, and whatever reading the ground raises.
    """
    options = options or InputOptions()
    path = Path(source) if _is_file(source) else None
    if path is None or not is_proposal_file(path):
        return to_proposals(read_input(source, options), stated or {})
    values, faults = declared(_load(path), Place(file=path.name), ground=True)
    if faults:
        raise faults[0] if len(faults) == 1 else Faults(faults)
    ground: dict[str, Any] = {key: values.pop(key) for key in GROUND_KEYS if key in values}
    area = values.get("stated_area_km2")
    reading = read_input(_ground(ground, path), _ground_options(ground, area, path, options))
    extra, faults = declared(stated or {}, Place())
    if faults:
        raise faults[0] if len(faults) == 1 else Faults(faults)
    return _proposals(reading, {**values, **extra})


def to_proposals(reading: InputReading, stated: Mapping[str, Any]) -> ProposalReading:
    """Make a proposal of every block of a reading; ``stated`` as in :func:`read_proposal`."""
    values, faults = declared(stated, Place())
    if faults:
        raise faults[0] if len(faults) == 1 else Faults(faults)
    return _proposals(reading, values)


def to_proposal(block: InputBlock, values: Mapping[str, Any]) -> tuple[Proposal, InputBlock]:
    """Make a proposal of a block: ``values`` (from ``declared``) beat the block's attributes.

    Returns the proposal and the block with remarks on attributes that could not be understood.
    Raises InputError E514 when the kind of right or the action is not known.
    """
    own = {name: value for name, value in block.attributes.items() if attribute_of(name)}
    found, faults = declared(own, block.place)
    merged = {"name": block.name, **found, **values}
    merged = {key: value for key, value in merged.items() if key not in GROUND_KEYS}
    if block.stated_area and "stated_area_km2" not in merged:
        figure, unit = block.stated_area
        merged["stated_area_km2"] = figure if unit in ("km²", "km2", "平方千米") else ""
    elevation = merged.get("elevation") or block.polygonal.elevation
    for key, words in _REQUIRED.items():
        if key not in merged:
            raise _missing(key, words, block.place)
    proposal = Proposal(
        **{
            **merged,
            "geometry": replace(block.polygonal, elevation=elevation),
            "elevation": elevation,
            "minerals": merged.get("minerals", ()),
        }
    )
    return proposal, replace(block, remarks=(*block.remarks, *map(_remark, faults)))


def _proposals(reading: InputReading, values: Mapping[str, Any]) -> ProposalReading:
    several = len(reading.blocks) > 1 and "name" in values
    made = [
        to_proposal(
            block,
            {**values, "name": f"{values['name']}（{block.name or index}）"} if several else values,
        )
        for index, block in enumerate(reading.blocks, 1)
    ]
    blocks = tuple(block for _, block in made)
    return ProposalReading(tuple(item for item, _ in made), replace(reading, blocks=blocks))


def _missing(key: str, words: Sequence[str], place: Place) -> InputError:
    name, listed = field_word_of(key), "、".join(words)
    return InputError(
        "E514",
        Text(f"没有说明{name.zh}", f"the {name.en} is not stated"),
        place=place,
        hint=Text(f"可填：{listed}", f"one of: {listed}"),
    )


def field_word_of(key: str) -> Text:
    """The name of a required attribute for messages."""
    words = {"right": Text("矿业权类型", "kind of right"), "action": Text("业务类型", "action")}
    return words.get(key) or field_word(key)


def _remark(error: MinplanError) -> Remark:
    message = Text(
        f"{error.message.zh}（字段 {error.place.field}），未采用。",
        f"{error.message.en} (field {error.place.field}); not used.",
    )
    return Remark(error.code, Level.CONFIRM, message, fix=error.hint, place=error.place)


def _is_file(source: Path | str) -> bool:
    try:
        return Path(source).is_file()
    except (OSError, ValueError):
        return False


def _load(path: Path) -> dict[str, Any]:
    try:
        text = decode(path.read_bytes())[0].removeprefix("\ufeff")
        data = tomllib.loads(text) if path.suffix.lower() == ".toml" else json.loads(text)
    except (ValueError, RecursionError) as error:
        raise InputError(
            "E515",
            Text(f"{path.name} 不是有效的 TOML/JSON", f"{path.name} is not valid TOML or JSON"),
            place=Place(file=path.name, row=getattr(error, "lineno", None)),
            hint=Text(
                f"TOML 中的中文键要加引号。读取程序的说明：{error}",
                f"in TOML, keys in Chinese stand in quotes. The reader says: {error}",
            ),
        ) from error
    if not isinstance(data, dict):
        raise InputError(
            "E515",
            Text(f"{path.name} 应为“键 = 值”的表", f"{path.name} should be a table of keys"),
            place=Place(file=path.name),
        )
    return data


def _ground(ground: Mapping[str, Any], path: Path) -> Path | str:
    if "corners" in ground:
        return str(ground["corners"])
    if "corners_file" not in ground:
        raise InputError(
            "E514",
            Text("没有范围坐标", "the ground is not given"),
            place=Place(file=path.name),
            hint=Text(
                "用 corners 写坐标，或用 corners_file 指定文件",
                "write the coordinates as corners, or name a file as corners_file",
            ),
        )
    return path.parent / str(ground["corners_file"])


def _ground_options(
    ground: Mapping[str, Any], area: str | None, path: Path, options: InputOptions
) -> InputOptions:
    """The options of the command line, completed by what the file says of its ground."""
    corners = options.corners
    if "crs" in ground and corners.system is None:
        corners = replace(corners, system=parse_system(str(ground["crs"])))
    if "region" in ground and corners.region is None:
        corners = replace(corners, region=read_region(str(ground["region"]), path.parent))
    if area and corners.stated_area_km2 is None and unit_of(area) is None:
        corners = replace(corners, stated_area_km2=area)
    layer = options.layer or (str(ground["layer"]) if "layer" in ground else None)
    return replace(options, corners=corners, layer=layer)
