"""Small documents for tests, made once a run."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.documents.rendering import as_docx, as_pdf

from minplan.core.document.model import PlanDocument
from minplan.documents import read_document

SMALL = """第一章 总则

一、目的

为了合理利用矿产资源，促进矿业发展，特编制本规划。

专栏 1 集中开采区表\t\t\t
编号\t面积（平方公里）\t主要矿种\t所在县
A1\t7.65\t建筑用白云岩\t甲县
\t\t建筑石料用灰岩\t
A2\t3\t建筑石料用灰岩\t
"""


@lru_cache(maxsize=1)
def small() -> PlanDocument:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "规划.txt"
        path.write_text(SMALL, "utf-8")
        return read_document(path)


@lru_cache(maxsize=2)
def _printed(kind: str) -> bytes:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "规划"
        return (as_docx if kind == "docx" else as_pdf)(small(), path).read_bytes()


def small_docx(path: Path) -> Path:
    path.write_bytes(_printed("docx"))
    return path


def small_pdf(path: Path) -> Path:
    path.write_bytes(_printed("pdf"))
    return path
