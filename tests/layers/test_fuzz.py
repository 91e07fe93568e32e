"""Damaged files of every kind: each failure is one of ours, and the library stays as it was."""

from __future__ import annotations

import tempfile
from functools import cache
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from minplan.core.errors import MinplanError
from minplan.layers import LayerLibrary

from .conftest import fields, snapshot

_FILES = {
    "gpkg": ("a.gpkg",),
    "geojson": ("a.geojson",),
    "shp": ("a.shp", "a.shx", "a.dbf", "a.prj"),
    "fgb": ("a.fgb",),
    "parquet": ("a.parquet",),
}


@cache
def original(kind: str) -> dict[str, bytes]:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / _FILES[kind][0]
        if kind == "parquet":
            fields(3).to_parquet(path)
        else:
            fields(3).to_file(path, encoding="GBK" if kind == "shp" else None)
        return {name: (Path(folder) / name).read_bytes() for name in _FILES[kind]}


Mutation = tuple[float, bytes, bool]
mutations = st.lists(
    st.tuples(st.floats(0, 1, exclude_max=True), st.binary(min_size=0, max_size=8), st.booleans()),
    min_size=1,
    max_size=6,
)


def mutated(content: bytes, changes: list[Mutation]) -> bytes:
    """Overwrite, insert or cut off at places given as shares of the file."""
    for share, data, overwrite in changes:
        place = int(share * len(content))
        if not data:
            content = content[:place]
        else:
            content = content[:place] + data + content[place + (len(data) if overwrite else 0) :]
    return content


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("kind", _FILES)
@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(changes=mutations, which=st.integers(0, 3))
def test_damage_is_an_error_with_place_and_hint_or_no_damage(
    kind: str, changes: list[Mutation], which: int
) -> None:
    names = _FILES[kind]
    victim = names[which % len(names)]
    with tempfile.TemporaryDirectory() as folder:
        for name, content in original(kind).items():
            written = mutated(content, changes) if name == victim else content
            (Path(folder) / name).write_bytes(written)
        library = LayerLibrary(Path(folder) / "layers")
        fault = None
        try:
            library.add(Path(folder) / names[0], "farmland", "", None)
        except MinplanError as error:
            fault = error
        if fault is None:
            assert all(item.ok for item in library.verify())
        else:
            assert fault.hint
            assert fault.place.file
            assert snapshot(library.folder) == {}
