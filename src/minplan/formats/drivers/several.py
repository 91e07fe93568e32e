"""Formats that hold one layer a file: one layer, or a folder with a file for each."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from minplan.core.errors import InputError, Place
from minplan.core.text import Text
from minplan.formats.drivers.arrow import unique_name
from minplan.formats.drivers.model import LayerStream

_UNSAFE: Final = re.compile(r'[\\/:*?"<>|\x00-\x1f]')


def one_layer(layers: Iterator[LayerStream], path: Path) -> Iterator[LayerStream]:
    """The only layer of a stream, checked lazily; InputError E220 when there are several."""
    for number, stream in enumerate(layers):
        if number:
            raise InputError(
                "E220",
                Text(f"{path.name} 只能存放一个图层", f"{path.name} can hold one layer only"),
                place=Place(file=path.name, layer=stream.name),
                hint=Text("请逐个图层写出，或写到文件夹", "write layer by layer, or to a folder"),
            )
        yield stream


def files(
    layers: Iterator[LayerStream], path: Path, suffix: str
) -> Iterator[tuple[Path, LayerStream]]:
    """Each layer with the file it is written to.

    ``path`` with ``suffix`` is the file of the only layer; else it is a folder of such files.
    """
    if path.suffix.lower() == suffix:
        for stream in one_layer(layers, path):
            yield path, stream
        return
    path.mkdir()
    taken: list[str] = []
    for stream in layers:
        name = unique_name(safe(stream.name), taken)
        taken.append(name)
        yield path / f"{name}{suffix}", stream


def safe(name: str) -> str:
    """A name that every file system takes."""
    return _UNSAFE.sub("_", name).strip(" .") or "layer"
