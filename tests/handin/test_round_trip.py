"""A plan goes out as a hand-in folder and comes back the same."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.handin.making import close, contents, take_in

from minplan.database import Database, configure
from minplan.formats.plan_package import load_plan
from minplan.handin import manifest


@pytest.mark.parametrize("key", ["gdb", "shp", "gpkg", "vct"])
def test_package_database_folder_database(
    package: Path, filled: Path, folders: dict[str, Path], empty: Database, key: str
) -> None:
    before = configure(filled)
    digest, sha256 = contents().digest, contents().snapshot.sha256
    close(before)
    configure(empty.target)
    taken = take_in(folders[key])
    assert taken.changeset is not None
    assert contents().digest == digest
    assert contents().snapshot.sha256 == sha256 == load_plan(package).sha256


@pytest.mark.parametrize("key", ["gdb", "shp", "gpkg", "vct"])
def test_the_manifest_names_what_was_written(folders: dict[str, Path], key: str) -> None:
    told = manifest.read(folders[key])
    assert told is not None
    assert (told["format"], told["edition"], told["as_of"]) == (key, "2021-2025", "2025-01-01")
    assert manifest.changed(told, manifest.files_of(folders[key])) == ()
    assert sum(item["count"] for item in told["layers"]) > 900
    for item in told["layers"]:
        assert all((folders[key] / name).exists() for name in item["files"]), item
