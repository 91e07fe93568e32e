"""The library over time: versions, dates, citations, damage, killed builds."""

from __future__ import annotations

import datetime as dt
import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from minplan.core.errors import StoreError
from minplan.layers import AddReport, LayerLibrary

from .conftest import NAME, fields, snapshot

Add = Callable[..., AddReport]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    fields(3).to_file(tmp_path / "a.gpkg")
    return tmp_path / "a.gpkg"


def code_of(action: Callable[[], object]) -> str:
    with pytest.raises(StoreError) as caught:
        action()
    assert caught.value.hint
    return caught.value.code


def test_versions_are_listed_and_the_date_decides(
    file: Path, add: Add, library: LayerLibrary
) -> None:
    old = add(file, effective_from=dt.date(2020, 1, 1), effective_to=dt.date(2022, 12, 31))
    new = add(file, effective_from=dt.date(2023, 1, 1), act="新文件", owner="自然资源局")
    assert [item.ref for item in library.list()] == [old.stored.ref, new.stored.ref]
    assert library.show(NAME).version.act == "新文件"
    assert library.show(old.stored.ref) == old.stored
    assert library.open(NAME, date=dt.date(2021, 5, 1)).version == old.stored.version
    assert library.open(NAME, date=dt.date(2026, 5, 1)).version == new.stored.version
    assert library.open(NAME).version == new.stored.version
    by_hash = library.open(NAME, sha256=old.stored.version.sha256[:10])
    assert by_hash.version == old.stored.version
    assert code_of(lambda: library.open(NAME, date=dt.date(2019, 1, 1))) == "E322"


def test_of_two_versions_of_one_day_the_later_addition_prevails(
    file: Path, add: Add, library: LayerLibrary
) -> None:
    reports = [add(file, source=source) for source in ("甲", "乙", "丙")]
    assert library.open(NAME).version == reports[-1].stored.version


def test_what_is_not_there_is_named(file: Path, add: Add, library: LayerLibrary) -> None:
    add(file)
    assert code_of(lambda: library.show("nature-reserve")) == "E320"
    assert code_of(lambda: library.show(f"{NAME}@ffff")) == "E320"
    assert code_of(lambda: library.open("../workspace")) == "E320"
    assert code_of(lambda: library.verify("nature-reserve")) == "E320"
    add(file, source="另一次")
    assert code_of(lambda: library.remove(NAME)) == "E321"


def test_a_cited_version_stays(file: Path, add: Add, library: LayerLibrary) -> None:
    cited = add(file).stored
    free = add(file, source="另一次").stored
    reviews = library.folder.parent / "reviews"
    reviews.mkdir()
    record = {"layers": [{"name": NAME, "sha256": cited.version.sha256}]}
    (reviews / "2026-0001.json").write_text(json.dumps(record))
    assert code_of(lambda: library.remove(cited.ref)) == "E324"
    assert code_of(lambda: library.remove(free.ref, cited_by=lambda sha256: ["核查1"])) == "E324"
    assert library.remove(free.ref) == free.version.sha256
    assert library.list() == (cited,)


def test_removing_the_last_version_removes_the_name(
    file: Path, add: Add, library: LayerLibrary
) -> None:
    add(file)
    library.remove(NAME)
    assert library.list() == ()
    assert snapshot(library.folder) == {}


def test_verify_finds_a_single_changed_bit(file: Path, add: Add, library: LayerLibrary) -> None:
    path = add(file).stored.path
    assert [item.ok for item in library.verify()] == [True]
    content = path.read_bytes()
    path.chmod(0o644)
    for place in (100, len(content) // 2, len(content) - 1):
        changed = bytearray(content)
        changed[place] ^= 1
        path.write_bytes(changed)
        assert [item.ok for item in library.verify(NAME)] == [False]


def test_a_damaged_file_is_an_error_and_can_be_removed(
    file: Path, add: Add, library: LayerLibrary
) -> None:
    path = add(file).stored.path
    path.chmod(0o644)
    path.write_bytes(path.read_bytes()[:5_000])
    assert code_of(lambda: library.open(NAME)) == "E325"
    assert code_of(library.list) == "E325"
    library.remove(f"{NAME}@{path.stem[:8]}")
    assert library.list() == ()


def test_damage_met_while_reading_is_an_error(file: Path, add: Add, library: LayerLibrary) -> None:
    path = add(file).stored.path
    layer = library.open(NAME)
    layer.close()
    path.chmod(0o644)
    content = path.read_bytes()
    path.write_bytes(content[:4096] + b"\xff" * (len(content) - 4096))
    assert code_of(lambda: layer.candidates((112.0, 36.0, 113.0, 37.0))) == "E325"


def test_a_progress_callback_may_stop_the_work(file: Path, add: Add, library: LayerLibrary) -> None:
    def stop(done: int, total: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        add(file, progress=stop)
    assert snapshot(library.folder) == {}


_KILLED = """
import os, signal, sys
from pathlib import Path
from minplan.layers import LayerLibrary
def die(done, total):
    if done >= int(sys.argv[3]):
        os.kill(os.getpid(), signal.SIGKILL)
LayerLibrary(sys.argv[1]).add(sys.argv[2], "permanent-basic-farmland", "", None, progress=die)
"""


@pytest.mark.skipif(os.name != "posix", reason="SIGKILL is a signal of POSIX systems")
@pytest.mark.parametrize("when", [1, 10, 18], ids=["reading", "writing", "at the end"])
def test_a_killed_build_leaves_the_library_as_it_was(
    when: int, file: Path, add: Add, library: LayerLibrary
) -> None:
    kept = add(file).stored
    before = snapshot(library.folder)
    killed = subprocess.run(
        [sys.executable, "-c", _KILLED, str(library.folder), str(file), str(when)], check=False
    )
    assert killed.returncode == -signal.SIGKILL
    assert library.list() == (kept,)
    assert all(item.ok for item in library.verify())
    # the next addition clears what was left; only then is the folder exactly as before
    assert add(file).already_present
    assert snapshot(library.folder) == before


def test_a_build_at_work_is_not_cleared_away(file: Path, add: Add, library: LayerLibrary) -> None:
    inner: list[AddReport] = []

    def meanwhile(done: int, total: int) -> None:
        if not inner:
            inner.append(add(file, source="同时"))

    outer = add(file, progress=meanwhile)
    assert {item.version.sha256 for item in library.list()} == {
        outer.stored.version.sha256,
        inner[0].stored.version.sha256,
    }
