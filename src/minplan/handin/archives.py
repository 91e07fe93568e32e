"""Hand-ins that come as one ZIP archive."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import Final

from minplan.core.standard.load import edition as bundled
from minplan.formats.archive import Budget, member_names, unpack
from minplan.handin import manifest
from minplan.handin.names import document_in, in_folder_tree
from minplan.handin.survey import EDITION, PACKAGE

#: What a hand-in may unpack to.
_BUDGET: Final = (20_000, 64 << 30, 2_000)


@contextmanager
def unpacked(path: Path) -> Iterator[Path]:
    """The folder of a hand-in that is an archive, for as long as it is used; else the path itself.

    The folder has the name of the archive. Archives of layers alone are left as they are: the
    drivers read them.

    Raises InputError E161, E206, E209, E210 for archives that cannot be unpacked.
    """
    if not (path.is_file() and path.suffix.lower() == ".zip" and _is_hand_in(path)):
        yield path
        return
    with tempfile.TemporaryDirectory(prefix="minplan-handin-") as folder:
        into = Path(folder) / path.stem
        into.mkdir()
        unpack(path, into, budget=Budget(*_BUDGET))
        yield into


def _is_hand_in(archive: Path) -> bool:
    """Whether an archive holds more than layers: documents, folders of a hand-in, a package."""
    edition = bundled(EDITION)
    for name in member_names(archive):
        inside = PurePosixPath(name)
        if inside.name in (manifest.NAME, PACKAGE) or document_in(edition, inside):
            return True
        if in_folder_tree(edition, inside):
            return True
    return False
