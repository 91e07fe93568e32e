"""Documents to read: the real plan text, and small ones made by the tests."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from minplan.core.document.model import PlanDocument, Table
from minplan.documents import read_document

ROOT = Path(__file__).resolve().parents[2]

Read = Callable[[str], PlanDocument]


@pytest.fixture(scope="session")
def plan_text() -> Path:
    """The plan text kept beside the checkout."""
    path = ROOT.parent / "shared" / "plan" / "changzhi-2021-2025.txt"
    if not path.is_file():
        pytest.skip("the plan text (shared/plan beside the checkout) is absent: nothing to read")
    return path


@pytest.fixture(scope="session")
def plan(plan_text: Path) -> PlanDocument:
    return read_document(plan_text)


@pytest.fixture
def read(tmp_path: Path) -> Read:
    """Read a text as a document."""

    def _read(text: str) -> PlanDocument:
        path = tmp_path / "规划.txt"
        path.write_text(text, "utf-8")
        return read_document(path)

    return _read


def texts(table: Table) -> list[list[str]]:
    """The texts of a table, merged cells marked with ^."""
    return [[("^" if cell.merged else "") + cell.text for cell in row] for row in table.cells]
