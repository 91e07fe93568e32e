"""The driver of VCT files."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from minplan.core.text import Text
from minplan.formats.detect import is_vct
from minplan.formats.drivers.model import Driver, FeatureSource, OpenOptions
from minplan.formats.vct.source import VctSource
from minplan.formats.vct.write import write


def _detect(path: Path, head: bytes) -> bool:
    return is_vct(head)


def _open(path: Path, options: OpenOptions) -> FeatureSource:
    return VctSource(path, options)


DRIVER: Final = Driver(
    "vct",
    Text("VCT 交换文件（GB/T 17798）", "VCT exchange file (GB/T 17798)"),
    (".vct",),
    _detect,
    _open,
    write,
)
