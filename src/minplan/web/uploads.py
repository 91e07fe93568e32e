"""Uploads: limited while they arrive, known by content, and unpacked by nobody but the readers."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath, PureWindowsPath
from typing import Any, Final

from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler, StopUpload

from minplan.core.errors import InputError, Place
from minplan.core.text import Text
from minplan.web.configuration import configuration

#: Characters that file systems or shells treat in their own way.
_ODD: Final = re.compile(r'[\x00-\x1f<>:"/\\|?*]+')
#: What programs start with: never an exchange file of anybody.
_PROGRAMS: Final = (b"MZ", b"\x7fELF", b"#!")
_MARK: Final = "minplan_too_large"


class LimitedUploadHandler(FileUploadHandler):
    """Stops reading once an upload is larger than the installation allows."""

    def __init__(self, request: Any = None) -> None:
        super().__init__(request)
        self._left = configuration().upload_mb * 1_000_000

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        """Pass the data on, or stop."""
        self._left -= len(raw_data)
        if self._left < 0:
            setattr(self.request, _MARK, True)
            raise StopUpload(connection_reset=False)
        return raw_data

    def file_complete(self, file_size: int) -> None:
        """The next handler makes the file."""
        return


def refuse_too_large(request: Any) -> None:
    """Raise InputError E921 when an upload of this request was stopped.

    Reading ``request.POST`` or ``request.FILES`` comes first: it is what reads the upload.
    """
    if request.FILES is not None and getattr(request, _MARK, False):
        limit = configuration().upload_mb
        raise InputError(
            "E921",
            Text(f"文件超过 {limit} MB", f"the file is larger than {limit} MB"),
            hint=Text(
                "请拆分，或由管理员在服务器上用 minplan import 或 minplan layers add 入库",
                "split it, or let the administrator take it in on the server with minplan import"
                " or minplan layers add",
            ),
        )


def safe_name(name: str) -> str:
    """The last part of a file name without anything that leads elsewhere."""
    last = PureWindowsPath(PurePosixPath(name).name).name
    return (_ODD.sub("_", last).strip(". ") or "upload")[-120:]


@contextmanager
def received(request: Any, field: str = "file") -> Iterator[list[Path]]:
    """The uploaded files of a request in a folder of their own, for as long as the block runs.

    Raises InputError E921 (too large), E922 (nothing sent), E923 (a program).
    """
    uploads: list[UploadedFile] = request.FILES.getlist(field)
    refuse_too_large(request)
    if not uploads:
        raise InputError("E922", Text("没有收到文件", "no file was sent"), place=Place(field=field))
    with tempfile.TemporaryDirectory(prefix="minplan-upload-") as folder:
        files = []
        for upload in uploads:
            file = Path(folder) / safe_name(upload.name or "")
            with file.open("wb") as target:
                for chunk in upload.chunks():
                    target.write(chunk)
            _refuse_programs(file)
            files.append(file)
        yield files


def _refuse_programs(file: Path) -> None:
    with file.open("rb") as stream:
        start = stream.read(4)
    if any(start.startswith(mark) for mark in _PROGRAMS):
        raise InputError(
            "E923",
            Text("这是程序文件，不是数据", "this is a program, not data"),
            place=Place(file=file.name),
        )
