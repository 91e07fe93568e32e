"""Archives of strangers are unpacked within limits, and never outside the folder."""

from __future__ import annotations

import contextlib
import io
import stat
import zipfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from minplan.core.errors import InputError, MinplanError
from minplan.formats.archive import Budget, unpack


def zipped(folder: Path, members: dict[str, bytes], name: str = "a.zip") -> Path:
    path = folder / name
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for member, content in members.items():
            archive.writestr(member, content)
    return path


def code(action: object) -> str:
    with pytest.raises(InputError) as caught:
        action()  # type: ignore[operator]
    assert caught.value.place.file or caught.value.hint
    return caught.value.code


def test_members_land_in_the_folder_and_litter_is_left_out(tmp_path: Path) -> None:
    path = zipped(tmp_path, {"范围/a.txt": b"1", "__MACOSX/._a.txt": b"x", "范围/.DS_Store": b"x"})
    out = tmp_path / "out"
    assert unpack(path, out) == (out / "范围" / "a.txt",)


def test_empty_folders_are_kept(tmp_path: Path) -> None:
    """A hand-in without files in 6 专题研究 is not one without that folder."""
    path = zipped(tmp_path, {"成果/6 专题研究/": b"", "成果/a.txt": b"1"})
    assert unpack(path, tmp_path / "out") == (tmp_path / "out/成果/a.txt",)
    assert (tmp_path / "out/成果/6 专题研究").is_dir()


def test_names_in_gbk_are_read(tmp_path: Path) -> None:
    path = zipped(tmp_path, {"aaaa.txt": b"1"})
    raw = path.read_bytes().replace(b"aaaa.txt", "黎城".encode("gbk") + b".txt")
    path.write_bytes(raw)
    assert [item.name for item in unpack(path, tmp_path / "out")] == ["黎城.txt"]


def test_archives_in_archives_are_unpacked(tmp_path: Path) -> None:
    inner = zipped(tmp_path, {"b.txt": b"2"}, "inner.zip").read_bytes()
    path = zipped(tmp_path, {"a.txt": b"1", "inner.zip": inner})
    assert sorted(item.name for item in unpack(path, tmp_path / "out")) == ["a.txt", "b.txt"]


@pytest.mark.parametrize(
    "name", ["../evil.txt", "/etc/evil", "a/../../evil", "C:/evil", "..\\evil"]
)
def test_a_member_that_points_outside_is_refused(tmp_path: Path, name: str) -> None:
    path = zipped(tmp_path, {name: b"x"})
    assert code(lambda: unpack(path, tmp_path / "out")) == "E209"
    assert not (tmp_path / "evil").exists()
    assert not (tmp_path / "evil.txt").exists()


def test_a_link_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    item = zipfile.ZipInfo("link")
    item.external_attr = (stat.S_IFLNK | 0o777) << 16
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(item, "/etc/passwd")
    assert code(lambda: unpack(path, tmp_path / "out")) == "E209"


def test_a_bomb_is_refused(tmp_path: Path) -> None:
    path = zipped(tmp_path, {"zeros.bin": b"\0" * (4 << 20)})
    assert code(lambda: unpack(path, tmp_path / "out")) == "E210"


def test_budgets_count_files_bytes_and_depth(tmp_path: Path) -> None:
    many = zipped(tmp_path, {f"{n}.txt": b"x" for n in range(5)}, "many.zip")
    assert code(lambda: unpack(many, tmp_path / "1", budget=Budget(members=4))) == "E210"
    folders = zipped(tmp_path, {f"{n}/": b"" for n in range(5)}, "folders.zip")
    assert code(lambda: unpack(folders, tmp_path / "4", budget=Budget(members=4))) == "E210"
    big = zipped(tmp_path, {"a.txt": bytes(range(256)) * 8}, "big.zip")
    assert code(lambda: unpack(big, tmp_path / "2", budget=Budget(bytes=1000))) == "E210"
    nested = zipped(tmp_path, {"many.zip": many.read_bytes()}, "nested.zip")
    assert code(lambda: unpack(nested, tmp_path / "3", budget=Budget(depth=0))) == "E210"


def test_a_password_is_named(tmp_path: Path) -> None:
    path = zipped(tmp_path, {"a.txt": b"1"})
    raw = bytearray(path.read_bytes())
    raw[6] |= 1  # the flag of encryption in the local header and in the directory
    raw[raw.index(b"PK\x01\x02") + 8] |= 1
    path.write_bytes(raw)
    assert code(lambda: unpack(path, tmp_path / "out")) == "E161"


GOOD = io.BytesIO()
with zipfile.ZipFile(GOOD, "w", zipfile.ZIP_DEFLATED) as _archive:
    _archive.writestr("范围/a.txt", b"38400000 4000000\n" * 20)
    _archive.writestr("b.txt", b"2")


@settings(max_examples=60, deadline=None)
@given(position=st.integers(0, len(GOOD.getvalue()) - 1), value=st.integers(0, 255))
def test_a_damaged_archive_is_an_input_error(
    tmp_path_factory: pytest.TempPathFactory, position: int, value: int
) -> None:
    folder = tmp_path_factory.mktemp("zip")
    raw = bytearray(GOOD.getvalue())
    raw[position] = value
    (folder / "a.zip").write_bytes(raw)
    with contextlib.suppress(MinplanError):
        unpack(folder / "a.zip", folder / "out")
